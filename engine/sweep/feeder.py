"""Feeds the queue with the cases of running sweeps, a few at a time, and gathers what became of them.

The worker calls `Feeder.step` about twice a second: whoever can solve also keeps sweeps going, whether or not a web
server runs. Of several workers one feeds at a time. A sweep has never more than a window of cases in the queue, at a
low priority: a single solve goes before them all.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import pandas as pd

from engine.errors import FirmwattError, InputError, StoreError
from engine.job import Job, JobQueue, JobState
from engine.scenario.fingerprint import fingerprint
from engine.store import Store
from engine.sweep import dataset
from engine.sweep.designs import VARIED
from engine.sweep.plan import Plan, row_values
from engine.sweep.sweeps import DONE, OWNER, RUNNING, STOPPED, State, Sweeps

WINDOW = 4
PRIORITY = -10
# Beyond its time limit a case has so long to dispatch, verify and store before it is stopped.
GRACE_S = 5.0

log = logging.getLogger("firmwatt.sweeps")


class Feeder:
    """Keeps running sweeps going.

    Parameters
    ----------
    queue : JobQueue
    store : Path
        Folder of the store that takes the runs.
    sweeps : Sweeps
    window : int
        Cases of one sweep in the queue at a time.
    """

    def __init__(self, queue: JobQueue, store: Path, sweeps: Sweeps, window: int = WINDOW) -> None:
        self._queue, self._sweeps, self._window = queue, sweeps, window
        self._store = Store(store)
        self._known = _KnownRuns(self._store)
        self._plans: dict[str, Plan] = {}
        self._lock: IO[str] | None = None

    def step(self) -> bool:
        """Move every running sweep a step on; True while one is running."""
        running = self._sweeps.running()
        if running and self._may_feed():
            for sweep_id in running:
                self._feed(sweep_id)
        return bool(running)

    def close(self) -> None:
        """Let another worker feed."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _may_feed(self) -> bool:
        """Hold the lock of the folder, which the system frees when this process dies."""
        if self._lock is None:
            lock = (self._sweeps.root / ".feeder").open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                return False
            self._lock = lock
        return True

    def _feed(self, sweep_id: str) -> None:
        try:
            plan = self._plans.get(sweep_id) or self._sweeps.plan(sweep_id)
            self._plans[sweep_id] = plan
            with self._sweeps.changing(sweep_id) as (frame, state):
                if state.state != RUNNING:
                    return
                feeding = _Feeding(self._queue, self._store, self._known, plan, frame, self._window)
                feeding.settle()
                feeding.fill(state)
                self._sweeps.save(plan, frame if feeding.changed else None, feeding.ended(state))
            feeding.forget()
        except FirmwattError as error:
            log.warning("sweep %s cannot go on: %s", sweep_id, error)
            self._plans.pop(sweep_id, None)
            if sweep_id in self._sweeps.ids():
                self._sweeps.fail(sweep_id, str(error))


