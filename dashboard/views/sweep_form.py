"""A sweep before its launch: the form, and what it means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import data
from dashboard.components import form_fields
from dashboard.components.chart import card
from dashboard.components.editor_parts import problem_list
from dashboard.components.icons import icon
from dashboard.components.job_parts import duration
from dashboard.components.numbers import stat
from dashboard.components.problems import notice, problem_box
from dashboard.formatting import plural
from dashboard.forms.spec import FieldSpec
from dashboard.forms.values import range_text, show_plain
from dashboard.ids import SweepNew as Ids
from dashboard.sweep_fields import Row
from dashboard.sweep_form import Seen
from dashboard.sweep_text import options_of
from engine.errors import InputError
from engine.sweep.estimate import Estimate, estimate
from engine.sweep.plan import Plan
from engine.sweep.spec import DESIGNS, WHEN
from engine.sweep.sweeps import Sweeps

Part = Any
NEEDED = "Shown once every field is valid."


def draw(seen: Seen, *, broken: bool = False) -> html.Fieldset:
    """The form; of a text that it cannot show, the last one, out of reach."""
    form = seen.form
    return html.Fieldset(
        [
            html.Legend("The sweep", className="visually-hidden"),
            notice(_BROKEN, "bad") if broken else None,
            card("Sweep", _fields(seen, form.head)),
            card("Design", _designs(seen, form.design[0]), _fields(seen, form.design[1:])),
            _inputs(seen, broken),
            card("Budget", _fields(seen, form.budget), note="What the sweep may take at most"),
        ],
        disabled=broken, className="sweep-form",
    )  # fmt: skip


_BROKEN = (
    "The YAML cannot be read as a sweep, so the form shows the last one that could. "
    "Mend the text, or take the change back with Undo."
)


def note(seen: Seen, place: str) -> Part:
    """What is wrong at a place of the form; of an input that a grid steps through, else the steps."""
    if place in seen.notes:
        return form_fields.wrong_words(seen.notes[place])
    steps = seen.steps.get(place)
    return html.Span(f"Solved at {steps}") if steps else None


def expectation(seen: Seen) -> Estimate | None:
    """Expected time; None while it cannot be launched."""
    return estimate(seen.plan, data.runs()) if seen.plan else None


def state(seen: Seen, expected: Estimate | None, broken: InputError | None, *, touched: bool) -> html.Span:
    """In the head of the page: count and time, or why nothing can be launched yet."""
    wrong = len(broken.problems) if broken else len(seen.problems)
    if wrong or seen.plan is None:
        words, tone = f"{plural(wrong, 'problem')} to mend before launch", "bad"
    else:
        words, tone = plural(seen.plan.count, "case"), "live"
        if expected and expected.total_seconds is not None:
            words = f"{words}, about {duration(expected.total_seconds)}"
    return html.Span(words, className=f"mark mark-{tone}", **{"data-unsaved": "yes" if touched else "no"})


def meaning(seen: Seen, expected: Estimate | None, broken: InputError | None) -> list[Part]:
    """Cases and expected time, and what is wrong."""
    if broken:
        return [_stats(None, None), problem_box(broken, title="The text cannot be read")]
    return [_stats(seen.plan, expected), problem_list(seen.problems)]


def _stats(plan: Plan | None, expected: Estimate | None) -> html.Section:
    cases, time = ("–", NEEDED), ("–", "")
    if plan and expected:
        allowed = f"of at most {plan.sweep.budget.cases:,}; {DESIGNS[plan.sweep.design]}"
        cases, time = (f"{expected.cases:,}", allowed), _time(expected)
    large = [stat("Cases", *cases, large=True), stat("Expected time", *time, large=True)]
    return card("What it will take", html.Div(large, className="stats large-stats"), _again(plan))


def _time(expected: Estimate) -> tuple[str, str]:
    if expected.case_seconds is None or expected.total_seconds is None:
        return "Not known", expected.source
    each = f"{duration(expected.case_seconds)} a case, one after the other; {expected.source}"
    return duration(expected.total_seconds), each


def _again(plan: Plan | None) -> Part:
    if plan is None or plan.sweep_id not in Sweeps().ids():
        return None
    link = dcc.Link("Open it", href=f"/sweep/{plan.sweep_id}")
    return html.P(["This very sweep has been launched before; launching it goes on with it. ", link], className="muted")


def _fields(seen: Seen, specs: tuple[FieldSpec, ...]) -> Part:
    drawn = [form_fields.box(spec, seen.form.shown(spec), note(seen, spec.path), Ids) for spec in specs]
    return html.Div(drawn, className="fields") if drawn else None


def _designs(seen: Seen, spec: FieldSpec) -> html.Div:
    """The designs, each with when to take it."""
    options = [
        {"label": html.Span([html.Strong(name), html.Span(WHEN[key], className="small muted")]), "value": key}
        for key, name in DESIGNS.items()
    ]
    chosen = dbc.RadioItems(
        id=Ids.field(spec.path), options=options, value=seen.form.shown(spec), className="sweep-designs"
    )  # fmt: skip
    return html.Div(
        [chosen, html.Div(note(seen, spec.path), id=Ids.note(spec.path), className="field-note small")],
        id=form_fields.anchor(spec.path), role="group", **{"aria-label": spec.label},
    )  # fmt: skip


def _inputs(seen: Seen, broken: bool) -> html.Section:
    rows = seen.form.rows
    chooser = dcc.Dropdown(
        id=Ids.INPUT, options=options_of(str(seen.form.mapping.get("base")), [row.path for row in rows]),
        placeholder="Find an input to add", className="sweep-inputs", disabled=broken,
    )  # fmt: skip
    none = html.P("Nothing moves yet: find an input below and add it.", className="muted")
    return card(
        "Inputs that move",
        html.Div(note(seen, "parameters"), id=Ids.note("parameters"), className="field-note small"),
        html.Div([_row(seen, row) for row in rows] or none, className="moving-rows"),
        html.Label([html.Span("Add an input"), chooser], className="sweep-add"),
        note=plural(len(rows), "input"), className="sweep-moving",
    )  # fmt: skip


def _row(seen: Seen, row: Row) -> html.Div:
    remove = html.Button(
        icon("close"), id=Ids.remove(row.place), type="button", className="btn btn-small btn-quiet",
        title="Remove", **{"aria-label": f"Remove {row.title}"},
    )  # fmt: skip
    of = row.path if row.known is None else f"{row.known.group} · {row.path}"
    name = html.Div([html.H3(row.title), html.Span(of, className="small muted place")])
    return html.Div(
        [
            html.Div([name, html.Div(_base(row), className="moving-base small"), remove], className="moving-head"),
            _fields(seen, row.fields),
            html.Div(note(seen, row.place), id=Ids.note(row.place), className="field-note small"),
        ],
        id=form_fields.anchor(row.place), className="moving", role="group", **{"aria-label": row.title},
    )  # fmt: skip


def _base(row: Row) -> Part:
    """Value in the base scenario with unit, and what the schema allows."""
    if row.known is None:
        return None
    control = "flag" if row.known.kind == "flag" else row.item.control
    words = show_plain(replace(row.item, control=control), row.known.base)
    allowed = range_text(row.item)
    return [
        html.Div(["Base ", html.Strong(words, className="ink"), " ", form_fields.unit_words(row.item)]),
        html.Div(f"May be {allowed}") if allowed else None,
    ]
