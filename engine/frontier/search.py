"""The augmented epsilon-constraint search of one scenario's frontier, on one warm model.

The first objective is minimised while the others are held under ceilings; a small share of the others in the objective
(the augmentation of AUGMECON) settles what the first leaves open. The ends are lexicographic: the best of each
objective, then of the others at that best, so that they are exact. A ceiling that an earlier solve answers already is
not solved again (the bypass of AUGMECON2): its plan keeps the ceiling and is proven there.

Mavrotas and Florios, An improved version of the augmented epsilon-constraint method (AUGMECON2), Applied Mathematics
and Computation 219 (2013) 9652.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Protocol

import numpy as np

from engine.frontier.front import Known, next_ceiling

# Share of the first objective's range that all of the others' ranges together may weigh in the augmentation.
AUGMENTATION = 1e-4
# A ceiling at a value that was just found is loosened by this share: the solver's tolerance, not a worse plan.
KEPT_WITHIN = 1e-8
LEVELS = (1.0, 0.0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875)

Ceilings = Mapping[str, float]


@dataclass(frozen=True)
class Step:
    """One optimisation: minimise a weighted sum of objectives under ceilings of others."""

    weights: Mapping[str, float]
    ceilings: Ceilings


@dataclass(frozen=True)
class Solved:
    """What one optimisation ended with, in the objectives' own units.

    Attributes
    ----------
    state : str
        "found", "infeasible" or "time_limit" (no plan in time).
    values : dict of str to float
        Of the objectives asked for.
    bound : float or None
        Proven lower bound of the weighted sum.
    plan : object
        What the solver knows of the plan, for whoever evaluates it.
    """

    state: str
    values: Mapping[str, float] = field(default_factory=dict)
    bound: float | None = None
    plan: Any = None


@dataclass(frozen=True)
class Point:
    """One point of the search.

    Attributes
    ----------
    label : str
        What was asked; the same in every run of the same search.
    role : str
        "end" or "between".
    state : str
    values, ceilings : dict of str to float
        Of the objectives asked for; the ceilings that the first objective was minimised under.
    bound : float or None
        Proven: no plan within the ceilings has less of the first objective.
    best_bound : float or None
        Of an end: proven least of the objective that it is the end of.
    plan : object
        As in `Solved`; None for a point of an earlier run.
    """

    label: str
    role: str
    state: str
    values: Mapping[str, float]
    ceilings: Ceilings
    bound: float | None
    best_bound: float | None = None
    plan: Any = None


class Solver(Protocol):
    """Solves one step."""

    def __call__(self, step: Step) -> Solved: ...


class FrontierSearch:
    """Points of a frontier, one after the other, until as many are there as were asked for.

    Parameters
    ----------
    objectives : sequence of str
        The first is minimised while the others are held.
    count : int
    solve : callable
        Solves a step.
    earlier : mapping
        Points of an earlier run by label: they are taken instead of being solved again.
    settle : bool
        Settle what the first objective leaves open. Where solves may stop within a gap, what it leaves open lies below
        that gap: its value settles nothing, and only costs time.
    """

    def __init__(
        self,
        objectives: Sequence[str],
        count: int,
        solve: Solver,
        earlier: Mapping[str, Point] | None = None,
        *,
        settle: bool = True,
    ) -> None:
        self._first, *self._others = objectives
        self._keys, self._count, self._solve = tuple(objectives), count, solve
        self._earlier, self._settle = earlier or {}, settle
        self._points: list[Point] = []

    def run(self) -> Iterator[Point]:
        """Yield each point as it is found; a scenario without any plan gives one point that says so."""
        for key in self._keys:
            self._points.append(self._end(key))
            yield self._points[-1]
            if self._points[-1].state != "found":
                return
        between = self._adaptive() if len(self._others) == 1 else self._grid()
        for ceilings in between:
            if len(self._points) >= self._count:
                return
            self._points.append(self._between(ceilings))
            yield self._points[-1]

    def _end(self, key: str) -> Point:
        """The best of one objective, then of the others at that best, the first objective before the rest."""
        label = f"end {key}"
        if label in self._earlier:
            return self._earlier[label]
        order = [key, *(other for other in self._keys if other != key)]
        held: dict[str, float] = {}
        asked: dict[str, float] = {}
        bound = best_bound = None
        solved = Solved("infeasible")
        for place, goal in enumerate(order):
            better = self._solve(Step({goal: 1.0}, held))
            if place == 0:
                best_bound = better.bound
            if goal == self._first:
                bound, asked = better.bound, dict(held)
            if better.state != "found":
                if place == 0:
                    return Point(label, "end", better.state, {}, asked, bound, best_bound)
                break  # the plan of the step before stands: it is the best of what has been settled so far
            solved = better
            if goal == self._first and not self._settle:
                break
            held[goal] = _loosened(solved.values[goal])
        return Point(label, "end", "found", solved.values, asked, bound, best_bound, solved.plan)

    def _between(self, ceilings: Ceilings) -> Point:
        label = "at most " + ", ".join(f"{key} {value:.9g}" for key, value in ceilings.items())
        if label in self._earlier:
            return self._earlier[label]
        weights, least = self._augmented()
        solved = self._solve(Step(weights, ceilings))
        bound = solved.bound
        if bound is not None:
            # What the augmentation can add at most within the ceilings belongs to it, not to the first objective.
            bound -= sum(weights[key] * ceilings[key] for key in self._others if key in ceilings and key in weights)
            bound = max(bound, least)
        return Point(label, "between", solved.state, solved.values, ceilings, bound, None, solved.plan)

    def _augmented(self) -> tuple[dict[str, float], float]:
        """Weights of a sum in which the others only settle what the first leaves open; and the first's proven least."""
        span = {key: self._span(key)[1] - self._span(key)[0] for key in self._keys}
        weights = {self._first: 1.0}
        for key in self._others if self._settle else ():
            weights[key] = AUGMENTATION * span[self._first] / span[key] / len(self._others) if span[key] > 0 else 0.0
        least = next((p.best_bound for p in self._points if p.label == f"end {self._first}"), None)
        return weights, -np.inf if least is None else least

    def _span(self, key: str) -> tuple[float, float]:
        """Least and most among the ends."""
        values = [point.values[key] for point in self._points if point.role == "end"]
        return min(values), max(values)

    def _found(self) -> list[Point]:
        return [point for point in self._points if point.state == "found"]

    def _adaptive(self) -> Iterator[Ceilings]:
        """Two objectives: first evenly over the range, then where the front bends most."""
        (other,) = self._others
        low, high = self._span(other)
        even = -(-(self._count - 2) // 2)
        # Downwards: a plan that stays far below its ceiling answers those between.
        for level in range(even, 0, -1):
            ceilings = {other: low + (high - low) * level / (even + 1)}
            if high > low and not self._answered(ceilings):
                yield ceilings
        while (ceiling := next_ceiling(self._known(other))) is not None:
            yield {other: ceiling}

    def _known(self, other: str) -> list[Known]:
        """What each solve says of the front; the plan that answers a ceiling may be another one's."""
        known = []
        for point in self._found():
            value = point.values[other]
            ceiling = point.ceilings.get(other, np.inf)
            known.append(Known(point.values[self._first], value, max(value, min(ceiling, self._span(other)[1]))))
        for point in self._points:
            if point.state != "found":  # no plan came: what lies below is not asked again
                best = min((k for k in known if k.value <= point.ceilings[other]), key=lambda k: k.cost, default=None)
                known += [Known(best.cost, best.value, point.ceilings[other])] if best else []
        return known

    def _grid(self) -> Iterator[Ceilings]:
        """Three objectives: a grid over the others' ranges that grows finer, what is answered left out."""
        spans = {key: self._span(key) for key in self._others}
        pairs = sorted(product(range(len(LEVELS)), repeat=len(self._others)), key=lambda pair: (max(pair), pair))
        for pair in pairs:
            ceilings = {
                key: low + (high - low) * LEVELS[level]
                for (key, (low, high)), level in zip(spans.items(), pair, strict=True)
            }
            if not self._answered(ceilings):
                yield {key: _loosened(value) for key, value in ceilings.items()}

    def _answered(self, ceilings: Ceilings) -> bool:
        """Whether an earlier solve under looser ceilings kept these, or found no plan under looser ones still."""
        for point in self._points:
            own = {key: point.ceilings.get(key, np.inf) for key in ceilings}
            if any(_loosened(own[key]) < value for key, value in ceilings.items()):
                continue
            if point.state == "infeasible":
                return True
            if point.state == "found" and all(point.values[key] <= _loosened(v) for key, v in ceilings.items()):
                return True
        return False


def _loosened(value: float) -> float:
    return value + KEPT_WITHIN * max(abs(value), 1e-6)
