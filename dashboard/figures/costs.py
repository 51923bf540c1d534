"""Where the money goes: by category, by technology, by year, and from one plan to another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import bar_gap, composed, kinds_of, labels_of, stack_order, years_axis
from dashboard.formatting import percent, plural, significant, usd
from dashboard.response import RESPONSE
from dashboard.theme import COST_COLOURS, LOOKS, looks
from engine.nomenclature import COST_CATEGORIES, SITE

MILLION = 1e6
MOST_LEVEL_NAMES = 5
SMALL_STEP = 0.02  # of the largest step of a bridge
RESPONSE_KEY = "demand_response"
RESPONSE_CATEGORIES = ("curtailment", "dr_revenue")
HATCH = {"pattern": {"shape": "/", "size": 6, "solidity": 0.45}}
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
    years = [str(year) for year in wide.index]
    bars = [
        {"type": "bar", "name": names[key], "x": years, "y": wide[key].to_numpy() / MILLION,
         "marker": HATCH if key in ("unserved", SITE) else {"color": colours[key]}, "hovertemplate": "$%{y:,.2f} M"}
        for key in order
    ]  # fmt: skip
    return composed(
        bars, theme, height, barmode="relative", bargap=bar_gap(len(wide)),
        xaxis=years_axis([int(year) for year in wide.index]), yaxis={"title": {"text": "M USD a year, undiscounted"}},
    )  # fmt: skip


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
    runs = list(titles.values())
    bars = [
        {"type": "bar", "name": SHORT_CATEGORIES[key], "x": runs, "y": wide[key].to_numpy(),
         "marker": HATCH if key == "unserved" else {"color": COST_COLOURS[key]}, "hovertemplate": "$%{y:,.2f} /MWh"}
        for key in COST_CATEGORIES if key in wide and wide[key].abs().max() > 1e-6
    ]  # fmt: skip
    totals = {
        "type": "scatter", "x": runs, "y": wide.clip(lower=0).sum(axis=1).to_numpy(), "mode": "text",
        "text": [f"${significant(float(total))}" for total in wide.sum(axis=1)], "textposition": "top center",
        "textfont": {"size": 14}, "hoverinfo": "skip", "cliponaxis": False, "showlegend": False,
    }  # fmt: skip
    return composed(
        [*bars, totals], theme, height, barmode="relative", bargap=0.4, xaxis={"type": "category"},
        yaxis={"title": {"text": "USD/MWh"}},
    )  # fmt: skip


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
    steps_drawn = {
        "type": "waterfall",
        "x": [base[0], *names, run[0]],
        "y": [base[1], *change, run[1]],
        "measure": ["absolute", *["relative"] * len(names), "total"],
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "increasing": {"marker": {"color": "#D08A2E"}},
        "decreasing": {"marker": {"color": "#5B8DB8"}},
        "totals": {"marker": {"color": "#7D8696"}},
        "hovertemplate": "%{x}: %{text} /MWh<extra></extra>",
        "showlegend": False,
    }
    levels = np.concatenate([[base[1]], base[1] + np.cumsum(change), [run[1]]])
    low, high = float(levels.min()), float(levels.max())
    # The bridge is about differences: the axis starts near the lowest level, and says so.
    floor = 0.0 if low <= 0 or high - low > 0.5 * high else max(0.0, low - 0.6 * max(high - low, 0.02 * high))
    title = "USD/MWh" + (" (axis cut)" if floor > 0 else "")
    # Many steps in a narrow panel: their names would run into each other.
    angle = 0 if len(names) <= MOST_LEVEL_NAMES else -40
    return composed(
        [steps_drawn], theme, height, hovermode="closest",
        xaxis={"type": "category", "tickangle": angle, "tickfont": {"size": 12}},
        yaxis={"title": {"text": title}, "range": [floor, high + 0.12 * (high - floor)]},
    )  # fmt: skip


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
