"""Cuts of the site's own choosing, hour by hour: each rule binding once and slack once.

Two days of 100 MW on a grid at 10 USD/MWh, dearer in a few hours. `batch` can give 0.4 x 0.5 x 100 / 1.25 = 16 MW at
20 USD/MWh, `training` 8 MW at 60 USD/MWh. Hour 47 has the peak, so that machines stand idle in all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.demand_response.commitments import steps_in_window
from engine.periods import Steps, coarsened
from engine.scenario.demand_response import Product
from tests.toys import answer, toy, write_series
from tests.unit.response_kit import GRID, LOAD, PRODUCT, flat_steps, response, run_days

EMPTY: Mapping[str, Any] = {}
NO_TRAINING = {"load": {"workloads": {"training": {"flexible_frac": 0}}}}


def prices(**dear: float) -> np.ndarray:
    """10 USD/MWh for two days but for hours given as h10=50."""
    price = np.full(48, 10.0)
    for hour, usd in dear.items():
        price[int(hour[1:])] = usd
    return price


def load_mw(peak_mw: float = 200.0) -> np.ndarray:
    return np.where(np.arange(48) == 47, peak_mw, 100.0)


def batch(price: np.ndarray, peak_mw: float = 200.0, *changes: Any, **workload: Any) -> pd.DataFrame:
    """Hours of a site whose batch work alone flexes."""
    own = {"load": {"workloads": {"batch": workload}}}
    return run_days(price, NO_TRAINING, own, *changes, load_mw=load_mw(peak_mw))


def hours_of(values: pd.Series) -> dict[int, float]:
    return {int(hour): float(mw) for hour, mw in values.items() if abs(mw) > 1e-6}


@pytest.mark.parametrize(("usd", "cut"), [(21, {10: 16.0}), (19, {})])
def test_lost_work_is_cut_only_where_energy_is_dearer_than_the_work(usd: float, cut: dict[int, float]) -> None:
    table = batch(prices(h10=usd))
    assert hours_of(table["dr_batch_cut_mw"]) == pytest.approx(cut)
    # Lost, not deferred: nothing is owed and nothing made up.
    assert hours_of(table["dr_batch_makeup_mw"]) == hours_of(table["dr_batch_owed_mwh"]) == {}
    assert table["grid_import_mw"][10] == pytest.approx(100 - sum(cut.values()))


def test_deferred_work_is_made_up_and_owed_until_then() -> None:
    # 16 MW at 50 USD/MWh instead of 10: made up in the one hour that is cheaper still.
    table = batch(prices(h10=50, h12=5), delay_window_h=8)
    assert hours_of(table["dr_batch_cut_mw"]) == pytest.approx({10: 16.0})
    assert hours_of(table["dr_batch_makeup_mw"]) == pytest.approx({12: 16.0})
    assert hours_of(table["dr_batch_owed_mwh"]) == pytest.approx({10: 16.0, 11: 16.0})
    assert table["grid_import_mw"][[10, 12]].tolist() == pytest.approx([84.0, 116.0])


@pytest.mark.parametrize(("window_h", "first"), [(4, 10), (3, 11), (2, 12), (1, 13), (24, 10)])
def test_work_waits_no_longer_than_its_delay_window(window_h: float, first: int) -> None:
    # Dear from 10 to 13: what is cut in hour 10 waits 4 hours for a cheap one, in hour 13 one hour.
    table = batch(prices(h10=50, h11=50, h12=50, h13=50), delay_window_h=window_h)
    assert list(hours_of(table["dr_batch_cut_mw"])) == list(range(first, 14))


@pytest.mark.parametrize(("overhead", "usd", "made_up"), [(0.0, 31, 16.0), (0.5, 36, 24.0), (0.5, 34, 0.0)])
def test_deferring_costs_the_energy_of_its_checkpoints(overhead: float, usd: float, made_up: float) -> None:
    # A MWh cut saves its price, and costs 20 and (1 + overhead) x 10 later: 30, or 35 at one half.
    table = batch(prices(h10=usd), delay_window_h=8, checkpoint_overhead_frac=overhead)
    assert table["dr_batch_makeup_mw"].sum() == pytest.approx(made_up)


@pytest.mark.parametrize(
    ("peak_mw", "window_h", "cut"), [(110, 1, 10.0), (110, 2, 16.0), (116, 1, 16.0), (100, 8, 0.0)]
)
def test_deferred_work_runs_only_on_machines_that_stand_idle(peak_mw: float, window_h: float, cut: float) -> None:
    # 10 MW stand idle at a peak of 110 MW: 16 MWh take two hours. A site always at its peak can make up nothing.
    table = batch(prices(h10=50), peak_mw, delay_window_h=window_h)
    assert table["dr_batch_cut_mw"].sum() == pytest.approx(cut)


def test_all_sources_share_the_idle_machines() -> None:
    both = {"load": {"workloads": {"batch": {"delay_window_h": 1}, "training": {"delay_window_h": 1}}}}
    table = run_days(prices(h10=200), both, load_mw=load_mw(120))
    # 24 MW could be cut, 20 can be made up in hour 11; the cheaper batch goes first.
    assert table["dr_batch_cut_mw"][10] == pytest.approx(16.0)
    assert table["dr_training_cut_mw"][10] == pytest.approx(4.0)


@pytest.mark.parametrize(("min_run_h", "mwh"), [(0.0, 192.0), (2.5, 96.0), (7.5, 48.0)])
def test_a_workload_runs_between_its_cuts(min_run_h: float, mwh: float) -> None:
    # 8 MW x 24 h x 2.5 / (2.5 + least run) on each day.
    own = {"load": {"workloads": {"batch": {"flexible_frac": 0}, "training": {"min_run_h": min_run_h}}}}
    load = np.full(48, 100.0)
    table = run_days(np.full(48, 1000.0), own, load_mw=load)
    assert table["dr_training_cut_mw"][:24].sum() == pytest.approx(mwh)
    assert table["dr_training_cut_mw"][24:].sum() == pytest.approx(mwh)


def cooling(price: np.ndarray, changes: Mapping[str, Any] = EMPTY, **data: float) -> pd.DataFrame:
    """Cooling alone: 0.12 x 16 MW = 1.92 MW."""
    nothing = {"batch": {"flexible_frac": 0}, "training": {"flexible_frac": 0}}
    load = {"load": {"workloads": nothing, "cooling": {"flexible": True, **data}}}
    return run_days(price, load, changes, load_mw=load_mw())


@pytest.mark.parametrize(("minutes", "cut"), [(30, 0.96), (15, 0.48), (60, 1.92), (120, 1.92)])
def test_cooling_stores_no_more_than_its_time_constant(minutes: float, cut: float) -> None:
    table = cooling(prices(h10=50, h11=9), time_constant_min=minutes)
    assert hours_of(table["dr_cooling_cut_mw"]) == pytest.approx({10: cut})
    assert hours_of(table["dr_cooling_makeup_mw"]) == pytest.approx({11: cut})


@pytest.mark.parametrize(("minutes", "net"), [(30, {11: -1.92, 12: 1.92}), (120, {10: -1.92, 12: 1.92})])
def test_cooling_recovers_in_time(minutes: float, net: dict[int, float]) -> None:
    # Hours 10 and 11 are dear, 10 most if the cold may wait for hour 12, else only 11 is left.
    dear = prices(h10=51, h11=50, h12=9) if minutes == 120 else prices(h10=50, h11=51, h12=9)
    table = cooling(dear, time_constant_min=60, recovery_min=minutes)
    assert hours_of(table["grid_import_mw"] - table["load_mw"]) == pytest.approx(net)


def test_cooling_cuts_or_recovers_but_not_both_at_once() -> None:
    # Dear in hours 10 and 11: cutting in both would make up hour 10's cut in hour 11 while cutting anew. A full cut in
    # hour 10 leaves hour 11 to its recovery, worth 52 - 51; one in hour 11 is worth 51 - 9.
    table = cooling(prices(h10=52, h11=51, h12=9), time_constant_min=60)
    assert (table["dr_cooling_cut_mw"] + table["dr_cooling_makeup_mw"]).max() <= 1.92 + 1e-6
    assert table["dr_cooling_cut_mw"][[10, 11]].tolist() == pytest.approx([0.0, 1.92])


@pytest.mark.parametrize(("rise", "cut"), [(3, 1.92), (5, 3.2), (10, 4.0)])
def test_cooling_is_cut_by_degrees_up_to_its_cap(rise: float, cut: float) -> None:
    # 4 % a degree of 16 MW, at most 25 %.
    table = cooling(prices(h10=50, h11=9), time_constant_min=60, setpoint_rise_c=rise)
    assert table["dr_cooling_cut_mw"].max() == pytest.approx(cut)


def test_what_is_sold_is_not_cut_as_well() -> None:
    table = batch(prices(h10=50, h17=50), 200.0, response({"p": PRODUCT}, own_use=True))
    assert hours_of(table["dr_batch_cut_mw"]) == pytest.approx({10: 16.0})


def test_cooling_that_is_sold_is_not_cut_as_well() -> None:
    # All of it is needed to hold half of it through the product's hour.
    price = prices(h10=50, h11=9, h17=50, h20=9)
    table = cooling(price, changes=response({"p": PRODUCT}, own_use=True))
    assert hours_of(table["dr_cooling_cut_mw"]) == pytest.approx({10: 0.96})


def test_who_cannot_be_called_is_not_cut() -> None:
    table = batch(prices(h10=5000), response_min=None)
    assert "dr_batch_cut_mw" not in table


def test_own_use_is_a_choice_of_the_scenario() -> None:
    assert "dr_batch_cut_mw" not in batch(prices(h10=5000), 200.0, response(own_use=False))


@pytest.mark.parametrize(
    ("budget", "cut"),
    [
        ({"budget_energy_frac": 0.0001}, 32.0),  # 100 MW x 8,760 h x 0.0001 = 87.6 MWh: slack for two cuts of 16 MWh
        ({"budget_energy_frac": 0.00001}, 8.76),
        ({"budget_hours_per_yr": 2}, 32.0),  # 2 h at the 16 callable MW
        ({"budget_hours_per_yr": 1}, 16.0),
        ({"budget_events_per_yr": 4, "event_h": 0.25}, 16.0),
    ],
)
def test_own_cuts_count_in_the_budget(budget: dict[str, float], cut: float) -> None:
    changes = response(own_use=True, **budget)
    table = run_days(prices(h10=50, h30=50), NO_TRAINING, changes, load_mw=np.full(48, 100.0))
    assert table["dr_batch_cut_mw"].sum() == pytest.approx(cut)


def test_a_period_makes_up_its_own_work() -> None:
    # The day's last hour is dear: its work is made up in the same day's first hours, not in the next period's.
    scenario = toy({"load": LOAD, "technologies": {"grid": GRID}})
    price = prices(h23=50)

    def two_days(_: Steps) -> Steps:
        return flat_steps(scenario, price, load_mw(), period_h=24)

    deferring = {"load": {"workloads": {"batch": {"delay_window_h": 4}}}}
    table = run_days(price, NO_TRAINING, deferring, load_mw=load_mw(), steps=two_days)
    assert hours_of(table["dr_batch_cut_mw"]) == pytest.approx({23: 16.0})
    assert table["dr_batch_makeup_mw"][:4].sum() == pytest.approx(16.0)


def test_windows_work_in_blocks_of_four_hours() -> None:
    # Hours 8-11 are dear. A window of 8 h is two blocks: made up in the block after next at the latest.
    price = prices(h8=50, h9=50, h10=50, h11=50)
    deferring = {"load": {"workloads": {"batch": {"delay_window_h": 8}}}}
    table = run_days(price, NO_TRAINING, deferring, load_mw=load_mw(), steps=lambda steps: coarsened(steps, 4))
    assert hours_of(table["dr_batch_cut_mw"]) == pytest.approx({2: 16.0})
    assert table["dr_batch_makeup_mw"][3:5].sum() == pytest.approx(16.0)


def test_a_block_is_in_a_window_when_one_of_its_hours_is() -> None:
    scenario = toy({"load": LOAD, "technologies": {"grid": GRID}})
    steps = flat_steps(scenario, prices(), load_mw())
    product = Product(**{**PRODUCT, "window_first_hour": 15, "window_last_hour": 16})
    assert np.flatnonzero(steps_in_window(product, steps)).tolist() == [15, 16, 39, 40]
    assert np.flatnonzero(steps_in_window(product, coarsened(steps, 4))).tolist() == [3, 4, 9, 10]


@pytest.mark.parametrize("window_h", [1, 2, 3, 5, 7, 8, 12, 13, 24])
def test_no_work_is_ever_late_whatever_the_window(window_h: int) -> None:
    # Prices at random: all made up until t + window covers all cut until t, in every hour of the closed period.
    price = np.random.default_rng(1).uniform(0, 200, 96)
    load = np.where(np.arange(96) == 95, 130.0, 100.0)
    deferring = {"load": {"workloads": {"batch": {"delay_window_h": window_h, "checkpoint_overhead_frac": 0.1}}}}
    table = run_days(price, NO_TRAINING, deferring, load_mw=load)
    cut, owed = 1.1 * table["dr_batch_cut_mw"].to_numpy(), table["dr_batch_owed_mwh"].to_numpy()
    assert cut.sum() > 0
    for step in range(96):
        assert owed[step] <= cut[[(step - ago) % 96 for ago in range(window_h)]].sum() + 1e-6


def test_the_plan_shifts_work_in_all_8760_hours_and_proves_it(tmp_path: Path) -> None:
    # Every day at 18 h the price is 110, else 10: 365 days x 16 MW x (110 - 10 - 20) are saved.
    hour = np.arange(8760) % 24
    changes = {
        "technologies": {"grid": {"price": write_series(tmp_path, "price", np.where(hour == 18, 110.0, 10.0))}},
        "load": {
            "series": write_series(
                tmp_path, "load", np.where(hour == 3, 100.0, 99.99999) + (np.arange(8760) == 3) * 60
            ),
            "workloads": {"batch": {"delay_window_h": 12}, "training": {"flexible_frac": 0}},
        },
        "time": {"method": "calendar"},
    }
    site = {"load": LOAD, "technologies": {"grid": GRID}}
    solved = answer(toy(site, response(own_use=True), changes, folder=tmp_path), tmp_path)
    assert solved.summary["curtailed_mwh"] == pytest.approx(365 * 16, rel=1e-3)
    assert solved.summary["dr_cost_usd"] == pytest.approx(365 * 16 * 20, rel=1e-3)
    unshifted = solved.summary["required_mwh"] * 10 + 365 * 100 * 100
    assert solved.summary["npv_cost_usd"] == pytest.approx(unshifted - 365 * 16 * (100 - 20), rel=1e-3)
