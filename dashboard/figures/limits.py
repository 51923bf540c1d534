"""Emissions, gas, land and firm capacity against their limits, year by year."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import composed, side_axes, side_domains, side_title
from dashboard.formatting import significant

# Up to so many panels stand wide enough for their titles; beyond, titles are broken into lines.
WIDE_PANELS, TITLE_CHARACTERS, TITLE_LINE_PX = 3, 16, 16
# Known limits in this order; what a later engine adds follows.
ORDER = ("nox", "gas", "land", "co2", "n_minus_1", "served")


def final_limits(limits: pd.DataFrame) -> pd.DataFrame:
    """Stage 2's limits; those that only the sizing has (N-1) from stage 1."""
    if limits.empty:
        return limits
    second = limits[limits["stage"] == 2]
    first = limits[(limits["stage"] == 1) & ~limits["limit"].isin(second["limit"])]
    return pd.concat([second, first])


def tightest(limits: pd.DataFrame) -> pd.DataFrame:
    """One row a limit: the year that comes closest to it (N-1: the least above the floor)."""
    final = final_limits(limits)
    if final.empty:
        return final
    closeness = np.where(final["sense"] == "at_least", -final["used_frac"], final["used_frac"])
    return (
        final.assign(closeness=closeness)
        .sort_values(["closeness", "year"], ascending=[False, True])
        .drop_duplicates("limit")
        .drop(columns="closeness")
        .set_index("limit", drop=False)
        .loc[_in_order(final)]
    )


def _in_order(limits: pd.DataFrame) -> list[str]:
    found = list(dict.fromkeys(limits["limit"])) if len(limits) else []
    return sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def limits_by_year(limits: pd.DataFrame, theme: str = "light", height: int = 260) -> go.Figure:
    """Each limit in a panel of its own: value of each year as a bar, the ceiling (or floor) as a line."""
    final = final_limits(limits)
    # What the tables show in numbers only: a share of energy served is always near its floor.
    names = [key for key in _in_order(final) if key != "served"]
    traces: list[dict[str, Any]] = []
    titles, axes = [], {}
    for place, (name, domain) in enumerate(zip(names, side_domains(len(names), 0.07), strict=True), start=1):
        rows = final[final["limit"] == name].sort_values("year")
        years, unit = [int(year) for year in rows["year"]], rows["unit"].iloc[0]
        label, sense = rows["label"].iloc[0], rows["sense"].iloc[0]
        named, own = side_axes(place, domain, years, 4, nticks=5)
        axes |= own
        shared = {
            **named, "x": [str(year) for year in years], "showlegend": False,
            "hovertemplate": f"%{{y:,.2f}} {unit}",
        }  # fmt: skip
        traces += [
            {**shared, "type": "bar", "name": label, "y": rows["value"].to_numpy(), "marker": {"color": "#7F90AE"}},
            {
                **shared, "type": "scatter", "name": "At most" if sense == "at_most" else "At least",
                "y": rows["ceiling"].to_numpy(), "mode": "lines" if len(years) > 1 else "markers",
                "line": {"width": 2, "dash": "dash"},
                "marker": {"symbol": "line-ew-open", "size": 40, "line": {"width": 2}},
            },
        ]  # fmt: skip
        titles.append(side_title(_wrapped(f"{label}, {unit}", len(names)), domain[0]))
    lines = max((title["text"].count("<br>") for title in titles), default=0)
    margin = {"t": 30 + TITLE_LINE_PX * lines}
    return composed(traces, theme, height, bargap=0.3, margin=margin, annotations=titles, **axes)


def _wrapped(title: str, panels: int) -> str:
    """A panel's title in lines that fit beside its neighbours'."""
    return title if panels <= WIDE_PANELS else "<br>".join(textwrap.wrap(title, TITLE_CHARACTERS))


def describe_limits(limits: pd.DataFrame) -> str:
    """The limits in words."""
    rows = tightest(limits)
    if rows.empty:
        return "This scenario has no limits."
    words = []
    for row in rows.itertuples():
        state = ", binding" if row.binding else ""
        words.append(
            f"{row.label}: {significant(float(row.value))} of {significant(float(row.ceiling))} {row.unit} "
            f"in {row.year} ({significant(100 * float(row.used_frac))} %{state})"
        )
    return "; ".join(words) + "."
