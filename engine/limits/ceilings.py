"""Yearly and daily ceilings: NOx, CO2, gas supply and land; and the share of energy to be served."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.formulation import Capacity, Formulation, Terms, terms
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.scenario.schema import Scenario
from engine.units import MMBTU_PER_MCF

# Gas is counted in thousand Mcf, so that its coefficients stay near one.
MCF_PER_UNIT = 1000.0


class NoxLimit(Limit):
    """`sum of w x fuel x lb per MMBtu / 2000 <= short tons a year`."""

    name, label, unit = "nox", "NOx", "t/yr"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.nox_short_tons_per_yr is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling = form.scenario.limits.nox_short_tons_per_yr
        _hold_yearly(form, "nox_stays_within_its_permit", form.ledgers.nox_short_tons, ceiling)

    def measure(self, tables: YearOfTables) -> Measured:
        value = sum(annual.nox_short_tons for annual in tables.annual.values())
        return Measured(value, float(tables.scenario.limits.nox_short_tons_per_yr or 0.0))


class Co2Limit(Limit):
    """On-site fuel plus imports x intensity."""

    name, label, unit = "co2", "CO2", "t/yr"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.co2_tonnes_per_yr is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling = form.scenario.limits.co2_tonnes_per_yr
        _hold_yearly(form, "co2_stays_within_its_limit", form.ledgers.co2_tonnes, ceiling)

    def measure(self, tables: YearOfTables) -> Measured:
        value = sum(annual.co2_tonnes for annual in tables.annual.values())
        return Measured(value, float(tables.scenario.limits.co2_tonnes_per_yr or 0.0))


class LandLimit(Limit):
    """All technologies' acres together."""

    name, label, unit = "land", "Land", "acres"
    sized_only = True

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.land_acres is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        _hold_yearly(form, "plant_fits_on_the_land", form.ledgers.land_acres, form.scenario.limits.land_acres)

    def measure(self, tables: YearOfTables) -> Measured:
        value = float(tables.capacity["land_acres"].sum())
        return Measured(value, float(tables.scenario.limits.land_acres or 0.0))


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
            return terms(*((float(steps.weight_h[step]), unserved(year, step)) for step in range(steps.count)))

        allowed = (1.0 - share) * steps.required_mwh
        rows = ((year, missing(year), "<=", float(allowed[row])) for row, year in enumerate(form.years))
        form.require("promised_share_of_energy_is_served", rows)

    def measure(self, tables: YearOfTables) -> Measured:
        served = 1.0 - tables.unserved_mwh / tables.required_mwh if tables.required_mwh > 0 else 1.0
        return Measured(served, float(tables.scenario.limits.served_frac or 0.0))


class GasLimit(Limit):
    """Every (representative) day: `sum of fuel / 1.037 <= Mcf`."""

    name, label, unit = "gas", "Gas, highest day", "Mcf/day"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.gas_mcf_per_day is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling = form.scenario.limits.gas_mcf_per_day
        assert ceiling is not None
        rows = []
        for (year, day), burnt in form.ledgers.gas_mmbtu.items():
            left = Terms()
            left.extend(1.0 / (MMBTU_PER_MCF * MCF_PER_UNIT), burnt)
            rows.append(((year, day), left, "<=", ceiling / MCF_PER_UNIT))
        if rows:
            form.require("gas_stays_within_its_daily_supply", rows)

    def measure(self, tables: YearOfTables) -> Measured:
        burnt = np.zeros(tables.steps.count)
        for annual in tables.annual.values():
            if annual.gas_mmbtu is not None:
                burnt = burnt + annual.gas_mmbtu
        days = np.bincount(tables.steps.day, weights=burnt) / MMBTU_PER_MCF
        return Measured(float(days.max()), float(tables.scenario.limits.gas_mcf_per_day or 0.0))


def _hold_yearly(form: Formulation, name: str, ledger: Mapping[int, Terms], ceiling: float | None) -> None:
    assert ceiling is not None
    rows = [(year, ledger[year], "<=", ceiling) for year in form.years if year in ledger]
    if rows:
        form.require(name, rows)
