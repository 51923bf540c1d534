"""What the plan commits and earns, each rule with its arithmetic; the site is the one of `response_kit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.demand_response import product_economics
from tests.toys import Answer, answer, toy, write_series
from tests.unit.response_kit import GRID, LOAD, OWN, PRODUCT, response


def plan(folder: Path, products: dict[str, Any], *changes: dict[str, Any], **budgets: Any) -> Answer:
    """One year on the grid alone, the load known to be flat."""
    # A single representative day is enough where every hour is like the others.
    week = {"time": {"method": "calendar", "weeks": [{"start_day": 100, "weight": 1}]}}
    site = {"load": LOAD, "technologies": {"grid": GRID}}
    return answer(toy(week, site, response(products, **budgets), *changes, folder=folder), folder)


def standing(usd_per_mwh: float) -> dict[str, Any]:
    """Plant enough for everything, that stands already and burns nothing."""
    units = {"kind": "thermal", "unit_mw": 50, "max_units": 9, "existing_units": 9, "overnight_usd_per_kw": 0}
    return {**units, "heat_rate_btu_per_kwh": 0, "variable_usd_per_mwh": usd_per_mwh}


def committed(solved: Answer, year: int = 2026) -> dict[tuple[str, str], float]:
    rows = solved.tables["commitments"].query(f"year == {year}")
    return {(row.product, row.source): row.committed_mw for row in rows.itertuples()}


def test_a_product_earns_its_payments_less_the_compute_lost_when_called(tmp_path: Path) -> None:
    solved = plan(tmp_path, {"p": PRODUCT})
    assert committed(solved) == pytest.approx({("p", "batch"): 20.0, ("p", "training"): 10.0})
    # 30 MW x (7,300 + 1,000) USD; called 20 h: 20 x 20 x 20 + 10 x 20 x 60 = 20,000 USD.
    assert solved.summary["dr_revenue_usd"] == pytest.approx(30 * 8300)
    assert solved.summary["dr_cost_usd"] == pytest.approx(20_000)
    energy_usd = 125 * 8760 * 10
    assert solved.summary["npv_cost_usd"] == pytest.approx(energy_usd - 30 * 8300 + 20_000)
    assert solved.summary["objective_usd"] == pytest.approx(solved.summary["npv_cost_usd"])
    assert solved.summary["lcoe_without_dr_usd_per_mwh"] == pytest.approx(10.0)
    # Calls are counted as cut, yet nothing is cut by the site itself: no hourly columns.
    assert solved.summary["curtailed_mwh"] == pytest.approx(600)
    assert not [column for column in solved.tables["hourly"] if column.startswith("dr_")]


CASES: list[tuple[dict[str, Any], dict[str, Any], float]] = [
    ({}, {}, 30.0),
    ({"response_min": 14}, {}, 20.0),  # training answers in 15 minutes
    ({"sources": ["training"]}, {}, 10.0),  # batch is not on the list
    ({"min_bid_mw": 30.0}, {}, 30.0),
    ({"min_bid_mw": 30.1}, {}, 0.0),
    # Activation alone at 30 USD/MWh: batch earns 10, training loses 30 for each MWh.
    ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 30}, {}, 20.0),
    ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 30, "min_bid_mw": 26}, {}, 26.0),
    ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 30, "min_bid_mw": 27}, {}, 0.0),
    ({"capacity_usd_per_mw_h": 0, "activation_usd_per_mwh": 19}, {}, 0.0),
    # Called 20 h; 125 MW x 8,760 h x 0.0004 = 438 MWh carry 21.9 MW, 0.001 would carry 54.75 MW.
    ({}, {"budget_energy_frac": 0.0004}, 21.9),
    ({}, {"budget_energy_frac": 0.001}, 30.0),
    # 30 callable MW for 10 h are 300 MWh: 15 MW; for 20 h all of it.
    ({}, {"budget_hours_per_yr": 10}, 15.0),
    ({}, {"budget_hours_per_yr": 20}, 30.0),
    # 4 events of 2.5 h are the same 10 h; 8 are the same 20 h.
    ({}, {"budget_events_per_yr": 4}, 15.0),
    ({}, {"budget_events_per_yr": 8}, 30.0),
]


@pytest.mark.parametrize(("changes", "budgets", "mw"), CASES)
def test_the_optimiser_commits_what_the_economics_of_the_product_say(
    tmp_path: Path, changes: dict[str, Any], budgets: dict[str, Any], mw: float
) -> None:
    solved = plan(tmp_path, {"p": {**PRODUCT, **changes}}, **budgets)
    total = sum(committed(solved).values())
    assert total == pytest.approx(mw, abs=1e-6)
    scenario = toy({"load": LOAD}, response({"p": {**PRODUCT, **changes}}, **budgets)).scenario
    alone = product_economics(scenario, np.full(8760, 125.0)).iloc[0]
    chosen = solved.tables["dr_products"].iloc[0]
    for column in alone.index.drop(["year", "product"]):
        assert chosen[column] == pytest.approx(alone[column], abs=1e-4), column
    assert (total > 0) == (alone["net_revenue_usd"] > 0)


def test_cooling_counts_with_what_its_time_constant_holds(tmp_path: Path) -> None:
    # 2.4 MW for half an hour: 1.2 MW through an event of one hour, 0.3 MW through four hours.
    load = {"load": {"cooling": {"flexible": True}}}
    for event_h, mw in ((1, 1.2), (4, 0.3)):
        solved = plan(tmp_path / str(event_h), {"p": {**PRODUCT, "event_h": event_h}}, load)
        assert committed(solved)["p", "cooling"] == pytest.approx(mw)


def test_the_lowest_hour_of_the_year_in_the_window_binds_though_the_sizing_never_saw_it(tmp_path: Path) -> None:
    load = np.full(8760, 125.0)
    load[24 * 300 + 18] = 50.0
    load[24 * 300 + 12] = 25.0  # not in the window
    solved = plan(tmp_path, {"p": PRODUCT}, {"load": {"series": write_series(tmp_path, "load", load)}})
    assert sum(committed(solved).values()) == pytest.approx(30 * 50 / 125)


@pytest.mark.parametrize(
    ("late", "group", "total"),
    [
        ({"window_first_hour": 19, "window_last_hour": 22}, None, 30.0),  # hour 19 is shared
        ({"window_first_hour": 20, "window_last_hour": 23}, None, 60.0),
        ({"window_first_hour": 20, "window_last_hour": 23}, "reserve", 30.0),
    ],
)
def test_the_same_mw_is_never_sold_twice(tmp_path: Path, late: dict[str, Any], group: str | None, total: float) -> None:
    early = {**PRODUCT, "exclusive_group": group}
    solved = plan(tmp_path, {"early": early, "late": {**early, **late}})
    assert sum(committed(solved).values()) == pytest.approx(total)


def test_two_products_share_what_cooling_can_hold_through_their_events(tmp_path: Path) -> None:
    # 2.4 MW are 1.2 MW for an hour or 0.3 MW for four; whoever takes 1.2 MW through an hour has nothing left to hold.
    load = {"load": {"cooling": {"flexible": True}}}
    short, long = ({**PRODUCT, "sources": ["cooling"], "event_h": event_h} for event_h in (1, 4))
    solved = plan(tmp_path, {"short": short, "long": long}, load)
    assert committed(solved) == pytest.approx({("short", "cooling"): 1.2})


def test_an_islanded_site_earns_nothing(tmp_path: Path) -> None:
    changes = {"technologies": {"grid": {"enabled": False}, "plant": standing(10)}}
    solved = plan(tmp_path, {"p": PRODUCT}, changes)
    assert committed(solved) == {}
    assert solved.summary["dr_revenue_usd"] == 0
    assert solved.tables["dr_products"]["net_revenue_usd"].tolist() == [0.0]


def test_a_market_opens_in_the_year_of_the_grid(tmp_path: Path) -> None:
    grid = {"existing_mw": 0, "connection_usd": 0, "lead_time_months": 12, "acres": 0}
    changes = {"technologies": {"grid": grid, "plant": standing(10)}, "time": {"years": 2}}
    solved = plan(tmp_path, {"p": PRODUCT}, changes)
    assert committed(solved, 2026) == {}
    assert sum(committed(solved, 2027).values()) == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("grid_mw", "export_mw", "mw"),
    [
        (300, 0, 30.0),
        (12, 0, 12.0),  # only what is imported can be dropped
        (12, 5, 17.0),  # and export right that stands idle can be used
    ],
)
def test_a_market_takes_no_more_than_the_import_it_can_drop(
    tmp_path: Path, grid_mw: float, export_mw: float, mw: float
) -> None:
    # The plant is dearer than the grid, so that the grid's whole capacity is imported.
    grid = {"existing_mw": grid_mw, "max_mw": grid_mw, "export_max_mw": export_mw, "export_price": 0.0}
    solved = plan(tmp_path, {"p": PRODUCT}, {"technologies": {"grid": grid, "plant": standing(20)}})
    assert sum(committed(solved).values()) == pytest.approx(mw)


@pytest.mark.parametrize(("price", "mw"), [(50, 0.0), (12, 5.0)])
def test_export_right_that_is_used_cannot_be_sold(tmp_path: Path, price: float, mw: float) -> None:
    # The plant makes power at 10 USD/MWh. Exporting 5 MW earns 40 or 2 USD/MWh; keeping the right idle through the
    # window's 1,460 h gives up 58,400 or 2,920 USD per MW, against some 7,900 that the product earns.
    grid = {"price": 100.0, "export_max_mw": 5, "export_price": price}
    solved = plan(tmp_path, {"p": PRODUCT}, {"technologies": {"grid": grid, "plant": standing(10)}})
    assert sum(committed(solved).values()) == pytest.approx(mw)
    exported = solved.tables["hourly"]["grid_export_mw"].to_numpy()
    assert exported[17::24].tolist() == pytest.approx([5.0 - mw] * 365)


def test_a_market_makes_the_site_import_what_it_has_sold(tmp_path: Path) -> None:
    # The plant costs 4 USD/MWh less than the grid: importing 30 MW in 4 hours of 365 days costs 4 x 1,460 = 5,840 USD
    # per MW and year, against 8,300 - 400 (batch) or 8,300 - 1,200 (training). At 6 USD/MWh, 8,760, it does not pay.
    for dearer, mw in ((4, 30.0), (6, 0.0)):
        changes = {"technologies": {"plant": standing(10 - dearer)}}
        solved = plan(tmp_path / str(dearer), {"p": PRODUCT}, changes)
        assert sum(committed(solved).values()) == pytest.approx(mw)
        imported = solved.tables["hourly"]["grid_import_mw"].to_numpy()
        inside = np.isin(np.arange(8760) % 24, range(16, 20))
        assert imported[inside].min() == pytest.approx(mw)
        assert imported[~inside].max() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("products", "units", "firm_mw"),
    [
        ({}, 6, 0.0),  # (6 - 1) x 25 = 125 >= 125
        ({"own": OWN}, 6, 0.0),  # (5 - 1) x 25 = 100: 25 MW short, batch gives 20
        ({"own": {**OWN, "response_min": 15, "sources": ["batch", "training"]}}, 5, 25.0),  # 25 of 30 MW are enough
        ({"p": PRODUCT}, 6, 0.0),  # sold to a market: not firm
    ],
)
def test_load_that_the_site_drops_itself_saves_a_unit_in_n_minus_1_and_market_mw_do_not(
    tmp_path: Path, products: dict[str, Any], units: int, firm_mw: float
) -> None:
    plant = {"kind": "thermal", "unit_mw": 25, "max_units": 9, "overnight_usd_per_kw": 100, "life_years": 1,
             "heat_rate_btu_per_kwh": 0}  # fmt: skip
    grid = {"enabled": "p" in products, "existing_mw": 0, "max_mw": 0.0, "export_max_mw": 40, "export_price": 0.0}
    changes = {"technologies": {"plant": plant, "grid": grid}, "limits": {"n_minus_1": True}}
    solved = plan(tmp_path, products, changes)
    assert solved.tables["capacity"].query("technology == 'plant'")["units"].tolist() == [units]
    assert solved.summary["firm_dr_mw"] == pytest.approx(firm_mw)
    held = solved.tables["limits"].query("limit == 'n_minus_1' and stage == 2").iloc[0]
    assert held["ceiling"] == pytest.approx(125.0 - firm_mw)


def test_own_contingency_does_not_stand_in_for_capacity_that_is_never_there(tmp_path: Path) -> None:
    # The sun always shines here, but is not firm; the grid does not fail. 110 MW of grid carry the load together with
    # it, yet firm capacity must cover the whole peak of 125 MW, whatever load could be dropped after a loss.
    sun = {"kind": "solar", "existing_mw": 50, "max_mw": 50, "series": write_series(tmp_path, "sun", np.ones(8760))}
    grid = {"existing_mw": 110, "max_mw": 300, "overnight_usd_per_kw": 1, "connection_usd": 0}
    changes = {"technologies": {"grid": grid, "sun": sun}, "limits": {"n_minus_1": True}}
    solved = plan(tmp_path, {"own": {**OWN, "events_per_yr": 0}}, changes)
    assert solved.capacity_mw("grid") == pytest.approx(125.0)
