"""Limits that a technology carries itself: what it builds and what it gives in one year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.formulation import Capacity, Formulation
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.nomenclature import FLOWS
from engine.scenario.equipment import Equipment
from engine.scenario.schema import Scenario
from engine.terms import Terms, terms

# Energy is counted in GWh, so that its coefficients stay near one.
MWH_PER_UNIT = 1000.0


class _OfTechnology(Limit):
    """A limit of one technology, stated in its own data."""

    def __init__(self, key: str, data: Equipment, ceiling: float) -> None:
        self.key, self.data, self.ceiling = key, data, ceiling

    def applies(self, scenario: Scenario) -> bool:
        return self.key in scenario.active_technologies

    def _relaxable(self, field: str, statement: str, per_unit: float) -> Relaxable:
        place = f"technologies.{self.key}.{field}"
        return Relaxable(self.name, self.label, self.unit, place, self.ceiling, (statement,), per_unit)


class Pace(_OfTechnology):
    """`built[y] <= MW a year`."""

    unit, sized_only = "MW/yr", True

    def __init__(self, key: str, data: Equipment, ceiling: float) -> None:
        super().__init__(key, data, ceiling)
        self.name, self.label = f"{key}_builds", f"{data.label or key}, built in a year"

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        built = capacities[self.key].built_mw

        def left(year: int) -> Terms:
            return built[year] if isinstance(built[year], Terms) else terms((1.0, built[year]))

        rows = ((year, left(year), "<=", self.ceiling) for year in form.years)
        form.require(self._statement, rows)

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(tables.capacity[self.key]["built_mw"], self.ceiling)

    @property
    def _statement(self) -> str:
        return f"{self.key}_builds_no_faster_than_its_pace"

    def relaxable(self, form: Formulation) -> Relaxable:
        return self._relaxable("max_build_mw_per_yr", self._statement, 1.0)


class YearlyEnergy(_OfTechnology):
    """`sum of w x flow <= MWh a year`: generated, discharged or imported."""

    unit = "MWh/yr"

    def __init__(self, key: str, data: Equipment, ceiling: float) -> None:
        super().__init__(key, data, ceiling)
        self.name, self.label = f"{key}_energy", f"{data.label or key}, energy in a year"

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        steps = form.steps
        kind: str = self.data.kind  # type: ignore[attr-defined]
        flow = form.flows[f"{self.key}_{FLOWS[kind][0].suffix}"]

        def given(year: int) -> Terms:
            total = Terms()
            total.add_hours(steps.weight_h / MWH_PER_UNIT, flow.of(year))
            return total

        rows = ((year, given(year), "<=", self.ceiling / MWH_PER_UNIT) for year in form.years)
        form.require(self._statement, rows)

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(tables.annual[self.key].energy_mwh, self.ceiling)

    @property
    def _statement(self) -> str:
        return f"{self.key}_gives_no_more_than_its_yearly_energy"

    def relaxable(self, form: Formulation) -> Relaxable:
        return self._relaxable("max_mwh_per_yr", self._statement, 1.0 / MWH_PER_UNIT)


def technology_limits(scenario: Scenario) -> Iterator[Limit]:
    """Limits that the technologies of a scenario state."""
    for key, data in scenario.active_technologies.items():
        if data.max_build_mw_per_yr is not None:
            yield Pace(key, data, data.max_build_mw_per_yr)
        if data.max_mwh_per_yr is not None:
            yield YearlyEnergy(key, data, data.max_mwh_per_yr)
