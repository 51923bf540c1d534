"""What the library shows: every scenario with where it stands, and how to tell that a card has to be drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboard import data
from dashboard.components.empty import empty_state
from dashboard.components.scenario_card import card
from dashboard.standing import Standing, outlook, standing
from engine.errors import InputError
from engine.job import Job
from engine.jobs import JobTable
from engine.library import Entry, Library

JOBS_SEEN = 500


def standings() -> tuple[list[Entry], dict[str, Standing]]:
    """Every scenario of the library, and where it stands by its key."""
    entries = Library().entries()
    found, runs = JobTable().list(JOBS_SEEN), data.runs()
    return entries, {entry.key: current(entry, found, runs) for entry in entries}


def current(entry: Entry, found: Sequence[Job], runs: Sequence[Mapping[str, Any]]) -> Standing:
    """Where one scenario stands; what it asks, as long as it has no result."""
    now = standing(entry, found, runs)
    if now.run_id is not None or entry.problems:
        return now
    try:
        return replace(now, outlook=outlook(Library().load(entry.key).scenario))
    except InputError:  # deleted or broken since the library was read
        return now


def digests(entries: list[Entry], shown: dict[str, Standing]) -> dict[str, list[Any]]:
    """What each card shows of its latest job, for telling whether it has to be drawn again."""
    jobs = {key: one.job for key, one in shown.items()}
    return {entry.key: [entry.fingerprint, digest(jobs[entry.key])] for entry in entries}


def digest(job: Job | None) -> str:
    """Changes whenever a card would show its job differently."""
    if job is None:
        return ""
    shown = (job.job_id, job.state.value, job.message, f"{job.progress_frac:.2f}", job.mip_gap_frac, job.cancelling)
    return "|".join(map(str, shown))


def grid(entries: list[Entry], shown: dict[str, Standing]) -> list[Any]:
    """The cards, own scenarios first."""
    own = [entry for entry in entries if not entry.shipped]
    shipped = [entry for entry in entries if entry.shipped]
    if not entries:
        words = "Scenarios say what a site needs and what may be built there. Import one, or start a new one."
        return [empty_state("No scenarios yet", words, [("New scenario", "/edit")])]
    return [
        *_group("Yours", own, shown, "Nothing of your own yet: edit a shipped scenario, or drop a YAML file here."),
        *_group("Shipped with Firmwatt", shipped, shown, ""),
        html.P("No scenario has these words.", className="muted none-found", hidden=True),
    ]


def _group(title: str, entries: list[Entry], shown: dict[str, Standing], nothing: str) -> list[Any]:
    cards = [card(entry, shown[entry.key]) for entry in entries]
    body = html.Div(cards, className="cards") if cards else html.P(nothing, className="muted drop-hint")
    return [html.Section([html.H2(title, className="group-title"), body])]
