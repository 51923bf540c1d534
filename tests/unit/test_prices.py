"""What a limit is worth and what keeps a technology out: worked out by hand, and by solving again one unit further.

The load is a flat 100 MW: 876,000 MWh a year. `dirty` costs 10 USD/MWh, `clean` 50 USD/MWh; both are free to build.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.expansion import Plan, size
from engine.limits import limits_of
from engine.model import build
from engine.periods import select_periods
from engine.pricing import Prices, price_plan
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario, merge
from tests.toys import FREE_FUEL_UNIT, toy, write_series
from tests.unit.test_limits import CLEAN, DIRTY

ONE_WEEK = {"method": "calendar", "weeks": [{"start_day": 190, "weight": 52}]}
WEEKS = {"time": ONE_WEEK}
BURN = {"technologies": {"dirty": DIRTY, "clean": CLEAN}, "fuel": {"price_usd_per_mmbtu": 1, "co2_lb_per_mmbtu": 100}}
SAVED_USD_PER_MWH = 40.0


@dataclass(frozen=True)
class Priced:
    """A sizing and its prices, without the dispatch behind it."""

    plan: Plan
    prices: Prices


def priced(loaded: LoadedScenario) -> Priced:
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    plan = size(loaded.scenario, steps)
    assert plan.capacity is not None
    assert plan.sampled_hourly is not None
    return Priced(plan, price_plan(loaded.scenario, steps, plan.decisions, plan.capacity, plan.sampled_hourly))


def price(solved: Priced, limit: str, year: int = 2026) -> Mapping[str, Any]:
    table = solved.prices.shadow_prices
    row = table[(table["limit"] == limit) & (table["year"] == year)].iloc[0]
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("limit", "field", "ceiling", "loose", "mwh_per_unit"),
    [
        # One short ton carries 2,000 lb / (10 MMBtu x 0.01 lb) = 20,000 MWh of dirty energy.
        ("nox", "nox_short_tons_per_yr", 21.9, 99, 20_000.0),
        # One tonne carries 1,000 / (10 MMBtu x 100 lb x 0.45359237) = 2.2046 MWh.
        ("co2", "co2_tonnes_per_yr", 198_673.458, 400_000, 1000 / 453.59237),
        # One Mcf on each of 365 days carries 365 x 1.037 / 10 MWh.
        ("gas", "gas_mcf_per_day", 11_571.84, 65_000, 365 * 1.037 / 10),
        # One MMBtu carries 0.1 MWh.
        ("gas_year", "gas_mmbtu_per_yr", 4_380_000, 9_000_000, 0.1),
    ],
)
def test_a_ceiling_is_worth_what_its_last_unit_saves(
    limit: str, field: str, ceiling: float, loose: float, mwh_per_unit: float
) -> None:
    binding = priced(toy(BURN, WEEKS, {"limits": {field: ceiling}}))
    found = price(binding, limit)
    assert found["usd_per_unit"] == pytest.approx(SAVED_USD_PER_MWH * mwh_per_unit, rel=1e-5)
    assert found["binding_frac"] == pytest.approx(1.0)
    slack = priced(toy(BURN, WEEKS, {"limits": {field: loose}}))
    assert price(slack, limit)["usd_per_unit"] == 0.0
    assert price(slack, limit)["binding_frac"] == 0.0


def test_prices_are_of_their_year_not_of_the_first() -> None:
    # The second year's cost is discounted by 8 %; a ton saves the same 20,000 MWh x 40 USD in both.
    changes = {"limits": {"nox_short_tons_per_yr": 21.9}, "time": {"years": 2}, "money": {"discount_rate_frac": 0.08}}
    solved = priced(toy(BURN, WEEKS, changes))
    assert [price(solved, "nox", year)["usd_per_unit"] for year in (2026, 2027)] == pytest.approx([800e3, 800e3])


def test_gas_binds_on_the_days_that_need_it_all(tmp_path: Path) -> None:
    # 100 MW on the first 73 days (one in five), 50 MW after; the pipe carries 60 MW x 24 h x 10 / 1.037 Mcf a day.
    load = np.where(np.arange(8760) < 73 * 24, 100.0, 50.0)
    changes = {
        "load": {"series": write_series(tmp_path, "load", load)},
        "limits": {"gas_mcf_per_day": 60 * 240 / 1.037},
    }
    found = price(priced(toy(BURN, changes, folder=tmp_path)), "gas")
    assert found["binding_frac"] == pytest.approx(0.2)
    assert found["usd_per_unit"] == pytest.approx(73 * 1.037 / 10 * SAVED_USD_PER_MWH)
    assert found["when"] == "1 Jan – 14 Mar"


def test_an_acre_is_worth_the_energy_it_carries() -> None:
    # 1 acre a MW of dirty, in fractions of units: one acre more turns 8,760 MWh from 50 to 10 USD.
    dirty = {"technologies": {"dirty": {**DIRTY, "integer": False}}, "limits": {"land_acres": 40}}
    assert price(priced(toy(BURN, WEEKS, dirty)), "land")["usd_per_unit"] == pytest.approx(8760 * 40.0)


def test_a_firm_megawatt_is_worth_what_it_costs_to_build() -> None:
    # Units in any amount at 100 USD/kW over one year; N-1 asks for 100 MW and one unit of 10 MW to lose.
    plant = {**FREE_FUEL_UNIT, "integer": False, "availability_frac": 1.0}
    solved = priced(toy(WEEKS, {"technologies": {"plant": plant}, "limits": {"n_minus_1": True}}))
    assert price(solved, "n_minus_1")["usd_per_unit"] == pytest.approx(100e3)
    assert price(solved, "n_minus_1")["unit"] == "USD/MW firm"


def test_a_megawatt_of_grid_is_worth_the_dearer_energy_it_replaces(tmp_path: Path) -> None:
    # The grid at 10 USD/MWh may carry 60 MW; clean at 50 carries the rest. Half of the year the load is 40 MW only.
    load = np.where(np.arange(8760) % 2 == 0, 100.0, 40.0)
    grid = {"kind": "grid", "max_mw": 60, "price": 10.0, "connection_usd": 0}
    changes = {"technologies": {"grid": grid, "clean": CLEAN}, "load": {"series": write_series(tmp_path, "load", load)}}
    found = price(priced(toy(changes, folder=tmp_path)), "grid.max_mw")
    assert found["usd_per_unit"] == pytest.approx(4380 * 40.0)
    assert found["binding_frac"] == pytest.approx(0.5)
    assert found["when"] == "at all hours of the day" or "between" in found["when"]


def sizing_cost(loaded: LoadedScenario) -> float:
    from engine.matrix import compile_model
    from engine.solver import SolverSettings, solve_matrix

    form = build(loaded.scenario, select_periods(loaded.scenario, build_profiles(loaded)))
    solution = solve_matrix(compile_model(form), SolverSettings())
    assert solution.objective is not None
    return solution.objective


# Everything continuous, every limit tight at once: what one unit more saves is found by solving again.
CROWDED: dict[str, Any] = {
    "technologies": {
        "engine": {**DIRTY, "integer": False, "overnight_usd_per_kw": 900, "life_years": 20},
        "sun": {"kind": "solar", "max_mw": 120, "overnight_usd_per_kw": 300, "acres_per_mw": 4},
        "store": {"kind": "battery", "max_mwh": 300, "overnight_usd_per_kwh": 60},
        "grid": {"kind": "grid", "max_mw": 25, "price": 30.0, "overnight_usd_per_kw": 50, "acres": 0},
        "backup": {**CLEAN, "integer": False, "overnight_usd_per_kw": 400, "variable_usd_per_mwh": 90},
    },
    "fuel": {"price_usd_per_mmbtu": 3, "co2_lb_per_mmbtu": 100},
    "limits": {
        "nox_short_tons_per_yr": 18, "gas_mcf_per_day": 13_000, "land_acres": 400, "co2_tonnes_per_yr": 220_000,
        "n_minus_1": True,
    },
    "load": {"load_factor_frac": 0.8, "season_amplitude_frac": 0.05},
    "money": {"discount_rate_frac": 0.08},
    "time": {"years": 2, **ONE_WEEK},
}  # fmt: skip
PLACES = {
    "nox": ("limits", "nox_short_tons_per_yr", 0.01),
    "gas": ("limits", "gas_mcf_per_day", 1.0),
    "land": ("limits", "land_acres", 0.1),
    "co2": ("limits", "co2_tonnes_per_yr", 10.0),
    "sun.max_mw": ("technologies.sun", "max_mw", 0.01),
    "store.max_mwh": ("technologies.store", "max_mwh", 0.1),
    "grid.max_mw": ("technologies.grid", "max_mw", 0.01),
}


@pytest.fixture(scope="module")
def crowded() -> Priced:
    return priced(toy(CROWDED))


@pytest.mark.parametrize("limit", list(PLACES))
def test_prices_agree_with_solving_again_one_step_further(crowded: Priced, limit: str) -> None:
    place, field, step = PLACES[limit]
    section, _, key = place.partition(".")
    before = CROWDED[section][key] if key else CROWDED[section]
    changed = {field: before[field] + step}
    further = merge(CROWDED, {section: {key: changed} if key else changed})
    assert crowded.plan.objective_usd is not None
    saved = (crowded.plan.objective_usd - sizing_cost(toy(further))) / step
    table = crowded.prices.shadow_prices
    table = table[table["limit"] == limit]
    worth = float((table["usd_per_unit"] * 1.08 ** -(table["year"] - 2026)).sum())
    assert worth == pytest.approx(saved, rel=0.02, abs=1.0)


def test_several_limits_of_the_crowded_site_bind(crowded: Priced) -> None:
    table = crowded.prices.shadow_prices
    assert set(table[table["usd_per_unit"] > 0]["limit"]) >= {"co2", "n_minus_1", "grid.max_mw"}


ALMOST: list[tuple[str, dict[str, Any], str]] = [
    ("sun", {"kind": "solar", "overnight_usd_per_kw": 4000, "acres_per_mw": 0}, "overnight_usd_per_kw"),
    ("rival", {**CLEAN, "integer": False, "overnight_usd_per_kw": 2000, "life_years": 5}, "overnight_usd_per_kw"),
    ("units", {**CLEAN, "unit_mw": 1, "overnight_usd_per_kw": 2000, "life_years": 5}, "overnight_usd_per_kw"),
    (
        "grid",
        {"kind": "grid", "price": 30.0, "overnight_usd_per_kw": 7000, "connection_usd": 0},
        "overnight_usd_per_kw",
    ),
    ("store", {"kind": "battery", "overnight_usd_per_kwh": 400}, "overnight_usd_per_kwh"),
]
DAY_PRICE = np.where(np.arange(8760) % 24 < 12, 20.0, 110.0)


@pytest.mark.parametrize(("key", "data", "field"), ALMOST, ids=[key for key, _, _ in ALMOST])
def test_a_technology_enters_when_it_is_as_much_cheaper_as_said(
    tmp_path: Path, key: str, data: dict[str, Any], field: str
) -> None:
    market = {"kind": "grid", "existing_mw": 200, "max_mw": 200, "price": write_series(tmp_path, "price", DAY_PRICE)}
    base = {
        "technologies": {"market": market, key: data},
        "money": {"discount_rate_frac": 0.05},
        "time": {"years": 3, **ONE_WEEK},
    }
    solved = priced(toy(base, folder=tmp_path))
    row = solved.prices.reduced_costs.set_index("technology").loc[key]
    assert row["now_usd"] == data[field]
    assert 0 < row["cheaper_usd"] < data[field]

    def built_at(usd: float) -> float:
        again = toy(base, {"technologies": {key: {field: usd}}}, folder=tmp_path)
        capacity = size(again.scenario, select_periods(again.scenario, build_profiles(again))).capacity
        assert capacity is not None
        return float(capacity.query(f"technology == '{key}'")["built_mw"].sum())

    assert built_at(data[field] - row["cheaper_usd"] * 1.01) > 0.5
    assert built_at(data[field] - row["cheaper_usd"] * 0.99) == pytest.approx(0.0, abs=1e-6)


def test_the_year_that_comes_closest_counts(tmp_path: Path) -> None:
    # Only the builds of 2027 cost half: there the rival is nearest, at half its 3,000 USD/kW.
    market = {"kind": "grid", "existing_mw": 200, "max_mw": 200, "price": write_series(tmp_path, "price", DAY_PRICE)}
    rival = {
        **CLEAN,
        "integer": False,
        "overnight_usd_per_kw": 3000,
        "overnight_path": [1.0, 0.5, 1.0],
        "life_years": 5,
    }
    changes = {"technologies": {"market": market, "rival": rival}, "time": {"years": 3, **ONE_WEEK}}
    row = priced(toy(changes, folder=tmp_path)).prices.reduced_costs.set_index("technology").loc["rival"]
    assert (row["year"], row["now_usd"]) == (2027, 1500.0)


def test_a_trace_lets_go_of_its_own_whole_numbers_only() -> None:
    # 100 MW in units of 30 MW: four, whatever they are called. A trace that freed them too would be paid for by them.
    def cheaper_usd(built: str) -> float:
        dear = {**FREE_FUEL_UNIT, "overnight_usd_per_kw": 900}
        plants = {"rival": dear, built: {**FREE_FUEL_UNIT, "unit_mw": 30}}
        table = priced(toy(WEEKS, {"technologies": plants})).prices.reduced_costs.set_index("technology")
        return float(table.loc["rival", "cheaper_usd"])

    assert cheaper_usd("rival_2") == pytest.approx(cheaper_usd("plant"))


def test_what_is_built_has_no_reduced_cost() -> None:
    assert priced(toy(WEEKS, {"technologies": {"plant": FREE_FUEL_UNIT}})).prices.reduced_costs.empty


def test_every_limit_can_be_moved_and_priced() -> None:
    # A limit without an entry would be left out of every diagnosis without a word.
    everything = toy(CROWDED, {"limits": {"served_frac": 1.0, "capital_usd_per_yr": 1e9, "gas_mmbtu_per_yr": 1e9}})
    form = build(everything.scenario, select_periods(everything.scenario, build_profiles(everything)))
    assert [limit.name for limit in limits_of(everything.scenario) if limit.relaxable(form) is None] == []
    for limit in limits_of(everything.scenario):
        relaxable = limit.relaxable(form)
        assert relaxable is not None
        assert relaxable.rows(form), limit.name
