"""One formulation, two uses: shared ledgers, the hourly balance and the objective.

Technologies write linear terms to the ledgers; limits and the objective read them. Neither the balance nor
the objective changes when a technology is added. Capacities are variables in the sizing and numbers in
the dispatch; `Terms.add` takes both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from engine.nomenclature import SITE
from engine.periods import Steps
from engine.scenario.schema import Scenario

Quantity = Any  # a Pyomo variable in the sizing, a float in the dispatch


class Terms:
    """A linear sum under construction: coefficients, variables and a constant."""

    __slots__ = ("coefficients", "constant", "variables")

    def __init__(self) -> None:
        self.coefficients: list[float] = []
        self.variables: list[Any] = []
        self.constant = 0.0

    def add(self, coefficient: float, quantity: Quantity) -> None:
        """Add coefficient x quantity; a number goes to the constant."""
        if isinstance(quantity, int | float):
            self.constant += coefficient * quantity
        elif coefficient != 0.0:
            self.coefficients.append(coefficient)
            self.variables.append(quantity)

    def extend(self, factor: float, other: Terms) -> None:
        """Add factor x other."""
        self.constant += factor * other.constant
        self.coefficients.extend(factor * value for value in other.coefficients)
        self.variables.extend(other.variables)

    def expression(self) -> LinearExpression:
        """The sum as a Pyomo expression."""
        return _linear(self.constant, self)


def _linear(constant: float, sum_of: Terms) -> LinearExpression:
    return LinearExpression(constant=constant, linear_coefs=sum_of.coefficients, linear_vars=sum_of.variables)


def terms(*pairs: tuple[float, Quantity]) -> Terms:
    """Terms of (coefficient, quantity) pairs."""
    result = Terms()
    for coefficient, quantity in pairs:
        result.add(coefficient, quantity)
    return result


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


@dataclass
class Ledgers:
    """Where technologies write what they do; every entry is a `Terms`.

    Attributes
    ----------
    power_mw : by (bus, carrier, year, step)
        Net injection [MW]; one bus "site" and one carrier "electricity" today.
    gas_mmbtu : by (year, representative day)
        Gas burnt on that day [MMBtu].
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

    power_mw: dict[tuple[str, str, int, int], Terms] = field(default_factory=lambda: defaultdict(Terms))
    gas_mmbtu: dict[tuple[int, int], Terms] = field(default_factory=lambda: defaultdict(Terms))
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


