"""One sizing model built once and solved again and again, until `engine.family` takes its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.expansion import Plan, _settings
from engine.formulation import Formulation, Terms
from engine.model import Reading, build, sampled_table
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.solver import Matrix, OnSearch, Solution, Termination, compile_model, integers_by_name, solve_matrix


@dataclass(frozen=True)
class Row:
    """A linear sum over the columns of the model."""

    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    constant: float


class FamilyPlan:
    """The answer of one solve."""

    def __init__(self, family: Family, matrix: Matrix, solution: Solution) -> None:
        self._family, self._matrix, self._solution = family, matrix, solution
        self.objective, self.bound, self.gap_frac = solution.objective, solution.bound, solution.gap_frac
        self.termination: Termination = solution.termination

    @property
    def whole_numbers(self) -> Mapping[str, float]:
        return integers_by_name(self._matrix, self._solution)

    def values_of(self, row: Row) -> float:
        assert self._solution.values is not None
        return float(self._solution.values[row.columns] @ row.values) + row.constant

    def plan(self) -> Plan:
        form, solution = self._family.form, self._solution
        reading = Reading(form, self._matrix, solution)
        capacity = reading.capacity_table()
        hourly = {year: reading.hourly(year, capacity) for year in form.years}
        return Plan(
            solution.termination, solution.objective, solution.bound, solution.gap_frac, capacity,
            reading.commitments_table(), sampled_table(form.steps, hourly), reading.linked_storage_table(),
            self.whole_numbers, {},
        )  # fmt: skip


class Family:
    """One sizing model."""

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        self.form: Formulation = build(scenario, steps)
        self._matrix = compile_model(self.form.model)
        self._settings = _settings(scenario, self._matrix)

    def row(self, terms: Terms) -> Row:
        pairs = [(self._matrix.columns[id(v)], c) for c, v in zip(terms.coefficients, terms.variables, strict=True)
                 if id(v) in self._matrix.columns]  # fmt: skip
        columns = np.array([column for column, _ in pairs], dtype=np.int64)
        return Row(columns, np.array([value for _, value in pairs], dtype=float), terms.constant)

    def optimise(
        self, objective: Row | None = None, limits: Sequence[tuple[Row, float, float]] = (),
        start: Mapping[str, float] | None = None, gap_frac: float | None = None, on_search: OnSearch | None = None,
    ) -> FamilyPlan:  # fmt: skip
        matrix = self._with(objective, limits)
        settings = self._settings if gap_frac is None else replace(self._settings, mip_gap_frac=gap_frac)
        return FamilyPlan(self, matrix, solve_matrix(matrix, settings, on_search, start))

    def _with(self, objective: Row | None, limits: Sequence[tuple[Row, float, float]]) -> Matrix:
        old: Any = self._matrix.lp
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = old.num_col_, old.num_row_ + len(limits)
        cost, offset, scale = np.array(old.col_cost_), old.offset_, self._matrix.cost_scale
        if objective is not None:
            cost = np.bincount(objective.columns, weights=objective.values, minlength=old.num_col_)
            scale, offset = max(1.0, float(np.abs(cost).max(initial=0.0)) / 1e5), objective.constant
            cost, offset = cost / scale, offset / scale
        lp.col_cost_, lp.offset_ = cost, offset
        lp.col_lower_, lp.col_upper_, lp.integrality_ = old.col_lower_, old.col_upper_, old.integrality_
        shape = (old.num_row_, old.num_col_)
        base = sp.csc_matrix((old.a_matrix_.value_, old.a_matrix_.index_, old.a_matrix_.start_), shape=shape)
        extra = [
            sp.csr_matrix((row.values, (np.zeros(len(row.columns), dtype=int), row.columns)), shape=(1, shape[1]))
            for row, _, _ in limits
        ]
        whole = sp.vstack([base, *extra]).tocsc()
        lp.row_lower_ = np.concatenate([old.row_lower_, [low - row.constant for row, low, _ in limits]])
        lp.row_upper_ = np.concatenate([old.row_upper_, [high - row.constant for row, _, high in limits]])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = whole.indptr, whole.indices, whole.data
        return replace(self._matrix, lp=lp, cost_scale=scale)
