"""What the frontier page does: ask, follow, select, open, pin, solve fully, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
from dash import ALL, Input, Output, State, callback, ctx

from dashboard import data, frontier_data, jobs, links
from dashboard.components.chart import summary_id, table_id
from dashboard.components.problems import notice, problem_box
from dashboard.frontier_data import Shown
from dashboard.frontier_state import State as PageState
from dashboard.ids import Frontier as Ids
from dashboard.owner import owner_id
from dashboard.views import frontier as view
from engine.errors import InputError, Problem, StoreError
from engine.frontier.asked import KIND, MOST_SCENARIOS, USUAL_POINTS, Asked, frontier_request
from engine.jobs import JobTable
from engine.library import Library
from engine.request import StudyRequest
from engine.study import Studies

KEEP = dash.no_update


def register() -> None:
    """Wire the page."""
    callback(
        Output(Ids.GO, "href"), Output(Ids.MESSAGE, "children"), Input(Ids.FIND, "n_clicks"),
        State(Ids.SCENARIOS, "value"), State(Ids.FIRST, "value"), State(Ids.SECOND, "value"),
        State(Ids.THIRD, "value"), State(Ids.POINTS, "value"), prevent_initial_call=True,
    )(find)  # fmt: skip
    callback(
        Output(Ids.EXPECTED, "children"), Input(Ids.SCENARIOS, "value"), Input(Ids.POINTS, "value"),
    )(expect)  # fmt: skip
    callback(
        Output(Ids.MESSAGE, "children", allow_duplicate=True), Output(Ids.TICK, "disabled", allow_duplicate=True),
        Input(Ids.CANCEL, "n_clicks"), Input(Ids.AGAIN, "n_clicks"),
        Input({"type": "frontier-do", "do": "solve", "point": ALL}, "n_clicks"), State(Ids.STATE, "data"),
        prevent_initial_call=True,
    )(act)  # fmt: skip
    callback(
        Output(Ids.EARLIER, "children"), Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Input({"type": "frontier-delete", "study": ALL}, "n_clicks"), prevent_initial_call=True,
    )(delete)  # fmt: skip
    callback(
        Output(Ids.STATE, "data"), Output(Ids.ADDRESS, "data"),
        Input(Ids.FRONT, "clickData"), Input(Ids.PARALLEL, "clickData"),
        Input(Ids.FRONT, "selectedData"), Input(Ids.PARALLEL, "selectedData"), Input(Ids.SHOW_ALL, "n_clicks"),
        Input({"type": "frontier-do", "do": "open", "point": ALL}, "n_clicks"),
        Input({"type": "frontier-do", "do": "show", "point": ALL}, "n_clicks"),
        Input({"type": "frontier-do", "do": "pin", "point": ALL}, "n_clicks"),
        Input({"type": "frontier-do", "do": "unpin", "point": ALL}, "n_clicks"),
        Input({"type": "frontier-do", "do": "drop", "point": ALL}, "n_clicks"),
        State(Ids.STATE, "data"), prevent_initial_call=True,
    )(choose)  # fmt: skip
    callback(
        Output(Ids.SEEN, "data"), Output(Ids.TICK, "disabled"), Output(Ids.PROGRESS, "children"),
        Input(Ids.TICK, "n_intervals"), State(Ids.STATE, "data"), State(Ids.SEEN, "data"), prevent_initial_call=True,
    )(tick)  # fmt: skip
    charts = [
        Output(part, kind)
        for graph in (Ids.FRONT, Ids.PARALLEL)
        for part, kind in ((graph, "figure"), (summary_id(graph), "children"), (table_id(graph), "children"))
    ]
    callback(
        *charts, Output(Ids.WORDS, "children"), Output(Ids.SELECTED, "children"), Output(Ids.PLAN, "children"),
        Output(Ids.PLAN_CHARTS, "children"), Output(Ids.PINNED, "children"), Output(Ids.TABLE, "children"),
        Input(Ids.STATE, "data"), Input(Ids.SEEN, "data"), prevent_initial_call=True,
    )(draw)  # fmt: skip


def find(
    clicks: int | None, scenarios: list[str] | None, first: str, second: str, third: str, points: int | None
) -> tuple[Any, Any]:
    """Queue the frontier and go to its page, where points show as they come."""
    if not clicks:
        return KEEP, KEEP
    try:
        request = request_of(scenarios or [], first, second, third, points)
    except InputError as error:
        return KEEP, problem_box(error, title="Not queued")
    submit(request)
    return links.study_href(KIND, request.study_id), None


def request_of(scenarios: list[str], first: str, second: str, third: str | None, points: int | None) -> StudyRequest:
    """What the form asks.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    if points is None:
        words = "is no whole number in range; twelve is usual."
        raise InputError("The frontier", [Problem("points", words)])
    loaded = [Library().load(key) for key in scenarios]
    keys = tuple(key for key in (first, second, third) if key and key != "none")
    return frontier_request(loaded, Asked(keys, int(points)))


def submit(request: StudyRequest) -> None:
    """Queue it for the browser that asks, or join who asked before."""
    studies = Studies()
    studies.announce(request)
    JobTable().submit_study(request, owner_id(), done=studies.done(request.study_id))


