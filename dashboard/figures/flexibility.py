"""What the load can give: flexible shares of workloads, how long a cut of cooling lasts, potential against practice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme as themes
from dashboard.figures.common import canvas
from dashboard.formatting import significant
from engine.units import MINUTES_PER_HOUR

# Share of a whole facility's load that is typically flexible.
TYPICAL_FRAC = (0.10, 0.25)
TYPICAL_SOURCE = "Firmwatt domain figures, 2026"
HOLD_MINUTES = np.arange(5, 245, 5)


def mix_bars(mix: pd.DataFrame, theme: str, height: int = 280) -> go.Figure:
    """Share of the IT load of each workload: the flexible part full, the rest faint.

    Parameters
    ----------
    mix : DataFrame
        workload, share_frac, flexible_frac, callable (bool).
    """
    figure = canvas(theme, height, barmode="stack", bargap=0.4)
    colours = list(themes.source_colours(list(mix["workload"])).values())
    flexible = 100 * (mix["share_frac"] * mix["flexible_frac"]).to_numpy()
    firm = 100 * mix["share_frac"].to_numpy() - flexible
    names = mix["label"].tolist()
    for name, values, opacity in (("Flexible", flexible, 1.0), ("Runs on", firm, 0.35)):
        figure.add_trace(
            go.Bar(
                y=names,
                x=values,
                name=name,
                orientation="h",
                marker={"color": colours, "opacity": opacity},
                hovertemplate="%{x:.1f} % of IT",
                showlegend=False,
            )
        )
    figure.update_xaxes(title_text="% of IT load<br>flexible in full colour, the rest faint", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(hovermode="closest")
    return figure


def describe_mix(mix: pd.DataFrame) -> str:
    """The mix in words."""
    flexible = float((mix["share_frac"] * mix["flexible_frac"]).sum())
    parts = [f"{row.label} {100 * row.share_frac:.3g} %" for row in mix.itertuples()]
    return f"IT load: {', '.join(parts) or 'no workloads'}; {100 * flexible:.3g} % of it is flexible."


def held_mw(cut_mw: float, time_constant_min: float, minutes: np.ndarray) -> np.ndarray:
    """Cut of the cooling that can be held for each time: what the hall stores, spread over it, array [MW]."""
    return cut_mw * np.minimum(1.0, time_constant_min / minutes)


def hold_curve(cuts_mw: Mapping[str, float], time_constant_min: float, theme: str, height: int = 280) -> go.Figure:
    """MW of cooling that can be held against the length of the cut, at named levels of load."""
    figure = canvas(theme, height)
    for place, (name, cut_mw) in enumerate(cuts_mw.items()):
        figure.add_trace(
            go.Scatter(
                x=HOLD_MINUTES,
                y=held_mw(cut_mw, time_constant_min, HOLD_MINUTES),
                name=name,
                mode="lines",
                line={
                    "width": 2.25,
                    "color": themes.source_colours(["cooling"])["cooling"],
                    "dash": "dot" if place else "solid",
                },
                hovertemplate="%{y:,.2f} MW",
            )
        )
    figure.add_vline(x=time_constant_min, line={"width": 1, "dash": "dot"})
    figure.add_annotation(
        x=time_constant_min, y=1, yref="paper", text=f" time constant {time_constant_min:g} min",
        xanchor="left", yanchor="top", showarrow=False,
    )  # fmt: skip
    figure.update_xaxes(title_text="Length of the cut, minutes", range=[0, HOLD_MINUTES[-1]], dtick=30)
    figure.update_yaxes(title_text="MW held", rangemode="tozero")
    return figure


def hold_table(cuts_mw: Mapping[str, float], time_constant_min: float) -> pd.DataFrame:
    """MW that can be held for some lengths of a cut."""
    minutes = np.array([15.0, 30.0, 60.0, 120.0, 240.0])
    table = pd.DataFrame({name: held_mw(cut, time_constant_min, minutes) for name, cut in cuts_mw.items()})
    table.insert(0, "held for, h", minutes / MINUTES_PER_HOUR)
    return table


def describe_hold(cuts_mw: Mapping[str, float], time_constant_min: float) -> str:
    """The curve in words."""
    parts = [f"{significant(cut)} MW {name.lower()}" for name, cut in cuts_mw.items()]
    return (
        f"A cut of cooling gives {' and '.join(parts)} for {time_constant_min:g} minutes; a longer one "
        "gives less, in proportion."
    )


def potential_bars(shares: Mapping[str, float], theme: str, height: int = 200) -> go.Figure:
    """Shares of the facility's load, one bar each, over the band that is typical of whole facilities.

    Parameters
    ----------
    shares : mapping of str to float
        By name, of the facility's load [-].
    """
    figure = canvas(theme, height, bargap=0.45)
    names, values = list(shares), [100 * share for share in shares.values()]
    figure.add_vrect(
        x0=100 * TYPICAL_FRAC[0], x1=100 * TYPICAL_FRAC[1], fillcolor=themes.LOAD_COLOUR, opacity=0.18, line_width=0,
        layer="below",
    )  # fmt: skip
    figure.add_annotation(
        x=50 * sum(TYPICAL_FRAC), y=1.0, yref="paper", yanchor="bottom", showarrow=False,
        text=f"typical {100 * TYPICAL_FRAC[0]:.0f}–{100 * TYPICAL_FRAC[1]:.0f} %",
    )  # fmt: skip
    figure.add_trace(
        go.Bar(
            y=names,
            x=values,
            orientation="h",
            marker={"color": themes.LOOKS["demand_response"].colour},
            text=[f"{value:.3g} %" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{x:.2f} % of facility load<extra></extra>",
            showlegend=False,
        )
    )
    figure.update_xaxes(title_text="% of facility load", range=[0, max(40.0, 1.2 * max(values, default=0.0))])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(hovermode="closest", margin={"t": 24})
    return figure


def headroom_duration(
    demand_mw: np.ndarray, load_mw: float, ceiling_mw: np.ndarray, theme: str, height: int = 280
) -> go.Figure:
    """The highest hours of demand, alone and with the new load, under the ceiling.

    Parameters
    ----------
    demand_mw, ceiling_mw : array (hours,)
        Demand and what both may reach [MW].
    load_mw : float
        The new load [MW].
    """
    order = np.argsort(demand_mw - ceiling_mw, kind="stable")[::-1][: len(demand_mw) // 10]
    demand, ceiling = demand_mw[order], ceiling_mw[order]
    figure = canvas(theme, height)
    for name, values, dash, fill in (
        ("Demand", demand, "solid", "tozeroy"),
        ("With the new load, as wished", demand + load_mw, "dot", None),
        ("Ceiling", ceiling, "dash", None),
    ):
        figure.add_trace(
            go.Scatter(
                x0=1,
                dx=4,
                y=values[::4],
                name=name,
                mode="lines",
                line={"width": 2, "dash": dash},
                fill=fill,
                fillcolor=f"{themes.LOAD_COLOUR}55" if fill else None,
                hovertemplate="%{y:,.0f} MW",
            )
        )
    lowest = float(demand.min())
    figure.update_xaxes(title_text="Tightest hours of the year")
    figure.update_yaxes(title_text="MW", range=[0.98 * lowest, 1.02 * float((demand + load_mw).max())])
    return figure
