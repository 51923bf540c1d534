"""What each tab of the futures page asks for: plans and futures, or a scenario and an input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import links
from dashboard.components.badges import disc
from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.pickers import select
from dashboard.ids import Futures as Ids
from dashboard.views import futures_form
from dashboard.views.verdict import one_line
from engine.choice.break_even_words import POINTS, numeric_inputs, sensible_range
from engine.choice.questions import MOST_PLANS
from engine.choice.variants import mapping_of, value_at
from engine.comparison import LETTERS
from engine.scenario.loading import LoadedScenario

PATH = "/choice"
TABS = {"regret": "Regret", "alternatives": "Alternatives", "break-even": "Break-even"}
MOST_OFFERED = 40
Manifest = Mapping[str, Any]


def href(tab: str, runs: Sequence[str] = (), scenario: str = "", study: str = "") -> str:
    """Address of the page."""
    return f"{PATH}{links.search(tab=tab, runs=','.join(runs), scenario=scenario, study=study)}"


def tabs(chosen: str, runs: Sequence[str], scenario: str) -> html.Nav:
    """The three questions."""
    entries = [
        dcc.Link(
            label, href=href(tab, runs, scenario), className="segment on" if tab == chosen else "segment",
        )
        for tab, label in TABS.items()
    ]  # fmt: skip
    return html.Nav(entries, className="segments choice-tabs", **{"aria-label": "Questions"})


def plan_chips(runs: Sequence[str], names: Mapping[str, str], manifests: Sequence[Manifest]) -> html.Div:
    """The plans as chips that can be removed, and the menu that adds one. The first is what futures change."""
    found = [_chip(runs, letter, run_id, names[run_id]) for letter, run_id in zip(LETTERS, runs, strict=False)]
    others = [one for one in manifests if one["run_id"] not in runs and one["status"] == "done"][:MOST_OFFERED]
    if others and len(runs) < MOST_PLANS:
        items = [
            dbc.DropdownMenuItem(
                [html.Span(one["name"]), html.Span(one_line(one), className="muted small")],
                href=href("regret", [*runs, str(one["run_id"])]),
            )
            for one in others
        ]
        found.append(
            dbc.DropdownMenu(
                items, label=html.Span([icon("plus"), "Add a plan"]), size="sm", color="link",
                toggleClassName="menu-button", className="menu wide",
            )
        )  # fmt: skip
    return html.Div(found, className="chips")


def _chip(runs: Sequence[str], letter: str, run_id: str, name: str) -> html.Span:
    rest = [other for other in runs if other != run_id]
    return html.Span(
        [
            disc(letter),
            dcc.Link(name, href=links.run_href(run_id), className="chip-name", title=f"{name} ({run_id})"),
            dcc.Link(
                [icon("close"), html.Span(f"Remove {name}", className="visually-hidden")],
                href=href("regret", rest), className="chip-close", title="Remove",
            ),
        ],
        className="chip",
    )  # fmt: skip


def regret_form(
    reference: LoadedScenario | None,
    rows: Sequence[futures_form.Row],
    hours: str,
    *,
    optima: bool,
    folded: bool = False,
) -> html.Section:
    """Futures, how exactly, and the button."""
    table = html.Div(futures_form.table(rows, reference), id=Ids.ROWS, className="futures-table")
    buttons = html.Div(
        [
            html.Button([icon("plus"), "Add a future"], id=Ids.ADD, className="btn btn-small btn-quiet"),
            html.Button([icon("undo"), "The usual futures"], id=Ids.USUAL, className="btn btn-small btn-quiet"),
        ],
        className="choice-actions",
    )
    exactness = dbc.RadioItems(
        id=Ids.HOURS, value=hours, className="choice-options",
        options=[
            {"label": "Quick: the weeks that the sizing sees", "value": "weeks"},
            {"label": "Exact: all 8,760 hours of every year", "value": "exact"},
        ],
    )  # fmt: skip
    optimum = dbc.Checkbox(
        id=Ids.OPTIMA, value=optima, label="Also plan for each future: regret against its own best plan (a solve each)"
    )
    ask = html.Button("Work out the regret", id=Ids.ASK_REGRET, className="btn btn-primary")
    note = "Builds stay as they are; the futures change the scenario of plan A. Rows of one name are one future."
    inside = [table, buttons, html.Div([exactness, optimum, ask], className="choice-foot")]
    if not folded:
        return card("Futures", *inside, note=note, className="screen-only")
    fold = html.Details([html.Summary("Change the futures and ask again"), *inside], className="fold")
    return card("Futures", fold, note=note, className="screen-only")


def scenario_bar(scenarios: Mapping[str, str], chosen: str) -> html.Div:
    """Which scenario is asked of."""
    label = html.Span("Scenario", className="muted small")
    return html.Div([label, select(Ids.SCENARIO, scenarios, chosen, "Scenario")], className="choice-scenario")


def alternatives_form(within_percent: float = 2.0, steps: str = "quick") -> html.Section:
    """How much dearer a plan may be, and on which model."""
    model = dbc.RadioItems(
        id=Ids.STEPS, value=steps, className="choice-options",
        options=[
            {"label": "Quick: typical days in blocks of hours, whole units", "value": "quick"},
            {"label": "Full: the steps of the scenario's own sizing (minutes a plan)", "value": "own"},
        ],
    )  # fmt: skip
    field = _field("At most so much above the best plan's cost", Ids.WITHIN, f"{within_percent:g}", "%")
    ask = html.Button("Find alternatives", id=Ids.ASK_ALTERNATIVES, className="btn btn-primary")
    return card(
        "What is a must, what is a choice",
        html.Div([field, model, ask], className="choice-foot"),
        note="Least and most of each technology among plans that cost nearly as little; the mixes that differ most.",
        className="screen-only",
    )


def break_even_form(
    loaded: LoadedScenario | None, place: str = "", low: float | None = None, high: float | None = None
) -> html.Section:
    """Which input, and over which range."""
    rows = numeric_inputs(loaded) if loaded else []
    options = {row.place: f"{row.group}: {row.label}{_unit(row.unit)}" for row in rows}
    place = place if place in options else next((p for p in options if p == "fuel.price_usd_per_mmbtu"), "")
    now = ""
    if loaded and place:
        usual = sensible_range(loaded, place)
        low, high = usual[0] if low is None else low, usual[1] if high is None else high
        now = f"The scenario says {value_at(mapping_of(loaded), place):g}."
    picker = dcc.Dropdown(
        id=Ids.PLACE, options=[{"label": text, "value": key} for key, text in options.items()], value=place or None,
        clearable=False, className="choice-place", placeholder="Input",
    )  # fmt: skip
    fields = [
        html.Label([html.Span("Input", className="field-label"), picker], className="choice-field wide"),
        _field("From", Ids.LOW, "" if low is None else f"{low:g}"),
        _field("To", Ids.HIGH, "" if high is None else f"{high:g}"),
        _field("Points", Ids.POINTS, str(POINTS)),
    ]
    confirm = dbc.Checkbox(id=Ids.CONFIRM, value=True, label="Confirm each break by the full sizing on both sides")
    ask = html.Button("Find where the mix changes", id=Ids.ASK_BREAK_EVEN, className="btn btn-primary")
    note = f"The value at which the best plan is made of other technologies. {now}".strip()
    return card(
        "Where the best mix changes",
        html.Div(fields, className="choice-fields"),
        html.Div([confirm, ask], className="choice-foot"),
        note=note, className="screen-only",
    )  # fmt: skip


def _field(label: str, field_id: str, value: str, unit: str = "") -> html.Label:
    entry = dcc.Input(id=field_id, value=value, type="text", className="field-input", autoComplete="off")
    return html.Label(
        [
            html.Span(label, className="field-label"),
            html.Span([entry, html.Span(unit, className="unit") if unit else None], className="field-row"),
        ],
        className="choice-field",
    )


def _unit(unit: str) -> str:
    return "" if unit in ("-", "") else f", {unit}"
