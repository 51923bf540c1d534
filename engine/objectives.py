"""What a plan can be judged by: each objective with its unit, its expression in the sizing and its value from tables.

Every objective is a sum over the years of the plan, except land (what the last year takes); less is better in all. The
expression reads the ledgers of the formulation, the value the tables of the sizing alone: that both agree is part
of a frontier point's proof. A new objective is one entry of `OBJECTIVES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.nomenclature import SITE
from engine.wording import CO2

if TYPE_CHECKING:  # the formulation brings the solver with it, and pages read this list
    from engine.formulation import Formulation, Terms
    from engine.scenario.schema import Scenario

SERVED_DIGITS = 9


@dataclass(frozen=True)
class Sized:
    """The sizing of one plan as tables.

    Attributes
    ----------
    scenario : Scenario
    capacity, costs, annual, limits, load, sampled_hourly : pandas.DataFrame
        As in the nomenclature, stage 1 alone.
    overnight_usd : dict of int to float
        Overnight cost of what is built for each year [USD].
    """

    scenario: Scenario
    capacity: pd.DataFrame
    costs: pd.DataFrame
    annual: pd.DataFrame
    limits: pd.DataFrame
    load: pd.DataFrame
    sampled_hourly: pd.DataFrame
    overnight_usd: Mapping[int, float]


@dataclass(frozen=True)
class Objective:
    """One way to judge a plan; less is better.

    Attributes
    ----------
    key, label, unit, description : str
        The unit as in the nomenclature; `frac` is shown in percent.
    terms : callable
        Of a formulation: the sum that the solver sees.
    by_year : callable
        Of a `Sized`: the same by year, from the tables alone.
    last_year : bool
        The value is the last year's, not the sum of all years.
    holds : callable or None
        Of a scenario and a `Sized`: value by place in the scenario that holds each year at this plan's highest.
    needs : dict of str to float
        Limits, by field of `limits`, that must be set for the ledger to be complete, with a value that never binds.
    money : bool
        A measure of cost: minimised while the other objectives are held.
    """

    key: str
    label: str
    unit: str
    description: str
    terms: Callable[[Formulation], Terms]
    by_year: Callable[[Sized], Mapping[int, float]]
    last_year: bool = False
    holds: Callable[[Scenario, Sized], Mapping[str, float]] | None = None
    needs: Mapping[str, float] = field(default_factory=dict)
    money: bool = False
    sense: str = "lower"

    def value(self, sized: Sized) -> float:
        """The plan's value, from its tables."""
        values = self.by_year(sized)
        return float(values[max(values)] if self.last_year else sum(values.values()))


def _no_terms() -> Terms:
    from engine.terms import Terms

    return Terms()


def _of_ledger(name: str, *, last_year: bool = False) -> Callable[[Formulation], Terms]:
    """The yearly ledger of this name, summed or of the last year."""

    def terms(form: Formulation) -> Terms:
        total, ledger = _no_terms(), getattr(form.ledgers, name)
        for year in form.years[-1:] if last_year else form.years:
            total.extend(1.0, ledger[year])
        return total

    return terms


def _present_cost(form: Formulation) -> Terms:
    total = _no_terms()
    for (year, _, _), cost in form.ledgers.cost_usd.items():
        total.extend(form.discount_factor(year), cost)
    return total


def _present_mwh(form: Formulation) -> float:
    return sum(form.discount_factor(y) * float(form.steps.required_mwh[form.row_of(y)]) for y in form.years)


def _levelised(form: Formulation) -> Terms:
    total, energy_mwh = _no_terms(), _present_mwh(form)
    if energy_mwh > 0:
        total.extend(1.0 / energy_mwh, _present_cost(form))
    return total


def _water(form: Formulation) -> Terms:
    from engine.limits.water import cooling_water_million_gal

    total = _of_ledger("water_million_gal")(form)
    total.constant += sum(cooling_water_million_gal(form.scenario, float(mwh)) for mwh in form.steps.required_mwh)
    return total


def _unserved(form: Formulation) -> Terms:
    """Its cost over the value of lost load."""
    total, price = _no_terms(), form.scenario.money.value_of_lost_load_usd_per_mwh
    for year in form.years:
        total.extend(1.0 / price, form.ledgers.cost_usd[year, SITE, "unserved"])
    return total


