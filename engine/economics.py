"""Costs, energy, emissions and limits from a stage's tables and the scenario alone; no model, no solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.annuity import annuity_factor
from engine.demand_response.accounts import YearOfResponse, products_table
from engine.limits import CapacityOfYear, YearOfTables, limits_of
from engine.limits.water import cooling_water_million_gal
from engine.nomenclature import SITE
from engine.periods import Steps, full_years
from engine.profiles.result import Profiles, Series
from engine.scenario.schema import Scenario
from engine.technologies import BEHAVIOURS
from engine.technologies.behaviour import Annual, standing_vintages
from engine.units import HOURS_PER_YEAR, KW_PER_MW

BINDING_WITHIN = 1e-4


@dataclass(frozen=True)
class Accounts:
    """The tables that economics adds to a run: `costs`, `annual`, `limits`, `load`, `dr_products`."""

    costs: pd.DataFrame
    annual: pd.DataFrame
    limits: pd.DataFrame
    load: pd.DataFrame
    dr_products: pd.DataFrame


def account(
    scenario: Scenario,
    profiles: Profiles,
    sizing_steps: Steps,
    capacity: pd.DataFrame,
    commitments: pd.DataFrame,
    sampled_hourly: pd.DataFrame,
    hourly: pd.DataFrame | None,
) -> Accounts:
    """Account for both stages of a run, each from its own hourly table; for the sizing alone without a dispatch."""
    sampled = columns_by_year(sampled_hourly)
    first = stage_rows(scenario, 1, lambda year: sizing_steps, capacity, commitments, sampled)
    second: tuple[Rows, Rows, Rows] = ([], [], [])
    if hourly is not None:
        dispatched = columns_by_year(hourly)
        second = stage_rows(scenario, 2, lambda year: full_years(profiles, (year,)), capacity, commitments, dispatched)
    costs, annual, limits = (pd.DataFrame(one + two) for one, two in zip(first, second, strict=True))
    costs["present_value_usd"] = costs["cost_usd"] * costs["discount_factor"]
    products = products_table(scenario, profiles.years, profiles.load_mw, commitments)
    return Accounts(costs, annual, limits, load_table(scenario, profiles, hourly), products)


Rows = list[dict[str, Any]]
# Columns of an hourly table in one year, each array (T,).
Columns = Mapping[str, Series]


def columns_by_year(hourly: pd.DataFrame) -> Iterator[tuple[int, Columns]]:
    """Each year of an hourly table with its columns."""
    for key, frame in hourly.groupby("year"):
        yield int(str(key)), _columns(frame)


def _columns(frame: pd.DataFrame) -> Columns:
    return {str(name): frame[name].to_numpy() for name in frame.columns}


def stage_rows(
    scenario: Scenario,
    stage: int,
    steps_of: Callable[[int], Steps],
    capacity: pd.DataFrame,
    commitments: pd.DataFrame,
    hourly: Iterable[tuple[int, Columns]],
) -> tuple[Rows, Rows, Rows]:
    """Rows of `costs` (without present value), `annual` and `limits` of one stage, from each year's hourly columns."""
    costs: Rows = []
    annual: Rows = []
    limits: Rows = []
    overnight_usd, standing = overnight_by_year(scenario, capacity), _capacity_by_year(capacity)
    for year, columns in hourly:
        one = _Year(scenario, stage, year, steps_of(year), standing[year], commitments, columns, overnight_usd)
        costs += one.costs()
        annual += one.annual_rows()
        limits += one.limit_rows()
    return costs, annual, limits


def dispatched_year(
    scenario: Scenario,
    profiles: Profiles,
    capacity: pd.DataFrame,
    commitments: pd.DataFrame,
    hourly: pd.DataFrame,
    year: int,
) -> YearOfTables:
    """What the dispatch of one year says, for its limits to be measured on."""
    steps, overnight_usd = full_years(profiles, (year,)), overnight_by_year(scenario, capacity)
    standing = _capacity_by_year(capacity)[year]
    return _Year(scenario, 2, year, steps, standing, commitments, _columns(hourly), overnight_usd).tables()


def discount_factor(scenario: Scenario, year: int) -> float:
    """(1 + r)^-(year - first year)."""
    return float((1 + scenario.money.discount_rate_frac) ** -(year - scenario.time.first_year))


def load_table(scenario: Scenario, profiles: Profiles, hourly: pd.DataFrame | None) -> pd.DataFrame:
    """The `load` table; without a dispatch nothing is said of energy not served."""
    unserved = {} if hourly is None else hourly.groupby("year")["unserved_mw"].sum().to_dict()
    rows = []
    for year, load in zip(profiles.years, profiles.load_mw, strict=True):
        required, missing = float(load.sum()), float(unserved.get(year, np.nan))
        rows.append(
            {
                "year": year,
                "peak_mw": float(load.max()),
                "mean_mw": float(load.mean()),
                "required_mwh": required,
                "unserved_mwh": missing,
                "unserved_frac": missing / required if required > 0 else 0.0,
                "cooling_water_million_gal": cooling_water_million_gal(scenario, required),
                "discount_factor": discount_factor(scenario, year),
            }
        )
    return pd.DataFrame(rows)


