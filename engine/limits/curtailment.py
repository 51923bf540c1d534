"""Budget of curtailment: what may be cut in a year, expected calls of the products included.

`sum of w x cut + sum of called hours x c <= min(energy, hours, events budget)`, all in MWh: hours and events count at
the highest callable MW.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.demand_response.products import budget_mwh
from engine.formulation import Capacity, Formulation
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario


class CurtailmentBudget(Limit):
    """The smallest of the energy, hours and events budgets of demand response."""

    name, label, unit = "curtailment", "Curtailment budget", "MWh/yr"

    def applies(self, scenario: Scenario) -> bool:
        return scenario.demand_response.enabled

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        rows = []
        for row, year in enumerate(form.years):
            used = form.ledgers.curtailed_mwh[year]
            if used.is_empty:
                continue  # commitments are numbers here: the sizing has held them
            allowed = budget_mwh(form.scenario, float(form.steps.required_mwh[row]), float(form.steps.peak_mw[row]))
            rows.append((year, used, "<=", max(allowed, used.constant)))
        if rows:
            form.require("curtailment_stays_within_its_budget", rows)

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(tables.curtailed_mwh, budget_mwh(tables.scenario, tables.required_mwh, tables.peak_mw))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        response = form.scenario.demand_response
        if response.budget_hours_per_yr is not None or response.budget_events_per_yr is not None:
            return None  # the least of three budgets holds the row: none of them alone moves it
        by_year = {year: float(form.steps.required_mwh[row]) for row, year in enumerate(form.years)}
        place, statements = "demand_response.budget_energy_frac", ("curtailment_stays_within_its_budget",)
        return Relaxable(
            self.name, self.label, "of energy", place, response.budget_energy_frac, statements, by_year, size=1.0
        )
