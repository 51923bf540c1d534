"""One sparse matrix of a model: what is decided by the year, from Pyomo, and what happens by the hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import coo_array

from engine.linear import LinearModel
from engine.profiles.result import Series
from engine.terms import Numbers, Terms

# HiGHS's tolerances are absolute: costs are scaled so that the largest is near this. Larger ones it warns of;
# smaller ones let it stop short of the optimum (an arbitrage of 44,000 USD a year was 3 USD off in million USD).
LARGEST_COST = 1e5


@dataclass(frozen=True)
class Matrix:
    """A compiled model: `min c x + offset, row_lower <= A x <= row_upper, lower <= x <= upper`.

    Attributes
    ----------
    lp : highspy.HighsLp
        Without whole numbers: `integer` says which columns must be.
    cost_scale : float
        The matrix holds costs divided by this power of ten.
    integer, decided : array of bool
        By column: must be whole; decided by the year.
    names : dict of int to str
        Of the decided columns.
    by_row : csr_array (rows, columns)
        The matrix A.
    price_of_row : dict of int to float
        "At most" rows that may give way while a search looks around, and the cost of a unit; never in a plan.
    """

    lp: Any
    cost_scale: float
    integer: NDArray[np.bool_]
    decided: NDArray[np.bool_]
    names: Mapping[int, str]
    by_row: Any
    price_of_row: Mapping[int, float]

    @property
    def integers(self) -> NDArray[np.int32]:
        """Integer columns."""
        return np.flatnonzero(self.integer).astype(np.int32)

    @property
    def decided_columns(self) -> Numbers:
        """Columns decided by the year."""
        return np.flatnonzero(self.decided)

    def named(self, values: Series | None) -> dict[str, float]:
        """Decisions by name, out of values by column; none where there are no values."""
        if values is None:
            return {}
        return {name: float(values[column]) for column, name in self.names.items()}

    @property
    def relaxed(self) -> Matrix:
        """The same without whole numbers."""
        return replace(self, integer=np.zeros_like(self.integer))


@dataclass(frozen=True)
class Arrays:
    """A model's numbers, by column (C of them) and row (R)."""

    cost: Series
    offset: float
    lower: Series
    upper: Series
    row_lower: Series
    row_upper: Series
    entries: tuple[Numbers, Numbers, Series]  # row, column, value; added where one comes twice
    names: Mapping[int, str]
    integer: NDArray[np.bool_]
    price_of_row: Mapping[int, float]


def compile_model(model: LinearModel) -> Matrix:
    """Turn a model into a HiGHS matrix."""
    lower, upper = np.zeros(model.column_count), np.full(model.column_count, np.inf)
    integer = np.zeros(model.column_count, dtype=bool)
    for column, variable in model.decided.items():
        low, high = variable.bounds
        lower[column], upper[column] = -np.inf if low is None else low, np.inf if high is None else high
        integer[column] = variable.is_integer()
    names = {column: variable.name for column, variable in model.decided.items()}
    for block in model.blocks:
        inside = slice(block.first, block.first + block.lower.size)
        lower[inside], upper[inside] = block.lower.ravel(), block.upper.ravel()
    row_lower, row_upper = np.full(model.row_count, -np.inf), np.full(model.row_count, np.inf)
    for rows in model.hourly_rows:
        row_lower[rows.numbers], row_upper[rows.numbers] = rows.lower, rows.upper
    entries = [(rows.entry_rows, rows.entry_columns, rows.entry_values) for rows in model.hourly_rows]
    entries.append(_decisions(model, row_lower, row_upper))
    joined = tuple(np.concatenate(parts) for parts in zip(*entries, strict=True))
    cost = dense(model.objective, model.column_count)
    prices = {int(row): usd for name, usd in model.prices_of_search.items() for row in model.statements[name].rows}
    arrays = Arrays(cost, model.objective.constant, lower, upper, row_lower, row_upper, joined, names, integer, prices)  # type: ignore[arg-type]
    return to_matrix(arrays)


def dense(terms: Terms, count: int) -> Series:
    """Coefficients of a sum by column, array (count,)."""
    values, columns = terms.arrays()
    by_column: Series = np.bincount(columns, weights=values, minlength=count).astype(float)
    return by_column


def _decisions(model: LinearModel, row_lower: Series, row_upper: Series) -> tuple[Numbers, Numbers, Series]:
    """Entries of the rows that Pyomo holds; their sides are written to the arrays."""
    if not model.decision_rows:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    number = {id(variable): column for column, variable in model.decided.items()}
    with PauseGC():
        form = LinearStandardFormCompiler().write(model.decisions, mixed_form=True)
    columns = np.array([number[id(variable)] for variable in form.columns])
    rows = np.array([model.decision_rows[id(row.constraint)] for row in form.rows])
    sense, right = np.array([row.bound_type for row in form.rows], dtype=int), np.asarray(form.rhs, dtype=float)
    row_lower[rows] = np.where(sense == 1, -np.inf, right)
    row_upper[rows] = np.where(sense == -1, np.inf, right)
    entries = form.A.tocoo()
    return rows[entries.row], columns[entries.col], entries.data


def compile_pyomo(model: pyo.ConcreteModel) -> Matrix:
    """Turn a Pyomo model with an objective into a HiGHS matrix."""
    with PauseGC():
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
    right, sense = np.asarray(form.rhs, dtype=float), np.array([row.bound_type for row in form.rows], dtype=int)
    entries = form.A.tocoo()
    return to_matrix(
        Arrays(
            np.asarray(form.c.todense()).ravel(),
            float(form.c_offset[0]),
            np.array([-np.inf if v.lb is None else v.lb for v in form.columns], dtype=float),
            np.array([np.inf if v.ub is None else v.ub for v in form.columns], dtype=float),
            np.where(sense == 1, -np.inf, right),
            np.where(sense == -1, np.inf, right),
            (entries.row, entries.col, entries.data),
            {column: v.name for column, v in enumerate(form.columns)},
            np.array([v.is_integer() for v in form.columns], dtype=bool),
            {},
        )
    )


def to_matrix(arrays: Arrays) -> Matrix:
    """A model's arrays as HiGHS takes them."""
    columns, rows = len(arrays.cost), len(arrays.row_lower)
    at_row, at_column, values = arrays.entries
    sparse = coo_array((values, (at_row, at_column)), shape=(rows, columns)).tocsc()
    decided = np.zeros(columns, dtype=bool)
    decided[list(arrays.names)] = True
    lp, scale = highspy.HighsLp(), _cost_scale(arrays.cost)
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.offset_ = arrays.cost / scale, arrays.offset / scale
    lp.col_lower_, lp.col_upper_ = arrays.lower, arrays.upper
    lp.row_lower_, lp.row_upper_ = arrays.row_lower, arrays.row_upper
    prices = {row: usd / scale for row, usd in arrays.price_of_row.items()}
    return Matrix(with_entries(lp, sparse), scale, arrays.integer, decided, arrays.names, sparse.tocsr(), prices)


def with_entries(lp: Any, entries: Any) -> Any:
    """Give a linear program its matrix, a csc_array."""
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = entries.indptr, entries.indices, entries.data
    return lp


def _cost_scale(cost: Series) -> float:
    largest = float(np.abs(cost).max(initial=0.0))
    return 1.0 if largest <= LARGEST_COST else float(10.0 ** np.ceil(np.log10(largest / LARGEST_COST)))
