"""The search of a sizing: decisions by the year on one side, their hours on the other.

A sizing has a few hundred columns that are decided by the year (units, capacities, connections, commitments) and a
hundred thousand that follow hour by hour. Once the decisions are fixed the hours fall apart into parts that nothing
ties together (the years, as a rule), each a small linear program that solves in some hundredths of a second. What a
part costs is a convex function `Q(x)` of the decisions, and each solve at `x'` proves a plane below it:

    Q(x) >= Q(x') + g (x - x'),   g the reduced costs of the decisions fixed at x'
    V(x) <= 0,  V(x) >= V(x') + h (x - x'),   where x' leaves a part without a solution and V is its least violation

So the search goes to and fro (Benders 1962, https://doi.org/10.1007/BF01386316, one plane a part: Birge and Louveaux
1988, https://doi.org/10.1016/0377-2217(88)90159-2): the decisions are optimised against all planes found so far, first
without and then with whole numbers, which bounds the optimum from below; the hours at the optimum price them, which
bounds it from above and gives new planes. Planes are also taken half way to the best decisions known, which keeps the
search from leaping about (Ben-Ameur and Neto 2007, https://doi.org/10.1002/net.20172).

Where the hours at a point do not work, or could be cheaper, its whole numbers alone are kept and what is no whole
number is settled, by planes again: each step takes milliseconds for the decisions and a warm solve for the hours.
Shares of a yearly limit can take planes long; then one linear program of everything with these whole numbers does it.

While it looks around, a row with a price of its own (the promise to serve all load) gives way at that price, so that
one plane tells cost and shortage together. Decisions whose hours need that are never a plan; where giving way would be
the optimum, planes of the least violation rule them out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.decisions import Decisions
from engine.highs import SolverSettings, check, is_optimal, new_highs, run
from engine.hours import Part, parts_of
from engine.matrix import Matrix
from engine.profiles.result import Series

# Rounds without whole numbers, which cost next to nothing: until the bound moves by less than this share of the gap.
RELAXED_ROUNDS = 12
RELAXED_MOVES_FRAC_OF_GAP = 0.2
# The decisions' own search ends well inside the gap that is asked for.
MASTER_GAP_FRAC_OF_GAP = 0.2
LEAST_GAP_FRAC = 1e-9
HALF_WAY = 0.5
# Steps in which planes settle what is no whole number, and the share of the gap within which it is.
SETTLING_STEPS = 10
SETTLED_FRAC_OF_GAP = 0.02
# One linear program of everything takes as long as a few rounds: each so many-th of the points that planes leave open.
SETTLED_EACH = 4
# Of rows in their own units, all together: above what the solver takes for zero.
VIOLATED = 1e-6


@dataclass(frozen=True)
class Found:
    """What a search ended with; costs in the matrix's unit.

    Attributes
    ----------
    values : array or None
        Of every column, decisions and hours; None where there is no plan.
    objective, bound : float
        Cost of the best plan and proven lower bound; infinite where there is none.
    proven : bool
        The gap asked for is proven, or that there is no plan; otherwise time ran out.
    rounds : int
        Times that the hours were solved.
    """

    values: Series | None
    objective: float
    bound: float
    proven: bool
    rounds: int


OnRound = Callable[[float, float], None]


@dataclass(frozen=True)
class Visit:
    """What the hours said of some decisions: their cost, and the parts that only work with a row giving way."""

    cost: float
    short: tuple[Part, ...]

    @property
    def is_plan(self) -> bool:
        """Whether the hours work as they are."""
        return not self.short


class Decomposition:
    """A sizing split into its decisions and its hours; kept, with all planes, for further searches.

    Parameters
    ----------
    matrix : Matrix
        Its hours hold no whole numbers.
    settings : SolverSettings

    Attributes
    ----------
    is_spoilt : bool
        A program of it failed: it is not to be asked again.
    """

    def __init__(self, matrix: Matrix, settings: SolverSettings) -> None:
        self.matrix, self._threads = matrix, settings.threads
        self.is_spoilt = False
        self.parts = parts_of(matrix)
        self.decisions = Decisions(matrix, self.parts, settings)
        self.leaves_open = bool((matrix.decided & ~matrix.integer).any())  # decisions that are no whole numbers
        self._cost = np.where(matrix.decided, np.array(matrix.lp.col_cost_), 0.0)

    def search(
        self, gap_frac: float, deadline_s: float, start: Series | None = None, on_round: OnRound | None = None
    ) -> Found:
        """Find decisions within the gap of the optimum.

        Parameters
        ----------
        gap_frac : float
        deadline_s : float
            In the time of `time.perf_counter`.
        start : array, optional
            Decisions that may be good, by column of the matrix.
        on_round : callable, optional
            Told (objective of the best plan, proven bound) after each round.
        """
        return _Search(self, max(gap_frac, LEAST_GAP_FRAC), deadline_s, on_round or _ignore).run(start)

    def visit(self, x: Series) -> Visit:
        """Solve the hours at decisions `x` and keep the planes."""
        with ThreadPoolExecutor(self._threads) as pool:
            planes = list(pool.map(lambda part: part.at(x), self.parts))
        self.decisions.add(planes)
        hours = np.inf if any(plane.is_violation for plane in planes) else sum(plane.value for plane in planes)
        cost = float(self._cost @ x) + self.decisions.offset + hours
        return Visit(cost, tuple(self.parts[plane.part] for plane in planes if not plane.is_plan))

    def forbid(self, x: Series, short: tuple[Part, ...]) -> None:
        """Rule decisions out at which these parts do not work unless rows give way."""
        with ThreadPoolExecutor(self._threads) as pool:
            planes = list(pool.map(lambda part: part.violation(x), short))
        self.decisions.add(plane for plane in planes if plane.value > VIOLATED)

    def settled(self, x: Series) -> Series | None:
        """Decisions of the best plan with the whole numbers of `x`; None where they have none."""
        highs, columns = new_highs(SolverSettings()), self.matrix.integers
        check(highs.passModel(self.matrix.lp), "HiGHS refuses the model")
        highs.changeColsBounds(len(columns), columns, x[columns], x[columns])
        run(highs)
        if not is_optimal(highs):
            return None
        decided: Series = np.where(self.matrix.decided, np.array(highs.getSolution().col_value), 0.0)
        return decided

    def values(self, x: Series) -> Series:
        """Every column at decisions `x` of a plan."""
        self.visit(x)
        values = x.copy()
        for part in self.parts:
            values[part.columns] = part.flows()
        return values


class _Search:
    """One search on its way."""

    def __init__(self, of: Decomposition, gap_frac: float, deadline_s: float, on_round: OnRound) -> None:
        self._of, self._gap_frac, self._deadline_s, self._on_round = of, gap_frac, deadline_s, on_round
        self._best: Series | None = None
        self._objective, self._bound = np.inf, -np.inf
        self._rounds = 0
        self._unsettled = 0
        self._middle: Series | None = None
        self._middle_cost = np.inf

    def run(self, start: Series | None) -> Found:
        if start is not None:
            self._look(start)  # not a plan: its numbers may not be whole, nor satisfy what the decisions must
        proven = self._without_whole_numbers() and self._with_whole_numbers()
        values = None if self._best is None else self._of.values(self._best)
        return Found(values, self._objective, self._bound, proven, self._rounds)

    def _without_whole_numbers(self) -> bool:
        """Planes from relaxed decisions, until they move the bound no more; False where time ran out."""
        for _ in range(RELAXED_ROUNDS):
            point = self._of.decisions.best(None, self._left_s)
            if point is None:
                return self._no_plan()
            moved, self._bound = point.bound - self._bound, max(self._bound, point.bound)
            near = RELAXED_MOVES_FRAC_OF_GAP * self._gap_frac * abs(self._bound)
            if np.isfinite(self._bound) and (moved <= near or self._middle_cost - self._bound <= near):
                return True
            self._look(_between(point.x, self._middle))
            self._tell()
            if self._left_s <= 0:
                return False
        return True

    def _look(self, x: Series) -> None:
        """Take planes at decisions that need not be whole; the cheapest so far, shortage priced, are the middle."""
        cost = self._of.visit(x).cost
        if cost < self._middle_cost:
            self._middle, self._middle_cost = x, cost

    def _with_whole_numbers(self) -> bool:
        """Optimise the decisions and price them, to and fro, until the gap is closed; False where time ran out."""
        while not self._no_plan_exists:
            point = self._of.decisions.best(MASTER_GAP_FRAC_OF_GAP * self._gap_frac, self._left_s)
            if point is None:
                return self._no_plan()
            self._bound = max(self._bound, point.bound)
            if point.is_whole:
                self._price(point.x)
            self._tell()
            if self._best is not None and self._objective - self._bound <= self._gap_frac * abs(self._objective):
                return True
            if self._left_s <= 0:
                return False
            if self._best is not None and self._best is not point.x:
                self._of.visit(_between(point.x, self._best))
        return True

    def _price(self, x: Series) -> None:
        """Price whole numbers: the best plan that has them, with everything else as it fits them best."""
        with self._of.decisions.held(x):
            for _ in range(SETTLING_STEPS):
                better = self._better(x, self._visit(x))
                if better is None or self._left_s <= 0:
                    return
                x = better
        self._unsettled += 1
        if self._unsettled % SETTLED_EACH == 1 and (settled := self._of.settled(x)) is not None:
            self._visit(settled)

    def _better(self, x: Series, visit: Visit) -> Series | None:
        """What may improve on `x` with the same whole numbers; None where nothing does by a part of the gap."""
        near = SETTLED_FRAC_OF_GAP * self._gap_frac * abs(self._bound)
        point = self._of.decisions.best(None, self._left_s)
        if point is not None and not visit.is_plan and visit.cost - point.bound <= near:
            if visit.cost > self._bound + self._gap_frac * abs(self._bound):
                return None  # giving way is dear enough to be ruled out by its price
            self._of.forbid(x, visit.short)
            point = self._of.decisions.best(None, self._left_s)
        if point is None or point.bound >= self._objective - near or not self._of.leaves_open:
            return None
        return point.x

    def _visit(self, x: Series) -> Visit:
        """Price decisions with whole numbers: a plan, where no row gives way, which counts if it is the best so far."""
        visit = self._of.visit(x)
        if visit.is_plan and visit.cost < self._objective:
            self._objective, self._best = visit.cost, x
        return visit

    def _tell(self) -> None:
        self._rounds += 1
        self._on_round(self._objective, self._bound)

    def _no_plan(self) -> bool:
        """No decisions satisfy every plane: there is no plan but, within the tolerance, the one at hand."""
        self._bound = self._objective
        return True

    @property
    def _no_plan_exists(self) -> bool:
        return bool(np.isinf(self._bound) and self._bound > 0)

    @property
    def _left_s(self) -> float:
        return self._deadline_s - time.perf_counter()


def _between(x: Series, middle: Series | None) -> Series:
    return x if middle is None else HALF_WAY * x + (1.0 - HALF_WAY) * middle


def _ignore(_objective: float, _bound: float) -> None:
    pass
