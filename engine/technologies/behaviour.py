"""What every technology behaviour offers: one file, one class, one line in `BEHAVIOURS`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from engine.annuity import annuity_factor
from engine.formulation import Capacity, Formulation
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.equipment import Equipment, Plant
from engine.scenario.schema import Scenario
from engine.terms import Quantity, Terms, terms
from engine.units import MONTHS_PER_YEAR

DEFAULT_DECISION_LEAD_YEARS = 3


@dataclass(frozen=True)
class Annual:
    """What a technology did in one year, from its hourly table.

    Attributes
    ----------
    energy_mwh, charge_mwh, available_mwh, fuel_mmbtu, nox_short_tons, co2_tonnes, water_million_gal : float
        As in the `annual` table.
    costs_usd : dict of str to float
        Operating costs by category, without capital and fixed O&M.
    gas_mmbtu : array (T,)
        Gas burnt in each step, unweighted [MMBtu].
    gas_year_mmbtu : float
        Gas burnt in the real year (weighted) [MMBtu].
    """

    energy_mwh: float = 0.0
    charge_mwh: float = 0.0
    available_mwh: float = 0.0
    fuel_mmbtu: float = 0.0
    nox_short_tons: float = 0.0
    co2_tonnes: float = 0.0
    water_million_gal: float = 0.0
    costs_usd: Mapping[str, float] | None = None
    gas_mmbtu: Series | None = None
    gas_year_mmbtu: float = 0.0


class Behaviour(ABC):
    """How a kind of technology is invested in, operated and accounted for."""

    @abstractmethod
    def add_investment(self, form: Formulation, key: str, data: Any) -> Capacity:
        """Variables of capacity in service and of builds, their limits and their costs (sizing only)."""

    @abstractmethod
    def add_operation(self, form: Formulation, key: str, data: Any, capacity: Capacity) -> None:
        """Hourly variables, their constraints, and their terms in the ledgers (both stages)."""

    @abstractmethod
    def fixed_capacity(self, data: Any, rows: pd.DataFrame) -> Capacity:
        """Capacities as numbers, from the technology's rows of the `capacity` table (dispatch)."""

    @abstractmethod
    def describe_capacity(
        self, data: Any, capacity: Mapping[str, float], derate_at_peak_frac: float
    ) -> dict[str, float]:
        """Firm and land columns of the `capacity` table for one year.

        Parameters
        ----------
        capacity : mapping
            p_nom_mw, e_nom_mwh, usable_mw, usable_mwh, units, built_mw, built_mwh, existing_mw.
        """

    @abstractmethod
    def capital_usd(self, data: Any, built: Mapping[str, float], first_of_connection: bool) -> float:
        """Overnight cost [USD] of what is built in one year, before the cost path."""

    def standing_costs_usd(self, scenario: Scenario, data: Any, e_nom_mwh: float, year: int) -> dict[str, float]:
        """Costs of a year by category that follow from the energy in service, beside capital and fixed O&M."""
        return {}

    def derived_flows(self, key: str, data: Any, steps: Steps, usable_mw: float) -> dict[str, Series]:
        """Hourly columns that follow from the capacity alone, e.g. what the sun would have given."""
        return {}

    @abstractmethod
    def account(
        self, scenario: Scenario, key: str, data: Any, steps: Steps, hourly: Mapping[str, Series], year: int
    ) -> Annual:
        """Energy, fuel, emissions and operating costs of one year, from the columns of its hourly table alone."""


def standing_vintages(years: tuple[int, ...], year: int, life_years: int) -> list[int]:
    """Years whose builds stand in `year`: built then or before, and not past their life."""
    return [vintage for vintage in years if vintage <= year < vintage + life_years]


def first_service_year(scenario: Scenario, data: Equipment) -> int:
    """First calendar year in which a new unit may serve.

    Equipment counts from the decision date, the grid from the first year; whole years, rounded up.
    """
    first = scenario.time.first_year
    if data.kind == "grid":  # type: ignore[attr-defined]
        return first + ceil(data.lead_time_months / MONTHS_PER_YEAR)
    decided = scenario.time.decision_date or date(first - DEFAULT_DECISION_LEAD_YEARS, 1, 1)
    months = (first - decided.year) * MONTHS_PER_YEAR - (decided.month - 1)
    return first + max(0, ceil((data.lead_time_months - months) / MONTHS_PER_YEAR))


