"""What a diagnosis found, as stored in the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What is in the way of serving all load."""

    CONFLICT = "conflict"
    """Named limits that cannot hold together."""
    NO_REMEDY = "no_remedy"
    """Not even without any named limit can all load be served."""
    BY_CHOICE = "by_choice"
    """Nothing: every limit can hold, and shedding is cheaper."""


@dataclass(frozen=True)
class Way:
    """A limit that gives way far enough.

    Attributes
    ----------
    value : float
        The limit that would do, rounded to its loose side.
    overrides : dict
        What the scenario then says, by place.
    """

    value: float
    overrides: Mapping[str, Any]


@dataclass(frozen=True)
class Remedy:
    """One named limit.

    Attributes
    ----------
    limit, label, unit, path : str
        As in the `limits` table; place of its field in the scenario.
    sense : str
        "at_most" or "at_least".
    now : float
    alone : Way or None
        What would do if it gave way alone; None: not by itself.
    least_value : float or None
        Its value in the least relaxation; None where it stays as it is.
    """

    limit: str
    label: str
    unit: str
    path: str
    sense: str
    now: float
    alone: Way | None
    least_value: float | None


@dataclass(frozen=True)
class Diagnosis:
    """Why not all load is served.

    Attributes
    ----------
    outcome : Outcome
    remedies : tuple of Remedy
        Every limit that a planner could move.
    conflicts : tuple of tuple of str
        Sets of limits that cannot hold together while all load is served; none of a set can be left out of it.
    overrides : dict
        The least relaxation together, by place in the scenario.
    least_total_frac : float or None
        Sum of its relaxations, each as a share of its limit.
    statements : tuple of str
        Without a remedy: names of the constraints that cannot hold together.
    years : tuple of int
        Without a remedy: the years in which they cannot.
    confirmed : bool
        The least relaxation was tried on every hour of the sizing with whole units.
    seconds : float
    """

    outcome: Outcome
    remedies: tuple[Remedy, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()
    overrides: Mapping[str, Any] | None = None
    least_total_frac: float | None = None
    statements: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    confirmed: bool = True
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        content = asdict(self)
        content["outcome"] = str(self.outcome)
        content["remedies"] = list(content["remedies"])
        content["conflicts"] = [list(names) for names in self.conflicts]
        content["statements"], content["years"] = list(self.statements), list(self.years)
        return content
