"""What stands in each year, with the peak that it must meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import (
    bar_gap,
    composed,
    kinds_of,
    labels_of,
    legend_rank,
    side_axes,
    side_domains,
    side_title,
    stack_order,
    years_axis,
)
from dashboard.formatting import plural, significant
from dashboard.theme import looks

Technologies = Mapping[str, Mapping[str, str]]
Part = dict[str, Any]  # a trace as plain data


def capacity_table(capacity: pd.DataFrame, technologies: Technologies) -> pd.DataFrame:
    """Power capacity in service [MW]: years down, what is ever built across, in stacking order."""
    wide = capacity.pivot_table(index="year", columns="technology", values="p_nom_mw", aggfunc="sum").fillna(0.0)
    built = [key for key in stack_order(technologies) if key in wide and wide[key].max() > 1e-6]
    return wide[built]


def capacity_by_year(
    wide: pd.DataFrame, load: pd.DataFrame, technologies: Technologies, theme: str = "light", height: int = 340
) -> go.Figure:
    """Stacked capacity of each year under the line of its peak load.

    Parameters
    ----------
    wide : DataFrame
        A `capacity_table`.
    load : DataFrame
        Table `load` of a run.
    technologies : mapping
        {id: {kind, label}}, as in the manifest.
    """
    return composed(
        [*_bars(wide, technologies), _peak(load)], theme, height, barmode="stack", bargap=bar_gap(len(wide)),
        xaxis=years_axis([int(year) for year in wide.index]), yaxis={"title": {"text": "MW"}, "rangemode": "tozero"},
    )  # fmt: skip


def _bars(wide: pd.DataFrame, technologies: Technologies) -> list[Part]:
    """One bar trace for each technology of a capacity table."""
    look, labels = looks(kinds_of(technologies)), labels_of(technologies)
    years = [str(year) for year in wide.index]
    return [
        {
            "type": "bar",
            "name": labels[key],
            "x": years,
            "y": wide[key].to_numpy(),
            "marker": {"color": look[key].colour},
            "legendgroup": key,
            "legendrank": legend_rank(key, technologies),
            "hovertemplate": "%{y:,.2f} MW",
        }
        for key in wide
    ]


def _peak(load: pd.DataFrame) -> Part:
    """Peak load of each year, in the ink of the theme."""
    return {
        "type": "scatter",
        "name": "Peak load",
        "x": [str(year) for year in load["year"]],
        "y": load["peak_mw"].to_numpy(),
        "mode": "lines+markers",
        "line": {"width": 1.75},
        "marker": {"symbol": "line-ew-open", "size": 16, "line": {"width": 2.5}},
        "legendgroup": "peak",
        "legendrank": 2000,
        "hovertemplate": "%{y:,.2f} MW",
    }


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


def describe_capacity(wide: pd.DataFrame, load: pd.DataFrame, technologies: Technologies) -> str:
    """The chart in words, of a `capacity_table`."""
    labels = labels_of(technologies)
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
    runs : list of (title, capacity table, load, technologies)
    """
    years = sorted({int(year) for _, wide, _, _ in runs for year in wide.index})
    domains = side_domains(len(runs), min(0.03, 0.12 / len(runs)))
    traces: list[Part] = []
    titles, axes, seen = [], {}, set()
    for place, ((title, wide, load, technologies), domain) in enumerate(zip(runs, domains, strict=True), start=1):
        upright = {"matches": "y", "showticklabels": False} if place > 1 else {"title": {"text": "MW"}}
        named, own = side_axes(place, domain, years, min(len(years), max(2, 12 // len(runs))), **upright)
        axes |= own
        for trace in (*_bars(wide, technologies), _peak(load)):
            traces.append({**trace, **named, "showlegend": trace["legendgroup"] not in seen})
            seen.add(trace["legendgroup"])
        titles.append(side_title(title, domain[0], 1.0))
    return composed(
        traces, theme, height, barmode="stack", bargap=bar_gap(len(years)), legend={"y": 1 + 26 / height},
        annotations=titles, **axes,
    )  # fmt: skip
