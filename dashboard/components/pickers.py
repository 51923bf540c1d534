"""Pickers of year, week and quantity, shared by the pages that show hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.figures.common import CALENDAR_START, WEEKS, week_name

MOST_BUTTONS = 12


def year_picker(component_id: str, years: Sequence[int], chosen: int) -> html.Div:
    """Years as a row of buttons; a list where they are many."""
    options = [{"label": str(year), "value": str(year)} for year in years]
    if len(years) > MOST_BUTTONS:
        picker = dbc.Select(id=component_id, options=options, value=str(chosen), size="sm", className="picker-select")
    else:
        picker = dbc.RadioItems(
            id=component_id, options=options, value=str(chosen), className="segments", inputClassName="btn-check",
            labelClassName="segment", labelCheckedClassName="on", inline=True,
        )  # fmt: skip
    # A single year is nothing to choose, yet callbacks need its value.
    return html.Div(picker, className="picker", hidden=len(years) < 2, role="group", **{"aria-label": "Year"})


def week_picker(component_id: str, chosen: int) -> html.Div:
    """Weeks of the year as a slider, marked by months."""
    marks = {
        1 + CALENDAR_START.replace(month=month).timetuple().tm_yday // 7: f"{CALENDAR_START.replace(month=month):%b}"
        for month in range(1, 13)
    }
    slider = dcc.Slider(
        id=component_id, min=1, max=WEEKS, step=1, value=chosen, marks=marks, included=False, updatemode="drag",
        allow_direct_input=False,
    )  # fmt: skip
    return html.Div(slider, className="week-picker", role="group", **{"aria-label": "Week of the year"})


def week_words(week: int, year: int) -> str:
    """The chosen week in words."""
    return f"Week of {week_name(week)} {year}"


def select(component_id: str, options: Mapping[str, str], chosen: str, label: str) -> html.Label:
    """A short list to choose from, with its name for screen readers."""
    choices = [{"label": text, "value": value} for value, text in options.items()]
    picker = dbc.Select(id=component_id, options=choices, value=chosen, size="sm", className="picker-select")
    return html.Label([html.Span(label, className="visually-hidden"), picker])
