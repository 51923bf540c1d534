"""Measured utilisation of a cluster as a load shape: a trace of days or weeks, made whole and repeated to the year.

Cluster traces are short, lose hours to outages and come in steps of their own; what is done about each is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.profiles.series import missing_column
from engine.profiles.stamps import find_moments
from engine.profiles.table import THE_FILE, Table, count, parse_table, read_text, some
from engine.units import HOURS_PER_DAY, HOURS_PER_WEEK, HOURS_PER_YEAR

# A fleet does not idle to the last machine: few hours of nothing at all are an outage, many are how it runs.
MOST_OUTAGE_FRAC = 0.10
MOST_MISSING_FRAC = 0.25
_RANGE_REMEDY = "give utilisation from 0 to 1 (divide percent by 100, and counts by the total)."


@dataclass(frozen=True)
class Trace:
    """Utilisation hour by hour, without gaps.

    Attributes
    ----------
    values : array (hours,)
        Utilisation of the IT, 0 to 1 [-].
    first : pandas.Timestamp or None
        Beginning of the first hour; None where the file has no dates.
    column : str
        Name in the file.
    rows : int
        Rows of data in the file.
    filled_hours : int
        Hours that were missing or an outage, and were filled.
    notes : tuple of str
        What was done to the file's figures.
    """

    values: Series
    first: pd.Timestamp | None
    column: str
    rows: int
    filled_hours: int
    notes: tuple[str, ...]

    @property
    def repeated_hours(self) -> int:
        """Hours that are repeated to make the year: whole weeks, or whole days of a trace shorter than a week."""
        if len(self.values) >= HOURS_PER_YEAR:
            return HOURS_PER_YEAR
        whole = HOURS_PER_WEEK if len(self.values) >= HOURS_PER_WEEK else HOURS_PER_DAY
        return len(self.values) // whole * whole


def read_trace(path: Path, *, column: str) -> Trace:
    """Read a utilisation column of a CSV file.

    Parameters
    ----------
    path : pathlib.Path
    column : str
        Name in the header; column_1, column_2, ... in a file without one.

    Raises
    ------
    InputError
        Values outside 0 to 1, time out of order, less than a day, or too much missing.
    """
    table = parse_table(read_text(path), name=path.name)
    if column not in table.cells:
        raise InputError(path.name, [missing_column(table, column)])
    return trace_column(table, column=column)


def trace_column(table: Table, *, column: str) -> Trace:
    """Take one utilisation column out of a table (see `read_trace`)."""
    hour_h, first = _clock(table)
    values = table.numbers(column)
    _refuse_outside(table, column, values)
    step_h = float(np.median(np.diff(hour_h))) if len(hour_h) > 1 else 1.0
    hourly = _hourly(hour_h, values, step_h)
    if len(hourly) < HOURS_PER_DAY:
        message = f"holds {count(len(hourly), 'hour')} of utilisation; it needs at least a day, better a week."
        raise InputError(table.name, [Problem(THE_FILE, message)])
    is_outage, missing_notes = _outage(hourly)
    missing = np.isnan(hourly) | is_outage
    if missing.mean() > MOST_MISSING_FRAC:
        message = f"has no utilisation in {missing.sum():,} of {len(hourly):,} hours; at most a quarter can be filled."
        raise InputError(table.name, [Problem(f'column "{column}"', message)])
    filled, fill_notes = _filled(hourly, missing, is_outage)
    trace = Trace(filled, first, column, table.rows, int(missing.sum()), ())
    return replace(trace, notes=(*_step_notes(step_h), *missing_notes, *fill_notes, *_left_out_notes(trace)))


def year_of_trace(trace: Trace, *, first_weekday: int) -> Series:
    """The trace as a year: in step with weekday and hour where the file has dates, else from its first hour on.

    A trace of a year or more is taken by its dates, 29 February dropped; a shorter one repeats whole weeks (whole days
    where it is shorter than a week).

    Parameters
    ----------
    trace : Trace
    first_weekday : int
        Weekday of 1 January of the plan's first year, Monday being 0.

    Returns
    -------
    array (8760,)
        Utilisation [-].
    """
    period_h = trace.repeated_hours
    if period_h == HOURS_PER_YEAR:
        return _year_by_date(trace)
    start_h = 0
    if trace.first is not None:
        # Whole days are a whole number of days apart whatever the weekday: then the hour alone is in step.
        weekdays = first_weekday - trace.first.weekday() if period_h >= HOURS_PER_WEEK else 0
        start_h = (weekdays * HOURS_PER_DAY - trace.first.hour) % period_h
    return trace.values[(start_h + np.arange(HOURS_PER_YEAR)) % period_h]


def repeat_sentence(trace: Trace) -> str:
    """Say how often the trace is repeated; empty for a whole year."""
    period_h = trace.repeated_hours
    if period_h == HOURS_PER_YEAR:
        return ""
    in_step = (
        "" if trace.first is None else ", in step with " + ("the weekday" if period_h >= HOURS_PER_WEEK else "the hour")
    )
    return f"The hourly load repeats {period_h} measured hours {HOURS_PER_YEAR / period_h:.2f} times{in_step}."


def _year_by_date(trace: Trace) -> Series:
    if trace.first is None:
        return trace.values[:HOURS_PER_YEAR]
    at = pd.date_range(trace.first, periods=len(trace.values), freq="h")
    kept = np.flatnonzero(~((at.month == 2) & (at.day == 29)))[:HOURS_PER_YEAR]
    day_1 = pd.Timestamp(year=2001, month=at[kept[0]].month, day=at[kept[0]].day).dayofyear - 1
    return np.roll(trace.values[kept], day_1 * HOURS_PER_DAY + at[kept[0]].hour)


def _clock(table: Table) -> tuple[NDArray[np.float64], pd.Timestamp | None]:
    """Time of each row in hours since the first full hour, and that hour's date where the file has one."""
    found = find_moments(table)
    if found is None:
        return _refuse_disorder(table, _hour_numbers(table)), None
    _, moments = found
    unreadable = np.flatnonzero(moments.isna())
    if len(unreadable):
        rows = some([f"row {table.row_numbers[i]}" for i in unreadable])
        message = f"has no readable time stamp in {rows}; write e.g. 2023-01-31 14:00."
        raise InputError(table.name, [Problem(THE_FILE, message)])
    first = moments[0].floor("h")
    return _refuse_disorder(table, ((moments - first) / pd.Timedelta(hours=1)).to_numpy(dtype=float)), first


