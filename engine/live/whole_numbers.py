"""Whole numbers of units for a held model: those of the last plan, its choices rounded up anew, then a short search.

Each plan of whole numbers is one warm linear program. The bound is proven by the search's tree, so that an answer in
a hurry still says how far it may be from the best.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from engine.highs import check
from engine.highs import run as run_solver
from engine.live.tree import TreeSearch

Values = NDArray[np.float64]
Columns = NDArray[np.int32]

WHOLE_WITHIN = 1e-6
DUAL = 1


class Overtaken(Exception):
    """The question being answered is no longer the latest."""


@dataclass(frozen=True)
class Point:
    """An optimum of a linear program: objective in the matrix's unit, values by column, basis."""

    objective: float
    values: Values
    basis: Any


def run(highs: Any, basis: Any = None) -> Point | None:
    """Solve the linear program that the solver holds; None where it has no solution."""
    if basis is not None:
        highs.setBasis(basis)
    run_solver(highs)
    if highs.getModelStatus() == highspy.HighsModelStatus.kUnknown:
        # A basis of other figures can lead the simplex astray; without one it finds its own way.
        highs.clearSolver()
        run_solver(highs)
    highs.setOptionValue("simplex_strategy", DUAL)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    objective = float(highs.getInfo().objective_function_value)
    return Point(objective, np.array(highs.getSolution().col_value), highs.getBasis())


class WholeNumbers:
    """The search for one answer.

    Parameters
    ----------
    highs : highspy.Highs
        Holds the model, integrality removed.
    columns : array of int
        Columns that must be whole.
    lower, upper : array
        Their bounds in the model.
    relaxed : Point
        Optimum with fractions.
    overtaken : callable
        Asked between linear programs.
    """

    def __init__(
        self, highs: Any, columns: Columns, lower: Values, upper: Values, relaxed: Point, overtaken: Callable[[], bool]
    ) -> None:
        self._highs, self._columns, self._lower, self._upper = highs, columns, lower, upper
        self._relaxed, self._overtaken = relaxed, overtaken
        self.best: Point | None = None
        self.bound = relaxed.objective
        self.proven = False

    def try_neighbours(self, plan: Values | None, basis: Any) -> None:
        """Take the last plan as it is, and the choices of both it and the relaxation with units rounded up anew."""
        # What the relaxation builds a little of is built; units follow in the next program.
        chosen = [np.where(self._relaxed.values[self._columns] > WHOLE_WITHIN, 1.0, 0.0)]
        if plan is not None:
            self._try(plan, basis)
            chosen.insert(0, np.round(plan))
        choice = (self._upper - self._lower) <= 1.0
        tried: list[Values] = []
        for whole in chosen:
            if not any(np.array_equal(whole[choice], other[choice]) for other in tried):
                self._round_up(whole, choice)
            tried.append(whole)

    def _round_up(self, whole: Values, choice: NDArray[np.bool_]) -> None:
        """Keep yes-or-no choices, find units with fractions and round them up."""
        lower, upper = np.where(choice, whole, self._lower), np.where(choice, whole, self._upper)
        rounded = self._solve(lower, upper, self._relaxed.basis)
        if rounded is not None:
            self._try(np.ceil(rounded.values[self._columns] - WHOLE_WITHIN), rounded.basis)

    def grow(self, patience_s: float, first_plan_s: float, gap_frac: float) -> None:
        """Branch from the best so far until the gap is closed or patience ends; longer only while there is no plan."""
        self._solve(self._lower, self._upper, self._relaxed.basis)
        now = time.perf_counter()
        tree = TreeSearch(self._highs, self._columns, gap_frac=gap_frac, deadline_s=now + max(patience_s, first_plan_s))
        patient_until_s = now + patience_s

        def on_node(objective: float, _bound: float) -> None:
            self._ask()
            if np.isfinite(objective) and time.perf_counter() >= patient_until_s:
                tree.stop()

        found = tree.run(None if self.best is None else np.round(self.best.values[self._columns]), on_node)
        self._highs.setOptionValue("time_limit", highspy.kHighsInf)
        self._highs.setOptionValue("objective_bound", highspy.kHighsInf)
        self.bound, self.proven = max(self.bound, found.bound), found.proven
        if found.whole is not None:
            self._try(found.whole, found.basis)

    def _try(self, whole: Values, basis: Any) -> None:
        """Complete a plan from its whole numbers; it counts if it is the best so far."""
        whole = np.clip(np.round(whole), self._lower, self._upper)
        plan = self._solve(whole, whole, basis)
        if plan is not None and (self.best is None or plan.objective < self.best.objective):
            self.best = plan

    def _solve(self, lower: Values, upper: Values, basis: Any) -> Point | None:
        self._ask()
        columns = self._columns
        check(self._highs.changeColsBounds(len(columns), columns, lower, upper), "HiGHS refuses a bound")
        return run(self._highs, basis)

    def _ask(self) -> None:
        if self._overtaken():
            raise Overtaken
