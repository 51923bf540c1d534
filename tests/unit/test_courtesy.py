"""A solve makes way for a live page, and takes up its cores again when the page is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from job_kit import wait_until

from engine.courtesy import FRESH_S, NICENESS, mark_open, page_is_open

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="cores of threads are Linux's")
# A process with a second thread, as a solver has one.
SOLVER = """
import threading, time
from engine.courtesy import make_way
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
make_way()
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def solver(home: Path) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", SOLVER]) as process:
        wait_until(lambda: len(threads(process.pid)) == 3)
        yield process.pid
        process.kill()


def threads(pid: int) -> list[int]:
    return [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()]


def cores(pid: int) -> set[int]:
    """How many cores the threads of a process may use, each."""
    return {len(os.sched_getaffinity(thread)) for thread in threads(pid)}


def test_a_page_counts_as_open_until_it_has_said_nothing_for_a_while(home: Path) -> None:
    assert not page_is_open()
    mark_open()
    assert page_is_open()
    leave(home)
    assert not page_is_open()


def leave(home: Path) -> None:
    mark = home / "live-page-open"
    long_ago = mark.stat().st_mtime - FRESH_S - 1
    os.utime(mark, (long_ago, long_ago))


def test_all_threads_of_a_solve_keep_to_one_niced_core_while_a_live_page_is_open(home: Path, solver: int) -> None:
    given = len(os.sched_getaffinity(0))
    assert cores(solver) == {given}
    mark_open()
    wait_until(lambda: cores(solver) == {1})
    # Tests themselves may run with a niceness.
    least = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    wait_until(lambda: {os.getpriority(os.PRIO_PROCESS, one) for one in threads(solver)} == {least})
    leave(home)
    wait_until(lambda: cores(solver) == {given})
