"""The library: scenarios as cards, shipped and own, each with what its latest run says."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from dashboard import data, library_actions, solve_area
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.scenario_card import live
from dashboard.ids import Library as Ids
from dashboard.library_view import JOBS_SEEN, current, digest, digests, grid, standings
from dashboard.standing import Standing, latest
from engine.jobs import JobTable
from engine.library import Library

BUSY_MS, IDLE_MS = 600, 3000

dash.register_page(__name__, path="/", name="Library", title="Library · Firmwatt")


def layout(**_query: str) -> html.Div:
    """The page, drawn as things stand."""
    entries, shown = standings()
    return html.Div(
        [
            page(
                page_head("Library", actions=[_search(), *_tools()]),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(grid(entries, shown), id=Ids.GRID, className="library"),
            ),
            html.Div(id=Ids.COMPARE, className="compare-bar", hidden=True),
            _rename_dialog(),
            _delete_dialog(),
            dcc.Download(id=Ids.DOWNLOAD),
            dcc.Store(id=Ids.SHOWN, data=digests(entries, shown)),
            dcc.Interval(id=Ids.TICK, interval=_pace(shown)),
        ]
    )


def _search() -> dbc.Input:
    return dbc.Input(
        id=Ids.FILTER, type="search", placeholder="Find a scenario", debounce=False, className="search", size="sm"
    )


def _tools() -> list[Any]:
    return [
        dcc.Upload(
            html.Button(
                [icon("upload"), html.Span("Import YAML", className="wide")],
                className="btn btn-quiet",
                title="Import YAML",
            ),
            id=Ids.IMPORT,
            multiple=True,
            accept=".yaml,.yml",
            className="import",
        ),
        dcc.Link([icon("plus"), "New"], href="/edit?from=base", className="btn btn-primary"),
    ]


def _rename_dialog() -> dbc.Modal:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Rename")),
            dbc.ModalBody(
                [
                    html.Label(["Name", dbc.Input(id=Ids.RENAME_NAME, maxLength=80)], className="dialog-field"),
                    html.Div(id=Ids.RENAME_PROBLEM),
                ]
            ),
            dbc.ModalFooter(html.Button("Rename", id=Ids.RENAME_SAVE, className="btn btn-primary")),
            dcc.Store(id=Ids.RENAME_KEY),
        ],
        id=Ids.RENAME,
        centered=True,
    )


def _delete_dialog() -> dbc.Modal:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Delete this scenario?")),
            dbc.ModalBody(html.P(id=Ids.DELETE_WORDS)),
            dbc.ModalFooter(
                [
                    html.Button("Keep it", id=Ids.DELETE_NO, className="btn btn-quiet"),
                    html.Button("Delete", id=Ids.DELETE_YES, className="btn btn-danger"),
                ]
            ),
            dcc.Store(id=Ids.DELETE_KEY),
        ],
        id=Ids.DELETE,
        centered=True,
    )


def _pace(shown: dict[str, Standing]) -> int:
    return BUSY_MS if any(one.is_live for one in shown.values()) else IDLE_MS


solve_area.register(Ids)
library_actions.register()

dash.clientside_callback(
    ClientsideFunction("pages", "solve"),
    Output(Ids.REQUEST, "data"),
    Output(Ids.TICK, "interval"),
    Input({"type": "library-solve", "key": ALL}, "n_clicks"),
    prevent_initial_call=True,
)

dash.clientside_callback(
    ClientsideFunction("pages", "filterCards"), Output(Ids.GRID, "className"), Input(Ids.FILTER, "value")
)

dash.clientside_callback(
    ClientsideFunction("pages", "compareBar"),
    Output(Ids.COMPARE, "children"),
    Output(Ids.COMPARE, "hidden"),
    Input({"type": "library-select", "key": ALL, "run": ALL}, "value"),
    State({"type": "library-select", "key": ALL, "run": ALL}, "id"),
)


@dash.callback(
    Output(Ids.SHOWN, "data"),
    Output(Ids.TICK, "interval", allow_duplicate=True),
    Output({"type": "library-card", "key": ALL}, "children"),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, before: dict[str, list[Any]]) -> tuple[Any, Any, list[Any]]:
    """Draw again only the cards whose job moved; reading the jobs alone tells which."""
    found = JobTable().list(JOBS_SEEN)
    keys = [output["id"]["key"] for output in ctx.outputs_list[2]]
    moved = {key for key, (mark, old) in before.items() if mark and digest(latest(found, mark)) != old}
    pace = BUSY_MS if any(job.state.live for job in found) else IDLE_MS
    if not moved:
        return dash.no_update, pace, [dash.no_update] * len(keys)
    runs = data.runs()
    entries = {entry.key: entry for entry in Library().entries() if entry.key in moved}
    marks = {key: [entry.fingerprint, digest(latest(found, entry.fingerprint))] for key, entry in entries.items()}
    drawn = [
        live(entries[key], current(entries[key], found, runs)) if key in entries else dash.no_update for key in keys
    ]
    return {**before, **marks}, pace, drawn
