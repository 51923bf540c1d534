"""Photovoltaic plant: output per MWac from a weather year; surplus may be spilled.

g[y,t] <= P[y] pu[t]                            [MW]
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Solar
from engine.technologies.behaviour import (
    Annual,
    Behaviour,
    buildable,
    by_year,
    charge_capital,
    energy_mwh,
    stand,
)
from engine.units import KW_PER_MW


class SolarBehaviour(Behaviour):
    """A plant whose output follows a per-unit profile."""

    def add_investment(self, form: Formulation, key: str, data: Solar) -> Capacity:
        built = form.yearly_variable(f"{key}_built_mw", buildable(form.scenario, data, data.max_mw - data.existing_mw))
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda _: data.max_mw)
        stand(form, f"{key}_capacity_is_existing_and_standing_builds", p_mw, built, data.existing_mw, data.life_years)
        usd_per_mw = data.overnight_usd_per_kw * KW_PER_MW
        charge_capital(form, key, data, lambda vintage: [(usd_per_mw, built[vintage])])
        for year in form.years:
            form.ledgers.cost_usd[year, key, "fixed"].add(data.fixed_usd_per_kw_yr * KW_PER_MW, p_mw[year])
            form.ledgers.land_acres[year].add(data.acres_per_mw, p_mw[year])
        return Capacity(p_mw=dict(p_mw.items()), built_mw=dict(built.items()))

    def fixed_capacity(self, data: Solar, rows: pd.DataFrame) -> Capacity:
        return Capacity(p_mw=by_year(rows, "p_nom_mw"))

    def add_operation(self, form: Formulation, key: str, data: Solar, capacity: Capacity) -> None:
        steps = form.steps
        output = steps.solar_pu[key]
        generation = form.hourly_variable(f"{key}_mw")
        form.limit_by(f"{key}_follows_the_sun", generation, lambda step: float(output[step]), capacity.p_mw)
        form.flow(key, "mw", generation, +1)
        for year in form.years:
            cost = form.ledgers.cost_usd[year, key, "variable"]
            for step in range(steps.count):
                cost.add(data.variable_usd_per_mwh * float(steps.weight_h[step]), generation[year, step])

    def derived_flows(self, key: str, data: Solar, steps: Steps, p_mw: float) -> dict[str, Series]:
        return {f"{key}_available_mw": p_mw * steps.solar_pu[key]}

    def describe_capacity(
        self, data: Solar, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "existing_mw": data.existing_mw,
            "firm_mw": 0.0,
            "land_acres": capacity["p_nom_mw"] * data.acres_per_mw,
        }

    def capital_usd(self, data: Solar, built: Mapping[str, float], first_of_connection: bool) -> float:
        return data.overnight_usd_per_kw * KW_PER_MW * built["built_mw"]

    def account(
        self, scenario: Scenario, key: str, data: Solar, steps: Steps, hourly: pd.DataFrame, year: int
    ) -> Annual:
        energy = energy_mwh(hourly[f"{key}_mw"].to_numpy(), steps.weight_h)
        return Annual(
            energy_mwh=energy,
            available_mwh=energy_mwh(hourly[f"{key}_available_mw"].to_numpy(), steps.weight_h),
            costs_usd={"variable": energy * data.variable_usd_per_mwh},
        )
