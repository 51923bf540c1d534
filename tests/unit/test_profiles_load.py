"""The facility's load: shape, one affine map, growth, and its split."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import InputError
from engine.profiles import split_load
from engine.profiles.load import (
    day_shape,
    grown_load_mw,
    growth_multiples,
    noise_shape,
    season_shape,
    shaped_load_mw,
)
from engine.scenario.schema import Load

QUIET = {"noise_frac": 0.0, "season_amplitude_frac": 0.0}


def test_peak_is_it_peak_times_pue_and_mean_is_load_factor_times_peak() -> None:
    mw = shaped_load_mw(Load())
    assert mw.shape == (8760,)
    assert mw.max() == pytest.approx(160 * 1.25)
    assert mw.mean() == pytest.approx(0.75 * 200)
    assert mw.min() > 0


def test_day_runs_from_the_first_to_the_last_hour_inclusive() -> None:
    shape = day_shape(Load(day_first_hour=9, day_last_hour=22, night_level_frac=0.9)).reshape(365, 24)
    assert (shape[:, 9:23] == 1.0).all()
    assert (shape[:, :9] == 0.9).all()
    assert (shape[:, 23] == 0.9).all()


def test_day_may_run_over_midnight() -> None:
    shape = day_shape(Load(day_first_hour=22, day_last_hour=1))[:24]
    assert list(np.flatnonzero(shape == 1.0)) == [0, 1, 22, 23]


def test_season_is_highest_on_the_peak_day_and_lowest_half_a_year_away() -> None:
    by_day = season_shape(Load(season_peak_day=200, season_amplitude_frac=0.05)).reshape(365, 24)[:, 0]
    assert by_day.argmax() == 199
    assert by_day.max() == pytest.approx(1.05)
    assert by_day.argmin() in (16, 17)
    assert by_day.min() == pytest.approx(0.95, abs=1e-5)


def test_noise_fills_its_band_and_follows_its_seed() -> None:
    noise = noise_shape(Load(noise_frac=0.02, noise_seed=1))
    assert 0.98 <= noise.min() < 0.9801
    assert 1.0199 < noise.max() <= 1.02
    assert noise.mean() == pytest.approx(1.0, abs=0.0005)
    assert np.array_equal(noise, noise_shape(Load(noise_frac=0.02, noise_seed=1)))
    assert not np.array_equal(noise, noise_shape(Load(noise_frac=0.02, noise_seed=2)))


def test_without_season_and_noise_the_two_levels_can_be_worked_out() -> None:
    # 14 hours of day at the peak of 100 MW, 10 of night at x: (14 x 100 + 10 x) / 24 = 90 gives x = 76.
    mw = shaped_load_mw(Load(it_peak_mw=80, load_factor_frac=0.9, **QUIET))
    assert set(np.round(mw, 9)) == {76.0, 100.0}


def test_load_factor_too_low_for_the_shape_names_the_least_possible() -> None:
    # Two levels, night at 0: mean = 14/24 of the peak, 0.5833; the remedy rounds up.
    with pytest.raises(InputError, match=r"load\.load_factor_frac is 0\.5; .* needs at least 0\.5834"):
        shaped_load_mw(Load(load_factor_frac=0.5, **QUIET))
    least = shaped_load_mw(Load(load_factor_frac=0.5834, **QUIET))
    assert 0 <= least.min() < 0.1


def test_flat_shape_with_a_load_factor_below_one_is_refused() -> None:
    with pytest.raises(InputError, match=r"load\.load_factor_frac is 0\.75; .* needs 1"):
        shaped_load_mw(Load(night_level_frac=1.0, **QUIET))


@pytest.mark.parametrize("night_level_frac", [1.0, 0.9])
def test_load_factor_one_is_flat_at_the_peak(night_level_frac: float) -> None:
    mw = shaped_load_mw(Load(load_factor_frac=1.0, night_level_frac=night_level_frac, **QUIET))
    np.testing.assert_allclose(mw, 200.0)


def test_no_it_load_is_no_load() -> None:
    assert (shaped_load_mw(Load(it_peak_mw=0)) == 0.0).all()


def test_growth_is_linear_up_to_its_cap_and_never_below_zero() -> None:
    # 10 % of the first year a year: 1.0, 1.1, ... reaches 2.0 after ten years and stays.
    multiples = growth_multiples(Load(), years=13)
    np.testing.assert_allclose(multiples[[0, 1, 9, 10, 12]], [1.0, 1.1, 1.9, 2.0, 2.0])
    np.testing.assert_allclose(growth_multiples(Load(growth_frac_per_yr=-0.5), years=4), [1.0, 0.5, 0.0, 0.0])


def test_load_path_replaces_growth() -> None:
    load = Load(multiples_by_year=(0.5, 1.0, 1.75))
    mw = grown_load_mw(np.full(8760, 100.0), load, years=3)
    assert mw.shape == (3, 8760)
    np.testing.assert_allclose(mw[:, 0], [50.0, 100.0, 175.0])


def test_split_follows_pue_shares_and_the_cooling_share() -> None:
    # 120 MW at PUE 1.2: 100 IT, 20 beside it, of which 16 cooling and 4 the rest (cooling 13.3 % of the load).
    load = Load(pue=1.2, workloads={"batch": {"share_frac": 0.2}, "real_time": {"share_frac": 0.8}})
    split = split_load(np.array([120.0, 60.0]), load)
    np.testing.assert_allclose(split.it_mw, [100.0, 50.0])
    np.testing.assert_allclose(split.workloads_mw["batch"], [20.0, 10.0])
    np.testing.assert_allclose(split.workloads_mw["real_time"], [80.0, 40.0])
    np.testing.assert_allclose(split.cooling_mw, [16.0, 8.0])
    np.testing.assert_allclose(split.other_mw, [4.0, 2.0])
    np.testing.assert_allclose(split.it_mw + split.cooling_mw + split.other_mw, [120.0, 60.0])
