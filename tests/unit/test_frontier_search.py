"""The epsilon-constraint search on plans that can be counted: a list of objective values stands in for the solver."""

from __future__ import annotations

import numpy as np
import pytest

from engine.frontier.front import dominated_by
from engine.frontier.search import FrontierSearch, Point, Solved, Step

# Cost and NOx of nine plans on a bent front, and three that are beaten.
FRONT = [(float(cost), float(nox)) for nox, cost in enumerate([90, 50, 30, 20, 15, 12, 10, 9, 8])]
BEATEN = [(60.0, 2.0), (31.0, 3.0), (20.0, 8.0)]


class Counted:
    """Minimises a weighted sum over listed plans under ceilings, and counts how often it is asked."""

    def __init__(self, plans: list[tuple[float, ...]], keys: tuple[str, ...]) -> None:
        self.plans, self.keys, self.asked = plans, keys, 0

    def __call__(self, step: Step) -> Solved:
        self.asked += 1
        named = [dict(zip(self.keys, plan, strict=True)) for plan in self.plans]
        kept = [plan for plan in named if all(plan[k] <= ceiling for k, ceiling in step.ceilings.items())]
        if not kept:
            return Solved("infeasible")
        worth = [sum(weight * plan[k] for k, weight in step.weights.items()) for plan in kept]
        best = int(np.argmin(worth))
        return Solved("found", kept[best], worth[best], kept[best])


def points_of(plans: list[tuple[float, ...]], keys: tuple[str, ...], count: int) -> tuple[list[Point], Counted]:
    solver = Counted(plans, keys)
    return list(FrontierSearch(keys, count, solver).run()), solver


def test_every_point_lies_on_the_known_front_and_the_ends_are_the_single_optima() -> None:
    points, _ = points_of([*BEATEN, *FRONT], ("lcoe", "nox"), 9)
    found = {tuple(point.values.values()) for point in points}
    assert found <= set(FRONT)
    assert tuple(points[0].values.values()) == (8.0, 8.0)  # not (8, anything worse): lexicographic
    assert tuple(points[1].values.values()) == (90.0, 0.0)


def test_with_enough_points_the_whole_front_is_found_and_the_search_ends() -> None:
    points, _ = points_of([*BEATEN, *FRONT], ("lcoe", "nox"), 60)
    assert {tuple(point.values.values()) for point in points} == set(FRONT)
    assert len(points) < 60


def test_a_tie_in_cost_is_settled_by_the_other_objective() -> None:
    # Two plans of cost 8: the end is the one with less NOx.
    points, _ = points_of([*FRONT, (8.0, 7.5)], ("lcoe", "nox"), 3)
    assert points[0].values["nox"] == 7.5


def test_bounds_hold_what_was_proven_without_the_augmentation() -> None:
    points, _ = points_of(FRONT, ("lcoe", "nox"), 9)
    for point in points:
        assert point.bound is not None
        least = min(cost for cost, nox in FRONT if nox <= point.ceilings.get("nox", np.inf))
        assert least - 1e-4 * 82 - 1e-9 <= point.bound <= least + 1e-9


def test_points_gather_where_the_front_bends() -> None:
    plans = [(float(max(100 - 10 * nox, 20 - nox)), float(nox)) for nox in np.linspace(0, 20, 401)]
    points, _ = points_of(plans, ("lcoe", "nox"), 14)
    near = [point for point in points if 5 <= point.values["nox"] <= 12]  # it bends at 8.9
    assert len(near) >= 5


def test_a_search_that_is_taken_up_again_solves_nothing_twice() -> None:
    first, _ = points_of(FRONT, ("lcoe", "nox"), 7)
    solver = Counted(FRONT, ("lcoe", "nox"))
    again = list(FrontierSearch(("lcoe", "nox"), 7, solver, {point.label: point for point in first}).run())
    assert again == first
    assert solver.asked == 0
    half = {point.label: point for point in first[:4]}
    assert [p.values for p in FrontierSearch(("lcoe", "nox"), 7, solver, half).run()] == [p.values for p in first]


def test_a_scenario_without_a_plan_says_so_once() -> None:
    points, solver = points_of([], ("lcoe", "nox"), 9)
    assert [(point.state, point.role) for point in points] == [("infeasible", "end")]
    assert solver.asked == 1


def test_objectives_that_agree_give_one_plan_and_no_search_between() -> None:
    points, _ = points_of([(1.0, 1.0), (2.0, 2.0)], ("lcoe", "nox"), 9)
    assert [point.values for point in points] == [{"lcoe": 1.0, "nox": 1.0}, {"nox": 1.0, "lcoe": 1.0}]


@pytest.mark.parametrize("count", [7, 30])
def test_three_objectives_give_points_that_nobody_beats(count: int) -> None:
    rng = np.random.default_rng(5)
    plans = [tuple(float(x) for x in row) for row in rng.random((200, 3))]
    points, _ = points_of(plans, ("lcoe", "nox", "land"), count)
    found = [tuple(p.values[k] for k in ("lcoe", "nox", "land")) for p in points if p.state == "found"]
    everything = np.array(plans)
    for values in found:
        beaten = (everything <= np.array(values)).all(axis=1) & (everything < np.array(values)).any(axis=1)
        assert not beaten.any()
    assert len(points) <= count
    for place, key in enumerate(("lcoe", "nox", "land")):
        assert points[place].values[key] == pytest.approx(everything[:, place].min())
    assert dominated_by(np.unique(np.array(found), axis=0)) == [None] * len(set(found))


def test_without_settling_the_first_objective_ends_each_search() -> None:
    solver = Counted([*BEATEN, *FRONT], ("lcoe", "nox"))
    points = list(FrontierSearch(("lcoe", "nox"), 4, solver, settle=False).run())
    # One solve for the least cost, two for the least NOx (NOx, then cost at it), one for each point between.
    assert solver.asked == 1 + 2 + 2
    assert [tuple(point.values.values()) for point in points[:2]] == [(8.0, 8.0), (90.0, 0.0)]
    assert all(point.bound == point.values["lcoe"] for point in points)  # no augmentation to take off


def test_an_end_whose_second_step_finds_nothing_in_time_keeps_the_plan_of_the_first() -> None:
    class Tired(Counted):
        def __call__(self, step: Step) -> Solved:
            return Solved("time_limit") if step.ceilings and len(step.weights) == 1 else super().__call__(step)

    first, *_ = FrontierSearch(("lcoe", "nox"), 2, Tired(FRONT, ("lcoe", "nox"))).run()
    assert (first.state, first.values["lcoe"], first.bound) == ("found", 8.0, 8.0)
