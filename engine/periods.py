"""Which hours a stage sees: representative weeks for sizing, the whole year for dispatch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.profiles.result import Profiles, Series
from engine.scenario.schema import CalendarWeek, Scenario, Time
from engine.typical_periods import typical_periods
from engine.units import DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK, HOURS_PER_YEAR

Index = NDArray[np.int64]
LARGEST_FACTOR = 1e6


@dataclass(frozen=True)
class Target:
    """What a scaled sample must reach: the mean of the real hours it stands for, and the year's highest value."""

    mean: float
    peak: float


_Scale = Callable[[Series, Series, Target], Series]


@dataclass(frozen=True)
class Steps:
    """The T time steps that a stage sees of each of its years.

    Attributes
    ----------
    years : tuple of int
        Calendar years (Y of them); all share the same steps.
    hour : array (T,)
        Hour of the year (0-8759) that each step was taken from.
    period : array (T,)
        Representative period of each step.
    day : array (T,)
        Representative day of each step, counted over all periods.
    previous : array (T,)
        The step before; a period's first follows its last.
    dt_h : array (T,)
        Length [h].
    weight_h : array (T,)
        Real hours of a year that the step stands for [h]; sums to 8,760.
    load_mw : array (Y, T)
        Facility load [MW]; its weighted energy is the year's.
    peak_mw, required_mwh : array (Y,)
        Of the year's 8,760 hours [MW], [MWh].
    lowest_mw_by_hour : array (Y, 24)
        Lowest load of the year's 365 days in each hour of the day [MW].
    availability_pu, solar_pu, import_price_usd_per_mwh, export_price_usd_per_mwh : dict of str to array (T,)
        As in `Profiles`, scaled so that weighted means are the year's.
    co2_kg_per_mwh, gas_price_multiple : dict of str to array (T,), array (T,)
        As in `Profiles`, scaled so that weighted means are the year's.
    derate_at_peak_frac : dict of str to array (Y,)
        Heat derate of each thermal technology in the year's peak hour [-].
    sequence : array (N,) or None
        Period that stands for each real period of the year in order, where storage is linked between periods.
    assignment : array (8760,) or None
        Step that stands for each real hour, where one does.
    optimistic : bool
        What several hours make up one step is taken as well as it can be (`coarsened`).
    """

    years: tuple[int, ...]
    hour: Index
    period: Index
    day: Index
    previous: Index
    dt_h: Series
    weight_h: Series
    load_mw: Series
    peak_mw: Series
    required_mwh: Series
    lowest_mw_by_hour: Series
    availability_pu: Mapping[str, Series]
    solar_pu: Mapping[str, Series]
    import_price_usd_per_mwh: Mapping[str, Series]
    export_price_usd_per_mwh: Mapping[str, Series]
    co2_kg_per_mwh: Mapping[str, Series]
    gas_price_multiple: Series
    derate_at_peak_frac: Mapping[str, Series]
    sequence: Index | None = None
    assignment: Index | None = None
    optimistic: bool = False

    @property
    def count(self) -> int:
        """Number of steps, T."""
        return len(self.hour)

    @property
    def real_period_h(self) -> int:
        """Length of a real period of the sequence [h]."""
        return int(self.dt_h[self.period == 0].sum())

    @property
    def first(self) -> NDArray[np.bool_]:
        """Whether a step is the first of its period, array (T,)."""
        return np.diff(self.period, prepend=-1) != 0

    def sequence_table(self) -> pd.DataFrame:
        """One row a real period: first day (from 1) and the period that stands for it."""
        assert self.sequence is not None
        real = np.arange(len(self.sequence))
        start_day = real * self.real_period_h // HOURS_PER_DAY + 1
        return pd.DataFrame({"real_period": real, "start_day": start_day, "period": self.sequence})

    def periods_table(self) -> pd.DataFrame:
        """One row a period: first day (from 1), hours, real hours for each of its hours."""
        frame = pd.DataFrame({"period": self.period, "hour": self.hour, "dt_h": self.dt_h, "weight": self.weight_h})
        table = frame.groupby("period").agg(start=("hour", "first"), hours=("dt_h", "sum"), weight=("weight", "first"))
        table["start_day"] = table.pop("start") // HOURS_PER_DAY + 1
        return table.reset_index()[["period", "start_day", "hours", "weight"]]


def select_periods(scenario: Scenario, profiles: Profiles, added_start_days: tuple[int, ...] = ()) -> Steps:
    """Choose the steps of the sizing by the scenario's method (docs/formulation.md, Time).

    Parameters
    ----------
    added_start_days : tuple of int
        First days of weeks that the dispatch has shown to be missing; each stands for itself alone.
    """
    if scenario.time.method == "full":
        return full_years(profiles, profiles.years)
    if scenario.time.method == "clustered":
        return _clustered(scenario.time, added_start_days, profiles)
    return _calendar(scenario.time.weeks, added_start_days, profiles)


