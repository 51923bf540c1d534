"""What all figures share: an empty canvas, stacking order, the reference calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from engine.nomenclature import FLOWS
from engine.units import HOURS_PER_DAY, HOURS_PER_YEAR

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# The model's years all have 8,760 hours: their dates are those of a year without a leap day, shown without a year.
CALENDAR_START = datetime(2025, 1, 1)
WEEK_HOURS = 168
WEEKS = 53

# From the axis upwards: what runs steadily first, what fills the gaps last.
_KIND_ORDER = ("thermal", "grid", "wind", "solar", "battery")

LOAD = "Load"
UNSERVED = "Unserved"

# Whether Plotly checks each property of a composed figure; the test suite does.
CHECKED = False

# dcc.Graph configuration of every chart.
CONFIG: dict[str, Any] = {
    "displayModeBar": "hover",
    "displaylogo": False,
    "responsive": True,
    # Named one by one: the default bar holds a button that sends the chart to an outside server.
    "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "toImageButtonOptions": {"format": "svg"},
}


def canvas(theme_name: str, height: int, **layout: Any) -> go.Figure:
    """Empty figure in a theme."""
    figure = go.Figure()
    figure.update_layout(template=theme.template(theme_name), height=height, autosize=True, **layout)
    return figure


def composed(traces: list[dict[str, Any]], theme_name: str, height: int, **layout: Any) -> go.Figure:
    """A whole figure from plain parts.

    Plotly's check of every property takes it five times as long as building the figure, and each change of a built
    one about as long as all of it: the figure is made in one piece, and checked where `CHECKED` says so, in tests.
    """
    base = {"template": theme.template(theme_name), "height": height, "autosize": True}
    return go.Figure(data=traces, layout={**base, **layout}, _validate=CHECKED)


def recomposed(
    traces: Sequence[dict[str, Any]], further: Sequence[dict[str, Any]], layout: dict[str, Any]
) -> go.Figure:
    """A figure drawn before, as plain parts, with further traces over it."""
    return go.Figure(data=[*traces, *further], layout=layout, _validate=CHECKED)


def axis_name(letter: str, row: int) -> str:
    """Short name of the axis of a panel, counted from 1: `y`, `y2`."""
    return letter if row == 1 else f"{letter}{row}"


# Axes whose labels have a known size: measuring them takes Plotly a fifth of a drawing.
KNOWN_SIZE: dict[str, Any] = {"automargin": False, "ticklabeloverflow": "allow", "tickangle": 0}


def panel_axes(domains: Sequence[tuple[float, float]], x: Mapping[str, Any], y: Mapping[str, Any]) -> dict[str, Any]:
    """Axes of panels one above the other on one horizontal axis, along which all zoom as one.

    Across it nothing zooms: each panel keeps its scale, and the browser sets up a third of the handles.
    """
    axes: dict[str, Any] = {"xaxis": {**KNOWN_SIZE, "anchor": axis_name("y", len(domains)), **x}}
    for row, domain in enumerate(domains, start=1):
        axes[f"yaxis{axis_name('', row)}"] = {**KNOWN_SIZE, "fixedrange": True, "anchor": "x", "domain": domain, **y}
    return axes


def unit_on_top(unit: str) -> dict[str, Any]:
    """Unit of an upright axis beside its highest label: a title for each of many panels takes as long as its lines."""
    return {"ticksuffix": f"\u2009{unit}", "showticksuffix": "last"}


def panel_domains(heights: Sequence[float], gap: float) -> list[tuple[float, float]]:
    """Vertical room of each panel from the top: its share of what the gaps leave."""
    left = (1.0 - gap * (len(heights) - 1)) / sum(heights)
    tops = [1.0 - row * gap - left * sum(heights[:row]) for row in range(len(heights))]
    return [(max(0.0, top - left * height), top) for top, height in zip(tops, heights, strict=True)]


def panel_title(text: str, top: float) -> dict[str, Any]:
    """Words above a panel, at its left."""
    return {"text": text, "xref": "paper", "yref": "paper", "x": 0, "y": top, "xanchor": "left", "yanchor": "bottom",
            "font": {"size": 12}, "showarrow": False}  # fmt: skip


def side_domains(count: int, gap: float) -> list[tuple[float, float]]:
    """Horizontal room of panels side by side, from the left."""
    width = (1.0 - gap * (count - 1)) / max(1, count)
    lefts = [place * (width + gap) for place in range(count)]
    return [(left, min(1.0, left + width)) for left in lefts]


def side_axes(
    place: int, domain: tuple[float, float], years: list[int], year_ticks: int, **upright: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Axes of one of panels side by side, counted from 1, over years: what its traces name, and the axes themselves."""
    x, y, number = axis_name("x", place), axis_name("y", place), axis_name("", place)
    axes = {
        f"xaxis{number}": {**years_axis(years), "nticks": year_ticks, "anchor": y, "domain": domain},
        f"yaxis{number}": {"anchor": x, "rangemode": "tozero", **upright},
    }
    return {"xaxis": x, "yaxis": y}, axes


