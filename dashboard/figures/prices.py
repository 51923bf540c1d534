"""What limits are worth by year, and how long energy has which price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import bar_gap, composed, side_axes, side_domains, side_title
from dashboard.formatting import significant
from engine.price_words import binding_limits

BIN_H = 60
# Prices of scarcity would flatten everything else: the axis ends a little above what 99 % of the hours cost.
SHOWN_FRAC = 0.99
DASHES = ("solid", "dash", "dot")
BAR = "#7F90AE"


def prices_by_year(prices: pd.DataFrame, theme: str = "light", height: int = 240) -> go.Figure:
    """Each binding limit in a panel of its own: worth of one more unit in each year."""
    names = binding_limits(prices)
    traces: list[dict[str, Any]] = []
    titles, axes = [], {}
    for place, (name, domain) in enumerate(zip(names, side_domains(len(names), 0.08), strict=True), start=1):
        rows = prices[prices["limit"] == name].sort_values("year")
        label, unit = rows["label"].iloc[0], rows["unit"].iloc[0]
        years = [int(year) for year in rows["year"]]
        named, own = side_axes(place, domain, years, 4, nticks=5)
        axes |= own
        traces.append(
            {
                "type": "bar", "name": label, "x": [str(year) for year in years], "y": rows["usd_per_unit"].to_numpy(),
                **named, "marker": {"color": BAR}, "showlegend": False,
                "hovertemplate": f"%{{y:,.4~g}} {unit} a year",
            }
        )  # fmt: skip
        titles.append(side_title(f"{label}, {unit}", domain[0]))
    gap = bar_gap(len(set(prices["year"])))
    return composed(traces, theme, height, bargap=gap, margin={"t": 30}, annotations=titles, **axes)


def chosen_years(years: Sequence[int]) -> list[int]:
    """First, middle and last year: more lines say no more."""
    ordered = sorted(set(years))
    return sorted({ordered[0], ordered[len(ordered) // 2], ordered[-1]})


def price_duration(hourly: pd.DataFrame, theme: str = "light", height: int = 300) -> go.Figure:
    """Marginal price of energy sorted from the dearest hour down, one line a year."""
    curves = {year: _sorted_price(hourly, year) for year in chosen_years([int(y) for y in hourly["year"].unique()])}
    lines = [
        {
            "type": "scatter", "x0": 0, "dx": BIN_H, "y": curve.reshape(-1, BIN_H).mean(axis=1), "name": str(year),
            "mode": "lines", "line": {"width": 2, "dash": dash}, "hovertemplate": "$%{y:,.2f} /MWh",
        }
        for dash, (year, curve) in zip(DASHES, curves.items(), strict=False)
    ]  # fmt: skip
    top = max(float(np.quantile(curve, SHOWN_FRAC)) for curve in curves.values())
    low = min(0.0, *(float(curve[-1]) for curve in curves.values()))
    hours = {"text": "Hours of the year with at least this price"}
    return composed(
        lines, theme, height, xaxis={"title": hours, "range": [0, 8760 - BIN_H], "dtick": 2000},
        yaxis={"title": {"text": "USD/MWh"}, "range": [1.1 * low, 1.25 * top if top > 0 else 1.0]},
    )  # fmt: skip


def price_table(hourly: pd.DataFrame) -> pd.DataFrame:
    """Price reached in some shares of the hours, by year."""
    points = {"Highest hour": 0, "1 % of hours": 88, "10 %": 876, "50 %": 4380, "90 %": 7884, "Lowest hour": 8759}
    rows = []
    for year in sorted(int(y) for y in hourly["year"].unique()):
        curve = _sorted_price(hourly, year)
        rows.append({"year": year, "mean": float(curve.mean()), **{n: float(curve[at]) for n, at in points.items()}})
    return pd.DataFrame(rows)


def describe_price_duration(hourly: pd.DataFrame) -> str:
    """The curves in words."""
    said = []
    for row in price_table(hourly).to_dict("records"):
        if row["year"] in chosen_years([int(y) for y in hourly["year"].unique()]):
            said.append(
                f"in {row['year']} one more MWh costs ${significant(row['mean'])} on average, "
                f"${significant(row['50 %'])} in half of all hours, ${significant(row['Highest hour'])} at most"
            )
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}."


def _sorted_price(hourly: pd.DataFrame, year: int) -> np.ndarray:
    prices = hourly[hourly["year"] == year]["price_usd_per_mwh"].to_numpy(dtype=float)
    return np.asarray(np.sort(prices)[::-1])
