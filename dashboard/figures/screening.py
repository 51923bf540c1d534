"""What a MWh costs by how much a plant runs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import canvas
from dashboard.formatting import significant
from dashboard.theme import Look

HIGHEST_SHARE = 3.0  # of the dearest chosen plant at full use: steeper starts of curves leave the chart

HALO = {"color": "rgba(190,196,205,0.45)", "width": 5}


def screening_curve(
    costs: pd.DataFrame,
    look: Mapping[str, Look],
    factor_frac: float,
    theme: str = "light",
    height: int = 360,
) -> go.Figure:
    """Cost of energy against the capacity factor, one line an entry, and a mark at the chosen factor.

    Parameters
    ----------
    costs : DataFrame
        Columns key, name, capacity_factor_frac, usd_per_mwh.
    look : mapping of str to Look
        By key.
    factor_frac : float
        The chosen capacity factor.
    """
    figure = canvas(theme, height)
    for key, rows in costs.groupby("key", sort=False):
        style = look[str(key)]
        place = {"x": 100 * rows["capacity_factor_frac"].to_numpy(), "y": rows["usd_per_mwh"].to_numpy()}
        shared = {**place, "mode": "lines", "legendgroup": str(key)}
        # The darkest colours of the set need a light edge on dark paper; on light paper it is hardly seen.
        figure.add_trace(go.Scatter(**shared, line=HALO, showlegend=False, hoverinfo="skip"))
        figure.add_trace(
            go.Scatter(
                **shared,
                name=str(rows["name"].iloc[0]),
                line={"color": style.colour, "dash": style.dash, "width": 2.5},
                hovertemplate="$%{y:,.1f} /MWh",
            )
        )
    figure.add_shape(type="line", x0=100 * factor_frac, x1=100 * factor_frac, yref="paper", y0=0, y1=1)
    figure.update_xaxes(title_text="Capacity factor, %", range=[0, 100], dtick=10, showgrid=True, ticksuffix="")
    highest = HIGHEST_SHARE * float(costs.groupby("key")["usd_per_mwh"].min().max()) if len(costs) else 100.0
    figure.update_yaxes(title_text="USD/MWh", range=[0, highest])
    return figure


def at_factor(costs: pd.DataFrame, factor_frac: float) -> pd.DataFrame:
    """Cost of each entry at the chosen factor, cheapest first; one that cannot run so much shows its own most."""
    able = costs[costs["capacity_factor_frac"] <= factor_frac + 1e-9]
    last = able.groupby("key", sort=False).tail(1) if len(able) else able
    return last.sort_values("usd_per_mwh").reset_index(drop=True)


def describe_screening(costs: pd.DataFrame, factor_frac: float) -> str:
    """The chart in words."""
    ranked = at_factor(costs, factor_frac)
    if ranked.empty:
        return "Nothing is chosen that generates energy."
    parts = [f"{row.name_} {significant(row.cost)} USD/MWh" for row in _named(ranked)]
    return f"Cost of energy by capacity factor; at {100 * factor_frac:.0f} %: {', '.join(parts)}."


def _named(ranked: pd.DataFrame) -> list:
    renamed = ranked.rename(columns={"name": "name_", "usd_per_mwh": "cost"})
    return list(renamed.itertuples(index=False))