def _import_share(form: Formulation) -> Terms:
    total, required_mwh = _no_terms(), float(form.steps.required_mwh.sum())
    grids = [key for key, data in form.scenario.active_technologies.items() if data.kind == "grid"]
    for key in grids if required_mwh > 0 else ():
        for year in form.years:
            _add_import_mwh(form, total, key, year, 1.0 / required_mwh)
    return total


def _add_import_mwh(form: Formulation, total: Terms, key: str, year: int, factor: float) -> None:
    """Add factor x the year's import."""
    total.add_hours(factor * form.steps.weight_h, form.flows[f"{key}_import_mw"].of(year))


def _sum_of(table: str, column: str) -> Callable[[Sized], Mapping[int, float]]:
    """Yearly sums of one column of a table."""

    def by_year(sized: Sized) -> Mapping[int, float]:
        frame: pd.DataFrame = getattr(sized, table)
        return _yearly(sized, frame.groupby("year")[column].sum())

    return by_year


def _limit_values(name: str) -> Callable[[Sized], Mapping[int, float]]:
    """What a limit measures, year by year; nothing where the scenario has no such limit."""

    def by_year(sized: Sized) -> Mapping[int, float]:
        rows = sized.limits[sized.limits["limit"] == name] if len(sized.limits) else sized.limits
        return _yearly(sized, rows.groupby("year")["value"].sum() if len(rows) else pd.Series(dtype=float))

    return by_year


def _yearly(sized: Sized, values: pd.Series) -> Mapping[int, float]:
    return {year: float(values.get(year, 0.0)) for year in sized.scenario.calendar_years}


def _levelised_by_year(sized: Sized) -> Mapping[int, float]:
    energy_mwh = float((sized.load["required_mwh"] * sized.load["discount_factor"]).sum())
    costs = _sum_of("costs", "present_value_usd")(sized)
    return {year: usd / energy_mwh if energy_mwh > 0 else 0.0 for year, usd in costs.items()}


def _gas_by_year(sized: Sized) -> Mapping[int, float]:
    """Fuel of what burns the site's gas; a technology with a fuel price of its own does not."""
    active = sized.scenario.active_technologies.items()
    burners = [key for key, data in active if getattr(data, "fuel_price_usd_per_mmbtu", 0.0) is None]
    return _yearly(sized, sized.annual[sized.annual["technology"].isin(burners)].groupby("year")["fuel_mmbtu"].sum())


def _water_by_year(sized: Sized) -> Mapping[int, float]:
    plant = _sum_of("annual", "water_million_gal")(sized)
    cooling = _sum_of("load", "cooling_water_million_gal")(sized)
    return {year: plant[year] + cooling[year] for year in plant}


def _unserved_by_year(sized: Sized) -> Mapping[int, float]:
    table = sized.sampled_hourly
    return _yearly(sized, (table["unserved_mw"] * table["weight_h"]).groupby(table["year"]).sum())


def _imports(sized: Sized) -> pd.DataFrame:
    grids = [key for key, data in sized.scenario.active_technologies.items() if data.kind == "grid"]
    return sized.annual[sized.annual["technology"].isin(grids)]


def _import_share_by_year(sized: Sized) -> Mapping[int, float]:
    required_mwh = float(sized.load["required_mwh"].sum())
    imports = _yearly(sized, _imports(sized).groupby("year")["energy_mwh"].sum())
    return {year: mwh / required_mwh if required_mwh > 0 else 0.0 for year, mwh in imports.items()}


def _most(place: str, by_year: Callable[[Sized], Mapping[int, float]]) -> Callable[..., Mapping[str, float]]:
    """Hold a yearly limit at the plan's highest year."""
    return lambda scenario, sized: {place: max(by_year(sized).values())}


def _shares(sized: Sized, values: Mapping[int, float]) -> list[float]:
    required = dict(zip(sized.load["year"], sized.load["required_mwh"], strict=True))
    return [value / required[year] if required[year] > 0 else 0.0 for year, value in values.items()]


