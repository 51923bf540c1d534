"""A wrong number in any table is found: each mutation of a good run fails the check that is there for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario, merge, validate_scenario
from engine.verification import verify
from engine.wording import CO2
from tests.toys import Answer, answer

Tables = dict[str, pd.DataFrame]
Mutation = Callable[[Tables, dict[str, Any]], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """A one-year run with every kind of technology; the grid trades at negative prices too."""
    base = load_scenario(SHIPPED_SCENARIOS / "base.yaml").scenario.model_dump()
    change = {
        "time": {"years": 1},
        "technologies": {
            "solar": {"existing_mw": 40},
            "battery": {"existing_mw": 20, "existing_mwh": 80},
            "grid": {"existing_mw": 60, "export_max_mw": 20},
            "engine": {"max_units": 0},
        },
    }
    loaded = validate_scenario(merge(base, change), source="toy")
    return answer(loaded, tmp_path_factory.mktemp("good"))


def test_a_good_run_passes_every_check(good: Answer) -> None:
    verification = verify(good.tables, good.manifest)
    assert [check.name for check in verification.checks if not check.passed] == []
    assert len(verification.checks) >= 20


def add(table: str, column: str, amount: float, row: int = 100) -> Mutation:
    """Add an amount to one cell."""

    def mutate(tables: Tables, _: dict[str, Any]) -> None:
        tables[table].loc[tables[table].index[row], column] += amount

    return mutate


def scale_manifest(key: str, factor: float) -> Mutation:
    def mutate(_: Tables, manifest: dict[str, Any]) -> None:
        manifest[key] = manifest[key] * factor

    return mutate


def change_scenario(**changes: Any) -> Mutation:
    def mutate(_: Tables, manifest: dict[str, Any]) -> None:
        manifest["scenario"] = merge(manifest["scenario"], changes)

    return mutate


def shift_charge(tables: Tables, _: dict[str, Any]) -> None:
    """Move one MWh of charge an hour on, with the balance kept by unserved energy."""
    hourly = tables["hourly"]
    hourly.loc[200, ["battery_charge_mw", "unserved_mw"]] += 1.0


def overload(tables: Tables, _: dict[str, Any]) -> None:
    """Let the turbine give 500 MW more than it has, and the grid export it."""
    tables["hourly"].loc[300, ["turbine_mw", "grid_export_mw"]] += 500.0


def both_ways(tables: Tables, manifest: dict[str, Any]) -> None:
    tables["profiles"].loc[50, "grid_import_price_usd_per_mwh"] = -5.0
    tables["hourly"].loc[50, ["battery_charge_mw", "battery_discharge_mw"]] = 3.0


def price_nox(usd: float) -> Mutation:
    """Give the NOx limit, which this run does not use up, a price."""

    def mutate(tables: Tables, _: dict[str, Any]) -> None:
        prices = tables["shadow_prices"]
        prices.loc[prices["limit"] == "nox", "usd_per_unit"] = usd

    return mutate


def call_the_turbine_left_out(tables: Tables, _: dict[str, Any]) -> None:
    row = {"technology": "turbine", "year": 2026, "now_usd": 1300.0, "cheaper_usd": 10.0, "unit": "USD/kW"}
    tables["reduced_costs"] = pd.DataFrame([row])


MUTATIONS: list[tuple[str, Mutation]] = [
    ("weights sum to 8,760 h", add("periods", "weight", 0.1, row=0)),
    ("stage 2 carries each year's energy", add("hourly", "load_mw", 5.0)),
    ("stage 1 carries each year's energy", change_scenario(load={"multiples_by_year": [1.1]})),
    ("balance closes in every hour of stage 2", add("hourly", "turbine_mw", 0.01)),
    ("balance closes in every hour of stage 1", add("sampled_hourly", "solar_mw", 0.01)),
    ("battery: charge is conserved and in range, stage 2", shift_charge),
    ("battery: charge is conserved and in range, stage 2", add("hourly", "battery_soc_mwh", 0.5)),
    (
        "battery: charge is conserved and in range, stage 1",
        change_scenario(technologies={"battery": {"charge_efficiency_frac": 0.93}}),
    ),
    ("flows stay within capacity, stage 2", overload),
    ("battery: never both directions at once where that could pay", both_ways),
    ("capacity is existing plus standing builds", add("capacity", "built_mw", 1.0, row=1)),
    ("units are whole", add("capacity", "units", 0.5, row=1)),
    ("nothing serves before its lead time", change_scenario(technologies={"turbine": {"lead_time_months": 60}})),
    ("NOx stays within its limit, stage 2", change_scenario(limits={"nox_short_tons_per_yr": 10})),
    ("gas supply stays within its limit, stage 1", change_scenario(limits={"gas_mcf_per_day": 10000})),
    ("land stays within its limit", change_scenario(limits={"land_acres": 20})),
    (f"{CO2} stays within its limit, stage 1", change_scenario(limits={"co2_tonnes_per_yr": 1000})),
    ("the sizing serves the promised share", add("sampled_hourly", "unserved_mw", 1.0)),
    ("N-1 holds in every year", change_scenario(technologies={"turbine": {"derate_frac_per_c": 0.03}})),
    ("stage 1: cost of the tables equals the solver's", scale_manifest("objective_usd", 1.0001)),
    ("stage 1: cost of the tables equals the solver's", change_scenario(money={"discount_rate_frac": 0.09})),
    ("stage 2: cost of the tables equals the solver's", change_scenario(fuel={"price_usd_per_mmbtu": 3.6})),
    ("stage 2: stored costs equal the cost of the tables", add("costs", "present_value_usd", 1000.0, row=-1)),
    ("existing capacity stands as long as it may and never comes back", add("capacity", "existing_mw", -5.0, row=2)),
    (
        "existing capacity stands as long as it may and never comes back",
        change_scenario(technologies={"battery": {"existing_life_years": 0}}),
    ),
    ("what fades is what its age leaves of it", add("capacity", "usable_mwh", 1.0, row=3)),
    ("stage 1: cost of the tables equals the solver's", change_scenario(money={"carbon_price_usd_per_tonne": 1})),
    (
        "stage 2: cost of the tables equals the solver's",
        change_scenario(technologies={"grid": {"demand_charge_usd_per_kw_month": 1}}),
    ),
    ("stage 2: cost of the tables equals the solver's", change_scenario(fuel={"price_path": [3.6]})),
    (
        "stage 2: stored costs equal the cost of the tables",
        change_scenario(technologies={"battery": {"augmentation": True, "fade_frac_per_yr": 0.1}}),
    ),
    ("gas price follows its months", change_scenario(fuel={"month_multiples": [2.0] + [1.0] * 11})),
    ("N-2 holds in every year", change_scenario(limits={"n_minus_2": True})),
    (
        "water stays within its limit, stage 2",
        change_scenario(limits={"water_million_gal_per_yr": 1}, load={"water_gal_per_mwh_it": 100}),
    ),
    ("capital stays within its yearly budget", change_scenario(limits={"capital_usd_per_yr": 1e6})),
    (
        "turbine: energy stays within its limit, stage 1",
        change_scenario(technologies={"turbine": {"max_mwh_per_yr": 1000}}),
    ),
    ("turbine: builds stay within their pace", change_scenario(technologies={"turbine": {"max_build_mw_per_yr": 10}})),
    ("gas of a year stays within its limit, stage 2", change_scenario(limits={"gas_mmbtu_per_yr": 1000})),
    ("a limit has a price only where it is used up", price_nox(50.0)),
    ("no limit has a negative price", price_nox(-50.0)),
    ("what would have to be cheaper is not built", call_the_turbine_left_out),
    ("gap is proven", scale_manifest("bound_usd", 0.9)),
]


@pytest.mark.parametrize(("check", "mutate"), MUTATIONS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(MUTATIONS)])
def test_a_wrong_number_fails_its_check(good: Answer, check: str, mutate: Mutation) -> None:
    tables = {name: table.copy() for name, table in good.tables.items()}
    manifest = copy.deepcopy(dict(good.manifest))
    mutate(tables, manifest)
    verification = verify(tables, manifest)
    assert not verification.passed
    assert check in [one.name for one in verification.checks if not one.passed]
