"""One solve process: whatever ends it, the reason arrives and nothing is left behind."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from job_kit import gone, mapping, scenario, solver_pid, wait_until

from engine.progress import Progress
from engine.request import SolveRequest
from engine.runner import Outcome, exit_words, run_solve_process
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import validate_scenario

pytestmark = pytest.mark.usefixtures("_fake_solver")


@pytest.fixture
def _fake_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRMWATT_SOLVE_TARGET", "fake_solvers:solve")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def run(name: str, tmp_path: Path, **callbacks: object) -> Outcome:
    return run_solve_process(SolveRequest.of(scenario(name), tmp_path), **callbacks)  # type: ignore[arg-type]


def test_a_result_arrives_with_its_progress(tmp_path: Path) -> None:
    seen: list[Progress] = []
    outcome = run("quick", tmp_path, on_progress=seen.append)
    assert (outcome.kind, outcome.run_id, outcome.summary["store"]) == ("result", "run-1", str(tmp_path))
    assert seen[-1] == Progress("size", 0.5, "Sizing", 0.02, 98.0, 100.0)


def test_prints_of_libraries_do_not_disturb_the_events(tmp_path: Path) -> None:
    assert run("noisy", tmp_path).run_id == "run-1"


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("refused", "input", "load.csv has 1 problem:\n  row 7 is empty; fill it."),
        ("failing", "failed", "HiGHS ended with 'Unknown'."),
        ("late", "time_limit", "no plan was found within 1 s."),
        ("buggy", "failed", "solver process ended with exit code 1 and no answer; its last words: "
                            "ZeroDivisionError: a bug"),
        ("suicidal", "failed", "solver process ended with signal 9 (SIGKILL); often out of memory"),
        ("suicidal SIGSEGV", "failed", "solver process ended with signal 11 (SIGSEGV)"),
    ],
)  # fmt: skip
def test_an_end_without_a_result_says_why(tmp_path: Path, name: str, kind: str, reason: str) -> None:
    assert run(name, tmp_path) == Outcome(kind, reason=reason)


def test_a_memory_limit_reads_as_out_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRMWATT_SOLVE_MEMORY_GB", "2")
    outcome = run("greedy", tmp_path)
    assert outcome.kind == "failed"
    assert outcome.reason.startswith("out of memory (it may use 2 GB")


def test_a_cancel_kills_the_solver_and_its_children_at_once(tmp_path: Path) -> None:
    children: list[int] = []

    def on_progress(progress: Progress) -> None:
        if progress.phase == "size":
            children.append(int(progress.message))

    outcome = run("brood", tmp_path, on_progress=on_progress, should_cancel=lambda: bool(children))
    assert outcome.kind == "cancelled"
    wait_until(lambda: gone(children[0]))


def test_a_callback_that_raises_leaves_no_solver_behind(tmp_path: Path) -> None:
    def on_progress(_: Progress) -> None:
        raise KeyboardInterrupt

    before = psutil.Process().children(recursive=True)
    with pytest.raises(KeyboardInterrupt):
        run("slow", tmp_path, on_progress=on_progress)
    assert psutil.Process().children(recursive=True) == before


@pytest.mark.parametrize("system", ["linux", "elsewhere"])
def test_a_solver_does_not_outlive_who_started_it(tmp_path: Path, system: str) -> None:
    # Elsewhere there is no death signal; there the closing of its input ends the solver.
    code = (
        "import sys; from pathlib import Path; from job_kit import scenario\n"
        "from engine.request import SolveRequest; from engine.runner import run_solve_process\n"
        "run_solve_process(SolveRequest.of(scenario('slow'), Path(sys.argv[1])))"
    )
    env = dict(os.environ)
    if system == "elsewhere":
        patch = "import engine.lifeline\nengine.lifeline.follow_parent = lambda *_: None\n"
        (tmp_path / "sitecustomize.py").write_text(patch)
        env["PYTHONPATH"] = f"{tmp_path}:{env['PYTHONPATH']}"
    starter = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=env)
    solver = solver_pid(tmp_path)
    with starter:
        starter.send_signal(signal.SIGKILL)
    wait_until(lambda: gone(solver))


def test_a_request_rebuilds_the_scenario_without_its_yaml(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("mw\n" + "10\n" * 8760)
    loaded = validate_scenario(mapping(series="load.csv:mw"), source="x", folders=(tmp_path,))
    again = SolveRequest.from_json(SolveRequest.of(loaded, tmp_path).to_json()).load()
    assert again == loaded
    assert fingerprint(again) == fingerprint(loaded)


def test_an_input_file_that_changed_or_went_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("mw\n" + "10\n" * 8760)
    loaded = validate_scenario(mapping("quick", series="load.csv:mw"), source="x", folders=(tmp_path,))
    request = SolveRequest.of(loaded, tmp_path)
    file.write_text("mw\n" + "11\n" * 8760)
    assert "load.csv has changed since the scenario was queued" in run_solve_process(request).reason
    file.unlink()
    outcome = run_solve_process(request)
    assert outcome.kind == "input"
    assert "cannot be read" in outcome.reason


def test_a_scenario_of_another_version_is_refused(tmp_path: Path) -> None:
    request = SolveRequest.of(scenario("quick"), tmp_path)
    outcome = run_solve_process(dataclasses.replace(request, scenario={**request.scenario, "novel": 1}))
    assert "another version of Firmwatt" in outcome.reason


def test_exit_codes_are_put_in_words() -> None:
    assert exit_words(-15) == "signal 15 (SIGTERM)"
    assert exit_words(-200) == "signal 200 (unknown)"
    assert exit_words(3) == "exit code 3 and no answer"


def test_a_cancel_is_swift(tmp_path: Path) -> None:
    asked: list[float] = []

    def should_cancel() -> bool:
        if list(tmp_path.glob("*.pid")) and not asked:
            asked.append(time.perf_counter())
        return bool(asked)

    run("slow", tmp_path, should_cancel=should_cancel)
    assert time.perf_counter() - asked[0] < 1.0  # 0.05 s where nothing else runs
