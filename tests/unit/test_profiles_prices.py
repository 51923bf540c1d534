"""Grid prices: the made-up year and its label, flat prices, and heat derates."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import InputError
from engine.profiles.derate import availability_pu, heat_derate_frac
from engine.profiles.prices import as_number, flat_price, synthetic_price, synthetic_price_usd_per_mwh
from engine.scenario.technologies import Thermal

UNIT = {"unit_mw": 50, "max_units": 1, "overnight_usd_per_kw": 1000, "heat_rate_btu_per_kwh": 8000}


def test_synthetic_year_has_the_mean_that_its_label_says_and_is_never_negative() -> None:
    price = synthetic_price_usd_per_mwh()
    assert price.shape == (8760,)
    assert price.mean() == pytest.approx(40.0)
    assert price.min() > 0
    assert "mean of 40 USD/MWh" in synthetic_price(of="Grid").made_up


def test_synthetic_year_has_the_features_of_a_market() -> None:
    price = synthetic_price_usd_per_mwh()
    by_hour = np.median(price.reshape(365, 24), axis=0)
    assert by_hour.argmax() == 19
    assert by_hour[7] > 1.2 * by_hour[3]
    assert by_hour.argmin() in (11, 12, 13)
    assert (price < 2).sum() >= 20
    assert 10 <= (price > 150).sum() <= 40
    # 1 January is a Monday: days 5 and 6 of each week are the weekend.
    by_weekday = np.median(price[: 364 * 24].reshape(52, 7, 24), axis=(0, 2))
    assert by_weekday[5:].max() < by_weekday[:5].min()
    by_month = price[: 360 * 24].reshape(12, 720).mean(axis=1)
    assert by_month[6] > 1.3 * by_month[3]


def test_synthetic_year_is_the_same_every_time_and_cannot_be_changed() -> None:
    price = synthetic_price_usd_per_mwh()
    synthetic_price_usd_per_mwh.cache_clear()
    np.testing.assert_array_equal(price, synthetic_price_usd_per_mwh())
    with pytest.raises(ValueError, match="read-only"):
        price[0] = 0.0


def test_flat_price_fills_every_hour() -> None:
    assert set(flat_price(42.5, place="technologies.grid.price").usd_per_mwh) == {42.5}


@pytest.mark.parametrize("usd_per_mwh", [float("nan"), float("inf"), 1e9])
def test_price_that_is_no_price_is_refused_at_its_field(usd_per_mwh: float) -> None:
    with pytest.raises(InputError, match=r"technologies\.grid\.price is "):
        flat_price(usd_per_mwh, place="technologies.grid.price")


def test_text_that_is_a_number_counts_as_one() -> None:
    assert as_number("42.5") == 42.5
    assert as_number("prices.csv:lmp") is None


def test_derate_grows_from_its_reference_and_stops_at_nine_tenths() -> None:
    # 0.7 % per degree above 15 C: 35 C loses 14 %; at 10 % per degree, 35 C would lose all and keeps a tenth.
    unit = Thermal(**UNIT, availability_frac=0.95, derate_frac_per_c=0.007, derate_above_c=15)
    derate = heat_derate_frac(unit, np.array([-10.0, 15.0, 16.0, 35.0]))
    np.testing.assert_allclose(derate, [0.0, 0.0, 0.007, 0.14])
    np.testing.assert_allclose(availability_pu(unit, derate), [0.95, 0.95, 0.94335, 0.817])
    steep = Thermal(**UNIT, derate_frac_per_c=0.1, derate_above_c=15)
    np.testing.assert_allclose(heat_derate_frac(steep, np.array([35.0])), [0.9])
