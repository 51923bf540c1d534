"""Endings of the solver are kept apart and said as what they are."""

from __future__ import annotations

from pathlib import Path

import pyomo.environ as pyo
import pytest

from engine.expansion import NoPlanInTime
from engine.matrix import compile_pyomo
from engine.solver import SolverSettings, Termination, relative_gap, solve_matrix
from tests.toys import FREE_FUEL_UNIT, answer, toy


def knapsack(*, need: float = 7.5) -> pyo.ConcreteModel:
    """Cover `need` with whole units of 2 at 3 and of 3 at 4: the cheapest for 7.5 is 1 x 2 + 2 x 3 = 8 at 11."""
    model = pyo.ConcreteModel()
    model.two = pyo.Var(bounds=(0, 10), domain=pyo.NonNegativeIntegers)
    model.three = pyo.Var(bounds=(0, 2), domain=pyo.NonNegativeIntegers)
    model.covered = pyo.Constraint(expr=2 * model.two + 3 * model.three >= need)
    model.cost = pyo.Objective(expr=3 * model.two + 4 * model.three)
    return model


def test_an_optimum_is_proven_and_priced() -> None:
    solution = solve_matrix(compile_pyomo(knapsack()), SolverSettings())
    assert solution.termination == Termination.OPTIMAL
    assert solution.objective == pytest.approx(11.0)
    assert solution.bound == pytest.approx(11.0)
    assert solution.gap_frac == 0.0


def test_infeasible_is_said_so() -> None:
    solution = solve_matrix(compile_pyomo(knapsack(need=1000)), SolverSettings())
    assert solution.termination == Termination.INFEASIBLE
    assert not solution.has_plan


def test_duals_survive_the_scaling_of_costs() -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, None))
    model.need = pyo.Constraint(expr=model.x >= 4)
    model.cost = pyo.Objective(expr=3e9 * model.x)
    matrix = compile_pyomo(model)
    assert matrix.cost_scale == 1e5
    solution = solve_matrix(matrix, SolverSettings())
    assert solution.objective == pytest.approx(12e9)
    assert solution.row_duals == pytest.approx([3e9])


def test_gap_is_relative_to_the_plan() -> None:
    assert relative_gap(100.0, 99.0) == pytest.approx(0.01)
    assert relative_gap(-100.0, -101.0) == pytest.approx(0.01)
    assert relative_gap(None, 99.0) is None


def test_no_plan_in_time_names_the_remedy(tmp_path: Path) -> None:
    units = {f"unit{n}": {**FREE_FUEL_UNIT, "unit_mw": 7 + n, "overnight_usd_per_kw": 90 + n} for n in range(6)}
    changes = {
        "technologies": units,
        "time": {"years": 2, "method": "calendar"},
        "solver": {"time_limit_s": 1e-3},
    }
    with pytest.raises(NoPlanInTime, match=r"raise solver\.time_limit_s"):
        answer(toy(changes), tmp_path)


def test_a_gap_that_suffices_is_within_gap_not_optimal(tmp_path: Path) -> None:
    units = {f"unit{n}": {**FREE_FUEL_UNIT, "unit_mw": 7 + n, "overnight_usd_per_kw": 100} for n in range(3)}
    changes = {"technologies": units, "solver": {"mip_gap_frac": 0.3}, "limits": {"n_minus_1": True}}
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["termination"] in ("within_gap", "optimal")
    assert solved.summary["mip_gap_frac"] <= 0.3
    assert (solved.summary["termination"] == "optimal") == (solved.summary["mip_gap_frac"] <= 1e-6)


def test_an_infeasible_scenario_is_stored_as_what_it_is(tmp_path: Path) -> None:
    # One unit of 10 MW at most against 100 MW that must all be served.
    changes = {"technologies": {"plant": {**FREE_FUEL_UNIT, "max_units": 1}}, "limits": {"served_frac": 1.0}}
    solved = answer(toy(changes), tmp_path)
    assert (solved.summary["status"], solved.summary["termination"]) == ("infeasible", "infeasible")
    assert solved.summary["lcoe_usd_per_mwh"] is None
    assert solved.summary["capacity"] == {}
    assert not solved.summary["verified"]
    assert not solved.summary["adequate"]
    assert set(solved.tables) == {"profiles", "periods", "load"}


def test_a_load_met_to_the_last_digit_has_a_plan(tmp_path: Path) -> None:
    # Ten units of 10 MW for a flat 100 MW, nothing unserved; in representative weeks rounding leaves it not quite 100.
    unit = {**FREE_FUEL_UNIT, "max_units": 10}
    weeks = {"time": {"method": "calendar"}, "limits": {"served_frac": 1.0}}
    solved = answer(toy(weeks, {"technologies": {"engine": unit}}), tmp_path)
    assert solved.capacity_mw("engine") == pytest.approx(100)
    assert solved.summary["adequate"]
