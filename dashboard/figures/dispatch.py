"""How a week runs hour by hour: supply stacked, the load line over it, charging below zero, state of charge beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import theme as themes
from dashboard.figures.common import (
    HOUR_MS,
    LOAD,
    UNSERVED,
    WEEK_HOURS,
    draw_column,
    kinds_of,
    labels_of,
    legend_rank,
    moment,
    stack_order,
    supply_column,
    week_name,
    week_start,
    year_hours,
)
from dashboard.formatting import grouped, significant
from dashboard.response import RESPONSE, response_total

Technologies = Mapping[str, Mapping[str, str]]
ROW_HEIGHT = 230
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
    heights = [0.76, 0.24] if batteries else [1.0]
    figure = make_subplots(rows=len(heights), cols=1, shared_xaxes=True, vertical_spacing=0.09, row_heights=heights)
    for trace in week_traces(run, year, week):
        figure.add_trace(trace, row=1, col=1)
    for trace in soc_traces(run, frame, batteries):
        figure.add_trace(trace, row=2, col=1)
    _finish(figure, theme, 400 if batteries else 320)
    figure.update_yaxes(title_text="MW", row=1, col=1)
    if batteries:
        figure.update_yaxes(title_text="Stored, MWh", rangemode="tozero", nticks=4, row=2, col=1)
    return figure


def dispatch_weeks(runs: list[RunHours], year: int, week: int, theme: str = "light") -> go.Figure:
    """The same week of several runs, one above the other, with one zoom, one scale and one hover for all.

    All panels hang on one time axis, so that hovering an hour tells what every run does in it, a line a run. A run
    that does not plan the year has an empty panel that says so.
    """
    figure = go.Figure()
    seen: set[str] = set()
    for row, (run, domain) in enumerate(zip(runs, _domains(len(runs)), strict=True), start=1):
        axis = "y" if row == 1 else f"y{row}"
        for trace in week_traces(run, year, week):
            trace.update(yaxis=axis, showlegend=trace.legendgroup not in seen, hoverinfo="skip", hovertemplate=None)
            # Panels on one time axis would stack onto each other; each stacks for itself.
            trace.stackgroup = f"{trace.stackgroup}-{row}" if trace.stackgroup else None
            seen.add(trace.legendgroup)
            figure.add_trace(trace)
        if len(year_hours(run.hourly, year)):
            figure.data[-1].update(
                hoverinfo=None, text=hour_words(run, year, week), hovertemplate="%{text}<extra></extra>"
            )
        words = run.title if len(year_hours(run.hourly, year)) else f"{run.title}: {year} is outside its plan"
        figure.add_annotation(
            text=words, xref="paper", yref="paper", x=0, y=domain[1], xanchor="left", yanchor="bottom",
            font={"size": 12}, showarrow=False,
        )  # fmt: skip
        shared = {"matches": "y"} if row > 1 else {}
        figure.update_layout({f"yaxis{row if row > 1 else ''}": {"domain": domain, "title": {"text": "MW"}, **shared}})
    _finish(figure, theme, 70 + ROW_HEIGHT * len(runs))
    figure.update_xaxes(anchor=f"y{len(runs)}" if len(runs) > 1 else "y", range=_week_range(week))
    figure.update_layout(legend={"y": 1 + 34 / (ROW_HEIGHT * len(runs))})
    return figure


def _domains(rows: int) -> list[tuple[float, float]]:
    """Vertical room of each panel, from the top."""
    gap = 0.22 / (rows + 1.0)
    height = (1 - gap * (rows - 1)) / rows
    return [(max(0.0, 1 - place * (height + gap) - height), 1 - place * (height + gap)) for place in range(rows)]


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
    return frame[(frame["hour"] >= first) & (frame["hour"] < first + WEEK_HOURS)]


def week_traces(run: RunHours, year: int, week: int) -> Iterator[go.Scatter]:
    """Traces of one panel: supply in stacking order, what is drawn below zero, the load line on top."""
    frame = week_frame(run.hourly, year, week)
    if frame.empty:
        return
    kinds, labels, look = (
        kinds_of(run.technologies),
        labels_of(run.technologies),
        themes.looks(kinds_of(run.technologies)),
    )
    whole = year_hours(run.hourly, year)
    for key in stack_order(run.technologies):
        column = supply_column(key, kinds[key])
        # Judged by the whole year: the legend stays the same from week to week.
        if whole[column].max() > SMALLEST_MW:
            area = _area(frame, frame[column], labels[key], key, look[key].colour, "supply")
            yield area.update(legendrank=legend_rank(key, run.technologies))
    yield from _response(frame, whole, "cut_mw")
    if whole["unserved_mw"].max() > SMALLEST_MW:
        yield _unserved(frame)
    yield from _response(frame, whole, "makeup_mw")
    for key in stack_order(run.technologies):
        column = draw_column(key, kinds[key])
        if column and whole[column].max() > SMALLEST_MW:
            name = f"{labels[key]}, {'export' if kinds[key] == 'grid' else 'charging'}"
            area = _area(frame, -frame[column], name, f"{key}-draw", look[key].colour, "draw", faint=True)
            yield area.update(legendrank=1100 + legend_rank(key, run.technologies))
    yield go.Scatter(
        **_clock(frame), y=_closed(frame["load_mw"]), name=LOAD, legendgroup="load", legendrank=3000, mode="lines",
        line={"width": 2, "shape": "hv"}, hovertemplate="%{y:,.1f} MW",
    )  # fmt: skip


def _response(frame: pd.DataFrame, whole: pd.DataFrame, suffix: str) -> Iterator[go.Scatter]:
    """Load that is cut, on top of the supply, or made up later, below zero."""
    if response_total(whole, suffix).max() <= SMALLEST_MW:
        return
    values, colour = response_total(frame, suffix), themes.LOOKS["demand_response"].colour
    if suffix == "cut_mw":
        yield _area(frame, values, f"{RESPONSE}, cut", "dr", colour, "supply").update(legendrank=900)
    else:
        area = _area(frame, -values, f"{RESPONSE}, made up", "dr-draw", colour, "draw", faint=True)
        yield area.update(legendrank=1990)


def soc_traces(run: RunHours, frame: pd.DataFrame, batteries: list[str]) -> Iterator[go.Scatter]:
    """State of charge of each battery, stacked."""
    labels, look = labels_of(run.technologies), themes.looks(kinds_of(run.technologies))
    for key in batteries:
        yield go.Scatter(
            **_clock(frame), y=frame[f"{key}_soc_mwh"].to_numpy(), name=f"{labels[key]}, stored",
            legendgroup=f"{key}-soc", stackgroup="soc", mode="lines", line={"width": 1, "color": look[key].colour},
            fillcolor=_fade(look[key].colour), hovertemplate="%{y:,.1f} MWh", showlegend=False,
        )  # fmt: skip


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
    table = pd.DataFrame(columns)
    table = table.loc[:, (table.abs().sum() > SMALLEST_MW) | (table.columns == LOAD)]
    days = frame["hour"].to_numpy() // 24
    daily = table.groupby(days).sum()
    daily.insert(
        0,
        "day",
        [f"{moment(int(day) * 24):%a} {moment(int(day) * 24).day} {moment(int(day) * 24):%b}" for day in daily.index],
    )
    return daily.reset_index(drop=True)


def _batteries(run: RunHours, frame: pd.DataFrame) -> list[str]:
    keys = [key for key, kind in kinds_of(run.technologies).items() if kind == "battery"]
    return [key for key in keys if len(frame) and frame[f"{key}_soc_mwh"].max() > SMALLEST_MW]


def _clock(frame: pd.DataFrame) -> dict:
    return {"x0": moment(int(frame["hour"].iloc[0])).isoformat(), "dx": HOUR_MS}


def _closed(values: pd.Series) -> np.ndarray:
    """Values with the last one once more: its hour has a width."""
    array = values.to_numpy(dtype=float)
    return np.append(array, array[-1])


def _area(
    frame: pd.DataFrame, values: pd.Series, name: str, group: str, colour: str, stack: str, *, faint: bool = False
) -> go.Scatter:
    return go.Scatter(
        **_clock(frame), y=_closed(values), name=name, legendgroup=group, stackgroup=stack, mode="lines",
        line={"width": 0.4, "shape": "hv"}, fillcolor=_fade(colour) if faint else colour,
        hovertemplate="%{y:,.1f} MW",
    )  # fmt: skip


def _unserved(frame: pd.DataFrame) -> go.Scatter:
    """Unserved energy: hatched in the ink of the theme (black on light, white on dark)."""
    return go.Scatter(
        **_clock(frame), y=_closed(frame["unserved_mw"]), name=UNSERVED, legendgroup="unserved", stackgroup="supply",
        mode="lines", line={"width": 1, "shape": "hv"}, fillpattern={"shape": "/", "size": 6, "solidity": 0.45},
        hovertemplate="%{y:,.1f} MW",
    )  # fmt: skip


def _fade(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.5)"


def _extreme(values: pd.Series, weeks: np.ndarray, *, highest: bool) -> int:
    totals = values.groupby(weeks).mean()
    return int(totals.idxmax() if highest else totals.idxmin()) + 1


def _finish(figure: go.Figure, theme: str, height: int) -> None:
    figure.update_layout(
        template=themes.template(theme), height=height, autosize=True, hovermode="x unified", hoversubplots="axis"
    )
    figure.update_xaxes(type="date", tickformat="%a %-d %b", hoverformat="%a %-d %b, %H:00", dtick=24 * HOUR_MS)
    figure.update_yaxes(zeroline=True)
