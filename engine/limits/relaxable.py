"""What a planner could move: a limit's figure, where the scenario states it, and the rows that it holds.

One entry a limit serves the diagnosis (how far it would have to move) and the shadow prices (what one unit is worth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from engine.formulation import Formulation


@dataclass(frozen=True)
class Held:
    """One row of the model that a limit holds.

    Attributes
    ----------
    row, year : int
    day : int or None
        Representative day, where each has a row of its own.
    per_unit : float
        How much one unit more of the limit loosens it.
    """

    row: int
    year: int
    day: int | None
    per_unit: float


@dataclass(frozen=True)
class Relaxable:
    """One figure of the scenario that holds rows of the model.

    Attributes
    ----------
    limit, label, unit : str
        As in the `limits` table; `technologies.solar.max_mw` and the like for a technology's own.
    path : str
        Place of the field in the scenario.
    now : float
        Its value, in `unit`.
    statements : tuple of str
        Names of the constraints that it holds; `firm_capacity_*` takes all that begin so.
    per_unit : float or dict of int to float
        How much one unit more loosens the right-hand side of a row (by year, where years differ).
    sense : str
        "at_most": it loosens upwards; "at_least": downwards.
    size : float
        What a relaxation is measured against; by default `now`.
    off : mapping or None
        What the scenario says once it is loosened, where the field is a switch and takes no figure.
    whole : bool
        Counted in whole numbers.
    """

    limit: str
    label: str
    unit: str
    path: str
    now: float
    statements: tuple[str, ...] = ()
    per_unit: float | Mapping[int, float] = 1.0
    sense: str = "at_most"
    size: float = 0.0
    off: Mapping[str, Any] | None = None
    whole: bool = False

    @property
    def scale(self) -> float:
        """What a relaxation of 1 stands for [unit]."""
        return self.size or abs(self.now) or 1.0

    def loosened(self, by: float) -> float:
        """Its value after it gave way by `by` [unit]."""
        return self.now + by if self.sense == "at_most" else self.now - by

    def rows(self, form: Formulation) -> list[Held]:
        """Every row it holds."""
        found = []
        for name, statement in form.statements.items():
            if any(fnmatchcase(name, pattern) for pattern in self.statements):
                found += [self._held(index, row) for index, row in statement.items()]
        return found

    def _held(self, index: Any, row: int) -> Held:
        # Every row of a limit is indexed by year, or by year and representative day.
        year, day = (int(index[0]), int(index[1])) if isinstance(index, tuple) else (int(index), None)
        per_unit = self.per_unit[year] if isinstance(self.per_unit, Mapping) else self.per_unit
        return Held(row, year, day, per_unit)
