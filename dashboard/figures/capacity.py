"""What stands in each year, with the peak that it must meet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.common import bar_gap, canvas, kinds_of, labels_of, legend_rank, stack_order, years_axis
from dashboard.formatting import plural, significant
from dashboard.theme import looks, template

Technologies = Mapping[str, Mapping[str, str]]


def capacity_table(capacity: pd.DataFrame, technologies: Technologies) -> pd.DataFrame:
    """Power capacity in service [MW]: years down, what is ever built across, in stacking order."""
    wide = capacity.pivot_table(index="year", columns="technology", values="p_nom_mw", aggfunc="sum").fillna(0.0)
    built = [key for key in stack_order(technologies) if key in wide and wide[key].max() > 1e-6]
    return wide[built]


def capacity_by_year(
    capacity: pd.DataFrame, load: pd.DataFrame, technologies: Technologies, theme: str = "light", height: int = 340
) -> go.Figure:
    """Stacked capacity of each year under the line of its peak load.

    Parameters
    ----------
    capacity, load : DataFrame
        Tables `capacity` and `load` of a run.
    technologies : mapping
        {id: {kind, label}}, as in the manifest.
    """
    wide = capacity_table(capacity, technologies)
    figure = canvas(theme, height, barmode="stack", bargap=bar_gap(len(wide)))
    for trace in capacity_traces(wide, technologies):
        figure.add_trace(trace)
    figure.add_trace(peak_trace(load))
    figure.update_xaxes(**years_axis([int(year) for year in wide.index]))
    figure.update_yaxes(title_text="MW", rangemode="tozero")
    return figure


def capacity_traces(wide: pd.DataFrame, technologies: Technologies) -> list[go.Bar]:
    """One bar trace for each technology of a capacity table."""
    look, labels = looks(kinds_of(technologies)), labels_of(technologies)
    years = [str(year) for year in wide.index]
    return [
        go.Bar(
            name=labels[key],
            x=years,
            y=wide[key].to_numpy(),
            marker={"color": look[key].colour},
            legendgroup=key,
            legendrank=legend_rank(key, technologies),
            hovertemplate="%{y:,.2f} MW",
        )
        for key in wide
    ]


def peak_trace(load: pd.DataFrame) -> go.Scatter:
    """Peak load of each year, in the ink of the theme."""
    return go.Scatter(
        name="Peak load",
        x=[str(year) for year in load["year"]],
        y=load["peak_mw"].to_numpy(),
        mode="lines+markers",
        line={"width": 1.75},
        marker={"symbol": "line-ew-open", "size": 16, "line": {"width": 2.5}},
        legendgroup="peak",
        legendrank=2000,
        hovertemplate="%{y:,.2f} MW",
    )


def builds_table(capacity: pd.DataFrame, technologies: Technologies) -> pd.DataFrame:
    """What is built new, year by year: one row a build."""
    labels = labels_of(technologies)
    new = capacity[(capacity["built_mw"] > 1e-6) | (capacity["built_mwh"] > 1e-6)]
    return pd.DataFrame(
        {
            "year": new["year"].astype(int),
            "technology": [labels.get(key, key) for key in new["technology"]],
            "built_mw": new["built_mw"],
            "built_mwh": new["built_mwh"].where(new["built_mwh"] > 1e-6, np.nan),
        }
    ).reset_index(drop=True)


def describe_capacity(capacity: pd.DataFrame, load: pd.DataFrame, technologies: Technologies) -> str:
    """The chart in words."""
    wide, labels = capacity_table(capacity, technologies), labels_of(technologies)
    if wide.empty or not len(wide.columns):
        return "Nothing stands in any year."
    first, last = wide.iloc[0], wide.iloc[-1]
    parts = [f"{labels[key]} {significant(last[key])} MW" for key in wide]
    peak = significant(float(load["peak_mw"].iloc[-1]))
    start = f"from {significant(float(first.sum()))} MW in {wide.index[0]} " if len(wide) > 1 else ""
    return (
        f"Capacity over {plural(len(wide), 'year')}, {start}to {significant(float(last.sum()))} MW in {wide.index[-1]} "
        f"({', '.join(parts)}), for a peak load of {peak} MW."
    )


def capacity_multiples(
    runs: list[tuple[str, pd.DataFrame, pd.DataFrame, Technologies]], theme: str = "light", height: int = 320
) -> go.Figure:
    """Capacity by year of several runs, side by side on the same axes.

    Parameters
    ----------
    runs : list of (title, capacity, load, technologies)
    """
    wides = [capacity_table(capacity, technologies) for _, capacity, _, technologies in runs]
    years = sorted({int(year) for wide in wides for year in wide.index})
    figure = make_subplots(rows=1, cols=len(runs), shared_yaxes=True, horizontal_spacing=min(0.03, 0.12 / len(runs)))
    seen: set[str] = set()
    for column, ((title, _, load, technologies), wide) in enumerate(zip(runs, wides, strict=True), start=1):
        for trace in (*capacity_traces(wide, technologies), peak_trace(load)):
            trace.showlegend = trace.legendgroup not in seen
            seen.add(trace.legendgroup)
            figure.add_trace(trace, row=1, col=column)
        figure.add_annotation(
            text=title, xref="paper", yref="paper", x=figure.get_subplot(1, column).xaxis.domain[0], xanchor="left",
            y=1, yanchor="bottom", showarrow=False,
        )  # fmt: skip
        figure.update_xaxes(**years_axis(years), nticks=min(len(years), max(2, 12 // len(runs))), row=1, col=column)
    figure.update_layout(
        template=template(theme), height=height, autosize=True, barmode="stack", bargap=bar_gap(len(years)),
        legend={"y": 1 + 26 / height},
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(title_text="MW", col=1)
    return figure
