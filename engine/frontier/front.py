"""Geometry of a front, from its points alone: who is dominated, where it bends, what is certain. No solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Differences below this share of an objective's range are the solver's tolerance, not a better plan.
SAME_WITHIN_FRAC = 1e-5
# Two plans nearer than this in every objective are one plan, found to the solver's gap.
REPEATS_WITHIN_FRAC = 1e-3
# Further from the straight line than this share of the range: a knee. Below, the front is nearly straight.
KNEE_FROM = 0.05
# An interval narrower than this share of the range is not divided further.
NARROWEST_FRAC = 2e-3
FOUND = "found"


def found(points: pd.DataFrame) -> pd.DataFrame:
    """The points that have a plan."""
    return points[points["state"] == FOUND]


def normalised(values: Array) -> Array:
    """Values by point (N,) or (N, K) as shares of their range; 0 where nothing varies."""
    low, span = values.min(axis=0), np.ptp(values, axis=0)
    return (values - low) / np.where(span > 0, span, 1.0)


def dominated_by(values: Array, tolerances: Array | float = 0.0) -> list[int | None]:
    """Of each point (N, K), less is better: a point that is no worse in all and better in one; None where none is.

    Of points that are the same within the tolerances the first stands; the others are dominated by it.
    """
    result: list[int | None] = [None] * len(values)
    for own in range(len(values)):
        no_worse = (values <= values[own] + tolerances).all(axis=1)
        better = (values < values[own] - tolerances).any(axis=1)
        same = no_worse & ~better & (np.arange(len(values)) < own)
        others = np.flatnonzero((no_worse & better) | same)
        if len(others):
            result[own] = int(others[np.argmin(values[others].sum(axis=1))])
    return result


def classified(points: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Points with `dominated_by` and `repeats` (a point's name, or empty), `on_front`, `knee`; scenario by scenario.

    A point whose plan another point has found already repeats it: its solve has shown that nothing lies between.
    """
    result = points.copy()
    result["dominated_by"], result["repeats"], result["on_front"], result["knee"] = "", "", False, False
    for _, own in found(points).groupby("scenario"):
        values = own[list(keys)].to_numpy(dtype=float)
        tolerances = SAME_WITHIN_FRAC * np.ptp(values, axis=0) + 1e-12 * np.abs(values).max(axis=0)
        by = dominated_by(values, tolerances)
        for place, other in enumerate(by):
            row = own.index[place]
            result.loc[row, "on_front"] = other is None
            if other is not None:
                again = (np.abs(values[place] - values[other]) <= REPEATS_WITHIN_FRAC * np.ptp(values, axis=0)).all()
                result.loc[row, "repeats" if again else "dominated_by"] = str(own["point"].iloc[other])
        kept = own[[other is None for other in by]]
        bend = knee(kept[list(keys)].to_numpy(dtype=float))
        if bend is not None:
            result.loc[kept.index[bend[0]], "knee"] = True
    return result


def knee(values: Array) -> tuple[int, float] | None:
    """The point of a front (N, K) furthest below the line (plane) through its ends, and how far (normalised).

    The ends are the best points of each objective. None where the front has too few points or hardly bends.
    """
    count = values.shape[1] if values.ndim == 2 else 0
    if len(values) <= count:
        return None
    shares = normalised(values)
    corners = shares[[int(np.argmin(shares[:, k] + 1e-9 * shares.sum(axis=1))) for k in range(count)]]
    # The plane w.x = 1 through the ends; in two objectives the chord.
    try:
        weights = np.linalg.solve(corners, np.ones(count))
    except np.linalg.LinAlgError:
        return None
    if (weights <= 0).any():
        return None
    distances = (1.0 - shares @ weights) / np.linalg.norm(weights)
    best = int(np.argmax(distances))
    return (best, float(distances[best])) if distances[best] >= KNEE_FROM else None


@dataclass(frozen=True)
class Known:
    """What one solve at a ceiling says: at every ceiling from `value` to `ceiling` this plan is the answer."""

    cost: float
    value: float
    ceiling: float


def next_ceiling(known: Sequence[Known]) -> float | None:
    """Where to solve next: the middle of what is unknown between two neighbours, where that is long and bends most.

    Returns
    -------
    float or None
        None where everything between the ends is known to the narrowest share.
    """
    steps = _neighbours(known)
    if len(steps) < 2:
        return None
    shares = normalised(np.array([(one.value, one.cost) for one in steps]))
    chords = np.diff(shares, axis=0)
    turns = _turns(chords)
    span = steps[-1].value - steps[0].value
    best, score = None, 0.0
    for place, (left, right) in enumerate(pairwise(steps)):
        low, high = max(left.ceiling, left.value), right.value
        open_frac = (high - low) / span if span > 0 else 0.0
        if open_frac < NARROWEST_FRAC:
            continue
        unknown_frac = min(1.0, (high - low) / max(right.value - left.value, 1e-12))
        length = float(np.linalg.norm(chords[place])) * unknown_frac
        worth = length * (1.0 + turns[place] + turns[place + 1])
        if worth > score:
            best, score = (low + high) / 2, worth
    return best


def _neighbours(known: Sequence[Known]) -> list[Known]:
    """One entry a plan by rising value, dominated ones left out, each with the highest ceiling that it answers."""
    merged: dict[tuple[float, float], Known] = {}
    for one in known:
        key = (round(one.value, 9), round(one.cost, 9))
        before = merged.get(key)
        merged[key] = one if before is None or one.ceiling > before.ceiling else before
    steps: list[Known] = []
    for one in sorted(merged.values(), key=lambda each: (each.value, each.cost)):
        if not steps or one.cost < steps[-1].cost:
            steps.append(one)
    return steps


def _turns(chords: Array) -> Array:
    """How much the front turns at each point, as a share of a right angle; 0 at the ends."""
    angles = np.arctan2(chords[:, 1], chords[:, 0])
    return np.concatenate([[0.0], np.abs(np.diff(angles)) / (np.pi / 2), [0.0]])


def certain_band(ceilings: Array, bounds: Array, values: Array, costs: Array) -> tuple[Array, Array, Array]:
    """Between what the front of two objectives is certain to lie.

    Parameters
    ----------
    ceilings, bounds : array (N,)
        Of each solve: no plan with at most this value costs less than the bound.
    values, costs : array (N,)
        Of each plan that was found.

    Returns
    -------
    (values, lowest, highest) : arrays (M,)
        At each value the least cost of any plan lies between the two; both are steps that fall at their places.
    """
    places = np.unique(np.concatenate([values, ceilings[np.isfinite(ceilings)]]))
    places = places[(places >= values.min()) & (places <= values.max())]
    highest = np.array([costs[values <= place * (1 + 1e-12) + 1e-12].min() for place in places])
    # A bound holds for every value up to its ceiling; an end without a ceiling holds for all.
    reach = np.where(np.isfinite(ceilings), ceilings, np.inf)
    lowest = np.array([bounds[reach >= place * (1 - 1e-12) - 1e-12].max(initial=-np.inf) for place in places])
    return places, np.minimum(lowest, highest), highest
