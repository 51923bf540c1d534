"""What the editor's buttons and files do to a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, MATCH, Input, Output, State, ctx, html
from dash.exceptions import PreventUpdate

from dashboard import uploads
from dashboard.components import editor_parts, form_fields
from dashboard.components.problems import notice, problem_box
from dashboard.components.upload_panel import upload_panel
from dashboard.editing import Origin, View, base_mapping, bases, view
from dashboard.forms.draft import (
    Draft,
    add_technology,
    copy_technology,
    discard,
    read,
    redo,
    remove_technology,
    undo,
    value_at,
)
from dashboard.forms.spec import FieldSpec, fields_by_path, sections
from dashboard.ids import Editor as Ids
from dashboard.sheets import sheet_of
from engine.catalogue import Catalogue
from engine.errors import InputError

ADDED_IN = "Equipment"  # the section that offers the catalogue; it is there in every scenario, for the fuel


def draw_form(seen: View) -> list[Any]:
    """The whole form, as a draft stands."""
    edited = seen.checked.edited
    site = edited.mapping.get("site")

    def describe(spec: FieldSpec) -> Any:
        return upload_panel(spec, uploads.of_value(spec, value_at(edited.mapping, spec), site))

    parts = [
        form_fields.section(
            part, seen.draft, edited, describe, editor_parts.add_technology() if part.title == ADDED_IN else None
        )
        for part in sections(edited.started)
    ]
    removed = [key for key, data in seen.draft.parts.items() if data is None]
    return [*([removed_words(removed)] if removed else []), *parts]


def removed_words(keys: list[str]) -> html.Div:
    """Say which parts were taken out, and how they come back."""
    words = f"Removed: {', '.join(key.rpartition('.')[2] for key in keys)}."
    return notice(f"{words} Undo brings them back.", "plain")


def opened(page_data: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario that the page edits; nothing happens when somebody deleted it meanwhile, until it is saved."""
    try:
        return base_mapping(Origin.from_page(page_data))
    except InputError:
        raise PreventUpdate from None


def browser_draft(drafts: Mapping[str, Any] | None, page_data: Mapping[str, Any]) -> Draft:
    """The draft that the browser keeps for this page."""
    return Draft.from_json((drafts or {}).get(page_data["draft"]))


def kept(drafts: Mapping[str, Any] | None, page_data: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """The browser's drafts with one of them replaced."""
    return {**(drafts or {}), page_data["draft"]: {**draft.to_json(), "live": page_data["nonce"]}}


def register() -> None:
    """Wire undo, redo, discard, technologies and uploads."""

    @dash.callback(
        Output(Ids.DRAFTS, "data", allow_duplicate=True),
        Output(Ids.FORM, "children", allow_duplicate=True),
        Output(Ids.BASES, "data", allow_duplicate=True),
        Input(Ids.UNDO, "n_clicks"),
        Input(Ids.REDO, "n_clicks"),
        Input(Ids.DISCARD, "n_clicks"),
        Input({"type": "editor-technology", "do": ALL, "key": ALL}, "n_clicks"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _act(
        _undo: Any, _redo: Any, _discard: Any, _technology: Any, drafts: Any, page_data: dict[str, Any]
    ) -> tuple[Any, Any, Any]:
        """Undo, redo, discard, copy or remove a technology; the form is drawn again."""
        asked = ctx.triggered_id
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 3
        base = opened(page_data)
        draft = browser_draft(drafts, page_data)
        if asked == Ids.UNDO:
            draft = undo(draft)
        elif asked == Ids.REDO:
            draft = redo(draft)
        elif asked == Ids.DISCARD:
            draft = discard(draft)
        elif asked["do"] == "copy":
            draft = copy_technology(base, draft, asked["key"])
        else:
            draft = remove_technology(base, draft, asked["key"])
        seen = view(base, draft)
        return kept(drafts, page_data, draft), sheet_of(page_data).form(seen), bases(seen)

    @dash.callback(
        Output(Ids.DRAFTS, "data", allow_duplicate=True),
        Output(Ids.FORM, "children", allow_duplicate=True),
        Output(Ids.BASES, "data", allow_duplicate=True),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Input(Ids.ADD, "n_clicks"),
        State(Ids.ADD_CHOICE, "value"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _add(clicks: int | None, chosen: str | None, drafts: Any, page_data: dict[str, Any]) -> tuple[Any, ...]:
        """Add a technology of the catalogue to the draft."""
        if not clicks or not chosen:
            return (dash.no_update,) * 4
        base = opened(page_data)
        try:
            entry = Catalogue().get(chosen)
        except InputError as error:  # an own entry, deleted meanwhile
            return *(dash.no_update,) * 3, problem_box(error, title="Not added")
        draft, key = add_technology(base, browser_draft(drafts, page_data), entry)
        seen = view(base, draft)
        return kept(drafts, page_data, draft), draw_form(seen), bases(seen), editor_parts.added(key, entry.name)

    @dash.callback(
        Output({"type": "editor-upload-result", "path": MATCH}, "children"),
        Output({"type": "editor-field", "path": MATCH}, "value"),
        Input({"type": "editor-upload", "path": MATCH}, "contents"),
        State({"type": "editor-upload", "path": MATCH}, "filename"),
        State({"type": "editor-upload", "path": MATCH}, "id"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _uploaded(
        content: str | None, filename: str, identity: dict[str, str], drafts: Any, page_data: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Keep a file, look it over and put it into its field; one that is damaged changes nothing."""
        if not content:
            return dash.no_update, dash.no_update
        mapping = read(opened(page_data), browser_draft(drafts, page_data)).mapping
        spec = fields_by_path(mapping)[identity["path"]]
        taken = uploads.take(spec, content, filename, mapping.get("site"))
        return upload_panel(spec, taken), taken.value if taken.check else dash.no_update

    @dash.callback(
        Output({"type": "editor-upload-result", "path": MATCH}, "children", allow_duplicate=True),
        Output({"type": "editor-field", "path": MATCH}, "value", allow_duplicate=True),
        Input({"type": "editor-column", "path": MATCH}, "value"),
        State({"type": "editor-field", "path": MATCH}, "value"),
        State({"type": "editor-column", "path": MATCH}, "id"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _column(
        chosen: str | None, current: str | None, identity: dict[str, str], drafts: Any, page_data: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Read another column of the same file."""
        if not chosen or chosen == current:
            return dash.no_update, dash.no_update
        mapping = read(opened(page_data), browser_draft(drafts, page_data)).mapping
        spec = fields_by_path(mapping)[identity["path"]]
        return upload_panel(spec, uploads.of_value(spec, chosen, mapping.get("site"))), chosen
