"""Where the money goes: by category, by technology, by year, and from one plan to another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import bar_gap, canvas, kinds_of, labels_of, stack_order, years_axis
from dashboard.formatting import percent, plural, significant, usd
from dashboard.response import RESPONSE
from dashboard.theme import COST_COLOURS, LOOKS, looks
from engine.nomenclature import COST_CATEGORIES, SITE

MILLION = 1e6
MOST_LEVEL_NAMES = 5
SMALL_STEP = 0.02  # of the largest step of a bridge
RESPONSE_KEY = "demand_response"
RESPONSE_CATEGORIES = ("curtailment", "dr_revenue")
SHORT_CATEGORIES = {
    "capital": "Capital",
    "fixed": "Fixed O&M",
    "fuel": "Fuel",
    "variable": "Variable O&M",
    "grid_energy": "Grid energy",
    "demand_charge": "Demand charge",
    "export_revenue": "Exports",
    "carbon": "Carbon",
    "augmentation": "Augmentation",
    "curtailment": "Curtailment",
    "dr_revenue": "DR revenue",
    "unserved": "Unserved",
}


def costs_by_year(costs: pd.DataFrame, group: str = "category") -> pd.DataFrame:
    """Stage 2's cost of each year [USD]: years down, categories or technologies across; empty ones left out.

    Parameters
    ----------
    costs : DataFrame
        Table `costs`.
    group : {"category", "technology"}
    """
    final = costs[costs["stage"] == 2]
    if group == "technology":
        final = final.assign(technology=_bearer(final))
    wide = final.pivot_table(index="year", columns=group, values="cost_usd", aggfunc="sum").fillna(0.0)
    order = [key for key in COST_CATEGORIES if key in wide] if group == "category" else list(wide.columns)
    return wide[[key for key in order if wide[key].abs().max() > 0.5]]


def _bearer(costs: pd.DataFrame) -> pd.Series:
    """Technology of each cost; demand response stands for itself, apart from the energy that the site goes without."""
    return costs["technology"].mask(costs["category"].isin(RESPONSE_CATEGORIES), RESPONSE_KEY)


def cost_stack(
    costs: pd.DataFrame,
    technologies: Mapping[str, Mapping[str, str]],
    group: str = "category",
    theme: str = "light",
    height: int = 320,
) -> go.Figure:
    """Cost of each year, stacked by category or by technology; revenue below zero."""
    wide = costs_by_year(costs, group)
    names, colours = group_names(technologies, group), group_colours(technologies, group)
    order = [key for key in (*COST_CATEGORIES, *stack_order(technologies), RESPONSE_KEY, SITE) if key in wide]
    figure = canvas(theme, height, barmode="relative", bargap=bar_gap(len(wide)))
    for key in order:
        hatch = {"pattern": {"shape": "/", "size": 6, "solidity": 0.45}} if key in ("unserved", SITE) else {}
        colour = {} if hatch else {"color": colours[key]}
        figure.add_trace(
            go.Bar(
                name=names[key],
                x=[str(year) for year in wide.index],
                y=wide[key].to_numpy() / MILLION,
                marker={**colour, **hatch},
                hovertemplate="$%{y:,.2f} M",
            )
        )
    figure.update_xaxes(**years_axis([int(year) for year in wide.index]))
    figure.update_yaxes(title_text="M USD a year, undiscounted")
    return figure


def group_names(technologies: Mapping[str, Mapping[str, str]], group: str) -> dict[str, str]:
    """Labels of categories or technologies."""
    return dict(SHORT_CATEGORIES) if group == "category" else {**labels_of(technologies), **_SITE_NAMES}


_SITE_NAMES = {RESPONSE_KEY: RESPONSE, SITE: "Unserved energy"}


def group_colours(technologies: Mapping[str, Mapping[str, str]], group: str) -> dict[str, str]:
    """Colours of categories or technologies."""
    if group == "category":
        return COST_COLOURS
    own = {RESPONSE_KEY: LOOKS[RESPONSE_KEY].colour, SITE: COST_COLOURS["unserved"]}
    return {key: look.colour for key, look in looks(kinds_of(technologies)).items()} | own


def present_values(costs: pd.DataFrame) -> pd.DataFrame:
    """Present value [USD] of stage 2 by technology (down) and category (across), with totals at the end."""
    final = costs[costs["stage"] == 2]
    final = final.assign(technology=_bearer(final))
    wide = final.pivot_table(index="technology", columns="category", values="present_value_usd", aggfunc="sum").fillna(
        0.0
    )
    wide = wide[[key for key in COST_CATEGORIES if key in wide and wide[key].abs().max() > 0.5]]
    wide = wide[wide.abs().sum(axis=1) > 0.5]
    wide["total"] = wide.sum(axis=1)
    return pd.concat([wide, wide.sum().to_frame("total").T])


def describe_costs(costs: pd.DataFrame) -> str:
    """The chart in words."""
    final = costs[costs["stage"] == 2]
    parts = final.groupby("category")["present_value_usd"].sum()
    total = float(parts.sum())
    largest = parts.sort_values(ascending=False).head(3)
    words = [
        f"{COST_CATEGORIES[str(key)].lower()} {usd(float(value))} ({percent(float(value) / total if total else 0)})"
        for key, value in largest.items()
        if abs(value) > 0.5
    ]
    years = plural(final["year"].nunique(), "year")
    return f"Net present cost {usd(total)} over {years}; the largest parts are {', '.join(words)}."


def stack_per_mwh(parts: pd.DataFrame, titles: Mapping[str, str], theme: str = "light", height: int = 320) -> go.Figure:
    """Levelised cost of each run, stacked by category.

    Parameters
    ----------
    parts : DataFrame
        Columns run_id, category, usd_per_mwh.
    titles : mapping
        Label of each run, in order.
    """
    wide = parts.pivot_table(index="run_id", columns="category", values="usd_per_mwh", aggfunc="sum").fillna(0.0)
    wide = wide.reindex(list(titles))
    figure = canvas(theme, height, barmode="relative", bargap=0.4)
    for key in (key for key in COST_CATEGORIES if key in wide and wide[key].abs().max() > 1e-6):
        hatch = (
            {"pattern": {"shape": "/", "size": 6, "solidity": 0.45}}
            if key == "unserved"
            else {"color": COST_COLOURS[key]}
        )
        figure.add_trace(
            go.Bar(
                name=SHORT_CATEGORIES[key], x=list(titles.values()), y=wide[key].to_numpy(), marker=hatch,
                hovertemplate="$%{y:,.2f} /MWh",
            )
        )  # fmt: skip
    totals = wide.sum(axis=1).to_numpy()
    figure.add_trace(
        go.Scatter(
            x=list(titles.values()), y=wide.clip(lower=0).sum(axis=1).to_numpy(), mode="text", showlegend=False,
            text=[f"${significant(float(total))}" for total in totals], textposition="top center",
            textfont={"size": 14}, hoverinfo="skip", cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_yaxes(title_text="USD/MWh")
    figure.update_xaxes(type="category")
    return figure


def bridge(
    steps: pd.DataFrame, base: tuple[str, float], run: tuple[str, float], theme: str = "light", height: int = 320
) -> go.Figure:
    """Waterfall from a base's levelised cost to a run's.

    Parameters
    ----------
    steps : DataFrame
        Columns category, usd_per_mwh (differences).
    base, run : (title, USD/MWh)
    """
    names, change = _steps(steps)
    names = [name.replace(" ", "<br>") for name in names] if len(names) <= MOST_LEVEL_NAMES else names
    texts = [f"${significant(base[1])}", *(_signed(value) for value in change), f"${significant(run[1])}"]
    figure = canvas(theme, height)
    figure.add_trace(
        go.Waterfall(
            x=[base[0], *names, run[0]],
            y=[base[1], *change, run[1]],
            measure=["absolute", *["relative"] * len(names), "total"],
            text=texts,
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": "#D08A2E"}},
            decreasing={"marker": {"color": "#5B8DB8"}},
            totals={"marker": {"color": "#7D8696"}},
            hovertemplate="%{x}: %{text} /MWh<extra></extra>",
            showlegend=False,
        )
    )
    levels = np.concatenate([[base[1]], base[1] + np.cumsum(change), [run[1]]])
    low, high = float(levels.min()), float(levels.max())
    # The bridge is about differences: the axis starts near the lowest level, and says so.
    floor = 0.0 if low <= 0 or high - low > 0.5 * high else max(0.0, low - 0.6 * max(high - low, 0.02 * high))
    figure.update_yaxes(
        title_text="USD/MWh" + (" (axis cut)" if floor > 0 else ""), range=[floor, high + 0.12 * (high - floor)]
    )
    # Many steps in a narrow panel: their names would run into each other.
    figure.update_xaxes(type="category", tickangle=0 if len(names) <= MOST_LEVEL_NAMES else -40, tickfont={"size": 12})
    figure.update_layout(hovermode="closest")
    return figure


def _steps(steps: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Names and heights of a bridge's steps; what is too small to see is one step together, so that all still sum."""
    size = steps["usd_per_mwh"].abs()
    visible = size >= max(0.005, SMALL_STEP * float(size.max()) if len(size) else 0.0)
    names = [SHORT_CATEGORIES[key] for key in steps[visible]["category"]]
    change = steps[visible]["usd_per_mwh"].to_numpy(dtype=float)
    rest = float(steps[~visible]["usd_per_mwh"].sum())
    return ([*names, "Other"], np.append(change, rest)) if abs(rest) >= 0.005 else (names, change)


def _signed(value: float) -> str:
    text = significant(abs(value), 2 if abs(value) < 1 else 3)
    return f"+${text}" if value > 0 else f"−${text}"
