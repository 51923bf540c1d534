"""Fuel-burning units: reciprocating engine, gas turbine, fuel cell; one behaviour, several rows of data.

g[y,t] <= n[y] rating availability[t]           [MW]
fuel[y,t] = g[y,t] heat_rate / 1000             [MMBtu per hour, HHV]
n[y] = existing kept + standing builds        [units, integer]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from engine.demand_response.sources import hourly_sources
from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery, Grid, Thermal
from engine.technologies.behaviour import (
    Annual,
    Behaviour,
    buildable,
    by_year,
    carbon_usd,
    charge_capital,
    energy_mwh,
    existing_kept,
    outlives_the_plan,
    stand,
)
from engine.terms import terms
from engine.units import (
    BTU_PER_KWH_PER_MMBTU_PER_MWH,
    GAL_PER_MILLION_GAL,
    KW_PER_MW,
    LB_PER_SHORT_TON,
    LB_PER_TONNE,
)


class ThermalBehaviour(Behaviour):
    """Thermal units of one rating."""

    def add_investment(self, form: Formulation, key: str, data: Thermal) -> Capacity:
        # Branching on the fleet of a year splits the search better than branching on a year's additions; builds are
        # whole because they are differences of fleets.
        domain = pyo.NonNegativeIntegers if data.integer else pyo.NonNegativeReals
        kept = existing_kept(form, key, data, data.existing_units, domain)
        existing = {year: terms((1.0, kept[year])) for year in form.years}
        most_new = data.max_units - (data.existing_units if outlives_the_plan(form, data) else 0)
        useful = most_useful_units(form, key, data)
        built = form.yearly_variable(f"{key}_units_built", buildable(form.scenario, data, most_new))
        units = form.yearly_variable(f"{key}_units", lambda year: useful[year], domain)
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda _: data.max_units * data.unit_mw)
        stand(form, f"{key}_units_are_existing_and_standing_builds", units, built, existing, data.life_years)
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
        return Capacity(
            p_mw=p_mw,
            units=units,
            existing_mw={year: terms((data.unit_mw, kept[year])) for year in form.years},
            built_mw={year: terms((data.unit_mw, built[year])) for year in form.years},
            most_units=useful,
        )

    def fixed_capacity(self, data: Thermal, rows: pd.DataFrame) -> Capacity:
        return Capacity(p_mw=by_year(rows, "p_nom_mw"), units=by_year(rows, "units"))

    def add_operation(self, form: Formulation, key: str, data: Thermal, capacity: Capacity) -> None:
        generation = form.hourly_variable()
        form.limit_by(f"{key}_runs_within_its_capacity", generation, form.steps.availability_pu[key], capacity.p_mw)
        form.flow(key, "mw", generation, +1)
        for year in form.years:
            self._burn(form, key, data, generation, year)

    @staticmethod
    def _burn(form: Formulation, key: str, data: Thermal, generation: Any, year: int) -> None:
        """Write a year's fuel, emissions, water and costs to the ledgers."""
        steps, ledgers, per_mwh = form.steps, form.ledgers, _PerMwh.of(form.scenario, data)
        fuel_usd_per_mwh = per_mwh.mmbtu * _fuel_usd_per_mmbtu(form.scenario, data, steps, year)
        burns_gas, year_is_limited = _burns_gas(data), form.scenario.limits.gas_mmbtu_per_yr is not None
        carbon_usd_per_mwh = form.scenario.carbon_usd_per_tonne(year) * per_mwh.co2_tonnes
        # What each weighted MWh adds to a ledger.
        shares = [
            (ledgers.nox_short_tons[year], per_mwh.nox_short_tons),
            (ledgers.co2_tonnes[year], per_mwh.co2_tonnes),
            (ledgers.water_million_gal[year], per_mwh.water_million_gal),
            (ledgers.gas_year_mmbtu[year], per_mwh.mmbtu if burns_gas and year_is_limited else 0.0),
            (ledgers.cost_usd[year, key, "variable"], data.variable_usd_per_mwh),
            (ledgers.cost_usd[year, key, "carbon"], carbon_usd_per_mwh),
        ]
        flow = generation.of(year)
        if burns_gas:
            ledgers.gas_mmbtu[year].append((per_mwh.mmbtu * steps.dt_h, flow))
        ledgers.cost_usd[year, key, "fuel"].add_hours(fuel_usd_per_mwh * steps.weight_h, flow)
        for ledger, share in shares:
            if share > 0:
                ledger.add_hours(share * steps.weight_h, flow)

    def describe_capacity(
        self, data: Thermal, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "firm_mw": capacity["p_nom_mw"] * (1 - derate_at_peak_frac),
            "land_acres": capacity["p_nom_mw"] * data.acres_per_mw,
        }

    def capital_usd(self, data: Thermal, built: Mapping[str, float], first_of_connection: bool) -> float:
        return data.overnight_usd_per_kw * KW_PER_MW * built["built_mw"]

    def account(
        self, scenario: Scenario, key: str, data: Thermal, steps: Steps, hourly: Mapping[str, Series], year: int
    ) -> Annual:
        generation, per_mwh = hourly[f"{key}_mw"], _PerMwh.of(scenario, data)
        energy = energy_mwh(generation, steps.weight_h)
        fuel_usd_per_mwh = per_mwh.mmbtu * _fuel_usd_per_mmbtu(scenario, data, steps, year)
        co2_tonnes, burns_gas = energy * per_mwh.co2_tonnes, _burns_gas(data)
        return Annual(
            energy_mwh=energy,
            fuel_mmbtu=energy * per_mwh.mmbtu,
            nox_short_tons=energy * per_mwh.nox_short_tons,
            co2_tonnes=co2_tonnes,
            water_million_gal=energy * per_mwh.water_million_gal,
            costs_usd={
                "fuel": energy_mwh(generation * fuel_usd_per_mwh, steps.weight_h),
                "variable": energy * data.variable_usd_per_mwh,
                **carbon_usd(scenario, co2_tonnes, year),
            },
            gas_mmbtu=generation * steps.dt_h * per_mwh.mmbtu if burns_gas else None,
            gas_year_mmbtu=energy * per_mwh.mmbtu if burns_gas else 0.0,
        )


