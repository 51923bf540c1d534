"""A plan sized for a few weeks must serve all 8,760 hours: what the dispatch finds missing goes back to the sizing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.scenario.schema import Scenario
from engine.units import DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY

# Energy not served below this share of a year's load is the solver's tolerance.
ADEQUATE_WITHIN_FRAC = 1e-6
MOST_ROUNDS = 4
MOST_WEEKS_A_ROUND = 3
NOTHING_MWH = 1e-6


@dataclass(frozen=True)
class Round:
    """One round of sizing and dispatch.

    Attributes
    ----------
    objective_usd : float
        Of the sizing.
    unserved_mwh : float
        In the dispatch, over all years.
    added_start_days : tuple of int
        First days of the weeks that the next round also sees; none in the last round.
    tightened : tuple of dict
        Yearly limits that the next round's sizing holds at a share of themselves: limit, label, of_limit_frac.
    """

    objective_usd: float
    unserved_mwh: float
    added_start_days: tuple[int, ...]
    tightened: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        return asdict(self)


def trail_words(trail: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the rounds of sizing and dispatch did, a sentence each, from the manifest's `adequacy_trail`."""
    return [_round_words(number, one) for number, one in enumerate(trail, start=1)]


def _round_words(number: int, one: Mapping[str, Any]) -> str:
    unserved_mwh, days = one["unserved_mwh"], one["added_start_days"]
    short = f"{unserved_mwh:,.0f} MWh unserved" if unserved_mwh > NOTHING_MWH else "every hour served"
    cures = []
    if days:
        weeks = "week from day" if len(days) == 1 else "weeks from days"
        cures.append(f"the {weeks} {', '.join(str(day) for day in days)}")
    cures += [f"a {limit['label']} limit of {limit['of_limit_frac']:.1%}" for limit in one.get("tightened", ())]
    follows = f"; the next sizing sees {' and '.join(cures)}" if cures else ""
    return f"Round {number}: {short} in 8,760 h{follows}."


def weeks_to_add(
    scenario: Scenario, sampled_hourly: pd.DataFrame, hourly: pd.DataFrame, rounds_done: int, added: tuple[int, ...]
) -> tuple[int, ...]:
    """First days of the weeks whose shortage the sizing did not see; none when nothing is to be added.

    A sizing that sheds load in the hours it sees has chosen to: no further week cures that.
    """
    if scenario.time.method == "full" or rounds_done >= MOST_ROUNDS or not is_short(hourly):
        return ()
    if sheds_knowingly(sampled_hourly):
        return ()
    return unseen_weeks(scenario, hourly, added)


def unseen_weeks(scenario: Scenario, hourly: pd.DataFrame, added: tuple[int, ...]) -> tuple[int, ...]:
    """First days of the worst weeks of a dispatch that were not added already."""
    aligned = scenario.time.method == "clustered" and scenario.time.cluster_days == DAYS_PER_WEEK
    return tuple(day for day in worst_weeks(hourly, aligned=aligned) if day not in added)


def worst_weeks(hourly: pd.DataFrame, *, aligned: bool = False) -> list[int]:
    """First days (from 1) of the weeks with most energy not served, over all years together, worst first.

    Weeks do not overlap; at most `MOST_WEEKS_A_ROUND`, and none without a shortage. Aligned weeks begin on day
    1, 8, 15, ..., as typical weeks do.
    """
    by_day = hourly.groupby(hourly["hour"] // HOURS_PER_DAY)["unserved_mw"].sum()
    days = by_day.reindex(range(DAYS_PER_YEAR), fill_value=0.0).to_numpy().copy()
    found: list[int] = []
    while days.sum() > NOTHING_MWH and len(found) < MOST_WEEKS_A_ROUND:
        weeks = np.convolve(days, np.ones(DAYS_PER_WEEK), mode="valid")
        if aligned:
            weeks[np.arange(len(weeks)) % DAYS_PER_WEEK != 0] = 0.0
            if weeks.max() <= NOTHING_MWH:
                break  # what remains is short on the last day of the year, which is in no such week
        # Of equally bad weeks the one that has the worst day in its middle tells most about its surroundings.
        best = np.flatnonzero(weeks >= weeks.max() * (1 - 1e-9))
        first = int(best[len(best) // 2])
        found.append(first + 1)
        days[first : first + DAYS_PER_WEEK] = 0.0
    return found


def is_short(hourly: pd.DataFrame) -> bool:
    """Whether a dispatch leaves more unserved in any year than the solver's tolerance."""
    sums = hourly.groupby("year")[["unserved_mw", "load_mw"]].sum()
    return bool((sums["unserved_mw"] > ADEQUATE_WITHIN_FRAC * sums["load_mw"]).any())


def sheds_knowingly(sampled: pd.DataFrame) -> bool:
    """Whether a sizing leaves load unserved in the hours that it sees (its `sampled_hourly` table)."""
    unserved = float((sampled["unserved_mw"] * sampled["weight_h"]).sum())
    required = float((sampled["load_mw"] * sampled["weight_h"]).sum())
    return unserved > ADEQUATE_WITHIN_FRAC * required
