"""The SQL of the job table: its schema, and what is read and written inside one transaction."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError, Problem, StoreError
from engine.job import SOLVE, Job, JobState
from engine.request import StudyRequest, packed
from engine.scenario.loading import LoadedScenario

SCHEMA_VERSION = 2
BUSY_S = 20.0
MAX_ATTEMPTS = 3
GAP_POINTS = 200
ENDED_KEPT = 500

SCHEMA = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    settings TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    phase TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    progress_frac REAL NOT NULL DEFAULT 0,
    mip_gap_frac REAL,
    bound_usd REAL,
    incumbent_usd REAL,
    gap_trace TEXT NOT NULL DEFAULT '[]',
    run_id TEXT,
    reason TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    lease_until REAL,
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    cancelling INTEGER NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL DEFAULT 'solve',
    scenario TEXT NOT NULL,
    files TEXT NOT NULL
);
-- One solve for one question: whoever asks it meanwhile joins.
CREATE UNIQUE INDEX one_live_job ON jobs (fingerprint, settings) WHERE state IN ('waiting', 'running');
CREATE INDEX by_state ON jobs (state);
CREATE INDEX by_fingerprint ON jobs (fingerprint);
CREATE TABLE owners (
    job_id TEXT NOT NULL REFERENCES jobs (job_id),
    owner TEXT NOT NULL,
    PRIMARY KEY (job_id, owner)
) WITHOUT ROWID;
CREATE TABLE workers (worker TEXT PRIMARY KEY, seen REAL NOT NULL) WITHOUT ROWID;
"""

LIGHT = (
    "number, job_id, fingerprint, name, state, outcome, phase, message, progress_frac, mip_gap_frac, bound_usd, "
    "incumbent_usd, gap_trace, run_id, reason, attempts, worker, lease_until, created, started, finished, "
    "cancelling, priority, kind"
)
# What takes a table from each earlier version to the next.
MIGRATIONS = {1: "ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'solve'"}
FRESH = (
    "state = 'waiting', outcome = NULL, phase = '', message = '', progress_frac = 0, mip_gap_frac = NULL, "
    "bound_usd = NULL, incumbent_usd = NULL, gap_trace = '[]', run_id = NULL, reason = '', worker = NULL, "
    "lease_until = NULL, started = NULL, finished = NULL, cancelling = 0"
)
HELD = "job_id = ? AND worker = ? AND state = 'running'"


def connect(path: Path) -> sqlite3.Connection:
    """Open the table for one transaction; the caller closes it."""
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        # Enough in WAL mode: a crash of the process loses nothing, a power cut at most the last moments.
        db.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def prepare(path: Path) -> None:
    """Make the table when it is missing; several processes may do so at once."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            return _prepare_once(path)
        except sqlite3.OperationalError as error:
            # Switching to WAL does not wait for other processes as everything else does.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StoreError(f"{path} cannot be opened as the job table: {error}.") from error
            time.sleep(0.02)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{path} is no job table: {error}. Move it away and start again.") from error


def _prepare_once(path: Path) -> None:
    db = connect(path)
    try:
        if _version(db, path) == SCHEMA_VERSION:
            return
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        version = _version(db, path)  # somebody else may have been quicker
        for statement in SCHEMA.split(";") if version == 0 else _missed(version):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("COMMIT")
    finally:
        db.close()


def _missed(version: int) -> list[str]:
    return [MIGRATIONS[number] for number in range(version, SCHEMA_VERSION)]


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has version {version} of the job table; this Firmwatt reads version {SCHEMA_VERSION}. "
            "Use the Firmwatt that wrote it, or move the file away."
        )
    return version


def job(db: sqlite3.Connection, job_id: str) -> Job:
    """One job, whole.

    Raises
    ------
    InputError
        There is none of this id.
    """
    found = select(db, "WHERE job_id = ?", job_id, columns=f"{LIGHT}, scenario, files")
    if not found:
        raise InputError(f'Job "{job_id}"', [Problem("", "is not in the job table; see the list of runs.")])
    return found[0]


def select(db: sqlite3.Connection, condition: str, *values: Any, columns: str = LIGHT) -> tuple[Job, ...]:
    """Jobs by an SQL condition."""
    cursor = db.execute(f"SELECT {columns} FROM jobs {condition}", values)
    names = [column[0] for column in cursor.description]
    return tuple(_as_job(db, dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def _as_job(db: sqlite3.Connection, row: dict[str, Any]) -> Job:
    del row["number"]
    owners = db.execute("SELECT owner FROM owners WHERE job_id = ? ORDER BY owner", (row["job_id"],))
    trace = tuple((seconds, gap) for seconds, gap in json.loads(row.pop("gap_trace")))
    parsed = {name: json.loads(row.pop(name)) for name in ("scenario", "files") if name in row}
    state, cancelling = JobState(row.pop("state")), bool(row.pop("cancelling"))
    names = tuple(owner for (owner,) in owners)
    return Job(**row, **parsed, state=state, cancelling=cancelling, owners=names, gap_trace=trace)


@dataclass(frozen=True)
class Asked:
    """What a job asks; columns of the table."""

    kind: str
    fingerprint: str
    settings: str
    name: str
    scenario: Mapping[str, Any]
    files: Mapping[str, Any]

    @classmethod
    def solve(cls, loaded: LoadedScenario, fingerprint: str) -> Asked:
        """A scenario. Jobs that differ in the solver's settings are different jobs."""
        settings = json.dumps(loaded.scenario.solver.model_dump(mode="json"), sort_keys=True)
        parcel = packed(loaded)
        return cls(SOLVE, fingerprint, settings, loaded.scenario.name, parcel["scenario"], parcel["files"])

    @classmethod
    def study(cls, request: StudyRequest) -> Asked:
        """A study; its mark holds the settings too, its scenarios carry their files."""
        payload = {"scenarios": request.scenarios, "options": request.options}
        return cls(request.kind, request.mark, "", request.name, payload, {})


