"""Parts of the hours that only decisions tie together, each a linear program with the decisions fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import block_array, csgraph, eye_array, hstack

from engine.errors import SolveFailed
from engine.highs import SolverSettings, check, is_optimal, new_highs, run
from engine.matrix import Matrix, with_entries
from engine.profiles.result import Series
from engine.terms import Numbers

# What a row may give way by, within the solver's tolerance.
GAVE_WAY = 1e-7
# Iterations that a solve from the last basis may take, as a share of the first solve's from nothing, and at least.
WORTH_TRYING_FRAC, FEW = 0.05, 500
UNLIMITED = 2**31 - 1
NO_SOLUTION = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Plane:
    """A linear function that is nowhere above what a part costs, or by how much its rows are violated at least.

    Attributes
    ----------
    part : int
    is_violation : bool
    value : float
        At the decisions `at`.
    columns : array (N,)
        Decisions that the part depends on.
    gradient, at : array (N,)
    is_plan : bool
        No row gave way: the hours work at these decisions.
    """

    part: int
    is_violation: bool
    value: float
    columns: Numbers
    gradient: Series
    at: Series
    is_plan: bool


class Part:
    """One part of the hours.

    Parameters
    ----------
    number : int
    matrix : Matrix
    rows, columns : array
        Of the matrix.

    Attributes
    ----------
    linked : array
        Decisions in its rows.
    """

    def __init__(self, number: int, matrix: Matrix, rows: Numbers, columns: Numbers) -> None:
        self.number, self.rows, self.columns = number, rows, columns
        entries = matrix.by_row[rows]
        decided = matrix.decided_columns
        self.linked = decided[np.diff(entries[:, decided].tocsc().indptr) > 0]
        self._entries = entries[:, np.concatenate([self.linked, columns])].tocsc()
        self._lp = _program(self._entries, matrix.lp, rows, self.linked, columns)
        self._free = [
            (number, price) for number, row in enumerate(rows) if (price := matrix.price_of_row.get(int(row)))
        ]
        self._highs = new_highs(SolverSettings())
        check(self._highs.passModel(self._lp), "HiGHS refuses a part")
        for row, price in self._free:
            status = self._highs.addCol(price, 0.0, highspy.kHighsInf, 1, np.array([row], dtype=np.int32), -np.ones(1))
            check(status, "HiGHS refuses a part")
        self._violation: Any = None
        self._iterations = 0

    def at(self, x: Series) -> Plane:
        """The plane at decisions `x`, array over the matrix's columns.

        Rows that may give way while a search looks around do so at their price.

        Raises
        ------
        SolveFailed
            HiGHS finds neither an optimum nor that there is none.
        """
        point = x[self.linked]
        if self._solve(self._highs, point):
            return self._plane(self._highs, point, is_violation=False)
        return self.violation(x)

    def violation(self, x: Series) -> Plane:
        """The plane below the least by which the part's rows are violated at decisions `x`."""
        point = x[self.linked]
        if self._violation is None:
            self._violation = new_highs(SolverSettings())
            check(self._violation.passModel(_with_slack(self._entries, self._lp)), "HiGHS refuses a part")
        if not self._solve(self._violation, point):
            raise SolveFailed("a part of the hours has no solution even where its limits give way; report this case.")
        return self._plane(self._violation, point, is_violation=True)

    def flows(self) -> Series:
        """Values of its columns at the last decisions that it has a solution for."""
        return self._values[len(self.linked) : self._entries.shape[1]]

    @property
    def _values(self) -> Series:
        return np.array(self._highs.getSolution().col_value)

    def _solve(self, highs: Any, point: Series) -> bool:
        fixed = np.arange(len(point), dtype=np.int32)
        check(highs.changeColsBounds(len(fixed), fixed, point, point), "HiGHS refuses a bound")
        # From the last basis first; where that is far off, from nothing, which presolve makes shorter.
        highs.setOptionValue("simplex_iteration_limit", self._iterations or UNLIMITED)
        run(highs)
        if highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            highs.clearSolver()
            highs.setOptionValue("simplex_iteration_limit", UNLIMITED)
            run(highs)
        if highs.getModelStatus() in NO_SOLUTION:
            # Presolve takes what is met to the last digit for missed; the simplex allows its tolerance.
            highs.setOptionValue("presolve", "off")
            run(highs)
            highs.setOptionValue("presolve", "choose")
        iterations = int(highs.getInfo().simplex_iteration_count)
        self._iterations = self._iterations or max(FEW, int(iterations * WORTH_TRYING_FRAC))
        if is_optimal(highs):
            return True
        status = highs.getModelStatus()
        if status not in NO_SOLUTION:
            raise SolveFailed(f"HiGHS ended with '{highs.modelStatusToString(status)}' on a linear model.")
        return False

    def _plane(self, highs: Any, point: Series, *, is_violation: bool) -> Plane:
        gradient = np.array(highs.getSolution().col_dual)[: len(point)]
        value = float(highs.getInfo().objective_function_value)
        is_plan = not is_violation and bool((self._values[self._entries.shape[1] :] <= GAVE_WAY).all())
        return Plane(self.number, is_violation, value, self.linked, gradient, point, is_plan)


