"""A job: one scenario or study waiting for a solver, what became of it, and the door for any queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from engine.progress import Progress
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario

SOLVE = "solve"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def live(self) -> bool:
        """Still to come to an end."""
        return self in (JobState.WAITING, JobState.RUNNING)


class Claim(StrEnum):
    """What a worker's claim on a job is worth."""

    HELD = "held"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True)
class Job:
    """One row of the queue.

    Attributes
    ----------
    job_id, fingerprint, name : str
        The name is the scenario's when it was queued.
    state : JobState
    outcome : str or None
        Of a done job, its run's status: "done" or "infeasible".
    phase, message : str
        As last reported (`engine.progress.Progress`).
    progress_frac : float
        Of the whole solve, 0 to 1.
    mip_gap_frac, bound_usd, incumbent_usd : float or None
        Of the sizing, once known.
    gap_trace : tuple of (float, float)
        Seconds since the start and gap, thinned.
    run_id : str or None
        Where the result stands in the store (of a study: among the studies), once done.
    reason : str
        Why it failed.
    attempts : int
        Times it was taken up.
    worker : str or None
        Who holds it.
    lease_until, created, started, finished : float or None
        Epoch seconds.
    cancelling : bool
        Asked to stop; its worker has not answered yet.
    owners : tuple of str
        Cookie ids attached to it.
    priority : int
        Higher ones go first.
    kind : str
        "solve", or a study's (`engine.study.KINDS`).
    scenario : dict
        Resolved; of a study its `scenarios` and `options`. Empty in `JobQueue.list`, which is asked often.
    files : dict of str to dict
        By reference: absolute `path` and `sha256`; empty in `JobQueue.list`.
    """

    job_id: str
    fingerprint: str
    name: str
    state: JobState
    outcome: str | None
    phase: str
    message: str
    progress_frac: float
    mip_gap_frac: float | None
    bound_usd: float | None
    incumbent_usd: float | None
    gap_trace: tuple[tuple[float, float], ...]
    run_id: str | None
    reason: str
    attempts: int
    worker: str | None
    lease_until: float | None
    created: float
    started: float | None
    finished: float | None
    cancelling: bool
    owners: tuple[str, ...]
    priority: int
    kind: str = SOLVE
    scenario: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)


class SolvedRuns(Protocol):
    """Where solved scenarios are found again (`engine.store.Store`)."""

    def find(self, fingerprint: str, mip_gap_frac: float) -> str | None:
        """The run that answers this scenario at this gap, if there is one."""


class JobQueue(Protocol):
    """A durable queue of solves. `engine.jobs.JobTable` is the local one; a cluster's can stand here later.

    A job that does not exist raises `engine.errors.InputError`.
    """

    def submit(
        self, loaded: LoadedScenario, owner: str = "", *, store: SolvedRuns | None = None, priority: int = 0
    ) -> Job:
        """Queue a scenario; join the job that already solves it, or take a stored run that answers it."""

    def submit_study(self, request: StudyRequest, owner: str = "", *, done: bool = False, priority: int = 0) -> Job:
        """Queue a study; join the job that already does it, or show one that is stored (`done`)."""

    def get(self, job_id: str) -> Job:
        """One job, whole."""

    def latest(self, fingerprint: str) -> Job | None:
        """The newest job of a scenario, without its scenario and files."""

    def attach(self, job_id: str, owner: str) -> Job:
        """Let one more owner wait for a job."""

    def cancel(self, job_id: str, owner: str, *, force: bool = False) -> str:
        """Give a job up; it ends only when nobody else waits for it. Says in words what happened."""

    def retry(self, job_id: str, owner: str) -> Job:
        """Queue an ended job again."""

    def forget(self, job_id: str, owner: str) -> None:
        """Take an ended job out of the table for an owner; it leaves with the last of them."""

    def claim(self, worker: str, lease_s: float) -> Job | None:
        """Take the next waiting job, if any."""

    def heartbeat(self, job_id: str, worker: str, lease_s: float) -> bool:
        """Prolong a lease; False when it is lost."""

    def standing(self, job_id: str, worker: str) -> Claim:
        """Whether a worker should go on with a job."""

    def report(self, job_id: str, worker: str, progress: Progress) -> bool:
        """Write down progress; False when the lease is lost."""

    def finish(
        self, job_id: str, worker: str, state: JobState, *,
        run_id: str | None = None, outcome: str | None = None, reason: str = "",
    ) -> bool:  # fmt: skip
        """End a job; False when the lease is lost."""

    def release(self, job_id: str, worker: str) -> bool:
        """Put a job back as it was before the claim; False when the lease is lost."""

    def requeue_expired(self) -> tuple[str, ...]:
        """Free the jobs of vanished workers; their ids."""

    def counts(self) -> dict[JobState, int]:
        """Jobs in each state."""

    def sign_in(self, worker: str) -> None:
        """A worker says that it is there."""

    def workers(self, within_s: float = 10.0) -> tuple[str, ...]:
        """Workers heard of lately."""

    def list(self, limit: int = 200) -> tuple[Job, ...]:
        """Running jobs, then waiting ones in their order, then ended ones, newest first."""
