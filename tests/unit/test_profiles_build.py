"""From a scenario to its profiles: what the base scenario holds, series from files, and problems told together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import half_hour_csv, hours, write_csv

from engine.errors import InputError
from engine.profiles import Profiles, build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario
from tests.toys import toy, write_series

COUNT = np.arange(8760, dtype=float)


@pytest.fixture(scope="module")
def base() -> Profiles:
    return build_profiles(load_scenario(SHIPPED_SCENARIOS / "base.yaml"))


def with_grid(folder: Path, **grid: object) -> Profiles:
    return build_profiles(toy({"technologies": {"grid": {"kind": "grid", **grid}}}, folder=folder))


def test_load_of_each_year_has_the_peak_and_mean_that_the_scenario_states(base: Profiles) -> None:
    # 160 MW x 1.25 = 200 MW; mean 0.75 x 200 = 150 MW; 10 % of the first year more each year.
    multiples = 1.0 + 0.1 * np.arange(10)
    assert base.load_mw.shape == (10, 8760)
    np.testing.assert_allclose(base.load_mw.max(axis=1), 200.0 * multiples)
    np.testing.assert_allclose(base.load_mw.mean(axis=1), 150.0 * multiples)


def test_only_enabled_technologies_have_profiles(base: Profiles) -> None:
    assert set(base.availability_pu) == set(base.derate_frac) == {"engine", "turbine"}
    assert set(base.solar_pu) == {"solar"}
    assert set(base.import_price_usd_per_mwh) == set(base.export_price_usd_per_mwh) == {"grid"}
    off = toy({"technologies": {"grid": {"kind": "grid", "enabled": False}}})
    profiles = build_profiles(off)
    assert not profiles.import_price_usd_per_mwh
    assert not any("price" in sentence for sentence in profiles.synthetic)


def test_hottest_hour_derates_the_turbine_by_slope_times_degrees_above_15(base: Profiles) -> None:
    hottest_c = base.temp_air_c.max()
    assert base.derate_frac["turbine"].max() == pytest.approx(0.007 * (hottest_c - 15.0))
    assert base.availability_pu["turbine"].min() == pytest.approx(0.95 * (1.0 - 0.007 * (hottest_c - 15.0)))


def test_what_is_made_up_is_said(base: Profiles) -> None:
    assert len(base.synthetic) == 2
    assert "load is synthetic" in base.synthetic[0]
    assert "price of Grid is synthetic" in base.synthetic[1]


def test_flat_load_is_called_flat() -> None:
    assert build_profiles(toy()).synthetic == ("The hourly load is synthetic: flat at its peak, not metered.",)


def test_same_scenario_has_the_same_profiles(base: Profiles) -> None:
    again = build_profiles(load_scenario(SHIPPED_SCENARIOS / "base.yaml"))
    np.testing.assert_array_equal(base.load_mw, again.load_mw)
    np.testing.assert_array_equal(base.solar_pu["solar"], again.solar_pu["solar"])


def test_measured_load_replaces_peak_and_shape_but_grows(tmp_path: Path) -> None:
    load = {"series": write_series(tmp_path, "meter", COUNT), "growth_frac_per_yr": 0.5}
    profiles = build_profiles(toy({"load": load, "time": {"years": 2}}, folder=tmp_path))
    np.testing.assert_allclose(profiles.load_mw[0], COUNT)
    np.testing.assert_allclose(profiles.load_mw[1], 1.5 * COUNT)
    assert profiles.synthetic == ()


def test_adder_falls_on_imports_alone(tmp_path: Path) -> None:
    price = write_series(tmp_path, "market", COUNT)
    profiles = with_grid(tmp_path, price=price, price_adder_usd_per_mwh=7.0)
    np.testing.assert_allclose(profiles.import_price_usd_per_mwh["grid"], COUNT + 7.0)
    np.testing.assert_allclose(profiles.export_price_usd_per_mwh["grid"], COUNT)


def test_export_price_may_be_its_own(tmp_path: Path) -> None:
    flat = with_grid(tmp_path, price=50, export_price=20)
    assert set(flat.import_price_usd_per_mwh["grid"]) == {50.0}
    assert set(flat.export_price_usd_per_mwh["grid"]) == {20.0}
    hourly = with_grid(tmp_path, price=50, export_price=write_series(tmp_path, "tariff", COUNT))
    np.testing.assert_allclose(hourly.export_price_usd_per_mwh["grid"], COUNT)


def test_price_that_yaml_hands_over_as_text_is_flat(tmp_path: Path) -> None:
    assert set(with_grid(tmp_path, price="50").import_price_usd_per_mwh["grid"]) == {50.0}


def test_synthetic_export_price_is_said_too(tmp_path: Path) -> None:
    profiles = with_grid(tmp_path, price=50, export_price="synthetic", label="Utility")
    assert any("price of exports to Utility is synthetic" in sentence for sentence in profiles.synthetic)


def test_hours_filled_in_at_the_source_are_said(tmp_path: Path) -> None:
    table = pd.DataFrame({"price": COUNT, "filled": (COUNT < 24).astype(int)})
    write_csv(tmp_path / "market.csv", table)
    profiles = with_grid(tmp_path, price="market.csv:price")
    assert any(sentence.startswith("24 of 8,760 hourly prices") for sentence in profiles.synthetic)


def test_solar_series_replaces_weather_and_array(tmp_path: Path) -> None:
    series = write_series(tmp_path, "plant", COUNT / 8760)
    profiles = build_profiles(toy({"technologies": {"pv": {"kind": "solar", "series": series}}}, folder=tmp_path))
    np.testing.assert_allclose(profiles.solar_pu["pv"], COUNT / 8760)


def test_weather_file_beside_the_scenario_is_used(tmp_path: Path) -> None:
    half_hour_csv(tmp_path / "own.csv")
    place = {"latitude_deg": 36.1, "longitude_deg": -79.95, "utc_offset_h": -5, "elevation_m": 273}
    own = build_profiles(toy({"site": {"weather": "own.csv", **place}}, folder=tmp_path))
    np.testing.assert_allclose(own.temp_air_c, build_profiles(toy()).temp_air_c)


def test_problems_of_all_inputs_come_together_in_the_scenario_s_terms(tmp_path: Path) -> None:
    half_hour_csv(tmp_path / "own.csv")
    load = write_series(tmp_path, "meter", COUNT[:100])
    plant = write_series(tmp_path, "plant", COUNT)
    price = write_series(tmp_path, "market", np.where(COUNT == 3, np.inf, COUNT))
    technologies = {
        "pv": {"kind": "solar", "series": plant},
        "roof": {"kind": "solar"},
        "grid": {"kind": "grid", "price": price, "export_price": "nan"},
    }
    loaded = toy(
        {"site": {"weather": "own.csv"}, "load": {"series": load}, "technologies": technologies}, folder=tmp_path
    )
    with pytest.raises(InputError) as caught:
        build_profiles(loaded)
    error = caught.value
    assert error.source == loaded.source
    # The roof needs the weather that was refused: told once, at the weather.
    assert [problem.place for problem in error.problems] == [
        "site.latitude_deg",
        "site.longitude_deg",
        "site.utc_offset_h",
        "load.series",
        "technologies.pv.series",
        "technologies.grid.price",
        "technologies.grid.export_price",
    ]
    assert "load.series reads meter.csv: the file has 100 rows" in str(error)


def test_load_factor_that_the_shape_cannot_have_is_told_at_its_field() -> None:
    load = {"load_factor_frac": 0.2, "noise_frac": 0.02}
    with pytest.raises(InputError) as caught:
        build_profiles(toy({"load": load}))
    assert [problem.place for problem in caught.value.problems] == ["load.load_factor_frac"]


def test_shared_weather_cannot_be_changed_by_a_user_of_the_profiles() -> None:
    with pytest.raises(ValueError, match="read-only"):
        build_profiles(toy()).temp_air_c[0] = 99.0


def test_leap_year_prices_lose_29_february(tmp_path: Path) -> None:
    at = hours(2024)
    write_csv(tmp_path / "m.csv", pd.DataFrame({"time": at.strftime("%Y-%m-%d %H:%M"), "p": at.dayofyear * 1.0}))
    price = with_grid(tmp_path, price="m.csv:p").import_price_usd_per_mwh["grid"].reshape(365, 24)[:, 0]
    # Day 60 of 2024 is 29 February: day 59 (28 February) is followed by day 61.
    assert list(price[57:61]) == [58.0, 59.0, 61.0, 62.0]
