"""Gas by year and month, other fuels, the price of carbon, hourly intensity and water, with arithmetic beside each.

`plant` burns 10 MMBtu/MWh; the load is a flat 100 MW: 876,000 MWh and 8.76 million MMBtu a year.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import InputError
from engine.profiles.months import is_weekend, month_of
from tests.toys import Answer, answer, toy, write_series

PLANT: dict[str, Any] = {
    "kind": "thermal", "unit_mw": 10, "existing_units": 10, "max_units": 10, "overnight_usd_per_kw": 0,
    "heat_rate_btu_per_kwh": 10_000,
}  # fmt: skip
DEAR: dict[str, Any] = {**PLANT, "heat_rate_btu_per_kwh": 0, "variable_usd_per_mwh": 50}
MMBTU = 8.76e6
WEEKS = {"method": "calendar"}


def cost(solved: Answer, category: str, stage: int = 2) -> Any:
    rows = solved.tables["costs"].query(f"stage == {stage} and category == '{category}'")
    return pytest.approx(rows.groupby("year")["cost_usd"].sum().tolist(), rel=1e-6)


def test_gas_has_its_price_in_each_year(tmp_path: Path) -> None:
    fuel = {"price_usd_per_mmbtu": 99, "price_path": [2.0, 3.0]}
    changes = {"technologies": {"plant": PLANT}, "fuel": fuel, "time": {**WEEKS, "years": 2}}
    solved = answer(toy(changes), tmp_path)
    assert cost(solved, "fuel") == [2 * MMBTU, 3 * MMBTU]
    assert cost(solved, "fuel", stage=1) == [2 * MMBTU, 3 * MMBTU]


def test_dear_months_are_left_to_the_other_plant(tmp_path: Path) -> None:
    # Gas at 4 USD/MMBtu is 40 USD/MWh: below 50. Doubled in January and December it is 80: the other plant takes over.
    fuel = {"price_usd_per_mmbtu": 4, "month_multiples": [2] + [1] * 10 + [2]}
    solved = answer(toy({"technologies": {"plant": PLANT, "dear": DEAR}, "fuel": fuel}), tmp_path)
    winter_mwh = 62 * 24 * 100
    assert solved.summary["npv_cost_usd"] == pytest.approx(40 * (876_000 - winter_mwh) + 50 * winter_mwh)


def test_representative_weeks_pay_the_years_mean_of_the_months(tmp_path: Path) -> None:
    # Mean over the hours: (31 x 2 + 334) / 365; the six weeks have one in January and none in most months.
    fuel = {"price_usd_per_mmbtu": 4, "month_multiples": [2] + [1] * 11}
    solved = answer(toy({"technologies": {"plant": PLANT}, "fuel": fuel, "time": WEEKS}), tmp_path)
    year_usd = 4 * MMBTU * (31 * 2 + 334) / 365
    assert cost(solved, "fuel", stage=1) == [year_usd]
    assert cost(solved, "fuel") == [year_usd]


def test_storage_may_carry_cheap_months_over_so_that_more_units_pay(tmp_path: Path) -> None:
    # Gas is free but for January, when it costs 1,000 USD/MWh: a free store of a month's energy is filled by units
    # beyond the load. 744 h x 100 MW within 8,016 h need 9.28 MW more than 100: 22 units of 5 MW, two beyond the load.
    store = {"kind": "battery", "duration_min_h": 100, "duration_max_h": 1000, "max_mwh": 1e6, "soc_min_frac": 0,
             "overnight_usd_per_kwh": 0, "charge_efficiency_frac": 1, "discharge_efficiency_frac": 1}  # fmt: skip
    plant = {**PLANT, "unit_mw": 5, "existing_units": 0, "max_units": 40}
    changes = {
        "technologies": {"plant": plant, "store": store},
        "fuel": {"price_usd_per_mmbtu": 1, "month_multiples": [20] + [0] * 11},
        "money": {"value_of_lost_load_usd_per_mwh": 150},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["npv_cost_usd"] == pytest.approx(0.0, abs=1.0)


def test_a_fuel_of_its_own_has_its_price_and_leaves_the_gas_supply_alone(tmp_path: Path) -> None:
    changes = {
        "technologies": {"plant": {**PLANT, "fuel_price_usd_per_mmbtu": 7, "co2_lb_per_mmbtu": 0}},
        "fuel": {"price_usd_per_mmbtu": 1, "month_multiples": [3] * 12},
        "limits": {"gas_mcf_per_day": 1, "gas_mmbtu_per_yr": 1},
        "money": {"carbon_price_usd_per_tonne": 100},
    }
    solved = answer(toy(changes), tmp_path)
    assert cost(solved, "fuel") == [7 * MMBTU]
    assert solved.summary["co2_tonnes"] == 0.0
    assert solved.summary["adequate"]


GRID: dict[str, Any] = {"kind": "grid", "existing_mw": 100, "max_mw": 100, "price": 30.0, "co2_kg_per_mwh": 500}


@pytest.mark.parametrize(
    ("carbon_usd", "imported_mwh"),
    [
        # Gas: 10 MMBtu x 110.2311 lb / 2,204.62 = 0.5 t/MWh at 40 USD. Grid: 0.5 t/MWh, 30 USD. Dear: none, 50 USD.
        (39.0, 876_000),  # 30 + 19.5 < 50
        (41.0, 0),  # 30 + 20.5 > 50
    ],
)
def test_a_carbon_price_weighs_imports(tmp_path: Path, carbon_usd: float, imported_mwh: float) -> None:
    changes = {"technologies": {"grid": GRID, "dear": DEAR}, "money": {"carbon_price_usd_per_tonne": carbon_usd}}
    solved = answer(toy(changes, {"time": WEEKS}), tmp_path)
    annual = solved.tables["annual"].query("stage == 2 and technology == 'grid'")
    assert annual["energy_mwh"].iloc[0] == pytest.approx(imported_mwh, abs=1e-3)
    assert solved.summary["npv_cost_usd"] == pytest.approx(876_000 * min(30 + carbon_usd / 2, 50))


def test_carbon_has_its_price_in_each_year(tmp_path: Path) -> None:
    # 1 t/MWh of fuel: 10 MMBtu x 220.462 lb. No price in the first year, 20 USD/t in the second: dearer by 17.52 M.
    changes = {
        "technologies": {"plant": PLANT},
        "fuel": {"price_usd_per_mmbtu": 1, "co2_lb_per_mmbtu": 1000 / 0.45359237 / 10},  # 1 t/MWh
        "money": {"carbon_price_usd_per_tonne": 99, "carbon_price_path": [0, 20]},
        "time": {**WEEKS, "years": 2},
    }
    solved = answer(toy(changes), tmp_path)
    assert cost(solved, "carbon") == [0, 20 * 876_000]
    assert cost(solved, "carbon", stage=1) == [0, 20 * 876_000]


@pytest.mark.parametrize(("tonnes", "imported_mwh"), [(1e6, 876_000), (0, 438_000)])
def test_hourly_intensity_decides_which_hours_may_be_imported(
    tmp_path: Path, tonnes: float, imported_mwh: float
) -> None:
    # 800 kg/MWh in one half of the hours, nothing in the other: without any CO2 only the clean half may be imported.
    kg = np.where(np.arange(8760) % 2 == 0, 800.0, 0.0)
    grid = {**GRID, "co2_series": write_series(tmp_path, "carbon", kg)}
    changes = {"technologies": {"grid": grid, "dear": DEAR}, "limits": {"co2_tonnes_per_yr": tonnes}}
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    annual = solved.tables["annual"].query("stage == 2 and technology == 'grid'")
    assert annual["energy_mwh"].iloc[0] == pytest.approx(imported_mwh)
    assert annual["co2_tonnes"].iloc[0] == pytest.approx(0.8 * 438_000 if tonnes else 0)


@pytest.mark.parametrize(
    ("million_gal", "share"),
    [
        # Cooling: 876,000 MWh / PUE 1.25 x 500 gal = 350.4 million gallons. Plant: 876,000 x 200 gal = 175.2.
        (525.7, 1.0),
        (438.0, 0.5),  # 350.4 + 87.6
    ],
)
@pytest.mark.parametrize("method", ["full", "calendar"])
def test_water_counts_cooling_and_plant(tmp_path: Path, million_gal: float, share: float, method: str) -> None:
    changes = {
        "technologies": {"plant": {**PLANT, "water_gal_per_mwh": 200}, "dear": DEAR},
        "fuel": {"price_usd_per_mmbtu": 1},
        "load": {"it_peak_mw": 80, "pue": 1.25, "water_gal_per_mwh_it": 500},
        "limits": {"water_million_gal_per_yr": million_gal},
        "time": {"method": method},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["energy_share_frac"]["plant"] == pytest.approx(share, abs=1e-6)
    assert solved.summary["water_million_gal"] == pytest.approx(350.4 + 175.2 * share)
    assert solved.tables["limits"].query("limit == 'water'")["binding"].tolist() == [share < 1] * 2


def test_twelve_months_are_wanted() -> None:
    with pytest.raises(InputError, match="month_multiples"):
        toy({"fuel": {"month_multiples": [1.0, 2.0]}})


def test_months_and_weekends_of_the_365_day_year() -> None:
    hours = np.arange(8760)
    assert np.bincount(month_of(hours)).tolist() == [24 * d for d in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)]
    # 1 January 2026 is a Thursday: the first weekend is the 3rd and 4th.
    weekend = is_weekend(hours, 2026)
    assert np.flatnonzero(weekend)[[0, 47]].tolist() == [48, 95]
    assert not weekend[96 : 96 + 5 * 24].any()
