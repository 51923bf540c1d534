"""A compiled model that is changed and solved again and again, each time from the last basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from engine.errors import SolveFailed
from engine.highs import SolverSettings, check, new_highs, run
from engine.matrix import Matrix

INFINITY = highspy.kHighsInf
_CONTINUOUS, _INTEGER = np.uint8(0), np.uint8(1)


@dataclass(frozen=True)
class Point:
    """A solution of a session, in the matrix's own scale.

    Attributes
    ----------
    objective : float
    values : array
        By column.
    row_duals, column_duals : array or None
        Change of the objective per unit of a row's right-hand side, of a column's bound; LP only.
    """

    objective: float
    values: NDArray[np.float64]
    row_duals: NDArray[np.float64] | None
    column_duals: NDArray[np.float64] | None


class Session:
    """One solver over a matrix, kept warm.

    Parameters
    ----------
    matrix : Matrix
        Starts as its LP relaxation.
    settings : SolverSettings
    """

    def __init__(self, matrix: Matrix, settings: SolverSettings) -> None:
        self.matrix = matrix
        self._highs, self._time_limit_s = new_highs(settings), settings.time_limit_s
        check(self._highs.passModel(matrix.lp), "HiGHS refuses the model")
        self._integer = [int(column) for column in np.flatnonzero(matrix.integer)]
        self.lower, self.upper = list(matrix.lp.col_lower_), list(matrix.lp.col_upper_)
        self.row_lower, self.row_upper = list(matrix.lp.row_lower_), list(matrix.lp.row_upper_)
        self.is_whole = bool(self._integer)
        self.relax()

    def add_column(self, lower: float, upper: float, entries: Mapping[int, float], *, whole: bool = False) -> int:
        """Add a column without cost and return its number; `entries` is its coefficient by row."""
        rows = np.array(list(entries), dtype=np.int32)
        values = np.array(list(entries.values()), dtype=float)
        check(self._highs.addCol(0.0, lower, upper, len(rows), rows, values), "HiGHS refuses a column")
        self.lower.append(lower)
        self.upper.append(upper)
        column = len(self.lower) - 1
        if whole:
            self._integer.append(column)
        return column

    def add_row(self, lower: float, upper: float, entries: Mapping[int, float]) -> int:
        """Add `lower <= sum of coefficient x column <= upper` and return its number."""
        columns = np.array(list(entries), dtype=np.int32)
        values = np.array(list(entries.values()), dtype=float)
        check(self._highs.addRow(lower, upper, len(columns), columns, values), "HiGHS refuses a row")
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def bound(self, columns: Iterable[int], lower: float, upper: float) -> None:
        """Give columns the same bounds."""
        for column in columns:
            check(self._highs.changeColBounds(column, lower, upper), "HiGHS refuses a bound")
            self.lower[column], self.upper[column] = lower, upper

    def bound_rows(self, rows: Iterable[int], lower: float | None = None, upper: float | None = None) -> None:
        """Give rows the same bounds; without, the bounds they were made with."""
        for row in rows:
            low = self.row_lower[row] if lower is None else lower
            high = self.row_upper[row] if upper is None else upper
            check(self._highs.changeRowBounds(row, low, high), "HiGHS refuses a bound")

    def price(self, costs: Mapping[int, float]) -> None:
        """Make these the only costs."""
        count = len(self.lower)
        column_costs = np.zeros(count)
        column_costs[list(costs)] = list(costs.values())
        everything = np.arange(count, dtype=np.int32)
        check(self._highs.changeColsCost(count, everything, column_costs), "HiGHS refuses costs")
        self._highs.changeObjectiveOffset(0.0)

    def relax(self) -> None:
        """Let whole numbers be fractions."""
        self._set_kind(_CONTINUOUS)
        self.is_whole = False

    def require_whole(self) -> None:
        """Ask for whole numbers again."""
        self._set_kind(_INTEGER)
        self.is_whole = bool(self._integer)

    def _set_kind(self, kind: np.uint8) -> None:
        columns = np.array(self._integer, dtype=np.int32)
        if len(columns):
            kinds = np.full(len(columns), kind, dtype=np.uint8)
            check(self._highs.changeColsIntegrality(len(columns), columns, kinds), "HiGHS refuses integrality")

    @property
    def integers(self) -> list[int]:
        """Columns that must be whole."""
        return list(self._integer)

    def solve(self) -> Point | None:
        """Solve; None where nothing satisfies every row (or, asked for whole numbers, nothing was found in time).

        Raises
        ------
        SolveFailed
            HiGHS ends otherwise.
        """
        # HiGHS counts the time of all runs of an instance together.
        limit_s = self._highs.getRunTime() + self._time_limit_s if self.is_whole else INFINITY
        self._highs.setOptionValue("time_limit", limit_s)
        run(self._highs)
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        nothing = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        if status in nothing:
            return None
        ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)
        if not ended or (status == highspy.HighsModelStatus.kTimeLimit and not self.is_whole):
            raise SolveFailed(f"HiGHS ended with '{self._highs.modelStatusToString(status)}' in a diagnosis.")
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        solution = self._highs.getSolution()
        rows, columns = None, None
        if not self.is_whole:
            rows, columns = np.array(solution.row_dual), np.array(solution.col_dual)
        return Point(info.objective_function_value, np.array(solution.col_value), rows, columns)
