"""A whole year as a map: days across, hours of the day up, one quantity as colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import theme as themes
from dashboard.figures.common import (
    CALENDAR_START,
    DAY_MS,
    by_day,
    day_name,
    draw_column,
    kinds_of,
    labels_of,
    months,
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
        if one.column in hourly and (hourly[one.column].abs().max() > 1e-3 or one.column == "load_mw")
    ]


def year_map(hourly: pd.DataFrame, year: int, quantity: Quantity, theme: str = "light", height: int = 300) -> go.Figure:
    """Map of one run's year."""
    figure = go.Figure()
    figure.add_trace(_heatmap(hourly, year, quantity))
    _finish(figure, theme, quantity, height, _range([hourly], year, quantity))
    return figure


def year_maps(
    runs: list[tuple[str, pd.DataFrame]], year: int, quantity: Quantity, theme: str = "light", row_height: int = 150
) -> go.Figure:
    """Maps of several runs' year, one above the other, on one colour scale and one zoom.

    Parameters
    ----------
    runs : list of (title, hourly)
        A run without the year or the quantity has an empty panel that says so.
    """
    figure = make_subplots(rows=len(runs), cols=1, shared_xaxes=True, vertical_spacing=0.3 / (len(runs) + 1.0))
    for row, (title, hourly) in enumerate(runs, start=1):
        has = quantity.column in hourly and len(year_hours(hourly, year)) > 0
        if has:
            figure.add_trace(_heatmap(hourly, year, quantity), row=row, col=1)
        else:
            # An invisible trace keeps the panel's axes.
            figure.add_trace(
                go.Scatter(x=[CALENDAR_START], y=[0], opacity=0, showlegend=False, hoverinfo="skip"), row=row, col=1
            )
        words = title if has else f"{title}: has no {quantity.label.lower()} in {year}"
        figure.add_annotation(
            text=words, xref="paper", yref="paper", x=0, y=figure.get_subplot(row, 1).yaxis.domain[1], xanchor="left",
            yanchor="bottom", font={"size": 12}, showarrow=False,
        )  # fmt: skip
    _finish(
        figure, theme, quantity, 40 + row_height * len(runs), _range([hourly for _, hourly in runs], year, quantity)
    )
    return figure


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
    found = frame[quantity.column].groupby(of_hours).agg(["mean", "min", "max"]).reset_index(drop=True)
    found.insert(0, "month", [f"{CALENDAR_START.replace(month=month):%B}" for month in np.unique(of_hours)])
    return found


def _heatmap(hourly: pd.DataFrame, year: int, quantity: Quantity) -> go.Heatmap:
    return go.Heatmap(
        # Seven digits are more than a colour or a hover shows, in half the bytes.
        z=by_day(year_hours(hourly, year)[quantity.column].to_numpy()).astype(np.float32),
        x0=CALENDAR_START.isoformat(),
        dx=DAY_MS,
        y0=0.5,
        dy=1,
        coloraxis="coloraxis",
        name=quantity.label,
        hovertemplate=f"%{{x|%-d %b}}, hour %{{y:.0f}}: %{{z:,.2f}} {quantity.unit}<extra></extra>",
    )


def _range(frames: list[pd.DataFrame], year: int, quantity: Quantity) -> tuple[float, float]:
    columns = [year_hours(frame, year)[quantity.column] for frame in frames if quantity.column in frame]
    values = np.concatenate([column.to_numpy() for column in columns]) if columns else np.zeros(0)
    if not len(values):
        return 0.0, 1.0
    # One scarce hour at the value of lost load must not wash out all others.
    low, high = np.percentile(values, [0.5, 99.5]) if quantity.unit.startswith("USD") else (values.min(), values.max())
    return float(low), float(high if high > low else low + 1.0)


def _finish(figure: go.Figure, theme: str, quantity: Quantity, height: int, scale: tuple[float, float]) -> None:
    unit = quantity.unit.replace("USD/", "$/")
    figure.update_layout(
        template=themes.template(theme),
        height=height,
        autosize=True,
        hovermode="closest",
        coloraxis={
            "cmin": scale[0],
            "cmax": scale[1],
            "colorbar": {
                "title": {"text": unit, "side": "top"},
                "len": min(1.0, 260 / height),
                "y": 1,
                "yanchor": "top",
            },
        },
    )
    figure.update_xaxes(type="date", tickformat="%b", dtick="M1", ticklabelmode="period")
    figure.update_yaxes(
        tickvals=[0, 6, 12, 18, 24], range=[0, 24], title_text="Hour of day", showgrid=False, zeroline=False
    )
