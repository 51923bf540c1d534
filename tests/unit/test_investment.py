"""Capital, lives, lead times and the grid connection, with arithmetic a reader can redo."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.annuity import annuity_factor
from engine.scenario.technologies import Grid, Thermal
from engine.technologies.behaviour import first_service_year, standing_vintages
from tests.toys import FREE_FUEL_UNIT, answer, toy


def test_annuity_pays_back_the_overnight_cost() -> None:
    # 0.08 / (1 - 1.08^-20) = 0.101852; its present value over 20 years is 1.
    factor = annuity_factor(0.08, 20)
    assert factor == pytest.approx(0.101852, abs=5e-7)
    assert sum(factor / 1.08**year for year in range(1, 21)) == pytest.approx(1.0)
    assert annuity_factor(0.0, 4) == pytest.approx(0.25)


def test_a_vintage_stands_for_its_life_and_no_longer() -> None:
    years = (2026, 2027, 2028, 2029)
    assert standing_vintages(years, 2028, life_years=2) == [2027, 2028]
    assert standing_vintages(years, 2029, life_years=20) == [2026, 2027, 2028, 2029]


def test_a_short_life_is_paid_and_rebuilt(tmp_path: Path) -> None:
    # 100 MW at 100 USD/kW with a life of 2 years and no interest: 5 M USD a year, rebuilt in the third year.
    changes = {"technologies": {"plant": {**FREE_FUEL_UNIT, "life_years": 2}}, "time": {"years": 3}}
    solved = answer(toy(changes), tmp_path)
    assert solved.tables["capacity"]["built_mw"].tolist() == [100.0, 0.0, 100.0]
    assert solved.summary["npv_cost_usd"] == pytest.approx(3 * 5e6)
    assert solved.summary["capital_overnight_usd"] == pytest.approx(2 * 10e6)


def test_existing_units_pay_upkeep_only(tmp_path: Path) -> None:
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "fixed_usd_per_kw_yr": 3}
    solved = answer(toy({"technologies": {"plant": plant}}), tmp_path)
    assert solved.summary["npv_cost_usd"] == pytest.approx(100 * 1000 * 3)
    assert solved.summary["capital_overnight_usd"] == 0.0


def test_lcoe_divides_discounted_cost_by_discounted_required_energy(tmp_path: Path) -> None:
    # Two years, 8 %: capital 10 M x CRF(8 %, 20) each year over 876,000 MWh each year: the discounting cancels.
    plant = {**FREE_FUEL_UNIT, "life_years": 20}
    changes = {"technologies": {"plant": plant}, "money": {"discount_rate_frac": 0.08}, "time": {"years": 2}}
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["lcoe_usd_per_mwh"] == pytest.approx(10e6 * 0.1018522 / 876_000, rel=1e-6)
    assert solved.summary["npv_cost_usd"] == pytest.approx(10e6 * 0.1018522 * (1 + 1 / 1.08), rel=1e-6)


def test_shedding_load_never_flatters_the_lcoe(tmp_path: Path) -> None:
    # A unit of 90 MW at most: 10 MW are shed all year at 10,000 USD/MWh, and the denominator stays 876,000 MWh.
    solved = answer(toy({"technologies": {"plant": {**FREE_FUEL_UNIT, "max_units": 9}}}), tmp_path)
    assert solved.summary["unserved_mwh"] == pytest.approx(87_600)
    assert solved.summary["unserved_cost_usd"] == pytest.approx(876e6)
    assert solved.summary["lcoe_usd_per_mwh"] == pytest.approx((9e6 + 876e6) / 876_000)
    assert not solved.summary["adequate"]


@pytest.mark.parametrize(
    ("lead_months", "decided", "first_year"),
    [
        (36, None, 2026),  # 36 months before the first year: just in time
        (37, None, 2027),  # a month more is a whole year more
        (60, None, 2028),
        (18, date(2025, 1, 1), 2027),  # 12 months are there, 6 more make a year
        (18, date(2024, 7, 1), 2026),
    ],
)
def test_lead_time_counts_from_the_decision(lead_months: float, decided: date | None, first_year: int) -> None:
    plant = Thermal(
        unit_mw=1, max_units=1, overnight_usd_per_kw=1, heat_rate_btu_per_kwh=1, lead_time_months=lead_months
    )
    scenario = toy({"time": {"decision_date": decided}}).scenario
    assert first_service_year(scenario, plant) == first_year


@pytest.mark.parametrize(("lead_months", "first_year"), [(0, 2026), (1, 2027), (96, 2034)])
def test_grid_lead_time_counts_from_the_first_year(lead_months: float, first_year: int) -> None:
    assert first_service_year(toy().scenario, Grid(lead_time_months=lead_months)) == first_year


GRID: dict[str, Any] = {"kind": "grid", "price": 1.0, "connection_usd": 1e6, "life_years": 10, "max_mw": 200}


def test_grid_serves_from_its_date_and_pays_its_connection_as_an_annuity(tmp_path: Path) -> None:
    # 24 months: from 2028. No interest: 1 M / 10 a year and 20 USD/kW x 100 MW / 10 a year, from 2028 on.
    grid = {**GRID, "lead_time_months": 24, "overnight_usd_per_kw": 20}
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 60}
    solved = answer(toy({"technologies": {"grid": grid, "plant": plant}, "time": {"years": 4}}), tmp_path)
    assert [solved.capacity_mw("grid", year) for year in range(2026, 2030)] == pytest.approx([0, 0, 100, 100])
    costs = solved.tables["costs"].query("stage == 2 and technology == 'grid' and category == 'capital'")
    assert costs["cost_usd"].tolist() == pytest.approx([0, 0, 300_000, 300_000])
    assert solved.summary["first_grid_year"] == 2028
    energy = solved.tables["costs"].query("stage == 2 and category == 'grid_energy'")["cost_usd"]
    assert energy.tolist() == pytest.approx([0, 0, 876_000, 876_000])


def test_a_connection_takes_its_land(tmp_path: Path) -> None:
    # The substation wants 5 acres; on 4 the cheap grid cannot come, and the dear plant without land serves alone.
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 60}
    changes = {"technologies": {"grid": GRID, "plant": plant}, "limits": {"land_acres": 4}}
    assert answer(toy(changes), tmp_path).capacity_mw("grid") == 0.0
    roomy = answer(toy(changes, {"limits": {"land_acres": 5}}), tmp_path)
    assert roomy.capacity_mw("grid") >= 100.0
    assert roomy.summary["land_acres"] == pytest.approx(5.0)


def test_a_dear_connection_is_not_bought(tmp_path: Path) -> None:
    # Saving 59 USD/MWh x 876,000 MWh = 51.7 M a year; a connection of 600 M over 10 years costs 60 M a year.
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 60}
    solved = answer(toy({"technologies": {"grid": {**GRID, "connection_usd": 600e6}, "plant": plant}}), tmp_path)
    assert solved.capacity_mw("grid") == 0.0


def test_export_earns_its_price_up_to_its_right(tmp_path: Path) -> None:
    # 50 MW spare at 10 USD/MWh, export right 30 MW at 25 USD/MWh: 30 x 8,760 x (25 - 10) earned.
    grid = {**GRID, "existing_mw": 200, "export_max_mw": 30, "price": 100.0, "export_price": 25.0}
    plant = {**FREE_FUEL_UNIT, "existing_units": 15, "variable_usd_per_mwh": 10}
    solved = answer(toy({"technologies": {"grid": grid, "plant": plant}}), tmp_path)
    assert solved.summary["npv_cost_usd"] == pytest.approx(10 * 876_000 - 30 * 8760 * 15)


def test_export_dearer_than_import_makes_no_money_in_circles(tmp_path: Path) -> None:
    # Import at 10, export at 25: without the one-way rule 30 MW would go round all year.
    grid = {**GRID, "existing_mw": 200, "export_max_mw": 30, "price": 10.0, "export_price": 25.0}
    solved = answer(toy({"technologies": {"grid": grid}, "solver": {"mip_gap_frac": 1e-4}}), tmp_path)
    assert solved.summary["npv_cost_usd"] == pytest.approx(10 * 876_000)
    assert solved.summary["verified"]


def test_a_connection_that_only_exports_is_one(tmp_path: Path) -> None:
    # Import capacity at 100,000 USD/kW is never worth it, but 10 MW exported all year at 50 USD/MWh is: 4.38 M USD.
    grid = {
        "kind": "grid", "lead_time_months": 0, "connection_usd": 1e6, "overnight_usd_per_kw": 1e5, "life_years": 1,
        "price": 200, "export_price": 50, "export_max_mw": 10,
    }  # fmt: skip
    unit = {**FREE_FUEL_UNIT, "existing_units": 2, "max_units": 2}
    solved = answer(toy({"load": {"it_peak_mw": 10}, "technologies": {"unit": unit, "grid": grid}}), tmp_path)
    # One kilowatt of import capacity, at 100,000 USD, marks the connection.
    assert solved.capacity_mw("grid") == pytest.approx(0.001)
    assert solved.summary["objective_usd"] == pytest.approx(1e6 + 1e5 - 50 * 10 * 8760)
    assert solved.tables["hourly"]["grid_export_mw"].sum() == pytest.approx(87_600)
