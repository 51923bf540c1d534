"""How a week runs hour by hour: supply stacked, the load line over it, charging below zero, state of charge beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme as themes
from dashboard.figures.common import (
    HOUR_MS,
    LOAD,
    UNSERVED,
    WEEK_HOURS,
    axis_name,
    composed,
    draw_column,
    kinds_of,
    labels_of,
    legend_rank,
    moment,
    panel_axes,
    panel_domains,
    panel_title,
    stack_order,
    supply_column,
    unit_on_top,
    week_name,
    week_start,
    year_hours,
)
from dashboard.formatting import grouped, significant
from dashboard.response import RESPONSE, response_total
from engine.units import HOURS_PER_DAY

Technologies = Mapping[str, Mapping[str, str]]
Part = dict[str, Any]  # a trace as plain data
ROW_HEIGHT = 230
# Room for "12,000" and the title beside it, and for the days below.
MARGIN = {"l": 68, "r": 12, "t": 8, "b": 30}
CLOCK = {
    "type": "date", "tickformat": "%a %-d %b", "hoverformat": "%a %-d %b, %H:00", "dtick": 24 * HOUR_MS,
    "ticklabelmode": "period",
}  # fmt: skip
TOGETHER = {"hovermode": "x unified", "hoversubplots": "axis"}
SMALLEST_MW = 1e-3


@dataclass(frozen=True)
class RunHours:
    """What the dispatch charts need of one run.

    Attributes
    ----------
    hourly : DataFrame
        The `hourly` table (all years or some).
    technologies : mapping
        {id: {kind, label}}.
    title : str
        Shown above its panel; empty for a run alone.
    """

    hourly: pd.DataFrame
    technologies: Technologies
    title: str = ""


def dispatch_week(run: RunHours, year: int, week: int, theme: str = "light") -> go.Figure:
    """One week of one run, with the state of charge of its batteries beneath."""
    frame = week_frame(run.hourly, year, week)
    batteries = _batteries(run, frame)
    domains = panel_domains([0.76, 0.24] if batteries else [1.0], 0.09)
    stored = [{**trace, "yaxis": "y2"} for trace in _soc_parts(run, frame, batteries)]
    supply = list(_week_parts(run, year, week))
    axes = panel_axes(domains, CLOCK, {"zeroline": True})
    axes["yaxis"]["title"] = {"text": "MW"}
    if batteries:
        axes["yaxis2"] |= {"title": {"text": "Stored, MWh"}, "rangemode": "tozero", "nticks": 4}
    return composed([*supply, *stored], theme, 400 if batteries else 320, margin=MARGIN, **TOGETHER, **axes)


def dispatch_weeks(runs: list[RunHours], year: int, week: int, theme: str = "light") -> go.Figure:
    """The same week of several runs, one above the other, with one zoom, one scale and one hover for all.

    All panels hang on one time axis, so that hovering an hour tells what every run does in it, a line a run. A run
    that does not plan the year has an empty panel that says so.
    """
    domains = panel_domains([1.0] * len(runs), 0.22 / (len(runs) + 1.0))
    traces: list[Part] = []
    titles, seen = [], set()
    axes = panel_axes(domains, {**CLOCK, "range": _week_range(week)}, {**unit_on_top("MW"), "zeroline": True})
    for row, (run, domain) in enumerate(zip(runs, domains, strict=True), start=1):
        own = _panel(run, year, week, row)
        for trace in own:
            trace["showlegend"] = trace["legendgroup"] not in seen
            seen.add(trace["legendgroup"])
        traces += own
        titles.append(panel_title(run.title if own else f"{run.title}: {year} is outside its plan", domain[1]))
        if row > 1:
            axes[f"yaxis{row}"]["matches"] = "y"
    legend = {"y": 1 + 34 / (ROW_HEIGHT * len(runs))}
    return composed(
        traces, theme, 70 + ROW_HEIGHT * len(runs), **TOGETHER, annotations=titles, legend=legend, margin=MARGIN, **axes
    )  # fmt: skip


def _panel(run: RunHours, year: int, week: int, row: int) -> list[Part]:
    """A run's week in its panel; the last trace tells of all when an hour is pointed at."""
    traces = [{**trace, "yaxis": axis_name("y", row), "hoverinfo": "skip"} for trace in _week_parts(run, year, week)]
    for trace in traces:
        del trace["hovertemplate"]
        # Panels on one time axis would stack onto each other; each stacks for itself.
        if "stackgroup" in trace:
            trace["stackgroup"] = f"{trace['stackgroup']}-{row}"
    if traces:
        del traces[-1]["hoverinfo"]
        traces[-1] |= {"text": hour_words(run, year, week), "hovertemplate": "%{text}<extra></extra>"}
    return traces