def side_title(text: str, left: float, y: float = 1.02) -> dict[str, Any]:
    """Words above one of panels side by side, at its left; lines below each other begin at the same place."""
    return {"text": text, "xref": "paper", "yref": "paper", "x": left, "y": y, "xanchor": "left", "yanchor": "bottom",
            "align": "left", "showarrow": False}  # fmt: skip


def stack_order(technologies: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Technology ids from the axis upwards, the scenario's order within a kind.

    Parameters
    ----------
    technologies : mapping
        As in the manifest: {id: {kind, label}}.
    """
    rank = {kind: place for place, kind in enumerate(_KIND_ORDER)}
    return sorted(technologies, key=lambda key: rank.get(technologies[key]["kind"], len(rank)))


def legend_rank(key: str, technologies: Mapping[str, Mapping[str, str]]) -> int:
    """Place in a legend that several runs share: by kind, then by the scenario's own order; the load comes last."""
    kind = technologies[key]["kind"]
    place = _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)
    return 100 * (place + 1) + list(technologies).index(key)


def kinds_of(technologies: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Kind of each technology."""
    return {key: entry["kind"] for key, entry in technologies.items()}


def labels_of(technologies: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Label of each technology."""
    return {key: entry.get("label") or key for key, entry in technologies.items()}


def supply_column(key: str, kind: str) -> str:
    """Hourly column of what a technology gives to the bus."""
    return next(f"{key}_{flow.suffix}" for flow in FLOWS[kind] if flow.balance_sign > 0)


def draw_column(key: str, kind: str) -> str | None:
    """Hourly column of what it takes from the bus; None if it never does."""
    return next((f"{key}_{flow.suffix}" for flow in FLOWS[kind] if flow.balance_sign < 0), None)


def week_start(week: int) -> int:
    """First hour of a week, counted from 1; the last one ends with the year."""
    return min((week - 1) * WEEK_HOURS, HOURS_PER_YEAR - WEEK_HOURS)


def week_of_hour(hour: int) -> int:
    """Week, counted from 1, that holds an hour of the year."""
    return min(hour // WEEK_HOURS, WEEKS - 1) + 1


def week_of_day(date: str) -> int:
    """Week, counted from 1, of a date of the reference calendar, as Plotly writes it: `2025-07-02 12:00`."""
    return week_of_hour(HOURS_PER_DAY * (datetime.fromisoformat(date) - CALENDAR_START).days)


def moment(hour: int) -> datetime:
    """Date of an hour of the year, in the reference calendar."""
    return CALENDAR_START + timedelta(hours=int(hour))


def day_name(hour: int) -> str:
    """`4 Jun`."""
    date = moment(hour)
    return f"{date.day} {date:%b}"


def week_name(week: int) -> str:
    """`4–10 Jun`."""
    first, last = moment(week_start(week)), moment(week_start(week) + WEEK_HOURS - 1)
    if first.month == last.month:
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def year_hours(hourly: pd.DataFrame, year: int) -> pd.DataFrame:
    """The hours of one year, in order; of a table in order of years a part of it, not a copy."""
    years = hourly["year"]
    if not years.is_monotonic_increasing:
        return hourly[years == year]
    first, end = np.searchsorted(years.to_numpy(), (year, year + 1))
    return hourly.iloc[first:end]


@cache
def months() -> np.ndarray:
    """Month of each hour of the year."""
    return np.array([moment(hour).month for hour in range(HOURS_PER_YEAR)])


def by_day(values: np.ndarray) -> np.ndarray:
    """Shape 8,760 hours as (24 hours of the day, 365 days)."""
    return np.asarray(values, dtype=float).reshape(-1, HOURS_PER_DAY).T


def bar_gap(count: int) -> float:
    """Space between bars: few bars stay slim instead of filling the chart."""
    return max(0.32, 0.86 - 0.09 * count)


def years_axis(years: list[int]) -> dict[str, Any]:
    """Axis of calendar years: every year is a category, so that no half years appear."""
    names = [str(year) for year in years]
    # The range is given, so that panels of plans with fewer years keep the same axis.
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "range": [-0.5, len(names) - 0.5],
        "tickangle": 0,
    }
