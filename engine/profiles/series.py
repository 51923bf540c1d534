"""One hourly column of a CSV file: 8,760 numbers, or every reason why not."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.profiles.stamps import Stamps, read_stamps
from engine.profiles.table import THE_FILE, Table, count, parse_table, read_text, some
from engine.wording import CO2

FILLED_COLUMN = "filled"


@dataclass(frozen=True)
class Range:
    """What values a series may take.

    Attributes
    ----------
    least, most : float
        Bounds, inclusive.
    remedy : str
        What to do about a value outside.
    """

    least: float
    most: float
    remedy: str


ANY_VALUE = Range(-np.inf, np.inf, "")
LOAD_RANGE = Range(0.0, 1e6, "give the facility's load in MW, 0 or more.")
PER_UNIT_RANGE = Range(0.0, 1.0, "give output per MWac, from 0 to 1 (divide MW by the plant's MWac; night is 0).")
INTENSITY_RANGE = Range(0.0, 3000.0, f"give kg of {CO2} per MWh (lb/MWh times 0.4536).")
PRICE_RANGE = Range(-1e5, 1e5, "give USD/MWh.")


@dataclass(frozen=True)
class HourlySeries:
    """A column on the clock of the plan.

    Attributes
    ----------
    values : array (8760,)
        Hour beginning, local standard time, in the column's unit.
    column : str
        Name in the file.
    rows : int
        Rows of data in the file.
    filled_hours : int
        Hours that the file's `filled` column marks as filled in at the source.
    notes : tuple of str
        What was left out or is worth knowing.
    """

    values: Series
    column: str
    rows: int
    filled_hours: int
    notes: tuple[str, ...]


def read_hourly(path: Path, *, column: str, valid: Range = ANY_VALUE) -> HourlySeries:
    """Read one hourly column of a CSV file.

    Parameters
    ----------
    path : pathlib.Path
    column : str
        Name in the header; column_1, column_2, ... in a file without one.
    valid : Range
        Values outside are refused.

    Raises
    ------
    InputError
        Every problem of the file and the column, with rows and time stamps.
    """
    table = parse_table(read_text(path), name=path.name)
    if column not in table.cells:
        raise InputError(path.name, [missing_column(table, column)])
    return hourly_column(table, read_stamps(table), column=column, valid=valid)


def hourly_column(table: Table, stamps: Stamps, *, column: str, valid: Range = ANY_VALUE) -> HourlySeries:
    """Take one hourly column out of a table whose time stamps are known (see `read_hourly`)."""
    values = table.numbers(column)
    problems = [*stamps.placement.problems, *value_problems(table, stamps, column=column, valid=valid)]
    if problems:
        raise InputError(table.name, problems)
    rows = stamps.placement.rows
    filled_hours = int((table.numbers(FILLED_COLUMN)[rows] > 0).sum()) if FILLED_COLUMN in table.cells else 0
    notes = stamps.placement.notes
    if filled_hours:
        notes += (f"{filled_hours:,} of 8,760 hours are marked as filled in at the source.",)
    return HourlySeries(values[rows], column=column, rows=table.rows, filled_hours=filled_hours, notes=notes)


def value_problems(table: Table, stamps: Stamps, *, column: str, valid: Range = ANY_VALUE) -> list[Problem]:
    """Cells of a column that are no finite numbers, or lie outside the valid range, with their rows."""
    values = table.numbers(column)
    place = f'column "{column}"'

    def cells(positions: NDArray[np.intp]) -> str:
        return some([f'"{table.cells[column][i]}" in {stamps.row_name(table, int(i))}' for i in positions])

    problems = []
    no_number = np.flatnonzero(np.isnan(values))
    if len(no_number):
        message = f"has {count(len(no_number), 'cell')} without a finite number: {cells(no_number)}; fill them."
        problems.append(Problem(place, message))
    outside = np.flatnonzero((values < valid.least) | (values > valid.most))
    if len(outside):
        bounds = f"{valid.least:,.10g} to {valid.most:,.10g}"
        message = f"has {count(len(outside), 'value')} outside {bounds}: {cells(outside)}; {valid.remedy}"
        problems.append(Problem(place, message))
    return problems


def missing_column(table: Table, column: str) -> Problem:
    """Say that a column is not there, which one may be meant, and which there are."""
    near = difflib.get_close_matches(column, table.columns, n=1)
    hint = f' (did you mean "{near[0]}"?)' if near else ""
    return Problem(THE_FILE, f'has no column "{column}"{hint}; it has: {", ".join(table.columns)}.')
