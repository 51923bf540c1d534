"""Saving what was edited: in place, or as a new scenario; nothing is saved that is not valid."""

from __future__ import annotations

import secrets
from typing import Any

import dash
from dash import Input, Output, State, ctx

from dashboard import jobs
from dashboard.components.problems import listed, notice, problem_box
from dashboard.editing import Origin, View, base_mapping, bases, moved, view
from dashboard.editor_actions import browser_draft, kept
from dashboard.forms.draft import Draft
from dashboard.ids import Editor as Ids
from dashboard.sheets import sheet_of
from engine.errors import InputError, Problem
from engine.library import Library


def register() -> None:
    """Wire Save, Save as new and Save and solve."""

    @dash.callback(
        Output(Ids.MESSAGE, "children"),
        Output(Ids.DRAFTS, "data", allow_duplicate=True),
        Output(Ids.FORM, "children", allow_duplicate=True),
        Output(Ids.BASES, "data", allow_duplicate=True),
        Output(Ids.REQUEST, "data", allow_duplicate=True),
        Output(Ids.NAME_DIALOG, "is_open"),
        Output(Ids.NAME, "value"),
        Input(Ids.SAVE, "n_clicks"),
        Input(Ids.SAVE_AS, "n_clicks"),
        Input(Ids.SOLVE, "n_clicks"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        State(Ids.BASES, "data"),
        prevent_initial_call=True,
    )
    def _save(
        _save: Any, _as: Any, _solve: Any, drafts: Any, page_data: dict[str, Any], shown: Any
    ) -> tuple[Any, ...]:  # fmt: skip
        """Save in place, ask for the name of a new scenario, or queue a solve; nothing is saved that is not valid."""
        keep = dash.no_update
        # The request that it may write stands in the shell: Dash also asks when the buttons come onto the page.
        if not ctx.triggered[0]["value"]:
            return (keep,) * 7
        start, draft = Origin.from_page(page_data), browser_draft(drafts, page_data)
        try:
            seen = view(base_mapping(start), draft)
        except InputError as error:  # deleted meanwhile, by somebody else
            return problem_box(error, title="Not saved"), keep, keep, keep, keep, False, keep
        if ctx.triggered_id == Ids.SOLVE and start.key and not seen.unsaved:
            return None, keep, keep, keep, keep, False, keep  # queued by the browser, see assets/editor.js
        if seen.problems:
            return _refused(seen), keep, keep, keep, keep, False, keep
        if ctx.triggered_id == Ids.SAVE_AS or (not start.saves_in_place and (seen.unsaved or not start.key)):
            return None, keep, keep, keep, keep, True, _proposed_name(seen, start)
        if others := moved(shown, seen):
            # The form then shows what is saved now beside what was typed.
            words = listed("Not saved: changed meanwhile elsewhere. Save again to put yours in its place", others)
            return words, keep, sheet_of(page_data).form(seen), bases(seen), keep, False, keep
        Library().save(seen.checked.edited.mapping, key=start.key)
        solve = {"key": start.key, "nonce": secrets.token_hex(8)} if ctx.triggered_id == Ids.SOLVE else keep
        message = notice("Saved.") if ctx.triggered_id == Ids.SAVE else None
        saved = view(base_mapping(start), Draft())
        return (
            message,
            kept(drafts, page_data, Draft()),
            sheet_of(page_data).form(saved),
            bases(saved),
            solve,
            False,
            keep,
        )

    @dash.callback(
        Output(Ids.GO, "href"),
        Output(Ids.NAME_PROBLEM, "children"),
        Output(Ids.DRAFTS, "data", allow_duplicate=True),
        Input(Ids.NAME_SAVE, "n_clicks"),
        Input(Ids.NAME_SOLVE, "n_clicks"),
        Input(Ids.NAME, "n_submit"),
        State(Ids.NAME, "value"),
        State(Ids.DRAFTS, "data"),
        State(Ids.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _save_new(
        _save: Any, _solve: Any, _enter: Any, name: str | None, drafts: Any, page_data: dict[str, Any]
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """Save under a new name and go on with it: to its editor, or to the queue."""
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 3
        try:
            seen = view(base_mapping(Origin.from_page(page_data)), browser_draft(drafts, page_data))
            key = Library().save({**seen.checked.edited.mapping, "name": (name or "").strip()})
            if ctx.triggered_id == Ids.NAME_SOLVE:
                jobs.submit(key)
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not saved"), dash.no_update
        left = {draft: data for draft, data in (drafts or {}).items() if draft != page_data["draft"]}
        return "/runs" if ctx.triggered_id == Ids.NAME_SOLVE else sheet_of(page_data).address(key), None, left


def _refused(seen: View) -> Any:
    problems = [Problem(problem.where, problem.message) for problem in seen.problems]
    return listed("Not saved; nothing that was typed is lost", problems)


def _proposed_name(seen: View, start: Origin) -> str:
    name = str(seen.checked.edited.mapping.get("name") or "")
    renamed = "name" in seen.checked.edited.changes
    return name if renamed or not start.key else f"{name[:75]} copy"
