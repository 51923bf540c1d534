"""The live page's questions: `/live/ask` from a control in the hand, `/live/solve` for the full plan of a state.

The browser asks itself, one question at a time, and hands the figures to Plotly; solving happens in the live process.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from flask import Blueprint, Response, request
from plotly.io.json import to_json_plotly

from dashboard import data, jobs
from dashboard.components.chart import View, backing_view, summary_id, table_id
from dashboard.components.problems import listed
from dashboard.ids import Live
from dashboard.live_controls import controls
from dashboard.live_front import Place, position_of, view_of
from dashboard.live_sets import LONGEST_NAME, ControlSets, as_json
from dashboard.load_live import as_html
from dashboard.owner import owner_id
from dashboard.views import live as words
from dashboard.views.live import SETTLED_GAP_FRAC, Shown
from dashboard.views.plan import Tables, capacity_of, cost_of, limits_of
from engine.comparison import LETTERS
from engine.courtesy import mark_open
from engine.derivation import derived, overlaid
from engine.errors import InputError
from engine.jobs import JobTable
from engine.library import Library
from engine.live.client import LiveProcesses
from engine.live.known_error import known_error
from engine.live.question import FIRST_PATIENCE_S, REFINED_PATIENCE_S, Answer, Question
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario, validate_scenario
from engine.scenario.schema import Scenario

MOST_PINS = 4
# Cards are half as wide as on other pages: more labels of years would touch.
MOST_YEAR_LABELS = 6
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
    states = [_State(overrides), *map(_state_of, list(asked.get("pins") or [])[:MOST_PINS])]
    answers = [answer, *(_pinned(loaded, state.overrides) for state in states[1:])]
    return _json(_look(str(asked["scenario"]), loaded, base, states, answers))


@dataclass(frozen=True)
class _State:
    """Changes of a scenario, and the name that somebody gave them."""

    overrides: Mapping[str, Any]
    name: str = ""


def _state_of(pin: Mapping[str, Any]) -> _State:
    return _State(_overrides(pin.get("values") or {}), " ".join(str(pin.get("name") or "").split())[:LONGEST_NAME])


def _overrides(sent: Mapping[str, Any]) -> dict[str, Any]:
    plain = {str(place): value for place, value in sent.items() if isinstance(value, bool | int | float | str)}
    return dict(list(plain.items())[:MOST_CHANGES])


def _pinned(loaded: LoadedScenario, overrides: Mapping[str, Any]) -> Answer:
    """The preview of an earlier state: from memory, or asked anew where a link brought it."""
    return PROCESSES.ask(loaded, Question(f"pin-{secrets.token_hex(6)}", 1, overrides, REFINED_PATIENCE_S))


def _look(
    key: str, loaded: LoadedScenario, base: Answer, states: Sequence[_State], answers: Sequence[Answer]
) -> dict[str, Any]:
    """What the page shows of a state and its pins: the previews, or in their place the full plans that are stored."""
    runs, answer = data.runs(), answers[0]
    now, *pins = (_shown(loaded, one, runs) for one in answers)
    before = _shown(loaded, base, runs)
    if now.full is not None:
        said = words.said_in_full(now.summary, now.full["synthetic"])
    else:
        said = words.said(answer, known_error(base.summary, None if before.full is None else before.full["summary"]))
    body: dict[str, Any] = {
        "status": "plan" if now.full is not None else answer.status,
        "settled": now.full is not None or answer.status != "plan" or (answer.gap_frac or 0.0) <= SETTLED_GAP_FRAC,
        "job": _job_under_way(answer.fingerprint),
        "words": {
            Live.SAID: as_html(said),
            Live.PINNED: as_html(words.pinned(now, pins, [state.name for state in states[1:]])),
        },
    }
    if body["status"] == "plan":
        body["words"][Live.STATS] = as_html(
            words.stats(now.summary, *_held_against(now, before, changed=bool(states[0].overrides)))
        )
        views = _views(now)
        position = position_of(loaded)
        if position is not None:
            views[Live.FRONT] = view_of(position, _places(loaded, states, [now, *pins]))
        body["words"][Live.FRONT_NOTE] = as_html(words.front_note(position and position.front.study_id, key))
        body["figures"] = {place: view.figure for place, view in views.items()}
        body["words"] |= {summary_id(place): view.backing.summary for place, view in views.items()}
        body["words"] |= {table_id(place): as_html(backing_view(view.backing)) for place, view in views.items()}
    return body


def _shown(loaded: LoadedScenario, answer: Answer, runs: Sequence[Mapping[str, Any]]) -> Shown:
    """A state's preview with its newest verified full run, if there is one within the scenario's gap."""
    gap = loaded.scenario.solver.mip_gap_frac
    for manifest in runs:
        summary = manifest.get("summary", {})
        known = answer.fingerprint and summary.get("fingerprint") == answer.fingerprint and summary.get("verified")
        if known and summary.get("lcoe_usd_per_mwh") is not None and (summary.get("mip_gap_frac") or 0.0) <= gap + 1e-9:
            return Shown(answer, manifest)
    return Shown(answer)


def _held_against(now: Shown, before: Shown, *, changed: bool) -> tuple[Mapping[str, Any], str]:
    """Figures to compare with, like with like; where there are none, why."""
    if not changed:
        return {}, "as in the scenario, unchanged"
    if now.full is None:
        return before.answer.summary, "the unchanged scenario has no plan"
    return ({}, "the unchanged scenario is not solved fully yet") if before.full is None else (before.summary, "")


def _places(loaded: LoadedScenario, states: Sequence[_State], shown: Sequence[Shown]) -> list[Place]:
    """The state and its pins in the picture of the frontier, those that have a plan."""
    mapping = loaded.scenario.model_dump(mode="json")
    return [
        Place(
            name, Scenario.model_validate(overlaid(mapping, state.overrides)), _tables(one),
            float(one.summary["capital_overnight_usd"]),
        )
        for name, state, one in zip(("now", *LETTERS), states, shown, strict=False)
        if one.kind != "no plan"
    ]  # fmt: skip


def _views(now: Shown) -> dict[str, View]:
    """The plan's charts."""
    tables = _tables(now)
    views = {
        Live.CAPACITY: capacity_of(tables, 300),
        Live.COSTS: cost_of(tables, "category", 300),
        Live.LIMITS: limits_of(tables, 230),
    }
    for place in (Live.CAPACITY, Live.COSTS):
        views[place].figure.update_xaxes(tickmode="auto", nticks=MOST_YEAR_LABELS)
    return views


