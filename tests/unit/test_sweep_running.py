"""A sweep through queue, worker and solve processes: bounded, resumed, nothing lost, nothing solved twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from job_kit import scenario, wait_until

from engine.job import JobState
from engine.jobs import JobTable
from engine.scenario.loading import home
from engine.store import Store
from engine.sweep import dataset
from engine.sweep.feeder import Feeder
from engine.sweep.keeping import keep_case
from engine.sweep.plan import Plan
from engine.sweep.sweeps import OWNER, Sweeps
from tests.unit.sweep_kit import COST, PAUSE, PRICE, arithmetic_run, dear_gas_fails, solves, toy_plan, work_off

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def feeder() -> Iterator[Callable[..., Feeder]]:
    with ExitStack() as stack:

        def make(window: int = 4) -> Feeder:
            made = Feeder(JobTable(), home() / "runs", Sweeps(), window=window)
            stack.callback(made.close)
            return made

        yield make


def states(sweep_id: str) -> dict[str, int]:
    return Sweeps().status(sweep_id).counts


def test_every_case_is_solved_once_and_stands_in_the_dataset_with_its_figures(tmp_path: Path) -> None:
    sweeps = Sweeps()
    sweep_id = sweeps.launch(toy_plan(tmp_path))
    work_off()
    frame = sweeps.cases(sweep_id)
    assert (sweeps.state(sweep_id).state, frame["state"].tolist()) == ("done", ["done"] * 4)
    # 8 x gas price + cost / 10, for (2, 80), (2, 120), (10, 80), (10, 120).
    assert frame["lcoe_usd_per_mwh"].tolist() == [24, 28, 88, 92]
    assert frame["mix"].tolist() == ["Plant"] * 4
    assert frame["run_id"].nunique() == 4
    assert len(solves(home() / "runs")) == 4
    assert JobTable().list() == ()  # gathered jobs leave the queue to others


def test_the_same_sweep_launched_again_solves_nothing(tmp_path: Path) -> None:
    sweeps = Sweeps()
    first = sweeps.launch(toy_plan(tmp_path))
    work_off()
    assert sweeps.launch(toy_plan(tmp_path)) == first
    work_off()
    assert len(solves(home() / "runs")) == 4


def test_a_case_that_a_stored_run_answers_is_not_solved(tmp_path: Path) -> None:
    plan, sweeps = toy_plan(tmp_path), Sweeps()
    run_id = arithmetic_run(plan.load({PRICE: 10.0, COST: 80.0}, 1), Store())
    sweep_id = sweeps.launch(plan)
    work_off()
    assert len(solves(home() / "runs")) == 3
    assert sweeps.cases(sweep_id)["run_id"][2] == run_id


def test_failed_cases_say_why_do_not_stop_the_rest_and_can_be_tried_again(tmp_path: Path) -> None:
    sweeps = Sweeps()
    sweep_id = sweeps.launch(toy_plan(tmp_path))
    work_off(dear_gas_fails)
    frame = sweeps.cases(sweep_id)
    assert frame["state"].tolist() == ["done", "done", "failed", "failed"]
    assert set(frame["reason"]) == {"", "HiGHS ended with 'Unknown'."}
    sweeps.resume(sweep_id, failed=True)
    work_off()
    assert states(sweep_id) == {"done": 4}
    assert len(solves(home() / "runs")) == 4


def test_a_case_that_no_scenario_can_be_is_listed_as_refused(tmp_path: Path, feeder: Any) -> None:
    units = {"path": "technologies.plant.existing_units", "values": [0, 5]}
    most = {"path": "technologies.plant.max_units", "values": [3, 100]}
    sweeps = Sweeps()
    sweep_id = sweeps.launch(toy_plan(tmp_path, parameters=[units, most]))
    feeder().step()
    frame = sweeps.cases(sweep_id)
    refused = frame[frame["state"] == "failed"]
    assert refused["case"].tolist() == [3]
    assert "existing_units is 5, above max_units 3" in refused["reason"].iloc[0]


def test_a_sweep_has_only_a_window_in_the_queue_and_a_single_solve_goes_first(tmp_path: Path, feeder: Any) -> None:
    Sweeps().launch(toy_plan(tmp_path, design="latin_hypercube", samples=30))
    keeper, queue = feeder(window=3), JobTable()
    keeper.step()
    keeper.step()
    assert queue.counts()[JobState.WAITING] == 3
    single = queue.submit(scenario("Mine"))
    taken = queue.claim("worker", 15.0)
    assert taken is not None
    assert taken.job_id == single.job_id


def test_one_of_two_workers_feeds_at_a_time(tmp_path: Path, feeder: Any) -> None:
    Sweeps().launch(toy_plan(tmp_path))
    first, second = feeder(window=1), feeder(window=2)
    assert first.step()
    assert second.step()  # there is a sweep to wait for, yet it adds nothing
    assert JobTable().counts()[JobState.WAITING] == 1
    first.close()
    second.step()
    assert JobTable().counts()[JobState.WAITING] == 2


def test_a_feeder_that_died_before_it_wrote_the_job_down_takes_it_up_again(tmp_path: Path, feeder: Any) -> None:
    sweeps, queue = Sweeps(), JobTable()
    plan = toy_plan(tmp_path)
    sweep_id = sweeps.launch(plan)
    before = sweeps.cases(sweep_id)
    first = feeder()
    first.step()
    with sweeps.changing(sweep_id):
        sweeps.save(plan, before)  # as if the write after the submit had never been
    first.close()
    feeder().step()
    assert queue.counts()[JobState.WAITING] == 4
    assert states(sweep_id) == {"queued": 4}


def test_a_spent_budget_stops_the_sweep_and_a_larger_one_lets_it_go_on(
    tmp_path: Path, monkeypatch: Any, feeder: Any
) -> None:
    monkeypatch.setenv(PAUSE, "0.2")
    sweeps = Sweeps()
    sweep_id = sweeps.launch(toy_plan(tmp_path, design="latin_hypercube", samples=12, budget={"total_seconds": 0.3}))
    work_off()
    status = sweeps.status(sweep_id)
    assert (status.state.state, status.left > 0) == ("stopped", True)
    assert "budget.total_seconds" in status.state.reason
    assert sweeps.launch(toy_plan(tmp_path, design="latin_hypercube", samples=12)) == sweep_id
    feeder().step()
    assert states(sweep_id)["queued"] == 4


def test_a_job_cancelled_among_the_runs_is_a_cancelled_case(tmp_path: Path, feeder: Any) -> None:
    sweep_id = Sweeps().launch(toy_plan(tmp_path))
    keeper, queue = feeder(), JobTable()
    keeper.step()
    queue.cancel(queue.list()[0].job_id, "", force=True)
    keeper.step()
    assert states(sweep_id) == {"queued": 3, "cancelled": 1}


def test_a_case_of_a_sweep_becomes_a_scenario_of_the_library(tmp_path: Path) -> None:
    from engine.library import Library

    sweeps = Sweeps()
    sweep_id = sweeps.launch(toy_plan(tmp_path))
    key = keep_case(sweeps, sweep_id, 3)
    assert Library().load(key).scenario.fuel.price_usd_per_mmbtu == 10


class Machine:
    """Server and worker as processes, to be killed."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        process = self._stack.enter_context(subprocess.Popen([sys.executable, "-m", *words], stderr=subprocess.DEVNULL))
        self._stack.callback(process.kill)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("engine.worker", "--lease", "2")


