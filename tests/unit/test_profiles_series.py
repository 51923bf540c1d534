"""Hourly CSV columns: what is read, and what is refused with rows and times.

The values count the hours of the year, 0 to 8,759, so that a misplaced row shows its number.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import hours, write_csv

from engine.errors import InputError
from engine.profiles.series import LOAD_RANGE, PER_UNIT_RANGE, PRICE_RANGE, Range, read_hourly

SHARED_PRICES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "prices"
COUNT = np.arange(8760, dtype=float)


def stamped(year: int = 2023, form: str = "%Y-%m-%d %H:%M", shift_h: int = 0) -> pd.DataFrame:
    """A year of stamps and of values that count its hours without 29 February (whose hours are -1)."""
    at = hours(year)
    is_leap_day = np.asarray((at.month == 2) & (at.day == 29))
    values = np.where(is_leap_day, -1.0, np.cumsum(~is_leap_day) - 1.0)
    return pd.DataFrame({"time": (at + pd.Timedelta(hours=shift_h)).strftime(form), "mw": values})


def read(folder: Path, table: pd.DataFrame, column: str = "mw", valid: Range = PRICE_RANGE, **options: object):
    return read_hourly(write_csv(folder / "series.csv", table, **options), column=column, valid=valid)


def refusal(folder: Path, table: pd.DataFrame, column: str = "mw", valid: Range = PRICE_RANGE) -> InputError:
    with pytest.raises(InputError) as caught:
        read(folder, table, column, valid)
    return caught.value


def text_refusal(folder: Path, content: bytes, column: str = "mw") -> str:
    (folder / "series.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_hourly(folder / "series.csv", column=column)
    return str(caught.value)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S-06:00",
        "%m/%d/%Y %H:%M",
        "%m/%d/%y %H:%M",
        "%m/%d/%Y %I:%M:%S %p",
        "%d/%m/%Y %H:%M",
        "%d.%m.%Y %H:%M",
        "%d-%m-%Y %H:%M",
        "%Y/%m/%d %H:%M",
    ],
)
def test_stamps_are_read_in_every_usual_form(tmp_path: Path, form: str) -> None:
    np.testing.assert_array_equal(read(tmp_path, stamped(form=form)).values, COUNT)
    # And really read: the hour from 1 February 00:00 left out is missed.
    message = str(refusal(tmp_path, stamped(form=form).drop(index=31 * 24)))
    assert "lacks 1 hour: 2023-02-01 00:00" in message


@pytest.mark.parametrize("year", [2023, 2024])
def test_leap_year_loses_29_february_by_its_stamps(tmp_path: Path, year: int) -> None:
    series = read(tmp_path, stamped(year))
    np.testing.assert_array_equal(series.values, COUNT)
    assert series.rows == (8784 if year == 2024 else 8760)
    assert [note for note in series.notes if "29 February" in note] == list(series.notes)
    assert len(series.notes) == (1 if year == 2024 else 0)


def test_leap_year_without_stamps_loses_rows_1416_to_1439(tmp_path: Path) -> None:
    # 31 days of January and 28 of February are 59 x 24 = 1,416 hours.
    table = pd.DataFrame({"mw": np.arange(8784)})
    values = read(tmp_path, table).values
    assert (values[1415], values[1416], values[-1]) == (1415, 1440, 8783)


def test_leap_year_that_comes_without_29_february_is_complete(tmp_path: Path) -> None:
    table = stamped(2024)
    np.testing.assert_array_equal(read(tmp_path, table[table["mw"] >= 0]).values, COUNT)


def test_column_named_hour_ending_is_placed_an_hour_earlier(tmp_path: Path) -> None:
    table = stamped(shift_h=1).rename(columns={"time": "hour_ending"})
    np.testing.assert_array_equal(read(tmp_path, table).values, COUNT)


def test_24_o_clock_is_the_end_of_its_day(tmp_path: Path) -> None:
    at = hours(2023)
    texts = [f"{moment:%Y-%m-%d} {moment.hour + 1:02d}:00" for moment in at]
    np.testing.assert_array_equal(read(tmp_path, pd.DataFrame({"hour_ending": texts, "mw": COUNT})).values, COUNT)


def test_market_files_with_delivery_date_and_hour_ending_are_read(tmp_path: Path) -> None:
    at = hours(2023)
    table = pd.DataFrame({"Delivery Date": at.strftime("%m/%d/%Y"), "Hour Ending": at.hour + 1, "mw": COUNT})
    table["Hour Ending"] = table["Hour Ending"].map("{:02d}:00".format)
    np.testing.assert_array_equal(read(tmp_path, table).values, COUNT)


def test_month_day_hour_columns_are_read(tmp_path: Path) -> None:
    at = hours(2023)
    table = pd.DataFrame({"month": at.month, "day": at.day, "hour": at.hour, "mw": COUNT})
    np.testing.assert_array_equal(read(tmp_path, table).values, COUNT)


@pytest.mark.parametrize("first", [0, 1])
def test_hours_counted_from_0_or_1_are_read(tmp_path: Path, first: int) -> None:
    np.testing.assert_array_equal(read(tmp_path, pd.DataFrame({"hour": COUNT + first, "mw": COUNT})).values, COUNT)


def test_hour_numbers_out_of_step_are_refused(tmp_path: Path) -> None:
    numbers = COUNT.copy()
    numbers[[7, 8]] = numbers[[8, 7]]
    assert "row 9 (hour 8 where 7 is due)" in str(refusal(tmp_path, pd.DataFrame({"hour": numbers, "mw": COUNT})))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_and_other_separators_are_read(tmp_path: Path, separator: str) -> None:
    table = stamped()
    table["mw"] += 0.5
    np.testing.assert_array_equal(read(tmp_path, table, sep=separator, decimal=",").values, COUNT + 0.5)


def test_thousands_separators_are_refused_not_misread(tmp_path: Path) -> None:
    table = stamped().astype({"mw": object})
    table.loc[[3, 4], "mw"] = ["1.234,5", "1,5"]
    path = write_csv(tmp_path / "series.csv", table, sep=";")
    with pytest.raises(InputError, match=r'"1\.234,5" in row 5'):
        read_hourly(path, column="mw")


def test_quoted_thousands_in_a_comma_file_are_refused_not_divided_by_a_thousand(tmp_path: Path) -> None:
    table = stamped().astype({"mw": object})
    table.loc[3, "mw"] = "1,234"
    assert '"1,234" in row 5' in str(refusal(tmp_path, table))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings_of_spreadsheets_are_read(tmp_path: Path, encoding: str) -> None:
    table = stamped().assign(größe="ä")
    np.testing.assert_array_equal(read(tmp_path, table, encoding=encoding).values, COUNT)


def test_one_column_without_header_is_column_1(tmp_path: Path) -> None:
    table = pd.DataFrame({"mw": COUNT})
    np.testing.assert_array_equal(read(tmp_path, table, column="column_1", header=False).values, COUNT)


def test_stamps_and_numbers_without_header_are_columns_1_and_2(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read(tmp_path, stamped(), column="column_2", header=False).values, COUNT)


def test_bad_cells_are_told_together_with_rows_and_times(tmp_path: Path) -> None:
    table = stamped().astype({"mw": object})
    table.loc[[16, 17, 18, 19], "mw"] = ["", "inf", "abc", "nan"]
    message = str(refusal(tmp_path, table))
    assert 'column "mw" has 4 cells without a finite number' in message
    # Hour 16 of 1 January stands in row 18: rows count from 1, the header is one.
    for text, row, hour in (("", 18, 16), ("inf", 19, 17), ("abc", 20, 18), ("nan", 21, 19)):
        assert f'"{text}" in row {row} (2023-01-01 {hour}:00)' in message


def test_gap_double_and_disorder_are_told_together(tmp_path: Path) -> None:
    table = stamped().drop(index=[100, 101])
    table = pd.concat([table.iloc[:200], table.iloc[199:]]).reset_index(drop=True)
    table.iloc[[300, 301]] = table.iloc[[301, 300]].to_numpy()
    message = str(refusal(tmp_path, table))
    assert "has 8,759 rows" in message
    assert "lacks 2 hours: 2023-01-05 04:00 to 2023-01-05 05:00" in message
    assert "has hours twice: row 202 (2023-01-09 09:00)" in message
    assert "goes back in time at row 303" in message


def test_clock_change_is_recognised_as_a_gap_and_a_double(tmp_path: Path) -> None:
    zone = pd.date_range("2023-01-01", "2023-12-31 23:00", freq="h", tz="America/Chicago")
    table = pd.DataFrame({"time": zone.strftime("%Y-%m-%d %H:%M"), "mw": 1.0})
    message = str(refusal(tmp_path, table))
    # 5 November is day 309: 308 x 24 + 1 = hour 7,393, which stands in row 7,395.
    assert "lacks 1 hour: 2023-03-12 02:00" in message
    assert "has hours twice: row 7395 (2023-11-05 01:00)" in message
    assert "local standard time has no clock change" in message


def test_wrong_length_says_what_is_there_and_what_is_needed(tmp_path: Path) -> None:
    message = str(refusal(tmp_path, pd.DataFrame({"mw": np.ones(8700)})))
    assert "has 8,700 rows; a year needs 8,760, or 8,784 with 29 February" in message


def test_year_that_begins_in_july_is_refused(tmp_path: Path) -> None:
    at = pd.date_range("2023-07-01", periods=8760, freq="h")
    message = str(refusal(tmp_path, pd.DataFrame({"time": at.strftime("%Y-%m-%d %H:%M"), "mw": 1.0})))
    assert "begins at 2023-07-01 00:00; it must begin with the hour from 1 January 00:00" in message


def test_year_from_one_o_clock_is_suspected_of_hour_ending(tmp_path: Path) -> None:
    assert "name their column hour_ending" in str(refusal(tmp_path, stamped(shift_h=1)))


def test_several_years_are_refused_by_their_length_alone(tmp_path: Path) -> None:
    at = pd.date_range("2021-01-01", "2023-12-31 23:00", freq="h")
    error = refusal(tmp_path, pd.DataFrame({"time": at.strftime("%Y-%m-%d %H:%M"), "mw": 1.0}))
    assert [str(problem) for problem in error.problems] == [
        "the file has 26,280 rows; a year needs 8,760, or 8,784 with 29 February."
    ]


@pytest.mark.parametrize(("column", "form"), [("time_utc", "%Y-%m-%d %H:%M"), ("time", "%Y-%m-%dT%H:%M:%SZ")])
def test_stamps_in_utc_are_refused(tmp_path: Path, column: str, form: str) -> None:
    table = stamped(form=form).rename(columns={"time": column})
    assert f'column "{column}" is in UTC' in str(refusal(tmp_path, table))


def test_changing_utc_offset_is_refused(tmp_path: Path) -> None:
    table = stamped()
    table["time"] += ["-06:00" if i < 2000 or i > 7000 else "-05:00" for i in range(8760)]
    assert "changes its UTC offset (-05:00, -06:00)" in str(refusal(tmp_path, table))


def test_missing_column_gets_a_guess_and_a_list(tmp_path: Path) -> None:
    message = str(refusal(tmp_path, stamped().rename(columns={"mw": "load_mw"}), column="laod_mw"))
    assert 'has no column "laod_mw" (did you mean "load_mw"?); it has: time, load_mw.' in message


def test_values_out_of_range_are_refused_with_the_remedy(tmp_path: Path) -> None:
    table = stamped()
    table.loc[5, "mw"] = -1.0
    message = str(refusal(tmp_path, table, valid=LOAD_RANGE))
    assert 'column "mw" has 1 value outside 0 to 1,000,000: "-1.0" in row 7 (2023-01-01 05:00)' in message
    message = str(refusal(tmp_path, table, valid=PER_UNIT_RANGE))
    assert "divide MW by the plant's MWac" in message


@pytest.mark.parametrize("form", ["%b %d %Y %H:%M", "%Y%m%d%H"])
def test_time_column_that_cannot_be_read_does_not_pass_for_none(tmp_path: Path, form: str) -> None:
    words = "holds no time that can be read" if "b" in form else "hours count from 0 or from 1"
    assert words in str(refusal(tmp_path, stamped(form=form)))


def test_unreadable_stamp_names_its_row(tmp_path: Path) -> None:
    table = stamped()
    table.loc[10, "time"] = "tomorrow"
    assert "has no readable time stamp in row 12" in str(refusal(tmp_path, table))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"mw\n", "has a header and no rows"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not text"),
        (b"time,mw\n2023-01-01 00:00,1,2\n", "has 2 columns, but row 2 has 3"),
        (b"mw,mw\n1,2\n", 'columns of the same name: "mw" (2 times)'),
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in text_refusal(tmp_path, content)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_hourly(tmp_path / "none.csv", column="mw")


@pytest.mark.skipif(not SHARED_PRICES.is_dir(), reason="the development data are not beside the project")
@pytest.mark.parametrize(
    ("file", "mean", "negative_hours", "filled_hours"),
    [
        ("ercot_hubavg_dam_2023", 55.9, 1, 0),
        ("ercot_hubavg_dam_2024", 28.1, 16, 0),
        ("pjm_dom_rt_2024", 36.1, 3, 24),
        ("caiso_np15_dam_2024", 40.7, 271, 0),
    ],
)
def test_real_price_years_are_read(file: str, mean: float, negative_hours: int, filled_hours: int) -> None:
    series = read_hourly(SHARED_PRICES / f"{file}.csv", column="price_usd_per_mwh", valid=PRICE_RANGE)
    assert series.values.mean() == pytest.approx(mean, abs=0.06)
    assert (series.values < 0).sum() == negative_hours
    assert series.filled_hours == filled_hours
