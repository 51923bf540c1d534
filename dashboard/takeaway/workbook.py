"""A document as a workbook: a sheet a table, every number in full precision under its unit."""

from __future__ import annotations

import io
import math
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.takeaway.document import Document, Sheet

# Rows of every sheet: what it is, nothing, the names, their units, then the values.
NOTE_ROW, NAMES_ROW, UNITS_ROW, FIRST_ROW = 0, 2, 3, 4
_WIDEST, _NARROWEST = 90, 9
LINE_HEIGHT = 15
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#59616e"},
    "name": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
    "unit": {"font_color": "#59616e", "italic": True, "bottom": 1},
    "words": {"text_wrap": True, "valign": "top"},
    "plain": {"valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
    "share": {"num_format": "0.00%", "valign": "top"},
    "large": {"num_format": "#,##0", "valign": "top"},
    "middle": {"num_format": "#,##0.00", "valign": "top"},
    "small": {"num_format": "0.0000", "valign": "top"},
    "tiny": {"num_format": "0.000E+00", "valign": "top"},
}


def workbook(document: Document) -> bytes:
    """The document as XLSX."""
    buffer = io.BytesIO()
    # A name that begins with "=" is a name, never a formula.
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": document.title, "comments": document.address, "created": document.made})
    looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
    for sheet in document.workbook:
        _write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return buffer.getvalue()


def _write(page: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    page.write(NOTE_ROW, 0, sheet.note or sheet.name, looks["title" if sheet.name == "Summary" else "note"])
    lines: dict[int, int] = {}
    for column, name in enumerate(map(str, sheet.frame.columns)):
        unit, values = sheet.units.get(name, ""), sheet.frame.iloc[:, column]
        page.write(NAMES_ROW, column, name, looks["name"])
        page.write(UNITS_ROW, column, "share of 1" if unit == "frac" else unit, looks["unit"])
        width = _width(name, values)
        page.set_column(column, column, width)
        look = _column_look(sheet, name, values)
        for row, value in enumerate(values):
            text = _cell(page, FIRST_ROW + row, column, value, look, looks)
            lines[row] = max(lines.get(row, 1), math.ceil(len(text) / (0.95 * width)))
    for row, count in lines.items():
        if count > 1:
            page.set_row(FIRST_ROW + row, LINE_HEIGHT * count)
    last = FIRST_ROW + max(len(sheet.frame), 1) - 1
    page.freeze_panes(FIRST_ROW, 1)
    if len(sheet.frame.columns):
        page.autofilter(UNITS_ROW, 0, last, len(sheet.frame.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(NAMES_ROW, UNITS_ROW)


def _cell(page: Any, row: int, column: int, value: Any, look: str | None, looks: dict[str, Any]) -> str:
    """Write a value; back come the words that may need several lines."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        page.write_blank(row, column, None)
    elif isinstance(value, bool):
        page.write_string(row, column, "yes" if value else "no", looks["plain"])
    elif isinstance(value, int | float):
        page.write_number(row, column, value, looks[look or _size_look(abs(value), whole=float(value).is_integer())])
    else:
        text = str(value)
        page.write_string(row, column, text, looks["words"])
        return text
    return ""


def _column_look(sheet: Sheet, name: str, values: pd.Series) -> str | None:
    """Look of a column's numbers, so that their points align; None where each row has a unit of its own."""
    unit = sheet.units.get(name, "")
    if unit == "frac":
        return "share"
    if values.dtype == object:
        return "plain"  # inputs: every number as it was given
    if unit == "yr" or name in ("year", "hour", "stage"):
        return "whole"
    if "unit" in sheet.frame:
        return None
    numbers = [abs(float(value)) for value in values if isinstance(value, int | float) and math.isfinite(value)]
    return _size_look(max(numbers, default=0.0), whole=all(number.is_integer() for number in numbers))


def _size_look(size: float, *, whole: bool) -> str:
    if whole and size < 1e4:
        return "whole"
    return "large" if size >= 1e4 else "middle" if size >= 10 else "small" if size >= 1e-3 else "tiny"


def _width(name: str, values: pd.Series) -> float:
    longest = max((len(_shown(value)) for value in values.head(200)), default=0)
    return min(_WIDEST, max(_NARROWEST, 1.05 * longest + 2, min(len(name), 18) + 2))


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
