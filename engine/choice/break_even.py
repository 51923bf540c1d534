"""Break-even: the value of an input at which the best plan's mix changes.

The small model (`quick`) is solved along the range; wherever two neighbours have other mixes, the gap between them is
halved until it is small. Each break is then confirmed, or not, by sizing on the scenario's own steps on both sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from engine.choice.break_even_words import NO_MIX, mix_words
from engine.choice.quick import QUICK_WORDS, Quick, quick_plan
from engine.choice.variants import mapping_of, value_at, variant
from engine.expansion import size
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.study import Workspace

# A technology is part of the mix from this share of the highest load on; less is a filler that comes and goes.
PART_OF_MIX_FRAC = 0.03
PRECISION_FRAC = 1 / 256  # of the range
MOST_BREAKS = 6
MOST_SOLVES = 64
UNITS = {"npv_usd": "USD", "usd_per_mwh": "USD/MWh", "built_mw": "MW", "unserved_mwh": "MWh"}

Mix = tuple[str, ...]
Solve = Callable[[float], Quick | None]


@dataclass(frozen=True)
class Point:
    """The best plan at one value of the input.

    Attributes
    ----------
    value : float
    mix : tuple of str or None
        Technologies that are part of it, in the scenario's order; None where no plan meets every limit.
    plan : Quick or None
    """

    value: float
    mix: Mix | None
    plan: Quick | None


def run(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """Do the study: tables `points`, `builds`, `breaks`."""
    (loaded,) = request.load()
    options = request.options
    place, low, high = str(options["place"]), float(options["low"]), float(options["high"])
    names = {key: data.label or key for key, data in loaded.scenario.active_technologies.items()}
    whole = isinstance(value_at(mapping_of(loaded), place), int)
    points: list[Point] = []

    def solve(value: float) -> Quick | None:
        share = 0.85 * len(points) / (len(points) + 12)
        on_progress(Progress("size", share, f"Solve {len(points) + 1}: at {value:g}"))
        return quick_plan(variant(loaded, {place: int(value) if whole else value}, "break-even"))

    def found(point: Point) -> None:
        points.append(point)
        _write_points(workspace, points, names)

    trace(solve, low, high, int(options["points"]), found, whole=whole)
    breaks = breaks_of(points)
    _write_breaks(workspace, breaks, names)
    confirmed = []
    for number, (left, right) in enumerate(breaks if options["confirm"] else ()):
        on_progress(Progress("size", 0.85 + 0.15 * number / len(breaks), f"Confirming at {right.value:g}"))
        confirmed.append(_confirm(loaded, place, left, right, names, whole=whole))
        _write_breaks(workspace, breaks, names, confirmed)
    return {
        "place": place,
        "solves": len(points),
        "breaks": len(breaks),
        "confirmed": sum(bool(row["confirmed"]) for row in confirmed) if options["confirm"] else None,
        "model": QUICK_WORDS,
    }


def trace(
    solve: Solve, low: float, high: float, count: int, found: Callable[[Point], None], *, whole: bool = False
) -> None:
    """Solve along a range, then where the mix changes; tells every point as it comes.

    Parameters
    ----------
    count : int
        Points along the range before any halving.
    whole : bool
        The input takes whole numbers only.
    """
    points: dict[float, Point] = {}

    def at(value: float) -> None:
        plan = solve(value)
        points[value] = Point(value, mix_of(plan), plan)
        found(points[value])

    for value in np.linspace(low, high, count):
        at(float(np.round(value)) if whole else float(value))
    precision = max((high - low) * PRECISION_FRAC, 1.0 if whole else 0.0)
    while len(points) < MOST_SOLVES:
        wide = [
            (left, right) for left, right in breaks_of(list(points.values())) if right.value - left.value > precision
        ]
        if not wide:
            return
        left, right = min(wide[:MOST_BREAKS], key=lambda pair: pair[0].value)
        middle = (left.value + right.value) / 2
        at(float(np.round(middle)) if whole else middle)


def breaks_of(points: list[Point]) -> list[tuple[Point, Point]]:
    """Neighbours with other mixes."""
    ordered = sorted(points, key=lambda point: point.value)
    return [(left, right) for left, right in pairwise(ordered) if left.mix != right.mix]


def mix_of(plan: Quick | None) -> Mix | None:
    """Technologies that are built beyond a filler."""
    if plan is None:
        return None
    built = plan.built_mw
    least = PART_OF_MIX_FRAC * plan.peak_mw
    return tuple(key for key, mw in built.items() if mw >= max(least, 1e-6))


def _confirm(
    loaded: LoadedScenario, place: str, left: Point, right: Point, names: Mapping[str, str], *, whole: bool
) -> dict[str, Any]:
    """Size on the scenario's own steps a little outside of both sides of a break."""
    margin = 0.0 if whole else 2.0 * (right.value - left.value)
    words, mixes = [], []
    for point, value in ((left, left.value - margin), (right, right.value + margin)):
        made = variant(loaded, {place: int(value) if whole else value}, "break-even")
        profiles = build_profiles(made)
        plan = size(made.scenario, select_periods(made.scenario, profiles))
        if plan.capacity is None:
            mix = None
        else:
            built = plan.capacity.groupby("technology", sort=False)["built_mw"].sum()
            least = PART_OF_MIX_FRAC * float(profiles.load_mw.max())
            mix = tuple(str(key) for key, mw in built.items() if mw >= max(least, 1e-6))
        mixes.append(mix == point.mix)
        words.append(f"at {value:.4g}: {mix_words(mix, names) if mix is not None else NO_MIX}")
    return {"confirmed": all(mixes), "full_plans": "; ".join(words)}


def _write_points(workspace: Workspace, points: list[Point], names: Mapping[str, str]) -> None:
    ordered = sorted(points, key=lambda point: point.value)
    rows, builds = [], []
    for point in ordered:
        plan = point.plan
        rows.append(
            {
                "value": point.value,
                "mix": NO_MIX if point.mix is None else mix_words(point.mix, names),
                "npv_usd": math.nan if plan is None else plan.cost_usd,
                "usd_per_mwh": math.nan if plan is None else plan.lcoe_usd_per_mwh,
                "unserved_mwh": math.nan if plan is None else plan.unserved_mwh,
            }
        )
        built = {} if plan is None else plan.built_mw
        builds += [{"value": point.value, "technology": key, "built_mw": mw} for key, mw in built.items()]
    workspace.write("points", pd.DataFrame(rows), UNITS)
    workspace.write("builds", pd.DataFrame(builds, columns=["value", "technology", "built_mw"]), UNITS)


def _write_breaks(
    workspace: Workspace, breaks: list[tuple[Point, Point]], names: Mapping[str, str],
    confirmed: list[dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    columns = ["low", "high", "value", "below", "above", "usd_per_mwh", "confirmed", "full_plans"]
    rows = []
    for number, (left, right) in enumerate(breaks):
        known = [point.plan.lcoe_usd_per_mwh for point in (left, right) if point.plan is not None]
        rows.append(
            {
                "low": left.value, "high": right.value, "value": (left.value + right.value) / 2,
                "below": NO_MIX if left.mix is None else mix_words(left.mix, names),
                "above": NO_MIX if right.mix is None else mix_words(right.mix, names),
                "usd_per_mwh": float(np.mean(known)) if known else math.nan, "confirmed": None, "full_plans": "",
            }
        )  # fmt: skip
        if confirmed is not None and number < len(confirmed):
            rows[-1] |= confirmed[number]
    workspace.write("breaks", pd.DataFrame(rows, columns=columns).astype({"confirmed": object}), UNITS)