def full_years(profiles: Profiles, years: tuple[int, ...]) -> Steps:
    """All 8,760 hours of the given years, as one period that closes on itself."""
    hour = np.arange(HOURS_PER_YEAR)
    steps = _steps(profiles, years, hour, np.zeros_like(hour), np.ones(HOURS_PER_YEAR))
    return replace(steps, assignment=hour)


def coarsened(steps: Steps, hours: int, *, optimistic: bool = False) -> Steps:
    """The same periods in blocks of several hours, each series averaged: a small model for a first plan.

    Parameters
    ----------
    optimistic : bool
        Make the small model a relaxation of the full one (docs/solving.md): a block's energy costs what it costs in its
        cheapest hour, emits what it emits in its cleanest, sells at its dearest, and only blocks that lie in a window
        whole are held to it.

    Raises
    ------
    ValueError
        The steps do not fill whole blocks.
    """
    blocks, rest = divmod(steps.count, hours)
    if rest:
        raise ValueError(f"{steps.count} steps do not fill blocks of {hours}")

    def of_blocks(values: Series, how: Callable[..., Any] = np.mean) -> Series:
        taken: Series = how(values.reshape(*values.shape[:-1], blocks, hours), axis=-1)
        return taken

    def means(series: Mapping[str, Series]) -> dict[str, Series]:
        return {key: of_blocks(values) for key, values in series.items()}

    def least(series: Mapping[str, Series], how: Callable[..., Any] = np.min) -> dict[str, Series]:
        return {key: of_blocks(values, how if optimistic else np.mean) for key, values in series.items()}

    period = steps.period[::hours]
    return replace(
        steps,
        assignment=None if steps.assignment is None else steps.assignment // hours,
        hour=steps.hour[::hours],
        period=period,
        day=steps.day[::hours],
        previous=_previous(period),
        dt_h=steps.dt_h.reshape(blocks, hours).sum(axis=1),
        weight_h=steps.weight_h.reshape(blocks, hours).sum(axis=1),
        load_mw=of_blocks(steps.load_mw),
        availability_pu=means(steps.availability_pu),
        solar_pu=means(steps.solar_pu),
        import_price_usd_per_mwh=least(steps.import_price_usd_per_mwh),
        export_price_usd_per_mwh=least(steps.export_price_usd_per_mwh, np.max),
        co2_kg_per_mwh=least(steps.co2_kg_per_mwh),
        gas_price_multiple=of_blocks(steps.gas_price_multiple, np.min if optimistic else np.mean),
        optimistic=optimistic,
    )


def _calendar(weeks: tuple[CalendarWeek, ...], added_start_days: tuple[int, ...], profiles: Profiles) -> Steps:
    days = [week.start_day for week in weeks] + list(added_start_days)
    starts = (np.array(days) - 1) * HOURS_PER_DAY
    weights = np.array([week.weight for week in weeks])
    # An added week weighs 1; the others share what remains of the year.
    weights = weights / weights.sum() * (HOURS_PER_YEAR / HOURS_PER_WEEK - len(added_start_days))
    weights = np.concatenate([weights, np.ones(len(added_start_days))])
    hour = (starts[:, None] + np.arange(HOURS_PER_WEEK)).ravel()
    period = np.repeat(np.arange(len(days)), HOURS_PER_WEEK)
    return _steps(profiles, profiles.years, hour, period, np.repeat(weights, HOURS_PER_WEEK), period < len(weeks))


