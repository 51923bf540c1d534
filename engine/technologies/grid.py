"""Grid connection, from its interconnection date on.

import[y,t] <= G[y] <= G_max a[y];  neither a (binary) nor G ever falls;  a = 0 before the date
one connection cost on a[y] - a[y-1], USD per kW on the increments of G, both as annuities from then on
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid
from engine.technologies.behaviour import (
    Annual,
    Behaviour,
    by_year,
    carbon_usd,
    charge_capital,
    energy_mwh,
    first_service_year,
)
from engine.technologies.demand_charge import add_demand_charge, demand_charge_usd
from engine.technologies.one_direction import forbid_both_directions, hours_where_both_could_pay
from engine.terms import Terms, terms
from engine.units import KW_PER_MW

KG_PER_TONNE = 1000.0
LEAST_MW = 0.001


class GridBehaviour(Behaviour):
    """Import capacity, and export where the scenario allows it."""

    def add_investment(self, form: Formulation, key: str, data: Grid) -> Capacity:
        standing = data.existing_mw > 0
        start = first_service_year(form.scenario, data)

        def may_stand(year: int) -> bool:
            return standing or year >= start

        domain = _domain_of_connection(form, data)
        connected = form.yearly_variable(f"{key}_is_connected", lambda year: float(may_stand(year)), domain)
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda year: data.max_mw if may_stand(year) else 0.0)
        built = form.yearly_variable(
            f"{key}_built_mw", lambda year: data.max_mw - data.existing_mw if year >= start else 0.0
        )
        begun = form.yearly_variable(f"{key}_begins", lambda year: 1.0 if year >= start and not standing else 0.0)
        _never_falls(form, f"{key}_stays_connected_once_it_is", connected, begun, float(standing))
        _never_falls(form, f"{key}_capacity_never_falls", p_mw, built, data.existing_mw)
        form.require(
            f"{key}_has_capacity_only_when_connected",
            ((year, terms((1.0, p_mw[year]), (-data.max_mw, connected[year])), "<=", 0.0) for year in form.years),
        )
        # Tables tell a connection by its capacity: one that only exports, or that a gap leaves idle, must show in them.
        form.require(
            f"{key}_carries_something_once_connected",
            ((year, terms((1.0, p_mw[year]), (-LEAST_MW, connected[year])), ">=", 0.0) for year in form.years),
        )
        usd_per_mw = data.overnight_usd_per_kw * KW_PER_MW
        charge_capital(form, key, data, lambda v: [(data.connection_usd, begun[v]), (usd_per_mw, built[v])])
        for year in form.years:
            form.ledgers.cost_usd[year, key, "fixed"].add(data.fixed_usd_per_kw_yr * KW_PER_MW, p_mw[year])
            form.ledgers.land_acres[year].add(data.acres, connected[year])
            form.ledgers.firm_mw[year].add(1.0, p_mw[year])
        existing = Terms()
        existing.constant = data.existing_mw
        return Capacity(
            p_mw=p_mw,
            connected=connected,
            existing_mw=dict.fromkeys(form.years, existing),
            built_mw=built,
        )

    def fixed_capacity(self, data: Grid, rows: pd.DataFrame) -> Capacity:
        p_mw = by_year(rows, "p_nom_mw")
        return Capacity(p_mw=p_mw, connected={year: float(value > 0) for year, value in p_mw.items()})

    def add_operation(self, form: Formulation, key: str, data: Grid, capacity: Capacity) -> None:
        steps, ledgers = form.steps, form.ledgers
        import_price, export_price = steps.import_price_usd_per_mwh[key], steps.export_price_usd_per_mwh[key]
        imports, exports = form.hourly_variable(), form.hourly_variable()
        form.limit_by(f"{key}_imports_within_its_capacity", imports, 1.0, capacity.p_mw)
        if data.export_max_mw > 0:
            form.limit_by(f"{key}_exports_within_its_right", exports, data.export_max_mw, capacity.connected)
        else:
            exports.upper[:] = 0.0
        form.flow(key, "import_mw", imports, +1)
        form.flow(key, "export_mw", exports, -1)
        co2_tonnes = steps.co2_kg_per_mwh[key] / KG_PER_TONNE * steps.weight_h
        for year in form.years:
            carbon_usd_per_tonne = form.scenario.carbon_usd_per_tonne(year)
            bought = ledgers.cost_usd[year, key, "grid_energy"]
            sold = ledgers.cost_usd[year, key, "export_revenue"]
            bought.add_hours(import_price * steps.weight_h, imports.of(year))
            sold.add_hours(-export_price * steps.weight_h, exports.of(year))
            ledgers.co2_tonnes[year].add_hours(co2_tonnes, imports.of(year))
            if carbon_usd_per_tonne > 0:
                ledgers.cost_usd[year, key, "carbon"].add_hours(carbon_usd_per_tonne * co2_tonnes, imports.of(year))
        add_demand_charge(form, key, data, imports)
        if data.export_max_mw > 0:
            hours = hours_where_both_could_pay(form)
            most_mw = dict.fromkeys(form.years, data.max_mw), dict.fromkeys(form.years, data.export_max_mw)
            forbid_both_directions(form, key, imports, exports, most_mw, hours)

    def describe_capacity(
        self, data: Grid, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "firm_mw": capacity["p_nom_mw"],
            "land_acres": data.acres if capacity["p_nom_mw"] > 0 else 0.0,
        }

    def capital_usd(self, data: Grid, built: Mapping[str, float], first_of_connection: bool) -> float:
        connection = data.connection_usd if first_of_connection and data.existing_mw == 0 else 0.0
        return connection + data.overnight_usd_per_kw * KW_PER_MW * built["built_mw"]

    def account(
        self, scenario: Scenario, key: str, data: Grid, steps: Steps, hourly: Mapping[str, Series], year: int
    ) -> Annual:
        imports, exports = hourly[f"{key}_import_mw"], hourly[f"{key}_export_mw"]
        co2_tonnes = energy_mwh(imports * steps.co2_kg_per_mwh[key], steps.weight_h) / KG_PER_TONNE
        return Annual(
            energy_mwh=energy_mwh(imports, steps.weight_h),
            charge_mwh=energy_mwh(exports, steps.weight_h),
            co2_tonnes=co2_tonnes,
            costs_usd={
                "grid_energy": energy_mwh(imports * steps.import_price_usd_per_mwh[key], steps.weight_h),
                "export_revenue": -energy_mwh(exports * steps.export_price_usd_per_mwh[key], steps.weight_h),
                **demand_charge_usd(data, steps, imports),
                **carbon_usd(scenario, co2_tonnes, year),
            },
        )


def _domain_of_connection(form: Formulation, data: Grid) -> Any:
    """Yes or no; any share where it stands already or takes neither money nor land: nothing hangs on it being whole."""
    takes_land = data.acres > 0 and form.scenario.limits.land_acres is not None
    chosen = data.existing_mw == 0 and (data.connection_usd > 0 or takes_land)
    return pyo.Binary if chosen else pyo.UnitInterval


def _never_falls(form: Formulation, name: str, level: Any, increment: Any, existing: float) -> None:
    """`level[y] = level[y-1] + increment[y]`, from what exists."""

    def row(year: int) -> Terms:
        before = level[year - 1] if year > form.years[0] else existing
        return terms((1.0, level[year]), (-1.0, increment[year]), (-1.0, before))

    form.require(name, ((year, row(year), "==", 0.0) for year in form.years))
