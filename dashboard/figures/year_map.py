"""A whole year as a map: days across, hours of the day up, one quantity as colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import (
    CALENDAR_START,
    DAY_MS,
    axis_name,
    by_day,
    composed,
    day_name,
    draw_column,
    kinds_of,
    labels_of,
    months,
    panel_axes,
    panel_domains,
    panel_title,
    stack_order,
    supply_column,
    year_hours,
)
from dashboard.formatting import significant
from dashboard.response import RESPONSE, response_sources

Technologies = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Quantity:
    """Something hourly that can be mapped: its column, name and unit."""

    column: str
    label: str
    unit: str


def quantities(hourly: pd.DataFrame, technologies: Technologies) -> list[Quantity]:
    """What a run's hours offer, load first; flows that never occur are left out."""
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    offered = [Quantity("load_mw", "Load", "MW")]
    for key in stack_order(technologies):
        words = {"battery": "discharge", "grid": "import"}.get(kinds[key], "")
        name = f"{labels[key]} {words}".strip()
        offered.append(Quantity(supply_column(key, kinds[key]), name, "MW"))
        draw = draw_column(key, kinds[key])
        if draw:
            offered.append(Quantity(draw, f"{labels[key]} {'charge' if kinds[key] == 'battery' else 'export'}", "MW"))
        if kinds[key] == "battery":
            offered.append(Quantity(f"{key}_soc_mwh", f"{labels[key]}, stored", "MWh"))
    if response_sources(hourly):
        offered += [
            Quantity("dr_cut_mw", f"{RESPONSE}, cut", "MW"),
            Quantity("dr_makeup_mw", f"{RESPONSE}, made up", "MW"),
            Quantity("dr_owed_mwh", f"{RESPONSE}, work owed", "MWh"),
        ]
    offered += [Quantity("unserved_mw", "Unserved", "MW"), Quantity("price_usd_per_mwh", "Marginal price", "USD/MWh")]
    return [
        one
        for one in offered
        if one.column in hourly and (one.column == "load_mw" or _occurs(hourly[one.column].to_numpy()))
    ]


def _occurs(values: np.ndarray) -> bool:
    return bool(max(np.fmax.reduce(values, initial=0.0), -np.fmin.reduce(values, initial=0.0)) > 1e-3)


def year_map(hourly: pd.DataFrame, year: int, quantity: Quantity, theme: str = "light", height: int = 300) -> go.Figure:
    """Map of one run's year."""
    traces = [_heatmap(hourly, year, quantity)]
    return _figure(traces, [(0.0, 1.0)], theme, quantity, height, _range([hourly], year, quantity))


def year_maps(
    runs: list[tuple[str, pd.DataFrame]], year: int, quantity: Quantity, theme: str = "light", row_height: int = 150
) -> go.Figure:
    """Maps of several runs' year, one above the other, on one colour scale and one zoom.

    Parameters
    ----------
    runs : list of (title, hourly)
        A run without the year or the quantity has an empty panel that says so.
    """
    domains = panel_domains([1.0] * len(runs), 0.3 / (len(runs) + 1.0))
    traces, titles = [], []
    for row, ((title, hourly), domain) in enumerate(zip(runs, domains, strict=True), start=1):
        has = quantity.column in hourly and len(year_hours(hourly, year)) > 0
        # Where there is nothing, an invisible trace keeps the panel's axes.
        nothing = {"type": "scatter", "x": [CALENDAR_START], "y": [0], "opacity": 0, "showlegend": False,
                   "hoverinfo": "skip"}  # fmt: skip
        trace = _heatmap(hourly, year, quantity) if has else nothing
        traces.append({**trace, "yaxis": axis_name("y", row)})
        words = title if has else f"{title}: has no {quantity.label.lower()} in {year}"
        titles.append(panel_title(words, domain[1]))
    scale = _range([hourly for _, hourly in runs], year, quantity)
    return _figure(traces, domains, theme, quantity, 40 + row_height * len(runs), scale, titles)


