"""Numbers read as the style says."""

import math

import pytest

from dashboard.formatting import amount, column_decimals, percent, plural, share, significant, usd

THIN, MINUS = "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (65.41468, "65.4"),
        (9.996, "10.0"),
        (0.01234, "0.0123"),
        (12345, f"12{THIN}300"),
        (999.6, f"1{THIN}000"),
        (-4.5, f"{MINUS}4.50"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_three_significant_digits_with_thin_spaces_and_a_true_minus(value, text):
    assert significant(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_240_000, f"$1.24{THIN}M"),
        (999_960, f"$1.00{THIN}M"),
        (4.02e9, f"$4.02{THIN}B"),
        (-310_000, f"{MINUS}$310{THIN}k"),
        (86.4, "$86.4"),
        (0, "$0"),
    ],
)
def test_money_is_scaled(value, text):
    assert str(usd(value)) == text


def test_the_unit_stands_apart_and_follows_the_dollar_sign():
    price = amount(86.44, "USD/MWh")
    assert (price.number, price.unit) == ("$86.4", "/MWh")
    assert str(amount(-6.3, "USD/MWh", sign=True)) == f"{MINUS}$6.30{THIN}/MWh"
    assert str(amount(2.9, "USD/MWh", sign=True)) == f"+$2.90{THIN}/MWh"
    assert str(amount(2_500_000, "USD", sign=True)) == f"+$2.50{THIN}M"


def test_no_difference_has_no_sign():
    assert amount(0.0, "acres", sign=True).number == "0"


def test_years_stay_whole():
    assert str(amount(2034, "yr")) == "2034"
    assert str(amount(-3, "yr", sign=True)) == f"{MINUS}3"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "100"), (0.99997, "99.997"), (0.9999, "99.99"), (0.42, "42.0"), (0.00001, "< 0.01"), (0, "0")],
)
def test_a_share_below_one_never_reads_as_all(value, text):
    assert share(value) == text


def test_running_text():
    assert percent(-0.083, sign=True) == f"{MINUS}8.3{THIN}%"
    assert plural(1, "run") == f"1{THIN}run"
    assert plural(2, "run") == f"2{THIN}runs"


@pytest.mark.parametrize(
    ("values", "digits", "decimals"),
    [
        ([1.0, 20.0], 3, 0), ([0.5, 20.0], 3, 1), ([0.512, 20.0], 3, 2), ([50.554, 111.2], 4, 2), ([], 3, 0),
        ([float("nan"), 3.5, 2.0], 4, 1), ([12345.678, 0.001], 3, 0), ([0.0123, 0.5], 3, 3), ([0.0], 3, 0),
    ],
)  # fmt: skip
def test_a_column_has_the_decimals_that_its_largest_needs_and_no_zeros_alone(values, digits, decimals):
    assert column_decimals(values, digits) == decimals