def _week_range(week: int) -> list[str]:
    first = week_start(week)
    return [moment(first).isoformat(), moment(first + WEEK_HOURS).isoformat()]


def hour_words(run: RunHours, year: int, week: int) -> list[str]:
    """What a run does in each hour of a week, in one line: the load and what supplies it, zeros left out."""
    frame = week_frame(run.hourly, year, week)
    kinds, labels = kinds_of(run.technologies), labels_of(run.technologies)
    flows = {labels[key]: frame[supply_column(key, kinds[key])].to_numpy() for key in stack_order(run.technologies)}
    flows["cut"] = response_total(frame, "cut_mw").to_numpy()
    flows[UNSERVED.lower()] = frame["unserved_mw"].to_numpy()
    flows["made up"] = -response_total(frame, "makeup_mw").to_numpy()
    for key in stack_order(run.technologies):
        column = draw_column(key, kinds[key])
        if column:
            flows[f"{labels[key]} {'export' if kinds[key] == 'grid' else 'charging'}"] = -frame[column].to_numpy()
    letter = run.title.split("  ")[0]
    lines = []
    for hour, load in enumerate(frame["load_mw"]):
        parts = [f"{name} {grouped(mw[hour], 0)}" for name, mw in flows.items() if abs(mw[hour]) >= 0.5]
        lines.append(f"{letter}  load {grouped(load, 0)} MW: {', '.join(parts)}")
    return [*lines, lines[-1]] if lines else []


def week_frame(hourly: pd.DataFrame, year: int, week: int) -> pd.DataFrame:
    """The 168 hours of a week; empty when the run does not plan the year."""
    frame = year_hours(hourly, year)
    first = week_start(week)
    begin, end = np.searchsorted(frame["hour"].to_numpy(), (first, first + WEEK_HOURS))
    return frame.iloc[begin:end]


def week_traces(run: RunHours, year: int, week: int) -> Iterator[go.Scatter]:
    """Traces of one panel: supply in stacking order, what is drawn below zero, the load line on top."""
    return (go.Scatter(trace) for trace in _week_parts(run, year, week))


def _week_parts(run: RunHours, year: int, week: int) -> Iterator[Part]:
    frame = week_frame(run.hourly, year, week)
    if frame.empty:
        return
    kinds, labels = kinds_of(run.technologies), labels_of(run.technologies)
    look = themes.looks(kinds)
    whole = year_hours(run.hourly, year)
    for key in stack_order(run.technologies):
        column = supply_column(key, kinds[key])
        # Judged by the whole year: the legend stays the same from week to week.
        if whole[column].max() > SMALLEST_MW:
            rank = legend_rank(key, run.technologies)
            yield _area(frame, frame[column], labels[key], key, look[key].colour, "supply", rank)
    yield from _response(frame, whole, "cut_mw")
    if whole["unserved_mw"].max() > SMALLEST_MW:
        yield _unserved(frame)
    yield from _response(frame, whole, "makeup_mw")
    for key in stack_order(run.technologies):
        column = draw_column(key, kinds[key])
        if column and whole[column].max() > SMALLEST_MW:
            name = f"{labels[key]}, {'export' if kinds[key] == 'grid' else 'charging'}"
            rank = 1100 + legend_rank(key, run.technologies)
            yield _area(frame, -frame[column], name, f"{key}-draw", _fade(look[key].colour), "draw", rank)
    yield {
        **_line(frame, frame["load_mw"], LOAD, "load"), "legendrank": 3000, "line": {"width": 2, "shape": "hv"},
    }  # fmt: skip