def describe_map(hourly: pd.DataFrame, year: int, quantity: Quantity) -> str:
    """The map in words."""
    frame = year_hours(hourly, year)
    if frame.empty or quantity.column not in frame:
        return f"There is no {quantity.label.lower()} in {year}."
    values = frame[quantity.column].to_numpy()
    high, low = int(values.argmax()), int(values.argmin())
    return (
        f"{quantity.label} in {year}: mean {significant(float(values.mean()))} {quantity.unit}; highest "
        f"{significant(float(values[high]))} on {day_name(high)} at {high % 24}:00, lowest "
        f"{significant(float(values[low]))} on {day_name(low)} at {low % 24}:00."
    )


def month_table(hourly: pd.DataFrame, year: int, quantity: Quantity) -> pd.DataFrame:
    """Mean, lowest and highest of each month."""
    frame = year_hours(hourly, year)
    of_hours = months()[frame["hour"].to_numpy(dtype=int)]
    by_month = frame[quantity.column].groupby(of_hours)
    names = [f"{CALENDAR_START.replace(month=month):%B}" for month in np.unique(of_hours)]
    found = {"mean": by_month.mean(), "min": by_month.min(), "max": by_month.max()}
    return pd.DataFrame({"month": names, **{name: values.to_numpy() for name, values in found.items()}})


def _heatmap(hourly: pd.DataFrame, year: int, quantity: Quantity) -> dict[str, Any]:
    return {
        "type": "heatmap",
        # Seven digits are more than a colour or a hover shows, in half the bytes.
        "z": by_day(year_hours(hourly, year)[quantity.column].to_numpy()).astype(np.float32),
        "x0": CALENDAR_START.isoformat(),
        "dx": DAY_MS,
        "y0": 0.5,
        "dy": 1,
        "coloraxis": "coloraxis",
        "name": quantity.label,
        "hovertemplate": f"%{{x|%-d %b}}, hour %{{y:.0f}}: %{{z:,.2f}} {quantity.unit}<extra></extra>",
    }


def _range(frames: list[pd.DataFrame], year: int, quantity: Quantity) -> tuple[float, float]:
    columns = [year_hours(frame, year)[quantity.column] for frame in frames if quantity.column in frame]
    values = np.concatenate([column.to_numpy() for column in columns]) if columns else np.zeros(0)
    if not len(values):
        return 0.0, 1.0
    # One scarce hour at the value of lost load must not wash out all others.
    low, high = np.percentile(values, [0.5, 99.5]) if quantity.unit.startswith("USD") else (values.min(), values.max())
    return float(low), float(high if high > low else low + 1.0)


def _figure(
    traces: list[dict[str, Any]], domains: list[tuple[float, float]], theme: str, quantity: Quantity, height: int,
    scale: tuple[float, float], titles: Sequence[dict[str, Any]] = (),
) -> go.Figure:  # fmt: skip
    bar = {"title": {"text": quantity.unit.replace("USD/", "$/"), "side": "top"}, "len": min(1.0, 260 / height),
           "y": 1, "yanchor": "top"}  # fmt: skip
    days = {"type": "date", "tickformat": "%b", "dtick": "M1", "ticklabelmode": "period"}
    unit = {"ticktext": ["0", "6", "12", "18", "24\u2009h"]} if titles else {"title": {"text": "Hour of day"}}
    hours = {"tickvals": [0, 6, 12, 18, 24], "range": [0, 24], "showgrid": False, "zeroline": False, **unit}
    return composed(
        traces, theme, height, hovermode="closest", annotations=titles, margin={"l": 44, "r": 8, "t": 24, "b": 26},
        coloraxis={"cmin": scale[0], "cmax": scale[1], "colorbar": bar}, **panel_axes(domains, days, hours),
    )  # fmt: skip
