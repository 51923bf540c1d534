"""The job table: what a queue promises to its users and its workers."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest
from job_kit import mapping, scenario

from engine.errors import InputError, StoreError
from engine.jobs import Claim, Job, JobState, JobTable
from engine.progress import Progress
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import validate_scenario


class OneRun:
    """A store that holds a run of one scenario at a gap of 1 %."""

    def __init__(self, print_: str) -> None:
        self.print_ = print_

    def find(self, fingerprint: str, mip_gap_frac: float) -> str | None:
        return "run-1" if fingerprint == self.print_ and mip_gap_frac >= 0.01 else None


@pytest.fixture
def queue(tmp_path: Path) -> JobTable:
    return JobTable(tmp_path / "jobs.sqlite")


def claimed(queue: JobTable, worker: str = "w1", lease_s: float = 15.0) -> Job:
    job = queue.claim(worker, lease_s)
    assert job is not None
    return job


def test_a_submitted_scenario_waits_with_all_that_a_worker_needs(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    assert (job.state, job.owners, job.attempts, job.reason) == (JobState.WAITING, ("anna",), 0, "")
    again = validate_scenario(job.scenario, source="job")
    assert fingerprint(again) == job.fingerprint == fingerprint(scenario())


def test_input_files_travel_by_absolute_path_and_hash(queue: JobTable, tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("mw\n" + "10\n" * 8760)
    loaded = validate_scenario(mapping(series="load.csv:mw"), source="x", folders=(tmp_path,))
    job = queue.submit(loaded, "anna")
    assert job.files["load.csv"] == {
        "path": str((tmp_path / "load.csv").resolve()),
        "sha256": loaded.files["load.csv"].sha256,
    }


def test_two_people_who_queue_the_same_scenario_share_one_job(queue: JobTable) -> None:
    first, second = queue.submit(scenario("Mine"), "anna"), queue.submit(scenario("Yours"), "ben")
    assert first.job_id == second.job_id
    assert second.owners == ("anna", "ben")
    assert queue.submit(scenario(it_peak_mw=11.0), "ben").job_id != first.job_id


def test_another_gap_is_another_job(queue: JobTable) -> None:
    tighter = validate_scenario({**mapping(), "solver": {"mip_gap_frac": 0.001}}, source="x")
    assert queue.submit(tighter, "anna").job_id != queue.submit(scenario(), "anna").job_id


def test_a_stored_run_answers_at_once_and_is_shown_once(queue: JobTable) -> None:
    store = OneRun(fingerprint(scenario()))
    job = queue.submit(scenario(), "anna", store=store)
    assert (job.state, job.outcome, job.run_id, job.progress_frac) == (JobState.DONE, "done", "run-1", 1.0)
    assert queue.submit(scenario(), "ben", store=store).job_id == job.job_id
    assert queue.submit(scenario("Other name"), "ben", store=store).name == "Other name"


def test_one_of_two_owners_who_cancels_only_leaves(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    queue.attach(job.job_id, "ben")
    assert "goes on" in queue.cancel(job.job_id, "anna")
    assert queue.get(job.job_id).state is JobState.WAITING
    assert queue.cancel(job.job_id, "ben") == "Cancelled Small."
    assert queue.get(job.job_id).state is JobState.CANCELLED
    assert "has ended" in queue.cancel(job.job_id, "ben")


def test_a_stranger_cannot_cancel_what_others_wait_for_but_force_can(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    assert "goes on" in queue.cancel(job.job_id, "eve")
    assert queue.cancel(job.job_id, "", force=True) == "Cancelled Small."


def test_a_running_job_is_asked_to_stop_and_its_worker_ends_it(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue)
    assert queue.cancel(job.job_id, "anna") == "Stopping Small."
    assert queue.get(job.job_id).cancelling
    assert queue.standing(job.job_id, "w1") is Claim.CANCELLED
    assert queue.finish(job.job_id, "w1", JobState.CANCELLED)
    assert queue.get(job.job_id).state is JobState.CANCELLED


def test_who_joins_a_job_that_is_being_stopped_still_gets_it(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue)
    queue.cancel(job.job_id, "anna")
    assert queue.submit(scenario(), "ben").job_id == job.job_id
    assert queue.standing(job.job_id, "w1") is Claim.HELD
    # The worker may have killed the solver already; then the job waits again, and no attempt is counted.
    queue.finish(job.job_id, "w1", JobState.CANCELLED)
    after = queue.get(job.job_id)
    assert (after.state, after.attempts, after.owners) == (JobState.WAITING, 0, ("ben",))


def test_priority_goes_first_then_the_oldest(queue: JobTable) -> None:
    names = [("a", 0), ("b", 0), ("c", 5)]
    for index, (name, priority) in enumerate(names):
        queue.submit(scenario(name, it_peak_mw=10.0 + index), priority=priority)
    assert [job.name for job in queue.list()] == ["c", "a", "b"]
    assert [claimed(queue).name for _ in names] == ["c", "a", "b"]
    assert queue.claim("w1", 15.0) is None


def test_progress_is_seen_and_the_gap_trace_stays_short(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue)
    for step in range(500):
        report = Progress(
            "size", step / 500, "Sizing", mip_gap_frac=1 / (step + 1), bound_usd=90.0, incumbent_usd=100.0
        )
        assert queue.report(job.job_id, "w1", report)
    assert queue.report(job.job_id, "w1", Progress("dispatch", 0.9, "Dispatching 2026"))
    seen = queue.get(job.job_id)
    assert (seen.phase, seen.message, seen.progress_frac) == ("dispatch", "Dispatching 2026", 0.9)
    assert (seen.mip_gap_frac, seen.bound_usd, seen.incumbent_usd) == (1 / 500, 90.0, 100.0)
    assert len(seen.gap_trace) <= 200
    assert [seen.gap_trace[0][1], seen.gap_trace[-1][1]] == [1.0, 1 / 500]
    assert [gap for _, gap in seen.gap_trace] == sorted((gap for _, gap in seen.gap_trace), reverse=True)


def test_a_worker_that_lost_its_lease_cannot_write(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue, "w1", lease_s=-1.0)
    assert queue.requeue_expired() == (job.job_id,)
    assert claimed(queue, "w2").attempts == 2
    assert queue.standing(job.job_id, "w1") is Claim.LOST
    assert not queue.heartbeat(job.job_id, "w1", 15.0)
    assert not queue.report(job.job_id, "w1", Progress("size", 0.5, "Sizing"))
    assert not queue.finish(job.job_id, "w1", JobState.DONE, run_id="r", outcome="done")
    assert not queue.release(job.job_id, "w1")
    assert queue.finish(job.job_id, "w2", JobState.DONE, run_id="r2", outcome="infeasible")
    done = queue.get(job.job_id)
    assert (done.run_id, done.outcome, done.message, done.worker) == ("r2", "infeasible", "Done", None)


def test_only_expired_leases_are_freed_and_a_heartbeat_prolongs(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue, lease_s=-1.0)
    assert queue.heartbeat(job.job_id, "w1", 15.0)
    assert queue.requeue_expired() == ()
    assert queue.get(job.job_id).state is JobState.RUNNING


def test_after_three_vanished_workers_a_job_is_failed(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    for attempt in (1, 2, 3):
        assert claimed(queue, lease_s=-1.0).attempts == attempt
        queue.requeue_expired()
    failed = queue.get(job.job_id)
    assert failed.state is JobState.FAILED
    assert "vanished 3 times" in failed.reason
    assert "memory" in failed.reason


def test_a_released_job_counts_no_attempt(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue)
    queue.report(job.job_id, "w1", Progress("size", 0.5, "Sizing", mip_gap_frac=0.2))
    assert queue.release(job.job_id, "w1")
    waiting = queue.get(job.job_id)
    assert (waiting.state, waiting.attempts, waiting.progress_frac, waiting.gap_trace) == (JobState.WAITING, 0, 0, ())


def test_a_cancel_reaches_a_job_whose_worker_is_gone(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue, lease_s=-1.0)
    assert queue.cancel(job.job_id, "anna") == "Cancelled Small."
    assert queue.requeue_expired() == ()


def test_retry_starts_an_ended_job_afresh(queue: JobTable) -> None:
    job = queue.submit(scenario(), "anna")
    claimed(queue)
    queue.finish(job.job_id, "w1", JobState.FAILED, reason="solver process ended with signal 9 (SIGKILL)")
    again = queue.retry(job.job_id, "ben")
    assert (again.job_id, again.state, again.reason, again.attempts) == (job.job_id, JobState.WAITING, "", 0)
    assert again.owners == ("anna", "ben")


def test_retry_joins_a_live_job_of_the_same_scenario(queue: JobTable) -> None:
    old = queue.submit(scenario(), "anna")
    queue.cancel(old.job_id, "anna")
    new = queue.submit(scenario(), "ben")
    assert queue.retry(old.job_id, "anna").job_id == new.job_id
    assert queue.get(new.job_id).owners == ("anna", "ben")
    assert queue.retry(new.job_id, "anna").job_id == new.job_id


def test_the_list_leads_with_what_runs_and_carries_no_scenarios(queue: JobTable) -> None:
    for index, name in enumerate(["ended first", "ended last", "runs", "waits"]):
        queue.submit(scenario(name, it_peak_mw=10.0 + index))
    for _ in range(2):
        queue.finish(claimed(queue).job_id, "w1", JobState.DONE, run_id="r", outcome="done")
    claimed(queue)
    jobs = queue.list()
    assert [job.name for job in jobs] == ["runs", "waits", "ended last", "ended first"]
    assert all(not job.scenario and not job.files for job in jobs)
    assert len(queue.list(limit=2)) == 2
    assert queue.counts() == {
        JobState.WAITING: 1, JobState.RUNNING: 1, JobState.DONE: 2, JobState.FAILED: 0, JobState.CANCELLED: 0,
    }  # fmt: skip


def test_the_latest_job_of_a_scenario_is_found(queue: JobTable) -> None:
    assert queue.latest(fingerprint(scenario())) is None
    old = queue.submit(scenario(), "anna")
    queue.cancel(old.job_id, "anna")
    new = queue.submit(scenario(), "anna")
    latest = queue.latest(fingerprint(scenario()))
    assert latest is not None
    assert latest.job_id == new.job_id


def test_workers_are_known_while_they_sign_in(queue: JobTable) -> None:
    queue.sign_in("w1")
    assert queue.workers() == ("w1",)
    assert queue.workers(within_s=-1.0) == ()


def test_an_unknown_job_is_named(queue: JobTable) -> None:
    for ask in (queue.get, lambda job: queue.cancel(job, "a"), lambda job: queue.attach(job, "a")):
        with pytest.raises(InputError, match='Job "nope"'):
            ask("nope")


def test_a_job_outlives_its_process_and_a_foreign_file_is_refused(queue: JobTable, tmp_path: Path) -> None:
    job = queue.submit(scenario(), "anna")
    assert JobTable(queue.path).get(job.job_id) == job
    other = tmp_path / "notes.sqlite"
    other.write_text("these are notes, not a database " * 40)
    with pytest.raises(StoreError, match="no job table"):
        JobTable(other)
    db = sqlite3.connect(tmp_path / "newer.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="version 99"):
        JobTable(tmp_path / "newer.sqlite")


def _open_and_work(path: str, who: int) -> list[str]:
    """Open the table, submit five scenarios that others submit too, and claim until nothing waits."""
    queue, mine = JobTable(Path(path)), []
    for index in range(5):
        queue.submit(scenario(it_peak_mw=10.0 + index), f"owner {who}")
    while job := queue.claim(f"w{who}", 15.0):
        queue.report(job.job_id, f"w{who}", Progress("size", 0.5, "Sizing", mip_gap_frac=0.1))
        mine.append(job.job_id)
    return mine


def test_four_processes_that_open_the_table_at_once_never_share_a_job(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "jobs.sqlite")
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(4, mp_context=spawn) as pool:
        claims = [job for mine in pool.map(_open_and_work, [path] * 4, range(4)) for job in mine]
    jobs = JobTable(Path(path)).list()
    assert sorted(claims) == sorted(job.job_id for job in jobs)
    assert len(jobs) == 5
    assert all(len(job.owners) == 4 for job in jobs)


def test_asking_for_the_list_is_quick(queue: JobTable) -> None:
    for index in range(100):
        queue.submit(scenario(it_peak_mw=10.0 + index), "anna")
    begin = time.perf_counter()
    jobs = queue.list()
    assert time.perf_counter() - begin < 0.25
    assert len(jobs) == 100
    assert json.dumps(jobs[0].gap_trace) == "[]"


def test_only_the_last_ended_jobs_are_kept_and_what_is_live_always(
    queue: JobTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.job_rows.ENDED_KEPT", 2)
    waiting = queue.submit(scenario(it_peak_mw=99.0), "me")
    ended = []
    for peak_mw in (1.0, 2.0, 3.0):
        job = queue.submit(scenario(it_peak_mw=peak_mw), "me")
        queue.cancel(job.job_id, "me")
        ended.append(job.job_id)
    queue.submit(scenario(it_peak_mw=4.0), "me")
    kept = [job.job_id for job in queue.list()]
    assert waiting.job_id in kept
    assert ended[0] not in kept
    assert set(ended[1:]) <= set(kept)
    # Their owners went with them: a new job would otherwise find strangers waiting for it.
    assert queue.get(ended[1]).owners == ()
