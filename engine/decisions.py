"""The decisions of a sizing, priced by planes below what their hours cost: a small mixed-integer program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array, hstack

from engine.highs import SolverSettings, check, new_highs, run
from engine.hours import Part, Plane
from engine.matrix import Matrix, with_entries
from engine.profiles.result import Series
from engine.terms import Numbers

NOTHING = 1e-11
NO_SOLUTION = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Point:
    """Decisions by column of the matrix (hours zero), and the proven bound of the search that found them.

    `is_whole` is False where time ran out before any were found.
    """

    x: Series
    bound: float
    is_whole: bool


class Decisions:
    """What is decided by the year, priced by the planes found so far: a small mixed-integer program.

    Parameters
    ----------
    matrix : Matrix
    parts : sequence of Part
    settings : SolverSettings
    """

    def __init__(self, matrix: Matrix, parts: tuple[Part, ...], settings: SolverSettings) -> None:
        self._columns, self._size, self._parts = matrix.decided_columns, matrix.lp.num_col_, parts
        count = len(self._columns)
        self._position = np.full(self._size, -1)
        self._position[self._columns] = np.arange(count)
        self._integers = self._position[matrix.integers].astype(np.int32)
        self._priced = np.zeros(len(parts), dtype=bool)
        self.offset = float(matrix.lp.offset_)
        self._highs = new_highs(SolverSettings(threads=1, deterministic=settings.deterministic))
        check(self._highs.passModel(self._own_rows(matrix, parts)), "HiGHS refuses the decisions")

    def _own_rows(self, matrix: Matrix, parts: tuple[Part, ...]) -> Any:
        """Rows that hold decisions alone; one more column a part: the cost of its hours, zero until planes price it."""
        full, count, extra = matrix.lp, len(self._columns), len(parts)
        taken = np.ones(full.num_row_, dtype=bool)
        for part in parts:
            taken[part.rows] = False
        rows = np.flatnonzero(taken)
        self._own_row = {int(row): number for number, row in enumerate(rows)}
        own = matrix.by_row[rows][:, self._columns].tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count + extra, len(rows)
        lp.col_cost_ = np.concatenate([np.array(full.col_cost_)[self._columns], np.ones(extra)])
        lp.offset_ = full.offset_
        lp.col_lower_ = np.concatenate([np.array(full.col_lower_)[self._columns], np.zeros(extra)])
        lp.col_upper_ = np.concatenate([np.array(full.col_upper_)[self._columns], np.zeros(extra)])
        lp.row_lower_, lp.row_upper_ = np.array(full.row_lower_)[rows], np.array(full.row_upper_)[rows]
        return with_entries(lp, hstack([own, csc_array((len(rows), extra))]).tocsc())

    @property
    def is_priced(self) -> bool:
        """Whether every part has a plane, so that optima are bounds."""
        return bool(self._priced.all())

    def hold(self, row: int, upper: float) -> None:
        """Give one of the matrix's "at most" rows over decisions alone another side."""
        status = self._highs.changeRowBounds(self._own_row[row], -highspy.kHighsInf, upper)
        check(status, "HiGHS refuses a limit")

    def add(self, planes: Iterable[Plane]) -> None:
        """Hold the decisions to planes."""
        count = len(self._columns)
        for plane in planes:
            used = np.abs(plane.gradient) > NOTHING
            columns, values = self._position[plane.columns[used]], -plane.gradient[used]
            right = plane.value - float(plane.gradient @ plane.at)
            if plane.is_violation:
                # value + gradient (x - at) <= 0
                self._add_row(right, columns, values)
                continue
            if not self._priced[plane.part]:
                self._priced[plane.part] = True
                column = count + plane.part
                check(
                    self._highs.changeColBounds(column, -highspy.kHighsInf, highspy.kHighsInf), "HiGHS refuses a bound"
                )
            self._add_row(right, np.append(columns, count + plane.part), np.append(values, 1.0))

    def _add_row(self, right: float, columns: Numbers, values: Series) -> None:
        status = self._highs.addRow(right, highspy.kHighsInf, len(columns), columns.astype(np.int32), values)
        check(status, "HiGHS refuses a plane")

    def best(self, gap_frac: float | None, limit_s: float) -> Point | None:
        """The optimum against all planes; None where no decisions satisfy them.

        Parameters
        ----------
        gap_frac : float or None
            Of the search over whole numbers; None: without whole numbers.
        """
        highs = self._highs
        whole = gap_frac is not None
        self._kinds(whole)
        if whole:
            highs.setOptionValue("mip_rel_gap", gap_frac)
        highs.setOptionValue("time_limit", highs.getRunTime() + max(limit_s, 0.1))
        run(highs)
        status, info = highs.getModelStatus(), highs.getInfo()
        if status in NO_SOLUTION:
            return None
        bound = info.mip_dual_bound if whole else info.objective_function_value
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        x = np.zeros(self._size)
        if found:
            values = np.array(highs.getSolution().col_value)
            x[self._columns] = (self._with_whole_numbers(values) if whole else values)[: len(self._columns)]
        return Point(x, bound if self.is_priced else -np.inf, found)

    def _with_whole_numbers(self, values: Series) -> Series:
        """The same with its whole numbers exactly whole: the search takes them to a tolerance."""
        self._kinds(False)
        with self._fixed(np.round(values[self._integers])):
            run(self._highs)
            if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                values = np.array(self._highs.getSolution().col_value)
        return values

    @contextmanager
    def held(self, x: Series) -> Iterator[None]:
        """Meanwhile the whole numbers of `x`, by column of the matrix, are the only ones."""
        with self._fixed(np.round(x[self._columns[self._integers]])):
            yield

    @contextmanager
    def _fixed(self, whole: Series) -> Iterator[None]:
        highs, columns = self._highs, self._integers
        lower, upper = np.array(highs.getLp().col_lower_)[columns], np.array(highs.getLp().col_upper_)[columns]
        highs.changeColsBounds(len(columns), columns, whole, whole)
        try:
            yield
        finally:
            highs.changeColsBounds(len(columns), columns, lower, upper)

    def _kinds(self, whole: bool) -> None:
        kinds = np.full(len(self._integers), int(whole), dtype=np.uint8)
        check(self._highs.changeColsIntegrality(len(kinds), self._integers, kinds), "HiGHS refuses integrality")
