"""Frontiers of toys with known fronts, through the study, the solver and the verification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.errors import InputError
from engine.frontier.asked import Asked, frontier_request
from engine.objectives import OBJECTIVES
from engine.progress import Progress, ignore
from engine.runner import run_solve_process
from engine.scenario.loading import LoadedScenario
from engine.study import Studies, run_study
from tests.toys import toy

HOURS = 8760
# Ten units of 10 MW of each stand already and cost nothing but what a MWh takes: any mix can serve the 100 MW.
# NOx at 10 MMBtu/MWh: 0.02 lb/MMBtu is 0.2 lb/MWh, 87.6 short tons for all of a year's 876,000 MWh.
STANDING = {"kind": "thermal", "unit_mw": 10, "existing_units": 10, "max_units": 10, "overnight_usd_per_kw": 0,
            "heat_rate_btu_per_kwh": 10_000, "fuel_price_usd_per_mmbtu": 0}  # fmt: skip
MIX = {
    "technologies": {
        "dirty": {**STANDING, "variable_usd_per_mwh": 10, "nox_lb_per_mmbtu": 0.02},
        "medium": {**STANDING, "variable_usd_per_mwh": 15, "nox_lb_per_mmbtu": 0.01},
        "clean": {**STANDING, "variable_usd_per_mwh": 30, "nox_lb_per_mmbtu": 0.0},
    },
    "time": {"method": "calendar"},
}


def cost_of_mix(nox_short_tons: float) -> float:
    """USD/MWh of the best mix: straight lines from dirty (10, 87.6 t) over medium (15, 43.8 t) to clean (30, 0 t)."""
    share = nox_short_tons / 87.6
    return 15 - 5 * (share - 0.5) / 0.5 if share >= 0.5 else 30 - 15 * share / 0.5


# Units of 10 MW at 100 USD/kW with 1 acre/MW, or at 300 USD/kW with none: a narrow one costs 2 M more, saves 10 acres.
BLOCKS = {
    "technologies": {
        key: {"kind": "thermal", "unit_mw": 10, "max_units": 10, "overnight_usd_per_kw": usd, "acres_per_mw": acres,
              "heat_rate_btu_per_kwh": 0, "life_years": 1}
        for key, usd, acres in (("wide", 100, 1.0), ("narrow", 300, 0.0))
    },
    "time": {"method": "calendar"},
}  # fmt: skip


def frontier(
    folder: Path, keys: tuple[str, ...], points: int, *scenarios: LoadedScenario
) -> tuple[pd.DataFrame, dict[str, Any], Studies]:
    request = frontier_request(scenarios, Asked(keys, points), folder)
    run = run_study(request, ignore)
    studies = Studies(folder)
    table = studies.table(request.study_id, "points")
    assert table is not None
    return table, dict(run.summary), studies


def test_every_point_of_a_front_of_straight_lines_lies_on_it_and_the_ends_are_exact(tmp_path: Path) -> None:
    points, summary, _ = frontier(tmp_path, ("nox", "lcoe"), 7, toy(MIX))
    assert len(points) == 7
    for _, point in points.iterrows():
        assert point["lcoe"] == pytest.approx(cost_of_mix(point["nox"]), rel=1e-6)
        assert point["bound"] == pytest.approx(point["lcoe"], abs=1e-4 * 20 + 1e-9)  # the augmentation's share
        assert point["verified"], point["failed"]
    assert (points["lcoe"].min(), points["nox"].max()) == (pytest.approx(10), pytest.approx(87.6))
    assert (points["lcoe"].max(), points["nox"].min()) == (pytest.approx(30), pytest.approx(0, abs=1e-6))
    assert points["on_front"].all()
    one = summary["scenarios"][0]
    assert (one["on_front"], one["verified"], one["dominated"], one["infeasible"]) == (7, 7, {}, 0)


def test_the_knee_is_where_the_medium_engine_does_all_the_work(tmp_path: Path) -> None:
    points, summary, _ = frontier(tmp_path, ("lcoe", "nox"), 9, toy(MIX))
    knee = points[points["knee"]].iloc[0]
    assert knee["nox"] == pytest.approx(43.8, rel=0.15)
    assert f"Knee at {knee['point']}" in " ".join(summary["sentences"])


def test_whole_units_give_the_eleven_plans_and_no_others(tmp_path: Path) -> None:
    points, _, _ = frontier(tmp_path, ("capital", "land"), 30, toy(BLOCKS))
    front = points[points["on_front"]]
    found = {(round(c / 1e6, 6), round(acres, 6)) for c, acres in zip(front["capital"], front["land"], strict=True)}
    assert found == {(10 + 2.0 * narrow, 100 - 10.0 * narrow) for narrow in range(11)}


def test_a_frontier_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    request = frontier_request([toy(MIX)], Asked(("lcoe", "nox"), 6), tmp_path)
    told: list[Progress] = []

    def stop_after_three(progress: Progress) -> None:
        told.append(progress)
        if progress.message.startswith("Point 4"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(request, stop_after_three)
    studies = Studies(tmp_path)
    before = studies.table(request.study_id, "points")
    assert before is not None
    assert len(before) == 3
    run_study(request, ignore)
    after = studies.table(request.study_id, "points")
    assert after is not None
    assert list(after["seconds"][:3]) == list(before["seconds"])  # not solved again
    assert len(after) == 6
    fractions = [progress.progress_frac for progress in told]
    assert fractions == sorted(fractions)


def test_each_point_keeps_its_capacity_its_costs_and_the_limits_that_hold_it(tmp_path: Path) -> None:
    points, _, studies = frontier(tmp_path, ("lcoe", "nox"), 4, toy(MIX))
    (study_id,) = studies.ids()
    capacity, costs = studies.table(study_id, "capacity"), studies.table(study_id, "costs")
    assert capacity is not None
    assert costs is not None
    for _, point in points.iterrows():
        own = costs[costs["point"] == point["point"]]["present_value_usd"].sum()
        assert own == pytest.approx(point["lcoe"] * 100 * HOURS)
        assert len(capacity[capacity["point"] == point["point"]]) == 3
        assert json.loads(point["overrides"])["limits.nox_short_tons_per_yr"] == pytest.approx(point["nox"])


def test_two_scenarios_share_one_picture_and_one_without_a_plan_says_so(tmp_path: Path) -> None:
    on_gas = {key: {"fuel_price_usd_per_mmbtu": None} for key in MIX["technologies"]}
    impossible = toy(MIX, {"name": "Starved", "limits": {"gas_mmbtu_per_yr": 1}, "technologies": on_gas})
    points, summary, _ = frontier(tmp_path, ("lcoe", "nox"), 3, toy(MIX), impossible)
    assert set(points[points["state"] == "found"]["scenario"]) == {0}
    assert list(points[points["scenario"] == 1]["state"]) == ["infeasible"]
    assert summary["scenarios"][1]["sentences"] == ["Starved: no plan was found (its limits conflict)."]


def test_every_objective_of_the_list_agrees_between_solver_and_tables(tmp_path: Path) -> None:
    grid = {"kind": "grid", "existing_mw": 60, "max_mw": 60, "lead_time_months": 0, "price": 20, "acres": 5,
            "co2_kg_per_mwh": 400}  # fmt: skip
    loaded = toy(MIX, {"technologies": {"dirty": {"water_gal_per_mwh": 200}, "grid": grid},
                       "load": {"water_gal_per_mwh_it": 100}})  # fmt: skip
    for key in [key for key in OBJECTIVES if key not in ("lcoe", "curtailed")]:
        points, _, _ = frontier(tmp_path / key, ("lcoe", key) if key != "npv_cost" else (key, "nox"), 3, loaded)
        assert points["verified"].all(), (key, list(points["failed"]))


def test_a_process_of_its_own_finds_it_tells_each_point_and_finds_it_stored_the_second_time(tmp_path: Path) -> None:
    request, told = frontier_request([toy(MIX)], Asked(("lcoe", "nox"), 3), tmp_path), []
    outcome = run_solve_process(request, lambda progress: told.append(progress.message))
    assert (outcome.kind, outcome.run_id, outcome.summary["status"]) == ("result", request.study_id, "done")
    assert {"Point 1 of 3, building the model", "Point 2 of 3", "Point 3 of 3"} <= set(told)
    assert run_solve_process(request).reused


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(("lcoe",)), "two or three different ones"),
        (Asked(("lcoe", "npv_cost")), "the same but for a constant"),
        (Asked(("lcoe", "nox"), 2), "3 to 60 points"),
        (Asked(("lcoe", "noise")), "is none of lcoe"),
        (Asked(("lcoe", "nox"), 12, -1.0), "at least 0"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_remedy(asked: Asked, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        frontier_request([toy(MIX)], asked, tmp_path)