@pytest.fixture
def machine() -> Iterator[Machine]:
    with ExitStack() as stack:
        yield Machine(stack)


def target(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What the solve processes run."""
    monkeypatch.setenv("FIRMWATT_SOLVE_TARGET", f"tests.unit.sweep_kit:{name}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def survives(machine: Machine, plan: Plan, cases: int, wait_s: float) -> None:
    """Cancel in the middle, kill server and worker, resume, kill the worker once more, and count."""
    sweeps, queue = Sweeps(), JobTable()
    sweep_id = sweeps.launch(plan)

    def ended(least: int) -> bool:
        return sweeps.status(sweep_id).ended >= least

    server, worker = machine.start("app", "--port", "0"), machine.worker()
    wait_until(lambda: ended(cases // 4), wait_s)
    assert "Cancelled" in sweeps.cancel(sweep_id, queue)
    wait_until(lambda: not any(queue.counts()[state] for state in (JobState.WAITING, JobState.RUNNING)), 20)
    stopped_at = sweeps.status(sweep_id).ended
    assert cases // 4 <= stopped_at < cases
    for process in (server, worker):
        process.send_signal(signal.SIGKILL)
        process.wait()

    sweeps.resume(sweep_id)
    second = machine.worker()
    wait_until(lambda: ended(cases // 2), wait_s)
    second.send_signal(signal.SIGKILL)  # this time in the middle of a case
    second.wait()

    machine.worker()
    wait_until(lambda: sweeps.state(sweep_id).state == "done", wait_s)
    frame, solved = sweeps.cases(sweep_id), solves(home() / "runs")
    assert frame["state"].tolist() == [dataset.DONE] * cases
    assert sorted(solved) == sorted(set(frame["fingerprint"]))  # each once, none twice
    assert len(Store().runs()) == len(solved) == cases
    assert not [job for job in queue.list() if OWNER + sweep_id in job.owners]


def test_a_sweep_outlives_its_cancel_the_server_and_two_workers(
    machine: Machine, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv(PAUSE, "0.3")
    target(monkeypatch, "counted")
    survives(machine, toy_plan(tmp_path, design="latin_hypercube", samples=12), 12, 60.0)


@pytest.mark.heavy
def test_sixty_real_cases_outlive_the_same(machine: Machine, tmp_path: Path, monkeypatch: Any) -> None:
    target(monkeypatch, "counted_pipeline")
    survives(machine, toy_plan(tmp_path, design="latin_hypercube", samples=60), 60, 900.0)
