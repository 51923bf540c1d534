"""Frontiers: what one objective costs in terms of another. The address is the state: study, point, pins, selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, clientside_callback, dcc, html

from dashboard import frontier_actions, frontier_data, links
from dashboard.components.chart import card, chart_card
from dashboard.components.empty import empty_state
from dashboard.components.page import page, page_head
from dashboard.frontier_data import Shown
from dashboard.frontier_state import State, left_out
from dashboard.ids import Frontier as Ids
from dashboard.takeaway.menu import menu
from dashboard.views import frontier as view
from dashboard.views.compared import missing_notes
from engine.errors import StoreError
from engine.frontier.asked import FEWEST_POINTS, MOST_POINTS, MOST_SCENARIOS, USUAL_POINTS
from engine.library import Entry, Library
from engine.objectives import OBJECTIVES

dash.register_page(__name__, path="/frontier", name="Frontier", title="Frontier · Firmwatt")

TICK_MS = 1000
NO_THIRD = "none"
PURPOSE = (
    "What does a ton of NOx less cost, and where does it begin to cost much more? Plans between the cheapest and the "
    "cleanest, each one proven. Choose scenarios and two or three objectives."
)


def layout(
    study: str = "", point: str = "", pins: str = "", select: str = "",
    scenarios: str = "", objectives: str = "", points: str = "", **_query: str,
) -> html.Div:  # fmt: skip
    """A frontier, or the form that asks for one; each carries every id that callbacks use."""
    state = State.read(study, point, pins, select)
    if not study:
        return _form_page(scenarios, objectives, points)
    try:
        one = frontier_data.shown(study)
    except StoreError as error:
        return _unknown(str(error))
    return _study_page(one, state)


def _form_page(scenarios: str, objectives: str, points: str) -> html.Div:
    entries = [entry for entry in Library().entries() if not entry.problems]
    return page(
        page_head("Frontier"),
        *_places(missing_notes(left_out(scenarios, objectives, [entry.key for entry in entries]))),
        _form(entries, scenarios, objectives, points),
        card("Earlier frontiers", html.Div(view.earlier_list(), id=Ids.EARLIER), className="w5"),
        html.Div(_study_parts(None, State()), hidden=True),
    )


def _unknown(reason: str) -> html.Div:
    words = f"The address names a frontier that cannot be shown: {reason}"
    return page(
        page_head("Frontier"),
        *_places(),
        empty_state("No such frontier", words, [("All frontiers", "/frontier")]),
        html.Div([_form(), html.Div(id=Ids.EARLIER), *_study_parts(None, State())], hidden=True),
    )


def _study_page(one: Shown, state: State) -> html.Div:
    anew = links.search(
        scenarios=",".join(frontier_data.keys_of(one)), objectives=",".join(one.keys), points=one.asked.points
    )
    return page(
        page_head(
            "Frontier", chips=view.chips(one),
            actions=[menu("frontier"), dcc.Link("New frontier", href=f"/frontier{anew}", className="btn btn-quiet")],
        ),
        *_places(),
        *_study_parts(one, state),
        html.Div([_form(), html.Div(id=Ids.EARLIER)], hidden=True),
    )  # fmt: skip


def _places(said: Sequence[Any] = ()) -> list[Any]:
    """Where the page goes next, and what it says."""
    return [
        dcc.Location(id=Ids.GO, refresh="callback-nav"),
        html.Div(list(said), id=Ids.MESSAGE, className="message", **{"aria-live": "polite"}),
    ]


def _form(entries: Sequence[Entry] = (), scenarios: str = "", objectives: str = "", points: str = "") -> html.Section:
    """What is asked: scenarios, objectives, number of points; and how long it may take."""
    offered = {entry.key for entry in entries}
    chosen = [key for key in scenarios.split(",") if key in offered][:MOST_SCENARIOS]
    keys = [key for key in objectives.split(",") if key in OBJECTIVES]
    first, second, third = (keys + ["lcoe", "nox", ""][len(keys) :])[:3]
    count = links.whole(points, FEWEST_POINTS, MOST_POINTS) or USUAL_POINTS
    options = [{"label": one.label, "value": key, "title": one.description} for key, one in OBJECTIVES.items()]
    thirds = [{"label": "nothing", "value": NO_THIRD}, *options]
    return card(
        "Find a frontier",
        html.P(PURPOSE, className="muted"),
        html.Div(
            [
                html.Label(
                    ["Scenarios, one to four",
                     dcc.Dropdown(
                         id=Ids.SCENARIOS, multi=True, value=chosen, placeholder="Choose scenarios",
                         options=[{"label": entry.name, "value": entry.key} for entry in entries],
                     )],
                    className="wide-field",
                ),
                html.Label(["Objective", dbc.Select(id=Ids.FIRST, options=options, value=first, size="sm")]),
                html.Label(["against", dbc.Select(id=Ids.SECOND, options=options, value=second, size="sm")]),
                html.Label(
                    ["and, as colour", dbc.Select(id=Ids.THIRD, options=thirds, value=third or NO_THIRD, size="sm")]
                ),
                html.Label(
                    ["Points of each scenario",
                     dbc.Input(id=Ids.POINTS, type="number", min=FEWEST_POINTS, max=MOST_POINTS, step=1, value=count,
                               size="sm")]
                ),
            ],
            className="frontier-form",
        ),
        html.Div(
            [
                html.Button("Find the frontier", id=Ids.FIND, className="btn btn-primary"),
                html.Span(view.expected_words(None, 0), id=Ids.EXPECTED, className="small muted", role="status"),
            ],
            className="steps left",
        ),
        className="w7",
    )  # fmt: skip


def _study_parts(one: Shown | None, state: State) -> list[Any]:
    """Everything that a frontier shows; without one, the same places empty."""
    live = one is not None and one.live
    front = view.front_view(one, state) if one else None
    parallel = view.parallel_view(one, state) if one else None
    note = "" if one is None else view.BAND if len(one.keys) == 2 else view.COLOUR
    return [
        dcc.Store(id=Ids.STATE, data=state.data()),
        dcc.Store(id=Ids.ADDRESS),
        dcc.Store(id=Ids.SEEN, data=frontier_data.digest(one) if one else ""),
        dcc.Interval(id=Ids.TICK, interval=TICK_MS, disabled=not live),
        html.Div(
            view.status(one) if one else [html.Button(id=Ids.CANCEL), html.Button(id=Ids.AGAIN)], id=Ids.PROGRESS,
            className="frontier-progress",
        ),
        chart_card(
            "The front", front and front.figure, front and front.backing, graph_id=Ids.FRONT, subtitle=note,
            className="w7",
        ),
        html.Div(
            [
                html.Section(
                    view.words(one) if one else [], id=Ids.WORDS, className="panel words", **{"aria-label": "In words"}
                ),
                html.Section(
                    view.plan(one, state) if one else [], id=Ids.PLAN, className="panel frontier-plan",
                    **{"aria-label": "The open plan", "aria-live": "polite"},
                ),
            ],
            className="frontier-side w5",
        ),
        chart_card(
            "What differs", parallel and parallel.figure, parallel and parallel.backing, graph_id=Ids.PARALLEL,
            subtitle=view.PARALLEL, min_width=720,
            controls=html.Div(
                view.selected_words(one, state) if one else html.Button(id=Ids.SHOW_ALL), id=Ids.SELECTED,
                className="frontier-selected", role="status",
            ),
        ),
        html.Section(view.plan_charts(one, state) if one else [], id=Ids.PLAN_CHARTS, className="panel frontier-plan"),
        html.Div(view.pinned(one, state) if one else [], id=Ids.PINNED),
        html.Div(view.table(one, state) if one else [], id=Ids.TABLE),
    ]  # fmt: skip


frontier_actions.register()

clientside_callback(
    ClientsideFunction("frontier", "address"),
    dash.Output(Ids.ADDRESS, "storage_type"),
    dash.Input(Ids.ADDRESS, "data"),
)
