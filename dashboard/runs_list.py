"""The runs page as a list: jobs and stored runs as one kind of item, filtered, sorted, grouped and cut into pages.

Everything here works on what is in memory; a page of the list is what is drawn, so that five hundred runs cost no more
than fifty.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from dashboard.components.list_tools import NOT_ASKED, in_use, wanted
from dashboard.links import search, whole
from dashboard.standing import judge
from engine.job import SOLVE, Job, JobState
from engine.wording import CO2

PAGE_ROWS = 50
MOST_PAGES = 10_000
# What the state filter offers: words of `judge` and of job states, by the key that the address carries.
STATES: dict[str, tuple[str, frozenset[str]]] = {
    "live": ("Running or waiting", frozenset({"Running", "Waiting"})),
    "sound": ("Verified", frozenset({"Verified", "Done"})),
    "caution": ("Inadequate or time-limited", frozenset({"Inadequate", "Time-limited"})),
    "bad": ("Infeasible or not verified", frozenset({"Infeasible", "Not verified"})),
    "failed": ("Failed or cancelled", frozenset({"Failed", "Cancelled", "Result gone"})),
}
LIVE = STATES["live"][1]
_NO_TAG = "No tag"


@dataclass(frozen=True)
class Item:
    """One row: a job, a stored run, or both.

    Attributes
    ----------
    key : str
        Job id, or the run's where no job tells of it.
    name, word : str
        Of the scenario; state in one word.
    job : Job or None
    manifest : mapping or None
        Of the run.
    tags : tuple of str
    when : float
        Epoch seconds of its end; of its start in the queue while it is live.
    """

    key: str
    name: str
    word: str
    job: Job | None
    manifest: Mapping[str, Any] | None
    tags: tuple[str, ...]
    when: float

    @property
    def run_id(self) -> str | None:
        """The run that can be opened, compared and tagged."""
        return None if self.manifest is None else str(self.manifest["run_id"])

    def figure(self, name: str) -> float:
        """A figure of the run's summary; infinite where there is none, so that it sorts last."""
        value = (self.manifest or {}).get("summary", {}).get(name)
        return math.inf if value is None else float(value)


SORTS: dict[str, tuple[str, Callable[[Item], Any]]] = {
    "": ("Newest first", lambda item: -item.when),
    "oldest": ("Oldest first", lambda item: item.when),
    "name": ("Name", lambda item: item.name.casefold()),
    "lcoe": ("LCOE, lowest first", lambda item: item.figure("lcoe_usd_per_mwh")),
    "cost": ("Present cost, lowest first", lambda item: item.figure("npv_cost_usd")),
    "capital": ("Capital, lowest first", lambda item: item.figure("capital_overnight_usd")),
    "co2": (f"{CO2}, lowest first", lambda item: item.figure("co2_tonnes")),
}
GROUPS: dict[str, tuple[str, Callable[[Item], str]]] = {
    "": ("No groups", lambda item: ""),
    "scenario": ("By scenario", lambda item: item.name),
    "state": ("By state", lambda item: item.word),
    "tag": ("By tag", lambda item: ", ".join(item.tags) or _NO_TAG),
}


@dataclass(frozen=True)
class View:
    """What of the list is asked for; its fields are the query of the address."""

    q: str = ""
    state: str = ""
    tag: str = ""
    sort: str = ""
    group: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> View:
        """The view of an address or of the page's controls; what is unknown counts as not asked for."""
        given = {name: str(query.get(name) or "") for name in ("q", "state", "tag", "sort", "group")}
        known = {"state": STATES, "sort": SORTS, "group": GROUPS}
        kept = {
            name: value if value in known.get(name, {value}) and value != NOT_ASKED else ""
            for name, value in given.items()
        }
        return cls(**kept, page=whole(query.get("page"), 1, MOST_PAGES) or 1)

    def search(self) -> str:
        """Query of the address."""
        asked = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return search(**{**asked, "page": self.page if self.page > 1 else None})


