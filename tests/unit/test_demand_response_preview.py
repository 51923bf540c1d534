"""Flexibility and product economics before any plan.

A flat 125 MW load at PUE 1.25: 100 MW of IT, 20 MW of cooling, 5 MW that do not flex. `batch` is half of the IT and
flexes by 0.4: 20 MW at 20 USD/MWh. `training` is the other half and flexes by 0.2: 10 MW at 60 USD/MWh. Cooling
gives min(0.25, 3 x 0.04) x 20 = 2.4 MW for half an hour.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.demand_response import potential, product_economics
from engine.errors import InputError
from engine.scenario.schema import Scenario
from tests.toys import toy

FLAT_MW = np.full(8760, 125.0)
LOAD: dict[str, Any] = {
    "pue": 1.25,
    "workloads": {
        "batch": {"share_frac": 0.5, "flexible_frac": 0.4, "response_min": 1, "cut_usd_per_mwh": 20},
        "training": {"share_frac": 0.5, "flexible_frac": 0.2, "response_min": 15, "cut_usd_per_mwh": 60},
    },
    "cooling": {"flexible": True},
}
# 4 h of the day at 5 USD/MW-h: 7,300 USD per MW; 2 x 10 = 20 h called at 50 USD/MWh: 1,000 USD per MW.
PRODUCT: dict[str, Any] = {
    "response_min": 30,
    "capacity_usd_per_mw_h": 5,
    "activation_usd_per_mwh": 50,
    "events_per_yr": 10,
    "event_h": 1,
    "window_first_hour": 16,
    "window_last_hour": 19,
    "sources": ["batch", "training", "cooling"],
}


def scenario(products: dict[str, Any] | None = None, load: dict[str, Any] | None = None, **budget: float) -> Scenario:
    response = {"enabled": True, "budget_energy_frac": 1.0, "products": products or {}, **budget}
    return toy({"load": LOAD}, {"load": load or {}, "demand_response": response}).scenario


def alone(load_mw: np.ndarray = FLAT_MW, load: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    budget = {name: changes.pop(name) for name in list(changes) if name.startswith("budget")}
    table = product_economics(scenario({"p": {**PRODUCT, **changes}}, load, **budget), load_mw)
    assert len(table) == 1
    return dict(table.iloc[0])


def test_flexibility_is_shown_as_technical_callable_and_committed_apart() -> None:
    load = {"workloads": {"training": {"response_min": None}}}
    found = potential(scenario({"p": PRODUCT}, load), FLAT_MW)
    assert {key: value[0] for key, value in found.technical.items()} == pytest.approx(
        {"batch": 20.0, "training": 10.0, "cooling": 2.4}
    )
    assert set(found.callable) == {"batch", "cooling"}
    # In its window (hours 16-19) alone; cooling holds half of its 2.4 MW for one hour.
    assert found.committed["batch"][15:21].tolist() == pytest.approx([0, 20, 20, 20, 20, 0])
    assert found.committed["cooling"][16] == pytest.approx(1.2)


def test_a_product_pays_for_contracted_and_called_hours_and_costs_compute() -> None:
    row = alone()
    # 20 + 10 + 1.2 MW; lost compute 20 h x (20 x 20 + 10 x 60) = 20,000 USD.
    assert row["guaranteed_mw"] == row["average_mw"] == pytest.approx(31.2)
    assert (row["contracted_h"], row["called_h"]) == (1460, 20)
    assert row["capacity_payment_usd"] == pytest.approx(31.2 * 7300)
    assert row["activation_payment_usd"] == pytest.approx(31.2 * 1000)
    assert row["lost_compute_usd"] == pytest.approx(20_000)
    assert row["net_revenue_usd"] == pytest.approx(31.2 * 8300 - 20_000)
    assert row["net_usd_per_mw_yr"] == pytest.approx((31.2 * 8300 - 20_000) / 31.2)


def test_the_lowest_hour_of_the_window_binds_and_no_other() -> None:
    load = FLAT_MW.copy()
    load[24 * 100 + 17] = 50.0
    load[24 * 200 + 15] = 10.0  # outside the window
    row = alone(load)
    assert row["guaranteed_mw"] == pytest.approx(31.2 * 50 / 125)
    assert row["average_mw"] == pytest.approx(31.2 * (1459 * 125 + 50) / 1460 / 125)


@pytest.mark.parametrize(
    ("changes", "mw"),
    [
        ({"response_min": 15}, 31.2),  # training answers in 15 minutes, cooling too
        ({"response_min": 14}, 20.0),
        ({"sources": ["training"]}, 10.0),
        ({"event_h": 2}, 30.6),  # cooling holds a quarter: 0.6 MW
        ({"event_h": 0.5}, 32.4),  # and all of it for half an hour
        ({"min_bid_mw": 31.2}, 31.2),
        ({"min_bid_mw": 31.3}, 0.0),
        # The two dearest lose: 7,300 USD per MW against 100 h x 60 and 100 h x 20 less pay.
        ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 30}, 21.2),
        ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 0}, 0.0),
        # Called 20 h: 200 MWh carry 10 MW, free cooling first; 8,760 h x 125 MW x 0.0001 = 109.5 MWh carry 5.475 MW.
        ({"budget_energy_frac": 0.0001}, 5.475),
        # 2 h at 32.4 callable MW = 64.8 MWh carry 3.24 MW; as 1 event of 2.5 h 81 MWh carry 4.05 MW.
        ({"budget_hours_per_yr": 2}, 3.24),
        ({"budget_events_per_yr": 1}, 4.05),
    ],
)
def test_each_rule_of_eligibility_and_budget_binds_once(changes: dict[str, Any], mw: float) -> None:
    assert alone(**changes)["guaranteed_mw"] == pytest.approx(mw)


def test_a_least_bid_is_filled_from_a_losing_source_only_while_the_product_pays() -> None:
    # 30 USD/MWh for 20 h: cooling earns 600 and batch 200 USD per MW, training loses 600 USD per MW.
    pay = {"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 30}
    assert alone(**pay, min_bid_mw=25)["guaranteed_mw"] == pytest.approx(25.0)
    # 1.2 x 600 + 20 x 200 = 4,720 USD pay for 7.87 MW of training: 29.07 MW, not 30.
    assert alone(**pay, min_bid_mw=29)["net_revenue_usd"] == pytest.approx(4720 - 7.8 * 600)
    assert alone(**pay, min_bid_mw=30)["guaranteed_mw"] == 0.0


def test_the_same_mw_is_never_counted_twice() -> None:
    late = {**PRODUCT, "window_first_hour": 19, "window_last_hour": 22, "capacity_usd_per_mw_h": 6}
    found = potential(scenario({"early": PRODUCT, "late": late}), FLAT_MW)
    assert max(found.committed["batch"]) == pytest.approx(20.0)
    # Hour 19 is in both windows: the better paid takes all, the other one nothing.
    assert found.committed["batch"][16] == 0.0
    # Apart in time both sell all of it; in one group the better paid (3 h x 6 < 4 h x 5 USD a day) leaves nothing.
    apart = {**late, "window_first_hour": 20}
    found = potential(scenario({"early": PRODUCT, "late": apart}), FLAT_MW)
    assert found.committed["batch"][[16, 21]].tolist() == pytest.approx([20.0, 20.0])
    group = {"exclusive_group": "reserve"}
    found = potential(scenario({"early": {**PRODUCT, **group}, "late": {**apart, **group}}), FLAT_MW)
    assert found.committed["batch"][[16, 21]].tolist() == pytest.approx([20.0, 0.0])


def test_a_window_over_midnight_holds_the_hours_on_both_sides() -> None:
    row = alone(window_first_hour=22, window_last_hour=1)
    assert row["contracted_h"] == 4 * 365


def test_each_year_of_a_load_has_its_own_row() -> None:
    table = product_economics(scenario({"p": PRODUCT}), np.array([FLAT_MW, 2 * FLAT_MW]))
    assert table["year"].tolist() == [2026, 2027]
    assert table["guaranteed_mw"].tolist() == pytest.approx([31.2, 62.4])


def test_names_that_point_at_nothing_are_all_reported_at_once() -> None:
    changes = {
        "load": {"workloads": {**LOAD["workloads"], "cooling": {"share_frac": 0.0}}, "pue": 0.5},
        "demand_response": {
            "products": {
                "p": {**PRODUCT, "sources": ["bacth", "training", "training"]},
                "own": {"market": False, "response_min": 1, "sources": ["batch"], "window_last_hour": 20},
            }
        },
        "technologies": {"dr_plant": {"kind": "solar"}},
    }
    with pytest.raises(InputError) as caught:
        toy({"load": LOAD}, changes)
    problems = {problem.place: problem.message for problem in caught.value.problems}
    assert set(problems) == {
        "load.pue",
        "load.workloads.cooling",
        "technologies.dr_plant",
        "demand_response.products.p.sources",
        "demand_response.products.own",
    }
    assert "window must be hours 0 to 23" in problems["demand_response.products.own"]
    assert 'names "bacth", which is no workload here (did you mean "batch")' in str(caught.value)
