"""The charts and figures of the load page, tab by tab, from a preview of the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.components.chart import Backing
from dashboard.figures import flexibility as flex
from dashboard.figures import load as figures
from dashboard.formatting import percent
from dashboard.ids import Load
from dashboard.load_preview import Preview
from dashboard.views.load_form import name_of
from engine.demand_response import potential
from engine.scenario.demand_response import COOLING

Part = Any
IT, OTHER = "it", "other"
PART_LABELS = {IT: "IT", COOLING: "Cooling", OTHER: "Losses and lighting"}


@dataclass(frozen=True)
class Chart:
    """A chart of a tab.

    Attributes
    ----------
    graph_id, tab, title, subtitle : str
    figure : callable
        Of a preview and a theme.
    backing : callable
        Its words and table.
    least_px : int
        Width below which it scrolls: its legend would leave it no room.
    """

    graph_id: str
    tab: str
    title: str
    subtitle: str
    figure: Callable[[Preview, str], go.Figure]
    backing: Callable[[Preview], Backing]
    least_px: int = 0


def _uses(seen: Preview) -> dict[str, np.ndarray]:
    split = seen.split
    return {IT: split.it_mw, COOLING: split.cooling_mw, OTHER: split.other_mw}


def _facility(seen: Preview) -> dict[str, np.ndarray]:
    return {"Facility": seen.load_mw}


def _workloads(seen: Preview) -> dict[str, np.ndarray]:
    split = seen.split
    return dict(split.workloads_mw) or {IT: split.it_mw}


def _flexible(seen: Preview) -> dict[str, np.ndarray]:
    return dict(potential(seen.scenario, seen.load_mw).technical)


def _flexible_lines(seen: Preview) -> dict[str, np.ndarray]:
    found = potential(seen.scenario, seen.load_mw)
    nothing = np.zeros(len(seen.load_mw))
    return {
        "Callable": sum(found.callable.values(), start=nothing),
        "Committed": sum(found.committed.values(), start=nothing),
    }


def _cooling_parts(seen: Preview) -> dict[str, np.ndarray]:
    return {COOLING: seen.scenario.load.cooling.reduction_frac * seen.split.cooling_mw}


def _labels(parts: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {key: PART_LABELS.get(key, name_of(key)) for key in parts}


def _week_figure(
    parts_of: Callable[[Preview], dict[str, np.ndarray]],
    lines_of: Callable[[Preview], dict[str, np.ndarray]] | None,
    seen: Preview,
    theme_name: str,
) -> go.Figure:
    parts = parts_of(seen)
    lines = lines_of(seen) if lines_of else {}
    return figures.stacked_week(parts, seen.week, theme_name, lines=lines, labels=_labels(parts))


def _week_backing(parts_of: Callable[[Preview], dict[str, np.ndarray]], name: str, seen: Preview) -> Backing:
    parts = parts_of(seen)
    table = figures.week_table(parts, _labels(parts), seen.week)
    units = {column: "MWh" for column in table if column != "day"}
    words = figures.describe_week(parts, _labels(parts), seen.week, seen.year)
    return Backing(words, table, units, f"{name}.csv")


def _curves(seen: Preview) -> dict[str, np.ndarray]:
    first, last = seen.scenario.calendar_years[0], seen.scenario.calendar_years[-1]
    chosen = {str(seen.year): seen.load_mw}
    return chosen | ({str(last): seen.first_mw * seen.multiples[-1]} if seen.year != last and first != last else {})


def _duration_backing(seen: Preview) -> Backing:
    table = figures.duration_table(_curves(seen))
    units = {column: "MW" for column in table if column != "reached in"}
    return Backing(figures.describe_duration(_curves(seen)), table, units, "load-duration.csv")


def path_of(seen: Preview) -> pd.DataFrame:
    """Multiple, peak and energy of each year."""
    return figures.path_table(seen.first_mw, seen.multiples, seen.scenario.time.first_year)


def _path_backing(seen: Preview) -> Backing:
    table = path_of(seen).rename(columns={"peak_mw": "peak", "energy_gwh": "energy"})
    units = {"multiple": "x first year", "peak": "MW", "energy": "GWh"}
    return Backing(figures.describe_path(path_of(seen)), table, units, "load-path.csv")


def _mix(seen: Preview) -> pd.DataFrame:
    rows = [
        {"workload": key, "label": name_of(key), "share_frac": one.share_frac, "flexible_frac": one.flexible_frac}
        for key, one in seen.scenario.load.workloads.items()
    ]
    return pd.DataFrame(rows, columns=["workload", "label", "share_frac", "flexible_frac"])


def _mix_backing(seen: Preview) -> Backing:
    mix = _mix(seen)
    table = pd.DataFrame(
        {
            "workload": mix["label"],
            "share": 100 * mix["share_frac"],
            "flexible": 100 * mix["flexible_frac"],
            "flexible part of IT": 100 * mix["share_frac"] * mix["flexible_frac"],
        }
    )
    units = {"share": "% of IT", "flexible": "% of workload", "flexible part of IT": "% of IT"}
    return Backing(flex.describe_mix(mix), table, units, "workload-mix.csv")


def cooling_cuts(seen: Preview) -> dict[str, float]:
    """Cooling that can be cut in the chosen year [MW]."""
    cut_mw = _cooling_parts(seen)[COOLING]
    return {"In the peak hour": float(cut_mw.max()), "On average": float(cut_mw.mean())}


def _hold_figure(seen: Preview, theme_name: str) -> go.Figure:
    return flex.hold_curve(cooling_cuts(seen), seen.scenario.load.cooling.time_constant_min, theme_name)


def _hold_backing(seen: Preview) -> Backing:
    cuts, constant = cooling_cuts(seen), seen.scenario.load.cooling.time_constant_min
    table = flex.hold_table(cuts, constant)
    units = dict.fromkeys(cuts, "MW")
    return Backing(flex.describe_hold(cuts, constant), table, units, "cooling-held.csv")


def shares_of_facility(seen: Preview) -> dict[str, float]:
    """Technical potential, callable and committed, as shares of the year's facility load [-]."""
    found, total = potential(seen.scenario, seen.load_mw), float(seen.load_mw.sum())
    parts = {
        "Technical potential": found.technical,
        "Callable": found.callable,
        "Committed, in window": found.committed,
    }
    return {name: _share(name, by_source, total, seen) for name, by_source in parts.items()}