def _response(frame: pd.DataFrame, whole: pd.DataFrame, suffix: str) -> Iterator[Part]:
    """Load that is cut, on top of the supply, or made up later, below zero."""
    if response_total(whole, suffix).max() <= SMALLEST_MW:
        return
    values, colour = response_total(frame, suffix), themes.LOOKS["demand_response"].colour
    if suffix == "cut_mw":
        yield _area(frame, values, f"{RESPONSE}, cut", "dr", colour, "supply", 900)
    else:
        yield _area(frame, -values, f"{RESPONSE}, made up", "dr-draw", _fade(colour), "draw", 1990)


def _soc_parts(run: RunHours, frame: pd.DataFrame, batteries: list[str]) -> Iterator[Part]:
    """State of charge of each battery, stacked."""
    labels, look = labels_of(run.technologies), themes.looks(kinds_of(run.technologies))
    for key in batteries:
        yield {
            "type": "scatter", **_clock(frame), "y": frame[f"{key}_soc_mwh"].to_numpy(),
            "name": f"{labels[key]}, stored", "legendgroup": f"{key}-soc", "stackgroup": "soc", "mode": "lines",
            "line": {"width": 1, "color": look[key].colour}, "fillcolor": _fade(look[key].colour),
            "hovertemplate": "%{y:,.1f} MWh", "showlegend": False,
        }  # fmt: skip


def special_weeks(hourly_year: pd.DataFrame, technologies: Technologies) -> dict[str, int]:
    """Weeks worth a look, by name: highest load, least and most sun and wind, highest price, unserved energy."""
    kinds = kinds_of(technologies)
    weeks = hourly_year["hour"].to_numpy() // WEEK_HOURS
    found = {"Highest load": int(weeks[int(hourly_year["load_mw"].to_numpy().argmax())]) + 1}
    if hourly_year["unserved_mw"].max() > SMALLEST_MW:
        found["Most unserved"] = _extreme(hourly_year["unserved_mw"], weeks, highest=True)
    if response_total(hourly_year, "cut_mw").max() > SMALLEST_MW:
        found["Most cut"] = _extreme(response_total(hourly_year, "cut_mw"), weeks, highest=True)
    for source, word in (("solar", "sun"), ("wind", "wind")):
        available = hourly_year[[f"{key}_available_mw" for key, kind in kinds.items() if kind == source]].sum(axis=1)
        if available.sum() > SMALLEST_MW:
            found[f"Least {word}"] = _extreme(available, weeks, highest=False)
            found[f"Most {word}"] = _extreme(available, weeks, highest=True)
    return found


def describe_week(run: RunHours, year: int, week: int) -> str:
    """The chart in words: shares of the week's energy."""
    frame = week_frame(run.hourly, year, week)
    name = f"{run.title}: " if run.title else ""
    if frame.empty:
        return f"{name}{year} is outside the plan."
    kinds, labels = kinds_of(run.technologies), labels_of(run.technologies)
    energy = {key: float(frame[supply_column(key, kinds[key])].sum()) for key in stack_order(run.technologies)}
    total = float(frame["load_mw"].sum())
    energy = {labels[key]: mwh for key, mwh in energy.items()}
    energy[f"{RESPONSE.lower()} (load cut)"] = float(response_total(frame, "cut_mw").sum())
    parts = [f"{name} {significant(mwh)} MWh" for name, mwh in energy.items() if mwh > 0.5]
    missing = float(frame["unserved_mw"].sum())
    end = f" {significant(missing)} MWh are not served." if missing > 0.5 else ""
    return (
        f"{name}{week_name(week)} {year}: the load needs {significant(total)} MWh, at most "
        f"{significant(float(frame['load_mw'].max()))} MW; supplied by {', '.join(parts) or 'nothing'}.{end}"
    )


