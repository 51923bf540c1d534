"""Runs side by side. The address is the state: runs, base, year and week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from dashboard import data, links, pictures
from dashboard.components.empty import empty_state
from dashboard.components.page import page, page_head
from dashboard.components.pickers import week_words
from dashboard.ids import Compare
from dashboard.takeaway.menu import menu
from dashboard.views import attribution, compared, skeleton
from dashboard.views import compare_charts as charts
from dashboard.views import compare_head as head
from dashboard.views.verdict import one_line
from engine.comparison import Comparison, compare

dash.register_page(__name__, path="/compare", name="Compare", title="Compare · Firmwatt")

OFFERED = 8
# Beyond three runs the figures need the whole width.
NARROW = 3
PURPOSE = (
    "Which plan is better, by how much, and why: figures with differences, the inputs behind them, cost bridges, and "
    "the same week of each."
)


def layout(runs: str = "", base: str = "", year: str = "", week: str = "", map: str = "", **_query: str) -> html.Div:
    """Page of a comparison. Without runs it offers the newest, and carries every id that callbacks use."""
    asked = head.asked(runs, base, year, week)
    comparison = compare(data.store(), asked.runs, asked.base, attribution.explanation)
    state = replace(asked, runs=comparison.run_ids, base=comparison.base)
    if len(comparison.run_ids) < 2:
        return _first_step(state, comparison)
    manifests = {run_id: data.manifest(run_id) for run_id in comparison.run_ids}
    drawn = charts.drawn(list(manifests.values()))
    narrow = len(manifests) <= NARROW
    parts: list[Any] = [
        compared.sentences_card(comparison),
        compared.figures_card(comparison, manifests, "w8" if narrow else ""),
        compared.inputs_card(comparison, "w4" if narrow else ""),
    ]
    if drawn:
        chosen_year, chosen_week = charts.chosen_hours(drawn, state.base, state.year, state.week)
        parts += [
            charts.capacity_card(drawn),
            charts.cost_card(comparison, "w4" if narrow else ""),
            charts.bridges_card(comparison, "w8" if narrow else ""),
            attribution.attribution_card(comparison, manifests),
            charts.weeks_card(drawn, chosen_year, chosen_week),
            charts.maps_card(drawn, chosen_year, map),
        ]
    return page(
        _head(state, comparison.names, menu("compare")),
        dcc.Store(id=Compare.STATE, data={"runs": list(state.runs), "base": state.base}),
        dcc.Store(id=Compare.ADDRESS),
        *pictures.stores(Compare.DISPATCH, Compare.MAPS),
        *compared.missing_notes(comparison.missing),
        *parts,
    )


def _head(state: head.State, names: Mapping[str, str], actions: Any = None) -> html.Header:
    chips = html.Div(head.chips(state, names, data.runs()), id=Compare.CHIPS, className="chips")
    return page_head("Compare", chips=chips if names else None, actions=actions)


def _first_step(state: head.State, comparison: Comparison) -> html.Div:
    """What a comparison is for, and the runs to begin it with."""
    newest = [run for run in data.runs() if run["run_id"] not in state.runs][:OFFERED]
    links_to = compared.offer(newest, one_line, lambda run: state.href([*state.runs, run["run_id"]]))
    if not newest:
        steps = [("Open the library", "/")]
        content = empty_state("Nothing to compare yet", f"{PURPOSE} Solve two scenarios first.", steps)
    elif comparison.run_ids:
        name = next(iter(comparison.names.values()))
        content = html.Div([empty_state(f"Compare {name} with", PURPOSE), links_to])
    else:
        solved = [run["run_id"] for run in newest if run["status"] == "done"][:2]
        steps = [("Compare the two newest", links.compare_href(solved))] if len(solved) == 2 else []
        content = html.Div([empty_state("Choose runs to compare", PURPOSE, steps), links_to])
    return page(
        _head(state, comparison.names),
        *compared.missing_notes(comparison.missing),
        content,
        html.Div(skeleton.compare(chips=not comparison.names), hidden=True),
    )


pictures.shows(Compare.DISPATCH, Compare.YEAR, Compare.WEEK, runs=Compare.STATE)
pictures.shows(Compare.MAPS, Compare.YEAR, Compare.QUANTITY, runs=Compare.STATE)


@callback(
    Output(Compare.WEEK_WORDS, "children"),
    Output(Compare.ADDRESS, "data"),
    Output(Compare.CHIPS, "children"),
    Input(pictures.shown_id(Compare.DISPATCH), "data"),
    State(Compare.STATE, "data"),
    prevent_initial_call=True,
)
def _say_week(shown: dict[str, Any], kept: dict[str, Any]) -> tuple[str, str, list]:
    year, week = int(shown["year"]), int(shown["week"])
    state = head.State(tuple(kept["runs"]), kept["base"], year, week)
    names = {run_id: str(data.manifest(run_id)["name"]) for run_id in state.runs}
    return week_words(week, year), state.search, head.chips(state, names, data.runs())


clientside_callback(
    ClientsideFunction("firmwatt", "keepMap"),
    Output(Compare.QUANTITY, "size"),
    Input(Compare.QUANTITY, "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("firmwatt", "keepAddress"),
    Output(Compare.ADDRESS, "storage_type"),
    Input(Compare.ADDRESS, "data"),
)
attribution.register()
