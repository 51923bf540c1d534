"""The worker: every job is solved once, and no death of anybody loses one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from job_kit import gone, mapping, scenario, solver_pid, wait_until

from engine.jobs import Job, JobState, JobTable
from engine.scenario.loading import home, validate_scenario


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobTable:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    monkeypatch.setenv("FIRMWATT_SOLVE_TARGET", "fake_solvers:solve")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return JobTable()


class Workers:
    """Starts worker processes and sees to their end."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "error", "-m", "engine.worker", *options]
        process = self._stack.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE))
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def start() -> Iterator[Workers]:
    with ExitStack() as stack:
        yield Workers(stack)


def ended(queue: JobTable, job: Job) -> Job | None:
    now = queue.get(job.job_id)
    return None if now.state.live else now


def running(queue: JobTable, job: Job) -> bool:
    return queue.get(job.job_id).state is JobState.RUNNING


def complaints(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.read().decode()


def test_a_worker_solves_what_waits_and_writes_the_outcome(queue: JobTable, start: Workers) -> None:
    names = ["quick", "quick infeasible", "failing", "refused", "suicidal"]
    jobs = [queue.submit(scenario(name, it_peak_mw=10.0 + index)) for index, name in enumerate(names)]
    worker = start("--once")
    assert worker.wait(60) == 0
    done, infeasible, failing, refused, killed = [queue.get(job.job_id) for job in jobs]
    assert (done.state, done.outcome, done.run_id, done.progress_frac) == (JobState.DONE, "done", "run-1", 1.0)
    assert (done.mip_gap_frac, done.bound_usd, done.incumbent_usd) == (
        0.005,
        99.5,
        100.0,
    )  # the run's, not the last seen
    assert (infeasible.state, infeasible.outcome) == (JobState.DONE, "infeasible")
    assert (failing.state, failing.reason) == (JobState.FAILED, "HiGHS ended with 'Unknown'.")
    assert "row 7 is empty" in refused.reason
    assert killed.reason == "solver process ended with signal 9 (SIGKILL); often out of memory"
    assert "Traceback" not in complaints(worker)


def test_a_flood_of_reports_is_thinned_and_the_gap_is_kept(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("steady 20000"))
    assert start("--once").wait(60) == 0
    done = queue.get(job.job_id)
    assert done.finished is not None
    assert done.started is not None
    assert 1 <= len(done.gap_trace) <= (done.finished - done.started) / 0.2 + 2


def test_a_cancel_stops_the_solver_within_a_second(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow"), "anna")
    start()
    solver = solver_pid(home() / "runs")
    begin = time.perf_counter()
    assert queue.cancel(job.job_id, "anna") == "Stopping slow."
    wait_until(lambda: gone(solver))
    assert time.perf_counter() - begin < 1.0  # 0.05 to 0.2 s where nothing else runs
    cancelled = wait_until(lambda: ended(queue, job))
    assert cancelled.state is JobState.CANCELLED


def test_one_of_two_owners_who_cancels_does_not_stop_the_solve(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow 1.0"), "anna")
    queue.submit(scenario("slow 1.0"), "ben")
    start()
    wait_until(lambda: running(queue, job))
    assert "goes on" in queue.cancel(job.job_id, "anna")
    assert wait_until(lambda: ended(queue, job)).state is JobState.DONE


def test_a_solver_killed_from_outside_reads_as_failed_with_its_signal(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow"), "anna")
    start()
    os.kill(solver_pid(home() / "runs"), signal.SIGKILL)
    failed = wait_until(lambda: ended(queue, job))
    assert failed.state is JobState.FAILED
    assert "signal 9 (SIGKILL)" in failed.reason


@pytest.mark.parametrize("polite", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_end_puts_its_job_back(queue: JobTable, start: Workers, polite: signal.Signals) -> None:
    job = queue.submit(scenario("slow"), "anna")
    worker = start()
    solver = solver_pid(home() / "runs")
    begin = time.perf_counter()
    worker.send_signal(polite)
    assert worker.wait(60) == 0
    assert time.perf_counter() - begin < 3
    assert gone(solver)
    back = queue.get(job.job_id)
    assert (back.state, back.attempts, back.owners) == (JobState.WAITING, 0, ("anna",))
    assert "Traceback" not in complaints(worker)


def test_the_job_of_a_killed_worker_is_taken_up_by_another(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow 1.5"), "anna")
    first = start("--lease", "1")
    solver = solver_pid(home() / "runs")
    first.kill()
    wait_until(lambda: gone(solver))
    start("--lease", "1")
    done = wait_until(lambda: ended(queue, job))
    assert (done.state, done.attempts) == (JobState.DONE, 2)


def test_a_silent_solver_keeps_its_lease(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow 3"), "anna")
    start("--lease", "2")
    start("--lease", "2")
    assert wait_until(lambda: ended(queue, job)).attempts == 1


def test_a_worker_that_lost_its_lease_lets_go(queue: JobTable, start: Workers) -> None:
    job = queue.submit(scenario("slow"), "anna")
    start()
    solver = solver_pid(home() / "runs")
    holder = queue.get(job.job_id).worker
    assert holder is not None
    assert queue.release(job.job_id, holder)  # as if its lease had expired
    assert queue.claim("other", 15.0) is not None
    wait_until(lambda: gone(solver))
    assert queue.get(job.job_id).worker == "other"


def test_two_workers_never_solve_the_same_job(queue: JobTable, start: Workers) -> None:
    jobs = [queue.submit(scenario("slow 0.1", it_peak_mw=10.0 + index)) for index in range(8)]
    for worker in [start("--once", "--concurrency", "2"), start("--once", "--concurrency", "2")]:
        assert worker.wait(60) == 0
    assert [queue.get(job.job_id).attempts for job in jobs] == [1] * 8
    assert len(list((home() / "runs").glob("*.pid"))) == 8


def test_an_input_file_that_changed_fails_the_job(queue: JobTable, start: Workers, tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("mw\n" + "10\n" * 8760)
    job = queue.submit(validate_scenario(mapping("quick", series="load.csv:mw"), source="x", folders=(tmp_path,)))
    file.write_text("mw\n" + "11\n" * 8760)
    assert start("--once").wait(60) == 0
    assert "load.csv has changed since" in queue.get(job.job_id).reason


def test_a_worker_is_seen_while_it_works(queue: JobTable, start: Workers) -> None:
    worker = start()
    assert wait_until(queue.workers)[0].endswith(f":{worker.pid}")


def test_a_worker_ends_with_words_when_the_job_table_is_broken(queue: JobTable, start: Workers) -> None:
    queue.path.write_text("not a database, at some length " * 99)
    worker = start()
    assert worker.wait(60) == 1
    assert "is no job table" in complaints(worker)