def _hour_numbers(table: Table) -> NDArray[np.float64]:
    """Hours counted by a column of that name, else one row an hour."""
    column = next((name for name in table.columns if name.strip().lower() in {"hour", "hour_of_year"}), None)
    numbers = table.numbers(column) if column else np.arange(table.rows, dtype=float)
    return numbers - numbers[0] if np.isfinite(numbers).all() else np.arange(table.rows, dtype=float)


def _refuse_disorder(table: Table, hour_h: NDArray[np.float64]) -> NDArray[np.float64]:
    wrong = np.flatnonzero(np.diff(hour_h) <= 0) + 1
    if len(wrong):
        rows = some([f"row {table.row_numbers[i]}" for i in wrong])
        message = f"has times that stand still or go back at {rows}; sort the rows by time and keep one of each."
        raise InputError(table.name, [Problem(THE_FILE, message)])
    return hour_h


def _refuse_outside(table: Table, column: str, values: Series) -> None:
    outside = np.flatnonzero((values < 0.0) | (values > 1.0))
    if len(outside):
        cells = some([f'"{table.cells[column][i]}" in row {table.row_numbers[i]}' for i in outside])
        message = f"has {count(len(outside), 'value')} outside 0 to 1: {cells}; {_RANGE_REMEDY}"
        raise InputError(table.name, [Problem(f'column "{column}"', message)])


