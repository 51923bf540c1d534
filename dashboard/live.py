"""The live page's questions: `/live/ask` from a control in the hand, `/live/solve` for the full plan of a state.

The browser asks itself, one question at a time, and hands the figures to Plotly; solving happens in the live process.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from flask import Blueprint, Response, request
from plotly.io.json import to_json_plotly

from dashboard import data, jobs, theme
from dashboard.components.problems import listed
from dashboard.figures.capacity import capacity_by_year, describe_capacity
from dashboard.figures.costs import cost_stack, describe_costs
from dashboard.figures.limits import describe_limits, limits_by_year
from dashboard.ids import Live
from dashboard.load_live import as_html
from dashboard.views import live as words
from engine.courtesy import mark_open
from engine.derivation import derived
from engine.errors import InputError
from engine.jobs import JobTable
from engine.library import Library
from engine.live.client import LiveProcesses
from engine.live.known_error import known_error
from engine.live.question import FIRST_PATIENCE_S, REFINED_PATIENCE_S, Answer, Question
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario

MOST_PINS = 4
MOST_CHANGES = 40
PROCESSES = LiveProcesses()
live = Blueprint("live", __name__)


@live.post("/live/ask")
def _ask() -> Response:
    """The preview of a state, with figures and words; nothing changes by asking."""
    asked = request.get_json()
    mark_open()
    try:
        loaded = Library().load(str(asked["scenario"]))
    except InputError as error:
        return _json({"status": "refused", "words": {Live.SAID: as_html(listed("No such scenario", error.problems))}})
    patience_s = REFINED_PATIENCE_S if asked.get("refine") else FIRST_PATIENCE_S
    overrides = _overrides(asked["overrides"])
    answer = PROCESSES.ask(loaded, Question(str(asked["page"])[:40], int(asked["number"]), overrides, patience_s))
    if answer.status == "overtaken":
        return _json({"status": "overtaken"})
    base = PROCESSES.base(loaded)
    pins = [_pinned(loaded, pin) for pin in list(asked.get("pins") or [])[:MOST_PINS]]
    return _json(_look(loaded, answer, base, pins, changed=bool(overrides)))


def _overrides(sent: Mapping[str, Any]) -> dict[str, Any]:
    plain = {str(place): value for place, value in sent.items() if isinstance(value, bool | int | float | str)}
    return dict(list(plain.items())[:MOST_CHANGES])


def _pinned(loaded: LoadedScenario, overrides: Mapping[str, Any]) -> Answer:
    """The preview of an earlier state: from memory, or asked anew where a link brought it."""
    state = _overrides(overrides)
    return PROCESSES.ask(loaded, Question(f"pin-{secrets.token_hex(6)}", 1, state, REFINED_PATIENCE_S))


def _look(loaded: LoadedScenario, answer: Answer, base: Answer, pins: list[Answer], *, changed: bool) -> dict[str, Any]:
    error = known_error(base.summary, _stored(loaded, fingerprint(loaded)))
    full = _stored(loaded, answer.fingerprint)
    said = words.said(answer, error, full)
    body: dict[str, Any] = {
        "status": answer.status,
        "settled": answer.status != "plan" or (answer.gap_frac or 0.0) <= words.SETTLED_GAP_FRAC,
        "words": {Live.SAID: as_html(said), Live.PINNED: as_html(words.pinned(answer, pins))},
    }
    if answer.status == "plan":
        body["words"][Live.STATS] = as_html(words.stats(answer, base if changed else None))
        body["figures"], summaries = _drawn(answer)
        body["words"] |= summaries
    return body


def _drawn(answer: Answer) -> tuple[dict[str, go.Figure], dict[str, str]]:
    tables = {name: pd.DataFrame(columns) for name, columns in answer.tables.items()}
    look, known = theme.current(), answer.technologies
    figures = {
        Live.CAPACITY: capacity_by_year(tables["capacity"], tables["load"], known, look, 300),
        Live.COSTS: cost_stack(tables["costs"], known, "category", look, 300),
        Live.LIMITS: limits_by_year(tables["limits"], look, 230),
    }
    summaries = {
        f"{Live.CAPACITY}-summary": describe_capacity(tables["capacity"], tables["load"], known),
        f"{Live.COSTS}-summary": describe_costs(tables["costs"]),
        f"{Live.LIMITS}-summary": describe_limits(tables["limits"]),
    }
    return figures, summaries


def _stored(loaded: LoadedScenario, mark: str) -> dict[str, Any] | None:
    """Summary of the newest verified full run of a fingerprint."""
    gap = loaded.scenario.solver.mip_gap_frac
    for manifest in data.runs():
        summary = manifest.get("summary", {})
        known = summary.get("fingerprint") == mark and summary.get("verified")
        if known and (summary.get("mip_gap_frac") or 0.0) <= gap + 1e-9:
            return dict(summary)
    return None


@live.post("/live/open")
def _open() -> Response:
    """The page is open and looked at: solves keep to one core."""
    mark_open()
    return _json({})


@live.post("/live/solve")
def _solve() -> Response:
    """Save a state as an own scenario and queue its full solve."""
    asked = request.get_json()
    library = Library()
    try:
        loaded = library.load(str(asked["scenario"]))
        overrides = _overrides(asked["overrides"])
        mapping = loaded.scenario.model_dump(mode="json")
        key = str(asked["scenario"])
        if overrides:
            said = words.changes(overrides)
            mapping = derived(mapping, overrides, name="live", description=f"{mapping['name']} with {said}.")
            key = library.save(mapping)
        job = jobs.submit(key)
    except InputError as error:
        return _json({"said": as_html(listed("It cannot be solved", error.problems))})
    return _json({"job": job.job_id, "scenario": key})


@live.get("/live/job/<job_id>")
def _job(job_id: str) -> Response:
    """Where a full solve stands."""
    job = JobTable().get(job_id)
    return _json({"live": job.state.live, "said": as_html(words.solving(job))})


def _json(body: Mapping[str, Any]) -> Response:
    return Response(to_json_plotly(body), mimetype="application/json")
