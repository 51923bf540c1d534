"""What stands already, what retires and what fades, with arithmetic a reader can redo; each binding and slack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import InputError
from engine.profiles import build_profiles
from tests.toys import FREE_FUEL_UNIT, Answer, answer, toy, write_series

WEEKS = {"method": "calendar"}
UPKEEP: dict[str, Any] = {**FREE_FUEL_UNIT, "fixed_usd_per_kw_yr": 3, "life_years": 20}
BACKUP: dict[str, Any] = {**FREE_FUEL_UNIT, "existing_units": 10, "variable_usd_per_mwh": 50}


def column(solved: Answer, name: str, technology: str) -> Any:
    rows = solved.tables["capacity"].query(f"technology == '{technology}'")
    return pytest.approx(rows[name].tolist())


def cost(solved: Answer, technology: str, category: str) -> Any:
    rows = solved.tables["costs"].query(f"stage == 2 and technology == '{technology}' and category == '{category}'")
    return pytest.approx(rows["cost_usd"].tolist())


@pytest.mark.parametrize(("years", "built"), [(1, [0, 100, 0]), (2, [0, 0, 100]), (3, [0, 0, 0]), (None, [0, 0, 0])])
def test_existing_units_stand_for_their_life_and_are_replaced(
    tmp_path: Path, years: int | None, built: list[float]
) -> None:
    plant = {**UPKEEP, "existing_units": 10, "max_units": 10, "existing_life_years": years}
    solved = answer(toy({"technologies": {"plant": plant}, "time": {**WEEKS, "years": 3}}), tmp_path)
    assert column(solved, "built_mw", "plant") == built
    assert column(solved, "p_nom_mw", "plant") == [100] * 3
    assert solved.summary["adequate"]


@pytest.mark.parametrize(("may_retire", "kept"), [(False, [150, 150]), (True, [120, 120])])
def test_upkeep_of_idle_units_is_saved_where_they_may_retire(
    tmp_path: Path, may_retire: bool, kept: list[float]
) -> None:
    # 60 MW, then 115: twelve units of 10 MW are needed in the second year, and none comes back once retired.
    plant = {**UPKEEP, "existing_units": 15, "may_retire": may_retire, "overnight_usd_per_kw": 10_000}
    load = {"multiples_by_year": [0.6, 1.15]}
    solved = answer(toy({"technologies": {"plant": plant}, "load": load, "time": {**WEEKS, "years": 2}}), tmp_path)
    assert column(solved, "existing_mw", "plant") == kept
    assert cost(solved, "plant", "fixed") == [mw * 3000 for mw in kept]


def test_retired_units_give_way_to_new_ones(tmp_path: Path) -> None:
    # Old: 50 USD/MWh, 100 USD/kW-yr of upkeep. New: 100 MW cost 10 M USD / 20 years and burn nothing.
    old = {**FREE_FUEL_UNIT, "existing_units": 10, "max_units": 10, "may_retire": True, "fixed_usd_per_kw_yr": 100}
    changes = {
        "technologies": {"old": {**old, "variable_usd_per_mwh": 50}, "new": {**UPKEEP, "fixed_usd_per_kw_yr": 0}},
        "limits": {"n_minus_1": True},
        "time": {**WEEKS, "years": 2},
    }
    solved = answer(toy(changes), tmp_path)
    assert column(solved, "p_nom_mw", "old") == [0, 0]
    assert column(solved, "p_nom_mw", "new") == [110, 110]


BATTERY: dict[str, Any] = {
    "kind": "battery", "duration_min_h": 4, "duration_max_h": 4, "max_mwh": 1000, "existing_mw": 20, "existing_mwh": 80,
    "overnight_usd_per_kwh": 1000, "soc_min_frac": 0, "charge_efficiency_frac": 1, "discharge_efficiency_frac": 1,
    "acres_per_mwh": 1, "fixed_usd_per_kw_yr": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fade", "usable"),
    [
        ({}, [80, 80, 80]),
        ({"fade_frac_per_yr": 0.1}, [80, 72, 64.8]),
        # 0.02 a year and 400 cycles of 0.0002: a tenth together.
        ({"fade_frac_per_yr": 0.02, "cycle_fade_frac_per_cycle": 2e-4, "expected_cycles_per_yr": 400}, [80, 72, 64.8]),
    ],
)
def test_a_battery_keeps_what_its_age_leaves_of_its_energy(
    tmp_path: Path, fade: dict[str, float], usable: list[float]
) -> None:
    # Power is free in half of each day; the battery moves what it can hold once, and is firm for U / 4 h.
    price = write_series(tmp_path, "price", np.where(np.arange(8760) % 24 < 12, 0.0, 50.0))
    grid = {"kind": "grid", "existing_mw": 200, "price": price}
    battery = {**BATTERY, **fade, "wear_usd_per_mwh": 0.01}
    changes = {"technologies": {"battery": battery, "grid": grid}, "time": {**WEEKS, "years": 3}}
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    assert column(solved, "usable_mwh", "battery") == usable
    assert column(solved, "e_nom_mwh", "battery") == [80] * 3
    assert column(solved, "land_acres", "battery") == [80] * 3
    assert column(solved, "firm_mw", "battery") == [mwh / 4 for mwh in usable]
    assert cost(solved, "battery", "fixed") == [20_000 * 5] * 3
    moved = solved.tables["annual"].query("stage == 2 and technology == 'battery'")["energy_mwh"].tolist()
    assert moved == pytest.approx([365 * mwh for mwh in usable])


def test_augmentation_keeps_the_energy_and_pays_for_it(tmp_path: Path) -> None:
    # A tenth of 80 MWh x 100 USD/kWh is 800,000 USD a year, at 0.9 of it in the second.
    battery = {**BATTERY, "fade_frac_per_yr": 0.1, "augmentation": True, "overnight_usd_per_kwh": 100}
    technologies = {"battery": {**battery, "overnight_path": [1.0, 0.9]}, "backup": BACKUP}
    solved = answer(toy({"technologies": technologies, "time": {**WEEKS, "years": 2}}), tmp_path)
    assert column(solved, "usable_mwh", "battery") == [80, 80]
    assert cost(solved, "battery", "augmentation") == [800_000, 720_000]


@pytest.mark.parametrize(("wear", "moved_mwh"), [(49.0, 365 * 80), (51.0, 0)])
def test_wear_is_weighed_against_what_a_cycle_earns(tmp_path: Path, wear: float, moved_mwh: float) -> None:
    price = write_series(tmp_path, "price", np.where(np.arange(8760) % 24 < 12, 0.0, 50.0))
    technologies = {
        "battery": {**BATTERY, "max_mwh": 80, "wear_usd_per_mwh": wear},
        "grid": {"kind": "grid", "existing_mw": 200, "price": price},
    }
    solved = answer(toy({"technologies": technologies, "time": WEEKS}, folder=tmp_path), tmp_path)
    moved = solved.tables["annual"].query("stage == 2 and technology == 'battery'")["energy_mwh"].iloc[0]
    assert moved == pytest.approx(moved_mwh, abs=1e-6)
    assert cost(solved, "battery", "variable") == [moved_mwh * wear]


def test_batteries_end_and_retire_as_a_whole(tmp_path: Path) -> None:
    # Nothing to move: upkeep of 100,000 USD a year is saved at once where the battery may go, else after a year.
    steady = {"backup": BACKUP, "battery": {**BATTERY, "existing_life_years": 1}}
    changes = {"technologies": steady, "time": {**WEEKS, "years": 2}}
    solved = answer(toy(changes), tmp_path)
    assert column(solved, "e_nom_mwh", "battery") == [80, 0]
    assert column(solved, "p_nom_mw", "battery") == [20, 0]
    gone = answer(toy(changes, {"technologies": {"battery": {"may_retire": True}}}), tmp_path)
    assert column(gone, "e_nom_mwh", "battery") == [0, 0]


@pytest.mark.parametrize("kind", ["solar", "wind"])
def test_output_fades_while_land_and_upkeep_stay(tmp_path: Path, kind: str) -> None:
    # 40 MW at full output all year, a tenth less each year; the backup gives the rest at 50 USD/MWh.
    plant = {
        "kind": kind, "existing_mw": 40, "max_mw": 40, "fade_frac_per_yr": 0.1, "fixed_usd_per_kw_yr": 1,
        "acres_per_mw": 2, "series": write_series(tmp_path, "full", np.ones(8760)),
    }  # fmt: skip
    changes = {"technologies": {"plant": plant, "backup": BACKUP}, "time": {**WEEKS, "years": 3}}
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    assert column(solved, "usable_mw", "plant") == [40, 36, 32.4]
    assert column(solved, "land_acres", "plant") == [80] * 3
    assert cost(solved, "plant", "fixed") == [40_000] * 3
    assert cost(solved, "backup", "variable") == [50 * 8760 * (100 - mw) for mw in (40, 36, 32.4)]


def test_vintages_fade_each_from_its_own_year(tmp_path: Path) -> None:
    # 50 MW are wanted of a plant that loses a tenth a year, and rising costs make none ahead: 50, then 5 more.
    plant = {"kind": "wind", "overnight_usd_per_kw": 100, "fade_frac_per_yr": 0.1, "life_years": 20,
             "series": write_series(tmp_path, "full", np.ones(8760))}  # fmt: skip
    changes = {"technologies": {"plant": plant}, "load": {"it_peak_mw": 50}, "time": {**WEEKS, "years": 3}}
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    # Year 3: 50 x 0.81 + 5 x 0.9 = 45, and 5 more.
    assert column(solved, "built_mw", "plant") == [50, 5, 5]
    assert column(solved, "p_nom_mw", "plant") == [50, 55, 60]


def test_more_than_all_of_a_battery_cannot_fade_in_a_year() -> None:
    cycles = {"cycle_fade_frac_per_cycle": 0.01, "expected_cycles_per_yr": 200}
    with pytest.raises(InputError, match="calendar and cycle fade take 200% of the energy in a year"):
        toy({"technologies": {"battery": {**BATTERY, **cycles}}})


def wind_output(folder: Path, speed_m_s: np.ndarray, **turbine: float) -> np.ndarray:
    write_series(folder, "weather", speed_m_s, column="wind_speed_m_s")
    text = (folder / "weather.csv").read_text().splitlines()
    rows = [f"{cell},0,0,0,15" for cell in text[1:]]
    (folder / "weather.csv").write_text("\n".join(["wind_speed_m_s,ghi,dni,dhi,temp_air_c", *rows]))
    site = {"weather": "weather.csv", "latitude_deg": 36.0, "longitude_deg": -80.0, "utc_offset_h": -5}
    changes = {"site": site, "technologies": {"wind": {"kind": "wind", "turbine": turbine}}}
    return build_profiles(toy(changes, folder=folder)).solar_pu["wind"]


def test_wind_follows_its_power_curve(tmp_path: Path) -> None:
    # At 10 m no shear. (8^3 - 3^3) / (12^3 - 3^3) = 485 / 1,701; full from 12, nothing at 3 and above 25 m/s.
    speed = np.resize([2.0, 3.0, 8.0, 12.0, 25.0, 25.1], 8760)
    output = wind_output(tmp_path, speed, hub_height_m=10, rated_m_s=12, losses_frac=0.1)
    assert output[:6] == pytest.approx([0, 0, 0.9 * 485 / 1701, 0.9, 0.9, 0])


def test_wind_grows_with_height(tmp_path: Path) -> None:
    # 100 m: 10^(1/7) = 1.3895 times the wind at 10 m; 8 m/s are 11.116 there.
    output = wind_output(tmp_path, np.resize([8.0, 2.0], 8760), rated_m_s=12, losses_frac=0)
    assert output[0] == pytest.approx(((8 * 10 ** (1 / 7)) ** 3 - 27) / (1728 - 27))


def test_a_weather_year_without_wind_drives_no_turbine(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"technologies\.wind needs wind, and the weather year has none"):
        wind_output(tmp_path, np.full(8760, 1.0))