class _Year:
    """One year of one stage."""

    def __init__(
        self,
        scenario: Scenario,
        stage: int,
        year: int,
        steps: Steps,
        capacity: CapacityOfYear,
        commitments: pd.DataFrame,
        hourly: Columns,
        overnight_usd: Mapping[str, Mapping[int, float]],
    ) -> None:
        self.scenario, self.stage, self.year, self.steps = scenario, stage, year, steps
        self.overnight_usd = overnight_usd
        self.capacity, self.hourly = capacity, hourly
        self.response = YearOfResponse(scenario, year, commitments, hourly, steps.weight_h)
        self.head = {"stage": stage, "year": year}
        self.annual: Mapping[str, Annual] = {
            key: BEHAVIOURS[data.kind].account(scenario, key, data, steps, hourly, year)
            for key, data in scenario.active_technologies.items()
        }

    @property
    def unserved_mwh(self) -> float:
        """Energy not served [MWh]."""
        return float(np.dot(self.hourly["unserved_mw"], self.steps.weight_h))

    def costs(self) -> list[dict[str, Any]]:
        """Rows of the `costs` table, without present value."""
        amounts = {(SITE, "unserved"): self.unserved_mwh * self.scenario.money.value_of_lost_load_usd_per_mwh}
        amounts |= {(SITE, category): usd for category, usd in self.response.costs_usd().items()}
        for key, data in self.scenario.active_technologies.items():
            amounts[key, "capital"] = annual_capital_usd(self.scenario, self.overnight_usd[key], key, self.year)
            amounts[key, "fixed"] = data.fixed_usd_per_kw_yr * KW_PER_MW * self.capacity[key]["p_nom_mw"]
            energy_mwh = self.capacity[key]["e_nom_mwh"]
            standing = BEHAVIOURS[data.kind].standing_costs_usd(self.scenario, data, energy_mwh, self.year)
            amounts |= {(key, category): usd for category, usd in standing.items()}
            for category, usd in (self.annual[key].costs_usd or {}).items():
                amounts[key, category] = usd
        factor = discount_factor(self.scenario, self.year)
        return [
            {**self.head, "technology": key, "category": category, "cost_usd": usd, "discount_factor": factor}
            for (key, category), usd in amounts.items()
        ]

    def annual_rows(self) -> list[dict[str, Any]]:
        """Rows of the `annual` table."""
        rows = []
        for key, done in self.annual.items():
            capacity_mwh = self.capacity[key]["p_nom_mw"] * HOURS_PER_YEAR
            rows.append(
                {
                    **self.head,
                    "technology": key,
                    "energy_mwh": done.energy_mwh,
                    "charge_mwh": done.charge_mwh,
                    "available_mwh": done.available_mwh,
                    "fuel_mmbtu": done.fuel_mmbtu,
                    "nox_short_tons": done.nox_short_tons,
                    "co2_tonnes": done.co2_tonnes,
                    "water_million_gal": done.water_million_gal,
                    "capacity_factor_frac": done.energy_mwh / capacity_mwh if capacity_mwh > 0 else 0.0,
                }
            )
        return rows

    def limit_rows(self) -> list[dict[str, Any]]:
        """Rows of the `limits` table."""
        tables = self.tables()
        return [self._limit_row(limit, tables) for limit in limits_of(self.scenario)]

    def tables(self) -> YearOfTables:
        """What limits are measured on."""
        row = self.steps.years.index(self.year)
        return YearOfTables(
            scenario=self.scenario,
            year=self.year,
            steps=self.steps,
            capacity=self.capacity,
            annual=self.annual,
            peak_mw=float(self.steps.peak_mw[row]),
            required_mwh=float(self.steps.required_mwh[row]),
            unserved_mwh=self.unserved_mwh,
            overnight_usd=sum(self.overnight_usd[key][self.year] for key in self.annual),
            curtailed_mwh=self.response.curtailed_mwh,
            firm_response_mw=self.response.firm_mw,
        )

    def _limit_row(self, limit: Any, tables: YearOfTables) -> dict[str, Any]:
        measured = limit.measure(tables)
        used = measured.value / measured.ceiling if measured.ceiling > 0 else float(measured.value > 0)
        return {
            **self.head,
            "limit": limit.name,
            "label": limit.label,
            "value": measured.value,
            "ceiling": measured.ceiling,
            "unit": limit.unit,
            "sense": limit.sense,
            "used_frac": used,
            "binding": abs(measured.value - measured.ceiling) <= BINDING_WITHIN * max(abs(measured.ceiling), 1e-9),
        }


def overnight_by_year(scenario: Scenario, capacity: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Overnight cost [USD] of each year's builds: {technology: {year: USD}}."""
    by_year = _capacity_by_year(capacity)
    return {key: _overnight_usd(scenario, key, by_year) for key in scenario.active_technologies}


def _overnight_usd(scenario: Scenario, key: str, by_year: Mapping[int, CapacityOfYear]) -> dict[int, float]:
    data = scenario.technologies[key]
    capital_usd = BEHAVIOURS[data.kind].capital_usd
    connected = min((year for year, rows in by_year.items() if rows[key]["p_nom_mw"] > 0), default=None)
    return {
        year: capital_usd(data, rows[key], year == connected) * scenario.path_value(data.overnight_path, year, 1.0)
        for year, rows in by_year.items()
    }


def _capacity_by_year(capacity: pd.DataFrame) -> dict[int, CapacityOfYear]:
    """Rows of the `capacity` table as {year: {technology: {column: value}}}."""
    found: dict[int, CapacityOfYear] = {}
    for row in capacity.to_dict("records"):
        of_year = found.get(row["year"], {})
        found[int(row["year"])] = {**of_year, str(row["technology"]): {str(name): row[name] for name in row}}
    return found


def annual_capital_usd(scenario: Scenario, overnight_usd: Mapping[int, float], key: str, year: int) -> float:
    """Annuities [USD] of all vintages of a technology that stand in a year, from the overnight cost of each year."""
    data = scenario.technologies[key]
    factor = annuity_factor(scenario.money.discount_rate_frac, data.life_years)
    standing = standing_vintages(tuple(overnight_usd), year, data.life_years)
    return factor * sum(overnight_usd[vintage] for vintage in standing)
