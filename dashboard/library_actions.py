"""What changes the library: duplicate, rename, delete, import; and export."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx

from dashboard.components.problems import notice, problem_box
from dashboard.ids import Library as Ids
from dashboard.library_view import digests, grid, standings
from engine.errors import InputError, Problem
from engine.library import Library


def register() -> None:
    """Wire the cards' menus and the import."""

    @dash.callback(
        Output(Ids.GRID, "children"),
        Output(Ids.SHOWN, "data", allow_duplicate=True),
        Output(Ids.MESSAGE, "children"),
        Output(Ids.DELETE, "is_open"),
        Output(Ids.RENAME, "is_open"),
        Output(Ids.RENAME_PROBLEM, "children"),
        Input({"type": "library-do", "do": "duplicate", "key": ALL}, "n_clicks"),
        Input(Ids.DELETE_YES, "n_clicks"),
        Input(Ids.DELETE_NO, "n_clicks"),
        Input(Ids.RENAME_SAVE, "n_clicks"),
        Input(Ids.RENAME_NAME, "n_submit"),
        Input(Ids.IMPORT, "contents"),
        State(Ids.IMPORT, "filename"),
        State(Ids.DELETE_KEY, "data"),
        State(Ids.RENAME_KEY, "data"),
        State(Ids.RENAME_NAME, "value"),
        prevent_initial_call=True,
    )
    def _change(
        _duplicate: Any, _yes: Any, _no: Any, _save: Any, _enter: Any,
        contents: list[str] | None, names: list[str] | None,
        delete_key: str | None, rename_key: str | None, name: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Carry out what changes the library, then draw it again."""
        asked = ctx.triggered_id
        keep = dash.no_update
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return (keep,) * 6
        if asked == Ids.DELETE_NO:
            return keep, keep, keep, False, keep, keep
        if asked in (Ids.RENAME_SAVE, Ids.RENAME_NAME):
            try:
                words = _renamed(rename_key or "", name or "")
            except InputError as error:
                return keep, keep, keep, keep, keep, problem_box(error, title="Not renamed")
            return *_drawn(), words, keep, False, None
        if asked == Ids.DELETE_YES:
            message = _deleted(delete_key or "")
        elif asked == Ids.IMPORT:
            message = _imported(contents or [], names or [])
        else:
            message = _duplicated(asked["key"])
        return *_drawn(), message, False, keep, keep

    @dash.callback(
        Output(Ids.DOWNLOAD, "data"),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Input({"type": "library-do", "do": "export", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _export(_clicks: list[int | None]) -> tuple[Any, Any]:
        if not ctx.triggered[0]["value"]:
            return dash.no_update, dash.no_update
        key = ctx.triggered_id["key"]
        try:
            return {"content": Library().export_yaml(key), "filename": f"{key}.yaml", "type": "text/yaml"}, None
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not exported")

    @dash.callback(
        Output(Ids.RENAME, "is_open", allow_duplicate=True),
        Output(Ids.RENAME_KEY, "data"),
        Output(Ids.RENAME_NAME, "value"),
        Output(Ids.RENAME_PROBLEM, "children", allow_duplicate=True),
        Input({"type": "library-do", "do": "rename", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _ask_name(_clicks: list[int | None]) -> tuple[Any, ...]:
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 4
        key = ctx.triggered_id["key"]
        return True, key, _name(key), None

    @dash.callback(
        Output(Ids.DELETE, "is_open", allow_duplicate=True),
        Output(Ids.DELETE_KEY, "data"),
        Output(Ids.DELETE_WORDS, "children"),
        Input({"type": "library-do", "do": "delete", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _ask_delete(_clicks: list[int | None]) -> tuple[Any, ...]:
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 3
        key = ctx.triggered_id["key"]
        return True, key, f"“{_name(key)}” leaves the library for good. Its solved runs stay."


def _drawn() -> tuple[list[Any], dict[str, list[Any]]]:
    entries, shown = standings()
    return grid(entries, shown), digests(entries, shown)


def _duplicated(key: str) -> Any:
    try:
        copy = Library().duplicate(key)
    except InputError as error:
        return problem_box(error, title="Not duplicated")
    return notice(f"Duplicated as “{_name(copy)}”.")


def _deleted(key: str) -> Any:
    name = _name(key)
    try:
        Library().delete(key)
    except InputError as error:
        return problem_box(error, title="Not deleted")
    return notice(f"Deleted “{name}”. Its runs stay on the runs page.")


def _renamed(key: str, name: str) -> Any:
    Library().rename(key, name)
    return notice(f"Renamed to “{name.strip()}”.")


def _name(key: str) -> str:
    return next((entry.name for entry in Library().entries() if entry.key == key), key)


def _imported(contents: list[str], names: list[str]) -> list[Any]:
    """Take every file that is sound, and list every problem of the others."""
    messages = []
    for content, name in zip(contents, names, strict=False):
        try:
            key = Library().import_yaml(_text(content, name), name)
        except InputError as error:
            messages.append(problem_box(error, title=f"{name} was not imported"))
        else:
            messages.append(notice(f"Imported “{_name(key)}” from {name}."))
    return messages


def _text(content: str, name: str) -> str:
    """Text of an upload, `data:...;base64,...`."""
    try:
        return base64.b64decode(content.partition(",")[2], validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        raise InputError(name, [Problem("", "is no text file in UTF-8; save it as plain YAML.")]) from None