def _share(name: str, by_source: Mapping[str, np.ndarray], total_mwh: float, seen: Preview) -> float:
    """Mean MW over mean load; what is committed counts in the hours in which it is held."""
    mw = sum(by_source.values(), start=np.zeros(len(seen.load_mw)))
    if name.startswith("Committed"):
        held = mw > 0
        return float(mw[held].sum() / seen.load_mw[held].sum()) if held.any() else 0.0
    return float(mw.sum() / total_mwh) if total_mwh else 0.0


def _potential_backing(seen: Preview) -> Backing:
    shares = shares_of_facility(seen)
    table = pd.DataFrame({"what": list(shares), "share": [100 * share for share in shares.values()]})
    words = (
        f"Of the facility's load: {', '.join(f'{name.lower()} {percent(share)}' for name, share in shares.items())}."
    )
    return Backing(words, table, {"share": "% of facility load"}, "flexibility.csv")


CHARTS = (
    Chart(
        Load.USES, "basic", "Load of the week", "facility load by use",
        partial(_week_figure, _uses, _facility), partial(_week_backing, _uses, "load-week"),
    ),
    Chart(
        Load.DURATION, "basic", "From the highest hour down", "the chosen year and the last",
        lambda seen, theme_name: figures.load_duration(_curves(seen), theme_name), _duration_backing,
    ),
    Chart(
        Load.PATH, "basic", "Peak and energy by year", "growth, or the load path",
        lambda seen, theme_name: figures.load_path(path_of(seen), theme_name), _path_backing,
    ),
    Chart(
        Load.MIX_WEEK, "mix", "IT load of the week by workload", "shares hold in every hour",
        partial(_week_figure, _workloads, None), partial(_week_backing, _workloads, "it-by-workload"),
    ),
    Chart(
        Load.MIX_BARS, "mix", "What of it can wait", "technical potential, before any product asks for it",
        lambda seen, theme_name: flex.mix_bars(_mix(seen), theme_name), _mix_backing,
    ),
    Chart(
        Load.COOLING_WEEK, "cooling", "Cooling that can be cut, hour by hour", "follows the load",
        partial(_week_figure, _cooling_parts, None), partial(_week_backing, _cooling_parts, "cooling-cut"),
    ),
    Chart(
        Load.COOLING_HOLD, "cooling", "How long a cut lasts", "what the hall stores, spread over the cut",
        _hold_figure, _hold_backing,
    ),
    Chart(
        Load.FLEX_WEEK, "dr", "Flexibility of the week by source",
        "stacked: technical potential; lines: what is callable, and what the offered products would hold",
        partial(_week_figure, _flexible, _flexible_lines), partial(_week_backing, _flexible, "flexibility-week"), 560,
    ),
    Chart(
        Load.POTENTIAL, "dr", "Potential is not practice", "shares of the facility's load",
        lambda seen, theme_name: flex.potential_bars(shares_of_facility(seen), theme_name), _potential_backing,
    ),
)  # fmt: skip


def drawn(seen: Preview, tab: str) -> dict[str, go.Figure]:
    """Figures of one tab by their ids."""
    return {chart.graph_id: chart.figure(seen, theme.current()) for chart in CHARTS if chart.tab == tab}


def backed(seen: Preview, tab: str) -> dict[str, Backing]:
    """Words and tables of one tab by the ids of its charts."""
    return {chart.graph_id: chart.backing(seen) for chart in CHARTS if chart.tab == tab}
