"""Water of a year: evaporative cooling of the site, which follows the load, and what the plant takes."""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulation import Capacity, Formulation
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario
from engine.terms import Terms
from engine.units import GAL_PER_MILLION_GAL

STATEMENT = "water_stays_within_its_limit"


class WaterLimit(Limit):
    """`cooling + sum of w x generation x gal/MWh <= million gallons`."""

    name, label, unit = "water", "Water", "Mgal/yr"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.water_million_gal_per_yr is not None

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        ceiling, steps = form.scenario.limits.water_million_gal_per_yr, form.steps
        assert ceiling is not None

        def taken(year: int) -> Terms:
            total = Terms()
            total.extend(1.0, form.ledgers.water_million_gal[year])
            total.constant += cooling_water_million_gal(form.scenario, float(steps.required_mwh[form.row_of(year)]))
            return total

        form.require(STATEMENT, ((year, taken(year), "<=", ceiling) for year in form.years))

    def measure(self, tables: YearOfTables) -> Measured:
        plant = sum(annual.water_million_gal for annual in tables.annual.values())
        cooling = cooling_water_million_gal(tables.scenario, tables.required_mwh)
        return Measured(plant + cooling, float(tables.scenario.limits.water_million_gal_per_yr or 0.0))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        ceiling = float(form.scenario.limits.water_million_gal_per_yr or 0.0)
        place = "limits.water_million_gal_per_yr"
        return Relaxable(self.name, self.label, self.unit, place, ceiling, (STATEMENT,))


def cooling_water_million_gal(scenario: Scenario, required_mwh: float) -> float:
    """Water that evaporative cooling takes for a year's load [million US gallons]."""
    load = scenario.load
    return load.water_gal_per_mwh_it * required_mwh / load.pue / GAL_PER_MILLION_GAL
