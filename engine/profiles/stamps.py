"""Finding the time stamps of a CSV table, in the forms in which planners have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from engine.errors import InputError, Problem
from engine.profiles.clock import Placement, place_by_hour_numbers, place_by_stamps, place_without_stamps
from engine.profiles.table import DATE, Table

StampMeaning = Literal["auto", "hour_beginning", "half_hour", "hour_ending"]

_FORMATS = (
    "ISO8601",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
)
_DATE_NAMES = {"date", "day_date", "delivery_date", "oper_date", "operating_date"}
_HOUR_NAMES = {"hour", "time", "he", "hb", "hour_ending", "hour_beginning"}
# An offset behind a clock time; a date alone (31-01-2023) ends alike.
_ZONE = re.compile(r"(:\d{2}(?:\.\d+)?)\s*(Z|[+-]\d{2}:?\d{2})\s*$")
_TIME_NAME = re.compile(r"(^|_)(time|date|datetime|timestamp|stamp)(_|$)")
_MIDNIGHT_24 = re.compile(r"\b24:00(?::00)?")


@dataclass(frozen=True)
class Stamps:
    """The rows of a table on the year, and which columns told so.

    Attributes
    ----------
    placement : Placement
    columns : tuple of str
        Columns that hold time.
    meaning : str
        "hour_beginning", "half_hour" or "hour_ending", as read or as told.
    labels : tuple of str
        Time of each row as written, for messages; empty texts without stamps.
    """

    placement: Placement
    columns: tuple[str, ...]
    meaning: str
    labels: tuple[str, ...]

    def row_name(self, table: Table, position: int) -> str:
        """Name a row in messages: `row 18 (2023-01-01 16:00)`."""
        label = self.labels[position]
        return f"row {table.row_numbers[position]} ({label})" if label else f"row {table.row_numbers[position]}"


def read_stamps(table: Table, *, meaning: StampMeaning = "auto") -> Stamps:
    """Find the time columns of a table and put its rows on the year.

    Understood are year, month, day, hour (or hour_ending) and minute in columns of their own; a date with an hour; a
    date and time in one column; the hour of the year counted from 0 or 1; and none, when the rows are taken in order.

    Parameters
    ----------
    table : Table
    meaning : str
        What a stamp means; auto reads it from the column's name (hour_ending), from hours that run to 24, and from
        minutes (30: the half hour).

    Raises
    ------
    InputError
        Stamps in UTC or with a changing offset. (Gaps and disorder are in `placement.problems`.)
    """
    found = find_moments(table)
    if found is None:
        return _from_hour_numbers(table, {_plain(column): column for column in table.columns})
    columns, moments = found
    if meaning == "auto":
        meaning = _meaning(columns, moments)
    hours = _hour_beginnings(moments, meaning)
    labels = tuple(" ".join(parts) for parts in zip(*(table.cells[column] for column in columns), strict=True))
    return Stamps(place_by_stamps(hours, table.row_numbers), columns, meaning, labels)


def find_moments(table: Table) -> tuple[tuple[str, ...], pd.DatetimeIndex] | None:
    """Find the columns with dates, and the moment of each row (NaT where it cannot be read); None without dates."""
    names = {_plain(column): column for column in table.columns}
    if {"month", "day"} <= names.keys() and names.keys() & {"hour", "hour_ending", "hour_beginning"}:
        return _from_parts(table, names)
    if _has_date_and_hour(table, names):
        return _from_date_and_hour(table, names)
    column = _date_time_column(table)
    return None if column is None else ((column,), _from_text(table, column))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _from_hour_numbers(table: Table, names: dict[str, str]) -> Stamps:
    """Hours of the year as numbers, or no time at all; a time column that cannot be read must not pass for none."""
    no_labels = ("",) * table.rows
    column = next((names[name] for name in ("hour", "hour_of_year") if name in names), None)
    if column is None:
        column = next((names[name] for name in names if _TIME_NAME.search(name)), None)
    if column is None:
        return Stamps(place_without_stamps(table.rows), (), "hour_beginning", no_labels)
    if not np.isfinite(table.numbers(column)).all():
        message = f'holds no time that can be read ("{table.cells[column][0]}"); write e.g. 2023-01-31 14:00.'
        raise InputError(table.name, [Problem(f'column "{column}"', message)])
    placement = place_by_hour_numbers(table.numbers(column), table.row_numbers)
    return Stamps(placement, (column,), "hour_beginning", no_labels)


def _from_parts(table: Table, names: dict[str, str]) -> tuple[tuple[str, ...], pd.DatetimeIndex]:
    """Year, month, day, hour, minute in columns of their own; the hour may run to 24."""
    hour = next(names[name] for name in ("hour_ending", "hour_beginning", "hour") if name in names)
    columns = (*(names[name] for name in ("year", "month", "day") if name in names), hour)
    month, day = table.numbers(names["month"]), table.numbers(names["day"])
    has_leap_day = bool(((month == 2) & (day == 29)).any())
    year = table.numbers(names["year"]) if "year" in names else np.full(table.rows, 2000.0 if has_leap_day else 2001.0)
    dates = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    minutes = table.numbers(hour) * 60.0
    if "minute" in names:
        columns += (names["minute"],)
        minutes = minutes + table.numbers(names["minute"])
    return columns, pd.DatetimeIndex(dates + pd.to_timedelta(minutes, unit="min"))


def _has_date_and_hour(table: Table, names: dict[str, str]) -> bool:
    dates = [cells for name in _DATE_NAMES & names.keys() if (cells := table.cells[names[name]])]
    return bool(dates and ":" not in dates[0][0] and names.keys() & _HOUR_NAMES)


def _from_date_and_hour(table: Table, names: dict[str, str]) -> tuple[tuple[str, ...], pd.DatetimeIndex]:
    """A date in one column, and 1, 01 or 01:00 in another, up to 24."""
    date = next(names[name] for name in names if name in _DATE_NAMES)
    hour = next(names[name] for name in names if name in _HOUR_NAMES)
    clock = pd.Series(table.cells[hour], dtype="str").str.extract(r"^\s*(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*$")
    hours = pd.to_numeric(clock[0], errors="coerce")
    minutes = pd.to_numeric(clock[1], errors="coerce").fillna(0.0)
    days = _best_format(pd.Series(table.cells[date], dtype="str") + " 00:00")
    return (date, hour), days + pd.to_timedelta((hours * 60.0 + minutes).to_numpy(), unit="min")


def _date_time_column(table: Table) -> str | None:
    """The first column whose first cell begins with a date."""
    return next((name for name, cells in table.cells.items() if cells and DATE.match(cells[0])), None)


def _from_text(table: Table, column: str) -> pd.DatetimeIndex:
    cells = pd.Series(table.cells[column], dtype="str").str.strip()
    _refuse_other_clocks(cells, column, table.name)
    cells = cells.str.replace(_ZONE, r"\1", regex=True)
    is_24 = cells.str.contains(_MIDNIGHT_24, regex=True).to_numpy()
    moments = _best_format(cells.str.replace(_MIDNIGHT_24, "00:00", regex=True))
    return moments + pd.to_timedelta(np.where(is_24, 24, 0), unit="h")


def _refuse_other_clocks(cells: pd.Series, column: str, name: str) -> None:
    """Stamps in UTC or in a zone with clock change would shift every hour unseen."""
    zones = {match.group(2) for cell in cells.unique() if (match := _ZONE.search(cell))}
    remedy = "write local standard time without an offset."
    place = f'column "{column}"'
    if len(zones) > 1:
        shown = ", ".join(sorted(zones))
        raise InputError(name, [Problem(place, f"changes its UTC offset ({shown}); {remedy}")])
    if zones & {"Z", "+00:00", "+0000", "-00:00"} or re.search(r"(^|[^a-z])(utc|gmt)($|[^a-z])", column.lower()):
        raise InputError(name, [Problem(place, f"is in UTC; {remedy}")])


def _best_format(cells: pd.Series) -> pd.DatetimeIndex:
    """Read stamps in the format that fits most of them; NaT where it does not fit."""
    best, most = pd.DatetimeIndex([pd.NaT] * len(cells)), 0
    for form in _FORMATS:
        read = pd.DatetimeIndex(pd.to_datetime(cells, format=form, errors="coerce"))
        count = int(np.count_nonzero(read.notna()))
        if count > most:
            best, most = read, count
        if most == len(cells):
            break
    return best


def _meaning(columns: tuple[str, ...], moments: pd.DatetimeIndex) -> StampMeaning:
    """Read off what stamps mean: names, hours that run to 24, minutes; else the hour's beginning."""
    plain = [_plain(column) for column in columns]
    if any("ending" in name or name == "he" for name in plain):
        return "hour_ending"
    if len(moments) and (np.asarray(moments.minute) == 30).all():
        return "half_hour"
    # Hours counted 1 to 24 begin on 1 January at 01:00 and end on the next 1 January at 00:00.
    if len(columns) > 1 and len(moments) and moments[0].hour == 1 and f"{moments[-1]:%m-%d %H}" == "01-01 00":
        return "hour_ending"
    return "hour_beginning"


def _hour_beginnings(moments: pd.DatetimeIndex, meaning: StampMeaning) -> pd.DatetimeIndex:
    hours = moments - pd.Timedelta(hours=1) if meaning == "hour_ending" else moments
    minutes = np.asarray(hours.minute)
    # Half-hour stamps move to the full hour; several stamps an hour stay as they are, to be refused.
    return hours.floor("h") if len(minutes) and (minutes == minutes[0]).all() else hours
