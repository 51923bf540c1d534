"""Time-of-use prices laid over an hourly price."""

from __future__ import annotations

import numpy as np

from engine.profiles.months import is_weekend, month_of
from engine.profiles.result import Series
from engine.scenario.technologies import PricePeriod
from engine.units import HOURS_PER_DAY, HOURS_PER_YEAR


def with_price_periods(usd_per_mwh: Series, periods: tuple[PricePeriod, ...], first_year: int) -> Series:
    """Lay the price of each period over its hours, later ones over earlier ones.

    Parameters
    ----------
    usd_per_mwh : array (8760,)
        What all other hours keep [USD/MWh].
    first_year : int
        Decides the weekday of 1 January.
    """
    hour = np.arange(HOURS_PER_YEAR)
    month, of_day, weekend = month_of(hour) + 1, hour % HOURS_PER_DAY, is_weekend(hour, first_year)
    days = {"all": np.ones(HOURS_PER_YEAR, dtype=bool), "weekend": weekend, "weekdays": ~weekend}
    price = usd_per_mwh.copy()
    for period in periods:
        here = _within(month, period.first_month, period.last_month) & days[period.days]
        price[here & _within(of_day, period.first_hour, period.last_hour)] = period.usd_per_mwh
    return price


def _within(value: np.ndarray, first: int, last: int) -> np.ndarray:
    """Whether each value lies from first to last, both included; round the end where first is after last."""
    return (first <= value) & (value <= last) if first <= last else (value >= first) | (value <= last)
