"""Solar and wind: output per MW from a weather year; surplus may be spilled.

g[y,t] <= U[y] pu[t]                            [MW]
U[y] = what is left of existing and standing builds after (1 - fade)^age
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.renewables import Renewable
from engine.scenario.schema import Scenario
from engine.technologies.behaviour import (
    Annual,
    Behaviour,
    buildable,
    by_year,
    charge_capital,
    energy_mwh,
    existing_kept,
    outlives_the_plan,
    stand,
)
from engine.terms import Quantity, Terms, terms
from engine.units import KW_PER_MW


class RenewableBehaviour(Behaviour):
    """A plant whose output follows a per-unit profile.

    Parameters
    ----------
    follows : str
        What of the weather, for the name of the constraint.
    """

    def __init__(self, follows: str) -> None:
        self.follows = follows

    def add_investment(self, form: Formulation, key: str, data: Renewable) -> Capacity:
        kept = existing_kept(form, key, data, 1.0 if data.existing_mw > 0 else 0.0)
        existing = {year: terms((data.existing_mw, kept[year])) for year in form.years}
        most_new = data.max_mw - (data.existing_mw if outlives_the_plan(form, data) else 0.0)
        built = form.yearly_variable(f"{key}_built_mw", buildable(form.scenario, data, most_new))
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda _: data.max_mw)
        stand(form, f"{key}_capacity_is_existing_and_standing_builds", p_mw, built, existing, data.life_years)
        usd_per_mw = data.overnight_usd_per_kw * KW_PER_MW
        charge_capital(form, key, data, lambda vintage: [(usd_per_mw, built[vintage])])
        for year in form.years:
            form.ledgers.cost_usd[year, key, "fixed"].add(data.fixed_usd_per_kw_yr * KW_PER_MW, p_mw[year])
            form.ledgers.land_acres[year].add(data.acres_per_mw, p_mw[year])
        return Capacity(
            p_mw=p_mw,
            usable_mw=self._usable_mw(form, key, data, p_mw, built, existing),
            existing_mw=existing,
            built_mw=built,
        )

    @staticmethod
    def _usable_mw(
        form: Formulation, key: str, data: Renewable, p_mw: Any, built: Any, existing: Mapping[int, Terms]
    ) -> dict[int, Quantity]:
        if data.fade_frac_per_yr == 0.0:
            return p_mw
        usable = form.yearly_variable(f"{key}_usable_mw", lambda _: data.max_mw)
        name = f"{key}_output_fades_with_age"
        stand(form, name, usable, built, existing, data.life_years, 1.0 - data.fade_frac_per_yr)
        return usable

    def fixed_capacity(self, data: Renewable, rows: pd.DataFrame) -> Capacity:
        return Capacity(p_mw=by_year(rows, "p_nom_mw"), usable_mw=by_year(rows, "usable_mw"))

    def add_operation(self, form: Formulation, key: str, data: Renewable, capacity: Capacity) -> None:
        steps = form.steps
        generation = form.hourly_variable()
        form.limit_by(f"{key}_follows_the_{self.follows}", generation, steps.solar_pu[key], capacity.usable_mw)
        form.flow(key, "mw", generation, +1)
        for year in form.years:
            cost = form.ledgers.cost_usd[year, key, "variable"]
            cost.add_hours(data.variable_usd_per_mwh * steps.weight_h, generation.of(year))

    def derived_flows(self, key: str, data: Renewable, steps: Steps, usable_mw: float) -> dict[str, Series]:
        return {f"{key}_available_mw": usable_mw * steps.solar_pu[key]}

    def describe_capacity(
        self, data: Renewable, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "firm_mw": 0.0,
            "land_acres": capacity["p_nom_mw"] * data.acres_per_mw,
        }

    def capital_usd(self, data: Renewable, built: Mapping[str, float], first_of_connection: bool) -> float:
        return data.overnight_usd_per_kw * KW_PER_MW * built["built_mw"]

    def account(
        self, scenario: Scenario, key: str, data: Renewable, steps: Steps, hourly: Mapping[str, Series], year: int
    ) -> Annual:
        energy = energy_mwh(hourly[f"{key}_mw"], steps.weight_h)
        return Annual(
            energy_mwh=energy,
            available_mwh=energy_mwh(hourly[f"{key}_available_mw"], steps.weight_h),
            costs_usd={"variable": energy * data.variable_usd_per_mwh},
        )
