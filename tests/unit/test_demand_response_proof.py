"""A wrong number of demand response is found: each mutation of a good run fails the check that is there for it.

The run has every rule at work: two products and the site's own contingency on a grid with export, own cuts of deferred,
lost and cooling load, a budget that binds, N-1 on plant that stands already.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.scenario.loading import merge
from engine.verification import verify
from tests.toys import Answer, answer, toy, write_series
from tests.unit.response_kit import GRID, LOAD, OWN, PRODUCT, response

Tables = dict[str, pd.DataFrame]
Mutation = Callable[[Tables, dict[str, Any]], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return everything(tmp_path_factory.mktemp("good"), method="calendar")


def everything(folder: Path, **time: Any) -> Answer:
    """A year with every rule of demand response at work."""
    hour = np.arange(8760)
    load = 100 + 10 * np.sin(hour * 2 * np.pi / 24) + 2 * np.sin(hour * 2 * np.pi / 8760)
    # Dear on one afternoon a week, and once within a window, where what is sold must not be cut as well.
    dear = ((hour % 24 == 14) & (hour // 24 % 7 == 3)) | (hour == 24 * 290 + 18)
    price = 30 + 150 * dear + 5 * np.cos(hour * 2 * np.pi / 24)
    workloads = {
        "batch": {"delay_window_h": 8, "checkpoint_overhead_frac": 0.05},
        "training": {"min_run_h": 3, "delay_window_h": 24},
        "chat": {"share_frac": 0.1, "flexible_frac": 0.3, "response_min": 20, "cut_usd_per_mwh": 100},
    }
    shares = {"batch": {"share_frac": 0.45}, "training": {"share_frac": 0.45}}
    early = {**PRODUCT, "sources": ["batch", "cooling"], "capacity_usd_per_mw_h": 3}
    late = {**early, "window_first_hour": 22, "window_last_hour": 3, "exclusive_group": "night", "min_bid_mw": 2}
    plant = {"kind": "thermal", "unit_mw": 10, "existing_units": 4, "max_units": 4, "overnight_usd_per_kw": 0,
             "heat_rate_btu_per_kwh": 0, "variable_usd_per_mwh": 40}  # fmt: skip
    own = {**OWN, "sources": ["training"], "response_min": 20}
    changes = {
        "load": {"series": write_series(folder, "load", load), "workloads": merge(workloads, shares),
                 "cooling": {"flexible": True}},
        "technologies": {
            "grid": {"price": write_series(folder, "price", price), "existing_mw": 80, "max_mw": 80,
                     "export_max_mw": 5},
            "plant": plant,
        },
        "limits": {"n_minus_1": True},
        "time": time,
    }  # fmt: skip
    response_data = response({"early": early, "late": late, "own": own}, own_use=True, budget_energy_frac=0.00193)
    site = {"load": LOAD, "technologies": {"grid": GRID}}
    return answer(toy(site, response_data, changes, folder=folder), folder)


def test_the_good_run_has_every_rule_at_work(good: Answer) -> None:
    verification = verify(good.tables, good.manifest)
    assert [check.name for check in verification.checks if not check.passed] == []
    hourly, commitments = good.tables["hourly"], good.tables["commitments"]
    assert set(commitments["product"]) == {"early", "late", "own"}
    for source in ("batch", "training", "cooling", "chat"):
        assert hourly[f"dr_{source}_cut_mw"].max() > 0.1, source
    budget = good.tables["limits"].query("limit == 'curtailment'")
    assert budget["binding"].all()


def test_typical_days_of_a_clustered_year_hold_every_rule_too(tmp_path: Path) -> None:
    # Solved and proved in both stages; a day makes up its own work.
    solved = everything(tmp_path, method="clustered", clusters=4, cluster_days=1)
    assert set(solved.tables["commitments"]["product"]) == {"early", "late", "own"}
    sampled = solved.tables["sampled_hourly"].groupby("period")[["dr_batch_cut_mw", "dr_batch_makeup_mw"]].sum()
    assert sampled["dr_batch_cut_mw"].max() > 0
    assert sampled["dr_batch_makeup_mw"].tolist() == pytest.approx((1.05 * sampled["dr_batch_cut_mw"]).tolist())


def hourly(column: str, mw: float, hour: int = 24 * 100 + 18, balanced: bool = True) -> Mutation:
    """Add to an hourly column; unserved energy keeps the balance."""

    def mutate(tables: Tables, _: dict[str, Any]) -> None:
        table = tables["hourly"]
        table.loc[hour, column] += mw
        if balanced and column.endswith(("cut_mw", "makeup_mw")):
            table.loc[hour, "unserved_mw"] += mw if column.endswith("makeup_mw") else -mw

    return mutate


def commitment(product: str, factor: float, source: str = "batch") -> Mutation:
    """Scale what is committed."""

    def mutate(tables: Tables, _: dict[str, Any]) -> None:
        table = tables["commitments"]
        rows = (table["product"] == product) & (table["source"] == source)
        assert rows.any()
        table.loc[rows, "committed_mw"] *= factor

    return mutate


def scenario(**changes: Any) -> Mutation:
    def mutate(_: Tables, manifest: dict[str, Any]) -> None:
        manifest["scenario"] = merge(manifest["scenario"], changes)

    return mutate


def product(key: str, **changes: Any) -> Mutation:
    return scenario(demand_response={"products": {key: changes}})


def workload(key: str, **changes: Any) -> Mutation:
    return scenario(load={"workloads": {key: changes}})


MUTATIONS: list[tuple[str, Mutation]] = [
    ("balance closes in every hour of stage 2", hourly("dr_batch_cut_mw", 0.01, balanced=False)),
    ("work owed is what was cut less what was made up: batch, stage 2", hourly("dr_batch_cut_mw", 0.01)),
    ("work owed is what was cut less what was made up: batch, stage 2", hourly("dr_batch_owed_mwh", 0.01)),
    (
        "work owed is what was cut less what was made up: batch, stage 1",
        workload("batch", checkpoint_overhead_frac=0.06),
    ),
    ("work is made up within its delay window: batch, stage 2", workload("batch", delay_window_h=1)),
    ("work is made up within its delay window: training, stage 1", workload("training", delay_window_h=1)),
    (
        "work is stored and made up no faster than it can be: cooling, stage 2",
        scenario(load={"cooling": {"time_constant_min": 10}}),
    ),
    ("lost work is not made up: chat, stage 2", hourly("dr_chat_makeup_mw", 0.01)),
    ("deferred work runs on idle machines, stage 2", hourly("dr_batch_makeup_mw", 40.0)),
    ("no source gives more than it has, stage 2", workload("batch", flexible_frac=0.3)),
    ("no source gives more than it has, stage 1", workload("batch", flexible_frac=0.3)),
    ("no source gives more than it has, stage 2", commitment("early", 2.0)),
    ("no source gives more than it has, stage 2", product("early", exclusive_group="night")),
    ("only who may serve a product is committed to it", product("early", sources=["training"])),
    ("only who may serve a product is committed to it", product("early", enabled=False)),
    ("only who may serve a product is committed to it", workload("batch", response_min=31)),
    ("who enrols bids at least the minimum", product("late", min_bid_mw=40)),
    ("what is sold can be dropped from the grid, stage 2", commitment("early", 8.0)),
    ("what is sold can be dropped from the grid, stage 1", commitment("early", 8.0)),
    ("curtailment stays within its energy budget, stage 2", scenario(demand_response={"budget_energy_frac": 0.001})),
    ("curtailment stays within its hours budget, stage 1", scenario(demand_response={"budget_hours_per_yr": 1})),
    ("curtailment stays within its events budget, stage 2", scenario(demand_response={"budget_events_per_yr": 1})),
    ("training runs between cuts, stage 2", workload("training", min_run_h=167)),
    ("N-1 holds in every year", commitment("own", 0.0, source="training")),
    ("stage 1: cost of the tables equals the solver's", product("early", capacity_usd_per_mw_h=3.1)),
    ("stage 2: cost of the tables equals the solver's", product("early", activation_usd_per_mwh=55)),
    ("stage 2: cost of the tables equals the solver's", workload("chat", cut_usd_per_mwh=110)),
    ("economics of the products follow from what is committed", product("late", events_per_yr=11)),
]


@pytest.mark.parametrize(("check", "mutate"), MUTATIONS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(MUTATIONS)])
def test_a_wrong_number_fails_its_check(good: Answer, check: str, mutate: Mutation) -> None:
    tables = {name: table.copy() for name, table in good.tables.items()}
    manifest = copy.deepcopy(dict(good.manifest))
    mutate(tables, manifest)
    assert check in [one.name for one in verify(tables, manifest).checks if not one.passed]
