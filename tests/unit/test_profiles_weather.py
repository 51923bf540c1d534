"""Weather readers: every format comes to the same clock, and a clock that is off is seen.

Closure: GHI = DHI + DNI cos(zenith) in each hour. Summed over the year the gap is some 0.3 % of GHI with the sun at the
middle of the hour, and above 5 % with the sun half an hour off.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import (
    GREENSBORO,
    GREENSBORO_TMY3,
    MIAMI_TMY2,
    PVLIB_DATA,
    WRITERS,
    epw,
    greensboro,
    half_hour_csv,
    hour_beginning_csv,
    hour_ending_csv,
    hours,
    psm3,
    weather_table,
    write_csv,
)

from engine.errors import InputError
from engine.profiles.weather import closure_error_frac, hours_of_year
from engine.profiles.weather_files import built_in_weather, read_weather
from engine.scenario.schema import Site

SHARED_WEATHER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "weather"


def site_for(kind: str) -> Site:
    """A plain CSV does not state its place."""
    return GREENSBORO if kind.startswith("csv") else Site()


def refusal(path: Path, site: Site = GREENSBORO) -> InputError:
    with pytest.raises(InputError) as caught:
        read_weather(path, site=site)
    return caught.value


@pytest.mark.parametrize("kind", WRITERS)
def test_right_stamps_close_and_stamps_half_an_hour_off_do_not(kind: str, tmp_path: Path) -> None:
    weather = read_weather(WRITERS[kind](tmp_path / "weather"), site=site_for(kind))
    assert closure_error_frac(weather) < 0.0035
    for shift_h in (-0.5, 0.5):
        shifted = replace(weather, sun_offset_h=weather.sun_offset_h + shift_h)
        assert closure_error_frac(shifted) > 0.05


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_brings_the_same_hours_to_the_same_places(kind: str, tmp_path: Path) -> None:
    weather, expected = read_weather(WRITERS[kind](tmp_path / "weather"), site=site_for(kind)), greensboro()
    for quantity in ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s"):
        np.testing.assert_allclose(getattr(weather, quantity), getattr(expected, quantity), err_msg=quantity)
    place = (weather.latitude_deg, weather.longitude_deg, weather.elevation_m, weather.utc_offset_h)
    assert place == (36.1, -79.95, 273.0, -5.0)
    assert weather.sun_offset_h == 0.5


def test_first_tmy3_row_is_the_hour_from_midnight() -> None:
    # The file's row for 12:00 (hour ending) is the hour from 11:00: hour 11 of the year.
    line = GREENSBORO_TMY3.read_text().splitlines()[2 + 11].split(",")
    assert line[1] == "12:00"
    assert greensboro().ghi_w_m2[11] == float(line[4])


def test_tmy2_closes_at_its_own_stamps_only() -> None:
    # The sun of the 1960s file: 1.0 % with the right stamps, 5.4 % half an hour off.
    miami = built_in_weather("miami-tmy2")
    assert closure_error_frac(miami) < 0.0105
    for shift_h in (0.0, 1.0):
        assert closure_error_frac(replace(miami, sun_offset_h=shift_h)) > 0.05
    # Tenths of a degree and of m/s in the file: Miami's mean is 24 C, its wind 4 m/s.
    assert miami.temp_air_c.mean() == pytest.approx(24.3, abs=0.5)
    assert miami.wind_speed_m_s.mean() == pytest.approx(4.2, abs=0.5)


def test_tmy2_of_a_city_of_two_words_is_read(tmp_path: Path) -> None:
    path = tmp_path / "weather.tm2"
    text = MIAMI_TMY2.read_text()
    path.write_text(text.replace("MIAMI     ", "WEST PALM ", 1))
    weather = read_weather(path, site=Site())
    assert weather.source == "TMY2 12839, West Palm"
    assert (weather.latitude_deg, weather.longitude_deg) == (25.8, pytest.approx(-80.2667, abs=1e-4))


def test_psm3_stamped_at_the_full_hour_puts_the_sun_there(tmp_path: Path) -> None:
    assert read_weather(psm3(tmp_path / "w.csv", minute=0), site=Site()).sun_offset_h == 0.0


def test_psm3_in_utc_is_refused_with_the_remedy(tmp_path: Path) -> None:
    assert "download it with utc=false" in str(refusal(psm3(tmp_path / "w.csv", time_zone=0), Site()))


def test_stamp_setting_moves_a_plain_csv_by_the_hour(tmp_path: Path) -> None:
    path = hour_beginning_csv(tmp_path / "w.csv")
    as_told = read_weather(path, site=GREENSBORO)
    np.testing.assert_allclose(as_told.ghi_w_m2, greensboro().ghi_w_m2)
    # Told that the stamps end the hour, the first row would belong to the year before.
    error = refusal(path, GREENSBORO.model_copy(update={"weather_stamp": "hour_ending"}))
    assert "2000-12-31 23:00" in str(error)


def test_hours_counted_to_24_are_hour_ending_without_being_told(tmp_path: Path) -> None:
    at = hours()
    stamps = pd.DataFrame({"Month": at.month, "Day": at.day, "Hour": at.hour + 1})
    path = write_csv(tmp_path / "w.csv", pd.concat([stamps, weather_table()], axis=1))
    np.testing.assert_allclose(read_weather(path, site=GREENSBORO).ghi_w_m2, greensboro().ghi_w_m2)


def test_leap_day_is_dropped_by_its_stamps(tmp_path: Path) -> None:
    at = hours(2012)
    is_leap_day = (at.month == 2) & (at.day == 29)
    table = weather_table().iloc[np.cumsum(~is_leap_day) - 1].reset_index(drop=True)
    table.loc[is_leap_day, "temp_air_c"] = 59.0
    path = write_csv(tmp_path / "w.csv", table.assign(time=at.strftime("%Y-%m-%d %H:%M")))
    weather = read_weather(path, site=GREENSBORO)
    np.testing.assert_allclose(weather.temp_air_c, greensboro().temp_air_c)
    assert weather.solar_year == 2012
    assert any("29 February was dropped" in note for note in weather.notes)


def test_hours_of_a_leap_year_skip_29_february() -> None:
    of_2012 = hours_of_year(2012)
    assert len(of_2012) == 8760
    assert of_2012[59 * 24] == pd.Timestamp("2012-03-01 00:00")


def test_shuffled_rows_are_refused(tmp_path: Path) -> None:
    table = pd.read_csv(half_hour_csv(tmp_path / "w.csv")).sample(frac=1.0, random_state=1)
    message = str(refusal(write_csv(tmp_path / "shuffled.csv", table)))
    assert "goes back in time at row" in message
    assert "sort the rows by time" in message


def test_shuffled_typical_year_is_told_to_sort_not_to_fill_decades(tmp_path: Path) -> None:
    lines = epw(tmp_path / "w.epw").read_text(encoding="latin-1").splitlines()
    (tmp_path / "s.epw").write_text("\n".join([*lines[:8], *reversed(lines[8:])]))
    error = refusal(tmp_path / "s.epw", Site())
    assert len(error.problems) == 1
    assert "goes back in time" in str(error)


def test_gaps_doubles_and_bad_values_are_told_together_with_their_rows(tmp_path: Path) -> None:
    table = pd.read_csv(half_hour_csv(tmp_path / "w.csv")).astype({"ghi": object})
    table.loc[10, "ghi"] = -5.0
    table.loc[11, "ghi"] = "n/a"
    table.loc[5000, "temp_air_c"] = 99.9
    table = pd.concat([table.iloc[:100], table.iloc[103:4000], table.iloc[3999:]])
    message = str(refusal(write_csv(tmp_path / "bad.csv", table)))
    assert "has 8,758 rows" in message
    # Rows 100-102 (from 0) are hours 4 to 6 of 5 January.
    assert "lacks 3 hours: 2001-01-05 04:00 to 2001-01-05 06:00" in message
    assert "has hours twice: row 3999 (2001-06-16 15:00)" in message
    assert "-5 in row 12 (2001 1 1 10 30)" in message
    assert "ghi_w_m2 has 1 cell without a finite number: row 13 (2001 1 1 11 30)" in message
    # Row 5002 of the whole file (5000, two more for counting from 1 and the header), 3 fewer, 1 more.
    assert "99.9 in row 5000" in message


def test_tmy3_with_a_word_among_the_numbers_names_the_row(tmp_path: Path) -> None:
    lines = GREENSBORO_TMY3.read_text().splitlines()
    cells = lines[4000].split(",")
    cells[4] = "oops"
    lines[4000] = ",".join(cells)
    (tmp_path / "w.csv").write_text("\n".join(lines))
    message = str(refusal(tmp_path / "w.csv", Site()))
    assert f"ghi_w_m2 has 1 cell without a finite number: row 4001 ({cells[0]} {cells[1]})" in message


def test_tmy3_cut_short_says_what_is_there_and_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("\n".join(GREENSBORO_TMY3.read_text().splitlines()[:5002]))
    assert "has 5,000 rows; a year needs 8,760" in str(refusal(tmp_path / "w.csv", Site()))


def test_epw_with_missing_code_9999_is_refused(tmp_path: Path) -> None:
    lines = epw(tmp_path / "w.epw").read_text(encoding="latin-1").splitlines()
    cells = lines[20].split(",")
    cells[13] = "9999"
    lines[20] = ",".join(cells)
    (tmp_path / "w.epw").write_text("\n".join(lines))
    assert "ghi_w_m2 has 1 value outside 0 to 1600: 9999 in row 21 (1988-01-01 hour 13)" in str(
        refusal(tmp_path / "w.epw", Site())
    )


def test_half_hourly_file_is_refused_by_its_step(tmp_path: Path) -> None:
    at = pd.date_range("2001-01-01", periods=17520, freq="30min")
    table = weather_table().iloc[np.repeat(np.arange(8760), 2)].reset_index(drop=True)
    error = refusal(write_csv(tmp_path / "w.csv", table.assign(time=at.strftime("%Y-%m-%d %H:%M"))))
    assert "has steps of 30 minutes" in str(error)


def test_plain_csv_without_a_place_names_every_field(tmp_path: Path) -> None:
    error = refusal(hour_ending_csv(tmp_path / "w.csv"), Site())
    assert [problem.place for problem in error.problems] == [
        "site.latitude_deg",
        "site.longitude_deg",
        "site.utc_offset_h",
    ]


def test_place_that_contradicts_the_file_is_refused() -> None:
    error = refusal(GREENSBORO_TMY3, Site(latitude_deg=31.8))
    assert [problem.place for problem in error.problems] == ["site.latitude_deg"]


def test_longitude_with_the_wrong_sign_is_refused(tmp_path: Path) -> None:
    site = GREENSBORO.model_copy(update={"longitude_deg": 79.95})
    assert "west is negative" in str(refusal(half_hour_csv(tmp_path / "w.csv"), site))


def test_missing_columns_are_named_with_a_guess(tmp_path: Path) -> None:
    table = pd.read_csv(half_hour_csv(tmp_path / "w.csv")).rename(columns={"ghi": "ghii", "dhi": "diffuse"})
    error = refusal(write_csv(tmp_path / "w.csv", table))
    assert 'has no column "ghi" (did you mean "ghii"?)' in str(error)
    assert 'has no column "dhi"' in str(error)


def test_csv_without_wind_takes_a_light_one_and_says_so(tmp_path: Path) -> None:
    table = pd.read_csv(half_hour_csv(tmp_path / "w.csv")).drop(columns="wind_speed_ms")
    weather = read_weather(write_csv(tmp_path / "w.csv", table), site=GREENSBORO)
    assert (weather.wind_speed_m_s == 1.0).all()
    assert any("no wind column" in note for note in weather.notes)


def test_file_that_only_begins_like_its_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.epw").write_text("LOCATION,a,b\nrubbish\n")
    assert "begins like EPW" in str(refusal(tmp_path / "w.epw"))


def test_cloudy_alaska_closes_best_at_the_middle_of_the_hour() -> None:
    weather = read_weather(PVLIB_DATA / "703165TY.csv", site=Site())
    errors = [closure_error_frac(replace(weather, sun_offset_h=offset_h)) for offset_h in (0.0, 0.5, 1.0)]
    assert errors[1] < 0.3 * min(errors[0], errors[2])


@pytest.mark.skipif(not SHARED_WEATHER.is_dir(), reason="the development data are not beside the project")
@pytest.mark.parametrize(
    ("file", "latitude_deg", "longitude_deg"),
    [
        ("nsrdb_tx_crockett_30.65_-101.70_2013.csv", 30.65, -101.70),
        ("nsrdb_tx_amarillo_35.21_-101.94_2012.csv", 35.21, -101.94),
    ],
)
def test_real_half_hour_files_close(file: str, latitude_deg: float, longitude_deg: float) -> None:
    site = Site(latitude_deg=latitude_deg, longitude_deg=longitude_deg, utc_offset_h=-6.0)
    weather = read_weather(SHARED_WEATHER / file, site=site)
    assert closure_error_frac(weather) < 0.0025
    assert closure_error_frac(replace(weather, sun_offset_h=0.0)) > 0.05
    assert closure_error_frac(replace(weather, sun_offset_h=1.0)) > 0.05


@pytest.mark.skipif(not SHARED_WEATHER.is_dir(), reason="the development data are not beside the project")
@pytest.mark.parametrize(("file", "mean_c"), [("tmyx_az_phoenix.csv", 24.67), ("tmyx_tx_dfw.csv", 19.81)])
def test_real_hour_ending_files_are_read(file: str, mean_c: float) -> None:
    site = Site(latitude_deg=33.0, longitude_deg=-105.0, utc_offset_h=-7.0)
    weather = read_weather(SHARED_WEATHER / file, site=site)
    assert weather.temp_air_c.mean() == pytest.approx(mean_c, abs=0.005)
