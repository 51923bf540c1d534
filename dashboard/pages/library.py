"""The library: scenarios as cards, shipped and own, each with what its latest run says."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from dashboard import data, library_actions, solve_area
from dashboard.components import list_tools
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.scenario_card import live
from dashboard.ids import Library as Ids
from dashboard.library_view import (
    JOBS_SEEN,
    SORTS,
    View,
    current,
    digest,
    digests,
    grid,
    mark,
    standings,
    tags_in_use,
)
from dashboard.standing import Standing, latest
from engine.jobs import JobTable
from engine.library import Entry, Library

BUSY_MS, IDLE_MS = 600, 3000

dash.register_page(__name__, path="/", name="Library", title="Library · Firmwatt")


def layout(**query: str) -> html.Div:
    """The page, drawn as things stand."""
    entries, shown = standings()
    view = View.of(query)
    return html.Div(
        [
            page(
                page_head("Library", actions=_tools()),
                html.Div(id=Ids.MESSAGE, className="message"),
                _filters(entries, view),
                html.Div(grid(entries, shown, view), id=Ids.GRID, className="library"),
            ),
            _bar(),
            list_tools.tag_dialog(Ids),
            _rename_dialog(),
            list_tools.delete_dialog(Ids, "Delete for good?", "Keep", dcc.Store(id=Ids.DELETE_KEY)),
            dcc.Download(id=Ids.DOWNLOAD),
            dcc.Store(id=Ids.SHOWN, data=digests(entries, shown)),
            dcc.Store(id=Ids.CHOSEN, data=[]),
            dcc.Store(id=Ids.CHANGED),
            dcc.Store(id=Ids.ADDRESS),
            dcc.Interval(id=Ids.TICK, interval=_pace(shown)),
        ]
    )


def _filters(entries: list[Entry], view: View) -> html.Div:
    tags = list_tools.tag_options(tags_in_use(entries), view.tag)
    orders = {key: words for key, (words, _) in SORTS.items()}
    return html.Div(
        [
            list_tools.find(Ids.FILTER, view.q, "Find a scenario", "Find a scenario by its words or tags"),
            list_tools.choice(Ids.TAG, "Tag", tags, view.tag),
            list_tools.choice(Ids.SORT, "Order", orders, view.sort),
        ],
        className="list-tools",
        role="search",
    )


def _bar() -> html.Div:
    buttons = {Ids.QUEUE: "Queue", Ids.DUPLICATE: "Duplicate", Ids.EXPORT: "Export YAML"}
    more = [html.Button(words, id=identity, className=list_tools.QUIET) for identity, words in buttons.items()]
    return list_tools.chosen_bar(Ids, *more)


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


@dash.callback(
    Output(Ids.GRID, "children"),
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Output(Ids.ADDRESS, "data"),
    Output(Ids.TAG, "options"),
    Input(Ids.FILTER, "value"),
    Input(Ids.TAG, "value"),
    Input(Ids.SORT, "value"),
    Input(Ids.CHANGED, "data"),
    State(Ids.CHOSEN, "data"),
    prevent_initial_call=True,
)
def _look(q: str, tag: str, sort: str, _changed: Any, chosen: list[str] | None) -> tuple[Any, ...]:
    """Draw the cards that are asked for."""
    entries, shown = standings()
    view = View.of({"q": q, "tag": tag, "sort": sort})
    tags = list_tools.options(list_tools.tag_options(tags_in_use(entries), view.tag))
    return grid(entries, shown, view, chosen or ()), digests(entries, shown), view.search(), tags


@dash.callback(
    Output(Ids.SHOWN, "data"),
    Output(Ids.TICK, "interval", allow_duplicate=True),
    Output({"type": "library-card", "key": ALL}, "children"),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.SHOWN, "data"),
    State(Ids.CHOSEN, "data"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, before: dict[str, list[Any]], chosen: list[str] | None) -> tuple[Any, Any, list[Any]]:
    """Draw again only the cards whose job moved; reading the jobs alone tells which."""
    found = JobTable().list(JOBS_SEEN)
    keys = [output["id"]["key"] for output in ctx.outputs_list[2]]
    moved = {key for key, (print_, old, _) in before.items() if print_ and digest(latest(found, print_)) != old}
    pace = BUSY_MS if any(job.state.live for job in found) else IDLE_MS
    if not moved:
        return dash.no_update, pace, [dash.no_update] * len(keys)
    runs = data.runs()
    entries = {entry.key: entry for entry in Library().entries() if entry.key in moved}
    now = {key: current(entry, found, runs) for key, entry in entries.items()}
    marks = {key: mark(entry, now[key]) for key, entry in entries.items()}
    drawn = [
        live(entries[key], now[key], chosen=key in (chosen or ())) if key in entries else dash.no_update for key in keys
    ]
    return {**before, **marks}, pace, drawn
