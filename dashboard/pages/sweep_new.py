"""A sweep before its launch: a form and its text, which say the same, with count and expected time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html
from dash.exceptions import PreventUpdate

from dashboard import sweep_draft as drafting
from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.problems import problem_box
from dashboard.forms.draft import Draft
from dashboard.ids import SweepNew as Ids
from dashboard.sweep_actions import Event, happened, is_field
from dashboard.sweep_document import SOURCE, mapping_of
from dashboard.sweep_fields import read
from dashboard.sweep_form import look
from dashboard.sweep_text import beginning
from dashboard.views import sweep_form as view
from engine.errors import InputError
from engine.sweep.plan import plan_text
from engine.sweep.sweeps import Sweeps

dash.register_page(__name__, path="/sweeps/new", name="New sweep", title="New sweep · Firmwatt")


def layout(scenario: str = "", sweep: str = "", **query: str) -> html.Div:
    """The page: from a shipped sweep (`from`), one that was launched (`sweep`), or on a `scenario`."""
    shipped = query.get("from", "")
    origin = beginning(shipped, sweep, scenario)
    seen = look(origin)
    expected = view.expectation(seen)
    name = next((f"{kind}:{key}" for kind, key in (("from", shipped), ("sweep", sweep)) if key), scenario)
    return html.Div(
        [
            page(
                page_head(
                    "New sweep", kicker=dcc.Link("Sweeps", href="/sweeps"),
                    actions=_tools(view.state(seen, expected, None, touched=False), seen.plan is None),
                ),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(view.draw(seen), id=Ids.FORM, className="w8"),
                html.Div(
                    [
                        html.Div(
                            view.meaning(seen, expected, None), id=Ids.CHECK, className="sweep-check",
                            **{"aria-live": "polite"},
                        ),
                        _text_card(origin),
                    ],
                    className="w4 sweep-side",
                ),
            ),
            dcc.Location(id=Ids.GO, refresh="callback-nav"),
            dcc.Download(id=Ids.DOWNLOADED),
            dcc.Store(id=Ids.PAGE, data={"draft": name, "text": origin}),
            dcc.Store(id=Ids.DRAFTS, storage_type="session"),
        ]
    )  # fmt: skip


def _tools(state: Any, closed: bool) -> list[Any]:
    """The count, the steps back and again, and the launch."""
    quiet = {"className": "btn btn-quiet", "disabled": True, "type": "button"}
    return [
        html.Span(state, id=Ids.STATE),
        html.Button(
            [icon("undo"), html.Span("Undo", className="wide")], id=Ids.UNDO, title="Undo (Ctrl+Z)",
            **quiet, **{"data-key": "undo"},
        ),
        html.Button(
            icon("redo"), id=Ids.REDO, title="Redo (Ctrl+Shift+Z)",
            **quiet, **{"data-key": "redo", "aria-label": "Redo"},
        ),
        html.Button("Discard", id=Ids.DISCARD, title="Drop all changes", **quiet),
        html.Button(
            [icon("play"), "Launch"], id=Ids.LAUNCH, className="btn btn-primary", disabled=closed, type="button",
            **{"aria-describedby": Ids.STATE},
        ),
    ]  # fmt: skip


def _text_card(text: str) -> html.Section:
    opening = html.Button([icon("upload"), "Open YAML"], className="btn btn-small btn-quiet", type="button")
    tools = [
        dcc.Upload(opening, id=Ids.UPLOAD),
        html.Button(
            [icon("download"), "Download"], id=Ids.DOWNLOAD, className="btn btn-small btn-quiet", type="button"
        ),
    ]  # fmt: skip
    writing = html.Label(
        [
            html.Span("The sweep as YAML", className="visually-hidden"),
            dcc.Textarea(id=Ids.TEXT, value=text, className="sweep-text", spellCheck=False),
        ],
        className="sweep-writing",
    )
    return card(
        "As YAML", writing, controls=tools, className="sweep-file",
        note="Says the same as the form: change either; docs/sweeps.md lists what it holds",
    )  # fmt: skip


@callback(
    Output(Ids.DRAFTS, "data"),
    Output(Ids.FORM, "children"),
    Output(Ids.TEXT, "value"),
    Output(Ids.CHECK, "children"),
    Output(Ids.STATE, "children"),
    Output(Ids.LAUNCH, "disabled"),
    Output(Ids.UNDO, "disabled"),
    Output(Ids.REDO, "disabled"),
    Output(Ids.DISCARD, "disabled"),
    Output(Ids.MESSAGE, "children"),
    Output({"type": "sweep-note", "path": ALL}, "children"),
    Input({"type": "sweep-field", "path": ALL}, "value"),
    Input({"type": "sweep-remove", "path": ALL}, "n_clicks"),
    Input(Ids.INPUT, "value"),
    Input(Ids.TEXT, "value"),
    Input(Ids.UPLOAD, "contents"),
    Input(Ids.UNDO, "n_clicks"),
    Input(Ids.REDO, "n_clicks"),
    Input(Ids.DISCARD, "n_clicks"),
    Input(Ids.DRAFTS, "data"),
    State(Ids.PAGE, "data"),
    prevent_initial_call=True,
)
def _change(*given: Any) -> tuple[Any, ...]:
    """Something was typed or pressed: form, text and what they mean follow."""
    *_, path, text, contents, _undo, _redo, _discard, drafts, opened = given
    restored = any(one["prop_id"].startswith(f"{Ids.DRAFTS}.") for one in ctx.triggered)
    asked = Ids.DRAFTS if restored else ctx.triggered_id if ctx.triggered[0]["value"] is not None else None
    draft, origin, notes = _kept(drafts, opened), opened["text"], _places(ctx.outputs_list[-1])
    try:
        going_on = asked == Ids.TEXT and (drafts or {}).get(opened["draft"], {}).get("by") == Ids.TEXT
        after = happened(draft, origin, Event(asked, _typed(ctx.inputs_list[0]), text, path, contents, going_on))
    except InputError as error:
        return *(dash.no_update,) * 9, problem_box(error, title="Not changed"), [dash.no_update] * len(notes)
    if after == draft and not restored:
        raise PreventUpdate
    return _answer(asked, draft, after, {**(drafts or {})}, opened, notes)


def _answer(
    asked: Any, before: Draft, after: Draft, drafts: dict[str, Any], opened: Mapping[str, Any], notes: list[str]
) -> tuple[Any, ...]:
    origin, keep = opened["text"], dash.no_update
    text, seen, broken = (
        drafting.text_of(after, origin),
        look(drafting.form_text(after, origin)),
        _broken(after, origin),
    )
    expected = view.expectation(seen)
    # Fields that somebody types in stay as they are, unless there are other fields now.
    same = is_field(asked) and read(drafting.form_text(before, origin)).shape == seen.form.shape
    drafts[opened["draft"]] = {**after.to_json(), "by": asked if isinstance(asked, str) else ""}
    return (
        drafts,
        keep if same else view.draw(seen, broken=broken is not None),
        keep if asked == Ids.TEXT else text,
        view.meaning(seen, expected, broken),
        view.state(seen, expected, broken, touched=not after.is_empty),
        seen.plan is None or broken is not None,
        not after.history,
        not after.undone,
        after.is_empty,
        None,
        [view.note(seen, place) if same else keep for place in notes],
    )


@callback(
    Output(Ids.GO, "href"),
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Output(Ids.DRAFTS, "data", allow_duplicate=True),
    Input(Ids.LAUNCH, "n_clicks"),
    State({"type": "sweep-field", "path": ALL}, "value"),
    State(Ids.TEXT, "value"),
    State(Ids.DRAFTS, "data"),
    State(Ids.PAGE, "data"),
    prevent_initial_call=True,
)
def _launch(clicks: int | None, _fields: Any, text: str, drafts: Any, opened: Mapping[str, Any]) -> tuple[Any, ...]:
    """Launch what form and text say at this moment, also what was typed last and is still on its way."""
    if not clicks:
        raise PreventUpdate
    origin = opened["text"]
    try:
        draft = happened(_kept(drafts, opened), origin, Event(None, _typed(ctx.states_list[0]), text))
        sweep_id = Sweeps().launch(plan_text(drafting.text_of(draft, origin), SOURCE))
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not launched"), dash.no_update
    others = {key: kept for key, kept in (drafts or {}).items() if key != opened["draft"]}
    return f"/sweep/{sweep_id}", None, others


clientside_callback(
    ClientsideFunction("sweeps", "download"),
    Output(Ids.DOWNLOADED, "data"),
    Input(Ids.DOWNLOAD, "n_clicks"),
    State(Ids.TEXT, "value"),
    prevent_initial_call=True,
)


clientside_callback(ClientsideFunction("sweeps", "drawn"), Output(Ids.FORM, "className"), Input(Ids.FORM, "children"))


def _kept(drafts: Mapping[str, Any] | None, opened: Mapping[str, Any]) -> Draft:
    return Draft.from_json((drafts or {}).get(opened["draft"]))


def _typed(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["id"]["path"]: one.get("value") for one in fields}


def _places(outputs: list[dict[str, Any]]) -> list[str]:
    return [one["id"]["path"] for one in outputs]


def _broken(draft: Draft, origin: str) -> InputError | None:
    """Why the form cannot show the text; None when it does."""
    try:
        mapping_of(drafting.text_of(draft, origin))
    except InputError as error:
        return error
    return None
