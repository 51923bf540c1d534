"""How much each input moves a figure: tornado, Sobol and Morris indices, rank correlations."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import canvas
from dashboard.formatting import significant
from engine.sweep.sensitivity import Sensitivity

ROW_PX, FRAME_PX = 46, 92
# Two blues that differ in lightness too: low end and high end, first order and total.
FIRST, SECOND = "#7FA8DB", "#1B4F9C"
HATCH = {"fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.55)", "size": 7, "solidity": 0.18}
COLUMNS = {
    "tornado": ["label", "low_input", "high_input", "unit", "low", "high", "swing"],
    "sobol": ["label", "first", "first_conf", "total", "total_conf"],
    "morris": ["label", "mu_star", "mu_star_conf", "sigma", "mu"],
    "rank": ["label", "rho", "p"],
}
TITLES = {
    "tornado": "What each input moves alone",
    "sobol": "Share of the spread by input (Sobol)",
    "morris": "Effect of each input (Morris)",
    "rank": "Order of the figure by input (rank correlation)",
}


def sensitivity_chart(found: Sensitivity, label: str, unit: str, theme: str = "light") -> go.Figure:
    """Bars, the strongest input on top.

    Parameters
    ----------
    found : Sensitivity
    label, unit : str
        Of the figure.
    """
    rows = found.table.iloc[::-1]
    figure = canvas(theme, FRAME_PX + ROW_PX * max(1, len(rows)), hovermode="closest", barmode="group")
    if rows.empty:
        figure.add_annotation(text="Not enough cases yet", x=0.5, y=0.5, xref="paper", yref="paper")
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        return figure
    draw = {"tornado": _tornado, "sobol": _sobol, "morris": _morris, "rank": _rank}[found.method]
    draw(figure, rows, label, "" if unit == "-" else unit)
    figure.update_yaxes(automargin=True, showgrid=False, tickfont={"size": 12})
    figure.update_xaxes(showgrid=True)
    return figure


def describe_sensitivity(found: Sensitivity, label: str) -> str:
    """The chart in words."""
    if found.table.empty:
        return found.words
    first = found.table.iloc[0]
    strongest = {
        "tornado": lambda: f"moves it most, by {significant(float(first['swing']))}",
        "sobol": lambda: f"matters most: total index {significant(float(first['total']), 2)}",
        "morris": lambda: f"matters most: mu* {significant(float(first['mu_star']))}",
        "rank": lambda: f"has the clearest order: {significant(float(first['rho']), 2)}",
    }[found.method]()
    return f"{label}: {first['label']} {strongest}. {found.words}"


def sensitivity_table(found: Sensitivity) -> pd.DataFrame:
    """The numbers of the chart."""
    return found.table[COLUMNS[found.method]] if len(found.table) else found.table


def _tornado(figure: go.Figure, rows: pd.DataFrame, label: str, unit: str) -> None:
    base = float(rows["base"].iloc[0])
    for end, colour, pattern in (("low", FIRST, ""), ("high", SECOND, "/")):
        inputs = rows[f"{end}_input"] + " " + rows["unit"].where(rows["unit"] != "-", "")
        figure.add_trace(
            go.Bar(
                y=rows["label"], x=rows[end] - base, base=base, orientation="h", name=f"Input at its {end} end",
                marker={"color": colour, "pattern": {**HATCH, "shape": pattern}},
                customdata=list(zip(inputs, rows[end], strict=True)), text=inputs, textposition="none",
                hovertemplate=f"%{{y}} at %{{customdata[0]}}: %{{customdata[1]:,.4~g}} {unit}<extra></extra>",
            )
        )  # fmt: skip
    figure.add_vline(x=base, line_width=1)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text=_axis(label, unit))


def _sobol(figure: go.Figure, rows: pd.DataFrame, label: str, unit: str) -> None:
    for kind, name, colour, pattern in (
        ("total", "Total, with interactions", SECOND, "/"),
        ("first", "First order, alone", FIRST, ""),
    ):
        _bars(figure, rows, kind, f"{kind}_conf", name, colour, pattern, "")
    figure.update_xaxes(title_text=f"Share of the variance of {label[:1].lower()}{label[1:]}", rangemode="tozero")


def _morris(figure: go.Figure, rows: pd.DataFrame, label: str, unit: str) -> None:
    _bars(figure, rows, "sigma", "", "sigma: depends on the others", FIRST, "", unit)
    _bars(figure, rows, "mu_star", "mu_star_conf", "mu*: mean effect", SECOND, "/", unit)
    figure.update_xaxes(title_text=_axis(f"Change of {label[:1].lower()}{label[1:]} over the range", unit))


def _rank(figure: go.Figure, rows: pd.DataFrame, label: str, unit: str) -> None:
    _bars(figure, rows, "rho", "", "Spearman's rho", SECOND, "", "")
    figure.update_xaxes(title_text="Rank correlation, -1 to 1", range=[-1.05, 1.05])
    figure.update_layout(showlegend=False)


def _bars(
    figure: go.Figure, rows: pd.DataFrame, column: str, conf: str, name: str, colour: str, pattern: str, unit: str
) -> None:
    errors = {"type": "data", "array": rows[conf], "thickness": 1.2} if conf else None
    figure.add_trace(
        go.Bar(
            y=rows["label"], x=rows[column], orientation="h", name=name, error_x=errors,
            marker={"color": colour, "pattern": {**HATCH, "shape": pattern}},
            hovertemplate=f"%{{y}}: %{{x:.3~g}} {unit}<extra>{name}</extra>",
        )
    )  # fmt: skip


def _axis(label: str, unit: str) -> str:
    return f"{label}, {unit}" if unit else label
