"""What the frontier page reads: a study as far as it has come, its job, its points classified."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from dashboard import data
from engine.derivation import derived
from engine.errors import InputError, StoreError
from engine.frontier.asked import KIND, SCENARIO_LETTERS, Asked
from engine.frontier.front import classified, found
from engine.frontier.words import sentences_of
from engine.job import Job
from engine.jobs import JobTable
from engine.library import Library
from engine.objectives import OBJECTIVES
from engine.request import StudyRequest
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario, default_folders, validate_scenario
from engine.study import Studies

EARLIER_SHOWN = 12
# Below this share of the largest value an objective does not vary, and has no axis.
VARIES_FROM_FRAC = 1e-6
Technologies = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Shown:
    """A frontier as far as it has come.

    Attributes
    ----------
    study_id : str
    request : StudyRequest
    asked : Asked
    job : Job or None
        The newest of this question; None once the queue has forgotten it.
    done : bool
    points, capacity, costs, scenarios, loads : pandas.DataFrame
        The study's tables; `points` classified.
    """

    study_id: str
    request: StudyRequest
    asked: Asked
    job: Job | None
    done: bool
    points: pd.DataFrame
    capacity: pd.DataFrame
    costs: pd.DataFrame
    scenarios: pd.DataFrame
    loads: pd.DataFrame

    @property
    def keys(self) -> tuple[str, ...]:
        """The objectives, the one that is minimised first."""
        return self.asked.objectives

    @property
    def names(self) -> list[str]:
        """Name of each scenario."""
        return [str(parcel["scenario"]["name"]) for parcel in self.request.scenarios]

    @property
    def live(self) -> bool:
        """Still on its way."""
        return not self.done and self.job is not None and self.job.state.live

    @cached_property
    def found(self) -> pd.DataFrame:
        """Points that have a plan."""
        return found(self.points) if len(self.points) else self.points

    @cached_property
    def sentences(self) -> list[str]:
        """What is known so far, scenario by scenario."""
        if self.points.empty:
            return []
        by = self.points.groupby("scenario")
        return [line for n, own in by for line in sentences_of(own, self.keys, self.names[int(str(n))])]

    @property
    def synthetic(self) -> str:
        """What of the inputs is made up."""
        return " ".join(dict.fromkeys(self.scenarios["synthetic"])) if len(self.scenarios) else ""

    def point(self, name: str) -> Mapping[str, Any] | None:
        """A point that has a plan."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Mapping[str, Any]]:
        records = self.found.to_dict("records") if len(self.points) else []
        return {str(row["point"]): {str(key): value for key, value in row.items()} for row in records}

    def technologies(self, scenario: int) -> Technologies:
        """As in a run's manifest: {id: {kind, label}}."""
        own = self.scenarios[self.scenarios["scenario"] == scenario]
        return {
            str(row["technology"]): {"kind": str(row["kind"]), "label": str(row["label"])}
            for row in own.to_dict("records")
        }

    def axes(self) -> list[str]:
        """Objectives that vary among the points: those asked for first."""
        own, others = self.found, [key for key in OBJECTIVES if key not in self.keys]
        if "lcoe" in self.keys or "npv_cost" in self.keys:
            others = [key for key in others if not OBJECTIVES[key].money]
        return [*self.keys, *(key for key in others if len(own) and _varies(own[key]))]

    def capacity_at_the_end(self) -> pd.DataFrame:
        """Capacity of the last year [MW]: points down, what differs among them across."""
        if self.capacity.empty:
            return pd.DataFrame()
        last = self.capacity[self.capacity["year"] == self.capacity["year"].max()]
        wide = last.pivot_table(index="point", columns="technology", values="p_nom_mw", aggfunc="sum").fillna(0.0)
        return wide[[key for key in wide if _varies(wide[key])]]


def _varies(values: pd.Series) -> bool:
    spread, largest = float(values.max() - values.min()), float(values.abs().max())
    return spread > VARIES_FROM_FRAC * max(largest, 1e-9) and spread > 1e-9


def shown(study_id: str) -> Shown:
    """A study as it stands.

    Raises
    ------
    StoreError
        There is none of this id, or it is damaged.
    """
    studies = Studies()
    request = studies.request(study_id)
    if request.kind != KIND:
        raise StoreError(f"{study_id} is no frontier.")
    asked = Asked.of(request.options)
    return Shown(
        study_id, request, asked, JobTable().latest(request.mark), studies.done(study_id),
        _classified(study_id, asked.objectives),
        *(_table(study_id, name) for name in ("capacity", "costs", "scenarios", "loads")),
    )  # fmt: skip


def _table(study_id: str, name: str) -> pd.DataFrame:
    """A table, read again only when it was written again."""
    file = Studies().path(study_id) / f"{name}.parquet"
    return _read(study_id, name, file.stat().st_mtime_ns) if file.is_file() else pd.DataFrame()


def _classified(study_id: str, keys: tuple[str, ...]) -> pd.DataFrame:
    file = Studies().path(study_id) / "points.parquet"
    return _classified_at(study_id, keys, file.stat().st_mtime_ns) if file.is_file() else pd.DataFrame()


