"""Dialogs of the equipment pages: add to a scenario, delete."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.ids import Equipment as Ids


def dialogs() -> list[Any]:
    """Both dialogs, and where they lead to."""
    return [_add(), _delete(), dcc.Location(id=Ids.GO, refresh="callback-nav")]


def _add() -> dbc.Modal:
    choice = dbc.Select(id=Ids.ADD_SCENARIO, options=[])
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Add to a scenario")),
            dbc.ModalBody(
                [
                    html.P(id=Ids.ADD_WORDS),
                    html.Label(["Scenario", choice], className="dialog-field"),
                    html.Div(id=Ids.ADD_PROBLEM),
                ]
            ),
            dbc.ModalFooter(
                [
                    dcc.Link("Open the library", href="/", className="btn btn-quiet"),
                    html.Button("Add", id=Ids.ADD_YES, className="btn btn-primary"),
                ]
            ),
            dcc.Store(id=Ids.ADD_KEY),
        ],
        id=Ids.ADD,
        centered=True,
    )


def _delete() -> dbc.Modal:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Delete this entry?")),
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
