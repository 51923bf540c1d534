"""A plan sized for a few weeks must serve all 8,760 hours: what the dispatch finds missing goes back to the sizing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.scenario.schema import Scenario
from engine.units import DAYS_PER_YEAR, HOURS_PER_DAY

# Energy not served below this share of a year's load is the solver's tolerance.
ADEQUATE_WITHIN_FRAC = 1e-6
MOST_ROUNDS = 4
DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Round:
    """One round of sizing and dispatch.

    Attributes
    ----------
    objective_usd : float
        Of the sizing.
    unserved_mwh : float
        In the dispatch, over all years.
    added_start_day : int or None
        First day of the week that the next round also sees; None in the last round.
    """

    objective_usd: float
    unserved_mwh: float
    added_start_day: int | None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        return asdict(self)


def week_to_add(
    scenario: Scenario, sampled_hourly: pd.DataFrame, hourly: pd.DataFrame, rounds_done: int, added: tuple[int, ...]
) -> int | None:
    """First day of the week whose shortage the sizing did not see; None when nothing is to be added.

    A sizing that sheds load in the hours it sees has chosen to: no further week cures that.
    """
    if scenario.time.method == "full" or rounds_done >= MOST_ROUNDS or not _short(hourly):
        return None
    if _sheds_knowingly(sampled_hourly):
        return None
    day = worst_week(hourly)
    return None if day in added else day


def worst_week(hourly: pd.DataFrame) -> int:
    """First day (from 1) of the seven days with most energy not served, over all years together."""
    by_day = hourly.groupby(hourly["hour"] // HOURS_PER_DAY)["unserved_mw"].sum()
    days = by_day.reindex(range(DAYS_PER_YEAR), fill_value=0.0).to_numpy()
    weeks = np.convolve(days, np.ones(DAYS_PER_WEEK), mode="valid")
    # Of equally bad weeks the one that has the worst day in its middle tells most about its surroundings.
    best = np.flatnonzero(weeks >= weeks.max() * (1 - 1e-9))
    return int(best[len(best) // 2]) + 1


def _short(hourly: pd.DataFrame) -> bool:
    sums = hourly.groupby("year")[["unserved_mw", "load_mw"]].sum()
    return bool((sums["unserved_mw"] > ADEQUATE_WITHIN_FRAC * sums["load_mw"]).any())


def _sheds_knowingly(sampled: pd.DataFrame) -> bool:
    unserved = float((sampled["unserved_mw"] * sampled["weight_h"]).sum())
    required = float((sampled["load_mw"] * sampled["weight_h"]).sum())
    return unserved > ADEQUATE_WITHIN_FRAC * required
