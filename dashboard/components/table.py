"""Tables: numbers right-aligned with equal decimals in a column, units lighter beneath the names."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard.formatting import NOTHING, column_decimals, grouped, missing
from engine.files import csv_bytes


def data_table(frame: pd.DataFrame, units: Mapping[str, str] | None = None, *, caption: str = "") -> html.Div:
    """A frame as a table that scrolls inside its card.

    Parameters
    ----------
    frame : DataFrame
        Column names are the heads; numbers get the decimals their column needs; `year` stays plain.
    units : mapping of str to str
        By column.
    caption : str
        For screen readers.
    """
    units = units or {}
    numeric = {column: pd.api.types.is_numeric_dtype(frame[column]) for column in frame}
    decimals = {
        column: 0 if column == "year" else column_decimals([float(value) for value in frame[column]])
        for column in frame
        if numeric[column]
    }
    head = html.Tr(
        [
            html.Th(
                [_title(str(column)), html.Span(units[column], className="unit") if units.get(column) else None],
                className="num" if numeric[column] and column != "year" else None,
                scope="col",
            )
            for column in frame
        ]
    )
    rows = [
        html.Tr([_cell(value, column, decimals) for column, value in zip(frame.columns, values, strict=True)])
        for values in frame.itertuples(index=False, name=None)
    ]
    table = html.Table(
        [html.Caption(caption, className="visually-hidden") if caption else None, html.Thead(head), html.Tbody(rows)],
        className="data",
    )
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": caption or "Table"})


def _title(column: str) -> str:
    return column[:1].upper() + column[1:].replace("_", " ")


def _cell(value: Any, column: str, decimals: Mapping[str, int]) -> html.Td:
    if column == "year":
        return html.Td(str(int(value)))
    if column in decimals:
        text = NOTHING if missing(float(value)) else grouped(float(value), decimals[column])
        return html.Td(text, className="num")
    return html.Td(str(value))


def csv_link(frame: pd.DataFrame) -> str:
    """The frame as CSV in a data address: it downloads without asking the server."""
    content = base64.b64encode(csv_bytes(frame)).decode()
    return f"data:text/csv;charset=utf-8;base64,{content}"