def _clustered(time: Time, added_start_days: tuple[int, ...], profiles: Profiles) -> Steps:
    """Typical days or weeks; those kept as they are weigh one, the others share what remains of the year."""
    hours = time.cluster_days * HOURS_PER_DAY
    last = HOURS_PER_YEAR // hours - 1
    days = (day for start in added_start_days for day in range(start - 1, start - 1 + DAYS_PER_WEEK))
    typical = typical_periods(profiles, time.clusters, hours, {min(day // time.cluster_days, last) for day in days})
    others = ~typical.own
    weights = typical.counts.astype(float)
    weights[others] *= (HOURS_PER_YEAR / hours - typical.own.sum()) / max(float(weights[others].sum()), 1.0)
    hour = (typical.centre[:, None] * hours + np.arange(hours)).ravel()
    period = np.repeat(np.arange(len(weights)), hours)
    weight_h = np.repeat(weights, hours)
    # Where the hour of the highest load stands for itself, the others keep their shape and share what energy is left.
    sees_peak = bool(np.isin(profiles.load_mw.argmax(axis=1), hour[~others[period]]).all())
    load_scale = scale_bounded if sees_peak else scale_load
    steps = _steps(profiles, profiles.years, hour, period, weight_h, others[period], load_scale)
    real_hour = np.arange(HOURS_PER_YEAR)
    assignment = typical.sequence[np.minimum(real_hour // hours, last)] * hours + real_hour % hours
    return replace(steps, assignment=assignment, sequence=typical.sequence if time.linked_storage else None)


def _steps(
    profiles: Profiles,
    years: tuple[int, ...],
    hour: Index,
    period: Index,
    weight_h: Series,
    scaled: NDArray[np.bool_] | None = None,
    load_scale: _Scale | None = None,
) -> Steps:
    """Assemble steps; hours that are `scaled` are fitted to the year's energy, the others taken as they are."""
    load_scale = load_scale or scale_load
    rows = [profiles.years.index(year) for year in years]
    load = profiles.load_mw[rows]
    peak_hour = load.argmax(axis=1)

    def sample(year: Series, scale: _Scale) -> Series:
        return _sample(year, hour, weight_h, scaled, scale)

    def samples(series: Mapping[str, Series], scale: _Scale) -> dict[str, Series]:
        return {key: sample(values, scale) for key, values in series.items()}

    return Steps(
        years=years,
        hour=hour,
        period=period,
        day=_days(period),
        previous=_previous(period),
        dt_h=np.ones(len(hour)),
        weight_h=weight_h,
        load_mw=np.array([sample(year, load_scale) for year in load]),
        peak_mw=load.max(axis=1),
        required_mwh=load.sum(axis=1),
        lowest_mw_by_hour=load.reshape(len(load), -1, HOURS_PER_DAY).min(axis=1),
        availability_pu=samples(profiles.availability_pu, scale_bounded),
        solar_pu=samples(profiles.solar_pu, scale_bounded),
        import_price_usd_per_mwh=samples(profiles.import_price_usd_per_mwh, shift),
        export_price_usd_per_mwh=samples(profiles.export_price_usd_per_mwh, shift),
        co2_kg_per_mwh=samples(profiles.co2_kg_per_mwh, scale_bounded),
        gas_price_multiple=sample(profiles.gas_price_multiple, scale_bounded),
        derate_at_peak_frac={key: derate[peak_hour] for key, derate in profiles.derate_frac.items()},
    )


def _sample(year: Series, hour: Index, weight_h: Series, scaled: NDArray[np.bool_] | None, scale: _Scale) -> Series:
    """Take hours from a year; those that are scaled make up what the others leave of the year's energy."""
    sample = year[hour]
    if scaled is None or not scaled.any():
        return sample
    rest = (year.sum() - sample[~scaled] @ weight_h[~scaled]) / weight_h[scaled].sum()
    sample[scaled] = scale(sample[scaled], weight_h[scaled], Target(float(rest), float(year.max())))
    return sample


def _days(period: Index) -> Index:
    """Number the days of all periods through."""
    first = np.flatnonzero(np.diff(period, prepend=-1))
    hour_of_period = np.arange(len(period)) - first[period]
    return np.cumsum(hour_of_period % HOURS_PER_DAY == 0) - 1


def _previous(period: Index) -> Index:
    previous = np.arange(len(period)) - 1
    first = np.flatnonzero(np.diff(period, prepend=-1))
    last = np.append(first[1:], len(period)) - 1
    previous[first] = last
    return previous


def scale_load(sample: Series, weight_h: Series, target: Target) -> Series:
    """Affine map of a load sample: its weighted mean becomes the target's, its highest hour the year's peak.

    Where that map would go below zero (a sample with much deeper valleys than the year), the sample is
    scaled in proportion and capped at the peak instead, which carries the same energy.
    """
    mean, peak = float(np.average(sample, weights=weight_h)), float(sample.max())
    if np.isclose(mean, peak):
        return np.full_like(sample, target.mean)
    slope = (target.peak - target.mean) / (peak - mean)
    mapped: Series = target.peak + slope * (sample - peak)
    return mapped if mapped.min() >= 0 else scale_bounded(sample, weight_h, target)


def scale_bounded(sample: Series, weight_h: Series, target: Target) -> Series:
    """Scale a non-negative sample so that its weighted mean is the target's, capped at the year's highest value."""

    def scaled(factor: float) -> Series:
        return np.minimum(sample * factor, target.peak)

    def short(factor: float) -> bool:
        return bool(np.average(scaled(factor), weights=weight_h) < target.mean * (1 - 1e-12))

    if not np.average(sample, weights=weight_h) > 0:
        return np.full_like(sample, target.mean)
    low, high = 0.0, 1.0
    while short(high) and high < LARGEST_FACTOR:
        high *= 2.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if short(middle) else (low, middle)
    return scaled(high)


def shift(sample: Series, weight_h: Series, target: Target) -> Series:
    """Shift a price sample so that its weighted mean is the target's (prices may be negative: no factor)."""
    shifted: Series = sample + (target.mean - np.average(sample, weights=weight_h))
    return shifted
