"""The geometry of a front: dominance, the knee, where to solve next, what is certain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.frontier.front import Known, certain_band, classified, dominated_by, knee, next_ceiling


def table(values: list[tuple[float, float]], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["lcoe", "nox"]).assign(scenario=0, state="found", **columns)
    return frame.assign(point=[f"A{number}" for number in range(1, len(frame) + 1)])


def test_a_point_that_is_beaten_in_both_names_who_beats_it() -> None:
    values = np.array([(1.0, 9.0), (5.0, 5.0), (6.0, 6.0), (9.0, 1.0)])
    assert dominated_by(values) == [None, None, 1, None]


def test_of_two_equal_points_the_first_stands() -> None:
    assert dominated_by(np.array([(1.0, 2.0), (1.0, 2.0)])) == [None, 0]


def test_equal_in_one_and_worse_in_the_other_is_dominated() -> None:
    assert dominated_by(np.array([(1.0, 2.0), (1.0, 3.0)])) == [None, 0]


def test_the_knee_is_the_point_furthest_from_the_chord() -> None:
    # Shares (0, 1), (0.25, 0.5), (1, 0): the middle lies (1 - 0.75) / sqrt(2) below the chord.
    found = knee(np.array([(10.0, 4.0), (15.0, 2.0), (30.0, 0.0)]))
    assert found is not None
    assert found[0] == 1
    assert found[1] == pytest.approx(0.25 / np.sqrt(2))


def test_a_straight_front_has_no_knee() -> None:
    assert knee(np.array([(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])) is None


def test_a_front_of_three_objectives_has_its_knee_below_the_plane_of_its_ends() -> None:
    ends = [(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0)]
    found = knee(np.array([*ends, (0.3, 0.3, 0.3), (0.6, 0.6, 0.6)]))
    assert found is not None
    assert found[0] == 3


def test_dominated_points_are_marked_with_who_beats_them_and_are_off_the_front() -> None:
    points = classified(table([(10, 4), (15, 2), (16, 3), (30, 0)]), ["lcoe", "nox"])
    assert list(points["on_front"]) == [True, True, False, True]
    assert list(points["dominated_by"]) == ["", "", "A2", ""]
    assert list(points["knee"]) == [False, True, False, False]


def test_a_plan_found_again_is_said_to_repeat_and_is_not_called_dominated() -> None:
    points = classified(table([(10, 4), (15, 2), (15.001, 2.0001), (30, 0)]), ["lcoe", "nox"])
    assert list(points["repeats"]) == ["", "", "A2", ""]
    assert list(points["dominated_by"]) == [""] * 4
    assert list(points["on_front"]) == [True, True, False, True]


def test_a_point_without_a_plan_is_on_no_front() -> None:
    points = table([(10, 4), (15, 2), (np.nan, np.nan)])
    points.loc[2, "state"] = "infeasible"
    assert list(classified(points, ["lcoe", "nox"])["on_front"]) == [True, True, False]


def test_the_next_point_goes_into_the_long_interval() -> None:
    known = [Known(3.0, 0.0, 0.0), Known(2.0, 1.0, 1.0), Known(0.0, 10.0, 10.0)]
    assert next_ceiling(known) == pytest.approx(5.5)


def test_of_equal_intervals_the_one_at_the_bend_is_divided() -> None:
    # Costs by value 0, 1, ... 4: the front turns at value 1 only.
    known = [Known(cost, value, value) for value, cost in enumerate([10.0, 3.0, 2.0, 1.0, 0.0])]
    assert next_ceiling(known) in (pytest.approx(0.5), pytest.approx(1.5))


def test_what_a_ceiling_has_answered_is_not_asked_again() -> None:
    # The plan of value 0 is the answer up to 0.9: only between 0.9 and 1 something may be new.
    assert next_ceiling([Known(1.0, 0.0, 0.9), Known(0.0, 1.0, 1.0)]) == pytest.approx(0.95)
    assert next_ceiling([Known(1.0, 0.0, 0.9999), Known(0.0, 1.0, 1.0)]) is None


def test_the_band_falls_in_steps_and_holds_every_plan() -> None:
    values, costs = np.array([0.0, 1.0, 2.0]), np.array([5.0, 3.0, 1.0])
    ceilings, bounds = np.array([0.0, 1.0, np.inf]), np.array([4.5, 2.9, 0.8])
    places, lowest, highest = certain_band(ceilings, bounds, values, costs)
    assert list(places) == [0.0, 1.0, 2.0]
    assert list(highest) == [5.0, 3.0, 1.0]
    # Between 0 and 1 the bound of ceiling 1 holds: more is not certain there.
    assert list(lowest) == [4.5, 2.9, 0.8]
    assert (lowest <= highest).all()
