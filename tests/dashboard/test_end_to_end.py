"""The real thing: web server, worker and solver as processes, walked in a real browser, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from selenium import webdriver

from engine.jobs import JobTable
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.conftest import forget
from tests.unit.job_kit import free_port, wait_until

pytestmark = pytest.mark.browser
SOLVE_WAIT_S = 120.0


class Firmwatt:
    """Server and worker of one home folder, as processes of their own."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.port = free_port()
        self._home, self._stack = home, stack
        self.web = self.start_web()
        self.worker = self._start("worker", "-m", "engine.worker")

    def start_web(self) -> subprocess.Popen[bytes]:
        web = self._start("web", "-m", "app", "--port", str(self.port))
        wait_until(self._answers, 60.0)
        return web

    def restart_web(self) -> None:
        """Stop the server the hard way and start it on the same port."""
        self.web.kill()
        self.web.wait()
        self.web = self.start_web()

    def solver(self) -> psutil.Process | None:
        """The solve process, once there is one."""
        for child in psutil.Process(self.worker.pid).children(recursive=True):
            if "engine.solve_process" in child.cmdline():
                return child
        return None

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._home / f"{name}.log").open("ab"))
        process = self._stack.enter_context(subprocess.Popen([sys.executable, *words], stdout=log, stderr=log))
        self._stack.callback(process.kill)
        return process

    def _answers(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def firmwatt(home: Path) -> Iterator[Firmwatt]:
    with ExitStack() as stack:
        yield Firmwatt(home, stack)


@pytest.fixture
def page(firmwatt: Firmwatt, chromium: webdriver.Chrome) -> Iterator[Page]:
    yield Page(chromium, f"http://127.0.0.1:{firmwatt.port}")
    forget(chromium)


def test_a_solve_outlives_the_server_and_a_killed_solver_says_so(firmwatt: Firmwatt, page: Page) -> None:
    page.open("/")
    page.click(".scenario-card[data-key='base'] .card-actions button")
    solver = wait_until(firmwatt.solver)
    page.open("/runs")
    page.wait_text(".job-list", "Running")
    assert page.severe() == []

    firmwatt.restart_web()
    page.open("/runs")
    page.wait_text(".job-list", "Running")
    # The server was away for a moment, and an open page may have asked for it; from here on nothing may fail.
    page.severe()
    assert firmwatt.solver() == solver
    (job,) = JobTable().list()
    assert job.attempts == 1

    os.kill(solver.pid, signal.SIGKILL)
    page.wait_text(".job-list", "Failed")
    page.wait_text(".job-list", "signal 9 (SIGKILL)")
    assert page.severe() == []


def test_two_light_scenarios_are_solved_and_compared(firmwatt: Firmwatt, page: Page) -> None:
    page.open("/")
    for key in ("light-gas", "light-solar"):
        page.click(f".scenario-card[data-key='{key}'] .card-actions button")
        page.wait_text(f".scenario-card[data-key='{key}'] .card-state", "")
    runs = wait_until(lambda: found if len(found := Store().runs()) == 2 else None, SOLVE_WAIT_S)
    assert all(run["verification"]["passed"] and run["summary"]["adequate"] for run in runs)
    page.open("/")
    for key in ("light-gas", "light-solar"):
        page.wait_text(f".scenario-card[data-key='{key}']", "Verified")
        page.click(f".scenario-card[data-key='{key}'] .card-select input")
    page.wait_text("#library-compare", "2 scenarios chosen")
    page.click("#library-compare a")
    words = page.wait_text("main", "cheaper")
    assert "Light, with solar" in words
    assert page.severe() == []
