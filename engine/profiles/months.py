"""Months and weekdays of the plan's 365-day year."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.units import HOURS_PER_DAY

_DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST_DAY_AFTER = np.cumsum(_DAYS_OF_MONTHS)
_SATURDAY = 5


def month_of(hour: NDArray[np.int64]) -> NDArray[np.int64]:
    """Month of each hour of the year, 0 for January."""
    return np.searchsorted(_FIRST_DAY_AFTER, hour // HOURS_PER_DAY, side="right")


def is_weekend(hour: NDArray[np.int64], first_year: int) -> NDArray[np.bool_]:
    """Whether each hour of the year falls on a Saturday or Sunday.

    1 January has the weekday of the plan's first year, in every year of the plan: its hourly prices repeat.
    """
    weekday = (hour // HOURS_PER_DAY + date(first_year, 1, 1).weekday()) % 7
    return weekday >= _SATURDAY
