"""The command line: one JSON document, exit codes that scripts can use, and words instead of tracebacks."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest
import yaml
from click.testing import Result
from job_kit import gone, mapping, scenario, solver_pid
from typer.testing import CliRunner

from engine.cli import app
from engine.cli.common import number
from engine.jobs import JobTable
from engine.scenario.loading import home
from engine.store import Store

FIRMWATT = [sys.executable, "-W", "error", "-m", "engine.cli"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _fake_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRMWATT_SOLVE_TARGET", "fake_solvers:solve")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def firmwatt(*arguments: str) -> Result:
    result: Any = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result  # type: ignore[no-any-return]


def write(tmp_path: Path, name: str, **parts: Any) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(yaml.safe_dump({**mapping(name), **parts}))
    return str(file)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one real run of a flat 10 MW load, solved by the command line."""
    folder = tmp_path_factory.mktemp("solved")
    engine = {
        "kind": "thermal",
        "unit_mw": 5.0,
        "max_units": 9,
        "overnight_usd_per_kw": 1000,
        "heat_rate_btu_per_kwh": 8000,
    }
    plan = {**mapping("Tiny plant"), "technologies": {"engine": engine}}
    (folder / "tiny.yaml").write_text(yaml.safe_dump(plan))
    command = [*FIRMWATT, "solve", "tiny.yaml", "--json", "--out", "copies"]
    env = {**os.environ, "FIRMWATT_HOME": str(folder / "home")}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "summary.json").write_text(done.stdout)
    return folder


@pytest.fixture
def run_id(solved: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRMWATT_HOME", str(solved / "home"))
    return str(json.loads((solved / "summary.json").read_text())["run_id"])


def test_solve_prints_one_summary_with_what_scripts_need(solved: Path, run_id: str) -> None:
    summary = json.loads((solved / "summary.json").read_text())
    needed = {
        "run_id", "fingerprint", "status", "termination", "mip_gap_frac", "objective_usd", "npv_cost_usd",
        "lcoe_usd_per_mwh", "capacity", "unserved_mwh", "nox_tons", "co2_tonnes", "seconds",
    }  # fmt: skip
    assert needed <= set(summary)
    assert summary["verified"]
    # --out gives a folder that opens as a store.
    assert Store(solved / "copies").manifest(run_id)["summary"] == summary


def test_a_solved_scenario_is_shown_not_solved_again(solved: Path, run_id: str) -> None:
    again = firmwatt("solve", str(solved / "tiny.yaml"))
    assert "Solved before" in again.stdout
    assert run_id in again.stdout
    assert again.exit_code == 0


def test_list_show_and_verify_find_the_run_by_its_beginning(run_id: str) -> None:
    listed = json.loads(firmwatt("list", "--json").stdout)
    assert [run["run_id"] for run in listed["runs"]] == [run_id]
    assert listed["damaged"] == []
    assert json.loads(firmwatt("show", "tiny", "--json").stdout)["run_id"] == run_id
    assert "Serves the whole load" in firmwatt("show", "tiny").stdout
    verified = firmwatt("verify", "tiny", "--json")
    assert (verified.exit_code, json.loads(verified.stdout)["passed"]) == (0, True)
    assert run_id in firmwatt("list").stdout


@pytest.mark.parametrize("format", ["csv", "parquet", "json"])
def test_export_writes_every_table_and_the_manifest(run_id: str, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    written = json.loads(firmwatt("export", "tiny", "--out", str(out), "--format", format, "--json").stdout)
    assert {path.name for path in out.iterdir()} == set(written["files"])
    assert {f"hourly.{format}", "manifest.json"} <= set(written["files"])
    if format == "csv":
        assert len((out / "hourly.csv").read_text().splitlines()) == 8761


def test_verify_of_a_changed_table_fails(solved: Path, run_id: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path / "other"))
    firmwatt_home = home() / "runs"
    firmwatt_home.mkdir(parents=True)
    subprocess.run(["cp", "-r", str(solved / "copies" / run_id), str(firmwatt_home)], check=True)
    table = firmwatt_home / run_id / "capacity.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    result = firmwatt("verify", run_id, "--json")
    assert (result.exit_code, json.loads(result.stdout)["passed"]) == (1, False)
    table.unlink()
    listed = firmwatt("list", "--json")
    assert json.loads(listed.stdout)["damaged"][0]["run"] == run_id


def test_compare_says_what_differs_and_which_is_better(solved: Path, run_id: str) -> None:
    dear = solved / "dear.yaml"
    dear.write_text(yaml.safe_dump({"extends": "tiny.yaml", "name": "Dear gas", "fuel": {"price_usd_per_mmbtu": 7.0}}))
    other = json.loads(firmwatt("solve", str(dear), "--json").stdout)["run_id"]
    try:
        document = json.loads(firmwatt("compare", "tiny", "dear", "--json").stdout)
        words = firmwatt("compare", "tiny", "dear", "--base", "dear").stdout
        once = firmwatt("compare", "tiny", "tiny")
        foreign = firmwatt("compare", "tiny", "dear", "--base", "nope")
    finally:
        Store().delete(other)
    assert (document["runs"], document["base"]) == ([run_id, other], run_id)
    assert [row["place"] for row in document["inputs"]] == ["fuel.price_usd_per_mmbtu"]
    assert document["sentences"]
    assert f"B  Dear gas  {other}  (base)" in words
    assert "Inputs that differ" in words
    assert (once.exit_code, foreign.exit_code) == (2, 2)


def test_numbers_keep_four_digits_and_no_powers_of_ten() -> None:
    shown = [number(value) for value in (65.4147, 1314000.0, 0.00123456, 0.0, -2.5, 999.96, 1e-12)]
    assert shown == ["65.41", "1,314,000", "0.001235", "0", "-2.500", "1,000.0", "0.00000000"]


def test_an_unknown_run_is_wrong_usage(run_id: str) -> None:
    for command in (["show", "nope"], ["verify", "nope"], ["export", "nope"], ["compare", "nope", "tiny"]):
        result = firmwatt(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "nope" in result.stderr


def test_every_problem_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, "Bad", load={"pue": 0.5, "noise": 1}, fule={})
    result = firmwatt("validate", file, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["status"]) == (2, "refused")
    assert {problem["place"] for problem in document["problems"]} == {"load.pue", "load.noise", "fule"}
    assert 'did you mean "fuel"' in firmwatt("validate", file).stderr


def test_validate_names_the_fingerprint(tmp_path: Path) -> None:
    document = json.loads(firmwatt("validate", write(tmp_path, "Good"), "--json").stdout)
    assert document["status"] == "valid"
    assert len(document["fingerprint"]) == 64
    assert firmwatt("validate", "base").exit_code == 0


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("failing", 1, "failed"),
        ("suicidal", 1, "failed"),
        ("refused", 2, "refused"),
        ("quick infeasible", 3, "infeasible"),
        ("late", 5, "time_limit"),
    ],
)
@pytest.mark.usefixtures("_fake_solver")
def test_an_exit_code_says_how_a_solve_ended(tmp_path: Path, name: str, code: int, status: str) -> None:
    result = firmwatt("solve", write(tmp_path, name), "--json")
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (code, status)
    assert "Traceback" not in result.stderr


