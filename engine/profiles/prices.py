"""Hourly grid prices: flat, from a file, or a made-up day-ahead year that says so."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.profiles.result import Series
from engine.units import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR

SYNTHETIC_MEAN_USD_PER_MWH = 40.0
# Any number does; this one is kept so that the same scenario has the same prices everywhere.
_SEED = 40
_SPIKE_HOURS = 24


@lru_cache(maxsize=1)
def synthetic_price_usd_per_mwh() -> Series:
    """A made-up day-ahead price year; the same hours every time.

    Morning and evening peaks, cheap weekends (1 January is a Monday), dear summers and winters, a midday dip that
    reaches some 0 USD/MWh on spring days, a few spikes on summer evenings and winter mornings, never negative,
    scaled to a mean of 40 USD/MWh. It resembles a market with much sun; it is measured nowhere.

    Returns
    -------
    array (8760,)
        [USD/MWh], read-only.
    """
    random = np.random.default_rng(_SEED)
    hour = np.arange(HOURS_PER_YEAR, dtype=float)
    price = _daily_pattern(hour) * _season_and_week(hour) * random.uniform(0.88, 1.12, HOURS_PER_YEAR)
    price = np.maximum(price - _midday_dip(hour, random), 0.5)
    price = _with_spikes(price, hour, random)
    price *= SYNTHETIC_MEAN_USD_PER_MWH / price.mean()
    price.setflags(write=False)
    return price


def _daily_pattern(hour: Series) -> Series:
    """Base price with a morning peak at 7-8 h and a higher evening peak at 19 h."""
    return 27.0 + 12.0 * _bump(hour, centre_h=7.5, width_h=1.8) + 28.0 * _bump(hour, centre_h=19.0, width_h=2.2)


def _bump(hour: Series, *, centre_h: float, width_h: float) -> Series:
    """Bell over the hour of day, 1 at its centre."""
    distance = (hour % HOURS_PER_DAY - centre_h + 12.0) % HOURS_PER_DAY - 12.0
    return np.exp(-0.5 * (distance / width_h) ** 2)


def _season_and_week(hour: Series) -> Series:
    """Highest in mid July and mid January, lowest in spring and autumn; weekends 15 % below weekdays."""
    day = hour // HOURS_PER_DAY
    season = 1.0 + 0.15 * np.cos(4.0 * np.pi * (day - 15) / DAYS_PER_YEAR)
    season += 0.10 * np.cos(2.0 * np.pi * (day - 200) / DAYS_PER_YEAR)
    return season * np.where(day % 7 >= 5, 0.85, 1.0)


def _midday_dip(hour: Series, random: np.random.Generator) -> Series:
    """What the sun takes off at midday [USD/MWh]: most in mid April, by a sunniness drawn for each day."""
    day = hour // HOURS_PER_DAY
    sunniness = np.repeat(random.uniform(0.2, 1.0, DAYS_PER_YEAR), HOURS_PER_DAY)
    season = 16.0 + 12.0 * np.cos(2.0 * np.pi * (day - 105) / DAYS_PER_YEAR)
    return sunniness * season * _bump(hour, centre_h=12.5, width_h=2.5)


def _with_spikes(price: Series, hour: Series, random: np.random.Generator) -> Series:
    """Raise some summer evenings (18-20 h, June to August) and winter mornings (7-8 h, January) to scarcity prices."""
    day, hour_of_day = hour // HOURS_PER_DAY, hour % HOURS_PER_DAY
    evenings = (day >= 151) & (day < 243) & (hour_of_day >= 18) & (hour_of_day <= 20)
    mornings = (day < 31) & (hour_of_day >= 7) & (hour_of_day <= 8)
    chosen = random.choice(np.flatnonzero(evenings | mornings), size=_SPIKE_HOURS, replace=False)
    price = price.copy()
    price[chosen] *= random.uniform(3.0, 9.0, _SPIKE_HOURS)
    return price
