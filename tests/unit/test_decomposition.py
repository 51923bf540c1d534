"""Decisions and hours apart find what HiGHS finds in one piece, and say only what is proven."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from engine.decomposition import Decomposition
from engine.highs import SolverSettings
from engine.hours import parts_of
from engine.matrix import Matrix, compile_model, compile_pyomo
from engine.model import build
from engine.periods import coarsened, select_periods
from engine.profiles import build_profiles
from engine.solver import Solution, Termination, solve_matrix
from tests.toys import FREE_FUEL_UNIT, toy

UNITS, AMOUNTS = 4, 5
APART = SolverSettings(decompose=True)


def two_sites(seed: int, offset: float = 0.0, *, most_units: int = 9, needed: float = 0.0) -> Matrix:
    """Whole units for two sites; each site covers two demands with them and with amounts of its own; costs are random.

    The amounts of a site fall apart from the other's once the units are decided. `needed`: units in all, at least.
    """
    random = np.random.default_rng(seed)
    model: Any = pyo.ConcreteModel()
    model.units = pyo.Var(range(UNITS), domain=pyo.NonNegativeIntegers, bounds=(0, most_units))
    model.amount = pyo.Var(range(2), range(AMOUNTS), domain=pyo.NonNegativeReals, bounds=(0, 6))
    gives, asks = random.uniform(1, 9, (2, 2, UNITS)), random.uniform(30, 60, (2, 2))
    costs, dear = random.uniform(5, 20, UNITS), random.uniform(4, 12, (2, AMOUNTS))

    def covered(m: Any, site: int, demand: int) -> Any:
        units = sum(gives[site, demand, j] * m.units[j] for j in range(UNITS))
        return units + sum(m.amount[site, k] for k in range(AMOUNTS) if k % 2 == demand or k == 0) >= asks[site, demand]

    model.demand_is_covered = pyo.Constraint(range(2), range(2), rule=covered)
    model.few = pyo.Constraint(expr=sum(model.units[j] for j in range(UNITS)) >= needed)
    model.cost = pyo.Objective(
        expr=sum(costs[j] * model.units[j] for j in range(UNITS))
        + sum(dear[i, k] * model.amount[i, k] for i in range(2) for k in range(AMOUNTS))
        + offset
    )
    matrix = compile_pyomo(model)
    decided = np.array([matrix.names[column].startswith("units") for column in range(matrix.lp.num_col_)])
    return replace(matrix, decided=decided, names={c: name for c, name in matrix.names.items() if decided[c]})


def in_one_piece(matrix: Matrix) -> Solution:
    return solve_matrix(matrix, SolverSettings())


def test_what_only_decisions_tie_together_falls_apart() -> None:
    parts = parts_of(two_sites(0))
    # Both sites hang on the same units: they count as one.
    assert [len(part.columns) for part in parts] == [2 * AMOUNTS]
    assert len(parts[0].linked) == UNITS


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("offset", [0.0, -500.0])
def test_apart_and_in_one_piece_find_the_same_optimum(seed: int, offset: float) -> None:
    matrix = two_sites(seed, offset)
    apart, whole = solve_matrix(matrix, APART), in_one_piece(matrix)
    assert apart.objective == pytest.approx(whole.objective, abs=1e-4)
    assert apart.termination == Termination.OPTIMAL
    assert apart.values is not None
    cost = np.array(matrix.lp.col_cost_) @ apart.values + matrix.lp.offset_
    assert cost * matrix.cost_scale == pytest.approx(apart.objective, abs=1e-6)
    held = matrix.by_row @ apart.values
    assert (held >= np.array(matrix.lp.row_lower_) - 1e-6).all()


@pytest.mark.parametrize("seed", range(8))
def test_the_search_stops_at_the_gap_and_its_bound_holds(seed: int) -> None:
    matrix = two_sites(seed)
    loose, optimum = solve_matrix(matrix, replace(APART, mip_gap_frac=0.1)), in_one_piece(matrix).objective
    assert optimum is not None
    assert loose.bound is not None
    assert loose.objective is not None
    assert loose.bound <= optimum + 1e-6
    assert optimum <= loose.objective + 1e-6
    assert loose.objective - loose.bound <= 0.1 * abs(loose.objective) + 1e-6


def test_hours_that_units_alone_can_serve_are_found_by_planes_of_violation() -> None:
    # No amounts to speak of: 30 to 60 of each demand must come from units; few units leave the hours without a way.
    matrix = two_sites(1)
    amounts = np.flatnonzero(~matrix.decided)
    upper = np.array(matrix.lp.col_upper_)
    upper[amounts] = 1e-3
    matrix.lp.col_upper_ = upper
    apart, whole = solve_matrix(matrix, APART), in_one_piece(matrix)
    assert apart.objective == pytest.approx(whole.objective, abs=1e-4)


def with_amounts_decided(seed: int) -> Matrix:
    """Sites that also decide one amount each, which serves both demands: no whole number."""
    matrix = two_sites(seed)
    first_of_each = np.flatnonzero(~matrix.decided)[[0, AMOUNTS]]
    names = {**matrix.names, **{int(column): f"amount {column}" for column in first_of_each}}
    decided = matrix.decided.copy()
    decided[first_of_each] = True
    return replace(matrix, decided=decided, names=names)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("gap_frac", [0.0, 0.02])
def test_decisions_that_are_no_whole_numbers_are_settled_by_planes(
    seed: int, gap_frac: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = with_amounts_decided(seed)
    assert matrix.integer.sum() == UNITS < matrix.decided.sum()
    # One linear program of everything is for what planes do not settle: none of this.
    monkeypatch.setattr(Decomposition, "settled", lambda *_: pytest.fail("not settled by planes"))
    apart, optimum = solve_matrix(matrix, replace(APART, mip_gap_frac=gap_frac)), in_one_piece(matrix).objective
    assert optimum is not None
    assert apart.objective is not None
    assert apart.values is not None
    assert apart.values[matrix.integers] == pytest.approx(np.round(apart.values[matrix.integers]), abs=1e-9)
    assert optimum - 1e-4 <= apart.objective <= optimum * (1 + gap_frac) + 1e-4


def test_whole_numbers_are_held_for_a_while_only() -> None:
    matrix = two_sites(3)
    decomposition = Decomposition(matrix, APART)
    decisions, nine_each = decomposition.decisions, np.where(matrix.integer, 9.0, 0.0)
    decomposition.visit(nine_each)
    with decisions.held(nine_each):
        held = decisions.best(None, 9.0)
    with pytest.raises(ZeroDivisionError), decisions.held(nine_each):
        raise ZeroDivisionError  # also where something fails meanwhile
    free = decisions.best(0.0, 9.0)
    assert held is not None
    assert free is not None
    assert held.x == pytest.approx(nine_each)
    assert free.x[matrix.integers].sum() < 4 * 9
    assert free.bound < held.bound


def test_no_plan_is_said_whether_decisions_or_hours_forbid_it() -> None:
    by_decisions = solve_matrix(two_sites(0, most_units=9, needed=37), APART)
    by_hours = solve_matrix(two_sites(0, most_units=0), APART)
    for ended in (by_decisions, by_hours):
        assert ended.termination == Termination.INFEASIBLE
        assert not ended.has_plan


def test_a_start_does_not_count_as_a_plan() -> None:
    # Fractional units cost less than any plan can.
    matrix = two_sites(2)
    relaxed = solve_matrix(matrix.relaxed, SolverSettings())
    told: list[float | None] = []
    ended = solve_matrix(matrix, APART, lambda state: told.append(state.incumbent), matrix.named(relaxed.values))
    assert ended.objective == pytest.approx(in_one_piece(matrix).objective, abs=1e-4)
    assert ended.objective is not None
    assert all(one is None or one >= ended.objective - 1e-6 for one in told)


def test_without_time_nothing_is_claimed() -> None:
    found = Decomposition(two_sites(1), APART).search(0.0, time.perf_counter() - 1)
    assert not found.proven
    assert found.values is None
    assert found.bound == -np.inf


def test_the_years_of_a_sizing_fall_apart_and_add_up_to_the_same_plan() -> None:
    loaded = toy(
        {
            "time": {"years": 3, "method": "calendar", "weeks": [{"start_day": 190, "weight": 52}]},
            "load": {"growth_frac_per_yr": 0.2},
            "limits": {"n_minus_1": True, "served_frac": 1.0},
            "technologies": {
                "small": {**FREE_FUEL_UNIT, "life_years": 20, "variable_usd_per_mwh": 30},
                "large": {**FREE_FUEL_UNIT, "life_years": 20, "unit_mw": 40, "overnight_usd_per_kw": 150},
            },
        }
    )
    steps = coarsened(select_periods(loaded.scenario, build_profiles(loaded)), 4)
    matrix = compile_model(build(loaded.scenario, steps))
    assert len(parts_of(matrix)) == 3
    apart, whole = solve_matrix(matrix, APART), in_one_piece(matrix)
    assert apart.objective == pytest.approx(whole.objective, rel=2e-6)