def _tables(now: Shown) -> Tables:
    if now.full is not None:
        return Tables.of_run(now.full)
    frames = {name: pd.DataFrame(columns) for name, columns in now.answer.tables.items()}
    return Tables("preview", now.answer.technologies, frames.__getitem__)


def _job_under_way(mark: str) -> str | None:
    """The job that solves a state fully at this moment, whoever asked for it."""
    job = JobTable().latest(mark) if mark else None
    return job.job_id if job is not None and job.state.live else None


@live.post("/live/open")
def _open() -> Response:
    """The page is open and looked at: solves keep to one core."""
    mark_open()
    return _json({})


@live.post("/live/solve")
def _solve() -> Response:
    """Queue the full solve of a state, saved as an own scenario; a job that solves it already is joined."""
    asked = request.get_json()
    try:
        loaded, overrides = Library().load(str(asked["scenario"])), _overrides(asked["overrides"])
        mapping = overlaid(loaded.scenario.model_dump(mode="json"), overrides)
        mark = fingerprint(validate_scenario(mapping, source=loaded.source, folders=()) if overrides else loaded)
        under_way = _job_under_way(mark)
        if under_way is not None:
            return _json({"job": JobTable().attach(under_way, owner_id()).job_id})
        job = jobs.submit(_saved(str(asked["scenario"]), loaded, overrides) if overrides else str(asked["scenario"]))
    except InputError as error:
        return _json({"said": as_html(listed("It cannot be solved", error.problems))})
    return _json({"job": job.job_id})


def _saved(key: str, loaded: LoadedScenario, overrides: Mapping[str, Any]) -> str:
    """Key of the own scenario of a state."""
    mapping = loaded.scenario.model_dump(mode="json")
    said = f"{mapping['name']} with {words.changes(overrides, controls(mapping))}."
    return Library().save(derived(mapping, overrides, name="live", description=said))


@live.get("/live/job/<job_id>")
def _job(job_id: str) -> Response:
    """Where a full solve stands."""
    try:
        job = JobTable().get(job_id)
    except InputError as error:
        return _json({"live": False, "said": as_html(html.P(str(error)))})
    return _json({"live": job.state.live, "said": as_html(words.solving(job))})


@live.post("/live/job/<job_id>/cancel")
def _cancel(job_id: str) -> Response:
    """Give a full solve up; it goes on for others who wait for it."""
    try:
        return _json({"said": as_html(html.P(jobs.cancel(job_id)))})
    except InputError as error:
        return _json({"said": as_html(html.P(str(error)))})


@live.get("/live/sets")
def _sets() -> Response:
    """Named sets of controls."""
    return _answer_of_sets(lambda: None)


@live.post("/live/sets")
def _save_set() -> Response:
    """Save a set for everybody on the server."""
    asked = request.get_json()
    return _answer_of_sets(lambda: ControlSets().save(str(asked["name"]), [str(one) for one in asked["controls"]]))


@live.post("/live/sets/delete")
def _delete_set() -> Response:
    """Delete a set that somebody saved."""
    name = str(request.get_json()["name"])
    return _answer_of_sets(lambda: ControlSets().delete(name))


def _answer_of_sets(change: Callable[[], None]) -> Response:
    try:
        change()
        return _json({"sets": as_json(ControlSets().all())})
    except InputError as error:
        said = as_html(listed("That did not work", error.problems))
        return _json({"said": said, "sets": as_json(ControlSets().sound())})


def _json(body: Mapping[str, Any]) -> Response:
    return Response(to_json_plotly(body), mimetype="application/json")
