"""Hourly grid prices: flat, from a file, or a made-up day-ahead year that says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.errors import InputError, Problem
from engine.profiles.months import month_of
from engine.profiles.result import Series
from engine.profiles.series import PRICE_RANGE
from engine.scenario.schema import Fuel
from engine.units import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR

SYNTHETIC_MEAN_USD_PER_MWH = 40.0
# Any number does; this one is kept so that the same scenario has the same prices everywhere.
_SEED = 40
_SPIKE_HOURS = 24


@dataclass(frozen=True)
class Price:
    """An hourly price.

    Attributes
    ----------
    usd_per_mwh : array (8760,)
        [USD/MWh].
    made_up : str
        What of it is not measured, in one sentence; empty where nothing is.
    """

    usd_per_mwh: Series
    made_up: str = ""


@dataclass(frozen=True)
class GridPrices:
    """What imports cost and exports earn.

    Attributes
    ----------
    import_usd_per_mwh, export_usd_per_mwh : array (8760,)
        [USD/MWh]; the import price includes the adder.
    made_up : tuple of str
        Sentences on what is not measured.
    """

    import_usd_per_mwh: Series
    export_usd_per_mwh: Series
    made_up: tuple[str, ...]


def as_number(price: float | str) -> float | None:
    """Return a flat price, which YAML may hand over as text, or None for anything else."""
    try:
        return float(price)
    except ValueError:
        return None


def flat_price(usd_per_mwh: float, *, place: str) -> Price:
    """One price for all hours; not a number or beyond any market, it is refused at `place`."""
    if not PRICE_RANGE.least <= usd_per_mwh <= PRICE_RANGE.most:
        message = f"is {usd_per_mwh:g}; it must lie between {PRICE_RANGE.least:,g} and {PRICE_RANGE.most:,g} USD/MWh."
        raise InputError("prices", [Problem(place, message)])
    return Price(np.full(HOURS_PER_YEAR, usd_per_mwh))


def synthetic_price(*, of: str) -> Price:
    """The made-up year, with the sentence that says so; `of` names whose price it is."""
    sentence = (
        f"The hourly price of {of} is synthetic: a made-up day-ahead year with a mean of "
        f"{SYNTHETIC_MEAN_USD_PER_MWH:g} USD/MWh, measured nowhere."
    )
    return Price(synthetic_price_usd_per_mwh(), sentence)


def filled_sentence(filled_hours: int, *, of: str, file: str) -> str:
    """Say how many hours of a price file were filled in at the source; empty for none."""
    if not filled_hours:
        return ""
    return f"{filled_hours:,} of 8,760 hourly prices of {of} ({file}) were filled in at the source, not measured."


def gas_price_multiple(fuel: Fuel) -> Series:
    """Multiple of the year's gas price in each hour, by its month.

    Returns
    -------
    array (8760,)
        [-]
    """
    if fuel.month_multiples is None:
        return np.ones(HOURS_PER_YEAR)
    return np.array(fuel.month_multiples)[month_of(np.arange(HOURS_PER_YEAR))]


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
