"""Typical days and weeks: what they must carry, and storage that is linked between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import InputError
from engine.periods import coarsened, select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, merge, read_mapping, validate_scenario
from engine.typical_periods import extreme_periods, typical_periods
from engine.verification import verify
from tests.toys import Answer, answer, toy, write_series

BASE = read_mapping(SHIPPED_SCENARIOS / "base.yaml")


def clustered(**time: Any) -> LoadedScenario:
    return validate_scenario(merge(BASE, {"time": {"method": "clustered", **time}}), source="toy")


PROFILES = build_profiles(clustered())
DAYS_AND_WEEKS = pytest.mark.parametrize("time", [{}, {"clusters": 1}, {"cluster_days": 7, "clusters": 5}])


@DAYS_AND_WEEKS
@pytest.mark.parametrize("added", [(), (330, 10), (358,)])
def test_clustered_weights_energy_and_peak_are_the_years(time: dict[str, Any], added: tuple[int, ...]) -> None:
    steps = select_periods(clustered(**time).scenario, PROFILES, added)
    assert steps.weight_h.sum() == pytest.approx(8760, abs=1e-9)
    for row, year in enumerate(PROFILES.load_mw):
        assert steps.load_mw[row] @ steps.weight_h == pytest.approx(year.sum(), rel=1e-9)
        assert steps.load_mw[row].max() == pytest.approx(year.max(), rel=1e-12)
    assert steps.solar_pu["solar"] @ steps.weight_h == pytest.approx(PROFILES.solar_pu["solar"].sum(), rel=1e-9)
    prices, year_prices = steps.import_price_usd_per_mwh["grid"], PROFILES.import_price_usd_per_mwh["grid"]
    assert prices @ steps.weight_h == pytest.approx(year_prices.sum(), rel=1e-9)


@pytest.mark.parametrize("hours", [24, 168])
def test_the_extreme_periods_stand_for_themselves_as_they_are(hours: int) -> None:
    days = 365 * 24 // hours
    sun = PROFILES.solar_pu["solar"][: days * hours].reshape(days, hours).sum(axis=1)
    price = PROFILES.import_price_usd_per_mwh["grid"]
    peak, dark, dear = PROFILES.load_mw[0].argmax() // hours, sun.argmin(), price.argmax() // hours
    assert {peak, dark, dear} <= set(extreme_periods(PROFILES, hours))
    steps = select_periods(clustered(cluster_days=hours // 24).scenario, PROFILES)
    for period in (peak, dark, dear):
        real = np.arange(period * hours, (period + 1) * hours)
        here = np.flatnonzero((steps.hour == real[0]) & (steps.weight_h == 1.0))
        assert len(here) == 1
        assert np.array_equal(steps.solar_pu["solar"][here[0] : here[0] + hours], PROFILES.solar_pu["solar"][real])


def test_a_week_that_came_back_is_seen_day_by_day() -> None:
    steps = select_periods(clustered().scenario, PROFILES, (330,))
    for day in range(329, 336):
        mine = steps.assignment[day * 24 : (day + 1) * 24]
        assert steps.hour[mine].tolist() == list(range(day * 24, (day + 1) * 24))
        assert set(steps.weight_h[mine]) == {1.0}


def test_the_same_year_gives_the_same_clusters_every_time() -> None:
    first, second = (typical_periods(PROFILES, 8, 24) for _ in range(2))
    assert np.array_equal(first.sequence, second.sequence)
    # Frozen: another release of tsam that clusters otherwise moves every clustered plan.
    assert first.centre.tolist() == CENTRES
    assert first.counts.sum() == 365


CENTRES = [8, 102, 109, 166, 189, 194, 217, 225, 236, 303, 307, 330]


def test_a_year_without_any_change_is_one_day() -> None:
    profiles = build_profiles(toy({"time": {"method": "clustered"}}))
    assert extreme_periods(profiles, 24) == []
    assert typical_periods(profiles, 8, 24).counts.tolist() == [365]


def test_coarse_clustered_steps_keep_their_sequence() -> None:
    steps = select_periods(clustered().scenario, PROFILES)
    coarse = coarsened(steps, 4)
    assert coarse.real_period_h == 24
    assert coarse.sequence is not None
    assert np.array_equal(coarse.hour[coarse.assignment] // 24, steps.hour[steps.assignment] // 24)


# Ten megawatts day and night; 20 MW of sun that stands already, for four bright days and none on the fifth. A battery
# takes a quarter of the dark day's 10 MW x 24 h = 240 MWh from each bright day and holds 240 MWh; 73 days are dark.
BRIGHT_DAYS = np.repeat(np.arange(365) % 5 != 4, 24).astype(float)


def dark_fifth_days(folder: Path, battery: dict[str, Any] | None = None, **time: Any) -> Answer:
    technologies = {
        "solar": {"kind": "solar", "existing_mw": 20, "max_mw": 20, "series": write_series(folder, "sun", BRIGHT_DAYS)},
        "battery": {
            "kind": "battery", "duration_min_h": 1, "duration_max_h": 100, "soc_min_frac": 0.0, "life_years": 1,
            "charge_efficiency_frac": 1.0, "discharge_efficiency_frac": 1.0, "overnight_usd_per_kwh": 1,
            **(battery or {}),
        },
    }  # fmt: skip
    changes = {"load": {"it_peak_mw": 10}, "technologies": technologies, "time": {"clusters": 2, **time}}
    return answer(toy(changes, folder=folder), folder)


def test_linked_storage_carries_energy_from_bright_days_to_a_dark_one(tmp_path: Path) -> None:
    linked = dark_fifth_days(tmp_path, method="clustered")
    assert linked.summary["capacity_mwh"]["battery"]["2026"] == pytest.approx(240.0)
    assert linked.summary["objective_usd"] == pytest.approx(240_000.0)
    assert linked.summary["adequate"]
    levels = linked.tables["linked_storage"].set_index("real_period")["soc_mwh"]
    assert levels.to_numpy() == pytest.approx(np.tile([0.0, 60.0, 120.0, 180.0, 240.0], 73), abs=1e-6)


def test_storage_that_closes_on_each_day_could_not(tmp_path: Path) -> None:
    # 73 dark days x 24 h x 10 MW unserved; and the dispatch, which sees the real year, has no battery either.
    alone = dark_fifth_days(tmp_path, method="clustered", linked_storage=False)
    assert alone.summary["capacity_mwh"]["battery"]["2026"] == pytest.approx(0.0)
    assert alone.summary["unserved_mwh"] == pytest.approx(17_520.0)
    assert "linked_storage" not in alone.tables


def test_linked_storage_keeps_its_floor_and_pays_its_losses(tmp_path: Path) -> None:
    # With 0.9 each way and a tenth kept: the dark day takes 240 / 0.9 MWh out of the store, which is 90 % of it.
    lossy = {"charge_efficiency_frac": 0.9, "discharge_efficiency_frac": 0.9, "soc_min_frac": 0.1}
    solved = dark_fifth_days(tmp_path, battery=lossy, method="clustered")
    assert solved.summary["capacity_mwh"]["battery"]["2026"] == pytest.approx(240 / 0.9 / 0.9)


def test_linked_storage_loses_what_stands(tmp_path: Path) -> None:
    # Played through the real year hour by hour (verification) it adds up, and the dispatch serves every hour with it.
    leaky = dark_fifth_days(tmp_path, battery={"standing_loss_frac_per_h": 0.01}, method="clustered")
    # Held as the dark day begins: sum over its 24 hours of 10 / 0.99^(hour + 1) = 272.3 MWh.
    needed = sum(10 / 0.99 ** (hour + 1) for hour in range(24))
    assert leaky.summary["capacity_mwh"]["battery"]["2026"] >= needed * (1 - 1e-6)
    assert leaky.summary["adequate"]


def test_a_store_that_does_not_add_up_over_the_year_does_not_verify(tmp_path: Path) -> None:
    linked = dark_fifth_days(tmp_path, method="clustered")
    assert linked.summary["verified"]
    tables = dict(linked.tables)
    levels = tables["linked_storage"].copy()
    levels.loc[levels["real_period"] == 100, "soc_mwh"] += 1.0
    found = verify({**tables, "linked_storage": levels}, linked.manifest)
    failed = [check.name for check in found.checks if not check.passed]
    assert failed == ["battery: charge is conserved and in range, stage 1"]


def test_a_typical_period_is_a_day_or_a_week() -> None:
    with pytest.raises(InputError, match=r"time\.cluster_days is 3; typical periods are days \(1\) or weeks \(7\)"):
        clustered(cluster_days=3)