def expect(scenarios: list[str] | None, points: int | None) -> str:
    """How long what the form asks may take."""
    keys = (scenarios or [])[:MOST_SCENARIOS]
    try:
        loaded = [Library().load(key) for key in keys]
    except InputError as error:
        return str(error)
    seconds = frontier_data.expected_seconds(loaded, int(points or USUAL_POINTS))
    return view.expected_words(seconds, len(keys))


def act(_cancel: Any, _again: Any, _solve: Any, kept: dict[str, Any]) -> tuple[Any, Any]:
    """Cancel, go on, or solve a point fully."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return KEEP, KEEP
    try:
        one = frontier_data.shown(kept["study"])
        if ctx.triggered_id == Ids.CANCEL:
            words = jobs.cancel(one.job.job_id) if one.job else "Nothing runs."
            return notice(words, "plain"), False
        if ctx.triggered_id == Ids.AGAIN:
            submit(one.request)
            return notice("Queued; it goes on from the points that are there.", "plain"), False
        return _solve_fully(one, ctx.triggered_id["point"]), KEEP
    except InputError as error:
        return problem_box(error, title="Not done"), KEEP
    except StoreError as error:
        return notice(str(error), "bad"), KEEP


def _solve_fully(one: Shown, name: str) -> Any:
    """Save the scenario that holds the point, unless the library has it, and queue it."""
    mapping, library = frontier_data.full_scenario(one, name), Library()
    named = [entry for entry in library.entries() if entry.name == mapping["name"] and not entry.shipped]
    key = named[0].key if named else library.save(mapping)
    job = JobTable().submit(library.load(key), owner_id(), store=data.store())  # type: ignore[arg-type]
    link = dash.dcc.Link("Runs", href="/runs")
    words = f"“{job.name}” is in the library and queued for all 8,760 hours; follow it under "
    return notice([words, link, "."])


def delete(_clicks: Any) -> tuple[Any, Any]:
    """Delete an earlier frontier; one that still runs is cancelled first."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return KEEP, KEEP
    study_id = ctx.triggered_id["study"]
    try:
        one = frontier_data.shown(study_id)
        if one.live and one.job is not None:
            return KEEP, notice("It still runs: open it and cancel it first.", "plain")
        Studies().delete(study_id)
    except StoreError as error:
        return view.earlier_list(), notice(str(error), "bad")
    return view.earlier_list(), notice(f"Deleted “{one.request.name}”.", "plain")


def choose(*inputs: Any) -> tuple[Any, Any]:
    """The next state of the page from what was clicked, boxed or pressed; the address follows."""
    state = PageState.of(inputs[-1])
    after = _next_state(state, ctx.triggered_id, ctx.triggered[0]["prop_id"], ctx.triggered[0]["value"])
    return (KEEP, KEEP) if after == state else (after.data(), after.search)


def _next_state(state: PageState, asked: Any, place: str, value: Any) -> PageState:
    if not value or not state.study:
        return state
    if place.endswith("clickData"):
        return replace(state, point=clicked_point(value) or state.point)
    if place.endswith("selectedData"):
        return replace(state, ranges={**state.ranges, **boxed(state, asked, value)})
    if asked == Ids.SHOW_ALL:
        return replace(state, ranges={})
    name = asked["point"]
    if asked["do"] == "pin":
        return state.with_pin(name)
    return state.without_pin(name) if asked["do"] in ("unpin", "drop") else replace(state, point=name)


def clicked_point(value: dict[str, Any]) -> str:
    """Name of the point that a click met."""
    data_of = value["points"][0].get("customdata", "")
    return str(data_of[0] if isinstance(data_of, list) else data_of)


def boxed(state: PageState, graph: str, value: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Ranges, in the objectives' own units, of a box drawn on the front or across axes of the parallel coordinates."""
    box = value.get("range")
    if not box:
        return {}
    (left, right), (low, high) = sorted(box["x"]), sorted(box["y"])
    one = frontier_data.shown(state.study)
    if graph == Ids.FRONT:
        from dashboard.figures.frontier import scale_of

        y_key, x_key = one.keys[:2]
        x_scale, y_scale = scale_of(x_key)[0], scale_of(y_key)[0]
        return {x_key: (left * x_scale, right * x_scale), y_key: (low * y_scale, high * y_scale)}
    _, axes = view.with_capacity(one)
    return {axis.key: (axis.value(low), axis.value(high)) for place, axis in enumerate(axes) if left <= place <= right}


def tick(_ticks: int, kept: dict[str, Any], seen: str) -> tuple[Any, Any, Any]:
    """Look whether points came; what changed is drawn by `draw`."""
    if not kept["study"]:
        return KEEP, True, KEEP
    try:
        one = frontier_data.shown(kept["study"])
    except StoreError:
        return KEEP, True, KEEP
    now = frontier_data.digest(one)
    return (KEEP, not one.live, KEEP) if now == seen else (now, not one.live, view.status(one))


def draw(kept: dict[str, Any], _seen: str) -> tuple[Any, ...]:
    """Everything that follows the state and the points."""
    state = PageState.of(kept)
    if not state.study:
        return (KEEP,) * 12
    one = frontier_data.shown(state.study)
    return (
        *view.front_view(one, state).outputs(), *view.parallel_view(one, state).outputs(), view.words(one),
        view.selected_words(one, state), view.plan(one, state), view.plan_charts(one, state),
        view.pinned(one, state), view.table(one, state),
    )  # fmt: skip
