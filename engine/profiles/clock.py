"""Which rows of a file are the 8,760 hours of a year, by their time stamps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Problem
from engine.profiles.table import THE_FILE, count, some
from engine.units import HOURS_PER_DAY, HOURS_PER_YEAR

# A typical year is made of months of different years; 2001 lies midway between two leap days.
TYPICAL_YEAR = 2001
HOURS_PER_LEAP_YEAR = HOURS_PER_YEAR + HOURS_PER_DAY
# 29 February in a leap year without stamps: 59 days come before it.
LEAP_DAY = slice(59 * HOURS_PER_DAY, 60 * HOURS_PER_DAY)
_STAMP = "%Y-%m-%d %H:%M"
_LEAP_DAY_NOTE = "29 February was dropped: a year has 8,760 hours here."


@dataclass(frozen=True)
class Placement:
    """Rows that make the year.

    Attributes
    ----------
    rows : array (8760,) of int
        Positions of the rows, in the order of the hours; empty where there are problems.
    year : int
        Calendar year of the stamps; 2001 where there are none, or where the months come from several years.
    notes : tuple of str
        What was left out.
    problems : tuple of Problem
        Why the rows are no year.
    """

    rows: NDArray[np.intp]
    year: int
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def place_without_stamps(rows: int) -> Placement:
    """Take the rows as they come: 8,760, or 8,784 of which 29 February is dropped."""
    positions = np.arange(rows)
    if rows == HOURS_PER_LEAP_YEAR:
        return Placement(np.delete(positions, LEAP_DAY), TYPICAL_YEAR, notes=(_LEAP_DAY_NOTE,))
    if rows == HOURS_PER_YEAR:
        return Placement(positions, TYPICAL_YEAR)
    return _refused([_wrong_length(rows)])


def place_by_hour_numbers(numbers: NDArray[np.float64], row_numbers: NDArray[np.intp]) -> Placement:
    """Take rows that carry the hour of the year, counted from 0 or 1, as they come, after checking the count."""
    first = numbers[0] if len(numbers) else 0.0
    wrong = np.flatnonzero(numbers != first + np.arange(len(numbers)))
    if first not in (0.0, 1.0):
        return _refused([Problem(THE_FILE, f"begins with hour {first:g}; hours count from 0 or from 1.")])
    placed = place_without_stamps(len(numbers))
    if not len(wrong):
        return placed
    rows = [f"row {row_numbers[i]} (hour {numbers[i]:g} where {first + i:g} is due)" for i in wrong]
    message = f"has hours that are missing, doubled or out of order: {some(rows)}; count them 1 to 8,760."
    return _refused([*placed.problems, Problem(THE_FILE, message)])


def place_by_stamps(stamps: pd.DatetimeIndex, row_numbers: NDArray[np.intp]) -> Placement:
    """Put rows on the year by their stamps, each the beginning of its hour in local standard time.

    Parameters
    ----------
    stamps : pandas.DatetimeIndex
        Hour beginnings, without zone; NaT where a row has none.
    row_numbers : array of int
        Row in the file, for messages.
    """
    unreadable = np.flatnonzero(stamps.isna())
    if len(unreadable):
        rows = some([f"row {row_numbers[i]}" for i in unreadable])
        return _refused([Problem(THE_FILE, f"has no readable time stamp in {rows}; write e.g. 2023-01-31 14:00.")])
    hours, is_typical = _in_one_year(stamps)
    is_leap_day = np.asarray((hours.month == 2) & (hours.day == 29))
    kept = np.flatnonzero(~is_leap_day)
    problems = _order_problems(hours[kept], stamps[kept], row_numbers[kept])
    if problems:
        return _refused(problems)
    notes = (_LEAP_DAY_NOTE,) if is_leap_day.any() else ()
    return Placement(kept, TYPICAL_YEAR if is_typical else int(hours.year[0]), notes=notes)


def _in_one_year(stamps: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, bool]:
    """Put stamps of a typical year, whose months come from several years, into one year."""
    is_one_stretch = not len(stamps) or stamps.max() - stamps.min() < pd.Timedelta(days=366)
    if is_one_stretch or len(stamps) > HOURS_PER_LEAP_YEAR:
        return stamps, False
    has_leap_day = bool(((stamps.month == 2) & (stamps.day == 29)).any())
    parts = {"year": TYPICAL_YEAR - 1 if has_leap_day else TYPICAL_YEAR, "month": stamps.month, "day": stamps.day}
    parts |= {"hour": stamps.hour, "minute": stamps.minute}
    return pd.DatetimeIndex(pd.to_datetime(pd.DataFrame(parts))), True


def _order_problems(hours: pd.DatetimeIndex, stamps: pd.DatetimeIndex, row_numbers: NDArray[np.intp]) -> list[Problem]:
    """What keeps stamps from being the hours of one year, from 1 January 00:00 on."""

    def rows(positions: NDArray[np.intp]) -> str:
        return some([f"row {row_numbers[i]} ({stamps[i]:{_STAMP}})" for i in positions])

    problems = [] if len(hours) == HOURS_PER_YEAR else [_wrong_length(len(hours))]
    steps = np.diff(hours.to_numpy())
    step_min = np.median(steps) / np.timedelta64(1, "m") if len(steps) else 60.0
    if 0 < step_min < 60:
        return [*problems, Problem(THE_FILE, f"has steps of {step_min:g} minutes; it needs one row an hour.")]
    if len(hours) > HOURS_PER_LEAP_YEAR:
        return problems
    if len(hours) and (hours[0].month, hours[0].day, hours[0].hour) != (1, 1, 0) and hours.is_monotonic_increasing:
        problems.append(_wrong_beginning(hours[0]))
    repeated = np.flatnonzero(hours.duplicated())
    if len(repeated):
        message = f"has hours twice: {rows(repeated)}; keep one of each (local standard time has no clock change)."
        problems.append(Problem(THE_FILE, message))
    backward = np.flatnonzero(steps < np.timedelta64(0)) + 1
    if len(backward):
        message = f"goes back in time at {rows(backward)}; sort the rows by time."
        problems.append(Problem(THE_FILE, message))
    return problems + _gap_problems(hours)


def _gap_problems(hours: pd.DatetimeIndex) -> list[Problem]:
    """Hours between the first and the last stamp that no row holds."""
    if not len(hours):
        return []
    due = pd.date_range(hours.min(), hours.max(), freq="h")
    missing = due.difference(hours)
    missing = missing[~((missing.month == 2) & (missing.day == 29))]
    if not len(missing):
        return []
    ends = np.flatnonzero(np.diff(missing.to_numpy()) != np.timedelta64(1, "h"))
    firsts, lasts = [0, *(ends + 1)], [*ends, len(missing) - 1]
    gaps = [_stretch(missing[first], missing[last]) for first, last in zip(firsts, lasts, strict=True)]
    message = f"lacks {count(len(missing), 'hour')}: {some(gaps)}; fill them (local standard time has no clock change)."
    return [Problem(THE_FILE, message)]


def _stretch(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return f"{first:{_STAMP}}" if first == last else f"{first:{_STAMP}} to {last:{_STAMP}}"


def _wrong_beginning(first: pd.Timestamp) -> Problem:
    message = f"begins at {first:{_STAMP}}; it must begin with the hour from 1 January 00:00, local standard time"
    if (first.month, first.day, first.hour) == (1, 1, 1):
        message += " (if the stamps mean the hour's end, name their column hour_ending)"
    return Problem(THE_FILE, f"{message}.")


def _wrong_length(rows: int) -> Problem:
    return Problem(THE_FILE, f"has {count(rows, 'row')}; a year needs 8,760, or 8,784 with 29 February.")


def _refused(problems: list[Problem]) -> Placement:
    return Placement(np.empty(0, dtype=np.intp), TYPICAL_YEAR, problems=tuple(problems))