def _hold_unserved(_: Scenario, sized: Sized) -> Mapping[str, float]:
    worst = max(_shares(sized, _unserved_by_year(sized)))
    return {"limits.served_frac": float(np.floor((1.0 - worst) * 10**SERVED_DIGITS) / 10**SERVED_DIGITS)}


def _hold_curtailed(scenario: Scenario, sized: Sized) -> Mapping[str, float]:
    if not scenario.demand_response.enabled:
        return {}
    return {"demand_response.budget_energy_frac": min(1.0, max(_shares(sized, _limit_values("curtailment")(sized))))}


def _hold_imports(_: Scenario, sized: Sized) -> Mapping[str, float]:
    most = _imports(sized).groupby("technology")["energy_mwh"].max()
    return {f"technologies.{key}.max_mwh_per_yr": float(mwh) for key, mwh in most.items()}


_NOX, _CO2 = _sum_of("annual", "nox_short_tons"), _sum_of("annual", "co2_tonnes")
_LAND = _sum_of("capacity", "land_acres")

OBJECTIVES: dict[str, Objective] = {
    one.key: one
    for one in (
        Objective(
            "lcoe", "LCOE", "USD/MWh", "present cost over present value of required energy",
            _levelised, _levelised_by_year, money=True,
        ),
        Objective(
            "npv_cost", "Net present cost", "USD", "present value of all costs of the plan",
            _present_cost, _sum_of("costs", "present_value_usd"), money=True,
        ),
        Objective(
            "capital", "Overnight capital", "USD", "overnight cost of everything that is built",
            _of_ledger("overnight_usd"), lambda sized: dict(sized.overnight_usd),
            holds=_most("limits.capital_usd_per_yr", lambda sized: sized.overnight_usd),
        ),
        Objective(
            "nox", "NOx", "short tons", "emitted on site over the plan",
            _of_ledger("nox_short_tons"), _NOX, holds=_most("limits.nox_short_tons_per_yr", _NOX),
        ),
        Objective(
            "co2", CO2, "t", "tonnes from fuel and imports over the plan",
            _of_ledger("co2_tonnes"), _CO2, holds=_most("limits.co2_tonnes_per_yr", _CO2),
        ),
        Objective(
            "land", "Land", "acres", "land that the plant takes in the last year",
            _of_ledger("land_acres", last_year=True), _LAND, last_year=True,
            holds=_most("limits.land_acres", _LAND), needs={"land_acres": 1e9},
        ),
        Objective(
            "gas", "Gas use", "MMBtu", "gas burnt over the plan, higher heating value",
            _of_ledger("gas_year_mmbtu"), _gas_by_year, holds=_most("limits.gas_mmbtu_per_yr", _gas_by_year),
            needs={"gas_mmbtu_per_yr": 1e12},
        ),
        Objective(
            "water", "Water", "Mgal", "million gallons for cooling and plant over the plan",
            _water, _water_by_year, holds=_most("limits.water_million_gal_per_yr", _water_by_year),
        ),
        Objective(
            "curtailed", "Curtailed compute", "MWh", "load cut over the plan, expected calls of products included",
            _of_ledger("curtailed_mwh"), _limit_values("curtailment"), holds=_hold_curtailed,
        ),
        Objective(
            "unserved", "Unserved energy", "MWh", "load that the plan does not serve",
            _unserved, _unserved_by_year, holds=_hold_unserved,
        ),
        Objective(
            "imports", "Grid dependence", "frac", "share of the required energy that is imported",
            _import_share, _import_share_by_year, holds=_hold_imports,
        ),
    )
}  # fmt: skip


def prepared(scenario: Scenario, keys: tuple[str, ...]) -> Scenario:
    """The scenario as a frontier of these objectives sizes it.

    Limits that the ledgers need stand far away where it sets none. Unless unserved energy is itself an objective, the
    whole load is served where the scenario asks for no share: or else the plan of least NOx would serve nothing.
    """
    needs = {name: far for key in keys for name, far in OBJECTIVES[key].needs.items()}
    if "unserved" not in keys:
        needs["served_frac"] = 1.0
    missing = {name: far for name, far in needs.items() if getattr(scenario.limits, name) is None}
    if not missing:
        return scenario
    return scenario.model_copy(update={"limits": scenario.limits.model_copy(update=missing)})
