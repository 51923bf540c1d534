"""Live: sliders that move a preview of one scenario. The address is the state: changes, controls, pins, presenting."""

from __future__ import annotations

import json

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from dashboard.components.chart import chart_card
from dashboard.components.empty import empty_page
from dashboard.components.page import page, page_head
from dashboard.components.pickers import select
from dashboard.ids import Live
from dashboard.live_controls import controls
from dashboard.live_sets import FIRST, LONGEST_NAME
from engine.errors import InputError
from engine.library import Library

dash.register_page(__name__, path="/live", name="Live", title="Live · Firmwatt")

FIRST_SCENARIO = "base"


def layout(scenario: str = "", **_query: str) -> html.Div:
    """The page of one scenario; assets/live.js reads the rest of the address."""
    key, library = scenario or FIRST_SCENARIO, Library()
    try:
        mapping = library.load(key).scenario.model_dump(mode="json")
    except InputError as error:
        words = f"There is no scenario to preview: {error}"
        steps = [("Open the library", "/"), ("Preview the base scenario", "/live")]
        return html.Div([empty_page("Live", words, steps), html.Div(_parts("", {}), hidden=True)])
    return html.Div(_parts(key, controls(mapping)))


def _parts(key: str, known: dict) -> list:
    config = json.dumps({"scenario": key, "controls": known, "first": [one for one in FIRST if one in known]})
    names = {entry.key: entry.name for entry in Library().entries()}
    buttons = [
        html.Div(
            [
                html.Label("Name of this view, for its pin", htmlFor="live-pin-name", className="visually-hidden"),
                dcc.Input(
                    id="live-pin-name", className="form-control", placeholder="Name this view", maxLength=LONGEST_NAME
                ),
            ],
            className="live-pin-naming",
        ),
        html.Button("Pin", className="btn btn-quiet", id="live-pin", title="Keep this state beside the next ones"),
        html.Button("Present", className="btn btn-quiet", id="live-present", title="Large type, controls hidden"),
        html.Button("Solve this fully", className="btn btn-primary", id="live-solve"),
    ]
    picker = select("live-scenario", names, key or FIRST_SCENARIO, "Scenario")
    body = html.Div([_aside(known), _right()], className="live-body", id=Live.ROOT, **{"data-live": config})
    return [
        page(page_head("Live", chips=picker, actions=buttons), html.Div(id="live-full", role="status"), body),
        dcc.Store(id=Live.READY, data=key),
    ]


def _aside(known: dict) -> html.Aside:
    """The controls, and which of them are shown; assets/live.js fills and heeds them."""
    all_labels = html.Datalist([html.Option(value=known[path]["label"]) for path in known], id="live-all")
    search = dcc.Input(id="live-add", className="form-control", list="live-all", placeholder="Search an input")
    saving = html.Div(
        [
            dcc.Input(id="live-set-name", className="form-control", placeholder="Name", maxLength=LONGEST_NAME),
            html.Button("Save set", className="btn btn-quiet btn-sm", id="live-set-save"),
        ],
        className="live-set-saving",
    )
    return html.Aside(
        [
            html.Div([html.Label("Controls", htmlFor="live-set", className="field-label"), html.Div(id="live-sets")]),
            html.Div(id="live-controls"),
            html.Div([html.Label("Add a control", htmlFor="live-add", className="field-label"), search, all_labels]),
            html.Div([html.Label("Save these controls as", htmlFor="live-set-name", className="field-label"), saving]),
            html.Div(id="live-set-said", role="status"),
            html.Button("Take back all changes", className="link-button", id="live-reset"),
        ],
        className="panel live-controls",
    )  # fmt: skip


def _right() -> html.Div:
    cards = [
        chart_card("Capacity by year", None, None, graph_id=Live.CAPACITY, className="live-half"),
        chart_card("Cost by year", None, None, graph_id=Live.COSTS, className="live-half"),
        chart_card("Limits", None, None, graph_id=Live.LIMITS, className="wide", min_width=760),
        chart_card(
            "Frontier position",
            None,
            None,
            graph_id=Live.FRONT,
            className="wide live-front",
            subtitle=html.Span("LCOE and emissions beside the frontier of the unchanged scenario", id=Live.FRONT_NOTE),
        ),
    ]
    stats = html.Section(html.Div(id=Live.STATS, className="stats"), className="panel wide")
    return html.Div(
        [
            html.Div(id="live-view", className="live-view"),
            html.Div(id=Live.SAID, className="live-said", role="status"),
            stats,
            *cards,
            html.Div(id=Live.PINNED, className="panel wide live-pinned"),
        ],
        className="live-right",
    )


clientside_callback(ClientsideFunction("live", "start"), Output(Live.READY, "storage_type"), Input(Live.READY, "data"))
clientside_callback(
    ClientsideFunction("live", "open"),
    Output(Live.ROOT, "title"),
    Input("live-scenario", "value"),
    prevent_initial_call=True,
)
