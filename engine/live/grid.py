"""Which hours a preview sees: typical days in blocks of hours, as fine as the length of the plan allows.

Extreme days stand for themselves (`engine.typical_periods`), so that sizes hold; storage closes over each typical day.
Blocks of eight hours (night, sun, evening) lose little: docs/live.md has the measured errors.
"""

from __future__ import annotations

from engine.periods import Steps, coarsened, select_periods
from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario

# (typical days besides the extreme ones, hours of a block), finest first.
LADDER = ((8, 2), (8, 4), (8, 8), (4, 8), (2, 8))
# Years x steps that a warm solve takes in some tenths of a second.
MOST_YEAR_STEPS = 420


def preview_steps(scenario: Scenario, profiles: Profiles) -> Steps:
    """The finest steps of the ladder that keep the model small; its last rung where none does."""
    days, hours = LADDER[0]
    hourly = _typical_days(scenario, profiles, days)
    for rung in LADDER:
        if rung[0] != days:
            hourly = _typical_days(scenario, profiles, rung[0])
        days, hours = rung
        if hourly.count // hours * len(hourly.years) <= MOST_YEAR_STEPS:
            break
    return coarsened(hourly, hours)


def _typical_days(scenario: Scenario, profiles: Profiles, days: int) -> Steps:
    time = {"method": "clustered", "clusters": days, "cluster_days": 1, "linked_storage": False}
    return select_periods(scenario.model_copy(update={"time": scenario.time.model_copy(update=time)}), profiles)
