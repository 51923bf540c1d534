"""`firmwatt serve`: one command starts everything, one Ctrl-C ends everything."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
from job_kit import free_port, gone, scenario, solver_pid, wait_until

from engine.jobs import JobState, JobTable
from engine.library import Library
from engine.scenario.loading import home
from engine.serving import CannotServe, _port_words, check_port, seed_first_start
from engine.store import Store


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    monkeypatch.setenv("FIRMWATT_SOLVE_TARGET", "fake_solvers:solve")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def port() -> int:
    return free_port()


class Server:
    """`firmwatt serve` in a process, and what it has said."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        command = [sys.executable, "-u", "-m", "engine.cli", "serve", "--port", str(port), "--no-seed"]
        self._output = home() / f"output-{time.monotonic_ns()}"
        with self._output.open("wb") as file:
            self.process = stack.enter_context(subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT))
        stack.callback(self.process.kill)
        wait_until(lambda: "Firmwatt is at" in self.said(), 60.0)

    def said(self) -> str:
        return self._output.read_text()

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker(self) -> psutil.Process | None:
        for child in self.family():
            with suppress(psutil.Error):  # it ended between the two looks
                if "engine.worker" in child.cmdline():
                    return child
        return None


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_one_ctrl_c_ends_dashboard_worker_and_solver(port: int, stack: ExitStack) -> None:
    job = JobTable().submit(scenario("slow"), "anna")
    server = Server(port, stack)
    assert f"http://127.0.0.1:{port} " in server.said()
    solver, family = solver_pid(home() / "runs"), server.family()
    assert len(family) == 3
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(60) == 0
    assert [process for process in family if not gone(process.pid)] == []
    assert gone(solver)
    assert JobTable().get(job.job_id).state is JobState.WAITING
    assert "Traceback" not in server.said()
    check_port("127.0.0.1", port)  # and the port is free again


def test_a_crashed_worker_is_started_again_and_takes_up_its_job(port: int, stack: ExitStack) -> None:
    server = Server(port, stack)
    first = wait_until(server.worker)
    first.kill()
    second = wait_until(lambda: (worker := server.worker()) and worker.pid != first.pid and worker)
    assert second.is_running()
    wait_until(lambda: "is started again" in server.said())
    job = JobTable().submit(scenario("quick"), "anna")
    wait_until(lambda: JobTable().get(job.job_id).state is JobState.DONE)
    # A supervisor that is killed takes both with it.
    family = server.family()
    server.process.kill()
    wait_until(lambda: all(gone(process.pid) for process in family))


def test_a_port_that_is_taken_is_named_with_the_remedy(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        command = [sys.executable, "-m", "engine.cli", "serve", "--port", str(port)]
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {port} on 127.0.0.1 is taken")
    assert "choose another port: firmwatt serve --port" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert JobTable().list() == ()


def test_other_addresses_that_cannot_be_used_are_explained() -> None:
    with pytest.raises(CannotServe, match='Host "xxx'):
        check_port("x" * 64, 8050)
    with pytest.raises(CannotServe, match="does not exist"):
        check_port("127.0.0.1", 70000)
    with pytest.raises(CannotServe, match=r"192\.0\.2\.1:8050 cannot be used"):
        check_port("192.0.2.1", 8050)
    assert "special rights" in _port_words("127.0.0.1", 80, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def test_only_the_very_first_start_queues_scenarios() -> None:
    queue, library, store = JobTable(), Library(), Store()
    jobs = seed_first_start(queue, library, store)
    assert [job.fingerprint for job in jobs] == [
        entry.fingerprint
        for key in ("light-gas", "light-solar", "base")
        for entry in library.entries()
        if entry.key == key
    ]
    assert [job.name for job in queue.list()] == [job.name for job in jobs]
    assert all(job.owners == () for job in jobs)
    queue.cancel(jobs[0].job_id, "anybody")
    assert seed_first_start(queue, library, store) == []


def test_a_store_with_runs_is_no_first_start() -> None:
    (home() / "runs" / "old-run").mkdir(parents=True)
    assert seed_first_start(JobTable(), Library(), Store()) == []
