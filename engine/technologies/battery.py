"""Battery: power P and energy E both continuous, tied by a duration.

    soc[t] = (1 - s) soc[t-1] + eff_c charge[t] - discharge[t] / eff_d      [MWh]
    soc_min U <= soc[t] <= U;  charge, discharge <= P;  d_min P <= E <= d_max P (of what is built)
    U[y] = what is left of E after (1 - fade)^age; with augmentation E, for fade x overnight cost of it each year

The hour before a period's first is its last, so that no period ends with energy it did not store; typical periods
may be linked instead (linked_storage.py). Flows are at the bus. Where charging and discharging at once could pay
(negative prices), a binary forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery
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
from engine.technologies.linked_storage import link_periods
from engine.technologies.one_direction import forbid_both_directions, hours_where_both_could_pay
from engine.terms import Quantity, Terms, is_number, terms
from engine.units import KW_PER_MW

FIRM_DURATION_H = 4.0


class BatteryBehaviour(Behaviour):
    """Storage with one round trip."""

    def add_investment(self, form: Formulation, key: str, data: Battery) -> Capacity:
        kept = existing_kept(form, key, data, 1.0 if data.existing_mwh > 0 else 0.0)
        existing_mw = {year: terms((data.existing_mw, kept[year])) for year in form.years}
        existing_mwh = {year: terms((data.existing_mwh, kept[year])) for year in form.years}
        most_mwh = data.max_mwh - (data.existing_mwh if outlives_the_plan(form, data) else 0.0)
        built_mwh = form.yearly_variable(f"{key}_built_mwh", buildable(form.scenario, data, most_mwh))
        built_mw = form.yearly_variable(
            f"{key}_built_mw", buildable(form.scenario, data, most_mwh / data.duration_min_h)
        )
        p_mw = form.yearly_variable(f"{key}_p_nom_mw", lambda _: data.max_mw)
        e_mwh = form.yearly_variable(f"{key}_e_nom_mwh", lambda _: data.max_mwh)
        stand(form, f"{key}_power_is_existing_and_standing_builds", p_mw, built_mw, existing_mw, data.life_years)
        stand(form, f"{key}_energy_is_existing_and_standing_builds", e_mwh, built_mwh, existing_mwh, data.life_years)
        usable_mwh = self._usable_mwh(form, key, data, e_mwh, built_mwh, existing_mwh)
        self._tie_energy_to_power(form, key, data, built_mw, built_mwh)
        usd = (data.overnight_usd_per_kwh * KW_PER_MW, data.overnight_usd_per_kw * KW_PER_MW)
        charge_capital(form, key, data, lambda v: [(usd[0], built_mwh[v]), (usd[1], built_mw[v])])
        for year in form.years:
            form.ledgers.cost_usd[year, key, "fixed"].add(data.fixed_usd_per_kw_yr * KW_PER_MW, p_mw[year])
            form.ledgers.land_acres[year].add(data.acres_per_mwh, e_mwh[year])
            if data.augmentation:
                usd_per_mwh = _augmentation_usd_per_mwh(form.scenario, data, year)
                form.ledgers.cost_usd[year, key, "augmentation"].add(usd_per_mwh, e_mwh[year])
        self._count_firm(form, key, data, p_mw, usable_mwh)
        return Capacity(
            p_mw=p_mw,
            e_mwh=e_mwh,
            usable_mwh=usable_mwh,
            existing_mw=existing_mw,
            built_mw=built_mw,
            built_mwh=built_mwh,
        )

    @staticmethod
    def _usable_mwh(
        form: Formulation, key: str, data: Battery, e_mwh: Any, built_mwh: Any, existing_mwh: Mapping[int, Terms]
    ) -> dict[int, Quantity]:
        if data.fade_per_yr == 0.0 or data.augmentation:
            return e_mwh
        usable = form.yearly_variable(f"{key}_usable_mwh", lambda _: data.max_mwh)
        name = f"{key}_energy_fades_with_age"
        stand(form, name, usable, built_mwh, existing_mwh, data.life_years, 1.0 - data.fade_per_yr)
        return usable

    @staticmethod
    def _tie_energy_to_power(form: Formulation, key: str, data: Battery, built_mw: Any, built_mwh: Any) -> None:
        def rows(duration_h: float, sense: str) -> Any:
            return (
                (year, terms((1.0, built_mwh[year]), (-duration_h, built_mw[year])), sense, 0.0) for year in form.years
            )

        if data.duration_min_h == data.duration_max_h:
            form.require(f"{key}_has_its_duration", rows(data.duration_min_h, "=="))
            return
        form.require(f"{key}_lasts_at_least_its_shortest_duration", rows(data.duration_min_h, ">="))
        form.require(f"{key}_lasts_at_most_its_longest_duration", rows(data.duration_max_h, "<="))

    @staticmethod
    def _count_firm(form: Formulation, key: str, data: Battery, p_mw: Any, usable_mwh: Any) -> None:
        """Firm power is what the battery can hold for four hours: min(P, (1 - soc_min) E eff_d / 4 h)."""
        firm = form.yearly_variable(f"{key}_firm_mw", lambda _: data.max_mwh)
        firm_mw_per_mwh = _firm_mw_per_mwh(data)
        form.require(
            f"{key}_firm_power_is_within_its_power",
            ((y, terms((1.0, firm[y]), (-1.0, p_mw[y])), "<=", 0.0) for y in form.years),
        )
        form.require(
            f"{key}_firm_power_lasts_four_hours",
            ((y, terms((1.0, firm[y]), (-firm_mw_per_mwh, usable_mwh[y])), "<=", 0.0) for y in form.years),
        )
        for year in form.years:
            form.ledgers.firm_mw[year].add(1.0, firm[year])

    def fixed_capacity(self, data: Battery, rows: pd.DataFrame) -> Capacity:
        return Capacity(
            p_mw=by_year(rows, "p_nom_mw"),
            e_mwh=by_year(rows, "e_nom_mwh"),
            usable_mwh=by_year(rows, "usable_mwh"),
        )

    def add_operation(self, form: Formulation, key: str, data: Battery, capacity: Capacity) -> None:
        steps = form.steps
        charge, discharge, soc = form.hourly_variable(), form.hourly_variable(), form.hourly_variable()
        form.limit_by(f"{key}_charges_within_its_power", charge, 1.0, capacity.p_mw)
        form.limit_by(f"{key}_discharges_within_its_power", discharge, 1.0, capacity.p_mw)
        if steps.sequence is None:
            form.limit_by(f"{key}_stores_within_its_energy", soc, 1.0, capacity.usable_mwh)
            self._keep_least_charge(form, key, data, soc, capacity)
        else:
            link_periods(form, key, data, soc, capacity.usable_mwh)
        form.flow(key, "discharge_mw", discharge, +1)
        form.flow(key, "charge_mw", charge, -1)
        form.flow(key, "soc_mwh", soc, 0)
        kept = (1.0 - data.standing_loss_frac_per_h) ** steps.dt_h
        if steps.sequence is not None:
            kept = np.where(steps.first, 0.0, kept)
        form.require_hourly(
            f"{key}_conserves_energy",
            lambda year: [
                (1.0, soc.of(year)),
                (-kept, soc.of(year)[steps.previous]),
                (-data.charge_efficiency_frac * steps.dt_h, charge.of(year)),
                (steps.dt_h / data.discharge_efficiency_frac, discharge.of(year)),
            ],
            "==",
            lambda _: 0.0,
        )
        for year in form.years:
            cost = form.ledgers.cost_usd[year, key, "variable"]
            cost.add_hours(_use_usd_per_mwh(data) * steps.weight_h, discharge.of(year))
        hours = hours_where_both_could_pay(form)
        most_mw = {y: p if is_number(p) else data.max_mw for y, p in capacity.p_mw.items()}
        forbid_both_directions(form, key, charge, discharge, (most_mw, most_mw), hours)

    @staticmethod
    def _keep_least_charge(form: Formulation, key: str, data: Battery, soc: Any, capacity: Capacity) -> None:
        if data.soc_min_frac == 0.0:
            return
        energy = capacity.usable_mwh
        for row, year in enumerate(form.years):
            if is_number(energy[year]):
                soc.lower[row] = data.soc_min_frac * energy[year]
        form.require_hourly(
            f"{key}_keeps_its_least_charge",
            lambda year: [(1.0, soc.of(year)), (-data.soc_min_frac, energy[year])],
            ">=",
            lambda _: 0.0,
            only=lambda year: np.full(form.steps.count, not is_number(energy[year]) and form.most(energy[year]) > 0.0),
        )

    def describe_capacity(
        self, data: Battery, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        return {
            "firm_mw": min(capacity["p_nom_mw"], _firm_mw_per_mwh(data) * capacity["usable_mwh"]),
            "land_acres": capacity["e_nom_mwh"] * data.acres_per_mwh,
        }

    def capital_usd(self, data: Battery, built: Mapping[str, float], first_of_connection: bool) -> float:
        return KW_PER_MW * (
            data.overnight_usd_per_kwh * built["built_mwh"] + data.overnight_usd_per_kw * built["built_mw"]
        )

    def standing_costs_usd(self, scenario: Scenario, data: Battery, e_nom_mwh: float, year: int) -> dict[str, float]:
        if not data.augmentation:
            return {}
        return {"augmentation": _augmentation_usd_per_mwh(scenario, data, year) * e_nom_mwh}

    def account(
        self, scenario: Scenario, key: str, data: Battery, steps: Steps, hourly: Mapping[str, Series], year: int
    ) -> Annual:
        discharged = energy_mwh(hourly[f"{key}_discharge_mw"], steps.weight_h)
        return Annual(
            energy_mwh=discharged,
            charge_mwh=energy_mwh(hourly[f"{key}_charge_mw"], steps.weight_h),
            costs_usd={"variable": discharged * _use_usd_per_mwh(data)},
        )


def _firm_mw_per_mwh(data: Battery) -> float:
    return (1.0 - data.soc_min_frac) * data.discharge_efficiency_frac / FIRM_DURATION_H


def _use_usd_per_mwh(data: Battery) -> float:
    """Variable O&M and wear of a MWh discharged."""
    return data.variable_usd_per_mwh + data.wear_usd_per_mwh


def _augmentation_usd_per_mwh(scenario: Scenario, data: Battery, year: int) -> float:
    """What keeping a MWh in service at its nameplate costs in a year."""
    multiple = scenario.path_value(data.overnight_path, year, 1.0)
    return data.fade_per_yr * data.overnight_usd_per_kwh * KW_PER_MW * multiple
