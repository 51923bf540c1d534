"""The profiles of the shipped base scenario, by figures a reader can redo."""

import numpy as np
import pytest

from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario


@pytest.fixture(scope="module")
def base():
    return build_profiles(load_scenario(SHIPPED_SCENARIOS / "base.yaml"))


def test_load_of_each_year_has_the_peak_and_mean_that_the_scenario_states(base):
    # 160 MW x 1.25 = 200 MW; mean 0.75 x 200 = 150 MW; 10 % of the first year more each year.
    multiples = 1.0 + 0.1 * np.arange(10)
    assert base.load_mw.shape == (10, 8760)
    np.testing.assert_allclose(base.load_mw.max(axis=1), 200.0 * multiples)
    np.testing.assert_allclose(base.load_mw.mean(axis=1), 150.0 * multiples)


def test_only_enabled_technologies_have_profiles(base):
    assert set(base.availability_pu) == set(base.derate_frac) == {"engine", "turbine"}
    assert set(base.solar_pu) == {"solar"}
    assert set(base.import_price_usd_per_mwh) == set(base.export_price_usd_per_mwh) == {"grid"}


def test_hottest_hour_derates_the_turbine_by_slope_times_degrees_above_15(base):
    hottest_c = base.temp_air_c.max()
    assert base.derate_frac["turbine"].max() == pytest.approx(0.007 * (hottest_c - 15.0))
    assert base.availability_pu["turbine"].min() == pytest.approx(0.95 * (1.0 - 0.007 * (hottest_c - 15.0)))


def test_what_is_made_up_is_said(base):
    assert len(base.synthetic) == 2
    assert "load is synthetic" in base.synthetic[0]
    assert "price of Grid is synthetic" in base.synthetic[1]
