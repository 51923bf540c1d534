"""Duration curves: each flow sorted from its highest hour to its lowest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import LOAD, canvas, kinds_of, labels_of, stack_order, supply_column, year_hours
from dashboard.formatting import significant
from dashboard.theme import looks

POINTS = 439
STEP_H = 20


def duration_curves(
    hourly: pd.DataFrame,
    technologies: Mapping[str, Mapping[str, str]],
    year: int,
    theme: str = "light",
    height: int = 300,
) -> go.Figure:
    """Load and each source of a year, sorted by itself. Every 20th hour is drawn: the curves only fall."""
    frame = year_hours(hourly, year)
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    look = looks(kinds)
    figure = canvas(theme, height)
    for key in stack_order(technologies):
        curve = sorted_curve(frame[supply_column(key, kinds[key])])
        if curve[0] > 1e-3:
            figure.add_trace(_line(labels[key], curve, {"color": look[key].colour, "dash": look[key].dash, "width": 2}))
    figure.add_trace(_line(LOAD, sorted_curve(frame["load_mw"]), {"width": 2.25}))
    figure.update_xaxes(title_text="Hours of the year at or above", range=[0, 8760], dtick=1460)
    figure.update_yaxes(title_text="MW", rangemode="tozero")
    return figure


def sorted_curve(values: pd.Series) -> np.ndarray:
    """Values from the highest down, every 20th."""
    return np.sort(values.to_numpy(dtype=float))[::-1][::STEP_H]


def duration_table(hourly: pd.DataFrame, technologies: Mapping[str, Mapping[str, str]], year: int) -> pd.DataFrame:
    """Levels that are reached in 1, 10, 50, 90 % of the hours, and always."""
    frame = year_hours(hourly, year)
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    columns = {LOAD: frame["load_mw"]}
    columns |= {labels[key]: frame[supply_column(key, kinds[key])] for key in stack_order(technologies)}
    points = {"Highest hour": 0, "1 % of hours": 88, "10 %": 876, "50 %": 4380, "90 %": 7884, "Lowest hour": 8759}
    rows = {
        name: np.sort(values.to_numpy(dtype=float))[::-1] for name, values in columns.items() if values.max() > 1e-3
    }
    table = pd.DataFrame({name: [values[place] for place in points.values()] for name, values in rows.items()})
    table.insert(0, "reached in", list(points))
    return table


def describe_duration(hourly: pd.DataFrame, technologies: Mapping[str, Mapping[str, str]], year: int) -> str:
    """The curves in words."""
    frame = year_hours(hourly, year)
    load = np.sort(frame["load_mw"].to_numpy())[::-1]
    kinds, labels = kinds_of(technologies), labels_of(technologies)
    hours = [
        f"{labels[key]} runs in {significant(float((frame[supply_column(key, kinds[key])] > 1e-3).sum()))} h"
        for key in stack_order(technologies)
        if frame[supply_column(key, kinds[key])].max() > 1e-3
    ]
    return (
        f"Load duration in {year}: {significant(load[0])} MW in the highest hour, {significant(load[4380])} MW in half "
        f"of all hours, never below {significant(load[-1])} MW. {'; '.join(hours)}."
    )


def _line(name: str, curve: np.ndarray, line: dict) -> go.Scatter:
    return go.Scatter(x0=0, dx=STEP_H, y=curve, name=name, mode="lines", line=line, hovertemplate="%{y:,.1f} MW")
