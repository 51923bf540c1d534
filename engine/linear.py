"""A linear model under construction: columns and named rows, by year and hour in whole arrays.

What is decided by the year (capacities, builds, connections, commitments) is algebra and stands in a Pyomo model: its
variables, and every row that holds nothing else. What happens in every hour is regular: blocks of columns by year and
step, and rows over them as sparse arrays, without a Python object for each hour. Columns and rows of both are numbered
in the order in which they are made; `engine.matrix` joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from engine.profiles.result import Series
from engine.terms import Column, Numbers, Terms

INFINITY = float("inf")
TRIVIAL_WITHIN = 1e-9


@dataclass(frozen=True)
class Block:
    """Columns by year and step.

    Attributes
    ----------
    years : tuple of int
    first : int
        Its first column; the others follow by year, then by step.
    lower, upper : array (Y, T)
        Bounds; may be changed until the model is compiled.
    """

    years: tuple[int, ...]
    first: int
    lower: Series
    upper: Series

    @property
    def count(self) -> int:
        """Steps of a year, T."""
        return self.lower.shape[1]

    def of(self, year: int) -> Numbers:
        """Columns of a year, array (T,)."""
        begin = self.first + self.years.index(year) * self.count
        return np.arange(begin, begin + self.count)

    def __getitem__(self, year_and_step: tuple[int, int]) -> Column:
        year, step = year_and_step
        return Column(self.first + self.years.index(year) * self.count + step)


@dataclass(frozen=True)
class Statement:
    """Rows of one name.

    Attributes
    ----------
    index : sequence
        Of each row: a year, or a tuple that begins with one.
    rows : array (N,)
        Number of each row.
    """

    index: Sequence[Any]
    rows: Numbers

    def items(self) -> Iterator[tuple[Any, int]]:
        """Pairs of index and row."""
        return zip(self.index, self.rows.tolist(), strict=True)


@dataclass(frozen=True)
class Rows:
    """Sparse rows: entries by row and column, and both sides, by row number."""

    numbers: Numbers
    lower: Series
    upper: Series
    entry_rows: Numbers
    entry_columns: Numbers
    entry_values: Series


class LinearModel:
    """Columns and rows, numbered as they are made.

    Attributes
    ----------
    decisions : pyomo.environ.ConcreteModel
        What is decided by the year, and the rows that hold nothing else.
    decided : dict of int to Pyomo variable
        By column.
    blocks : list of Block
    hourly_rows : list of Rows
        Rows that hold a column of a block.
    statements : dict of str to Statement
    decision_rows : dict of int to int
        Row number of each Pyomo constraint, by its `id`.
    prices_of_search : dict of str to float
        Statements whose rows may give way while a search looks around, and what one unit costs then; never in a plan.
    """

    def __init__(self) -> None:
        self.decisions = pyo.ConcreteModel()
        self.decided: dict[int, Any] = {}
        self.blocks: list[Block] = []
        self.hourly_rows: list[Rows] = []
        self.statements: dict[str, Statement] = {}
        self.decision_rows: dict[int, int] = {}
        self.prices_of_search: dict[str, float] = {}
        self.column_count = self.row_count = 0
        self.objective = Terms()

    def decide(
        self,
        name: str,
        index: Iterable[Any],
        bounds: Callable[[Any], tuple[float | None, float | None]],
        domain: Any = pyo.NonNegativeReals,
    ) -> dict[Any, Column]:
        """A variable for each index, with (lower, upper) bounds."""
        entries = list(index)
        variable = pyo.Var(
            entries, domain=domain, bounds=lambda _, *one: bounds(one[0] if len(one) == 1 else tuple(one))
        )
        self.decisions.add_component(name, variable)
        columns = {}
        for one in entries:
            columns[one] = Column(self.column_count)
            self.decided[self.column_count] = variable[one]
            self.column_count += 1
        return columns

    def block(self, years: tuple[int, ...], count: int) -> Block:
        """Non-negative columns for each year and step."""
        shape = (len(years), count)
        made = Block(years, self.column_count, np.zeros(shape), np.full(shape, INFINITY))
        self.column_count += made.lower.size
        self.blocks.append(made)
        return made

    def require(self, name: str, rows: Iterable[tuple[Any, Terms, str, float]]) -> None:
        """Add constraints named as a statement, row by row.

        Parameters
        ----------
        name : str
            E.g. "plant_fits_on_the_land".
        rows : iterable of (index, Terms, sense, right-hand side)
            Sense is "<=", ">=" or "==". A row without variables is checked at once: it must hold, or it
            stays as an empty row that no plan satisfies, for the diagnosis to name.
        """
        decided: dict[Any, Any] = {}
        hourly: dict[Any, tuple[Terms, float, float]] = {}
        for at, left, sense, right in rows:
            lower, upper = sides(sense, right - left.constant)
            if left.is_empty and lower <= TRIVIAL_WITHIN and upper >= -TRIVIAL_WITHIN:
                continue
            if self._is_decided(left):
                decided[at] = (lower, self._algebra(left), upper)
            else:
                hourly[at] = (left, lower, upper)
        numbers = [*self._add_decided(name, decided), *self._add_hourly(list(hourly.values()))]
        self._state(name, [*decided, *hourly], np.array(numbers, dtype=np.int64))

    def require_rows(
        self,
        name: str,
        index: Sequence[Any],
        entries: Iterable[tuple[Numbers, Numbers, Series]],
        sense: str,
        right: Series | float,
    ) -> None:
        """Add regular constraints as one sparse array.

        Parameters
        ----------
        index : sequence
            Of each row (N of them): a year, or a tuple that begins with one.
        entries : iterable of (rows, columns, coefficients)
            Arrays of equal length; rows count from 0.
        right : array (N,) or float
        """
        parts = list(entries)
        count = len(index)
        numbers = np.arange(self.row_count, self.row_count + count)
        self.row_count += count
        lower, upper = sides(sense, np.broadcast_to(np.asarray(right, dtype=float), (count,)))
        self.hourly_rows.append(
            Rows(
                numbers,
                np.broadcast_to(lower, (count,)),
                np.broadcast_to(upper, (count,)),
                np.concatenate([numbers[rows] for rows, _, _ in parts]) if parts else numbers[:0],
                np.concatenate([columns for _, columns, _ in parts]) if parts else numbers[:0],
                np.concatenate([values for _, _, values in parts]) if parts else np.zeros(0),
            )
        )
        self._state(name, index, numbers)

    def drop(self, name: str) -> None:
        """Leave the rows of a statement without effect."""
        dropped = self.statements.pop(name).rows
        for number, rows in enumerate(self.hourly_rows):
            kept = ~np.isin(rows.numbers, dropped)
            if not kept.all():
                lower, upper = np.where(kept, rows.lower, -INFINITY), np.where(kept, rows.upper, INFINITY)
                self.hourly_rows[number] = replace(rows, lower=lower, upper=upper)

    def _is_decided(self, left: Terms) -> bool:
        return not left.is_empty and all(int(column) in self.decided for column in left.arrays()[1])

    def _algebra(self, left: Terms) -> LinearExpression:
        values, columns = left.arrays()
        variables = [self.decided[int(column)] for column in columns]
        return LinearExpression(constant=0.0, linear_coefs=values.tolist(), linear_vars=variables)

    def _add_decided(self, name: str, entries: dict[Any, Any]) -> list[int]:
        if not entries:
            return []
        constraint = pyo.Constraint(
            list(entries), rule=lambda _, *one: _bounded(entries[one[0] if len(one) == 1 else one])
        )
        self.decisions.add_component(name, constraint)
        numbers = list(range(self.row_count, self.row_count + len(entries)))
        self.row_count += len(entries)
        self.decision_rows.update((id(constraint[at]), row) for at, row in zip(entries, numbers, strict=True))
        return numbers

    def _add_hourly(self, entries: list[tuple[Terms, float, float]]) -> list[int]:
        if not entries:
            return []
        numbers = np.arange(self.row_count, self.row_count + len(entries))
        self.row_count += len(entries)
        arrays = [left.arrays() for left, _, _ in entries]
        self.hourly_rows.append(
            Rows(
                numbers,
                np.array([lower for _, lower, _ in entries]),
                np.array([upper for _, _, upper in entries]),
                np.repeat(numbers, [len(values) for values, _ in arrays]),
                np.concatenate([columns for _, columns in arrays]),
                np.concatenate([values for values, _ in arrays]),
            )
        )
        return numbers.tolist()

    def _state(self, name: str, index: Sequence[Any], rows: Numbers) -> None:
        if len(rows) == 0:
            return
        if name in self.statements:
            raise ValueError(f"there are two statements of the name {name}")
        self.statements[name] = Statement(index, rows)


def sides(sense: str, right: Any) -> tuple[Any, Any]:
    """Lower and upper side of a row, of a number or an array."""
    open_side = np.full_like(right, INFINITY) if isinstance(right, np.ndarray) else INFINITY
    return (-open_side if sense == "<=" else right), (open_side if sense == ">=" else right)


def _bounded(row: tuple[float, Any, float]) -> tuple[float | None, Any, float | None]:
    lower, body, upper = row
    return (None if lower == -INFINITY else lower), body, (None if upper == INFINITY else upper)
