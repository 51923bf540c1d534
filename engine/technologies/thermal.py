"""Fuel-burning units: reciprocating engine, gas turbine, fuel cell; one behaviour, several rows of data.

g[y,t] <= n[y] rating availability[t]           [MW]
fuel[y,t] = g[y,t] heat_rate / 1000             [MMBtu per hour, HHV]
n[y] = existing + sum of standing builds        [units, integer]
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import ceil

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from engine.formulation import Capacity, Formulation, terms
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid, Thermal
from engine.technologies.behaviour import (
    Annual,
    Behaviour,
    buildable,
    by_year,
    charge_capital,
    energy_mwh,
    stand,
)
from engine.units import BTU_PER_KWH_PER_MMBTU_PER_MWH, KW_PER_MW, LB_PER_SHORT_TON, LB_PER_TONNE


class ThermalBehaviour(Behaviour):
    """Thermal units of one rating."""

    def add_investment(self, form: Formulation, key: str, data: Thermal) -> Capacity:
        # Branching on the fleet of a year splits the search better than branching on a year's additions; builds are
        # whole because they are differences of fleets.
        domain = pyo.NonNegativeIntegers if data.integer else pyo.NonNegativeReals
        most_new = data.max_units - data.existing_units
        useful = most_useful_units(form, key, data)
        built = form.yearly_variable(f"{key}_units_built", buildable(form.scenario, data, most_new))
        units = form.yearly_variable(f"{key}_units", lambda year: useful[year], domain)
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda _: data.max_units * data.unit_mw)
        stand(form, f"{key}_units_are_existing_and_standing_builds", units, built, data.existing_units, data.life_years)
        form.require(
            f"{key}_capacity_is_units_times_rating",
            ((year, terms((1.0, p_mw[year]), (-data.unit_mw, units[year])), "==", 0.0) for year in form.years),
        )
        usd_per_unit = data.overnight_usd_per_kw * KW_PER_MW * data.unit_mw
        charge_capital(form, key, data, lambda vintage: [(usd_per_unit, built[vintage])])
        for year in form.years:
            form.ledgers.cost_usd[year, key, "fixed"].add(data.fixed_usd_per_kw_yr * KW_PER_MW, p_mw[year])
            form.ledgers.land_acres[year].add(data.acres_per_mw, p_mw[year])
            firm_frac = 1.0 - float(form.steps.derate_at_peak_frac[key][form.row_of(year)])
            form.ledgers.firm_mw[year].add(firm_frac, p_mw[year])
        built_mw = {year: terms((data.unit_mw, built[year])) for year in form.years}
        return Capacity(p_mw=dict(p_mw.items()), units=dict(units.items()), built_mw=built_mw, most_units=useful)

    def fixed_capacity(self, data: Thermal, rows: pd.DataFrame) -> Capacity:
        return Capacity(p_mw=by_year(rows, "p_nom_mw"), units=by_year(rows, "units"))

    def add_operation(self, form: Formulation, key: str, data: Thermal, capacity: Capacity) -> None:
        steps, ledgers, fuel = form.steps, form.ledgers, form.scenario.fuel
        available = steps.availability_pu[key]
        generation = form.hourly_variable(f"{key}_mw")
        form.limit_by(f"{key}_runs_within_its_capacity", generation, lambda step: float(available[step]), capacity.p_mw)
        form.flow(key, "mw", generation, +1)
        mmbtu_per_mwh = data.heat_rate_btu_per_kwh / BTU_PER_KWH_PER_MMBTU_PER_MWH
        nox_tons_per_mwh = mmbtu_per_mwh * data.nox_lb_per_mmbtu / LB_PER_SHORT_TON
        co2_tonnes_per_mwh = mmbtu_per_mwh * fuel.co2_lb_per_mmbtu / LB_PER_TONNE
        for year in form.years:
            fuel_cost, variable_cost = ledgers.cost_usd[year, key, "fuel"], ledgers.cost_usd[year, key, "variable"]
            for step in range(steps.count):
                flow, weight_h = generation[year, step], float(steps.weight_h[step])
                ledgers.gas_mmbtu[year, int(steps.day[step])].add(mmbtu_per_mwh * float(steps.dt_h[step]), flow)
                if form.scenario.limits.gas_mmbtu_per_yr is not None:
                    ledgers.gas_year_mmbtu[year].add(mmbtu_per_mwh * weight_h, flow)
                ledgers.nox_short_tons[year].add(nox_tons_per_mwh * weight_h, flow)
                ledgers.co2_tonnes[year].add(co2_tonnes_per_mwh * weight_h, flow)
                fuel_cost.add(mmbtu_per_mwh * fuel.price_usd_per_mmbtu * weight_h, flow)
                variable_cost.add(data.variable_usd_per_mwh * weight_h, flow)

    def describe_capacity(
        self, data: Thermal, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "existing_mw": data.existing_units * data.unit_mw,
            "firm_mw": capacity["p_nom_mw"] * (1 - derate_at_peak_frac),
            "land_acres": capacity["p_nom_mw"] * data.acres_per_mw,
        }

    def capital_usd(self, data: Thermal, built: Mapping[str, float], first_of_connection: bool) -> float:
        return data.overnight_usd_per_kw * KW_PER_MW * built["built_mw"]

    def account(self, scenario: Scenario, key: str, data: Thermal, steps: Steps, hourly: pd.DataFrame) -> Annual:
        generation = hourly[f"{key}_mw"].to_numpy()
        energy = energy_mwh(generation, steps.weight_h)
        mmbtu_per_mwh = data.heat_rate_btu_per_kwh / BTU_PER_KWH_PER_MMBTU_PER_MWH
        fuel_mmbtu = energy * mmbtu_per_mwh
        return Annual(
            energy_mwh=energy,
            fuel_mmbtu=fuel_mmbtu,
            nox_short_tons=fuel_mmbtu * data.nox_lb_per_mmbtu / LB_PER_SHORT_TON,
            co2_tonnes=fuel_mmbtu * scenario.fuel.co2_lb_per_mmbtu / LB_PER_TONNE,
            costs_usd={
                "fuel": fuel_mmbtu * scenario.fuel.price_usd_per_mmbtu,
                "variable": energy * data.variable_usd_per_mwh,
            },
            gas_mmbtu=generation * steps.dt_h * mmbtu_per_mwh,
            gas_year_mmbtu=fuel_mmbtu,
        )


def most_useful_units(form: Formulation, key: str, data: Thermal) -> dict[int, int]:
    """Units in service beyond which another one saves nothing: a bound that keeps the search's relaxation tight.

    A year uses at most what carries all of it alone (`_units_that_do_it_all`). What was built for an earlier year still
    stands, so that the bound never falls; where building ahead may pay, any year may hold what the neediest one uses.
    """
    needed = [_units_that_do_it_all(form, key, data, year) for year in form.years]
    ahead = max(needed)
    useful = [ahead] * len(needed) if _building_ahead_may_pay(form, data) else np.maximum.accumulate(needed).tolist()
    return {year: min(data.max_units, units) for year, units in zip(form.years, useful, strict=True)}


def _units_that_do_it_all(form: Formulation, key: str, data: Thermal, year: int) -> int:
    """Units that carry every hour of the year (and all exports) alone, or its peak after the loss of one."""
    steps, row = form.steps, form.row_of(year)
    exports_mw = sum(
        grid.export_max_mw for grid in form.scenario.active_technologies.values() if isinstance(grid, Grid)
    )
    demand_mw = np.maximum(steps.load_mw[row], 0.0) + exports_mw
    running = float((demand_mw / (data.unit_mw * steps.availability_pu[key])).max())
    derate = float(steps.derate_at_peak_frac[key][row])
    firm = float(steps.peak_mw[row]) / (data.unit_mw * (1.0 - derate))
    return max(data.existing_units, ceil(max(running, firm)) + 1)


def _building_ahead_may_pay(form: Formulation, data: Thermal) -> bool:
    """Whether a unit may be worth building before it is needed: costs rise, or a year's builds are limited."""
    path = data.overnight_path or ()
    rises = any(later > earlier for earlier, later in pairwise(path))
    return rises or data.max_build_mw_per_yr is not None or form.scenario.limits.capital_usd_per_yr is not None
