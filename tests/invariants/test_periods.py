"""Representative weeks stand for the whole year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.periods import Target, coarsened, full_years, scale_bounded, scale_load, select_periods, shift
from engine.profiles import build_profiles
from engine.representation import representation
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario

BASE = load_scenario(SHIPPED_SCENARIOS / "base.yaml")
PROFILES = build_profiles(BASE)


@pytest.mark.parametrize("added", [(), (189,), (189, 10, 359)])
def test_weights_sum_to_a_year_of_hours(added: tuple[int, ...]) -> None:
    steps = select_periods(BASE.scenario, PROFILES, added)
    assert steps.weight_h.sum() == pytest.approx(8760, abs=1e-9)
    assert steps.count == (6 + len(added)) * 168


def test_an_added_week_weighs_one_and_is_taken_as_it_is() -> None:
    steps = select_periods(BASE.scenario, PROFILES, (189,))
    added = steps.period == 6
    assert set(steps.weight_h[added]) == {1.0}
    hours = np.arange(188 * 24, 195 * 24)
    assert steps.hour[added].tolist() == hours.tolist()
    assert np.array_equal(steps.load_mw[3][added], PROFILES.load_mw[3][hours])


@pytest.mark.parametrize("added", [(), (189,)])
def test_each_series_carries_the_years_energy(added: tuple[int, ...]) -> None:
    steps = select_periods(BASE.scenario, PROFILES, added)
    for row, year in enumerate(PROFILES.load_mw):
        assert steps.load_mw[row] @ steps.weight_h == pytest.approx(year.sum(), rel=1e-9)
        assert steps.load_mw[row].max() == pytest.approx(year.max(), rel=1e-9)
    assert steps.solar_pu["solar"] @ steps.weight_h == pytest.approx(PROFILES.solar_pu["solar"].sum(), rel=1e-9)
    prices, year_prices = steps.import_price_usd_per_mwh["grid"], PROFILES.import_price_usd_per_mwh["grid"]
    assert prices @ steps.weight_h == pytest.approx(year_prices.sum(), rel=1e-9)


def test_a_period_follows_itself_and_days_are_numbered_through() -> None:
    steps = select_periods(BASE.scenario, PROFILES)
    assert steps.previous[0] == 167
    assert steps.previous[168] == 335
    assert steps.previous[169] == 168
    assert steps.day[[0, 23, 24, 167, 168, 1007]].tolist() == [0, 0, 1, 6, 7, 41]


def test_load_map_keeps_the_peak_and_solar_never_exceeds_its_best_hour() -> None:
    sample, weight_h = np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 2190.0)
    mapped = scale_load(sample, weight_h, Target(mean=2.6, peak=5.0))
    # Slope (5 - 2.6) / (4 - 2.5) = 1.6: 5 - 1.6 x (3, 2, 1, 0).
    assert mapped == pytest.approx([0.2, 1.8, 3.4, 5.0])
    # A slope that would go below zero falls back to proportion, capped at the peak.
    assert scale_load(sample, weight_h, Target(mean=2.0, peak=9.0)) == pytest.approx(0.8 * sample)
    capped = scale_bounded(np.array([0.0, 0.5, 0.9, 1.0]), weight_h, Target(mean=0.65, peak=1.0))
    assert capped.mean() == pytest.approx(0.65)
    assert capped.max() == 1.0
    assert shift(np.array([-5.0, 15.0]), np.ones(2), Target(mean=7.0, peak=20.0)).tolist() == [-3.0, 17.0]


def test_coarse_steps_carry_the_same_energy_and_hours() -> None:
    steps = select_periods(BASE.scenario, PROFILES, (189,))
    coarse = coarsened(steps, 4)
    assert coarse.count == steps.count // 4
    assert coarse.weight_h.sum() == pytest.approx(8760)
    assert set(coarse.dt_h) == {4.0}
    assert coarse.load_mw @ coarse.weight_h == pytest.approx(steps.load_mw @ steps.weight_h)
    assert coarse.previous[[0, 1, 42]].tolist() == [41, 0, 83]
    assert np.bincount(coarse.day, weights=coarse.dt_h).tolist() == [24.0] * 49
    with pytest.raises(ValueError, match="do not fill blocks"):
        coarsened(steps, 5)


def test_the_whole_year_represents_itself_without_error() -> None:
    profiles = build_profiles(BASE)
    stated = representation(full_years(profiles, profiles.years), profiles, "full")
    assert stated["hours_seen"] == 8760
    assert {one[name] for one in stated["series"] for name in ("rmse", "mae", "duration_rmse")} == {0.0}


def test_representation_errors_are_those_of_a_reader_with_a_pencil() -> None:
    # Two steps of equal weight stand for a year whose load is 10 MW in one half and 20 MW in the other. Seen as 11 and
    # 19, every hour is 1 MW off, of a mean of 15 MW; swapped, they are 9 off, and the duration curve still 1.
    real = np.repeat([10.0, 20.0], 4380)
    nothing: dict[str, dict[str, np.ndarray]] = {
        name: {}
        for name in (
            "solar_pu", "availability_pu", "import_price_usd_per_mwh", "export_price_usd_per_mwh", "co2_kg_per_mwh",
        )
    }  # fmt: skip
    profiles = replace(PROFILES, years=(2026,), load_mw=real[None, :], **nothing)
    steps = replace(
        select_periods(BASE.scenario, PROFILES),
        load_mw=np.array([[11.0, 19.0]]), period=np.array([0, 1]), dt_h=np.ones(2), weight_h=np.full(2, 4380.0),
        assignment=np.repeat([0, 1], 4380), gas_price_multiple=np.ones(2),
    )  # fmt: skip
    load, gas = representation(steps, profiles, "clustered")["series"]
    assert (load["rmse"], load["mae"], load["duration_rmse"]) == (1.0, 1.0, 1.0)
    assert load["rmse_frac"] == pytest.approx(1 / 15)
    assert gas["rmse"] == 0.0
    swapped, _ = representation(replace(steps, load_mw=np.array([[19.0, 11.0]])), profiles, "clustered")["series"]
    assert (swapped["rmse"], swapped["mae"], swapped["duration_rmse"]) == (9.0, 9.0, 1.0)
    unassigned, _ = representation(replace(steps, assignment=None), profiles, "calendar")["series"]
    assert (unassigned["rmse"], unassigned["duration_rmse"]) == (None, 1.0)
