"""From a scenario and its steps to a complete model, and from a solution back to tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.demand_response.accounts import COMMITMENT_TYPES
from engine.demand_response.commitments import add_commitments
from engine.demand_response.operation import add_cuts
from engine.demand_response.sources import hourly_sources
from engine.formulation import Capacity, Formulation
from engine.limits import limits_of
from engine.nomenclature import FLOWS, response_columns
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.solver import Solution
from engine.technologies import BEHAVIOURS
from engine.terms import Quantity, Terms, is_number

# Values this small are the solver's rounding, not megawatts.
NOISE = 1e-9


def build(
    scenario: Scenario,
    steps: Steps,
    capacity: pd.DataFrame | None = None,
    commitments: pd.DataFrame | None = None,
) -> Formulation:
    """Build a stage's model.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
    capacity : pandas.DataFrame, optional
        The `capacity` table: capacities are its numbers (dispatch). Without it they are variables (sizing).
    commitments : pandas.DataFrame, optional
        The `commitments` table, likewise.
    """
    form = Formulation(scenario, steps)
    for key, data in scenario.active_technologies.items():
        behaviour = BEHAVIOURS[data.kind]
        if capacity is None:
            form.capacities[key] = behaviour.add_investment(form, key, data)
        else:
            form.capacities[key] = behaviour.fixed_capacity(data, capacity[capacity["technology"] == key])
        behaviour.add_operation(form, key, data, form.capacities[key])
    if scenario.demand_response.enabled:
        add_commitments(form, form.capacities, commitments)
        add_cuts(form)
    form.add_unserved_energy()
    form.close_balance()
    for limit in limits_of(scenario):
        if not (limit.sized_only and capacity is not None):
            limit.add_constraint(form, form.capacities)
    form.minimise_cost()
    return form


class Reading:
    """Reads a solution back in the model's own terms."""

    def __init__(self, form: Formulation, solution: Solution) -> None:
        assert solution.values is not None
        self.form, self.solution = form, solution
        self._values = np.where(np.abs(solution.values) < NOISE, 0.0, solution.values)

    def value(self, quantity: Quantity | Terms) -> float:
        """Value of a variable, a `Terms` or a number."""
        if isinstance(quantity, Terms):
            coefficients, columns = quantity.arrays()
            return quantity.constant + float(coefficients @ self._values[columns])
        return float(quantity) if is_number(quantity) else float(self._values[quantity])

    def capacity_table(self) -> pd.DataFrame:
        """The `capacity` table of a sizing."""
        rows = [
            self._capacity_row(year, key, capacity)
            for year in self.form.years
            for key, capacity in self.form.capacities.items()
        ]
        return pd.DataFrame(rows)

    def _capacity_row(self, year: int, key: str, capacity: Capacity) -> dict[str, Any]:
        data = self.form.scenario.technologies[key]
        amounts = {
            "p_nom_mw": self.value(capacity.p_mw[year]),
            "e_nom_mwh": self.value(capacity.e_mwh.get(year, 0.0)),
            "usable_mw": self.value(capacity.usable_mw.get(year, capacity.p_mw[year])),
            "usable_mwh": self.value(capacity.usable_mwh.get(year, 0.0)),
            "units": self.value(capacity.units.get(year, 0.0)),
            "built_mw": self.value(capacity.built_mw[year]),
            "built_mwh": self.value(capacity.built_mwh.get(year, 0.0)),
            "existing_mw": self.value(capacity.existing_mw[year]),
        }
        derates = self.form.steps.derate_at_peak_frac.get(key)
        derate = 0.0 if derates is None else float(derates[self.form.row_of(year)])
        described = BEHAVIOURS[data.kind].describe_capacity(data, amounts, derate)
        return {"year": year, "technology": key, "kind": data.kind, **amounts, **described}

    def commitments_table(self) -> pd.DataFrame:
        """The `commitments` table of a sizing; what is not committed has no row."""
        values = {offer: self.value(quantity) for offer, quantity in self.form.committed_mw.items()}
        rows = [(year, product, source, mw) for (product, source, year), mw in values.items() if mw > 0]
        return pd.DataFrame(sorted(rows), columns=list(COMMITMENT_TYPES)).astype(COMMITMENT_TYPES)

    def hourly(self, year: int, usable_mw: Mapping[tuple[int, str], float]) -> dict[str, Series]:
        """Flows of a year, by column of the hourly tables, each of shape (T,)."""
        steps = self.form.steps
        columns: dict[str, Series] = {
            "load_mw": steps.load_mw[self.form.row_of(year)],
            "unserved_mw": self._flow("unserved_mw", year),
        }
        for key, data in self.form.scenario.active_technologies.items():
            derived = BEHAVIOURS[data.kind].derived_flows(key, data, steps, usable_mw[year, key])
            for flow in FLOWS[data.kind]:
                column = f"{key}_{flow.suffix}"
                columns[column] = derived[column] if column in derived else self._flow(column, year)
        for column in response_columns(hourly_sources(self.form.scenario)):
            columns[column] = self._flow(column, year) if column in self.form.flows else np.zeros(steps.count)
        return columns

    def linked_storage_table(self) -> pd.DataFrame:
        """The `linked_storage` table: what each store holds as each real period begins."""
        rows = [
            {"year": year, "technology": key, "real_period": real, "soc_mwh": float(self._values[column])}
            for key, levels in self.form.levels.items()
            for year in levels.years
            for real, column in enumerate(levels.of(year))
        ]
        return pd.DataFrame(rows, columns=["year", "technology", "real_period", "soc_mwh"])

    def _flow(self, column: str, year: int) -> Series:
        flow: Series = self._values[self.form.flows[column].of(year)]
        return flow

    def marginal_price(self, year: int) -> Series:
        """Undiscounted marginal price of energy in each step [USD/MWh], from the balance's duals."""
        duals, steps = self.solution.row_duals, self.form.steps
        assert duals is not None
        balance = self.form.statements["supply_meets_load"].rows.reshape(len(self.form.years), steps.count)
        rows = balance[self.form.row_of(year)]
        price: Series = duals[rows] / (self.form.discount_factor(year) * steps.weight_h)
        return price

    def total_cost_usd(self) -> float:
        """The model's objective at these values [USD, present value]."""
        return self.value(self.form.objective)


def usable_mw(capacity: pd.DataFrame) -> dict[tuple[int, str], float]:
    """Usable power [MW] by year and technology, from the `capacity` table."""
    columns = (capacity["year"], capacity["technology"], capacity["usable_mw"])
    return {(int(year), str(key)): float(mw) for year, key, mw in zip(*columns, strict=True)}


def sampled_table(steps: Steps, by_year: Mapping[int, Mapping[str, Series]]) -> pd.DataFrame:
    """The `sampled_hourly` table of a sizing."""
    frames = []
    for year, columns in by_year.items():
        head = {"year": year, "step": np.arange(steps.count), "period": steps.period, "hour": steps.hour}
        frames.append(pd.DataFrame({**head, "weight_h": steps.weight_h, **columns}))
    return pd.concat(frames, ignore_index=True)
