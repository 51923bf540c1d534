"""N-1: firm capacity covers the year's 8,760 h peak, whole and after the loss of the largest unit of any type.

For each thermal type k: `firm - rating_k (1 - derate) z_k >= peak`, with z_k = 1 where a unit of it is installed.
With `grid_contingency` also `firm - G >= peak`. With nothing that can fail, `firm >= peak` remains.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyomo.environ as pyo

from engine.formulation import Capacity, Formulation, Terms, terms
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid, Thermal


class NMinusOne(Limit):
    """Firm capacity without the worst single loss against the peak."""

    name, label, unit = "n_minus_1", "N-1 firm capacity", "MW"
    sense = "at_least"
    sized_only = True

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.n_minus_1

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        self._cover(form, "firm_capacity_covers_the_peak", lambda year: Terms())
        for key, data in form.scenario.active_technologies.items():
            if isinstance(data, Thermal):
                self._add_unit_loss(form, key, data, capacities[key])
            elif isinstance(data, Grid) and form.scenario.limits.grid_contingency:
                p_mw = capacities[key].p_mw
                self._cover(form, f"firm_capacity_survives_the_loss_of_{key}", lambda y, p=p_mw: terms((1.0, p[y])))

    def _add_unit_loss(self, form: Formulation, key: str, data: Thermal, capacity: Capacity) -> None:
        installed = form.yearly_variable(f"{key}_is_installed", lambda _: 1, pyo.Binary)
        form.require(
            f"{key}_counts_as_installed_from_its_first_unit",
            (
                (year, terms((1.0, capacity.units[year]), (-capacity.most_units[year], installed[year])), "<=", 0.0)
                for year in form.years
            ),
        )

        if data.life_years >= len(form.years):
            # Nothing retires within the plan: a type stays installed, which saves the search most of its branches.
            form.require(
                f"{key}_stays_installed",
                ((y, terms((1.0, installed[y]), (-1.0, installed[y + 1])), "<=", 0.0) for y in form.years[:-1]),
            )

        def lost(year: int) -> Terms:
            derate = float(form.steps.derate_at_peak_frac[key][form.row_of(year)])
            return terms((data.unit_mw * (1 - derate), installed[year]))

        self._cover(form, f"firm_capacity_survives_the_loss_of_one_{key}", lost)

    @staticmethod
    def _cover(form: Formulation, name: str, lost: object) -> None:
        def left(year: int) -> Terms:
            total = Terms()
            total.extend(1.0, form.ledgers.firm_mw[year])
            total.extend(-1.0, lost(year))  # type: ignore[operator]
            return total

        peak_mw = form.steps.peak_mw
        form.require(name, ((year, left(year), ">=", float(peak_mw[form.row_of(year)])) for year in form.years))

    def measure(self, tables: YearOfTables) -> Measured:
        firm_mw = float(tables.capacity["firm_mw"].sum())
        worst = max((self._loss_mw(tables, key) for key in tables.scenario.active_technologies), default=0.0)
        return Measured(firm_mw - worst, tables.peak_mw)

    def relaxable(self, form: Formulation) -> Relaxable | None:
        # The switch takes no figure: what gives way is firm capacity short of the peak, 0 MW now.
        return Relaxable(
            self.name, "N-1", "MW short", "limits.n_minus_1", 0.0, ("firm_capacity_*",),
            size=float(form.steps.peak_mw.max()), off={"limits.n_minus_1": False},
        )  # fmt: skip

    @staticmethod
    def _loss_mw(tables: YearOfTables, key: str) -> float:
        data = tables.scenario.technologies[key]
        rows = tables.capacity[tables.capacity["technology"] == key]
        p_nom_mw, firm_mw = float(rows["p_nom_mw"].sum()), float(rows["firm_mw"].sum())
        if isinstance(data, Thermal):
            # Firm over nominal is 1 - derate at the peak; one installed unit is lost whole.
            return data.unit_mw * firm_mw / p_nom_mw if p_nom_mw > 0 else 0.0
        if isinstance(data, Grid) and tables.scenario.limits.grid_contingency:
            return p_nom_mw
        return 0.0