class _Feeding:
    """One step of one sweep, on its dataset in memory."""

    def __init__(
        self, queue: JobQueue, store: Store, known: _KnownRuns, plan: Plan, frame: pd.DataFrame, window: int
    ) -> None:
        self._queue, self._store, self._known, self._plan, self._frame = queue, store, known, plan, frame
        self._window, self._owner = window, OWNER + plan.sweep_id
        self._settled: list[str] = []
        self.changed = False

    def settle(self) -> None:
        """Write down what became of the jobs in the queue."""
        outstanding = self._frame[self._frame["state"] == dataset.QUEUED]
        for job_id, rows in outstanding.groupby("job_id"):
            job = self._job(str(job_id))
            values = {"state": dataset.PENDING, "job_id": ""} if job is None else self._of_job(job)
            if values is not None:
                for row in rows.index:
                    self._put(row, values)
                self._settled.append(str(job_id))

    def fill(self, state: State) -> None:
        """Queue pending cases up to the window; cases that are answered already are no jobs."""
        if self._spent() is not None:
            return
        room = self._window - self._frame.loc[self._frame["state"] == dataset.QUEUED, "job_id"].nunique()
        for row in self._frame.index[self._frame["state"] == dataset.PENDING]:
            if room <= 0:
                return
            room -= self._begin(row, state)

    def ended(self, state: State) -> State | None:
        """What the sweep's state becomes; None while it stays as it is."""
        left = self._frame["state"]
        if left.isin(dataset.ENDED).all():
            return State(DONE, "", state.created, state.resumed, time.time())
        spent = self._spent()
        if spent is not None and not (left == dataset.QUEUED).any():
            return State(STOPPED, spent, state.created, state.resumed, time.time())
        return None

    def forget(self) -> None:
        """Take gathered jobs out of the queue: the sweep's page tells of them, and the list of runs stays short."""
        for job_id in self._settled:
            self._queue.forget(job_id, self._owner)

    def _begin(self, row: Any, state: State) -> int:
        """Answer a case from what is known, or queue it; returns the places of the window that it takes."""
        case = int(self._frame["case"][row])
        try:
            loaded = self._plan.load(row_values(self._frame.loc[row], self._plan.places), case)
        except InputError as error:
            words = "; ".join(str(problem) for problem in error.problems)
            self._put(row, {"state": dataset.FAILED, "reason": f"Refused: {words}", "seconds": 0.0})
            return 0
        mark = fingerprint(loaded)
        answered = self._answered(row, mark, loaded.scenario.solver.mip_gap_frac)
        if answered is not None:
            self._put(row, {**answered, "fingerprint": mark, "seconds": 0.0})
            return 0
        # A job of this sweep whose number was never written down (this process died in between) is taken up again.
        job = self._queue.latest(mark)
        if job is None or self._owner not in job.owners or job.created < state.resumed:
            job = self._queue.submit(loaded, self._owner, priority=PRIORITY)
        self._put(row, {"state": dataset.QUEUED, "job_id": job.job_id, "fingerprint": mark})
        return 1

    def _answered(self, row: Any, mark: str, gap_frac: float) -> dict[str, Any] | None:
        """The answer of an equal case of this sweep, or of a stored run."""
        twins = self._frame[(self._frame["fingerprint"] == mark) & self._frame["state"].isin(dataset.ENDED)]
        if len(twins):
            own = {"case", VARIED, "job_id", "seconds", *self._plan.places}
            return {str(name): value for name, value in twins.iloc[0].items() if name not in own}
        run_id = self._known.find(mark, gap_frac)
        return dataset.result(self._store.manifest(run_id)) if run_id else None

    def _of_job(self, job: Job) -> Mapping[str, Any] | None:
        """The row of an ended job; None while it goes on."""
        seconds = (job.finished or time.time()) - job.started if job.started else 0.0
        if job.state is JobState.DONE:
            try:
                return {**dataset.result(self._store.manifest(str(job.run_id))), "seconds": seconds}
            except StoreError as error:
                return {"state": dataset.FAILED, "reason": str(error), "seconds": seconds}
        if job.state is JobState.FAILED:
            return {"state": dataset.FAILED, "reason": job.reason or "No reason was given.", "seconds": seconds}
        if job.state is JobState.CANCELLED:
            return {"state": dataset.CANCELLED, "reason": "Cancelled among the runs.", "seconds": seconds}
        limit_s = self._plan.sweep.budget.seconds_per_case
        if limit_s is not None and seconds > limit_s + GRACE_S and not job.cancelling:
            self._queue.cancel(job.job_id, self._owner)
            reason = f"Took longer than {limit_s:g} s (budget.seconds_per_case) and was stopped."
            return {"state": dataset.FAILED, "reason": reason, "seconds": seconds}
        return None

    def _job(self, job_id: str) -> Job | None:
        try:
            return self._queue.get(job_id)
        except InputError:
            return None  # forgotten by the queue: its run, if there is one, is found again

    def _spent(self) -> str | None:
        """Why the budget lets nothing more begin; None while it does."""
        total_s, seconds = self._plan.sweep.budget.total_seconds, float(self._frame["seconds"].sum())
        if total_s is None or seconds < total_s:
            return None
        return (
            f"The budget of {total_s:g} s is spent ({seconds:.0f} s); raise budget.total_seconds and launch it again."
        )

    def _put(self, row: Any, values: Mapping[str, Any]) -> None:
        dataset.put(self._frame, row, values)
        self.changed = True


class _KnownRuns:
    """Stored runs by what they answer; each manifest is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: set[str] = set()
        self._found: dict[str, list[tuple[float, str]]] = {}

    def find(self, mark: str, gap_frac: float) -> str | None:
        """A verified run of these inputs within this gap, as `Store.find` promises it."""
        self._look()
        fit = [run for gap, run in self._found.get(mark, []) if gap <= gap_frac + 1e-9]
        return fit[-1] if fit else None

    def _look(self) -> None:
        root = self._store.root
        names = {one.name for one in root.iterdir() if not one.name.startswith(".")} if root.is_dir() else set()
        if self._seen - names:  # runs were deleted
            self._seen, self._found = set(), {}
        for name in sorted(names - self._seen):
            try:
                manifest = self._store.manifest(name)
            except StoreError:
                continue
            finally:
                self._seen.add(name)
            gap = manifest.get("mip_gap_frac")
            sound = manifest["termination"] in ("optimal", "within_gap") and manifest["verification"]["passed"]
            if sound and gap is not None:
                self._found.setdefault(manifest["fingerprint"], []).append((gap, name))