@lru_cache(maxsize=16)
def _classified_at(study_id: str, keys: tuple[str, ...], _written: int) -> pd.DataFrame:
    points = _table(study_id, "points")
    return classified(points, keys) if len(points) else points


@lru_cache(maxsize=64)
def _read(study_id: str, name: str, _written: int) -> pd.DataFrame:
    frame = Studies().table(study_id, name)
    return pd.DataFrame() if frame is None else frame


def digest(one: Shown) -> str:
    """Changes whenever the page would look different."""
    job = one.job
    told = "" if job is None or one.done else f"{job.state}|{job.message}|{job.progress_frac:.3f}|{job.cancelling}"
    return f"{len(one.points)}|{one.done}|{told}"


@dataclass(frozen=True)
class Earlier:
    """One line of the list of frontiers."""

    study_id: str
    name: str
    words: str
    tone: str


def earlier() -> list[Earlier]:
    """The newest frontiers, finished or not."""
    studies = Studies()
    ids = [study_id for study_id in studies.ids() if study_id.startswith(f"{KIND}-")][:EARLIER_SHOWN]
    lines = []
    for study_id in ids:
        try:
            one = shown(study_id)
        except StoreError as error:
            lines.append(Earlier(study_id, study_id, str(error), "bad"))
            continue
        lines.append(Earlier(study_id, one.request.name, _standing(one), "good" if one.done else "plain"))
    return lines


def _standing(one: Shown) -> str:
    points = f"{len(one.found)} of {one.asked.points * len(one.names)} points"
    if one.done:
        on_front = int(one.points["on_front"].sum()) if len(one.points) else 0
        return f"{on_front} plans on the front" if on_front else "no plan was found"
    if one.job is None:
        return f"stopped at {points}"
    return f"{one.job.state.value}, {points}"


def expected_seconds(loaded: Sequence[LoadedScenario], points: int) -> float | None:
    """How long a frontier may take [s], from earlier frontiers or solves of the same scenarios; None if unknown."""
    seconds = [_seconds_a_point(one) for one in loaded]
    known = [value for value in seconds if value is not None]
    return points * sum(known) if loaded and len(known) == len(seconds) else None


def _seconds_a_point(loaded: LoadedScenario) -> float | None:
    mark = fingerprint(loaded)
    for one in earlier_points():
        if one[0] == mark:
            return one[1]
    for run in data.runs():
        if run["fingerprint"] == mark:
            return float(run["seconds"].get("size", 0.0)) or None
    return None


def earlier_points() -> list[tuple[str, float]]:
    """(scenario's fingerprint, median seconds of a point) of the newest frontiers."""
    known = []
    for study_id in [study_id for study_id in Studies().ids() if study_id.startswith(f"{KIND}-")][:EARLIER_SHOWN]:
        try:
            known += _pace_of(shown(study_id))
        except (StoreError, InputError):
            continue  # its page says what is wrong with it
    return known


def _pace_of(one: Shown) -> list[tuple[str, float]]:
    if one.points.empty:
        return []
    seconds = one.points.groupby("scenario")["seconds"].median()
    return [
        (fingerprint(loaded), float(seconds[number]))
        for number, loaded in enumerate(one.request.load())
        if number in seconds
    ]


def full_scenario(one: Shown, name: str) -> dict[str, Any]:
    """The scenario whose limits hold a point, to be solved and dispatched in all hours."""
    point = one.point(name)
    if point is None:
        raise StoreError(f"{name} is no point of this frontier that has a plan.")
    parcel = one.request.scenarios[int(point["scenario"])]
    overrides = json.loads(point["overrides"])
    held = ", ".join(f"{place} {value:,.6g}" for place, value in overrides.items())
    words = f"Point {name} of the frontier {one.request.name}: each year held at its highest ({held})."
    return derived(parcel["scenario"], overrides, name=f"frontier {name}", description=words)


def full_run(one: Shown, name: str) -> Mapping[str, Any] | None:
    """The stored run of a point that was solved fully, if there is one that can be trusted."""
    mark = _mark_of(one.study_id, name)
    return next((run for run in data.runs() if run["fingerprint"] == mark and run["verification"]["passed"]), None)


@lru_cache(maxsize=256)
def _mark_of(study_id: str, name: str) -> str:
    """Fingerprint of the scenario that holds a point; a point, once found, never changes."""
    try:
        mapping = full_scenario(shown(study_id), name)
        return fingerprint(validate_scenario(mapping, source=name, folders=default_folders()))
    except (InputError, StoreError):
        return ""  # a file of its scenario is gone: it was not solved as it stands now


def keys_of(one: Shown) -> list[str]:
    """Keys of the library's scenarios that a frontier was asked of, as far as they are still there."""
    try:
        marks = {fingerprint(loaded) for loaded in one.request.load()}
    except InputError:
        return []  # a file of theirs has changed: the form starts empty
    return [entry.key for entry in Library().entries() if entry.fingerprint in marks]


def letters(one: Shown) -> list[str]:
    """Letter of each scenario."""
    return list(SCENARIO_LETTERS[: len(one.names)])
