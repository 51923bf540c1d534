"""What the live page says of a preview: headline figures, what it is worth, pins beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.job_parts import bar, happening
from dashboard.components.numbers import number, shown, stat
from dashboard.components.problems import listed
from dashboard.formatting import amount, percent, usd
from dashboard.links import run_href, search, study_href
from engine.comparison import LETTERS
from engine.errors import Problem
from engine.job import Job
from engine.live.known_error import KnownError
from engine.live.known_error import words as error_words
from engine.live.question import Answer
from engine.wording import CO2, grouped

Part = Any
# From here on a longer search for whole numbers moves nothing that a reader would see.
SETTLED_GAP_FRAC = 0.0021
# (place in the summary, label, unit)
HEADLINES = (
    ("lcoe_usd_per_mwh", "LCOE", "USD/MWh"),
    ("npv_cost_usd", "Net present cost", "USD"),
    ("capital_overnight_usd", "Overnight capital", "USD"),
    ("nox_peak_year_short_tons", "NOx, highest year", "short tons"),
    ("co2_tonnes", f"{CO2} over the plan", "t"),
    ("land_acres", "Land", "acres"),
)


@dataclass(frozen=True)
class Shown:
    """What stands on the page for a state: its preview, or the full plan once there is one.

    Attributes
    ----------
    answer : Answer
        The preview.
    full : mapping or None
        Manifest of the full plan.
    """

    answer: Answer
    full: Mapping[str, Any] | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """Headline figures; empty where there is no plan."""
        return self.answer.summary if self.full is None else self.full["summary"]

    @property
    def kind(self) -> str:
        """What the figures are."""
        if self.full is not None:
            return "full plan"
        return "preview" if self.answer.status == "plan" else "no plan"


def stats(now: Mapping[str, Any], before: Mapping[str, Any], without: str) -> list[html.Div]:
    """Headline figures, with the difference from the unchanged scenario, or in words why there is none."""
    return [_stat(now, before, without, *headline) for headline in HEADLINES]


def _stat(
    now: Mapping[str, Any], before: Mapping[str, Any], without: str, place: str, label: str, unit: str
) -> html.Div:
    note = _from_base(now.get(place), before.get(place), unit) if before else without
    return stat(label, shown(now.get(place), unit), note)


def _from_base(now: float | None, before: float | None, unit: str) -> Part:
    if now is None or before is None:
        return "nothing to hold it against"
    difference = now - before
    if abs(difference) <= 5e-4 * max(abs(before), 1e-9):
        return "as before the changes"
    share = f" ({percent(difference / before)})" if before else ""
    return html.Span([number(amount(difference, unit, sign=True)), f"{share} against no change"])


def said_in_full(summary: Mapping[str, Any], synthetic: list[str]) -> list[Part]:
    """What stands in the preview's place once the state has been solved fully."""
    parts: list[Part] = [
        html.B("Full plan"),
        html.Span(f"{summary['estimate_class']}; proven within {percent(summary.get('mip_gap_frac') or 0.0)}."),
        dcc.Link("Open the result", href=run_href(str(summary["run_id"]))),
    ]
    if not summary.get("adequate"):
        parts.append(html.B(f"Inadequate: {grouped(summary.get('unserved_mwh') or 0.0, 0)} MWh of load stay unserved."))
    if synthetic:
        parts.append(html.Span(f"Made up: {' '.join(synthetic)}"))
    return [html.Span([part, " "]) for part in parts]


def said(answer: Answer, error: KnownError | None) -> list[Part]:
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
    return [html.P([part, " "]) if part is parts[0] else html.Span([part, " "]) for part in parts]


def _whole_words(answer: Answer) -> str:
    gap = answer.gap_frac or 0.0
    if gap > SETTLED_GAP_FRAC:
        return "Whole numbers of units are still being improved."
    return f"Whole units cost {usd(answer.rounding_usd)} more than fractions would, and are within {percent(gap)}."


def front_note(study_id: str | None, scenario: str) -> list[Part]:
    """What the front of the frontier's picture is, or how to get one."""
    if study_id is None:
        ask = dcc.Link("Ask for one", href=f"/frontier{search(scenarios=scenario)}")
        return [
            html.Span(["There is no frontier of this scenario yet. ", ask, " to see where a state lies beside it."])
        ]
    link = dcc.Link("Open the frontier", href=study_href("frontier", study_id))
    words = "The front is the unchanged scenario's, sized in full; the star is this state, letters are pins. "
    return [html.Span([words, link])]


def pinned(now: Shown, pins: list[Shown], names: Sequence[str]) -> list[Part]:
    """Pins beside the current state, each with what the current one differs by."""
    if not pins:
        return []
    head = html.Tr(
        [
            html.Th("Figure"),
            html.Th(f"Now, {now.kind}", className="num"),
            *map(_pin_head, range(len(pins)), pins, names),
        ]
    )
    rows = [_pin_row(now, pins, *headline) for headline in HEADLINES]
    return [html.Table([html.Thead(head), html.Tbody(rows)], className="data")]


def _pin_head(number: int, pin: Shown, name: str) -> html.Th:
    letter = LETTERS[number]
    buttons = [
        html.Button(
            word, className="link-button", type="button", **{act: str(number), "aria-label": f"{word} pin {letter}"}
        )
        for word, act in (("Show", "data-show-pin"), ("Remove", "data-remove-pin"))
    ]
    head = f"{letter}: {name}, {pin.kind}" if name else f"Pin {letter}, {pin.kind}"
    return html.Th([head, html.Div(buttons, className="live-pin-acts")], className="num")


def _pin_row(now: Shown, pins: list[Shown], place: str, label: str, unit: str) -> html.Tr:
    value = now.summary.get(place)
    cells = [html.Td(shown(value, unit), className="num")]
    for pin in pins:
        of_pin = pin.summary.get(place)
        away = None if value is None or of_pin is None else f"now {amount(value - of_pin, unit, sign=True)}"
        cells.append(html.Td([shown(of_pin, unit), html.Div(away, className="stat-note")], className="num"))
    return html.Tr([html.Td(label), *cells])


def changes(overrides: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> str:
    """The changes of a state in one line, by the names of their controls."""
    return "; ".join(f"{_name(place, known)} {_value(value)}" for place, value in overrides.items())


def _name(place: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    control = known.get(place, {"label": place, "unit": "-"})
    unit = "" if control["unit"] in ("-", "") else f" [{control['unit']}]"
    return f"{control['label']}{unit}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def solving(job: Job) -> list[Part]:
    """Where a full solve stands, with what can be done about it; nothing once its plan stands on the page."""
    if job.state.live:
        cancel = html.Button("Cancel", className="link-button", type="button", **{"data-cancel-job": job.job_id})
        words = html.P([html.B("Full solve"), f" of “{job.name}”: {happening(job)} ({job.progress_frac:.0%})"])
        return [html.Div([words, bar(job), cancel, dcc.Link("See all runs", href="/runs")], className="live-solving")]
    if job.run_id is not None and job.outcome != "infeasible":
        return []
    if job.run_id is not None:
        why = dcc.Link("See which limits conflict", href=run_href(job.run_id))
        return [html.P([f"“{job.name}”, solved fully: no plan meets every limit. ", why])]
    return [html.P(f"“{job.name}” was not solved: {job.reason or job.state.value}")]
