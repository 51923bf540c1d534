"""Reading a CSV file as planners have them: any usual separator, decimal comma, header or none."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.profiles.result import Series

THE_FILE = "the file"
# A date at the start of a cell: 2023-01-31, 1/31/23, 31.01.2023.
DATE = re.compile(r"\s*(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2}))(?!\d)")
_NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*$")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+\s*$")


@dataclass(frozen=True)
class Table:
    """The cells of a CSV file as text.

    Attributes
    ----------
    name : str
        File name.
    cells : dict of str to tuple of str
        Column name to the cells below it; a file without a header has column_1, column_2, ...
    row_numbers : array (rows,) of int
        Row of each cell as a spreadsheet counts, the header being row 1.
    decimal_comma : bool
        Numbers are written 1,5.
    """

    name: str
    cells: Mapping[str, tuple[str, ...]]
    row_numbers: NDArray[np.intp]
    decimal_comma: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in file order."""
        return tuple(self.cells)

    @property
    def rows(self) -> int:
        """Rows of data."""
        return len(self.row_numbers)

    def numbers(self, column: str) -> Series:
        """Cells of a column as numbers, array (rows,); NaN where a cell is none (or says nan or inf)."""
        cells = pd.Series(self.cells[column], dtype="str")
        if self.decimal_comma and not cells.str.contains(".", regex=False).any():
            cells = cells.str.replace(",", ".", regex=False)
        values = pd.to_numeric(cells.str.strip(), errors="coerce").to_numpy(dtype=float)
        return np.where(np.isfinite(values), values, np.nan)


def read_text(path: Path) -> str:
    """Read a text file in UTF-8 (with or without mark), UTF-16 with mark, or Latin-1; lines end in a line feed.

    Raises
    ------
    InputError
        Empty, missing, or no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(path.name, [Problem(THE_FILE, f"cannot be read: {error.strerror}.")]) from None
    if not content.strip():
        raise InputError(path.name, [Problem(THE_FILE, "is empty; export it again as CSV.")])
    text = _decoded(content)
    if "\x00" in text or content[:2] == b"PK":
        message = "is not text (a spreadsheet or an archive?); save it as CSV."
        raise InputError(path.name, [Problem(THE_FILE, message)])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def parse_table(text: str, *, name: str) -> Table:
    """Take CSV text apart.

    Raises
    ------
    InputError
        No rows, rows of different length, or a column name used twice.
    """
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(name, [Problem(THE_FILE, f"is not CSV: {error}.")]) from None
    if not rows:
        raise InputError(name, [Problem(THE_FILE, "holds no rows; export it again as CSV.")])
    first = [cell.strip() for cell in rows[0][1]]
    has_header = not all(_NUMBER.match(cell) or DATE.match(cell) for cell in first if cell)
    names = [cell if has_header and cell else f"column_{i}" for i, cell in enumerate(first, start=1)]
    body = rows[1:] if has_header else rows
    _refuse_misshapen(names, body, name=name)
    columns = list(zip(*(row for _, row in body), strict=True)) or [()] * len(names)
    return Table(
        name=name,
        cells=dict(zip(names, columns, strict=True)),
        row_numbers=np.array([line for line, _ in body], dtype=np.intp),
        decimal_comma=delimiter != "," and any(_DECIMAL_COMMA.match(cell) for _, row in body[:100] for cell in row),
    )


def _delimiter(text: str) -> str:
    """Semicolon, tab or comma: in that order, whichever the first line holds."""
    first = next(line for line in text.split("\n") if line.strip())
    return next((mark for mark in (";", "\t") if mark in first), ",")


def _refuse_misshapen(names: Sequence[str], body: Sequence[tuple[int, list[str]]], *, name: str) -> None:
    problems = []
    repeated = [f'"{column}" ({times} times)' for column, times in Counter(names).items() if times > 1]
    if repeated:
        message = f"has columns of the same name: {some(repeated)}; give each its own."
        problems.append(Problem(THE_FILE, message))
    ragged = [f"row {line} has {len(row)}" for line, row in body if len(row) != len(names)]
    if ragged:
        message = f"has {count(len(names), 'column')}, but {some(ragged)}; give every row a cell for each column."
        problems.append(Problem(THE_FILE, message))
    if not body:
        problems.append(Problem(THE_FILE, "has a header and no rows below it; it needs 8,760."))
    if problems:
        raise InputError(name, problems)


def count(number: int, noun: str) -> str:
    """Count things in words: "1 row", "8,700 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def some(items: Sequence[str], *, most: int = 5) -> str:
    """Join the first few items and count the rest: "row 3, row 7 and 12 more"."""
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most:,} more"
