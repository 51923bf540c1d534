"""Yearly and daily ceilings: NOx, CO2, gas supply and land; and the share of energy to be served."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine import wording
from engine.formulation import Capacity, Formulation, Ledgers
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario
from engine.terms import Terms
from engine.units import MMBTU_PER_MCF

# Gas is counted in thousand Mcf, so that its coefficients stay near one.
MCF_PER_UNIT = 1000.0
# More than a peaking unit costs that is kept for a single hour of one year, in values of lost load.
LOST_LOAD_OF_SEARCH = 20.0


class YearlyCeiling(Limit):
    """A ledger's yearly sum under a ceiling of the scenario.

    Parameters
    ----------
    name, label, unit : str
        As in the `limits` table.
    field : str
        Of `Limits` in the scenario; empty: no limit.
    statement : str
        Name of the constraint.
    ledger : callable
        Picks the ledger, by year.
    used : callable
        The same sum from the tables alone.
    sized_only : bool
        Concerns capacities alone.
    scale : float
        Units counted as one in the model, so that its coefficients stay near one.
    """

    def __init__(
        self,
        name: str,
        label: str,
        unit: str,
        *,
        field: str,
        statement: str,
        ledger: Callable[[Ledgers], Mapping[int, Terms]],
        used: Callable[[YearOfTables], float],
        sized_only: bool = False,
        scale: float = 1.0,
    ) -> None:
        self.name, self.label, self.unit, self.sized_only, self._scale = name, label, unit, sized_only, scale
        self.field, self._statement, self._ledger, self._used = field, statement, ledger, used

    def _ceiling(self, scenario: Scenario) -> float | None:
        ceiling: float | None = getattr(scenario.limits, self.field)
        return ceiling

    def applies(self, scenario: Scenario) -> bool:
        return self._ceiling(scenario) is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling, ledger = self._ceiling(form.scenario), self._ledger(form.ledgers)
        assert ceiling is not None
        rows = []
        for year in form.years:
            left = Terms()
            left.extend(1.0 / self._scale, ledger.get(year, Terms()))
            rows.append((year, left, "<=", ceiling / self._scale))
        form.require(self._statement, rows)

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(self._used(tables), self._ceiling(tables.scenario) or 0.0)

    def relaxable(self, form: Formulation) -> Relaxable | None:
        ceiling = self._ceiling(form.scenario)
        assert ceiling is not None
        place = f"limits.{self.field}"
        return Relaxable(self.name, self.label, self.unit, place, ceiling, (self._statement,), 1.0 / self._scale)


NOX = YearlyCeiling(
    "nox",
    "NOx",
    "t/yr",
    field="nox_short_tons_per_yr",
    statement="nox_stays_within_its_permit",
    ledger=lambda ledgers: ledgers.nox_short_tons,
    used=lambda tables: sum(annual.nox_short_tons for annual in tables.annual.values()),
)
CO2 = YearlyCeiling(
    "co2",
    wording.CO2,
    "t/yr",
    field="co2_tonnes_per_yr",
    statement="co2_stays_within_its_limit",
    ledger=lambda ledgers: ledgers.co2_tonnes,
    used=lambda tables: sum(annual.co2_tonnes for annual in tables.annual.values()),
)
LAND = YearlyCeiling(
    "land",
    "Land",
    "acres",
    field="land_acres",
    statement="plant_fits_on_the_land",
    ledger=lambda ledgers: ledgers.land_acres,
    used=lambda tables: tables.total("land_acres"),
    sized_only=True,
)

GAS_OF_YEAR = YearlyCeiling(
    "gas_year",
    "Gas, year",
    "MMBtu/yr",
    field="gas_mmbtu_per_yr",
    statement="gas_stays_within_its_yearly_volume",
    ledger=lambda ledgers: ledgers.gas_year_mmbtu,
    used=lambda tables: sum(annual.gas_year_mmbtu for annual in tables.annual.values()),
    scale=1e5,
)
CAPITAL = YearlyCeiling(
    "capital",
    "Capital, year",
    "USD/yr",
    field="capital_usd_per_yr",
    statement="capital_stays_within_its_yearly_budget",
    ledger=lambda ledgers: ledgers.overnight_usd,
    used=lambda tables: tables.overnight_usd,
    sized_only=True,
    scale=1e6,
)


class ServedShare(Limit):
    """`sum of w x unserved <= (1 - share) x required energy`; the sizing alone holds it, the dispatch reports it."""

    name, label, unit = "served", "Energy served", "of energy"
    sense = "at_least"
    sized_only = True

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.served_frac is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        share, steps = form.scenario.limits.served_frac, form.steps
        assert share is not None
        unserved = form.flows["unserved_mw"]

        def missing(year: int) -> Terms:
            total = Terms()
            total.add_hours(steps.weight_h, unserved.of(year))
            return total

        allowed = (1.0 - share) * steps.required_mwh
        rows = ((year, missing(year), "<=", float(allowed[row])) for row, year in enumerate(form.years))
        form.require("promised_share_of_energy_is_served", rows)
        if "promised_share_of_energy_is_served" in form.statements:
            usd_per_mwh = form.scenario.money.value_of_lost_load_usd_per_mwh * LOST_LOAD_OF_SEARCH
            form.prices_of_search["promised_share_of_energy_is_served"] = usd_per_mwh

    def measure(self, tables: YearOfTables) -> Measured:
        served = 1.0 - tables.unserved_mwh / tables.required_mwh if tables.required_mwh > 0 else 1.0
        return Measured(served, float(tables.scenario.limits.served_frac or 0.0))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        share, required_mwh = form.scenario.limits.served_frac, form.steps.required_mwh
        assert share is not None
        by_year = {year: float(required_mwh[row]) for row, year in enumerate(form.years)}
        statements = ("promised_share_of_energy_is_served",)
        return Relaxable(
            self.name, self.label, self.unit, "limits.served_frac", share, statements, by_year, "at_least", size=1.0
        )


class GasLimit(Limit):
    """Every (representative) day: `sum of fuel / 1.037 <= Mcf`."""

    name, label, unit = "gas", "Gas, highest day", "Mcf/day"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.gas_mcf_per_day is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling = form.scenario.limits.gas_mcf_per_day
        assert ceiling is not None
        per_unit, day = MMBTU_PER_MCF * MCF_PER_UNIT, form.steps.day
        days = int(day.max()) + 1
        index: list[tuple[int, int]] = []
        entries = []
        for year, burnt in form.ledgers.gas_mmbtu.items():
            first = len(index)
            entries += [(first + day, columns, mmbtu / per_unit) for mmbtu, columns in burnt]
            index += [(year, number) for number in range(days)]
        if index:
            form.require_rows("gas_stays_within_its_daily_supply", index, entries, "<=", ceiling / MCF_PER_UNIT)

    def measure(self, tables: YearOfTables) -> Measured:
        burnt = np.zeros(tables.steps.count)
        for annual in tables.annual.values():
            if annual.gas_mmbtu is not None:
                burnt = burnt + annual.gas_mmbtu
        days = np.bincount(tables.steps.day, weights=burnt) / MMBTU_PER_MCF
        return Measured(float(days.max()), float(tables.scenario.limits.gas_mcf_per_day or 0.0))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        ceiling = form.scenario.limits.gas_mcf_per_day
        assert ceiling is not None
        statements = ("gas_stays_within_its_daily_supply",)
        place, per_unit = "limits.gas_mcf_per_day", 1.0 / MCF_PER_UNIT
        return Relaxable(self.name, self.label, self.unit, place, ceiling, statements, per_unit)