class Formulation:
    """A Pyomo model under construction, with its ledgers.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
        Time steps and hourly inputs of the stage.
    """

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        self.scenario = scenario
        self.steps = steps
        self.years = steps.years
        self.model = pyo.ConcreteModel()
        self.ledgers = Ledgers()
        self.flows: dict[str, Callable[[int, int], Any]] = {}
        self.capacities: dict[str, Capacity] = {}
        # (choice, first flow, second flow) of each hour in which only one of two directions may flow.
        self.one_way: list[tuple[Any, Any, Any]] = []
        self.levels: dict[str, pyo.Var] = {}  # linked storage at the beginning of each real period [MWh]
        # MW promised by (product, source, year); see engine/demand_response/commitments.py.
        self.committed_mw: Mapping[tuple[str, str, int], Quantity] = {}

    def row_of(self, year: int) -> int:
        """Row of a year in the arrays of `steps`."""
        return self.years.index(year)

    def hourly_variable(self, name: str) -> pyo.Var:
        """A non-negative variable [MW or MWh] for each year and step."""
        variable = pyo.Var(self.years, range(self.steps.count), domain=pyo.NonNegativeReals)
        self.model.add_component(name, variable)
        return variable

    def yearly_variable(self, name: str, upper: Callable[[int], float], domain: Any = pyo.NonNegativeReals) -> pyo.Var:
        """A variable for each year, from 0 to `upper(year)`."""
        variable = pyo.Var(self.years, domain=domain, bounds=lambda _, year: (0, upper(year)))
        self.model.add_component(name, variable)
        return variable

    def flow(self, technology: str, suffix: str, variable: pyo.Var, sign: int) -> None:
        """Register an hourly flow of a technology and inject it into the bus (sign 0: no injection)."""
        self.flows[f"{technology}_{suffix}"] = lambda year, step: variable[year, step]
        if sign == 0:
            return
        for year in self.years:
            for step in range(self.steps.count):
                self.ledgers.power_mw[BUS, CARRIER, year, step].add(sign, variable[year, step])

    def require(self, name: str, rows: Iterable[tuple[Any, Terms, str, float]]) -> None:
        """Add constraints named as a statement.

        Parameters
        ----------
        name : str
            E.g. "engine_runs_within_its_capacity".
        rows : iterable of (index, Terms, sense, right-hand side)
            Sense is "<=", ">=" or "==". A row without variables is checked at once: it must hold, or the
            model is infeasible by itself and says so as an empty row for the solver to refuse.
        """
        entries = {index: (left, sense, right) for index, left, sense, right in rows}

        def rule(_: Any, *index: Any) -> Any:
            left, sense, right = entries[index[0] if len(index) == 1 else index]
            bound = right - left.constant
            if not left.variables:
                holds = {"<=": bound >= -1e-9, ">=": bound <= 1e-9, "==": abs(bound) <= 1e-9}[sense]
                return pyo.Constraint.Feasible if holds else pyo.inequality(1, self._never, None)
            body = _linear(0.0, left)
            lower, upper = (None if sense == "<=" else bound), (None if sense == ">=" else bound)
            return (lower, body, upper)

        self.model.add_component(name, pyo.Constraint(list(entries), rule=rule))

    @property
    def _never(self) -> Any:
        """A variable fixed at zero by its bounds: asking it to be 1 makes a limit infeasible, by name."""
        if not hasattr(self.model, "never"):
            self.model.never = pyo.Var(bounds=(0, 0))
        return self.model.never

    def limit_by(
        self, name: str, variable: pyo.Var, share: Callable[[int], Any], capacity: dict[int, Quantity]
    ) -> None:
        """Hold `variable[y, t] <= share(t) x capacity[y]`: a row in the sizing, a bound in the dispatch."""
        rows = []
        for year in self.years:
            nominal = capacity[year]
            for step in range(self.steps.count):
                if isinstance(nominal, int | float):
                    variable[year, step].setub(share(step) * nominal)
                else:
                    rows.append(((year, step), terms((1.0, variable[year, step]), (-share(step), nominal)), "<=", 0.0))
        if rows:
            self.require(name, rows)

    def add_unserved_energy(self) -> None:
        """Only the hourly balance has slack, at the value of lost load."""
        steps, price = self.steps, self.scenario.money.value_of_lost_load_usd_per_mwh
        unserved = self.hourly_variable("unserved_mw")
        self.flow_of_site("unserved_mw", unserved)
        for year in self.years:
            load = steps.load_mw[self.row_of(year)]
            cost = self.ledgers.cost_usd[year, SITE, "unserved"]
            for step in range(steps.count):
                unserved[year, step].setub(float(load[step]))
                cost.add(price * float(steps.weight_h[step]), unserved[year, step])

    def flow_of_site(self, column: str, variable: pyo.Var) -> None:
        """Register a flow that belongs to no technology; it supplies the bus."""
        self.flow(SITE, column, variable, +1)
        self.flows[column] = self.flows.pop(f"{SITE}_{column}")

    def close_balance(self) -> None:
        """Supply equals load in every step: `sum of injections == load`."""
        load = self.steps.load_mw
        self.require(
            "supply_meets_load",
            (
                ((year, step), self.ledgers.power_mw[BUS, CARRIER, year, step], "==", float(load[row, step]))
                for row, year in enumerate(self.years)
                for step in range(self.steps.count)
            ),
        )

    def discount_factor(self, year: int) -> float:
        """(1 + r)^-(year - first year of the plan)."""
        money, first = self.scenario.money, self.scenario.time.first_year
        return float((1 + money.discount_rate_frac) ** -(year - first))

    def minimise_cost(self) -> None:
        """Objective: present value of all costs in the ledger [USD]."""
        total = Terms()
        for (year, _, _), cost in self.ledgers.cost_usd.items():
            total.extend(self.discount_factor(year), cost)
        self.model.present_value_usd = pyo.Objective(expr=total.expression())
