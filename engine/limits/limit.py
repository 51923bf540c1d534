"""What every limit of the site offers: its rows in the model, and its row in the `limits` table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.formulation import Capacity, Formulation
from engine.limits.relaxable import Relaxable
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.technologies.behaviour import Annual

CapacityOfYear = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class YearOfTables:
    """What a stage's tables say of one year.

    Attributes
    ----------
    scenario : Scenario
    year : int
    steps : Steps
        Steps of the stage.
    capacity : dict of str to dict
        Rows of the `capacity` table for the year by technology: {column: value}.
    annual : dict of str to Annual
        By technology.
    peak_mw, required_mwh : float
        Highest hour [MW] and energy required [MWh] of the year.
    unserved_mwh : float
        Energy not served [MWh].
    overnight_usd : float
        Overnight cost of what is built for the year [USD].
    curtailed_mwh : float
        Cut by demand response, expected calls included [MWh].
    firm_response_mw : float
        Load kept for the site's own contingency [MW].
    """

    scenario: Scenario
    year: int
    steps: Steps
    capacity: CapacityOfYear
    annual: Mapping[str, Annual]
    peak_mw: float
    required_mwh: float
    unserved_mwh: float
    overnight_usd: float
    curtailed_mwh: float
    firm_response_mw: float

    def total(self, column: str) -> float:
        """Sum of a column of the year's capacity over all technologies."""
        return float(sum(row[column] for row in self.capacity.values()))


@dataclass(frozen=True)
class Measured:
    """How much of a limit is used."""

    value: float
    ceiling: float


class Limit(ABC):
    """A limit of the site.

    Attributes
    ----------
    name, label, unit : str
    sense : str
        "at_most", or "at_least" where the ceiling is a floor.
    sized_only : bool
        Concerns capacities alone; the dispatch has nothing to hold.
    """

    name: str
    label: str
    unit: str
    sense: str = "at_most"
    sized_only: bool = False

    @abstractmethod
    def applies(self, scenario: Scenario) -> bool:
        """Whether the scenario sets this limit."""

    @abstractmethod
    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        """Write the limit into the model, from the ledgers."""

    @abstractmethod
    def measure(self, tables: YearOfTables) -> Measured:
        """Value and ceiling of one year, from the tables alone."""

    def relaxable(self, form: Formulation) -> Relaxable | None:
        """The figure that holds this limit's rows; None: no planner moves it, and its rows have no price."""
        return None
