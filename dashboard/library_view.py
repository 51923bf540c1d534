"""What the library shows: scenarios that are asked for, where they stand, and which cards have to be drawn again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import html

from dashboard import data
from dashboard.components.empty import empty_state
from dashboard.components.list_tools import NOT_ASKED, in_use, wanted
from dashboard.components.scenario_card import card
from dashboard.links import search
from dashboard.standing import Standing, outlook, standing
from engine.errors import InputError
from engine.job import Job
from engine.jobs import JobTable
from engine.library import Entry, Library
from engine.tags import Tagged, Tags

JOBS_SEEN = 500
Order = Callable[[Entry, Standing], Any]


def _lcoe(_entry: Entry, now: Standing) -> float:
    return math.inf if now.lcoe_usd_per_mwh is None else now.lcoe_usd_per_mwh


def _changed(entry: Entry, _now: Standing) -> float:
    return -entry.path.stat().st_mtime if entry.path.is_file() else 0.0


SORTS: dict[str, tuple[str, Order | None]] = {
    "": ("Usual order", None),
    "name": ("Name", lambda entry, _now: entry.name.casefold()),
    "changed": ("Last changed first", _changed),
    "lcoe": ("LCOE, lowest first", _lcoe),
}


@dataclass(frozen=True)
class View:
    """What of the library is asked for; its fields are the query of the address."""

    q: str = ""
    tag: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> View:
        """The view of an address or of the page's controls; what is unknown counts as not asked for."""
        given = {name: str(query.get(name) or "") for name in ("q", "tag", "sort")}
        tag, sort = given["tag"], given["sort"]
        return cls(given["q"], "" if tag == NOT_ASKED else tag, sort if sort in SORTS else "")

    @property
    def narrow(self) -> bool:
        """Whether some scenarios may be left out."""
        return bool(self.q or self.tag)

    def search(self) -> str:
        """Query of the address."""
        return search(q=self.q, tag=self.tag, sort=self.sort)


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
    """What each card shows of its latest job, for telling whether it has to be drawn again; and its run."""
    return {entry.key: mark(entry, shown[entry.key]) for entry in entries}


def mark(entry: Entry, now: Standing) -> list[Any]:
    """Fingerprint, digest of the job that is shown, latest run."""
    return [entry.fingerprint, digest(now.job), now.run_id]


def digest(job: Job | None) -> str:
    """Changes whenever a card would show its job differently."""
    if job is None:
        return ""
    shown = (job.job_id, job.state.value, job.message, f"{job.progress_frac:.2f}", job.mip_gap_frac, job.cancelling)
    return "|".join(map(str, shown))


def look(
    entries: Sequence[Entry], shown: Mapping[str, Standing], tags: Mapping[str, tuple[str, ...]], view: View
) -> list[Entry]:
    """The scenarios that a view asks for, in its order."""
    kept = [
        entry for entry in entries if wanted((entry.name, entry.description), tags.get(entry.key, ()), view.q, view.tag)
    ]
    order = SORTS[view.sort][1]
    return sorted(kept, key=lambda entry: order(entry, shown[entry.key])) if order else kept


def grid(entries: list[Entry], shown: dict[str, Standing], view: View, chosen: Sequence[str] = ()) -> list[Any]:
    """The cards, own scenarios first."""
    if not entries:
        words = "Scenarios say what a site needs and what may be built there. Import one, or start a new one."
        return [empty_state("No scenarios yet", words, [("New scenario", "/edit")])]
    tags = Tags().of(Tagged.SCENARIO)
    kept = look(entries, shown, tags, view)
    if not kept:
        words = "No scenario has these words and this tag."
        return [empty_state("None of the scenarios", words, [("Show all scenarios", "/")])]
    own = [entry for entry in kept if not entry.shipped]
    nothing = "" if view.narrow else "Nothing of your own yet: edit a shipped scenario, or drop a YAML file here."
    cards = {
        entry.key: card(entry, shown[entry.key], tags.get(entry.key, ()), chosen=entry.key in chosen) for entry in kept
    }
    return [
        *_group("Yours", [cards[entry.key] for entry in own], nothing),
        *_group("Shipped with Firmwatt", [cards[entry.key] for entry in kept if entry.shipped], ""),
    ]


def tags_in_use(entries: Sequence[Entry]) -> list[str]:
    """Tags of any scenario that is there, in alphabetical order."""
    tags = Tags().of(Tagged.SCENARIO)
    return in_use(tags.get(entry.key, ()) for entry in entries)


def _group(title: str, cards: list[Any], nothing: str) -> list[Any]:
    if not cards and not nothing:
        return []
    body = html.Div(cards, className="cards") if cards else html.P(nothing, className="muted drop-hint")
    return [html.Section([html.H2(title, className="group-title"), body])]