@dataclass(frozen=True)
class _PerMwh:
    """What a MWh burns, emits and takes."""

    mmbtu: float
    nox_short_tons: float
    co2_tonnes: float
    water_million_gal: float

    @classmethod
    def of(cls, scenario: Scenario, data: Thermal) -> _PerMwh:
        mmbtu = data.heat_rate_btu_per_kwh / BTU_PER_KWH_PER_MMBTU_PER_MWH
        co2_lb_per_mmbtu = scenario.fuel.co2_lb_per_mmbtu if data.co2_lb_per_mmbtu is None else data.co2_lb_per_mmbtu
        return cls(
            mmbtu,
            mmbtu * data.nox_lb_per_mmbtu / LB_PER_SHORT_TON,
            mmbtu * co2_lb_per_mmbtu / LB_PER_TONNE,
            data.water_gal_per_mwh / GAL_PER_MILLION_GAL,
        )


def _burns_gas(data: Thermal) -> bool:
    return data.fuel_price_usd_per_mmbtu is None


def _fuel_usd_per_mmbtu(scenario: Scenario, data: Thermal, steps: Steps, year: int) -> Series:
    """Price of its fuel in each step, array (T,): its own, or gas of the year times the month's multiple."""
    if data.fuel_price_usd_per_mmbtu is not None:
        return np.full(steps.count, data.fuel_price_usd_per_mmbtu)
    return scenario.gas_usd_per_mmbtu(year) * steps.gas_price_multiple


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
    """Units that carry every hour of the year (and all exports) alone, or its peak after the losses of N-1 or N-2."""
    steps, row = form.steps, form.row_of(year)
    # Deferred work is made up where machines stand idle: then the site may draw its peak in any hour.
    site_mw = float(steps.peak_mw[row]) if hourly_sources(form.scenario) else steps.load_mw[row]
    demand_mw = np.maximum(site_mw, 0.0) + _other_uses_mw(form)
    running = float((demand_mw / (data.unit_mw * steps.availability_pu[key])).max())
    derate = float(steps.derate_at_peak_frac[key][row])
    firm = float(steps.peak_mw[row]) / (data.unit_mw * (1.0 - derate))
    spare = 2 if form.scenario.limits.n_minus_2 else 1
    return max(data.existing_units, ceil(max(running, firm)) + spare)


def _other_uses_mw(form: Formulation) -> float:
    """What could use power beside the load: exports, and stores where fuel is cheaper in some months than in others."""
    technologies = form.scenario.active_technologies.values()
    exports_mw = sum(grid.export_max_mw for grid in technologies if isinstance(grid, Grid))
    if np.ptp(form.steps.gas_price_multiple) == 0:
        return exports_mw
    return exports_mw + sum(battery.max_mw for battery in technologies if isinstance(battery, Battery))


def _building_ahead_may_pay(form: Formulation, data: Thermal) -> bool:
    """Whether a unit may be worth building before it is needed: costs rise, or a year's builds are limited."""
    path = data.overnight_path or ()
    rises = any(later > earlier for earlier, later in pairwise(path))
    return rises or data.max_build_mw_per_yr is not None or form.scenario.limits.capital_usd_per_yr is not None