def _hourly(hour_h: NDArray[np.float64], values: Series, step_h: float) -> Series:
    """Means of finer steps, straight lines between coarser ones; NaN in hours without a reading."""
    hours = int(np.floor(hour_h[-1] + max(step_h, 1.0) + 1e-6))
    if step_h > 1.0 + 1e-6:
        return _between_readings(hour_h, values, step_h, hours)
    means = pd.Series(values).groupby(np.floor(hour_h + 1e-6).astype(int)).mean()
    return np.asarray(means.reindex(range(hours)), dtype=np.float64)


def _between_readings(hour_h: NDArray[np.float64], values: Series, step_h: float, hours: int) -> Series:
    at, known = np.arange(hours, dtype=float), np.isfinite(values)
    lines = np.interp(at, hour_h[known], values[known])
    later = np.searchsorted(hour_h[known], at, side="right").clip(1, known.sum() - 1)
    is_gap = np.diff(hour_h[known])[later - 1] > 1.5 * step_h
    return np.where(is_gap & ~np.isin(at, hour_h[known]), np.nan, lines)


def _outage(hourly: Series) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Hours in which nothing ran at all, if they are few."""
    is_zero = hourly == 0.0
    if is_zero.mean() <= MOST_OUTAGE_FRAC:
        return is_zero, ()
    share = f"{is_zero.sum():,} of {len(hourly):,} hours have no work at all"
    return np.zeros_like(is_zero), (f"{share}: too many for an outage, they are taken as measured.",)


def _filled(hourly: Series, missing: NDArray[np.bool_], is_outage: NDArray[np.bool_]) -> tuple[Series, tuple[str, ...]]:
    """Fill from the same hour of other weeks, and where no week has it, along a straight line."""
    if not missing.any():
        return hourly, ()
    place = np.arange(len(hourly))
    known = pd.Series(np.where(missing, np.nan, hourly))
    same_hour = known.groupby(place % HOURS_PER_WEEK).transform("mean").to_numpy(dtype=float)
    lines = np.interp(place, place[~missing], hourly[~missing])
    from_weeks = missing & np.isfinite(same_hour)
    filled = np.where(from_weeks, same_hour, np.where(missing, lines, hourly))
    return filled, (_filled_sentence(len(hourly), is_outage, missing, int(from_weeks.sum())),)


def _filled_sentence(
    hours: int, is_outage: NDArray[np.bool_], missing: NDArray[np.bool_], from_weeks: int
) -> str:  # fmt: skip
    outage, absent = int(is_outage.sum()), int((missing & ~is_outage).sum())
    what = [f"{outage:,} without any work (an outage)"] * bool(outage) + [f"{absent:,} missing"] * bool(absent)
    lines = int(missing.sum()) - from_weeks
    how = ["from the same hour of other weeks"] * bool(from_weeks) + ["along a straight line"] * bool(lines)
    return f"Of {hours:,} hours of utilisation, {' and '.join(what)} were filled {' and '.join(how)}."


def _step_notes(step_h: float) -> tuple[str, ...]:
    if abs(step_h - 1.0) < 1e-6:
        return ()
    if step_h < 1.0:
        return (f"Steps of {60 * step_h:.3g} minutes were averaged to hours.",)
    return (f"Steps of {step_h:.3g} hours were joined by straight lines.",)


def _left_out_notes(trace: Trace) -> tuple[str, ...]:
    """What is beyond the whole weeks is left out, so that weekdays stay in step where the trace begins again."""
    beyond = len(trace.values) - trace.repeated_hours
    if not beyond or len(trace.values) >= HOURS_PER_YEAR:
        return ()
    whole = "weeks" if len(trace.values) >= HOURS_PER_WEEK else "days"
    return (f"The last {count(beyond, 'hour')} beyond whole {whole} are left out, so that {whole} follow on {whole}.",)