def live(db: sqlite3.Connection, fingerprint: str, settings: str) -> str | None:
    """The job that already waits or runs for this question."""
    row = db.execute(
        "SELECT job_id FROM jobs WHERE fingerprint = ? AND settings = ? AND state IN ('waiting', 'running')",
        (fingerprint, settings),
    ).fetchone()
    return row[0] if row else None


def done_with(db: sqlite3.Connection, run_id: str, name: str) -> str | None:
    """The done job of this name that already shows a stored run."""
    row = db.execute(
        "SELECT job_id FROM jobs WHERE run_id = ? AND name = ? AND state = 'done' ORDER BY number DESC", (run_id, name)
    ).fetchone()
    return row[0] if row else None


def insert(db: sqlite3.Connection, asked: Asked, run_id: str | None, priority: int) -> str:
    """Write a new job: waiting, or done at once with a stored result. Returns its id."""
    now, job_id = time.time(), uuid.uuid4().hex[:12]
    row: dict[str, Any] = {
        **vars(asked), "job_id": job_id, "state": JobState.WAITING.value, "created": now, "priority": priority,
        "scenario": json.dumps(asked.scenario), "files": json.dumps(asked.files),
    }  # fmt: skip
    if run_id is not None:
        row |= {"state": JobState.DONE.value, "outcome": "done", "run_id": run_id, "started": now, "finished": now,
                "progress_frac": 1.0, "message": "Solved before; the stored run is shown"}  # fmt: skip
    db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    return job_id


def attach(db: sqlite3.Connection, job_id: str, owner: str) -> None:
    """Let an owner wait for a job, and call off a cancel that has not been carried out."""
    if owner:
        db.execute("INSERT OR IGNORE INTO owners VALUES (?, ?)", (job_id, owner))
    db.execute("UPDATE jobs SET cancelling = 0 WHERE job_id = ?", (job_id,))


def end(
    db: sqlite3.Connection, job_id: str, state: JobState, *,
    run_id: str | None = None, outcome: str | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Write a job's end."""
    db.execute(
        "UPDATE jobs SET state = ?, outcome = ?, run_id = ?, reason = ?, finished = ?, cancelling = 0, worker = NULL, "
        "lease_until = NULL, message = ?, progress_frac = CASE ? WHEN 'done' THEN 1.0 ELSE progress_frac END "
        "WHERE job_id = ?",
        (state.value, outcome, run_id, reason, time.time(), state.value.capitalize(), state.value, job_id),
    )


def prune(db: sqlite3.Connection, keep: int) -> None:
    """Forget the oldest ended jobs beyond a number; their runs stay in the store."""
    older = (
        "SELECT job_id FROM jobs WHERE state NOT IN ('waiting', 'running') "
        "ORDER BY finished DESC, number DESC LIMIT -1 OFFSET ?"
    )
    db.execute(f"DELETE FROM owners WHERE job_id IN ({older})", (keep,))
    db.execute(f"DELETE FROM jobs WHERE job_id IN ({older})", (keep,))


def put_back(db: sqlite3.Connection, job_id: str) -> None:
    """Let a job wait again as if it had not been claimed."""
    db.execute(f"UPDATE jobs SET {FRESH}, attempts = attempts - 1 WHERE job_id = ?", (job_id,))


def free(db: sqlite3.Connection, expired: Job) -> None:
    """Let a job whose lease has expired wait again; after the third attempt it is failed."""
    if expired.cancelling:
        end(db, expired.job_id, JobState.CANCELLED)
    elif expired.attempts >= MAX_ATTEMPTS:
        reason = (
            f"Its worker vanished {expired.attempts} times while it ran (last: {expired.worker}); "
            "often memory ran out. Give the machine more, or make the scenario smaller, and retry."
        )
        end(db, expired.job_id, JobState.FAILED, reason=reason)
    else:
        db.execute(f"UPDATE jobs SET {FRESH} WHERE job_id = ?", (expired.job_id,))


def traced(trace: list[list[float]], seconds: float, gap: float | None) -> list[list[float]]:
    """Add a point to a gap trace when the gap moved; past `GAP_POINTS` every other point goes."""
    if gap is None or (trace and trace[-1][1] == gap):
        return trace
    trace = [*trace, [round(seconds, 2), gap]]
    return trace if len(trace) <= GAP_POINTS else [*trace[:-1:2], trace[-1]]
