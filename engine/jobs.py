"""The local job queue: one SQLite table that any number of processes share.

A job is claimed with a lease, which its worker prolongs; only an expired lease frees a job again. Every method is
one short transaction on a connection of its own, so threads and forked processes never share one.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import job_rows as rows
from engine.job import Claim, Job, JobQueue, JobState, SolvedRuns
from engine.progress import Progress
from engine.request import StudyRequest
from engine.scenario.fingerprint import fingerprint as fingerprint_of
from engine.scenario.loading import LoadedScenario, home

__all__ = ["Claim", "Job", "JobQueue", "JobState", "JobTable", "SolvedRuns"]


class JobTable:
    """The queue in an SQLite file (see `engine.job.JobQueue` for what each method promises).

    Parameters
    ----------
    path : pathlib.Path, optional
        By default `home() / "jobs.sqlite"`; made when missing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else home() / "jobs.sqlite"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        rows.prepare(self.path)

    def submit(
        self, loaded: LoadedScenario, owner: str = "", *, store: SolvedRuns | None = None, priority: int = 0
    ) -> Job:
        """Queue a scenario.

        A job with the same fingerprint and solver settings that still waits or runs is joined instead; a stored run
        that answers the scenario gives a job that is done at once. Of jobs that have ended the last
        `rows.ENDED_KEPT` stay.
        """
        fingerprint = fingerprint_of(loaded)
        run_id = store.find(fingerprint, loaded.scenario.solver.mip_gap_frac) if store else None
        return self._submit(rows.Asked.solve(loaded, fingerprint), owner, run_id, priority)

    def submit_study(self, request: StudyRequest, owner: str = "", *, done: bool = False, priority: int = 0) -> Job:
        """Queue a study, join the job that already does it, or show the stored one (`done`: there is one)."""
        return self._submit(rows.Asked.study(request), owner, request.study_id if done else None, priority)

    def _submit(self, asked: rows.Asked, owner: str, run_id: str | None, priority: int) -> Job:
        with self._write() as db:
            job_id = (
                rows.done_with(db, run_id, asked.name) if run_id else rows.live(db, asked.fingerprint, asked.settings)
            )
            if job_id is None:
                job_id = rows.insert(db, asked, run_id, priority)
            rows.attach(db, job_id, owner)
            rows.prune(db, rows.ENDED_KEPT)
            return rows.job(db, job_id)

    def get(self, job_id: str) -> Job:
        """One job, whole."""
        with self._read() as db:
            return rows.job(db, job_id)

    def latest(self, fingerprint: str) -> Job | None:
        """The newest job of a scenario, without its scenario and files."""
        with self._read() as db:
            jobs = rows.select(db, "WHERE fingerprint = ? ORDER BY created DESC, number DESC LIMIT 1", fingerprint)
        return jobs[0] if jobs else None

    def attach(self, job_id: str, owner: str) -> Job:
        """Let one more owner wait for a job."""
        with self._write() as db:
            rows.job(db, job_id)
            rows.attach(db, job_id, owner)
            return rows.job(db, job_id)

    def cancel(self, job_id: str, owner: str, *, force: bool = False) -> str:
        """Detach an owner; end the job when nobody else is attached (or by force).

        Returns
        -------
        str
            What happened, as a sentence for the one who asked.
        """
        with self._write() as db:
            job = rows.job(db, job_id)
            if not job.state.live:
                return f"Nothing to cancel: {job.name} has ended ({job.state})."
            db.execute("DELETE FROM owners WHERE job_id = ? AND owner = ?", (job_id, owner))
            others = len(set(job.owners) - {owner})
            if others and not force:
                wait = "one other waits" if others == 1 else f"{others} others wait"
                return f"You no longer wait for {job.name}; it goes on, because {wait} for it."
            abandoned = job.lease_until is not None and job.lease_until < time.time()
            if job.state is JobState.WAITING or abandoned:
                rows.end(db, job_id, JobState.CANCELLED)
                return f"Cancelled {job.name}."
            db.execute("UPDATE jobs SET cancelling = 1, message = 'Stopping' WHERE job_id = ?", (job_id,))
            return f"Stopping {job.name}."

    def retry(self, job_id: str, owner: str) -> Job:
        """Queue an ended job again, in its own row; a live job with the same question is joined instead."""
        with self._write() as db:
            job = rows.job(db, job_id)
            (settings,) = db.execute("SELECT settings FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
            live = rows.live(db, job.fingerprint, settings)
            if live is None:
                db.execute(
                    f"UPDATE jobs SET {rows.FRESH}, attempts = 0, created = ? WHERE job_id = ?", (time.time(), job_id)
                )
            rows.attach(db, live or job_id, owner)
            return rows.job(db, live or job_id)

    def forget(self, job_id: str, owner: str) -> None:
        """Take an ended job out of the table for an owner; it leaves with the last of them. Its run stays."""
        with self._write() as db:
            db.execute("DELETE FROM owners WHERE job_id = ? AND owner = ?", (job_id, owner))
            db.execute(
                "DELETE FROM jobs WHERE job_id = ? AND state NOT IN ('waiting', 'running') "
                "AND NOT EXISTS (SELECT 1 FROM owners WHERE owners.job_id = jobs.job_id)",
                (job_id,),
            )

    def claim(self, worker: str, lease_s: float) -> Job | None:
        """Take the next waiting job: highest priority first, then oldest."""
        following = "SELECT job_id FROM jobs WHERE state = 'waiting' ORDER BY priority DESC, created, number LIMIT 1"
        with self._read() as db:
            if db.execute(following).fetchone() is None:
                return None  # an idle worker asks often: it takes no write lock
        now = time.time()
        with self._write() as db:
            row = db.execute(following).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE jobs SET state = 'running', worker = ?, lease_until = ?, started = ?, "
                "attempts = attempts + 1, message = 'Starting' WHERE job_id = ?",
                (worker, now + lease_s, now, row[0]),
            )
            return rows.job(db, row[0])

    def heartbeat(self, job_id: str, worker: str, lease_s: float) -> bool:
        """Prolong a lease; False when it is lost."""
        return self._update(f"SET lease_until = ? WHERE {rows.HELD}", time.time() + lease_s, job_id, worker)

    def standing(self, job_id: str, worker: str) -> Claim:
        """Whether a worker should go on with a job."""
        with self._read() as db:
            row = db.execute(f"SELECT cancelling FROM jobs WHERE {rows.HELD}", (job_id, worker)).fetchone()
        if row is None:
            return Claim.LOST
        return Claim.CANCELLED if row[0] else Claim.HELD

    def report(self, job_id: str, worker: str, progress: Progress) -> bool:
        """Write down progress; False when the lease is lost."""
        with self._write() as db:
            row = db.execute(f"SELECT gap_trace, started FROM jobs WHERE {rows.HELD}", (job_id, worker)).fetchone()
            if row is None:
                return False
            trace = rows.traced(json.loads(row[0]), time.time() - row[1], progress.mip_gap_frac)
            db.execute(
                "UPDATE jobs SET phase = ?, message = CASE cancelling WHEN 1 THEN message ELSE ? END, "
                "progress_frac = ?, mip_gap_frac = coalesce(?, mip_gap_frac), bound_usd = coalesce(?, bound_usd), "
                "incumbent_usd = coalesce(?, incumbent_usd), gap_trace = ? WHERE job_id = ?",
                (progress.phase, progress.message, progress.progress_frac, progress.mip_gap_frac,
                 progress.bound_usd, progress.incumbent_usd, json.dumps(trace), job_id),
            )  # fmt: skip
            return True

    def finish(
        self, job_id: str, worker: str, state: JobState, *,
        run_id: str | None = None, outcome: str | None = None, reason: str = "",
    ) -> bool:  # fmt: skip
        """End a job; False when the lease is lost.

        A cancelled job that somebody joined while it was being stopped goes back to waiting.
        """
        with self._write() as db:
            row = db.execute(f"SELECT cancelling FROM jobs WHERE {rows.HELD}", (job_id, worker)).fetchone()
            if row is None:
                return False
            if state is JobState.CANCELLED and not row[0]:
                rows.put_back(db, job_id)
            else:
                rows.end(db, job_id, state, run_id=run_id, outcome=outcome, reason=reason)
            return True

    def release(self, job_id: str, worker: str) -> bool:
        """Put a job back as it was before the claim (the worker stops, the job is not to blame)."""
        with self._write() as db:
            row = db.execute(f"SELECT cancelling FROM jobs WHERE {rows.HELD}", (job_id, worker)).fetchone()
            if row is None:
                return False
            if row[0]:
                rows.end(db, job_id, JobState.CANCELLED)
            else:
                rows.put_back(db, job_id)
            return True

    def requeue_expired(self) -> tuple[str, ...]:
        """Free the jobs whose lease has expired; one that was taken up three times is failed."""
        expired = "WHERE state = 'running' AND lease_until < ?"
        with self._read() as db:
            if not rows.select(db, expired, time.time()):
                return ()
        with self._write() as db:
            jobs = rows.select(db, expired, time.time())
            for job in jobs:
                rows.free(db, job)
        return tuple(job.job_id for job in jobs)

    def counts(self) -> dict[JobState, int]:
        """Jobs in each state."""
        with self._read() as db:
            found = dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in JobState}

    def sign_in(self, worker: str) -> None:
        """A worker says that it is there; those silent for an hour are forgotten."""
        now = time.time()
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO workers VALUES (?, ?)", (worker, now))
            db.execute("DELETE FROM workers WHERE seen < ?", (now - 3600,))

    def workers(self, within_s: float = 10.0) -> tuple[str, ...]:
        """Workers heard of lately: without one, waiting jobs wait."""
        with self._read() as db:
            seen = db.execute("SELECT worker FROM workers WHERE seen > ? ORDER BY worker", (time.time() - within_s,))
            return tuple(worker for (worker,) in seen)

    def list(self, limit: int = 200) -> tuple[Job, ...]:
        """Running jobs, then waiting ones in their order, then ended ones, newest first; without scenarios."""
        order = (
            "ORDER BY CASE state WHEN 'running' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, "
            "CASE state WHEN 'waiting' THEN -priority ELSE 0 END, "
            "CASE WHEN state IN ('waiting', 'running') THEN created ELSE -finished END, number LIMIT ?"
        )
        with self._read() as db:
            return rows.select(db, order, limit)

    def _update(self, statement: str, *values: Any) -> bool:
        with self._write() as db:
            return db.execute(f"UPDATE jobs {statement}", values).rowcount > 0

    @contextlib.contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        db = rows.connect(self.path)
        try:
            yield db
        finally:
            db.close()

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        # IMMEDIATE takes the write lock at once: what is read inside still holds when it is written.
        with self._read() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
