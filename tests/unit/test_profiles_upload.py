"""What the upload check tells of a file before a scenario refers to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import GREENSBORO, GREENSBORO_TMY3, half_hour_csv, hours, write_csv

from engine.errors import InputError
from engine.profiles import UploadCheck, check_upload

SHARED_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def checked(folder: Path, kind: str, table: pd.DataFrame, **options: object) -> UploadCheck:
    return check_upload(write_csv(folder / "upload.csv", table), kind, **options)


def stamps(year: int = 2023) -> pd.Series:
    return pd.Series(hours(year).strftime("%Y-%m-%d %H:%M"))


def test_load_tells_energy_and_peak(tmp_path: Path) -> None:
    # 8,000 hours of 100 MW and 760 of 150 MW: 800,000 + 114,000 MWh, mean 104.34 of a peak of 150.
    mw = np.where(np.arange(8760) < 760, 150.0, 100.0)
    check = checked(tmp_path, "load", pd.DataFrame({"timestamp": stamps(), "site_mw": mw}))
    assert check.value("annual_mwh") == pytest.approx(914_000)
    assert check.value("peak_mw") == 150.0
    assert check.value("load_factor_frac") == pytest.approx(914_000 / 8760 / 150)
    assert (check.rows, check.columns, check.column, check.notes) == (8760, ("site_mw",), "site_mw", ())


def test_price_tells_mean_extremes_and_negative_hours(tmp_path: Path) -> None:
    usd = np.full(8760, 30.0)
    usd[:10] = -5.0
    usd[10] = 1000.0
    check = checked(tmp_path, "price", pd.DataFrame({"lmp": usd}))
    assert check.value("mean_usd_per_mwh") == pytest.approx((8749 * 30 - 50 + 1000) / 8760)
    assert check.value("min_usd_per_mwh") == -5.0
    assert check.value("max_usd_per_mwh") == 1000.0
    assert check.value("negative_hours") == 10
    assert any("no time column" in note for note in check.notes)


def test_solar_tells_the_capacity_factor(tmp_path: Path) -> None:
    pu = np.tile(np.r_[np.zeros(12), np.full(12, 0.5)], 365)
    assert checked(tmp_path, "solar", pd.DataFrame({"pu": pu})).value("capacity_factor_frac") == pytest.approx(0.25)


def test_weather_tells_irradiation_and_temperature() -> None:
    check = check_upload(GREENSBORO_TMY3, "weather")
    # The file's own sums: 1,566 kWh/m2 and 14.4 C, Greensboro's climate normal being 14.6 C.
    assert check.value("annual_ghi_kwh_m2") == pytest.approx(1566.2, abs=0.1)
    assert check.value("mean_temp_air_c") == pytest.approx(14.42, abs=0.01)
    assert check.notes == ()


def test_leap_day_and_filled_hours_are_noted(tmp_path: Path) -> None:
    table = pd.DataFrame({"time": stamps(2024), "price": 30.0, "filled": 0})
    # Two of the three lie on 29 February (hours 1416-1439), which is dropped.
    table.loc[[5, 1416, 1439], "filled"] = 1
    check = checked(tmp_path, "price", table)
    assert check.rows == 8784
    assert check.columns == ("price",)
    assert any("29 February was dropped" in note for note in check.notes)
    assert any(note.startswith("1 of 8,760 hours") for note in check.notes)


def test_column_is_chosen_by_its_name_or_as_told(tmp_path: Path) -> None:
    table = pd.DataFrame({"time": stamps(), "temp_c": 20.0, "note": "x", "total_mw": 90.0, "it_mw": 70.0})
    check = checked(tmp_path, "load", table)
    assert (check.columns, check.column) == (("temp_c", "total_mw", "it_mw"), "total_mw")
    assert checked(tmp_path, "load", table, column="it_mw").value("peak_mw") == 70.0
    with pytest.raises(InputError, match=r'no column "it_mv" \(did you mean "it_mw"'):
        checked(tmp_path, "load", table, column="it_mv")


def test_file_without_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column of numbers beside the time"):
        checked(tmp_path, "load", pd.DataFrame({"time": stamps(), "word": "x"}))


@pytest.mark.parametrize(
    ("kind", "table", "words"),
    [
        ("load", pd.DataFrame({"load_kw": np.full(8760, 150_000.0)}), "may be in kW"),
        ("load", pd.DataFrame({"load": np.full(8760, 150_000.0)}), "highest hour is 150,000 MW; a file in kW"),
        ("load", pd.DataFrame({"load": np.full(8760, 0.8)}), "must be multiplied by its peak"),
        ("solar", pd.DataFrame({"pu": np.full(8760, 0.8)}), "more than any solar plant has"),
        ("load", pd.DataFrame({"hour_ending": np.arange(8760) % 24 + 1, "mw": 5.0}), "an hour earlier"),
    ],
)
def test_suspicions_are_noted(tmp_path: Path, kind: str, table: pd.DataFrame, words: str) -> None:
    if "hour_ending" in table:
        at = hours()
        table = table.assign(month=at.month, day=at.day)
    assert any(words in note for note in checked(tmp_path, kind, table).notes)


def test_header_and_decimal_commas_are_noted(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "upload.csv", pd.DataFrame({"a": stamps(), "b": 1.5}), sep=";", decimal=",", header=False
    )
    check = check_upload(path, "load")
    assert check.column == "column_2"
    assert check.value("peak_mw") == 1.5
    assert any("no header" in note for note in check.notes)
    assert any("Decimal commas" in note for note in check.notes)


def test_weather_without_a_place_says_what_to_give(tmp_path: Path) -> None:
    (note,) = check_upload(half_hour_csv(tmp_path / "w.csv"), "weather").notes
    assert note.endswith("give site.latitude_deg, site.longitude_deg, site.utc_offset_h.")


def test_weather_with_its_clock_off_by_half_an_hour_is_noted(tmp_path: Path) -> None:
    path = half_hour_csv(tmp_path / "w.csv")
    assert check_upload(path, "weather", site=GREENSBORO).notes == ()
    # Longitude 7.5 degrees too far west delays the sun by half an hour.
    off = GREENSBORO.model_copy(update={"longitude_deg": -79.95 - 7.5})
    (note,) = check_upload(path, "weather", site=off).notes
    assert "with the sun 0.5 h later" in note


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    table = pd.DataFrame({"time": stamps(), "mw": 1.0}).drop(index=50)
    table.loc[3, "mw"] = -1.0
    with pytest.raises(InputError) as caught:
        checked(tmp_path, "load", table)
    assert len(caught.value.problems) == 3  # length, gap, value


def test_unknown_kind_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        check_upload(tmp_path / "x.csv", "tide")


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the development data are not beside the project")
def test_real_files_are_told_apart() -> None:
    prices = check_upload(SHARED_DATA / "prices" / "caiso_np15_dam_2024.csv", "price")
    assert prices.value("negative_hours") == 271
    with pytest.raises(InputError, match="has 744 rows"):
        check_upload(SHARED_DATA / "load" / "helios_earth_gpu_hourly_2020-05.csv", "load")
    with pytest.raises(InputError, match="is in UTC"):
        check_upload(SHARED_DATA / "carbon" / "eia930_mix_ci_TX_2022.csv", "load")
