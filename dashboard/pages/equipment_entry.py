"""One entry of the catalogue: every figure with its source; an own entry as a form."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html

from dashboard import equipment_form as form
from dashboard.components import form_fields
from dashboard.components.empty import empty_page
from dashboard.components.equipment_dialogs import dialogs
from dashboard.components.page import page
from dashboard.components.problems import notice, problem_box
from dashboard.ids import Equipment as Ids
from dashboard.ids import EquipmentEntry
from dashboard.views import equipment_entry as view
from engine.catalogue import Catalogue
from engine.errors import InputError

dash.register_page(__name__, path_template="/equipment/<key>", name="Entry", title="Equipment · Firmwatt")


def layout(key: str = "", **_query: str) -> html.Div:
    """Page of an entry; without one, the skeleton that callbacks are checked against."""
    if not key:
        return html.Div([*view.skeleton(), html.Div(id=Ids.MESSAGE), *dialogs()])
    try:
        entry = Catalogue().get(key)
    except InputError as error:
        return empty_page("No such equipment", html.Div([problem_box(error)]), [("See the catalogue", "/equipment")])
    parts = view.shipped(entry) if entry.shipped else view.own(entry)
    return html.Div(
        [
            page(view.head(entry), html.Div(id=Ids.MESSAGE, className="message"), *parts),
            *dialogs(),
            dcc.Store(id=EquipmentEntry.KEY, data=key),
            dcc.Store(id=EquipmentEntry.BASES, data=form.bases(entry)),
        ]
    )


clientside_callback(
    ClientsideFunction("editor", "reset"),
    Output(EquipmentEntry.FORM, "className"),
    Input({"type": "equipment-reset", "path": ALL}, "n_clicks"),
    State(EquipmentEntry.BASES, "data"),
    prevent_initial_call=True,
)


@callback(
    Output({"type": "equipment-note", "path": ALL}, "children"),
    Output(EquipmentEntry.PROBLEMS, "children"),
    Output(EquipmentEntry.STATE, "children"),
    Output(EquipmentEntry.SAVE, "disabled"),
    Output(EquipmentEntry.TITLE, "children"),
    Output(EquipmentEntry.SCREENING, "children"),
    Input({"type": "equipment-field", "path": ALL}, "value"),
    State({"type": "equipment-field", "path": ALL}, "id"),
    State(EquipmentEntry.KEY, "data"),
    prevent_initial_call=True,
)
def _typed(values: list[Any], ids: list[dict[str, str]], key: str) -> tuple[Any, ...]:
    """Say what the fields mean: notes, problems, and the screening figures as they would be."""
    entry = Catalogue().get(key)
    seen = form.look(entry, {one["path"]: value for one, value in zip(ids, values, strict=True)})
    specs = form.specs(entry)
    paths = [output["id"]["path"] for output in ctx.outputs_list[0]]
    notes = [
        form_fields.note(specs[path], seen.draft, seen.checked.edited, EquipmentEntry)
        if path in specs
        else dash.no_update
        for path in paths
    ]
    return (
        notes,
        view.problems(seen),
        view.state(seen),
        bool(seen.checked.problems) or not seen.unsaved,
        seen.name,
        view.screened(seen.entry) if seen.entry else dash.no_update,
    )


@callback(
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Output(EquipmentEntry.FORM, "children"),
    Output(EquipmentEntry.BASES, "data"),
    Output(EquipmentEntry.FIGURES, "children"),
    Input(EquipmentEntry.SAVE, "n_clicks"),
    State({"type": "equipment-field", "path": ALL}, "value"),
    State({"type": "equipment-field", "path": ALL}, "id"),
    State(EquipmentEntry.KEY, "data"),
    prevent_initial_call=True,
)
def _save(clicks: int | None, values: list[Any], ids: list[dict[str, str]], key: str) -> tuple[Any, ...]:
    """Keep the entry as it was typed; nothing is kept that is not valid."""
    keep = dash.no_update
    if not clicks:
        return (keep,) * 4
    try:
        entry = form.save(key, {one["path"]: value for one, value in zip(ids, values, strict=True)})
    except InputError as error:
        return problem_box(error, title="Not saved"), keep, keep, keep
    return notice("Saved."), form.draw(entry), form.bases(entry), view.figure_table(entry)