def daily_table(run: RunHours, year: int, week: int) -> pd.DataFrame:
    """Energy of each day of the week [MWh], one column a flow that occurs."""
    frame = week_frame(run.hourly, year, week)
    kinds, labels = kinds_of(run.technologies), labels_of(run.technologies)
    columns = {LOAD: frame["load_mw"]}
    for key in stack_order(run.technologies):
        columns[labels[key]] = frame[supply_column(key, kinds[key])]
        draw = draw_column(key, kinds[key])
        if draw:
            columns[f"{labels[key]}, drawn"] = -frame[draw]
    columns[f"{RESPONSE}, cut"] = response_total(frame, "cut_mw")
    columns[f"{RESPONSE}, made up"] = -response_total(frame, "makeup_mw")
    columns[UNSERVED] = frame["unserved_mw"]
    # A week is whole days of hours in order.
    daily = {name: mw.to_numpy().reshape(-1, HOURS_PER_DAY) for name, mw in columns.items()}
    occurs = [name for name, mw in daily.items() if name == LOAD or np.abs(mw).sum() > SMALLEST_MW]
    days = [moment(int(hour)) for hour in frame["hour"].to_numpy()[::HOURS_PER_DAY]]
    names = {"day": [f"{day:%a} {day.day} {day:%b}" for day in days]}
    return pd.DataFrame({**names, **{name: daily[name].sum(axis=1) for name in occurs}})


def _batteries(run: RunHours, frame: pd.DataFrame) -> list[str]:
    keys = [key for key, kind in kinds_of(run.technologies).items() if kind == "battery"]
    return [key for key in keys if len(frame) and frame[f"{key}_soc_mwh"].max() > SMALLEST_MW]


def _clock(frame: pd.DataFrame) -> dict:
    return {"x0": moment(int(frame["hour"].iloc[0])).isoformat(), "dx": HOUR_MS}


def _closed(values: pd.Series) -> np.ndarray:
    """Values with the last one once more: its hour has a width."""
    array = values.to_numpy(dtype=float)
    return np.append(array, array[-1])


def _line(frame: pd.DataFrame, values: pd.Series, name: str, group: str) -> Part:
    return {
        "type": "scatter", **_clock(frame), "y": _closed(values), "name": name, "legendgroup": group, "mode": "lines",
        "hovertemplate": "%{y:,.1f} MW",
    }  # fmt: skip


def _area(
    frame: pd.DataFrame, values: pd.Series, name: str, group: str, fill: str, stack: str, rank: int
) -> Part:  # fmt: skip
    # A line in the ink, as thin as it may be, is a black edge on paper.
    edge = {"width": 0.4, "shape": "hv", "color": fill}
    return {
        **_line(frame, values, name, group), "stackgroup": stack, "line": edge, "fillcolor": fill, "legendrank": rank,
    }  # fmt: skip


def _unserved(frame: pd.DataFrame) -> Part:
    """Unserved energy: hatched in the ink of the theme (black on light, white on dark)."""
    return {
        **_line(frame, frame["unserved_mw"], UNSERVED, "unserved"), "stackgroup": "supply",
        "line": {"width": 1, "shape": "hv"}, "fillpattern": {"shape": "/", "size": 6, "solidity": 0.45},
    }  # fmt: skip


def _fade(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.5)"


def _extreme(values: pd.Series, weeks: np.ndarray, *, highest: bool) -> int:
    totals = values.groupby(weeks).mean()
    return int(totals.idxmax() if highest else totals.idxmin()) + 1
