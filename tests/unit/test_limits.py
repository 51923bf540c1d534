"""Each limit shown binding once and slack once, with the arithmetic beside it.

The load is a flat 100 MW: 876,000 MWh a year. `dirty` burns 10 MMBtu/MWh at 1 USD/MMBtu and costs 10 USD/MWh;
`clean` burns nothing and costs 50 USD/MWh. Both are free to build, so that dirty serves all unless a limit binds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.toys import answer, toy, write_series

DIRTY: dict[str, Any] = {
    "kind": "thermal",
    "unit_mw": 10,
    "max_units": 30,
    "overnight_usd_per_kw": 0,
    "heat_rate_btu_per_kwh": 10_000,
    "nox_lb_per_mmbtu": 0.01,
    "acres_per_mw": 1,
}
CLEAN: dict[str, Any] = {
    "kind": "thermal",
    "unit_mw": 10,
    "max_units": 30,
    "overnight_usd_per_kw": 0,
    "heat_rate_btu_per_kwh": 0,
    "variable_usd_per_mwh": 50,
}
YEAR_MWH = 876_000.0


def dirty_share(folder: Path, limits: dict[str, Any]) -> float:
    changes = {
        "technologies": {"dirty": DIRTY, "clean": CLEAN},
        "fuel": {"price_usd_per_mmbtu": 1, "co2_lb_per_mmbtu": 100},
        "limits": limits,
    }
    solved = answer(toy(changes), folder)
    assert solved.summary["verified"]
    assert solved.summary["adequate"]
    # 10 USD/MWh where dirty runs, 50 where clean does.
    share: float = solved.summary["energy_share_frac"]["dirty"]
    assert solved.summary["npv_cost_usd"] == pytest.approx(YEAR_MWH * (10 * share + 50 * (1 - share)), rel=1e-6)
    return share


@pytest.mark.parametrize(
    ("limits", "share"),
    [
        # 876,000 MWh x 10 MMBtu x 0.01 lb / 2,000 = 43.8 short tons.
        ({"nox_short_tons_per_yr": 43.9}, 1.0),
        ({"nox_short_tons_per_yr": 21.9}, 0.5),
        # 100 MW x 24 h x 10 MMBtu / 1.037 = 23,143.68 Mcf a day.
        ({"gas_mcf_per_day": 23_150}, 1.0),
        ({"gas_mcf_per_day": 23_143.6837 / 4}, 0.25),
        # 876,000 MWh x 10 MMBtu = 8.76 million MMBtu a year.
        ({"gas_mmbtu_per_yr": 8.77e6}, 1.0),
        ({"gas_mmbtu_per_yr": 2.19e6}, 0.25),
        # 876,000 MWh x 10 MMBtu x 100 lb x 0.45359237 / 1,000 = 397,346.9 tonnes.
        ({"co2_tonnes_per_yr": 400_000}, 1.0),
        ({"co2_tonnes_per_yr": 397_346.916 / 2}, 0.5),
        # 1 acre per MW of dirty: 100 acres.
        ({"land_acres": 100}, 1.0),
        ({"land_acres": 40}, 0.4),
    ],
)
def test_a_ceiling_moves_exactly_the_energy_it_must(tmp_path: Path, limits: dict[str, Any], share: float) -> None:
    assert dirty_share(tmp_path, limits) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("limits", "share"),
    [
        ({"nox_short_tons_per_yr": 21.9}, 0.5),
        ({"co2_tonnes_per_yr": 397_346.916 / 4}, 0.25),
        ({"gas_mcf_per_day": 11_571.84}, 0.5),
        ({"gas_mmbtu_per_yr": 4.38e6}, 0.5),
    ],
)
def test_representative_weeks_count_for_all_they_stand_for(
    tmp_path: Path, limits: dict[str, Any], share: float
) -> None:
    changes = {
        "technologies": {"dirty": DIRTY, "clean": CLEAN},
        "fuel": {"price_usd_per_mmbtu": 1, "co2_lb_per_mmbtu": 100},
        "limits": limits,
        "time": {"method": "calendar"},
    }
    solved = answer(toy(changes), tmp_path)
    sampled = solved.tables["annual"].query("stage == 1").set_index("technology")["energy_mwh"]
    assert sampled["dirty"] == pytest.approx(share * YEAR_MWH, rel=1e-5)
    # Both stages hold the limit alike on a flat load: their costs agree.
    assert solved.summary["objective_usd"] == pytest.approx(solved.summary["npv_cost_usd"], rel=1e-5)


@pytest.mark.parametrize(("mwh", "share"), [(900_000, 1.0), (219_000, 0.25)])
@pytest.mark.parametrize("method", ["full", "calendar"])
def test_a_technology_gives_no_more_than_its_yearly_energy(
    tmp_path: Path, mwh: float, share: float, method: str
) -> None:
    changes = {
        "technologies": {"dirty": {**DIRTY, "max_mwh_per_yr": mwh}, "clean": CLEAN},
        "fuel": {"price_usd_per_mmbtu": 1},
        "time": {"method": method},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["energy_share_frac"]["dirty"] == pytest.approx(share, abs=1e-6)
    assert solved.summary["objective_usd"] == pytest.approx(YEAR_MWH * (10 * share + 50 * (1 - share)), rel=1e-5)
    assert solved.tables["limits"].query("limit == 'dirty_energy'")["binding"].tolist() == [share < 1] * 2


@pytest.mark.parametrize(("mwh", "imported"), [(1e6, 876_000), (100_000, 100_000)])
def test_imports_stay_within_a_yearly_energy(tmp_path: Path, mwh: float, imported: float) -> None:
    grid = {"kind": "grid", "existing_mw": 100, "price": 1.0, "max_mwh_per_yr": mwh}
    solved = answer(toy({"technologies": {"grid": grid, "clean": CLEAN}}), tmp_path)
    annual = solved.tables["annual"].query("stage == 2 and technology == 'grid'")
    assert annual["energy_mwh"].iloc[0] == pytest.approx(imported)


def test_land_counts_every_technology(tmp_path: Path) -> None:
    # Solar 1 acre per MW and battery 1 acre per MWh existing would fill 30 of the 100 acres that dirty wants.
    solar = {"kind": "solar", "existing_mw": 10, "max_mw": 10, "acres_per_mw": 1}
    battery = {"kind": "battery", "existing_mw": 5, "existing_mwh": 20, "max_mwh": 20, "acres_per_mwh": 1}
    changes = {
        "technologies": {"dirty": DIRTY, "clean": CLEAN, "solar": solar, "battery": battery},
        "limits": {"land_acres": 100},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.capacity_mw("dirty") == pytest.approx(70.0)
    assert solved.summary["land_acres"] == pytest.approx(100.0)


def units_needed(folder: Path, unit: dict[str, Any], limits: dict[str, Any], load: dict[str, Any] | None = None) -> Any:
    paid = {**CLEAN, "overnight_usd_per_kw": 100, "life_years": 20, **unit}
    changes = {"technologies": {"plant": paid}, "limits": limits, "load": load or {}}
    solved = answer(toy(changes), folder)
    assert solved.summary["verified"]
    return solved.tables["capacity"]["units"].tolist()


@pytest.mark.parametrize(
    ("unit", "n_minus_1", "units"),
    [
        ({"unit_mw": 30}, False, 4),  # 4 x 30 = 120 >= 100
        ({"unit_mw": 30}, True, 5),  # (5 - 1) x 30 = 120 >= 100; (4 - 1) x 30 = 90 is short
        ({"unit_mw": 10, "availability_frac": 0.8}, False, 13),  # 13 x 8 = 104 >= 100
        ({"unit_mw": 10, "availability_frac": 0.8}, True, 13),  # (13 - 1) x 10 = 120: slack
    ],
)
def test_n_minus_1_adds_a_unit_only_where_it_binds(
    tmp_path: Path, unit: dict[str, Any], n_minus_1: bool, units: int
) -> None:
    assert units_needed(tmp_path, unit, {"n_minus_1": n_minus_1}) == [units]


def test_growth_reaches_n_minus_1(tmp_path: Path) -> None:
    # Peaks 100 and 150 MW with 30 MW units: (5 - 1) x 30 = 120 >= 100, (6 - 1) x 30 = 150 >= 150.
    changes = {
        "technologies": {"plant": {**CLEAN, "unit_mw": 30, "overnight_usd_per_kw": 100}},
        "limits": {"n_minus_1": True},
        "load": {"multiples_by_year": [1.0, 1.5]},
        "time": {"years": 2},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.tables["capacity"]["units"].tolist() == [5, 6]


def test_largest_unit_counts_of_installed_types_only(tmp_path: Path) -> None:
    # Small units alone: 11 x 10 - 10 = 100. One big unit of 200 MW would have to be covered by 100 MW of small ones.
    small = {**CLEAN, "unit_mw": 10, "overnight_usd_per_kw": 100}
    big = {**CLEAN, "unit_mw": 200, "overnight_usd_per_kw": 60}
    solved = answer(toy({"technologies": {"small": small, "big": big}, "limits": {"n_minus_1": True}}), tmp_path)
    # Small alone 110 MW x 100 = 11,000; big 200 x 60 = 12,000 and 100 MW of small beside it: dearer.
    assert (solved.capacity_mw("small"), solved.capacity_mw("big")) == (pytest.approx(110), pytest.approx(0))


@pytest.mark.parametrize(
    ("unit", "units"),
    [
        ({"unit_mw": 30}, 6),  # (6 - 2) x 30 = 120 >= 100; (5 - 2) x 30 = 90 is short
        ({"unit_mw": 10, "availability_frac": 0.8}, 13),  # (13 - 2) x 10 = 110: slack
    ],
)
def test_n_minus_2_loses_two_units_of_a_type(tmp_path: Path, unit: dict[str, Any], units: int) -> None:
    assert units_needed(tmp_path, unit, {"n_minus_2": True}) == [units]


def test_n_minus_2_loses_a_unit_of_each_of_two_types(tmp_path: Path) -> None:
    # One big unit of 50 MW stands: it and one small may fail, so that eleven small ones must stand. Two small: 9 + 50.
    small = {**CLEAN, "unit_mw": 10, "overnight_usd_per_kw": 100}
    big = {**CLEAN, "unit_mw": 50, "overnight_usd_per_kw": 100, "existing_units": 1, "max_units": 1}
    limits = {"n_minus_1": True, "n_minus_2": True}
    solved = answer(toy({"technologies": {"small": small, "big": big}, "limits": limits}), tmp_path)
    assert solved.capacity_mw("small") == pytest.approx(110)
    row = solved.tables["limits"].query("limit == 'n_minus_2' and stage == 1").iloc[0]
    assert (row["value"], row["ceiling"]) == (pytest.approx(100), pytest.approx(100))


@pytest.mark.parametrize(("may_fail", "units"), [(False, 0), (True, 11)])
def test_n_minus_2_loses_the_grid_and_a_unit_where_the_grid_may_fail(
    tmp_path: Path, may_fail: bool, units: int
) -> None:
    grid = {"kind": "grid", "existing_mw": 500, "max_mw": 500, "price": 1.0}
    limits = {"n_minus_2": True, "grid_contingency": may_fail}
    plant = {**CLEAN, "overnight_usd_per_kw": 100}
    solved = answer(toy({"technologies": {"grid": grid, "plant": plant}, "limits": limits}), tmp_path)
    assert solved.tables["capacity"].query("technology == 'plant'")["units"].tolist() == [units]


@pytest.mark.parametrize(("may_fail", "units"), [(False, 0), (True, 10)])
def test_grid_is_firm_unless_the_scenario_lets_it_fail(tmp_path: Path, may_fail: bool, units: int) -> None:
    # Without it failing the grid alone carries the 100 MW peak; else 10 x 10 MW must, and survive one loss with it.
    grid = {"kind": "grid", "existing_mw": 500, "max_mw": 500, "price": 1.0}
    plant = {**CLEAN, "overnight_usd_per_kw": 100}
    limits = {"n_minus_1": True, "grid_contingency": may_fail}
    solved = answer(toy({"technologies": {"grid": grid, "plant": plant}, "limits": limits}), tmp_path)
    assert solved.tables["capacity"].query("technology == 'plant'")["units"].tolist() == [units]


def test_battery_is_firm_for_four_hours_of_its_usable_energy(tmp_path: Path) -> None:
    # min(50 MW, (1 - 0.1) x 200 MWh x 0.92 / 4 h) = 41.4 MW; 58.6 MW remain: 6 units and one to lose = 7.
    battery = {"kind": "battery", "existing_mw": 50, "existing_mwh": 200, "max_mwh": 200}
    load = np.where(np.arange(8760) == 4000, 100.0, 60.0)
    changes = {
        "technologies": {"battery": battery, "plant": {**CLEAN, "overnight_usd_per_kw": 100}},
        "limits": {"n_minus_1": True},
        "load": {"series": write_series(tmp_path, "load", load)},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    rows = solved.tables["capacity"].set_index("technology")
    assert rows.loc["battery", "firm_mw"] == pytest.approx(41.4)
    assert rows.loc["plant", "units"] == 7
    assert solved.tables["limits"].query("limit == 'n_minus_1'")["value"].tolist() == pytest.approx([101.4, 101.4])
