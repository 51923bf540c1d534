"""One formulation, two uses: shared ledgers, the hourly balance and the objective.

Technologies write linear terms to the ledgers; limits and the objective read them. Neither the balance nor
the objective changes when a technology is added. Capacities are variables in the sizing and numbers in
the dispatch; `Terms.add` takes both. What happens by the hour is written in whole arrays (`engine.linear`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo

from engine.linear import Block, LinearModel
from engine.nomenclature import SITE
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.terms import Column, Numbers, Quantity, Terms, is_number


@dataclass
class Capacity:
    """Capacity in service of one technology in each year: variables or numbers.

    Attributes
    ----------
    p_mw : dict of int to quantity
        Power [MW].
    e_mwh : dict of int to quantity
        Energy [MWh]; batteries only.
    units : dict of int to quantity
        Units; thermal only.
    connected : dict of int to quantity
        1 once connected; grid only.
    usable_mw, usable_mwh : dict of int to quantity
        What is left of power (solar, wind) and energy (batteries) after fading [MW], [MWh].
    existing_mw : dict of int to Terms
        Of the capacity, what stood before the plan [MW]; sizing only.
    built_mw, built_mwh : dict of int to quantity
        New for the year; sizing only.
    most_units : dict of int to int
        Units that a year can use at most; sizing only.
    """

    p_mw: dict[int, Quantity]
    e_mwh: dict[int, Quantity] = field(default_factory=dict)
    usable_mw: dict[int, Quantity] = field(default_factory=dict)
    usable_mwh: dict[int, Quantity] = field(default_factory=dict)
    existing_mw: dict[int, Terms] = field(default_factory=dict)
    units: dict[int, Quantity] = field(default_factory=dict)
    connected: dict[int, Quantity] = field(default_factory=dict)
    built_mw: dict[int, Quantity] = field(default_factory=dict)
    built_mwh: dict[int, Quantity] = field(default_factory=dict)
    most_units: dict[int, int] = field(default_factory=dict)


Hours = tuple[Series, Numbers]  # coefficient and column of each step, arrays (T,)


@dataclass
class Ledgers:
    """Where technologies write what they do; a yearly entry is a `Terms`, an hourly one a list of arrays by step.

    Attributes
    ----------
    power_mw : by (bus, carrier, year)
        Net injection of each step [MW]; one bus "site" and one carrier "electricity" today.
    gas_mmbtu : by year
        Gas burnt in each step [MMBtu].
    gas_year_mmbtu : by year
        Gas burnt in the real year (weighted) [MMBtu]; written only where a limit asks for it.
    overnight_usd : by year
        Overnight cost of what is built for the year [USD]; sizing only.
    nox_short_tons, co2_tonnes : by year
        Emitted in the real year (weighted).
    water_million_gal : by year
        Taken by the plant, without the site's cooling [million US gallons].
    land_acres, firm_mw : by year
    firm_response_mw : by year
        Load that the site drops itself when a unit trips [MW].
    curtailed_mwh : by year
        Cut in the real year, expected calls included [MWh].
    cost_usd : by (year, technology, category)
        Undiscounted cost of the real year.
    """

    power_mw: dict[tuple[str, str, int], list[Hours]] = field(default_factory=lambda: defaultdict(list))
    gas_mmbtu: dict[int, list[Hours]] = field(default_factory=lambda: defaultdict(list))
    gas_year_mmbtu: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    overnight_usd: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    nox_short_tons: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    water_million_gal: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    co2_tonnes: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    land_acres: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    firm_mw: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    firm_response_mw: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    curtailed_mwh: dict[int, Terms] = field(default_factory=lambda: defaultdict(Terms))
    cost_usd: dict[tuple[int, str, str], Terms] = field(default_factory=lambda: defaultdict(Terms))


BUS, CARRIER = "site", "electricity"


class Formulation(LinearModel):
    """A model under construction, with its ledgers.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
        Time steps and hourly inputs of the stage.
    """

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        super().__init__()
        self.scenario = scenario
        self.steps = steps
        self.years = steps.years
        self.ledgers = Ledgers()
        self.flows: dict[str, Block] = {}
        self.capacities: dict[str, Capacity] = {}
        # (choice, first flow, second flow) of each hour in which only one of two directions may flow.
        self.one_way: list[tuple[Column, Column, Column]] = []
        self.levels: dict[str, Block] = {}  # linked storage at the beginning of each real period [MWh]
        # MW promised by (product, source, year); see engine/demand_response/commitments.py.
        self.committed_mw: Mapping[tuple[str, str, int], Quantity] = {}

    def row_of(self, year: int) -> int:
        """Row of a year in the arrays of `steps`."""
        return self.years.index(year)

    def hourly_variable(self) -> Block:
        """A non-negative variable [MW or MWh] for each year and step."""
        return self.block(self.years, self.steps.count)

    def yearly_variable(
        self, name: str, upper: Callable[[int], float], domain: Any = pyo.NonNegativeReals
    ) -> dict[int, Column]:
        """A variable for each year, from 0 to `upper(year)`."""
        return self.decide(name, self.years, lambda year: (0, upper(year)), domain)

    def most(self, quantity: Quantity) -> float:
        """The most that a quantity can be: a number itself, a decision its upper bound."""
        if is_number(quantity):
            return float(quantity)
        upper = self.decided[quantity].ub
        return float("inf") if upper is None else float(upper)

    def flow(self, technology: str, suffix: str, variable: Block, sign: int) -> None:
        """Register an hourly flow of a technology and inject it into the bus (sign 0: no injection)."""
        self.flows[f"{technology}_{suffix}"] = variable
        if sign == 0:
            return
        for year in self.years:
            self.ledgers.power_mw[BUS, CARRIER, year].append(
                (np.full(self.steps.count, float(sign)), variable.of(year))
            )

    def require_hourly(
        self,
        name: str,
        hours: Callable[[int], Iterable[tuple[Series | float, Any]]],
        sense: str,
        right: Callable[[int], Series | float],
        *,
        only: Callable[[int], Any] | None = None,
        count: int | None = None,
    ) -> None:
        """Add a row for each year and step, indexed by both.

        Parameters
        ----------
        hours : callable
            Of a year: (coefficient, columns) pairs, each an array (T,) or one for all steps. A number in
            place of columns goes to the right.
        right : callable
            Right-hand side of a year, array (T,) or a number.
        only : callable, optional
            Steps of a year that have a row, array of bool (T,); by default all.
        count : int, optional
            Rows of a year, where they are not its steps.
        """
        count = self.steps.count if count is None else count
        index: list[Any] = []
        entries, sides = [], []
        for year in self.years:
            chosen = np.arange(count) if only is None else np.flatnonzero(only(year))
            if not len(chosen):
                continue
            bound = np.broadcast_to(np.asarray(right(year), dtype=float), (count,))[chosen]
            rows = np.arange(len(index), len(index) + len(chosen))
            for coefficient, columns in hours(year):
                values = np.broadcast_to(np.asarray(coefficient, dtype=float), (count,))[chosen]
                if is_number(columns):
                    bound = bound - values * columns
                else:
                    numbers = np.broadcast_to(np.asarray(columns), (count,))[chosen]
                    entries.append((rows, numbers, values))
            sides.append(bound)
            index.extend((year, int(step)) for step in chosen)
        if index:
            self.require_rows(name, index, entries, sense, np.concatenate(sides))

    def limit_by(self, name: str, variable: Block, share: Series | float, capacity: Mapping[int, Quantity]) -> None:
        """Hold `variable[y, t] <= share[t] x capacity[y]`: a row in the sizing, a bound in the dispatch.

        A bound also where the capacity cannot be above zero: what is not there needs no rows.
        """
        for row, year in enumerate(self.years):
            most = self.most(capacity[year])
            if is_number(capacity[year]) or most == 0.0:
                variable.upper[row] = share * most
        self.require_hourly(
            name,
            lambda year: [(1.0, variable.of(year)), (-np.asarray(share, dtype=float), capacity[year])],
            "<=",
            lambda _: 0.0,
            only=lambda year: np.full(
                self.steps.count, not is_number(capacity[year]) and self.most(capacity[year]) > 0.0
            ),
        )

    def add_unserved_energy(self) -> None:
        """Only the hourly balance has slack, at the value of lost load."""
        steps, price = self.steps, self.scenario.money.value_of_lost_load_usd_per_mwh
        unserved = self.hourly_variable()
        self.flow_of_site("unserved_mw", unserved)
        unserved.upper[:] = steps.load_mw
        for year in self.years:
            self.ledgers.cost_usd[year, SITE, "unserved"].add_hours(price * steps.weight_h, unserved.of(year))

    def flow_of_site(self, column: str, variable: Block) -> None:
        """Register a flow that belongs to no technology; it supplies the bus."""
        self.flow(SITE, column, variable, +1)
        self.flows[column] = self.flows.pop(f"{SITE}_{column}")

    def close_balance(self) -> None:
        """Supply equals load in every step: `sum of injections == load`."""
        self.require_hourly(
            "supply_meets_load",
            lambda year: self.ledgers.power_mw[BUS, CARRIER, year],
            "==",
            lambda year: self.steps.load_mw[self.row_of(year)],
        )

    def discount_factor(self, year: int) -> float:
        """(1 + r)^-(year - first year of the plan)."""
        money, first = self.scenario.money, self.scenario.time.first_year
        return float((1 + money.discount_rate_frac) ** -(year - first))

    def minimise_cost(self) -> None:
        """Objective: present value of all costs in the ledger [USD]."""
        for (year, _, _), cost in self.ledgers.cost_usd.items():
            self.objective.extend(self.discount_factor(year), cost)
