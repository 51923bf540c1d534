"""Around the form: the list of sections, the state of the draft, the live summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.form_fields import anchor
from dashboard.components.icons import icon
from dashboard.components.numbers import number
from dashboard.formatting import amount, plural
from dashboard.forms.check import Checked, FieldProblem
from dashboard.forms.draft import Draft, value_at
from dashboard.forms.spec import KIND_LABELS, Section, fields_by_path
from dashboard.forms.summary import LoadSummary
from dashboard.forms.values import show_plain
from dashboard.ids import Editor
from engine.catalogue import Catalogue

Part = Any
CHANGES_SHOWN = 12


def navigation(parts: Sequence[Section], checked: Checked, problems: Sequence[FieldProblem]) -> html.Ul:
    """Sections, each with how much of it was changed and how much is not valid."""
    changed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    touched = {*checked.edited.changes, *checked.edited.unreadable}
    for part in parts:
        paths = {field.path for field in part.fields} | {group.path for group in part.groups if group.path}
        changed[part.slug] = len(touched & paths)
        wrong[part.slug] = sum(problem.path in paths for problem in problems)
    return html.Ul([_entry(part, changed[part.slug], wrong[part.slug]) for part in parts])


def _entry(part: Section, changed: int, wrong: int) -> html.Li:
    marks = []
    if wrong:
        marks.append(html.Span([icon("warning"), str(wrong)], className="count-wrong", title=plural(wrong, "problem")))
    if changed:
        marks.append(html.Span(str(changed), className="count-changed", title=plural(changed, "change")))
    target = f"section-{part.slug}"
    return html.Li(
        html.A([part.title, html.Span(marks)], href=f"#{target}", **{"data-goto": target, "data-top": "yes"})
    )


def add_technology() -> html.Div:
    """Choice of an entry of the catalogue, and the button that adds it."""
    options = [
        {"label": f"{KIND_LABELS.get(entry.kind, entry.kind)}: {entry.name}", "value": entry.key}
        for entry in Catalogue().entries()
    ]
    choice = dbc.Select(id=Editor.ADD_CHOICE, options=options, placeholder="Choose from the catalogue")
    label = html.Label([html.Span("Technology to add", className="visually-hidden"), choice])
    button = html.Button([icon("plus"), "Add technology"], id=Editor.ADD, className="btn btn-quiet")
    catalogue = dcc.Link("See the catalogue", href="/equipment", className="small")
    return html.Div([label, button, catalogue], className="add-technology")


def added(key: str, name: str) -> html.Div:
    """That a technology was added, with the way to it."""
    target = anchor(f"technologies.{key}")
    link = html.A("Go to it", href=f"#{target}", **{"data-goto": target, "data-top": "yes"})
    return html.Div([icon("check"), html.Span([f"Added “{name}”. ", link])], className="notice good", role="status")


def state(draft: Draft, checked: Checked, problems: Sequence[FieldProblem]) -> html.Span:
    """Unsaved changes in words; the browser reads from it whether to warn before leaving."""
    count = len(checked.edited.changes) + len(checked.edited.unreadable) + len(draft.parts)
    words = f"{plural(count, 'unsaved change')}" if count else "No changes"
    tone = "bad" if problems else "live" if count else "plain"
    return html.Span(
        words, className=f"mark mark-{tone}", **{"data-unsaved": "yes" if count else "no"}
    )  # fmt: skip


def summary(
    draft: Draft, checked: Checked, load: LoadSummary | None, problems: Sequence[FieldProblem]
) -> list[Part]:  # fmt: skip
    """What the draft means, what is wrong with it, and what was changed."""
    return [_load(load), problem_list(problems), _changes(draft, checked)]


def _load(load: LoadSummary | None) -> html.Div:
    if load is None:
        words = html.P("Shown once every field is valid.", className="muted small")
        return html.Div([html.H3("Load"), words], className="panel")
    rows = [
        ("Peak", amount(load.peak_mw, "MW"), amount(load.last_peak_mw, "MW")),
        ("Energy", amount(load.energy_mwh / 1000, "GWh"), amount(load.last_energy_mwh / 1000, "GWh")),
    ]
    several = load.last_year != load.first_year
    heads = [html.Th(""), html.Th(load.first_year, className="num")]
    heads += [html.Th(load.last_year, className="num")] * several
    body = [
        html.Tr(
            [html.Th(label, scope="row"), html.Td(number(first), className="num")]
            + [html.Td(number(last), className="num")] * several
        )
        for label, first, last in rows
    ]
    factor = html.Div(
        ["Load factor ", number(amount(load.load_factor_frac, "frac"))], className="small muted"
    )  # fmt: skip
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="data load-table")
    return html.Div([html.H3("Load"), table, factor], className="panel")


def problem_list(problems: Sequence[FieldProblem]) -> html.Div:
    """Everything that is not yet valid, each with the way to its field."""
    if not problems:
        return html.Div(
            html.Span([icon("check"), "Every field is valid"], className="mark mark-good"), className="valid"
        )
    items = [
        html.Li(
            [
                html.A(problem.where, href=f"#{anchor(problem.path)}", **{"data-goto": anchor(problem.path)})
                if problem.path
                else html.Strong(problem.where),
                " ",
                problem.message,
            ]
        )
        for problem in problems
    ]
    head = html.Div([icon("warning"), html.Strong("Not yet valid"), str(len(problems))], className="notice-head")
    return html.Div([head, html.Ul(items)], className="notice bad", role="alert")


def _changes(draft: Draft, checked: Checked) -> Part:
    """Old and new value of each change."""
    specs = fields_by_path(checked.edited.started)
    lines: list[Part] = [
        html.Li([html.Strong(_part_name(key, data)), html.Span("removed" if data is None else "added")])
        for key, data in draft.parts.items()
    ]
    for path, value in checked.edited.changes.items():
        spec = specs[path]
        was = show_plain(spec, value_at(checked.edited.started, spec))
        lines.append(
            html.Li(
                [
                    html.A(_where(path, spec.label), href=f"#{anchor(path)}", **{"data-goto": anchor(path)}),
                    html.Span([html.Del(was), " ", html.Strong(show_plain(spec, value))]),
                ]
            )
        )
    if not lines:
        return None
    rest = len(lines) - CHANGES_SHOWN
    more = [html.Li(f"and {rest} more", className="muted")] if rest > 0 else []
    return html.Div([html.H3("Changes"), html.Ul(lines[:CHANGES_SHOWN] + more)], className="panel changes small")


def _part_name(key: str, data: Mapping[str, Any] | None) -> str:
    return str((data or {}).get("label") or key.rpartition(".")[2].replace("_", " ").capitalize())


def _where(path: str, label: str) -> str:
    parts = path.split(".")
    return f"{parts[1].replace('_', ' ')}: {label.lower()}" if parts[0] == "technologies" else label


def digests(draft: Draft, checked: Checked) -> Mapping[str, str]:
    """What each touched field's note says, for telling which notes have to be drawn again."""
    edited = checked.edited
    notes = {path: f"c{value}|{draft.texts.get(path)}" for path, value in edited.changes.items()}
    return notes | {path: f"u{reason}|{draft.texts.get(path)}" for path, reason in edited.unreadable.items()}
