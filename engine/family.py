"""One sizing, built once and solved again and again: for other objectives and under other limits.

A limit on a sum over hours of several years would tie their hours together. It is shared out instead: each part of the
hours gets a budget of its own, one more decision, and the budgets together keep the limit:

    sum over hours of part p of a x <= b[p],    sum of b[p] + what the decisions take <= limit

so that the search still sees decisions on one side and separate hours on the other (`engine.decomposition`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from engine.decomposition import Decomposition
from engine.expansion import Plan, coarse_start, plan_of, search_settings
from engine.formulation import Formulation
from engine.highs import SolverSettings
from engine.hours import part_of
from engine.matrix import LARGEST_COST, Matrix, compile_model, with_entries
from engine.model import build
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.solver import OnSearch, Solution, Termination, solve_matrix
from engine.terms import Numbers, Terms

# A row that may give way while the search looks around costs so much more than the dearest column of the objective.
PRICE_OF_GIVING_WAY = 1e3


@dataclass(frozen=True, eq=False)
class Row:
    """A linear sum over the columns of the model: values by column, added where one comes twice, and a constant.

    A row is the same as itself alone: what was proven under one is kept for as long as that very row is asked for.
    """

    columns: Numbers
    values: Series
    constant: float


Limit = tuple[Row, float, float]  # lower and upper


class FamilyPlan:
    """The answer of one solve; objective and bound in the unit of what was minimised.

    Attributes
    ----------
    termination : Termination
    objective, bound, gap_frac : float or None
    whole_numbers : dict of str to float
        What is decided by the year, by name: a start for a similar solve.
    """

    def __init__(self, form: Formulation, matrix: Matrix, solution: Solution) -> None:
        self._form, self._solution = form, solution
        self.termination: Termination = solution.termination
        self.objective, self.bound, self.gap_frac = solution.objective, solution.bound, solution.gap_frac
        self.whole_numbers = matrix.named(solution.values)

    def values_of(self, row: Row) -> float:
        """Value of a sum."""
        assert self._solution.values is not None
        return float(self._solution.values[row.columns] @ row.values) + row.constant

    def plan(self) -> Plan:
        """Its tables; what it costs is told by the model's own objective, whatever was minimised."""
        return plan_of(self._form, self._solution, self.whole_numbers, {})


@dataclass(frozen=True)
class _Total:
    """Row of the matrix that holds a limit, in what unit, and what of the sum is constant."""

    row: int
    scale: float
    constant: float


class _Limited:
    """The model with an objective and rows that are held, under limits that change, with what was proven under them.

    What the hours cost at some decisions, budgets among them, does not depend on how much the budgets are together: a
    search under another limit begins with every plane of those before.
    """

    def __init__(self, matrix: Matrix, totals: Sequence[_Total]) -> None:
        self.matrix, self._totals = matrix, totals
        self._search: Decomposition | None = None

    def hold(self, uppers: Sequence[float]) -> None:
        """Set the limits."""
        sides = np.array(self.matrix.lp.row_upper_)
        for total, upper in zip(self._totals, uppers, strict=True):
            sides[total.row] = (upper - total.constant) / total.scale
            if self._search is not None:
                self._search.decisions.hold(total.row, float(sides[total.row]))
        self.matrix.lp.row_upper_ = sides

    def search(self, settings: SolverSettings) -> Decomposition | None:
        """What is known of decisions and hours; None where they are not searched apart."""
        if settings.decompose and (self._search is None or self._search.is_spoilt):
            self._search = Decomposition(self.matrix, settings)
        return self._search if settings.decompose else None


