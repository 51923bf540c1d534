"""What every page that edits a scenario has around its form: buttons, the dialog for a name, the stores of a draft."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components import editor_parts
from dashboard.components.icons import icon
from dashboard.components.page import page_head
from dashboard.editing import Origin, View, bases
from dashboard.ids import Editor as Ids


def head(start: Origin, seen: View, *, chips: Any = None) -> html.Header:
    """Title, where the scenario comes from, and the buttons of a draft."""
    kicker = "Your scenario" if start.saves_in_place else "Shipped scenario"
    if not start.key:
        kicker = "New scenario"
    quiet, small = "btn btn-quiet", {"disabled": True}
    save = html.Button("Save", id=Ids.SAVE, className=quiet, hidden=not start.saves_in_place, **small)
    return page_head(
        html.Span(title(seen), id=Ids.TITLE),
        chips=chips,
        kicker=kicker,
        actions=[
            html.Span(editor_parts.state(seen.draft, seen.checked, seen.problems), id=Ids.STATE),
            html.Button(
                [icon("undo"), html.Span("Undo", className="wide")], id=Ids.UNDO, className=quiet,
                title="Undo (Ctrl+Z)", **small, **{"data-key": "undo"},
            ),
            html.Button(
                icon("redo"), id=Ids.REDO, className=quiet, title="Redo (Ctrl+Shift+Z)",
                **small, **{"aria-label": "Redo", "data-key": "redo"},
            ),
            html.Button("Discard", id=Ids.DISCARD, className=f"{quiet} wide", title="Drop all changes", **small),
            save,
            html.Button("Save as new", id=Ids.SAVE_AS, className=quiet),
            html.Button([icon("play"), "Solve"], id=Ids.SOLVE, className="btn btn-primary"),
        ],
    )  # fmt: skip


def title(seen: View) -> str:
    """Name of the scenario as the draft has it."""
    return str(seen.checked.edited.mapping.get("name") or "No name")


def tail(start: Origin, seen: View, sheet: str) -> list[Any]:
    """Beside the page: what a Solve button started, the dialog for a name, the stores."""
    return [
        _name_dialog(),
        dcc.Location(id=Ids.GO, refresh="callback-nav"),
        dcc.Store(id=Ids.PAGE, data=start.to_page(sheet)),
        dcc.Store(id=Ids.BASES, data=bases(seen)),
        dcc.Store(id=Ids.SHOWN, data={"notes": {}, "restored": False}),
        dcc.Store(id=Ids.DRAFTS, storage_type="session"),
    ]


def _name_dialog() -> dbc.Modal:
    name = dbc.Input(id=Ids.NAME, maxLength=80, autocomplete="off")
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Save as a new scenario")),
            dbc.ModalBody([html.Label(["Name", name], className="dialog-field"), html.Div(id=Ids.NAME_PROBLEM)]),
            dbc.ModalFooter(
                [
                    html.Button("Save", id=Ids.NAME_SAVE, className="btn btn-quiet"),
                    html.Button("Save and solve", id=Ids.NAME_SOLVE, className="btn btn-primary"),
                ]
            ),
        ],
        id=Ids.NAME_DIALOG,
        centered=True,
    )
