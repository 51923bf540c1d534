"""The load duration curve, and what supplies it from the highest hour to the lowest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import (
    LOAD,
    UNSERVED,
    composed,
    kinds_of,
    labels_of,
    stack_order,
    supply_column,
    year_hours,
)
from dashboard.formatting import significant
from dashboard.response import RESPONSE, response_total
from dashboard.theme import LOOKS, looks

# 146 bins of 60 hours make the year: smooth to look at, and the highest hours still show.
BIN_H = 60
SMALLEST_MW = 1e-3


def duration_curve(
    hourly: pd.DataFrame,
    technologies: Mapping[str, Mapping[str, str]],
    year: int,
    theme: str = "light",
    height: int = 300,
) -> go.Figure:
    """Load sorted from its highest hour down, over the supply of the same hours (means of 60 hours)."""
    frame = year_hours(hourly, year)
    order = frame["load_mw"].to_numpy().argsort(kind="stable")[::-1]
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    look = looks(kinds)
    traces = []
    for key in stack_order(technologies):
        values = frame[supply_column(key, kinds[key])].to_numpy(dtype=float)
        if values.max() > SMALLEST_MW:
            traces.append(_area(labels[key], binned(values[order]), fillcolor=look[key].colour))
    cut = response_total(frame, "cut_mw").to_numpy(dtype=float)
    if cut.max() > SMALLEST_MW:
        traces.append(_area(RESPONSE, binned(cut[order]), fillcolor=LOOKS["demand_response"].colour))
    missing = frame["unserved_mw"].to_numpy(dtype=float)
    if missing.max() > SMALLEST_MW:
        hatch = {"shape": "/", "size": 6, "solidity": 0.45}
        traces.append(_area(UNSERVED, binned(missing[order]), fillpattern=hatch))
    load = binned(frame["load_mw"].to_numpy(dtype=float)[order])
    load[0] = frame["load_mw"].max()  # the curve begins at the peak, not at the mean of its first bin
    traces.append({**_line(LOAD, load), "line": {"width": 2.25}})
    hours = {"title": {"text": "Hours of the year with at least this load"}, "range": [0, 8760 - BIN_H], "dtick": 2000}
    power = {"title": {"text": "MW"}, "rangemode": "tozero"}
    return composed(traces, theme, height, xaxis=hours, yaxis=power)


def binned(values: np.ndarray) -> np.ndarray:
    """Means of 60 hours each."""
    return np.asarray(values, dtype=float).reshape(-1, BIN_H).mean(axis=1)


def duration_table(hourly: pd.DataFrame, technologies: Mapping[str, Mapping[str, str]], year: int) -> pd.DataFrame:
    """Level that each flow, sorted by itself, reaches in 1, 10, 50, 90 % of the hours."""
    frame = year_hours(hourly, year)
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    flows = {LOAD: frame["load_mw"]}
    flows |= {labels[key]: frame[supply_column(key, kinds[key])] for key in stack_order(technologies)}
    points = {"Highest hour": 0, "1 % of hours": 88, "10 %": 876, "50 %": 4380, "90 %": 7884, "Lowest hour": 8759}
    curves = {
        name: np.sort(values.to_numpy(dtype=float))[::-1]
        for name, values in flows.items()
        if name == LOAD or values.max() > SMALLEST_MW
    }
    table = pd.DataFrame({name: [curve[place] for place in points.values()] for name, curve in curves.items()})
    table.insert(0, "reached in", list(points))
    return table


def describe_duration(hourly: pd.DataFrame, technologies: Mapping[str, Mapping[str, str]], year: int) -> str:
    """The curve in words."""
    frame = year_hours(hourly, year)
    load = np.sort(frame["load_mw"].to_numpy())[::-1]
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    hours = [
        f"{labels[key]} runs in {significant(float((frame[supply_column(key, kinds[key])] > SMALLEST_MW).sum()))} h"
        for key in stack_order(technologies)
        if frame[supply_column(key, kinds[key])].max() > SMALLEST_MW
    ]
    return (
        f"Load duration in {year}: {significant(load[0])} MW in the highest hour, {significant(load[4380])} MW in half "
        f"of all hours, never below {significant(load[-1])} MW. {'; '.join(hours)}."
    )


def _line(name: str, values: np.ndarray) -> dict[str, Any]:
    return {"type": "scatter", "x0": 0, "dx": BIN_H, "y": values, "name": name, "mode": "lines",
            "hovertemplate": "%{y:,.1f} MW"}  # fmt: skip


def _area(name: str, values: np.ndarray, **fill: Any) -> dict[str, Any]:
    line = {"width": 0.4, "color": fill.get("fillcolor")}
    return {**_line(name, values), "stackgroup": "supply", "line": line, **fill}
