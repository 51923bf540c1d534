"""`python -m benchmarks [SCENARIO ...] [--runs N]`: where the time of a solve goes, as ratios within each run.

Every phase of a whole solve is measured against one LP relaxation of the sizing's own matrix, solved in the same
process just before. The table is printed as Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from dataclasses import replace

import highspy
import numpy as np

from engine.model import build
from engine.periods import select_periods
from engine.pipeline import solve
from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, load_scenario
from engine.solver import SolverSettings, compile_model, solve_matrix
from engine.store import Store

PHASES = ("profiles", "build", "size", "dispatch", "verify", "total")


def relaxation_s(loaded: LoadedScenario) -> tuple[float, str]:
    """Seconds of one LP relaxation of the sizing, and the size of its matrix."""
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    matrix = compile_model(build(loaded.scenario, steps).model)
    size = f"{matrix.lp.num_col_:,} columns, {matrix.lp.num_row_:,} rows"
    matrix.lp.integrality_ = []
    relaxed = replace(matrix, integer=np.zeros_like(matrix.integer))
    started = time.perf_counter()
    solve_matrix(relaxed, SolverSettings(threads=loaded.scenario.solver.threads))
    return time.perf_counter() - started, size


def measure(name: str, runs: int) -> str:
    """One Markdown table."""
    loaded = load_scenario(SHIPPED_SCENARIOS / f"{name}.yaml")
    ratios: dict[str, list[float]] = {phase: [] for phase in PHASES}
    seconds: dict[str, list[float]] = {phase: [] for phase in PHASES}
    rounds, size = 0, ""
    for _ in range(runs):
        unit, size = relaxation_s(loaded)
        with tempfile.TemporaryDirectory() as folder:
            manifest = solve(loaded, store=Store(folder), force=True).manifest
        rounds = len(manifest["adequacy_trail"])
        for phase in PHASES:
            seconds[phase].append(manifest["seconds"][phase])
            ratios[phase].append(manifest["seconds"][phase] / unit)
    lines = [
        f"### {name}: {size}, {rounds} round{'s' if rounds > 1 else ''} of sizing and dispatch, {runs} run(s)",
        "",
        "| phase | seconds, median | times one LP relaxation, median |",
        "|---|---:|---:|",
    ]
    for phase in PHASES:
        lines.append(f"| {phase} | {statistics.median(seconds[phase]):.2f} | {statistics.median(ratios[phase]):.2f} |")
    return "\n".join(lines)


def machine() -> str:
    """The machine in one line."""
    versions = f"Python {platform.python_version()}, HiGHS {highspy.Highs().version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {versions}"


def main() -> None:
    """Measure the scenarios named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=["light-gas", "light-solar", "base"])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print(f"## Where the time goes\n\n{machine()}\n")
    for name in arguments.scenarios:
        print(measure(name, arguments.runs) + "\n", flush=True)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"Highest memory of the process: {peak_gb:.2f} GB.")


if __name__ == "__main__":
    main()
