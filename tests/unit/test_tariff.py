"""What a tariff charges: time-of-use periods and the highest import of each month, binding and slack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.profiles.tariff import with_price_periods
from engine.scenario.technologies import PricePeriod
from tests.toys import FREE_FUEL_UNIT, answer, toy, write_series

GRID: dict[str, Any] = {"kind": "grid", "existing_mw": 200, "max_mw": 200, "price": 10.0}
HOUR = np.arange(8760)


def period(price: float, **changes: Any) -> PricePeriod:
    whole = {"label": "P", "first_month": 1, "last_month": 12, "days": "all", "first_hour": 0, "last_hour": 23}
    return PricePeriod(**{**whole, **changes, "usd_per_mwh": price})


@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        ({}, 8760),
        ({"first_month": 6, "last_month": 9}, 122 * 24),  # 30 + 31 + 31 + 30 days
        ({"first_month": 12, "last_month": 1}, 62 * 24),  # round the new year
        ({"first_hour": 16, "last_hour": 20}, 365 * 5),
        ({"first_hour": 22, "last_hour": 5}, 365 * 8),  # round midnight
        ({"days": "weekend"}, 104 * 24),  # 2026: 52 Saturdays and Sundays
        ({"days": "weekdays", "first_hour": 0, "last_hour": 0}, 261),
    ],
)
def test_a_period_holds_the_hours_it_names(changes: dict[str, Any], hours: int) -> None:
    price = with_price_periods(np.full(8760, 1.0), (period(5.0, **changes),), 2026)
    assert (price == 5.0).sum() == hours
    assert (price == 1.0).sum() == 8760 - hours


def test_later_periods_win() -> None:
    price = with_price_periods(np.zeros(8760), (period(1.0), period(2.0, first_hour=12, last_hour=12)), 2026)
    assert price[:24].tolist() == [1.0] * 12 + [2.0] + [1.0] * 11


def test_dear_hours_are_left_to_the_plant_and_the_adder_stays(tmp_path: Path) -> None:
    # 10 + 2 USD/MWh, but 90 + 2 on five hours of weekdays: 261 x 5 x 100 MW then come from the plant at 50.
    peak = period(90.0, days="weekdays", first_hour=16, last_hour=20).model_dump()
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 50}
    grid = {**GRID, "price_adder_usd_per_mwh": 2.0, "price_periods": [peak]}
    solved = answer(toy({"technologies": {"grid": grid, "plant": plant}}), tmp_path)
    peak_mwh = 261 * 5 * 100
    assert solved.summary["npv_cost_usd"] == pytest.approx(12 * (876_000 - peak_mwh) + 50 * peak_mwh)


SPIKE = np.where(HOUR == 100, 100.0, 60.0)  # one hour of 100 MW in January, else 60


@pytest.mark.parametrize(
    ("usd_per_kw", "highest_mw", "npv_usd"),
    [
        # The plant saves 40 kW-months of January for 40 MWh at 500 - 10 USD: worth it above 0.49 USD/kW-month.
        (0.48, 100.0, 10 * SPIKE.sum() + 0.48e3 * (11 * 60 + 100)),
        (0.50, 60.0, 10 * (SPIKE.sum() - 40) + 40 * 500 + 0.50e3 * 12 * 60),
    ],
)
def test_each_months_highest_import_is_charged(
    tmp_path: Path, usd_per_kw: float, highest_mw: float, npv_usd: float
) -> None:
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 500}
    changes = {
        "load": {"series": write_series(tmp_path, "load", SPIKE)},
        "technologies": {"grid": {**GRID, "demand_charge_usd_per_kw_month": usd_per_kw}, "plant": plant},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    assert solved.tables["hourly"]["grid_import_mw"].max() == pytest.approx(highest_mw)
    assert solved.summary["npv_cost_usd"] == pytest.approx(npv_usd)
    # Sized on the whole year, both stages charge the same months.
    assert solved.summary["objective_usd"] == pytest.approx(npv_usd)


def test_each_representative_week_pays_for_the_months_it_stands_for(tmp_path: Path) -> None:
    # A flat 100 MW: 12 months x 100,000 kW x 3 USD in both stages.
    grid = {**GRID, "demand_charge_usd_per_kw_month": 3.0}
    solved = answer(toy({"technologies": {"grid": grid}, "time": {"method": "calendar"}}), tmp_path)
    charged = solved.tables["costs"].query("category == 'demand_charge'")["cost_usd"]
    assert charged.tolist() == pytest.approx([3.6e6, 3.6e6])


@pytest.mark.parametrize(("usd_per_kw", "connected_mw"), [(0.0, 100.0), (400.0, 100.0), (500.0, 0.0)])
def test_import_capacity_pays_by_the_kw(tmp_path: Path, usd_per_kw: float, connected_mw: float) -> None:
    # A life of one year: the grid saves 8,760 h x (60 - 10) = 438 USD/kW a year.
    grid = {**GRID, "existing_mw": 0, "connection_usd": 0, "overnight_usd_per_kw": usd_per_kw, "life_years": 1}
    plant = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 60}
    changes = {"technologies": {"grid": grid, "plant": plant}, "time": {"method": "calendar"}}
    solved = answer(toy(changes), tmp_path)
    if usd_per_kw:
        assert solved.capacity_mw("grid") == pytest.approx(connected_mw)
    imported = solved.tables["annual"].query("stage == 2 and technology == 'grid'")["energy_mwh"].iloc[0]
    assert imported == pytest.approx(connected_mw * 8760)


@pytest.mark.parametrize(("price", "sold_mwh"), [(25.0, 30 * 8760), (9.0, 0.0)])
def test_export_pays_only_above_what_it_costs(tmp_path: Path, price: float, sold_mwh: float) -> None:
    grid = {**GRID, "export_max_mw": 30, "price": 100.0, "export_price": price}
    plant = {**FREE_FUEL_UNIT, "existing_units": 15, "variable_usd_per_mwh": 10}
    changes = {"technologies": {"grid": grid, "plant": plant}, "time": {"method": "calendar"}}
    annual = answer(toy(changes), tmp_path).tables["annual"].query("stage == 2 and technology == 'grid'")
    assert annual["charge_mwh"].iloc[0] == pytest.approx(sold_mwh)