def test_solver_options_are_checked_like_the_file(tmp_path: Path) -> None:
    result = firmwatt("solve", write(tmp_path, "Good"), "--gap", "0.9", "--threads", "0", "--time-limit", "0")
    assert result.exit_code == 2
    assert all(f"solver.{field}" in result.stderr for field in ("mip_gap_frac", "threads", "time_limit_s"))


def test_a_file_that_is_not_there_and_a_key_that_is_not_known_are_named() -> None:
    assert 'did you mean "base"' in firmwatt("solve", "bsae").stderr
    assert "No such file" in firmwatt("solve", "bsae.yaml").stderr


@pytest.mark.usefixtures("_fake_solver")
def test_ctrl_c_ends_the_solver_too(tmp_path: Path) -> None:
    command = [*FIRMWATT, "solve", write(tmp_path, "slow"), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        solver = solver_pid(home() / "runs")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, json.loads(out)["status"], err) == (130, "cancelled", "Cancelled.\n")
    assert gone(solver)


def _all_of(terminal: IO[bytes]) -> Iterator[bytes]:
    with suppress(OSError):  # how Linux says that the other end is closed
        while part := terminal.read(65536):
            yield part


@pytest.mark.usefixtures("_fake_solver")
def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(tmp_path: Path) -> None:
    command = [*FIRMWATT, "solve", write(tmp_path, "failing")]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    assert plain.stderr == "failing: 0% Reading\nHiGHS ended with 'Unknown'.\n"
    outer, inner = pty.openpty()
    with os.fdopen(outer, "rb", buffering=0) as terminal:
        with os.fdopen(inner, "wb", buffering=0) as its_end:
            subprocess.run(command, stderr=its_end, check=False, env={**os.environ, "TERM": "xterm", "COLUMNS": "80"})
        shown = b"".join(_all_of(terminal)).decode()
    assert "━" in shown
    assert "HiGHS ended" in shown


def test_a_pipe_that_closes_early_is_no_error() -> None:
    command = " ".join(FIRMWATT)
    piped = subprocess.run(["bash", "-c", f"{command} schema | head -1"], capture_output=True, text=True, check=False)
    assert (piped.stdout, piped.stderr) == ("{\n", "")


def test_the_schema_is_that_of_scenarios() -> None:
    schema = json.loads(firmwatt("schema").stdout)
    assert {"name", "load", "technologies"} <= set(schema["properties"])


def test_the_library_and_the_queue_are_listed() -> None:
    keys = [entry["key"] for entry in json.loads(firmwatt("scenarios", "--json").stdout)["scenarios"]]
    assert keys[0] == "base"
    assert "base" in firmwatt("scenarios").stdout
    assert "No jobs yet" in firmwatt("jobs").stdout
    job = JobTable().submit(scenario(), "anna")
    assert json.loads(firmwatt("jobs", "--json").stdout)["jobs"][0]["job_id"] == job.job_id
    assert "No worker runs" in firmwatt("jobs").stderr
    assert "Cancelled Small." in firmwatt("jobs", "--cancel", job.job_id[:5]).stdout
    assert firmwatt("jobs", "--cancel", "zzz").exit_code == 2


@pytest.mark.usefixtures("_fake_solver")
def test_worker_works_off_the_queue() -> None:
    job = JobTable().submit(scenario("quick"), "anna")
    subprocess.run([*FIRMWATT, "worker", "--once"], check=True, capture_output=True)
    assert JobTable().get(job.job_id).run_id == "run-1"


def test_help_is_quick_and_names_the_exit_codes() -> None:
    shown = subprocess.run([*FIRMWATT, "--help"], capture_output=True, text=True, check=True)
    assert "3\n  infeasible" in shown.stdout
    loaded = "import sys, engine.cli; print({'pandas', 'pyomo', 'numpy', 'pydantic', 'dash'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "set()\n"


def test_every_command_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(names) >= 15
    assert [name for name in names if f"firmwatt {name}" not in documented] == []


def test_an_unknown_command_is_wrong_usage() -> None:
    assert firmwatt("slove").exit_code == 2
    assert firmwatt("--version").stdout.startswith("firmwatt 0.")
