"""The search over whole numbers finds what HiGHS finds, and says only what it has proven."""

import time

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest

from engine.search import TreeSearch
from engine.solver import SolverSettings, Termination, compile_model, solve_matrix


def knapsack(seed: int, offset: float) -> pyo.ConcreteModel:
    """Cover three demands with six kinds of units, whole, and two kinds in any amount; costs are random."""
    random = np.random.default_rng(seed)
    model = pyo.ConcreteModel()
    model.units = pyo.Var(range(6), domain=pyo.NonNegativeIntegers, bounds=(0, 9))
    model.amount = pyo.Var(range(2), domain=pyo.NonNegativeReals, bounds=(0, 5))
    gives, asks = random.uniform(1, 9, (3, 6)), random.uniform(30, 60, 3)
    costs, dear = random.uniform(5, 20, 6), random.uniform(8, 12, 2)

    def covered(m: pyo.ConcreteModel, i: int) -> object:
        return sum(gives[i, j] * m.units[j] for j in range(6)) + sum(m.amount[k] for k in range(2)) >= asks[i]

    model.demand_is_covered = pyo.Constraint(range(3), rule=covered)
    model.cost = pyo.Objective(
        expr=sum(costs[j] * model.units[j] for j in range(6))
        + sum(dear[k] * model.amount[k] for k in range(2))
        + offset
    )
    return model


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("offset", [0.0, -500.0])
def test_tree_and_highs_find_the_same_optimum(seed: int, offset: float) -> None:
    matrix = compile_model(knapsack(seed, offset))
    tree = solve_matrix(matrix, SolverSettings(tree=True))
    plain = solve_matrix(matrix, SolverSettings())
    assert tree.objective == pytest.approx(plain.objective, abs=1e-6)
    assert tree.termination == Termination.OPTIMAL
    assert tree.bound == pytest.approx(tree.objective, rel=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_tree_stops_at_the_gap_and_its_bound_holds(seed: int) -> None:
    matrix = compile_model(knapsack(seed, 0.0))
    loose = solve_matrix(matrix, SolverSettings(tree=True, mip_gap_frac=0.1))
    optimum = solve_matrix(matrix, SolverSettings()).objective
    assert optimum is not None
    assert loose.bound is not None
    assert loose.objective is not None
    assert loose.bound <= optimum + 1e-6
    assert optimum <= loose.objective + 1e-6
    assert loose.objective - loose.bound <= 0.1 * abs(loose.objective) + 1e-6


def test_tree_says_that_there_is_no_plan() -> None:
    model = knapsack(0, 0.0)
    # All units together give less than 9 x 6 x 9 = 486 of each.
    model.too_much = pyo.Constraint(expr=sum(model.units[j] for j in range(6)) >= 55)
    ended = solve_matrix(compile_model(model), SolverSettings(tree=True))
    assert ended.termination == Termination.INFEASIBLE
    assert not ended.has_plan


def test_a_start_is_kept_where_nothing_beats_it() -> None:
    matrix = compile_model(knapsack(3, 0.0))
    best = solve_matrix(matrix, SolverSettings())
    assert best.values is not None
    names = {matrix.variables[c].name: best.values[c] for c in np.flatnonzero(matrix.integer)}
    told: list[float | None] = []
    ended = solve_matrix(matrix, SolverSettings(tree=True), lambda state: told.append(state.incumbent), names)
    assert told[0] == pytest.approx(best.objective)
    assert ended.objective == pytest.approx(best.objective)


def test_without_time_nothing_is_claimed() -> None:
    matrix = compile_model(knapsack(1, 0.0))
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    columns = np.flatnonzero(matrix.integer).astype(np.int32)
    lp = matrix.lp
    lp.integrality_ = []
    highs.passModel(lp)
    found = TreeSearch(highs, columns, gap_frac=0.0, deadline_s=time.perf_counter() - 1).run()
    assert not found.proven
    assert found.whole is None
    assert found.bound == -np.inf