class Family:
    """One sizing model.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps

    Attributes
    ----------
    form : Formulation
        With its ledgers, of which objectives and limits are made.
    """

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        self.form: Formulation = build(scenario, steps)
        self._scenario, self._matrix = scenario, compile_model(self.form)
        self._part = part_of(self._matrix)
        self._last: tuple[list[tuple[Row | None, bool, bool]], _Limited] | None = None
        self._known: list[Series] = []  # columns of the plans found so far: where further searches begin

    def row(self, terms: Terms) -> Row:
        """A sum of ledger entries over the columns of the model."""
        values, columns = terms.arrays()
        used, where = np.unique(columns, return_inverse=True)
        return Row(used, np.bincount(where, weights=values, minlength=len(used)).astype(float), terms.constant)

    def optimise(
        self,
        objective: Row | None = None,
        limits: Sequence[Limit] = (),
        start: Mapping[str, float] | None = None,
        gap_frac: float | None = None,
        on_search: OnSearch | None = None,
    ) -> FamilyPlan:
        """Minimise a sum (by default the present value of cost) under further limits.

        Parameters
        ----------
        limits : sequence of (Row, lower, upper)
        start : mapping, optional
            Decisions by name that may be good; by default those of the nearest plan found before.
        gap_frac : float, optional
            By default the scenario's.
        """
        rows = [(row, upper) for row, _, upper in limits if np.isfinite(upper)]
        rows += [(_negative(row), -lower) for row, lower, _ in limits if np.isfinite(lower)]
        kept = self._model(objective, limits, [row for row, _ in rows])
        kept.hold([upper for _, upper in rows])
        settings = search_settings(self._scenario, kept.matrix)
        settings = settings if gap_frac is None else replace(settings, mip_gap_frac=gap_frac)
        begin = self._begin(kept.matrix, rows) if settings.decompose and not start else start
        solution = solve_matrix(kept.matrix, settings, on_search, begin, kept.search(settings))
        if solution.values is not None:
            self._known.append(solution.values[: len(self._part)])
        return FamilyPlan(self.form, kept.matrix, solution)

    def _model(self, objective: Row | None, limits: Sequence[Limit], rows: Sequence[Row]) -> _Limited:
        """The model that minimises this with these rows held: the last one, where only the sides are others."""
        asked = [
            (objective, True, True),
            *((row, np.isfinite(lower), np.isfinite(upper)) for row, lower, upper in limits),
        ]
        if self._last is None or self._last[0] != asked:
            matrix = self._matrix if objective is None else _minimising(self._matrix, objective)
            totals = []
            for row in rows:
                matrix, scale = self._limited(matrix, row)
                totals.append(_Total(matrix.lp.num_row_ - 1, scale, row.constant))
            self._last = asked, _Limited(matrix, totals)
        return self._last[1]

    def _begin(self, matrix: Matrix, ceilings: Sequence[tuple[Row, float]]) -> Mapping[str, float]:
        """Decisions of the known plan that comes closest to the ceilings, its shares of them cut to fit."""

        def over(values: Series) -> float:
            used = (float(values[row.columns] @ row.values) + row.constant - upper for row, upper in ceilings)
            return sum(max(0.0, one) for one in used)

        if not self._known:
            return coarse_start(self._scenario, self.form.steps)
        nearest = min(reversed(self._known), key=over)
        shares = [self._shares(nearest, row, upper) for row, upper in ceilings]
        return matrix.named(np.concatenate([nearest, *shares]))

    def _shares(self, values: Series, row: Row, upper: float) -> Series:
        """What each part takes of a ceiling, all of it given away."""
        parts = self._part[row.columns]
        taken = values[row.columns] * row.values
        concerned, number = np.unique(parts[parts >= 0], return_inverse=True)
        shares: Series = np.bincount(number, weights=taken[parts >= 0], minlength=len(concerned)).astype(float)
        left = upper - row.constant - float(taken[parts < 0].sum())
        total = float(shares.sum())
        return shares * left / total if total > 0 and left > 0 else shares

    def _limited(self, matrix: Matrix, row: Row) -> tuple[Matrix, float]:
        """A last row that holds a sum in its unit, the scale, shared out over the parts that it concerns."""
        parts = self._part[row.columns]
        concerned = np.unique(parts[parts >= 0])
        columns = matrix.by_row.shape[1]
        budgets = columns + np.arange(len(concerned))
        number = np.searchsorted(concerned, parts)
        in_hours = parts >= 0
        each = csr_array(
            (row.values[in_hours], (number[in_hours], row.columns[in_hours])),
            shape=(len(concerned), columns + len(concerned)),
        ) - csr_array(
            (np.ones(len(budgets)), (np.arange(len(budgets)), budgets)), shape=(len(budgets), columns + len(budgets))
        )
        decided = np.append(row.columns[~in_hours], budgets)
        weights = np.append(row.values[~in_hours], np.ones(len(budgets)))
        total = np.bincount(decided, weights=weights, minlength=columns + len(budgets))
        scale = max(float(np.abs(row.values).max(initial=0.0)), 1e-12)
        added = vstack([each, csr_array(total[None, :])]) / scale
        bounds = np.append(np.zeros(len(concerned)), np.inf)
        # No part can take less than its flows at their least: a budget below that would only lead the search astray.
        low, high = np.array(self._matrix.lp.col_lower_)[row.columns], np.array(self._matrix.lp.col_upper_)[row.columns]
        with np.errstate(invalid="ignore"):
            ends = np.fmin(row.values * low, row.values * high)
        least = np.bincount(number[in_hours], weights=ends[in_hours], minlength=len(concerned)).astype(float)
        return _with_rows(matrix, added.tocsr(), bounds, least), scale


