"""What the live page says of a preview: headline figures, what it is worth, pins beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.numbers import number, shown, stat
from dashboard.components.problems import listed
from dashboard.formatting import amount, percent, usd
from engine.errors import Problem
from engine.job import Job
from engine.live.known_error import KnownError
from engine.live.known_error import words as error_words
from engine.live.question import Answer
from engine.wording import grouped

Part = Any
# From here on a longer search for whole numbers moves nothing that a reader would see.
SETTLED_GAP_FRAC = 0.0021
# (place in the summary, label, unit)
HEADLINES = (
    ("lcoe_usd_per_mwh", "LCOE", "USD/MWh"),
    ("npv_cost_usd", "Net present cost", "USD"),
    ("capital_overnight_usd", "Overnight capital", "USD"),
    ("nox_peak_year_short_tons", "NOx, highest year", "short tons"),
    ("co2_tonnes", "CO₂ over the plan", "t"),
    ("land_acres", "Land", "acres"),
)


def stats(answer: Answer, base: Answer | None) -> list[html.Div]:
    """Headline figures, with the difference from the unchanged scenario where there is one."""
    before = base.summary if base is not None and base.status == "plan" else {}
    return [_stat(answer.summary, before, *headline) for headline in HEADLINES]


def _stat(summary: Mapping[str, Any], before: Mapping[str, Any], place: str, label: str, unit: str) -> html.Div:
    return stat(label, shown(summary.get(place), unit), _from_base(summary.get(place), before.get(place), unit))


def _from_base(now: float | None, before: float | None, unit: str) -> Part:
    if now is None or before is None:
        return "as in the scenario, unchanged"
    difference = now - before
    if abs(difference) <= 5e-4 * max(abs(before), 1e-9):
        return "as before the changes"
    share = f" ({percent(difference / before)})" if before else ""
    return html.Span([number(amount(difference, unit, sign=True)), f"{share} against no change"])


def said(answer: Answer, error: KnownError | None, full: Mapping[str, Any] | None) -> list[Part]:
    """What the preview is, and how far to trust it; or why there is none."""
    if answer.status == "refused":
        return [listed("These values make no scenario", [Problem(*one) for one in answer.problems])]
    if answer.status == "infeasible":
        return [html.P("No plan meets every limit with these values: loosen a limit, or take back the last change.")]
    if answer.status != "plan":
        words = answer.problems[0][1] if answer.problems else "no plan was found in time; it is looked for further."
        return [html.P(f"No preview: {words}")]
    parts = [html.B("Preview"), html.Span(f"{error_words(error)} {_whole_words(answer)}")]
    if not answer.summary.get("adequate"):
        missing = answer.summary.get("unserved_mwh") or 0.0
        parts.append(html.B(f"Inadequate: {grouped(missing, 0)} MWh of load stay unserved."))
    if answer.synthetic:
        parts.append(html.Span(f"Made up: {' '.join(answer.synthetic)}"))
    if full is not None and full.get("lcoe_usd_per_mwh") is not None:
        parts.append(
            html.B(
                f"Solved fully: LCOE {amount(full['lcoe_usd_per_mwh'], 'USD/MWh')}, net present cost "
                f"{usd(full['npv_cost_usd'])} (run {full['run_id']}, {full.get('estimate_class', '')})."
            )
        )
    return [html.P([part, " "]) if part is parts[0] else html.Span([part, " "]) for part in parts]


def _whole_words(answer: Answer) -> str:
    gap = answer.gap_frac or 0.0
    if gap > SETTLED_GAP_FRAC:
        return "Whole numbers of units are still being improved."
    return f"Whole units cost {usd(answer.rounding_usd)} more than fractions would, and are within {percent(gap)}."


def pinned(answer: Answer, pins: list[Answer]) -> list[Part]:
    """Pins beside the current state, each with what the current one differs by."""
    if not pins:
        return []
    letters = "ABCD"
    head = html.Tr([html.Th("Figure"), html.Th("Now"), *(html.Th(f"Pin {letters[n]}") for n in range(len(pins)))])
    rows = [_pin_row(answer, pins, *headline) for headline in HEADLINES]
    return [html.Table([html.Thead(head), html.Tbody(rows)], className="data")]


def _pin_row(answer: Answer, pins: list[Answer], place: str, label: str, unit: str) -> html.Tr:
    now = answer.summary.get(place)
    cells = [html.Td(shown(now, unit), className="num")]
    for pin in pins:
        value = pin.summary.get(place)
        away = None if now is None or value is None else f"now {amount(now - value, unit, sign=True)}"
        cells.append(html.Td([shown(value, unit), html.Div(away or "no plan", className="stat-note")], className="num"))
    return html.Tr([html.Td(label), *cells])


def changes(overrides: Mapping[str, Any]) -> str:
    """The changes of a state in one line."""
    return "; ".join(f"{place} {value}" for place, value in overrides.items())


def solving(job: Job) -> list[Part]:
    """Where a full solve stands."""
    if job.state.live:
        return [html.P(f"“{job.name}”: {job.message or 'waiting in the queue'} ({job.progress_frac:.0%})")]
    if job.run_id is not None:
        return [html.P(f"“{job.name}” is solved fully.")]
    return [html.P(f"“{job.name}” was not solved: {job.reason or str(job.state)}")]
