"""Where each scenario of the library stands: never solved, waiting, running, or what its latest run says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.job import Job, JobState
from engine.library import Entry
from engine.profiles.load import growth_multiples
from engine.scenario.schema import Scenario

MAIN_BUILDS = 3
# Found again by the store instead of being solved twice (`engine.store.Store.find`).
_FINAL = {"Verified", "Inadequate"}


@dataclass(frozen=True)
class Build:
    """Capacity of one technology at its largest."""

    technology: str
    kind: str
    label: str
    mw: float


@dataclass(frozen=True)
class Outlook:
    """What a scenario asks, as long as nothing is solved.

    Attributes
    ----------
    first_year, last_year : int
    peak_mw, last_peak_mw : float or None
        Facility peak of those years; None when the load comes from a file.
    candidates : tuple of (str, str, str)
        Technologies that may be built: id, kind, label.
    """

    first_year: int
    last_year: int
    peak_mw: float | None
    last_peak_mw: float | None
    candidates: tuple[tuple[str, str, str], ...]


def outlook(scenario: Scenario) -> Outlook:
    """Look ahead: the load's path and what may serve it."""
    load, years = scenario.load, scenario.calendar_years
    peak_mw = load.it_peak_mw * load.pue if load.series is None else None
    multiple = float(growth_multiples(load, years=len(years))[-1])
    candidates = ((key, tech.kind, tech.label or key) for key, tech in scenario.active_technologies.items())
    return Outlook(years[0], years[-1], peak_mw, None if peak_mw is None else multiple * peak_mw, tuple(candidates))


@dataclass(frozen=True)
class Standing:
    """What a card shows.

    Attributes
    ----------
    word, tone, sign : str
        State in words, its tone and icon.
    detail : str
        One line more: what is wrong, or what is happening.
    job : Job or None
        While it waits or runs, and when it failed or was cancelled last.
    run_id : str or None
        The latest run that can be opened.
    lcoe_usd_per_mwh : float or None
    builds : tuple of Build
        Largest first.
    outlook : Outlook or None
        For a sound scenario.
    """

    word: str
    tone: str
    sign: str
    detail: str = ""
    job: Job | None = None
    run_id: str | None = None
    lcoe_usd_per_mwh: float | None = None
    builds: tuple[Build, ...] = ()
    outlook: Outlook | None = None

    @property
    def is_final(self) -> bool:
        """Solving it again would show the same run."""
        return self.word in _FINAL

    @property
    def is_live(self) -> bool:
        """Waits or runs."""
        return self.job is not None and self.job.state.live


def standing(entry: Entry, jobs: Iterable[Job], runs: Sequence[Mapping[str, Any]]) -> Standing:
    """Where a scenario stands.

    Parameters
    ----------
    entry : Entry
    jobs : iterable of Job
        In any order.
    runs : sequence of dict
        Manifests, newest first.
    """
    if entry.problems:
        return Standing("Not valid", "bad", "warning", str(entry.problems[0]))
    job = latest(jobs, entry.fingerprint)
    run = next((run for run in runs if run["fingerprint"] == entry.fingerprint), None)
    if job is not None and job.state.live:
        word = "Running" if job.state is JobState.RUNNING else "Waiting"
        sign = "play" if job.state is JobState.RUNNING else "clock"
        return Standing(word, "live" if sign == "play" else "plain", sign, job=job, **_of_run(run))
    if job is not None and job.state is JobState.FAILED and not _newer(run, job):
        return Standing("Failed", "bad", "warning", job.reason, job, **_of_run(run))
    if run is not None:
        return Standing(*judge(run), **_of_run(run))
    if job is not None and job.state is JobState.CANCELLED:
        return Standing("Cancelled", "plain", "close", "Stopped before it was solved", job)
    return Standing("Never solved", "plain", "clock")


def latest(jobs: Iterable[Job], fingerprint: str) -> Job | None:
    """The job that tells most about a scenario: a live one, else the last that ended."""
    own = (job for job in jobs if job.fingerprint == fingerprint)
    return max(own, key=lambda job: (job.state.live, job.finished or job.created), default=None)


def judge(manifest: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Word, tone, icon and one line for a finished run: the worst thing to know about it comes first."""
    summary = manifest.get("summary", {})
    if manifest.get("status") == "infeasible":
        return "Infeasible", "bad", "warning", "No plan can meet every limit"
    if not manifest.get("verification", {}).get("passed"):
        return "Not verified", "bad", "warning", "The stored figures do not add up; do not use them"
    if not summary.get("adequate", True):
        return "Inadequate", "warn", "warning", "The plan leaves some load unserved"
    if manifest.get("termination") == "time_limit":
        return "Time-limited", "warn", "clock", "The search stopped at its time limit; a better plan may exist"
    return "Verified", "good", "check", ""


def builds(manifest: Mapping[str, Any]) -> tuple[Build, ...]:
    """Capacity of each technology at its largest over the years, largest first; none that is not built."""
    known = manifest.get("technologies", {})
    found = []
    for key, by_year in manifest.get("summary", {}).get("capacity", {}).items():
        mw = max(by_year.values(), default=0.0)
        if mw >= 0.05:
            found.append(
                Build(key, str(known.get(key, {}).get("kind", "")), str(known.get(key, {}).get("label") or key), mw)
            )
    return tuple(sorted(found, key=lambda build: -build.mw))


def _of_run(run: Mapping[str, Any] | None) -> dict[str, Any]:
    if run is None:
        return {}
    lcoe = run.get("summary", {}).get("lcoe_usd_per_mwh")
    return {"run_id": str(run["run_id"]), "lcoe_usd_per_mwh": lcoe, "builds": builds(run)}


def _newer(run: Mapping[str, Any] | None, job: Job) -> bool:
    """Say whether a run was written after a job ended."""
    if run is None or job.finished is None:
        return False
    return datetime.fromisoformat(str(run["created_utc"])).timestamp() > job.finished
