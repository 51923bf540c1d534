"""Why load cannot be served, limit by limit, with a button for each way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.chart import card
from dashboard.ids import Run
from dashboard.views.derived import LEAST
from engine.diagnosis_words import RemedyRow, remedy_rows, sentences

Manifest = Mapping[str, Any]


def diagnosis_card(manifest: Manifest, className: str = "") -> html.Section | None:
    """What is in the way and what would cure it; None for a run that needs no diagnosis (or has none)."""
    diagnosis = manifest.get("diagnosis")
    if diagnosis is None:
        return None
    said = sentences(diagnosis)
    parts: list[Any] = [html.P(said[0], className="lead-sentence"), *(html.P(words) for words in said[1:])]
    if diagnosis["outcome"] == "conflict":
        parts += [_remedies(remedy_rows(diagnosis)), _button("Make the scenario of the least change", LEAST, "primary")]
    elif diagnosis["overrides"]:
        parts.append(_button("Make the scenario that serves all load", LEAST, "primary"))
    title = "Why there is no plan" if manifest["status"] == "infeasible" else "Why load goes unserved"
    return card(title, *parts, className=className)


def _remedies(rows: list[RemedyRow]) -> html.Div:
    head = html.Tr(
        [html.Th(name, scope="col") for name in ("Limit", "Now", "Would do by itself", "In the least change")]
    )
    body = [
        html.Tr(
            [html.Th(row.label, scope="row"), html.Td(row.now), _alone(row), html.Td(row.least)], className="remedy"
        )
        for row in rows
    ]
    caption = html.Caption("Limits, what each would have to be, and the least change", className="visually-hidden")
    table = html.Table([caption, html.Thead(head), html.Tbody(body)], className="data remedies")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Limits and remedies"})


def _alone(row: RemedyRow) -> html.Td:
    if not row.cures_alone:
        return html.Td(row.alone, className="muted")
    name = f"Make this scenario: {row.label} {row.alone}"
    return html.Td([html.Span(row.alone), _button("Make this scenario", row.limit, "quiet", name)])


def _button(words: str, limit: str, look: str, name: str | None = None) -> html.Button:
    label = {"aria-label": name} if name else {}
    small = " btn-small" if look == "quiet" else ""
    return html.Button(words, id=Run.remedy(limit), className=f"btn btn-{look}{small} make", **label)
