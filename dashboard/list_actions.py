"""What lists share: choosing in them, keeping their address, and the dialog of tags for what is chosen."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, html

from dashboard.components.list_tools import Ids, in_use
from dashboard.components.problems import problem_box
from dashboard.formatting import plural
from engine.errors import InputError
from engine.tags import Tagged, Tags, split


def register(ids: Ids, kind: Tagged, ticks: Mapping[str, Any], bar: str, *seen: Input) -> None:
    """Wire a list of one page.

    Parameters
    ----------
    ids : Ids
    kind : Tagged
        What its tags hang on.
    ticks : mapping
        Pattern of the ids of its ticks.
    bar : str
        Function of assets/pages.js that fills the bar, from what is chosen and from `seen`.
    """
    _register_choosing(ids, ticks, bar, *seen)
    _register_tags(ids, kind)


def _register_choosing(ids: Ids, ticks: Mapping[str, Any], bar: str, *seen: Input) -> None:
    dash.clientside_callback(
        ClientsideFunction("pages", "listAddress"), Output(ids.ADDRESS, "storage_type"), Input(ids.ADDRESS, "data")
    )
    dash.clientside_callback(
        ClientsideFunction("pages", "choose"),
        Output(ids.CHOSEN, "data"),
        Input(ticks, "value"),
        State(ticks, "id"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    dash.clientside_callback(
        ClientsideFunction("pages", "chooseMany"),
        Output(ticks, "value"),
        Output(ids.CHOSEN, "data", allow_duplicate=True),
        Input(ids.CHOOSE_SHOWN, "n_clicks"),
        Input(ids.CHOOSE_NONE, "n_clicks"),
        State(ticks, "id"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    dash.clientside_callback(
        ClientsideFunction("pages", bar),
        Output(ids.COMPARE, "hidden"),
        Output(ids.CHOSEN_WORDS, "children"),
        Output(ids.COMPARE_LINK, "href"),
        Output(ids.COMPARE_LINK, "className"),
        Input(ids.CHOSEN, "data"),
        *seen,
    )


def _register_tags(ids: Ids, kind: Tagged) -> None:

    @dash.callback(
        Output(ids.TAG_DIALOG, "is_open"),
        Output(ids.TAG_WORDS, "children"),
        Output(ids.TAG_ADD, "value"),
        Output(ids.TAG_KNOWN, "children"),
        Output(ids.TAG_REMOVE, "options"),
        Output(ids.TAG_REMOVE, "value"),
        Output(ids.TAG_PROBLEM, "children"),
        Input(ids.TAG_OPEN, "n_clicks"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _ask_tags(clicks: int | None, chosen: list[str]) -> tuple[Any, ...]:
        if not clicks or not chosen:
            return (dash.no_update,) * 7
        tags = Tags().of(kind)
        known = in_use(tags.values())
        held = [tag for tag in known if any(tag in tags.get(run_id, ()) for run_id in chosen)]
        offers = [{"label": f"Remove {tag}", "value": tag} for tag in held]
        words = f"Of {plural(len(chosen), str(kind))}. Everybody on this server sees them."
        return True, words, "", [html.Option(value=tag) for tag in known], offers, [], None

    @dash.callback(
        Output(ids.TAG_DIALOG, "is_open", allow_duplicate=True),
        Output(ids.TAG_PROBLEM, "children", allow_duplicate=True),
        Output(ids.CHANGED, "data"),
        Input(ids.TAG_SAVE, "n_clicks"),
        Input(ids.TAG_ADD, "n_submit"),
        State(ids.TAG_ADD, "value"),
        State(ids.TAG_REMOVE, "value"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _tag(clicks: Any, enter: Any, typed: str | None, off: list[str], chosen: list[str]) -> tuple[Any, Any, Any]:
        if not (clicks or enter) or not chosen:
            return (dash.no_update,) * 3
        try:
            Tags().change(kind, chosen, add=split(typed or ""), remove=off or ())
        except InputError as error:
            return True, problem_box(error, title="Not saved"), dash.no_update
        return False, None, time.time()
