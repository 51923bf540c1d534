"""What changes the catalogue, or takes from it: copy, delete, add to a scenario."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx

from dashboard.components.form_fields import anchor
from dashboard.components.problems import notice, problem_box
from dashboard.ids import Equipment as Ids
from engine.catalogue import Catalogue, add_to_mapping
from engine.errors import InputError
from engine.library import Library


def own_scenarios() -> dict[str, str]:
    """Name by key of the scenarios that can be changed."""
    return {entry.key: entry.name for entry in Library().entries() if not entry.shipped}


def add_to_scenario(key: str, scenario: str) -> str:
    """Add an entry to an own scenario under a free id.

    Returns
    -------
    str
        Address of its editor, at the new technology.

    Raises
    ------
    InputError
        Entry or scenario is gone, or the scenario is not valid with it.
    """
    library = Library()
    mapping, technology = add_to_mapping(library.mapping(scenario), Catalogue().get(key))
    library.save(mapping, key=scenario)
    return f"/edit/{scenario}#{anchor(f'technologies.{technology}')}"


def register() -> None:
    """Wire the rows' menus and their dialogs."""

    @dash.callback(
        Output(Ids.GO, "href"),
        Output(Ids.MESSAGE, "children"),
        Input({"type": "equipment-do", "do": "copy", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _copy(_clicks: list[int | None]) -> tuple[Any, Any]:
        """Start an own entry and go to its form."""
        if not ctx.triggered[0]["value"]:
            return dash.no_update, dash.no_update
        try:
            return f"/equipment/{Catalogue().copy(ctx.triggered_id['key'])}", None
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not copied")

    @dash.callback(
        Output(Ids.DELETE, "is_open"),
        Output(Ids.DELETE_KEY, "data"),
        Output(Ids.DELETE_WORDS, "children"),
        Input({"type": "equipment-do", "do": "delete", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _ask_delete(_clicks: list[int | None]) -> tuple[Any, ...]:
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 3
        key = ctx.triggered_id["key"]
        return True, key, f"“{_name(key)}” leaves the catalogue. Scenarios that took its figures keep them."

    @dash.callback(
        Output(Ids.GO, "href", allow_duplicate=True),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Output(Ids.DELETE, "is_open", allow_duplicate=True),
        Input(Ids.DELETE_YES, "n_clicks"),
        Input(Ids.DELETE_NO, "n_clicks"),
        State(Ids.DELETE_KEY, "data"),
        prevent_initial_call=True,
    )
    def _delete(_yes: int | None, _no: int | None, key: str | None) -> tuple[Any, ...]:
        if ctx.triggered_id != Ids.DELETE_YES:
            return dash.no_update, dash.no_update, False
        name = _name(key or "")
        try:
            Catalogue().delete(key or "")
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not deleted"), False
        return "/equipment", notice(f"Deleted “{name}”."), False

    @dash.callback(
        Output(Ids.ADD, "is_open"),
        Output(Ids.ADD_KEY, "data"),
        Output(Ids.ADD_WORDS, "children"),
        Output(Ids.ADD_SCENARIO, "options"),
        Output(Ids.ADD_SCENARIO, "value"),
        Output(Ids.ADD_YES, "disabled"),
        Output(Ids.ADD_PROBLEM, "children"),
        Input({"type": "equipment-do", "do": "add", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def _ask_scenario(_clicks: list[int | None]) -> tuple[Any, ...]:
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 7
        key, scenarios = ctx.triggered_id["key"], own_scenarios()
        words = f"“{_name(key)}” joins the scenario as a further technology; its editor opens."
        if not scenarios:
            words = "You have no scenario of your own yet: duplicate a shipped one in the library first."
        options = [{"label": name, "value": scenario} for scenario, name in scenarios.items()]
        return True, key, words, options, next(iter(scenarios), None), not scenarios, None

    @dash.callback(
        Output(Ids.GO, "href", allow_duplicate=True),
        Output(Ids.ADD_PROBLEM, "children", allow_duplicate=True),
        Input(Ids.ADD_YES, "n_clicks"),
        State(Ids.ADD_KEY, "data"),
        State(Ids.ADD_SCENARIO, "value"),
        prevent_initial_call=True,
    )
    def _add(clicks: int | None, key: str | None, scenario: str | None) -> tuple[Any, Any]:
        if not clicks or not key or not scenario:
            return dash.no_update, dash.no_update
        try:
            return add_to_scenario(key, scenario), None
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not added")


def _name(key: str) -> str:
    return next((entry.name for entry in Catalogue().entries() if entry.key == key), key)
