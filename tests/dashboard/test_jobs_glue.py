"""Solve buttons and the job table: what is submitted stays, whoever stops watching."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask
import pytest
from dash._utils import AttributeDict

from dashboard import data, jobs, owner, solve_area
from engine.job import JobState
from engine.jobs import JobTable
from engine.library import Library
from engine.progress import Progress
from tests.unit.job_kit import mapping, wait_until

NAME = "Small"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(home: Path) -> flask.Flask:
    app = flask.Flask(__name__)
    data.install(app)
    owner.install(app)
    return app


@pytest.fixture
def key(home: Path) -> str:
    return Library().save(mapping(NAME))


@pytest.fixture
def mirrors(server: flask.Flask) -> Iterator[jobs.RowMirrors]:
    manager = jobs.RowMirrors()
    yield manager
    for stop in list(manager._stops.values()):
        stop.set()
    wait_until(lambda: not manager._stops)


def asked_by(server: flask.Flask, name: str) -> Any:
    """A request of the browser with this name."""
    cookie = f"{owner.COOKIE}={name.ljust(22, 'x')}"
    return server.test_request_context("/", headers={"Cookie": cookie})


def start(
    mirrors: jobs.RowMirrors, server: flask.Flask, key: str, who: str = "ann", nonce: str = "1"
) -> tuple[str, str]:
    """Press Solve: the result's key and the handle that the browser gets."""
    make: Callable[..., Any] = mirrors.make_job_fn(solve_area.submit_and_mirror, progress=True)
    with asked_by(server, who):
        request = {"key": key, "nonce": nonce}
        result = mirrors.build_cache_key(solve_area.submit_and_mirror, [request], [], None)
        return result, mirrors.call_job_fn(result, make, [request], AttributeDict())


def queued() -> tuple[Any, ...]:
    return JobTable().list()


def test_a_press_submits_and_then_mirrors_the_row(mirrors: jobs.RowMirrors, server: flask.Flask, key: str) -> None:
    result, handle = start(mirrors, server, key)
    (job,) = wait_until(queued)
    assert (job.name, job.state) == (NAME, JobState.WAITING)
    table = JobTable()
    table.claim("worker", 60)
    table.report(job.job_id, "worker", Progress("size", 0.4, "Sizing 2026", 0.03, 97e6, 100e6))
    seen = wait_until(lambda: _progress_that_says(mirrors, result, "Sizing 2026"))
    assert "gap 3" in seen
    table.finish(job.job_id, "worker", JobState.DONE, run_id="small-1", outcome="done")
    wait_until(lambda: not mirrors.job_running(handle))
    words, job_id = mirrors.get_result(result, handle)
    assert "/run/small-1" in str(words)
    assert job_id == job.job_id


def _progress_that_says(mirrors: jobs.RowMirrors, result: str, words: str) -> str:
    shown = str(mirrors.get_progress(result))
    return shown if words in shown else ""


def test_progress_is_there_within_half_a_second(mirrors: jobs.RowMirrors, server: flask.Flask, key: str) -> None:
    pressed = time.monotonic()
    result, _ = start(mirrors, server, key)
    wait_until(lambda: mirrors.get_progress(result))
    assert time.monotonic() - pressed < 0.5


def test_who_stops_watching_does_not_stop_the_solve(mirrors: jobs.RowMirrors, server: flask.Flask, key: str) -> None:
    _, handle = start(mirrors, server, key)
    (job,) = wait_until(queued)
    mirrors.terminate_job(handle)  # what Dash does after a refresh, or a press of another Solve button
    wait_until(lambda: not mirrors.job_running(handle))
    assert JobTable().get(job.job_id).state is JobState.WAITING


def test_a_page_that_was_left_gets_no_late_progress(mirrors: jobs.RowMirrors, server: flask.Flask, key: str) -> None:
    result, handle = start(mirrors, server, key)
    wait_until(lambda: mirrors.handle.get(f"{result}-progress"))
    mirrors.terminate_job(handle)
    assert mirrors.get_progress(result) is None


def test_a_press_is_submitted_though_its_mirror_is_stopped_at_once(
    mirrors: jobs.RowMirrors, server: flask.Flask, key: str
) -> None:
    _, handle = start(mirrors, server, key)
    mirrors.terminate_job(handle)
    assert wait_until(queued)


def test_two_browsers_share_one_job_and_no_cache_key(mirrors: jobs.RowMirrors, server: flask.Flask, key: str) -> None:
    one, _ = start(mirrors, server, key, who="ann")
    two, _ = start(mirrors, server, key, who="bob")
    assert one != two
    (job,) = wait_until(lambda: [job for job in queued() if len(job.owners) == 2])
    assert sorted(name.rstrip("x") for name in job.owners) == ["ann", "bob"]
    with asked_by(server, "ann"):
        assert "one other waits" in jobs.cancel(job.job_id)
    assert JobTable().get(job.job_id).state is JobState.WAITING


def test_beyond_the_bound_a_press_still_submits(
    mirrors: jobs.RowMirrors, server: flask.Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MAX_MIRRORS", 0)
    _, handle = start(mirrors, server, key)
    assert wait_until(queued)
    wait_until(lambda: not mirrors.job_running(handle))


def test_a_scenario_that_is_not_valid_is_not_queued(mirrors: jobs.RowMirrors, server: flask.Flask, home: Path) -> None:
    (home / "scenarios").mkdir()
    (home / "scenarios" / "broken.yaml").write_text("name: Broken\nload: {pue: 0.5}\n")
    result, handle = start(mirrors, server, "broken")
    wait_until(lambda: not mirrors.job_running(handle))
    words, job_id = mirrors.get_result(result, handle)
    assert "it must be at least 1" in str(words)
    assert job_id is None
    assert queued() == ()


def test_the_callback_cache_is_readable_by_its_owner_only(mirrors: jobs.RowMirrors, home: Path) -> None:
    assert Path(mirrors.handle.directory) == home / "callback-cache"
    assert stat.S_IMODE((home / "callback-cache").stat().st_mode) == 0o700


def test_the_dashboard_needs_no_solver() -> None:
    code = "import dashboard.jobs, dashboard.editing, sys; print([m for m in ('pyomo', 'highspy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
