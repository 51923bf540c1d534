"""How fast a sizing is proven, a plan dispatched, a whole run made, a frontier traced; as ratios within one run."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import Measure, median, table
from engine.dispatch import run_years
from engine.expansion import Plan, size
from engine.highs import SolverSettings
from engine.matrix import Matrix, compile_model
from engine.model import build
from engine.periods import Steps, select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, load_scenario
from engine.solver import solve_matrix

GAP_FRAC = 0.01
DEFAULT_SEARCH_LIMIT_S = 400.0


@dataclass(frozen=True)
class Times:
    """Seconds of one run over one scenario's sizing."""

    relaxation: float
    build: float
    size: float
    gap_frac: float
    dispatch: float


def scenario(name: str) -> LoadedScenario:
    """A shipped scenario."""
    return load_scenario(SHIPPED_SCENARIOS / f"{name}.yaml")


def sizing(loaded: LoadedScenario) -> tuple[Steps, Matrix]:
    """Steps and matrix of a scenario's sizing."""
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    return steps, compile_model(build(loaded.scenario, steps))


def timed(call: Any) -> tuple[float, Any]:
    """Seconds of a call, and what it returned."""
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def once(loaded: LoadedScenario) -> Times:
    """Relaxation, sizing and dispatch, one after the other."""
    steps, matrix = sizing(loaded)
    threads = loaded.scenario.solver.threads
    relaxation_s, _ = timed(lambda: solve_matrix(matrix.relaxed, SolverSettings(threads=threads)))
    plan: Plan = size(loaded.scenario, steps)
    assert plan.capacity is not None
    assert plan.commitments is not None
    dispatch = run_years(loaded.scenario, build_profiles(loaded), plan.capacity, plan.commitments)
    gap = float(plan.mip_gap_frac or 0.0)
    return Times(relaxation_s, plan.seconds["build"], plan.seconds["size"], gap, dispatch.seconds)


def default_search_s(loaded: LoadedScenario) -> tuple[float, str]:
    """Seconds of HiGHS with default options on the same matrix to the same gap, and how it ended."""
    _, matrix = sizing(loaded)
    settings = SolverSettings(GAP_FRAC, DEFAULT_SEARCH_LIMIT_S, loaded.scenario.solver.threads)
    seconds, solution = timed(lambda: solve_matrix(matrix, settings))
    return seconds, f"{solution.termination}, gap {solution.gap_frac or 0:.2%}"


def whole_run(name: str) -> tuple[float, float, dict[str, float]]:
    """Seconds and GB of `firmwatt solve` in a process of its own, imports included; seconds by phase."""
    command = [sys.executable, "-m", "engine.cli", "solve", name, "--force", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        seconds, done = timed(
            lambda: subprocess.run(
                command,
                env={**os.environ, "FIRMWATT_HOME": folder},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        )
    peak_kb = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return seconds, peak_kb / 1e6, json.loads(done.stdout)["seconds"]


def frontier_s(name: str, points: int) -> tuple[float, str]:
    """Seconds of a frontier of cost and NOx, and how many of its points stand."""
    from engine.frontier import Asked, frontier_request
    from engine.progress import ignore
    from engine.study import Studies, run_study

    with tempfile.TemporaryDirectory() as folder:
        request = frontier_request((scenario(name),), Asked(("lcoe", "nox"), points), Path(folder))
        seconds, _ = timed(lambda: run_study(request, ignore))
        found = Studies(Path(folder)).table(request.study_id, "points")
    assert found is not None
    return (
        seconds,
        f"{int(found['verified'].sum())} of {len(found)} points verified, {int(found['on_front'].sum())} on the front",
    )


def peer_s(name: str) -> float:
    """Seconds of the same case in PyPSA, in a process of its own, imports included."""
    seconds, _ = timed(
        lambda: subprocess.run(
            [sys.executable, "-m", "benchmarks.peer", name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    )
    return seconds


def reference(name: str, runs: int) -> str:
    """The speed table of one scenario."""
    loaded = scenario(name)
    times = [once(loaded) for _ in range(runs)]
    default_s, ended = default_search_s(loaded)
    wholes = [whole_run(name) for _ in range(runs)]
    whole_s, peak_gb = median([one[0] for one in wholes]), max(one[1] for one in wholes)
    size_s, gap = median([one.size for one in times]), max(one.gap_frac for one in times)
    building = median([one.build / (one.build + one.size) for one in times])
    phases = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in wholes[-1][2].items())
    per_relaxation = median([(one.build + one.size) / one.relaxation for one in times])
    dispatch = median([one.dispatch / one.relaxation for one in times])
    relaxation_s = median([one.relaxation for one in times])
    return table(
        f"{name}, {runs} runs",
        [
            Measure("proven 1 % against HiGHS with default options",
                    f"{size_s / default_s:.3f} x", size_s / default_s, 0.1,
                    f"{size_s:.1f} s, gap {gap:.2%}; HiGHS {default_s:.0f} s, {ended}, one run"),
            Measure("proven 1 % against one LP relaxation", f"{per_relaxation:.2f} x", per_relaxation, 2.0,
                    f"relaxation {relaxation_s:.1f} s; building included"),
            Measure("building and compiling, share of the solve", f"{building:.1%}", building, 0.2),
            Measure("all years dispatched, against one LP relaxation", f"{dispatch:.2f} x", dispatch, 1.0,
                    f"{median([one.dispatch for one in times]):.1f} s"),
            Measure("whole run, process and imports", f"{whole_s:.1f} s", whole_s, 40.0, phases),
            Measure("memory of the whole run", f"{peak_gb:.2f} GB", peak_gb, 1.5),
        ],
    )  # fmt: skip


def frontier(name: str) -> str:
    """A twelve-point frontier of cost and NOx against one whole run."""
    whole_s, (front_s, points) = whole_run(name)[0], frontier_s(name, 12)
    detail = f"{front_s:.0f} s against {whole_s:.0f} s; {points}; one run"
    return table(
        f"{name}, frontier",
        [
            Measure(
                "twelve-point frontier against one whole run",
                f"{front_s / whole_s:.1f} x",
                front_s / whole_s,
                4.0,
                detail,
            )
        ],
    )


def against_peer(name: str, runs: int) -> str:
    """One year sized at 8,760 h against PyPSA, whole processes in turn."""
    ratios, ours, theirs = [], [], []
    for _ in range(runs):
        ours.append(whole_run(name)[0])
        theirs.append(peer_s(name))
        ratios.append(ours[-1] / theirs[-1])
    detail = f"{median(ours):.1f} s against {median(theirs):.1f} s; ours also dispatches, prices, verifies and stores"
    value = median(ratios)
    return table(
        f"{name} against PyPSA, whole processes, {runs} runs",
        [Measure("one year sized at 8,760 h against PyPSA", f"{value:.2f} x", value, 0.7, detail)],
    )