def buildable(scenario: Scenario, data: Equipment, most: float) -> Any:
    """Upper bound of builds by year: 0 before the first year of service, then `most`."""
    start = first_service_year(scenario, data)
    return lambda year: most if year >= start else 0.0


def existing_kept(
    form: Formulation, key: str, data: Plant, amount: float, domain: Any = pyo.NonNegativeReals
) -> dict[int, Quantity]:
    """Of the amount that exists, what still stands in each year: a number, or a variable where it may retire."""
    first, life = form.scenario.time.first_year, data.existing_life_years
    standing = {year: amount if life is None or year < first + life else 0.0 for year in form.years}
    if amount == 0 or not data.may_retire:
        return dict(standing)
    kept = form.yearly_variable(f"{key}_existing_kept", lambda year: standing[year], domain)
    form.require(
        f"{key}_never_comes_back_once_retired",
        ((later, terms((1.0, kept[later]), (-1.0, kept[year])), "<=", 0.0) for year, later in pairwise(form.years)),
    )
    return dict(kept)


def outlives_the_plan(form: Formulation, data: Plant) -> bool:
    """Whether nothing of a technology, existing or new, ends within the plan."""
    years = form.years[-1] - form.years[0] + 1
    existing_ends = data.existing_life_years is not None and data.existing_life_years < years
    return data.life_years >= years and not data.may_retire and not existing_ends


def stand(
    form: Formulation,
    name: str,
    nominal: Any,
    built: Any,
    existing: Mapping[int, Terms],
    life_years: int,
    kept_frac_per_yr: float = 1.0,
) -> None:
    """Hold capacity in service at existing + standing builds, in every year; of what fades, what is left with age."""
    first = form.scenario.time.first_year

    def standing(year: int) -> Terms:
        row = terms((1.0, nominal[year]))
        for vintage in standing_vintages(form.years, year, life_years):
            row.add(-(kept_frac_per_yr ** (year - vintage)), built[vintage])
        row.extend(-(kept_frac_per_yr ** (year - first)), existing[year])
        return row

    form.require(name, ((year, standing(year), "==", 0.0) for year in form.years))


def charge_capital(form: Formulation, key: str, data: Equipment, pairs: Any) -> None:
    """Charge each standing vintage its annuity of what it cost when it was built.

    Parameters
    ----------
    pairs : callable
        `pairs(vintage)` gives (overnight USD per quantity, quantity built) pairs.
    """
    scenario, ledgers = form.scenario, form.ledgers
    factor = annuity_factor(scenario.money.discount_rate_frac, data.life_years)
    overnight = {vintage: Terms() for vintage in form.years}
    for vintage, spent in overnight.items():
        multiple = scenario.path_value(data.overnight_path, vintage, 1.0)
        for usd, built in pairs(vintage):
            spent.add(multiple * usd, built)
        ledgers.overnight_usd[vintage].extend(1.0, spent)
    for year in form.years:
        for vintage in standing_vintages(form.years, year, data.life_years):
            ledgers.cost_usd[year, key, "capital"].extend(factor, overnight[vintage])


def carbon_usd(scenario: Scenario, co2_tonnes: float, year: int) -> dict[str, float]:
    """Cost of a year's CO2 by category; nothing where carbon has no price."""
    return {"carbon": co2_tonnes * scenario.carbon_usd_per_tonne(year)} if scenario.prices_carbon else {}


def energy_mwh(flow_mw: Series, weight_h: Series) -> float:
    """Weighted energy of a flow [MWh]."""
    return float(np.dot(flow_mw, weight_h))


def by_year(rows: pd.DataFrame, column: str) -> dict[int, float]:
    """One column of a technology's `capacity` rows, by year."""
    return {int(year): float(value) for year, value in zip(rows["year"], rows[column], strict=True)}
