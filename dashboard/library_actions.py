"""What changes the library: duplicate, rename, delete, import."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx

from dashboard import library_bulk, list_actions
from dashboard.components.problems import notice, problem_box
from dashboard.ids import Library as Ids
from engine.errors import InputError, Problem
from engine.library import Library
from engine.tags import Tagged


def register() -> None:
    """Wire the cards' menus and the import."""

    ticks = {"type": "library-select", "key": ALL, "run": ALL}
    list_actions.register(Ids, Tagged.SCENARIO, ticks, "chosenScenarios", Input(Ids.SHOWN, "data"))
    library_bulk.register()

    @dash.callback(
        Output(Ids.CHANGED, "data", allow_duplicate=True),
        Output(Ids.CHOSEN, "data", allow_duplicate=True),
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
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _change(
        _duplicate: Any, _yes: Any, _no: Any, _save: Any, _enter: Any,
        contents: list[str] | None, names: list[str] | None,
        delete_keys: list[str] | None, rename_key: str | None, name: str | None, chosen: list[str] | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Carry out what changes the library, then have it drawn again."""
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
            return time.time(), keep, words, keep, False, None
        if asked == Ids.DELETE_YES:
            message = library_bulk.deleted(delete_keys or [])
            left = [key for key in chosen or () if key not in (delete_keys or ())]
            return time.time(), left, message, False, keep, keep
        if asked == Ids.IMPORT:
            message = _imported(contents or [], names or [])
        else:
            message = library_bulk.duplicated([asked["key"]])
        return time.time(), keep, message, False, keep, keep

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
        return True, key, library_bulk.name(key), None


def _renamed(key: str, name: str) -> Any:
    Library().rename(key, name)
    return notice(f"Renamed to “{name.strip()}”.")


def _imported(contents: list[str], names: list[str]) -> list[Any]:
    """Take every file that is sound, and list every problem of the others."""
    messages = []
    for content, name in zip(contents, names, strict=False):
        try:
            key = Library().import_yaml(_text(content, name), name)
        except InputError as error:
            messages.append(problem_box(error, title=f"{name} was not imported"))
        else:
            messages.append(notice(f"Imported “{library_bulk.name(key)}” from {name}."))
    return messages


def _text(content: str, name: str) -> str:
    """Text of an upload, `data:...;base64,...`."""
    try:
        return base64.b64decode(content.partition(",")[2], validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        raise InputError(name, [Problem("", "is no text file in UTF-8; save it as plain YAML.")]) from None
