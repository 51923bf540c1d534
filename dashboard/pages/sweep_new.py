"""A sweep before its launch: its file as text, checked while it is written, with count and expected time."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import dash
import dash_bootstrap_components as dbc
import yaml
from dash import Input, Output, State, callback, ctx, dcc, html

from dashboard import data
from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.job_parts import duration
from dashboard.components.numbers import stat
from dashboard.components.page import page, page_head
from dashboard.components.problems import problem_box
from dashboard.ids import SweepNew as Ids
from dashboard.sweep_text import added, fresh_text, options_of, rebased
from engine.errors import InputError, StoreError
from engine.library import Library
from engine.sweep.estimate import estimate
from engine.sweep.plan import SHIPPED, Plan, plan_text, shown
from engine.sweep.spec import DESIGNS
from engine.sweep.sweeps import Sweeps

dash.register_page(__name__, path="/sweeps/new", name="New sweep", title="New sweep · Firmwatt")

SOURCE = "The sweep"


def layout(scenario: str = "", sweep: str = "", **query: str) -> html.Div:
    """The page: from a shipped sweep (`from`), one that was launched (`sweep`), or on a `scenario`."""
    text = _begin(query.get("from", ""), sweep, scenario)
    base = _base_of(text)
    tools = [
        dcc.Upload(
            html.Button(
                [icon("upload"), html.Span("Open YAML", className="wide")], className="btn btn-quiet", title="Open YAML"
            ),
            id=Ids.UPLOAD, accept=".yaml,.yml",
        ),
        html.Button([icon("play"), "Launch"], id=Ids.LAUNCH, className="btn btn-primary", disabled=True),
    ]  # fmt: skip
    scenarios = [{"label": entry.name, "value": entry.key} for entry in Library().entries() if not entry.problems]
    inputs = dcc.Dropdown(
        id=Ids.INPUT, options=options_of(base), placeholder="Find an input", className="sweep-inputs"
    )  # fmt: skip
    chooser = html.Div(
        [
            html.Label(["Base scenario", dbc.Select(id=Ids.BASE, options=scenarios, value=base, size="sm")]),
            html.Label(["Add an input", inputs]),
            html.Button([icon("plus"), "Add"], id=Ids.ADD, className="btn btn-quiet"),
        ],
        className="sweep-chooser",
    )
    writing = html.Label(
        [
            html.Span("The sweep as YAML", className="visually-hidden"),
            dcc.Textarea(id=Ids.TEXT, value=text, className="sweep-text", spellCheck=False),
        ],
        className="sweep-writing",
    )
    return page(
        page_head("New sweep", kicker=dcc.Link("Sweeps", href="/sweeps"), actions=tools),
        html.Div(id=Ids.MESSAGE, className="message"),
        card(
            "File", chooser, writing, className="w7", note="Checked while you write; docs/sweeps.md lists what it holds"
        ),
        html.Div(check(text)[0], id=Ids.CHECK, className="w5 sweep-check", **{"aria-live": "polite"}),
        dcc.Location(id=Ids.GO, refresh="callback-nav"),
    )


def check(text: str) -> tuple[list[Any], bool]:
    """What the text means or what is wrong with it; and whether it can be launched."""
    try:
        plan = plan_text(text, SOURCE)
    except InputError as error:
        return [problem_box(error, title="Not yet valid")], False
    return [_summary(plan), _inputs(plan)], True


def _summary(plan: Plan) -> html.Section:
    expected, launched = estimate(plan, data.runs()), plan.sweep_id in Sweeps().ids()
    if expected.case_seconds is None or expected.total_seconds is None:
        total, each = "Not known", "nothing of this size has been solved here yet"
    else:
        total = duration(expected.total_seconds)
        each = f"{duration(expected.case_seconds)} a case, one after the other; {expected.source}"
    again = html.P(
        ["This very sweep has been launched before; launching it goes on with it. ",
         dcc.Link("Open it", href=f"/sweep/{plan.sweep_id}")], className="muted",
    )  # fmt: skip
    return card(
        plan.sweep.name,
        html.Div(
            [stat("Cases", f"{expected.cases:,}", DESIGNS[plan.sweep.design], large=True),
             stat("Expected time", total, each, large=True)], className="stats large-stats",
        ),
        html.P(f"The budget allows {plan.sweep.budget.cases:,} cases.", className="muted small"),
        again if launched else None,
    )  # fmt: skip


def _inputs(plan: Plan) -> html.Section:
    head = html.Tr([html.Th(words, scope="col") for words in ("Input", "Base", "Moves")])
    body = []
    for one in plan.sweep.parameters:
        place = plan.places[one.path]
        moves = (
            " to ".join(shown(end) for end in one.range) if one.range else ", ".join(shown(v) for v in one.values or ())
        )
        cells = [html.Td([place.title, html.Div(one.path, className="muted small")]), html.Td(shown(place.base))]
        unit = "" if place.unit == "-" else html.Div(place.unit, className="muted small")
        body.append(html.Tr([*cells, html.Td([moves, unit])]))
    table = html.Table([html.Thead(head), html.Tbody(body)], className="data sweep-moves")
    return card("Inputs that move", html.Div(table, className="scroll", tabIndex=0))


def _begin(shipped: str, sweep_id: str, scenario: str) -> str:
    files = {file.stem: file for file in SHIPPED.glob("*.yaml")}
    if shipped in files:
        return files[shipped].read_text(encoding="utf-8")
    if sweep_id:
        try:
            return yaml.safe_dump(Sweeps().asked(sweep_id)["sweep"], sort_keys=False, allow_unicode=True)
        except StoreError:
            return fresh_text(scenario)
    return fresh_text(scenario)


def _base_of(text: str) -> str:
    try:
        return str((yaml.safe_load(text) or {}).get("base") or "")
    except yaml.YAMLError:
        return ""


@callback(
    Output(Ids.CHECK, "children"),
    Output(Ids.LAUNCH, "disabled"),
    Output(Ids.INPUT, "options"),
    Input(Ids.TEXT, "value"),
)
def _check(text: str) -> tuple[Any, bool, Any]:
    drawn, valid = check(text or "")
    return drawn, not valid, options_of(_base_of(text or ""))


@callback(
    Output(Ids.TEXT, "value"),
    Output(Ids.MESSAGE, "children"),
    Input(Ids.BASE, "value"),
    Input(Ids.ADD, "n_clicks"),
    Input(Ids.UPLOAD, "contents"),
    State(Ids.INPUT, "value"),
    State(Ids.TEXT, "value"),
    prevent_initial_call=True,
)
def _change(base: str, _clicks: int | None, contents: str | None, path: str | None, text: str) -> tuple[Any, Any]:
    """Another base, one more input, or another file; the text stays what counts."""
    try:
        if ctx.triggered_id == Ids.UPLOAD and contents:
            return base64.b64decode(contents.partition(",")[2], validate=True).decode("utf-8-sig"), None
        if ctx.triggered_id == Ids.ADD and path:
            return added(text, path), None
        if ctx.triggered_id == Ids.BASE and base:
            return rebased(text, base), None
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not changed")
    except (binascii.Error, UnicodeDecodeError):
        return dash.no_update, html.Div("That is no text file in UTF-8; choose a YAML file.", className="notice bad")
    return dash.no_update, dash.no_update


@callback(
    Output(Ids.GO, "href"),
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Input(Ids.LAUNCH, "n_clicks"),
    State(Ids.TEXT, "value"),
    prevent_initial_call=True,
)
def _launch(clicks: int | None, text: str) -> tuple[Any, Any]:
    if not clicks:
        return dash.no_update, dash.no_update
    try:
        return f"/sweep/{Sweeps().launch(plan_text(text, SOURCE))}", None
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not launched")
