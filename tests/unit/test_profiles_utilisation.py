"""Measured utilisation as a load: outages filled, steps made hours, weeks repeated, power by a straight line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import write_csv

from engine.errors import InputError
from engine.profiles import build_profiles, check_upload
from engine.profiles.load import utilised_load_mw
from engine.profiles.utilisation import Trace, read_trace, repeat_sentence, year_of_trace
from engine.scenario.schema import Load
from tests.toys import toy

SHARED_LOAD = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "load"
MONDAY = pd.Timestamp("2020-06-01")


def weekly(hours: int, shift_h: int = 0) -> np.ndarray:
    """Utilisation that tells the hour of the week: 0.10 on Monday 00:00, 0.267 on Sunday 23:00."""
    return 0.1 + 0.001 * ((np.arange(hours) + shift_h) % 168)


def trace(folder: Path, values: np.ndarray, *, first: pd.Timestamp | None = None, freq: str = "h") -> Trace:
    table = pd.DataFrame({"util": values})
    if first is not None:
        table.insert(0, "time", pd.date_range(first, periods=len(values), freq=freq).strftime("%Y-%m-%d %H:%M"))
    return read_trace(write_csv(folder / "trace.csv", table), column="util")


def test_four_weeks_repeat_13_times_and_a_bit(tmp_path: Path) -> None:
    found = trace(tmp_path, weekly(672))
    # 8,760 / 672 = 13.036
    assert repeat_sentence(found) == "The hourly load repeats 672 measured hours 13.04 times."
    year = year_of_trace(found, first_weekday=3)
    np.testing.assert_allclose(year[:672], weekly(672))
    np.testing.assert_allclose(year[672 * 13 :], weekly(672)[: 8760 - 672 * 13])


def test_hours_beyond_whole_weeks_are_left_out_so_that_weekdays_follow(tmp_path: Path) -> None:
    found = trace(tmp_path, weekly(744))
    assert found.repeated_hours == 672
    assert any("last 72 hours beyond whole weeks are left out" in note for note in found.notes)
    # Without the cut, the hour after the 744th would be a Monday where a Thursday is due.
    np.testing.assert_allclose(year_of_trace(found, first_weekday=0), weekly(8760))


@pytest.mark.parametrize(("first_weekday", "hour_of_week"), [(0, 0), (3, 72), (6, 144)])
def test_a_dated_trace_is_in_step_with_weekday_and_hour(
    tmp_path: Path, first_weekday: int, hour_of_week: int
) -> None:  # fmt: skip
    # The trace begins on Friday 05:00, hour 101 of the week.
    found = trace(tmp_path, weekly(672, shift_h=101), first=pd.Timestamp("2020-05-01 05:00"))
    assert "in step with the weekday" in repeat_sentence(found)
    np.testing.assert_allclose(year_of_trace(found, first_weekday=first_weekday), weekly(8760, shift_h=hour_of_week))


def test_days_short_of_a_week_repeat_in_step_with_the_hour(tmp_path: Path) -> None:
    daily = 0.1 + 0.01 * (np.arange(72) % 24)
    found = trace(tmp_path, np.roll(daily, -6), first=MONDAY + pd.Timedelta(hours=6))
    assert found.repeated_hours == 72
    np.testing.assert_allclose(year_of_trace(found, first_weekday=4), np.resize(daily, 8760))


def test_an_outage_is_filled_from_the_same_hour_of_other_weeks(tmp_path: Path) -> None:
    values = weekly(672)
    values[168 + 50] = values[50] + 0.02  # the four weeks are not all alike: 0.15, 0.17 and 0.15 at that hour
    values[504 + 40 : 504 + 65] = 0.0
    found = trace(tmp_path, values)
    assert found.filled_hours == 25
    assert found.values[504 + 50] == pytest.approx((0.15 + 0.17 + 0.15) / 3)
    assert found.values[504 + 40] == pytest.approx(0.14)
    (note,) = found.notes
    assert note == (
        "Of 672 hours of utilisation, 25 without any work (an outage) were filled from the same hour of other weeks."
    )


def test_where_no_other_week_has_the_hour_a_straight_line_fills(tmp_path: Path) -> None:
    values = np.full(168, 0.4)
    values[101:] = 0.8
    values[100] = np.nan
    found = trace(tmp_path, values, first=MONDAY)
    assert found.values[100] == pytest.approx(0.6)
    assert "1 missing were filled along a straight line" in found.notes[0]


def test_missing_rows_count_as_missing_hours(tmp_path: Path) -> None:
    at = pd.date_range(MONDAY, periods=336, freq="h").delete([200, 201])
    table = pd.DataFrame({"time": at.strftime("%Y-%m-%d %H:%M"), "util": np.delete(weekly(336), [200, 201])})
    found = read_trace(write_csv(tmp_path / "t.csv", table), column="util")
    np.testing.assert_allclose(found.values, weekly(336))
    assert found.filled_hours == 2


def test_many_hours_without_work_are_how_it_runs_not_an_outage(tmp_path: Path) -> None:
    # Nothing at night: 8 of 24 hours, more than a tenth.
    found = trace(tmp_path, np.tile(np.r_[np.zeros(8), np.full(16, 0.5)], 7))
    assert found.filled_hours == 0
    assert found.values.min() == 0.0
    assert any("too many for an outage" in note for note in found.notes)


def test_finer_steps_are_averaged_and_coarser_ones_joined(tmp_path: Path) -> None:
    quarters = np.tile([0.1, 0.2, 0.3, 0.6], 48)
    fine = trace(tmp_path, quarters, first=MONDAY, freq="15min")
    np.testing.assert_allclose(fine.values, np.full(48, 0.3))
    assert "15 minutes were averaged" in fine.notes[0]
    coarse = trace(tmp_path, np.tile([0.2, 0.4], 12), first=MONDAY, freq="2h")
    np.testing.assert_allclose(coarse.values[:4], [0.2, 0.3, 0.4, 0.3])
    assert len(coarse.values) == 48
    assert "2 hours were joined" in coarse.notes[0]


def test_a_year_is_taken_by_its_dates(tmp_path: Path) -> None:
    # A leap year from 1 March 2023: 29 February 2024 lies in it and is dropped; 1 January comes first.
    at = pd.date_range("2023-03-01", periods=8784, freq="h")
    values = np.where((at.month == 2) & (at.day == 29), 0.9, at.month / 20)
    found = trace(tmp_path, values, first=at[0])
    year = year_of_trace(found, first_weekday=0)
    assert repeat_sentence(found) == ""
    assert year.max() == 0.6
    np.testing.assert_allclose(year[[0, 31 * 24, 59 * 24, 8759]], [0.05, 0.10, 0.15, 0.60])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.full(168, 67.0), "divide percent by 100"),
        (np.full(20, 0.5), "holds 20 hours of utilisation; it needs at least a day"),
        (np.r_[np.full(100, 0.5), np.full(68, np.nan)], "no utilisation in 68 of 168 hours"),
    ],
)
def test_what_cannot_be_a_utilisation_is_refused_with_a_remedy(
    tmp_path: Path, values: np.ndarray, words: str
) -> None:  # fmt: skip
    with pytest.raises(InputError, match=words):
        trace(tmp_path, values, first=MONDAY)


def test_times_out_of_order_are_refused_with_the_row(tmp_path: Path) -> None:
    table = pd.DataFrame({"time": ["2020-06-01 00:00", "2020-06-01 02:00", "2020-06-01 01:00"], "util": 0.5})
    with pytest.raises(InputError, match="go back at row 4"):
        read_trace(write_csv(tmp_path / "t.csv", table), column="util")


def test_power_is_a_straight_line_between_idle_and_full_and_peaks_at_the_it_peak() -> None:
    # Idle 0.4: at 0.25, 0.5 and 0.75 utilisation power is 0.55, 0.70 and 0.85 of full; the highest is the peak of
    # 80 MW x 1.25 = 100 MW, so the others are 100 x 0.55 / 0.85 and 100 x 0.70 / 0.85.
    load = Load(it_peak_mw=80, pue=1.25, idle_frac=0.4, load_factor_frac=0.1)
    mw = utilised_load_mw(np.array([0.25, 0.5, 0.75]), load)
    np.testing.assert_allclose(mw, [100 * 0.55 / 0.85, 100 * 0.70 / 0.85, 100.0])
    np.testing.assert_allclose(utilised_load_mw(np.array([0.1, 0.9]), Load(idle_frac=1.0)), 200.0)


def test_a_scenario_says_what_its_utilisation_is_made_of_and_grows(tmp_path: Path) -> None:
    values = weekly(168)
    values[10:12] = 0.0
    write_csv(tmp_path / "trace.csv", pd.DataFrame({"util": values}))
    load = {"utilisation_series": "trace.csv:util", "idle_frac": 0.5, "it_peak_mw": 100, "pue": 1.2}
    loaded = toy({"load": {**load, "growth_frac_per_yr": 0.5}, "time": {"years": 2}}, folder=tmp_path)
    profiles = build_profiles(loaded)
    assert profiles.load_mw[0].max() == pytest.approx(120.0)
    np.testing.assert_allclose(profiles.load_mw[1], 1.5 * profiles.load_mw[0])
    said = " ".join(profiles.synthetic)
    assert "repeats 168 measured hours 52.14 times" in said
    assert "2 without any work" in said
    assert "idle IT is taken to draw 50% of full power" in said


def test_metered_load_and_utilisation_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="keep the metered load or the utilisation"):
        Load(series="a.csv:x", utilisation_series="b.csv:y")


def test_a_bad_trace_is_laid_at_the_door_of_its_field(tmp_path: Path) -> None:
    write_csv(tmp_path / "trace.csv", pd.DataFrame({"util": np.full(168, 1.5)}))
    loaded = toy({"load": {"utilisation_series": "trace.csv:util"}}, folder=tmp_path)
    with pytest.raises(InputError, match=r"load\.utilisation_series reads trace\.csv: .*outside 0 to 1"):
        build_profiles(loaded)


@pytest.mark.skipif(not SHARED_LOAD.is_dir(), reason="the development data are not beside the project")
@pytest.mark.parametrize(
    ("name", "column", "mean", "sentence"),
    [
        ("alibaba2017_cpu_week.csv", "alibaba2017_cpu_week", 0.4953, "168 measured hours 52.14 times"),
        ("google2011_cpu_28d.csv", "google2011_cpu_28d", 0.6555, "672 measured hours 13.04 times"),
        ("helios_earth_gpu_hourly_2020-05.csv", "gpu_alloc_util", 0.6887, "672 measured hours 13.04 times"),
    ],
)
def test_real_traces_are_understood_as_they_come(name: str, column: str, mean: float, sentence: str) -> None:
    check = check_upload(SHARED_LOAD / name, "utilisation")
    assert check.column == column
    assert check.value("mean_utilisation_frac") == pytest.approx(mean, abs=1e-4)
    assert sentence in check.notes[0]


@pytest.mark.skipif(not SHARED_LOAD.is_dir(), reason="the development data are not beside the project")
def test_the_outage_of_a_real_cluster_is_filled_and_counted() -> None:
    found = read_trace(SHARED_LOAD / "helios_earth_gpu_hourly_2020-05.csv", column="gpu_alloc_util")
    assert found.filled_hours == 25
    assert found.values.min() > 0.0
    # 10 May was a Sunday: its hours are the means of the four other Sundays.
    at = pd.date_range(found.first, periods=744, freq="h")
    noon = found.values[(at.weekday == 6) & (at.hour == 12)]
    assert noon[1] == pytest.approx(np.delete(noon, 1).mean())


def test_the_upload_check_tells_mean_peak_and_measured_hours(tmp_path: Path) -> None:
    values = np.r_[np.full(84, 0.3), np.full(84, 0.5)]
    values[[3, 4]] = 0.0
    path = write_csv(tmp_path / "t.csv", pd.DataFrame({"hour": range(168), "jobs": 0.2, "gpu_util": values}))
    check = check_upload(path, "utilisation")
    assert (check.columns, check.column) == (("jobs", "gpu_util"), "gpu_util")
    assert (check.value("max_utilisation_frac"), check.value("trace_hours")) == (0.5, 166)
    assert check.value("mean_utilisation_frac") == pytest.approx(0.4)
    with pytest.raises(InputError, match='did you mean "gpu_util"'):
        check_upload(path, "utilisation", column="gpu_utl")