def _negative(row: Row) -> Row:
    return Row(row.columns, -row.values, -row.constant)


def _minimising(matrix: Matrix, objective: Row) -> Matrix:
    """The same with another objective."""
    cost = np.bincount(objective.columns, weights=objective.values, minlength=matrix.lp.num_col_).astype(float)
    largest = float(np.abs(cost).max(initial=0.0)) or 1.0
    scale = float(10.0 ** np.ceil(np.log10(largest / LARGEST_COST)))
    lp = _copy(matrix)
    lp.col_cost_, lp.offset_ = cost / scale, objective.constant / scale
    prices = dict.fromkeys(matrix.price_of_row, PRICE_OF_GIVING_WAY * largest / scale)
    return replace(matrix, lp=with_entries(lp, matrix.by_row.tocsc()), cost_scale=scale, price_of_row=prices)


def _with_rows(matrix: Matrix, added: csr_array, upper: Series, least: Series) -> Matrix:
    """The same with further "at most" rows, the columns beyond its own being decisions from `least` on."""
    more = added.shape[1] - matrix.by_row.shape[1]
    widened = hstack([matrix.by_row, coo_array((matrix.by_row.shape[0], more))])
    entries = vstack([widened, added]).tocsr()
    lp = _copy(matrix)
    lp.num_row_, lp.num_col_ = entries.shape
    lp.col_cost_ = np.append(np.array(lp.col_cost_), np.zeros(more))
    lp.col_lower_ = np.append(np.array(lp.col_lower_), least)
    lp.col_upper_ = np.append(np.array(lp.col_upper_), np.full(more, np.inf))
    lp.row_lower_ = np.append(np.array(lp.row_lower_), np.full(len(upper), -np.inf))
    lp.row_upper_ = np.append(np.array(lp.row_upper_), upper)
    first = matrix.by_row.shape[1]
    return replace(
        matrix,
        lp=with_entries(lp, entries.tocsc()),
        integer=np.append(matrix.integer, np.zeros(more, dtype=bool)),
        decided=np.append(matrix.decided, np.ones(more, dtype=bool)),
        names={**matrix.names, **{first + number: f"budget[{first + number}]" for number in range(more)}},
        by_row=entries,
    )


def _copy(matrix: Matrix) -> highspy.HighsLp:
    """The matrix's columns and rows in a linear program of their own; its entries are given anew."""
    old, lp = matrix.lp, highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = old.num_col_, old.num_row_, old.offset_
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = old.col_cost_, old.col_lower_, old.col_upper_
    lp.row_lower_, lp.row_upper_ = old.row_lower_, old.row_upper_
    return lp
