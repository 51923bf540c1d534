"""Regret by future, ranges of alternatives, cost and builds along an input."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import canvas
from dashboard.theme import looks

MILLION = 1e6
DISC = "#5a6678"  # readable with white letters on both themes
ROW_PX = 46
# Discs of one row stand one above the other, so that none hides another.
DISC_PX = 18


def regret_discs(cells: pd.DataFrame, letters: Mapping[str, str], theme: str = "light") -> go.Figure:
    """Regret of each plan in each future: a disc with the plan's letter; what falls short stands apart at the right.

    Parameters
    ----------
    cells : DataFrame
        run_id, future, regret_usd, serves.
    letters : mapping
        Of the plans, by run.
    """
    futures = list(dict.fromkeys(cells["future"]))
    own = cells[cells["run_id"].isin(letters)]
    highest = float((own[own["serves"]]["regret_usd"] / MILLION).max()) if own["serves"].any() else 0.0
    highest = max(highest, 1e-6) if highest == highest else 1.0
    row_px = max(ROW_PX, DISC_PX * len(letters) + 10)
    figure = canvas(theme, 110 + row_px * len(futures), hovermode="closest", showlegend=False)
    spread = DISC_PX / row_px
    for place, (run_id, letter) in enumerate(letters.items()):
        rows = own[own["run_id"] == run_id].set_index("future").reindex(futures)
        serves = rows["serves"].fillna(False).astype(bool)
        x = (rows["regret_usd"] / MILLION).where(serves, 1.16 * highest)
        offset = spread * (place - (len(letters) - 1) / 2)
        figure.add_trace(
            go.Scatter(
                x=x, y=[number + offset for number in range(len(futures))], mode="markers+text", text=letter,
                textfont={"color": "#ffffff", "size": 12},
                marker={
                    "size": DISC_PX, "color": [DISC if ok else "#a3173a" for ok in serves],
                    "symbol": ["circle" if ok else "square" for ok in serves],
                },
                customdata=["regret" if ok else "falls short" for ok in serves],
                hovertemplate=f"{letter}, %{{customdata}}: $%{{x:,.2f}} M<extra></extra>", cliponaxis=False,
            )
        )  # fmt: skip
    if not own["serves"].all():
        figure.add_vline(x=1.08 * highest, line={"width": 1, "dash": "dot"})
        figure.add_annotation(
            x=1.1 * highest,
            y=-0.75,
            text="falls<br>short",
            showarrow=False,
            xanchor="left",
            align="left",
            font={"size": 12},
        )
    figure.update_yaxes(
        tickvals=list(range(len(futures))), ticktext=futures, range=[len(futures) - 0.4, -1.0], showgrid=False,
        zeroline=False, ticklabelstandoff=DISC_PX // 2,
    )  # fmt: skip
    figure.update_xaxes(title_text="Regret, M USD (present value)", range=[-0.06 * highest, 1.28 * highest])
    return figure


def describe_regret(cells: pd.DataFrame, letters: Mapping[str, str]) -> str:
    """The chart in words."""
    parts = []
    for run_id, letter in letters.items():
        rows = cells[cells["run_id"] == run_id]
        short = int((~rows["serves"]).sum())
        worst = rows[rows["serves"]]["regret_usd"].max()
        words = f"at most ${worst / MILLION:,.2f} M" if worst == worst else "no regret where nothing serves"
        parts.append(f"{letter} {words}" + (f", falls short in {short}" if short else ""))
    return f"Regret by future: {'; '.join(parts)}."


def cost_along(points: pd.DataFrame, breaks: pd.DataFrame, now: float, axis: str, theme: str = "light") -> go.Figure:
    """Levelised cost along an input, its breaks as lines, the scenario's own value as a disc."""
    figure = canvas(theme, 320, hovermode="x unified", showlegend=False, margin={"t": 34})
    figure.add_trace(
        go.Scatter(
            x=points["value"], y=points["usd_per_mwh"], mode="lines+markers", line={"width": 2, "color": "#7D8696"},
            marker={"size": 5}, customdata=points["mix"], hovertemplate="$%{y:,.2f} /MWh, %{customdata}<extra></extra>",
        )
    )  # fmt: skip
    for value in breaks["value"]:
        figure.add_vline(x=float(value), line={"width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=float(value), y=1.0, yref="paper", yanchor="bottom", text=f"{value:.4g}", showarrow=False,
            font={"size": 12},
        )  # fmt: skip
    low, high = float(points["value"].min()), float(points["value"].max())
    if low <= now <= high:
        figure.add_vline(x=now, line={"width": 1, "dash": "dot"})
        figure.add_annotation(x=now, y=0, yref="paper", yanchor="bottom", xanchor="left", text=" scenario",
                              showarrow=False, font={"size": 12})  # fmt: skip
    figure.update_xaxes(title_text=axis)
    figure.update_yaxes(title_text="Levelised cost, USD/MWh (preview)")
    return figure


def builds_along(
    builds: pd.DataFrame, kinds: Mapping[str, str], labels: Mapping[str, str], axis: str, theme: str = "light"
) -> go.Figure:
    """MW built over the plan along an input, a line a technology."""
    figure = canvas(theme, 320, hovermode="x unified")
    for key, look in looks(dict(kinds)).items():
        rows = builds[builds["technology"] == key].sort_values("value")
        if rows.empty or rows["built_mw"].max() < 0.05:
            continue
        figure.add_trace(
            go.Scatter(
                x=rows["value"], y=rows["built_mw"], mode="lines", name=labels.get(key, key),
                line={"color": look.colour, "dash": look.dash, "width": 2.5}, hovertemplate="%{y:,.0f} MW",
            )
        )  # fmt: skip
    figure.update_xaxes(title_text=axis)
    figure.update_yaxes(title_text="Built over the plan, MW", rangemode="tozero")
    return figure


def ranges(table: pd.DataFrame, kinds: Mapping[str, str], theme: str = "light") -> go.Figure:
    """Least to most of each technology among plans within the slack, the best plan's as a mark.

    Parameters
    ----------
    table : DataFrame
        technology, label, unit, least, most, best.
    """
    figure = canvas(theme, 110 + ROW_PX * len(table), hovermode="closest", showlegend=False, barmode="overlay")
    colours = {key: look.colour for key, look in looks(dict(kinds)).items()}
    names = list(table["label"])
    figure.add_trace(
        go.Bar(
            y=names, x=table["most"] - table["least"], base=table["least"], orientation="h", width=0.42,
            marker={"color": [colours[key] for key in table["technology"]]},
            customdata=table[["least", "most"]],
            hovertemplate="%{customdata[0]:,.0f} to %{customdata[1]:,.0f} MW<extra></extra>",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            y=names, x=table["best"], mode="markers",
            marker={"symbol": "diamond", "size": 12, "color": "#ffffff", "line": {"width": 2, "color": "#16191f"}},
            hovertemplate="best plan: %{x:,.0f} MW<extra></extra>", cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=10)  # a mark may stand at nothing
    figure.update_xaxes(title_text="Built over the plan, MW", rangemode="tozero")
    return figure


def mixes(plans: pd.DataFrame, kinds: Mapping[str, str], labels: Mapping[str, str], theme: str = "light") -> go.Figure:
    """MW built of each technology in each alternative, stacked.

    Parameters
    ----------
    plans : DataFrame
        plan, technology, built_mw.
    """
    names = list(dict.fromkeys(plans["plan"]))
    figure = canvas(theme, 130 + 30 * len(names), barmode="stack", hovermode="closest")
    for key, look in looks(dict(kinds)).items():
        rows = plans[plans["technology"] == key].set_index("plan")["built_mw"].reindex(names).fillna(0.0)
        if rows.max() < 0.05:
            continue
        figure.add_trace(
            go.Bar(
                y=names, x=rows, name=labels.get(key, key), orientation="h", marker={"color": look.colour},
                hovertemplate="%{x:,.0f} MW",
            )
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(title_text="Built over the plan, MW")
    return figure


def input_bridge(
    parts: pd.DataFrame, base: tuple[str, float], run: tuple[str, float], theme: str = "light"
) -> go.Figure:
    """From the base's levelised cost to the run's, a step an input.

    Parameters
    ----------
    parts : DataFrame
        label, usd_per_mwh.
    """
    names = [_wrapped(label) for label in parts["label"]]
    change = [float(value) for value in parts["usd_per_mwh"]]
    signs = [f"{'+' if value > 0 else '−'}${abs(value):,.2f}" for value in change]
    texts = [f"${base[1]:,.2f}", *signs, f"${run[1]:,.2f}"]
    figure = canvas(theme, 340, hovermode="closest", showlegend=False)
    figure.add_trace(
        go.Waterfall(
            x=[base[0], *names, run[0]], y=[base[1], *change, run[1]],
            measure=["absolute", *["relative"] * len(names), "total"], text=texts, textposition="outside",
            cliponaxis=False, increasing={"marker": {"color": "#D08A2E"}}, decreasing={"marker": {"color": "#5B8DB8"}},
            totals={"marker": {"color": "#7D8696"}}, hovertemplate="%{x}: %{text} /MWh<extra></extra>",
        )
    )  # fmt: skip
    levels = [base[1], run[1]]
    level = base[1]
    for value in change:
        level += value
        levels.append(level)
    low, high = min(levels), max(levels)
    floor = 0.0 if low <= 0 or high - low > 0.5 * high else max(0.0, low - 0.6 * max(high - low, 0.02 * high))
    figure.update_yaxes(
        title_text="USD/MWh" + (" (axis cut)" if floor > 0 else ""), range=[floor, high + 0.14 * (high - floor)]
    )
    figure.update_xaxes(type="category", tickangle=0)
    return figure


def _wrapped(label: str, width: int = 16) -> str:
    lines: list[str] = []
    for word in str(label).split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)