def parts_of(matrix: Matrix) -> tuple[Part, ...]:
    """Split the hours of a matrix into parts that nothing but decisions ties together.

    Parts that hang on the same decisions (the weeks of a year, where no limit of the year ties them) count as one.
    """
    label = part_of(matrix)
    hourly = np.flatnonzero(~matrix.decided)
    among_hours = matrix.by_row[:, hourly]
    rows = np.flatnonzero(np.diff(among_hours.indptr) > 0)
    # All hours of a row are of one part: the first tells which.
    of_row = label[hourly[among_hours.indices[among_hours.indptr[rows]]]]
    return tuple(
        Part(one, matrix, rows[of_row == one], np.flatnonzero(label == one)) for one in range(int(label.max()) + 1)
    )


def part_of(matrix: Matrix) -> Numbers:
    """Part of each column, counted from 0; -1 for decisions, and for hours without a row."""
    hourly = np.flatnonzero(~matrix.decided)
    among_hours = matrix.by_row[:, hourly]
    rows = np.flatnonzero(np.diff(among_hours.indptr) > 0)
    pattern = abs(among_hours[rows])
    graph = block_array([[None, pattern], [pattern.T, None]])
    _, labels = csgraph.connected_components(graph, directed=False)
    row_label, column_label = labels[: len(rows)], labels[len(rows) :]
    joined = _same_decisions(matrix, rows, row_label)
    in_rows = np.isin(column_label, row_label)
    _, numbered = np.unique(joined[column_label[in_rows]], return_inverse=True)
    parts = np.full(len(matrix.decided), -1)
    parts[hourly[in_rows]] = numbered
    return parts


def _same_decisions(matrix: Matrix, rows: Numbers, label: Numbers) -> Numbers:
    """For each label the first one that has the same decisions in its rows."""
    entries = matrix.by_row[rows][:, matrix.decided_columns].tocoo()
    count = int(label.max()) + 1 if len(label) else 0
    linked: list[set[int]] = [set() for _ in range(count)]
    for one, column in set(zip(label[entries.row].tolist(), entries.col.tolist(), strict=True)):
        linked[one].add(column)
    first: dict[frozenset[int], int] = {}
    return np.array([first.setdefault(frozenset(columns), one) for one, columns in enumerate(linked)], dtype=np.int64)


def _program(entries: Any, full: Any, rows: Numbers, linked: Numbers, columns: Numbers) -> Any:
    """The part's rows over its decisions, at no cost, and its own columns."""
    both = np.concatenate([linked, columns])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(both), len(rows)
    lp.col_cost_ = np.concatenate([np.zeros(len(linked)), np.array(full.col_cost_)[columns]])
    lp.col_lower_, lp.col_upper_ = np.array(full.col_lower_)[both], np.array(full.col_upper_)[both]
    lp.row_lower_, lp.row_upper_ = np.array(full.row_lower_)[rows], np.array(full.row_upper_)[rows]
    return with_entries(lp, entries)


def _with_slack(entries: Any, lp: Any) -> Any:
    """The part with every row able to give way, and nothing but that counted."""
    rows, columns = entries.shape
    slack = highspy.HighsLp()
    slack.num_col_, slack.num_row_ = columns + 2 * rows, rows
    slack.col_cost_ = np.concatenate([np.zeros(columns), np.ones(2 * rows)])
    slack.col_lower_ = np.concatenate([np.array(lp.col_lower_), np.zeros(2 * rows)])
    slack.col_upper_ = np.concatenate([np.array(lp.col_upper_), np.full(2 * rows, np.inf)])
    slack.row_lower_, slack.row_upper_ = np.array(lp.row_lower_), np.array(lp.row_upper_)
    return with_entries(slack, hstack([entries, eye_array(rows), -eye_array(rows)]).tocsc())
