"""How the sizing's cost grows with years, weeks and hours, each case in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from benchmarks.solving import scenario, sizing
from engine.expansion import search_settings, size
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario

YEARS, WEEKS, FULL_YEARS = (1, 5, 10, 20), (12, 26, 52), (1, 3, 10)
MOST_GB = 8.0


def growth() -> str:
    """The table of `base` at other lengths and resolutions."""
    head = ("case", "columns", "building", "search", "gap", "memory", "method")
    lines = ["### How cost grows", "", f"| {' | '.join(head)} |", "|---|---:|---:|---:|---:|---:|---|"]
    for label, kind, count in _cases():
        # A process of its own, so that the memory is the case's.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            lines.append(pool.submit(_row, label, kind, count).result())
        print(lines[-1], flush=True)
    return "\n".join([*lines, "", f"Memory of the whole process; at most {MOST_GB:g} GB.", ""])


def _cases() -> list[tuple[str, str, int]]:
    years = [(f"six weeks, {count} years", "years", count) for count in YEARS]
    weeks = [(f"{count} weeks, 10 years", "weeks", count) for count in WEEKS]
    return [*years, *weeks, *((f"8,760 h, {count} years", "full", count) for count in FULL_YEARS)]


def _row(label: str, kind: str, count: int) -> str:
    loaded = CHANGED[kind](scenario("base"), count)
    built: list[int] = []
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    plan = size(loaded.scenario, steps, on_built=lambda _, columns: built.append(columns))
    gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    apart = search_settings(loaded.scenario, sizing(loaded)[1]).decompose
    method = "decisions and hours apart" if apart else "HiGHS alone"
    mark = "" if gb <= MOST_GB else "🔴 "
    build_s, size_s = plan.seconds["build"], plan.seconds["size"]
    figures = f"{built[0]:,} | {build_s:.1f} s | {size_s:.1f} s | {plan.mip_gap_frac or 0:.2%}"
    return f"| {label} | {figures} | {mark}{gb:.2f} GB | {method}: {plan.termination} |"


def _with_times(loaded: LoadedScenario, **changes: object) -> LoadedScenario:
    times = loaded.scenario.time.model_copy(update=changes)
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"time": times}))


def _spread(loaded: LoadedScenario, count: int) -> LoadedScenario:
    week = type(loaded.scenario.time.weeks[0])
    starts = (1 + (364 - 7) * number // (count - 1) for number in range(count))
    return _with_times(loaded, weeks=tuple(week(start_day=day, weight=1.0) for day in starts))


CHANGED: dict[str, Callable[[LoadedScenario, int], LoadedScenario]] = {
    "years": lambda loaded, count: _with_times(loaded, years=count),
    "weeks": _spread,
    "full": lambda loaded, count: _with_times(loaded, method="full", years=count),
}
