"""The editor of one scenario: a form generated from the schema, a draft that survives, a live summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, html

from dashboard import editor_actions, editor_frame, editor_saving, sheets, solve_area
from dashboard.components import editor_parts, form_fields
from dashboard.components.empty import empty_page
from dashboard.components.icons import icon
from dashboard.components.page import page
from dashboard.components.problems import problem_box
from dashboard.editing import View, base_mapping, bases, origin, view
from dashboard.editor_actions import browser_draft, draw_form, opened
from dashboard.forms.draft import Draft
from dashboard.forms.spec import fields_by_path, sections
from dashboard.ids import Editor as Ids
from dashboard.sheets import Sheet, sheet_of
from engine.errors import InputError

dash.register_page(__name__, path_template="/edit/<key>", name="Edit", title="Edit · Firmwatt")


def layout(key: str = "", **query: str) -> html.Div:
    """The page of a scenario; without a key, of a new one (`?from=` names what it is copied from)."""
    start = origin(key, query.get("from", ""))
    try:
        base = base_mapping(start)
    except InputError as error:
        words = html.Div([problem_box(error, title="This scenario cannot be edited")])
        return empty_page("Edit", words, [("Open the library", "/")])
    seen = view(base, Draft())
    return html.Div(
        [
            page(
                editor_frame.head(start, seen),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(
                    [
                        html.Nav(_navigation(seen), id=Ids.NAV, className="form-nav", **{"aria-label": "Parts"}),
                        html.Div(draw_form(seen), id=Ids.FORM, className="form"),
                        html.Aside(_summary(seen), id=Ids.SUMMARY, className="form-summary"),
                    ],
                    className="editor",
                ),
            ),
            *editor_frame.tail(start, seen, "form"),
        ]
    )  # fmt: skip


dash.register_page("pages.editor_new", path="/edit", name="New", title="New · Firmwatt", layout=layout)


def _navigation(seen: View) -> html.Ul:
    return editor_parts.navigation(sections(seen.checked.edited.started), seen.checked, seen.problems)


def _summary(seen: View) -> list[Any]:
    return editor_parts.summary(seen.draft, seen.checked, seen.load, seen.problems)


sheets.register(
    "form", Sheet(form=draw_form, navigation=_navigation, summary=_summary, address=lambda key: f"/edit/{key}")
)
solve_area.register(Ids)
editor_actions.register()
editor_saving.register()

dash.clientside_callback(
    ClientsideFunction("editor", "typed"),
    Output(Ids.DRAFTS, "data"),
    Input({"type": "editor-field", "path": ALL}, "value"),
    State({"type": "editor-field", "path": ALL}, "id"),
    State(Ids.DRAFTS, "data"),
    State(Ids.PAGE, "data"),
    State(Ids.BASES, "data"),
)

# Who comes for one part of the scenario (a technology that was just added) is led to it.
dash.clientside_callback(ClientsideFunction("editor", "arrive"), Output(Ids.NAV, "className"), Input(Ids.PAGE, "data"))

# What is saved already needs no look at the form: it is queued at once.
dash.clientside_callback(
    ClientsideFunction("editor", "solve"),
    Output(Ids.REQUEST, "data"),
    Input(Ids.SOLVE, "n_clicks"),
    State(Ids.PAGE, "data"),
    prevent_initial_call=True,
)

dash.clientside_callback(
    ClientsideFunction("editor", "reset"),
    Output(Ids.FORM, "className"),
    Input({"type": "editor-reset", "path": ALL}, "n_clicks"),
    State(Ids.BASES, "data"),
    prevent_initial_call=True,
)


@dash.callback(
    Output(Ids.SUMMARY, "children"),
    Output(Ids.NAV, "children"),
    Output(Ids.STATE, "children"),
    Output(Ids.TITLE, "children"),
    Output(Ids.UNDO, "disabled"),
    Output(Ids.REDO, "disabled"),
    Output(Ids.DISCARD, "disabled"),
    Output(Ids.SAVE, "disabled"),
    Output(Ids.SOLVE, "children"),
    Output(Ids.SHOWN, "data"),
    Output(Ids.FORM, "children"),
    Output(Ids.BASES, "data"),
    Output({"type": "editor-note", "path": ALL}, "children"),
    Input(Ids.DRAFTS, "data"),
    State(Ids.PAGE, "data"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def _look(drafts: Mapping[str, Any] | None, page_data: dict[str, Any], before: dict[str, Any]) -> tuple[Any, ...]:
    """Say what the draft means, and mark the fields that it touches."""
    draft = browser_draft(drafts, page_data)
    seen = view(opened(page_data), draft)
    sheet = sheet_of(page_data)
    after = dict(editor_parts.digests(draft, seen.checked))
    live = (drafts or {}).get(page_data["draft"], {}).get("live") == page_data["nonce"]
    # After a refresh the fields still show what the scenario holds: they are drawn once more, from the draft.
    restore = not live and not before["restored"] and not draft.is_empty
    paths = [output["id"]["path"] for output in ctx.outputs_list[-1]]
    return (
        sheet.summary(seen),
        sheet.navigation(seen),
        editor_parts.state(draft, seen.checked, seen.problems),
        editor_frame.title(seen),
        not draft.history,
        not draft.undone,
        not seen.unsaved,
        not seen.unsaved,
        [icon("play"), "Save and solve" if seen.unsaved else "Solve"],
        {"notes": after, "restored": before["restored"] or restore},
        sheet.form(seen) if restore else dash.no_update,
        bases(seen) if restore else dash.no_update,
        [dash.no_update] * len(paths) if restore else _notes(seen, before["notes"], after, paths),
    )


def _notes(seen: View, before: Mapping[str, str], after: Mapping[str, str], paths: list[str]) -> list[Any]:
    """Notes of the fields that were touched, or are no longer; nothing for the others."""
    specs = fields_by_path(seen.checked.edited.started)
    return [
        form_fields.note(specs[path], seen.draft, seen.checked.edited)
        if path in specs and before.get(path) != after.get(path)
        else dash.no_update
        for path in paths
    ]
