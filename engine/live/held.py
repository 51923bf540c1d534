"""A coarse model held in the solver between changes: what changed is changed there, and the basis is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.live.whole_numbers import DUAL, Columns, Values, WholeNumbers, run
from engine.matrix import Matrix
from engine.solver import Solution, SolverSettings, Termination, check, new_highs, relative_gap

PRIMAL = 4
# More changed coefficients than this are passed as a whole; the basis stays.
MOST_COEFFICIENTS = 2_000
WHOLE_GAP_FRAC = 0.002
# Until there is a plan at all, whole numbers are searched for this long [s], however impatient the question.
FIRST_PLAN_S = 5.0


@dataclass(frozen=True)
class Held:
    """An ending of the held model.

    Attributes
    ----------
    solution : Solution
        The plan with whole numbers; its gap is theirs, its objective in USD.
    relaxed_usd : float
        Objective with fractions of units; not a number where there is none.
    reused : bool
        The held model took the change; otherwise it was passed anew.
    """

    solution: Solution
    relaxed_usd: float
    reused: bool


class HeldModel:
    """One HiGHS instance with the latest model, its last basis and its last whole numbers."""

    def __init__(self) -> None:
        self._highs = new_highs(SolverSettings(threads=1))
        self._matrix: Matrix | None = None
        self._basis: Any = None  # of the relaxation
        self._plan: Values | None = None  # whole numbers of the last plan
        self._plan_basis: Any = None

    def solve(
        self,
        matrix: Matrix,
        patience_s: float,
        overtaken: Callable[[], bool] = lambda: False,
        gap_frac: float = WHOLE_GAP_FRAC,
    ) -> Held:
        """Take a model and solve it from where the last one ended.

        Parameters
        ----------
        matrix : Matrix
        patience_s : float
            How long whole numbers are searched for; until a first plan is there, `FIRST_PLAN_S`.
        overtaken : callable
            Asked between linear programs.
        gap_frac : float
            Where the search may stop.

        Raises
        ------
        Overtaken, SolveFailed
        """
        started = time.perf_counter()
        reused = self._take(matrix)
        relaxed = run(self._highs, self._basis)
        if relaxed is None:
            return Held(_nothing(Termination.INFEASIBLE, started), np.nan, reused)
        self._basis = relaxed.basis
        columns = np.flatnonzero(matrix.integer).astype(np.int32)
        lower, upper = (np.asarray(ends, dtype=float)[columns] for ends in (matrix.lp.col_lower_, matrix.lp.col_upper_))
        search = WholeNumbers(self._highs, columns, lower, upper, relaxed, overtaken)
        if len(columns):
            search.try_neighbours(self._plan, self._plan_basis)
            search.grow(patience_s, FIRST_PLAN_S, gap_frac)
        else:
            search.best, search.proven = relaxed, True
        return self._ended(search, matrix, columns, relaxed.objective, reused, started)

    def _ended(
        self, search: WholeNumbers, matrix: Matrix, columns: Columns, relaxed: float, reused: bool, started: float
    ) -> Held:
        scale, best = matrix.cost_scale, search.best
        if best is None:
            ending = Termination.INFEASIBLE if search.proven else Termination.TIME_LIMIT
            return Held(_nothing(ending, started), relaxed * scale, reused)
        self._plan, self._plan_basis = np.round(best.values[columns]), best.basis
        values = best.values.copy()
        values[columns] = self._plan
        ended = Solution(
            Termination.WITHIN_GAP,
            best.objective * scale,
            min(search.bound, best.objective) * scale,
            relative_gap(best.objective, search.bound),
            values,
            None,
            time.perf_counter() - started,
        )
        return Held(ended, relaxed * scale, reused)

    def _take(self, matrix: Matrix) -> bool:
        """Bring the held model to these figures; says whether the held one was of the same structure."""
        old, self._matrix = self._matrix, matrix
        if old is None or not same_structure(old, matrix):
            self._pass(matrix)
            self._basis = self._plan_basis = None
            if old is None or not np.array_equal(
                np.diff(old.integer.nonzero()[0]), np.diff(matrix.integer.nonzero()[0])
            ):
                self._plan = None
            return False
        coefficients = _changed(old.lp.a_matrix_.value_, matrix.lp.a_matrix_.value_)
        if len(coefficients) > MOST_COEFFICIENTS:
            self._pass(matrix)
            return True
        self._change_costs(old.lp, matrix.lp)
        moved = self._change_bounds(old.lp, matrix.lp)
        self._change_coefficients(matrix.lp, coefficients)
        # Costs alone leave the basis feasible; anything else leaves it priced right.
        self._highs.setOptionValue("simplex_strategy", DUAL if moved or len(coefficients) else PRIMAL)
        return True

    def _pass(self, matrix: Matrix) -> None:
        self._highs.clearSolver()
        self._highs.setOptionValue("simplex_strategy", DUAL)
        check(self._highs.passModel(matrix.lp), "HiGHS refuses the model")
        columns = np.flatnonzero(matrix.integer).astype(np.int32)
        self._highs.changeColsIntegrality(len(columns), columns, np.zeros(len(columns), dtype=np.uint8))

    def _change_costs(self, old: Any, new: Any) -> None:
        columns = _changed(old.col_cost_, new.col_cost_)
        if len(columns):
            costs = np.asarray(new.col_cost_, dtype=float)[columns]
            check(self._highs.changeColsCost(len(columns), columns, costs), "HiGHS refuses a cost")
        check(self._highs.changeObjectiveOffset(new.offset_), "HiGHS refuses a cost")

    def _change_bounds(self, old: Any, new: Any) -> bool:
        """Set all column bounds (the search has moved those of whole numbers) and the rows that changed."""
        columns = np.arange(new.num_col_, dtype=np.int32)
        lower, upper = np.asarray(new.col_lower_, dtype=float), np.asarray(new.col_upper_, dtype=float)
        check(self._highs.changeColsBounds(len(columns), columns, lower, upper), "HiGHS refuses a bound")
        low, high = np.asarray(new.row_lower_, dtype=float), np.asarray(new.row_upper_, dtype=float)
        rows = np.union1d(_changed(old.row_lower_, low), _changed(old.row_upper_, high)).astype(np.int32)
        if len(rows):
            check(self._highs.changeRowsBounds(len(rows), rows, low[rows], high[rows]), "HiGHS refuses a limit")
        return bool(len(rows) or len(_changed(old.col_lower_, lower)) or len(_changed(old.col_upper_, upper)))

    def _change_coefficients(self, lp: Any, changed: NDArray[np.int32]) -> None:
        start, index = np.asarray(lp.a_matrix_.start_), np.asarray(lp.a_matrix_.index_)
        values = np.asarray(lp.a_matrix_.value_, dtype=float)
        columns = np.searchsorted(start, changed, side="right") - 1
        for place, column in zip(changed, columns, strict=True):
            self._highs.changeCoeff(int(index[place]), int(column), float(values[place]))

    def in_solver(self) -> Any:
        """The linear program as the solver holds it, `highspy.HighsLp`."""
        return self._highs.getLp()


def same_structure(one: Matrix, other: Matrix) -> bool:
    """Whether two models differ in figures only: same columns, rows, places of coefficients and whole numbers."""
    first, second = one.lp, other.lp
    return (
        (first.num_col_, first.num_row_) == (second.num_col_, second.num_row_)
        and np.array_equal(one.integer, other.integer)
        and np.array_equal(first.a_matrix_.start_, second.a_matrix_.start_)
        and np.array_equal(first.a_matrix_.index_, second.a_matrix_.index_)
    )


def _changed(old: Any, new: Any) -> NDArray[np.int32]:
    return np.flatnonzero(np.asarray(old, dtype=float) != np.asarray(new, dtype=float)).astype(np.int32)


def _nothing(ending: Termination, started: float) -> Solution:
    return Solution(ending, None, None, None, None, None, time.perf_counter() - started)
