"""Linear sums of variables: what technologies write to the ledgers and rows are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.profiles.result import Series

Numbers = NDArray[np.int64]


class Column(int):
    """A variable: the number of its column."""

    __slots__ = ()


Quantity = Any  # a Column in the sizing, a float in the dispatch


def is_number(quantity: Quantity) -> bool:
    """Whether a quantity is fixed, not a variable."""
    return isinstance(quantity, int | float) and not isinstance(quantity, Column)


class Terms:
    """A linear sum under construction: coefficients, columns and a constant."""

    __slots__ = ("_coefficients", "_columns", "_parts", "constant")

    def __init__(self) -> None:
        self.constant = 0.0
        self._coefficients: list[float] = []
        self._columns: list[int] = []
        self._parts: list[tuple[Series, Numbers]] = []

    def add(self, coefficient: float, quantity: Quantity) -> None:
        """Add coefficient x quantity; a number goes to the constant."""
        if isinstance(quantity, Column):
            if coefficient != 0.0:
                self._coefficients.append(coefficient)
                self._columns.append(quantity)
        else:
            self.constant += coefficient * quantity

    def add_hours(self, coefficients: Series | float, columns: Numbers) -> None:
        """Add coefficient x column, element by element; arrays (T,)."""
        self._parts.append((np.broadcast_to(np.asarray(coefficients, dtype=float), columns.shape), columns))

    def extend(self, factor: float, other: Terms) -> None:
        """Add factor x other."""
        self.constant += factor * other.constant
        self._coefficients.extend(factor * value for value in other._coefficients)
        self._columns.extend(other._columns)
        self._parts.extend((factor * values, columns) for values, columns in other._parts)

    @property
    def is_empty(self) -> bool:
        """Whether it has no variable."""
        return not self._columns and not self._parts

    def arrays(self) -> tuple[Series, Numbers]:
        """Coefficients and columns, arrays (N,); a column may come more than once."""
        values = [np.array(self._coefficients, dtype=float), *(values for values, _ in self._parts)]
        columns = [np.array(self._columns, dtype=np.int64), *(columns for _, columns in self._parts)]
        return np.concatenate(values), np.concatenate(columns)


def terms(*pairs: tuple[float, Quantity]) -> Terms:
    """Terms of (coefficient, quantity) pairs."""
    result = Terms()
    for coefficient, quantity in pairs:
        result.add(coefficient, quantity)
    return result