@dataclass(frozen=True)
class Page:
    """The rows that are drawn.

    Attributes
    ----------
    view : View
        With the page that exists.
    groups : list of (str, int, list of Item)
        Heading (empty without groups), number of items in the whole group, and its items on this page.
    found, total, pages : int
    """

    view: View
    groups: list[tuple[str, int, list[Item]]] = field(default_factory=list)
    found: int = 0
    total: int = 0
    pages: int = 1

    @property
    def items(self) -> list[Item]:
        """All rows of the page in their order."""
        return [item for _, _, members in self.groups for item in members]


def items(
    jobs: Sequence[Job],
    manifests: Sequence[Mapping[str, Any]],
    tags: Mapping[str, tuple[str, ...]],
    damaged: frozenset[str] = frozenset(),
    of_sweeps: Collection[str] = (),
) -> list[Item]:
    """Every job, and every run that neither a job nor a sweep tells of.

    Parameters
    ----------
    jobs : sequence of Job
    manifests : sequence of mapping
        Of all whole runs.
    tags : mapping
        By run id.
    damaged : frozenset of str
        Runs that exist and cannot be read: their jobs stay in view, those of deleted runs do not.
    of_sweeps : collection of str
        Runs that the page of a sweep lists.
    """
    by_run = {str(manifest["run_id"]): manifest for manifest in manifests}
    found = [
        _of_job(job, by_run.get(job.run_id or ""), tags)
        for job in jobs
        if job.kind != SOLVE or not job.run_id or job.run_id in by_run or job.run_id in damaged
    ]
    told = {job.run_id for job in jobs} | set(of_sweeps)
    alone = [manifest for run_id, manifest in by_run.items() if run_id not in told]
    return [*found, *(_of_run(manifest, tags) for manifest in alone)]


def look(every: Sequence[Item], view: View) -> Page:
    """The page of the list that a view asks for."""
    order, group_of = SORTS[view.sort][1], GROUPS[view.group][1]
    found = [item for item in every if _wanted(item, view)]
    kept = sorted(found, key=order)
    if not view.sort:
        # What is under way stands first, in the order of the queue.
        queued = [item for item in found if item.word in LIVE]
        kept = [*queued, *(item for item in kept if item.word not in LIVE)]
    sizes = Counter(group_of(item) for item in kept)
    if view.group:
        places = {name: place for place, name in enumerate(sizes)}  # by their first item
        kept.sort(key=lambda item: places[group_of(item)])
    pages = max(1, math.ceil(len(kept) / PAGE_ROWS))
    number = min(view.page, pages)
    shown = kept[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    groups: dict[str, list[Item]] = {}
    for item in shown:
        groups.setdefault(group_of(item), []).append(item)
    listed = [(name, sizes[name], members) for name, members in groups.items()]
    return Page(replace(view, page=number), listed, len(kept), len(every), pages)


def tags_in_use(every: Sequence[Item]) -> list[str]:
    """Tags of any item, in alphabetical order."""
    return in_use(item.tags for item in every)


def _wanted(item: Item, view: View) -> bool:
    if view.state and item.word not in STATES[view.state][1]:
        return False
    return wanted((item.name, item.word, item.run_id or ""), item.tags, view.q, view.tag)


def _of_job(job: Job, manifest: Mapping[str, Any] | None, tags: Mapping[str, tuple[str, ...]]) -> Item:
    word = job.state.value.capitalize()
    if job.state is JobState.DONE and job.kind == SOLVE:
        word = judge(manifest)[0] if manifest else "Result gone"
    return Item(job.job_id, job.name, word, job, manifest, tags.get(job.run_id or "", ()), job.finished or job.created)


def _of_run(manifest: Mapping[str, Any], tags: Mapping[str, tuple[str, ...]]) -> Item:
    run_id = str(manifest["run_id"])
    try:
        when = datetime.fromisoformat(str(manifest["created_utc"])).timestamp()
    except ValueError:
        when = 0.0
    return Item(run_id, str(manifest["name"]), judge(manifest)[0], None, manifest, tags.get(run_id, ()), when)
