"""Budget of curtailment: what may be cut in a year, expected calls of the products included.

`sum of w x cut + sum of called hours x c <= min(energy, hours, events budget)`, all in MWh: hours and events count at
the highest callable MW.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.demand_response.products import budget_mwh
from engine.formulation import Capacity, Formulation
from engine.limits.limit import Limit, Measured, YearOfTables
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
            if not used.variables:
                continue  # commitments are numbers here: the sizing has held them
            allowed = budget_mwh(form.scenario, float(form.steps.required_mwh[row]), float(form.steps.peak_mw[row]))
            rows.append((year, used, "<=", max(allowed, used.constant)))
        if rows:
            form.require("curtailment_stays_within_its_budget", rows)

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(tables.curtailed_mwh, budget_mwh(tables.scenario, tables.required_mwh, tables.peak_mw))
