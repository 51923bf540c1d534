"""Claims jobs and has each solved in a process of its own: `python -m engine.worker`.

A worker may die at any moment: its solvers die with it, and its jobs are taken up again once their leases expire.
Asked to end (SIGTERM, Ctrl-C), it kills its solves and puts their jobs back, as if they had not been claimed.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine.errors import FirmwattError
from engine.job import SOLVE, Claim, Job, JobQueue, JobState
from engine.jobs import JobTable
from engine.progress import OnProgress, Progress
from engine.request import SolveRequest, StudyRequest
from engine.runner import Outcome, run_solve_process
from engine.scenario.loading import home
from engine.study import STUDIES
from engine.sweep.feeder import WINDOW, Feeder
from engine.sweep.sweeps import FOLDER, Sweeps

LEASE_S = 15.0
BEATS_PER_LEASE = 5
CLAIM_EVERY_S = 0.2
REPORT_EVERY_S = 0.2
LOOK_EVERY_S = 0.1
FEED_EVERY_S = 0.4

log = logging.getLogger("firmwatt.worker")
SolveProcess = Callable[[SolveRequest | StudyRequest, OnProgress, Callable[[], bool]], Outcome]


class Worker:
    """Solves jobs until it is told to stop.

    Parameters
    ----------
    queue : JobQueue
    store : pathlib.Path
        Folder of the store that takes the runs.
    concurrency : int
        Solves at the same time, each with the threads that its scenario asks for.
    lease_s : float
        How long a job stays ours without a heartbeat [s].
    solve : callable
        `engine.runner.run_solve_process`, or what a test puts there.
    """

    def __init__(
        self,
        queue: JobQueue,
        store: Path,
        *,
        concurrency: int = 1,
        lease_s: float = LEASE_S,
        solve: SolveProcess = run_solve_process,
    ) -> None:
        self.queue, self.store, self.concurrency, self.lease_s, self._solve = queue, store, concurrency, lease_s, solve
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._feeder = Feeder(queue, store, Sweeps(store.parent / FOLDER), window=max(WINDOW, 2 * concurrency))
        self._feeding = False

    def stop(self) -> None:
        """Kill what runs, put it back and end."""
        self._stop.set()

    def run(self, *, once: bool = False) -> None:
        """Work; with `once`, end as soon as nothing waits."""
        with concurrent.futures.ThreadPoolExecutor(self.concurrency, thread_name_prefix="slot") as pool:
            self.queue.requeue_expired()
            self._feeding = self._feeder.step()
            slots = [pool.submit(self._work, f"{self.name}/{number}", once) for number in range(self.concurrency)]
            try:
                self._watch(slots)
            finally:
                self._feeder.close()
                self.stop()  # a slot that failed takes the others with it; `result` raises what it raised
        for slot in slots:
            slot.result()

    def _watch(self, slots: list[concurrent.futures.Future[None]]) -> None:
        """Say that we are here, free the jobs of vanished workers and feed the queue with the cases of sweeps.

        Until a slot fails or all have ended.
        """
        beat, feed = _Every(self.lease_s / BEATS_PER_LEASE), _Every(FEED_EVERY_S)
        while not all(slot.done() for slot in slots) and not any(slot.done() and slot.exception() for slot in slots):
            if beat.due():
                self.queue.sign_in(self.name)
                for job_id in self.queue.requeue_expired():
                    log.warning("job %s: its worker has vanished; freed", job_id)
            if feed.due():
                self._feeding = self._feeder.step()
            concurrent.futures.wait(slots, timeout=CLAIM_EVERY_S, return_when=concurrent.futures.FIRST_EXCEPTION)

    def _work(self, slot: str, once: bool) -> None:
        while not self._stop.is_set():
            job = self.queue.claim(slot, self.lease_s)
            if job is not None:
                self._do(job, slot)
            elif once and not self._feeding:
                return
            else:
                self._stop.wait(CLAIM_EVERY_S)

    def _do(self, job: Job, slot: str) -> None:
        log.info("job %s: solving %s (attempt %d)", job.job_id, job.name, job.attempts)
        watch = _JobWatch(self.queue, job.job_id, slot, self.lease_s, self._stop)
        request = self._request(job)
        outcome = self._solve(request, watch.on_progress, watch.should_stop)
        watch.flush()
        words = self._write_end(job, slot, outcome, watch)
        log.info("job %s: %s", job.job_id, words)

    def _request(self, job: Job) -> SolveRequest | StudyRequest:
        if job.kind == SOLVE:
            return SolveRequest(job.scenario, job.files, str(self.store), job.name)
        scenarios, options = tuple(job.scenario["scenarios"]), job.scenario["options"]
        studies = str(self.store.parent / STUDIES)
        return StudyRequest(job.kind, job.name, job.fingerprint, scenarios, options, studies)

    def _write_end(self, job: Job, slot: str, outcome: Outcome, watch: _JobWatch) -> str:
        """Write down how a solve ended, unless the job is no longer ours."""
        queue, job_id = self.queue, job.job_id
        if outcome.kind == "cancelled" and watch.claim is Claim.CANCELLED:
            held, words = queue.finish(job_id, slot, JobState.CANCELLED), "cancelled"
        elif outcome.kind == "cancelled":
            held, words = queue.release(job_id, slot), "put back"
        elif outcome.kind == "result":
            summary, status = outcome.summary, str(outcome.summary["status"])
            figures = (summary.get(name) for name in ("mip_gap_frac", "bound_usd", "objective_usd"))
            queue.report(job_id, slot, Progress("store", 1.0, "Done", *figures))
            held, words = queue.finish(job_id, slot, JobState.DONE, run_id=outcome.run_id, outcome=status), status
        else:
            held, words = queue.finish(job_id, slot, JobState.FAILED, reason=outcome.reason), outcome.reason
        return words if held else "its lease was lost; another worker has it"


class _JobWatch:
    """Keeps a job's lease, passes on its progress, and knows when to let go of it."""

    def __init__(self, queue: JobQueue, job_id: str, slot: str, lease_s: float, stop: threading.Event) -> None:
        self._queue, self._job_id, self._slot, self._lease_s, self._stop = queue, job_id, slot, lease_s, stop
        self.claim = Claim.HELD
        self._latest: Progress | None = None
        self._beat, self._report, self._look = (
            _Every(lease_s / BEATS_PER_LEASE),
            _Every(REPORT_EVERY_S),
            _Every(LOOK_EVERY_S),
        )

    def on_progress(self, progress: Progress) -> None:
        """Keep the latest report; `should_stop` writes it, a few times a second."""
        self._latest = progress

    def flush(self) -> None:
        """Write the latest report, so that the last gap and bound are kept."""
        if self._latest is not None:
            self._queue.report(self._job_id, self._slot, self._latest)
            self._latest = None

    def should_stop(self) -> bool:
        """Asked some twenty times a second by whoever watches the solve process."""
        if self._latest is not None and self._report.due():
            self.flush()
        if self._beat.due():
            self._queue.heartbeat(self._job_id, self._slot, self._lease_s)
        if self._look.due():
            self.claim = self._queue.standing(self._job_id, self._slot)
        return self._stop.is_set() or self.claim is not Claim.HELD


class _Every:
    """A clock that strikes at once, and then at most every so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._last = seconds, -float("inf")

    def due(self) -> bool:
        """Whether it strikes now."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def main(arguments: list[str] | None = None) -> int:
    """Run a worker on the job table and store of the Firmwatt home folder."""
    parser = argparse.ArgumentParser("python -m engine.worker", description=main.__doc__)
    parser.add_argument("--concurrency", type=int, default=1, help="solves at the same time (default 1)")
    parser.add_argument("--once", action="store_true", help="end as soon as nothing waits")
    parser.add_argument("--lease", type=float, default=LEASE_S, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s worker: %(message)s", datefmt="%H:%M:%S", level=logging.INFO)
    try:
        worker = Worker(JobTable(), home() / "runs", concurrency=max(1, options.concurrency), lease_s=options.lease)
    except FirmwattError as error:
        print(error, file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run(once=options.once)
    return 0


if __name__ == "__main__":
    sys.exit(main())
