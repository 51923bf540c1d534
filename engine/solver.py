"""Pyomo to one sparse matrix to HiGHS: one way to solve, with progress, limits and honest endings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from engine.errors import SolveFailed
from engine.search import Found, TreeSearch

OPTIMAL_GAP = 1e-6
REPORTS_PER_SECOND = 5.0
# HiGHS's tolerances are absolute: costs are scaled so that the largest is near this. Larger ones it warns of;
# smaller ones let it stop short of the optimum (an arbitrage of 44,000 USD a year was 3 USD off in million USD).
LARGEST_COST = 1e5


class Termination(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class SolverSettings:
    """What the solver is asked for.

    Attributes
    ----------
    tree : bool
        Branch over the whole numbers with `engine.search` instead of HiGHS's own search.
    """

    mip_gap_frac: float = 0.0
    time_limit_s: float = float("inf")
    threads: int = 1
    deterministic: bool = False
    tree: bool = False


@dataclass(frozen=True)
class SearchState:
    """Where a running search stands; objective and bound in the model's unit."""

    elapsed_s: float
    incumbent: float | None
    bound: float | None
    gap_frac: float | None


OnSearch = Callable[[SearchState], None]


@dataclass(frozen=True)
class Matrix:
    """A compiled model: `min c x + offset, row_lower <= A x <= row_upper, lower <= x <= upper`.

    Attributes
    ----------
    lp : highspy.HighsLp
    cost_scale : float
        The matrix holds costs divided by this power of ten.
    columns : dict of int to int
        Column of each Pyomo variable, by `id`.
    row_of : dict of int to int
        Row of each Pyomo constraint, by `id`.
    variables : list
        Pyomo variable of each column.
    integer : array of bool
        By column.
    """

    lp: Any
    cost_scale: float
    columns: dict[int, int]
    row_of: dict[int, int]
    variables: list[Any]
    integer: NDArray[np.bool_]


@dataclass(frozen=True)
class Solution:
    """An ending of the solver.

    Attributes
    ----------
    termination : Termination
    objective, bound : float or None
        In the model's unit; the bound is proven.
    gap_frac : float or None
        Proven relative gap.
    values : array or None
        By column.
    row_duals : array or None
        By row; only where the last solve was an LP.
    """

    termination: Termination
    objective: float | None
    bound: float | None
    gap_frac: float | None
    values: NDArray[np.float64] | None
    row_duals: NDArray[np.float64] | None
    seconds: float

    @property
    def has_plan(self) -> bool:
        """Whether there are values to use."""
        return self.values is not None


def compile_model(model: pyo.ConcreteModel) -> Matrix:
    """Turn a Pyomo model into a HiGHS matrix."""
    with PauseGC():
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
    rhs = np.asarray(form.rhs, dtype=float)
    sense = np.array([row.bound_type for row in form.rows], dtype=int)
    lower = np.array([-highspy.kHighsInf if v.lb is None else v.lb for v in form.columns], dtype=float)
    upper = np.array([highspy.kHighsInf if v.ub is None else v.ub for v in form.columns], dtype=float)
    integer = np.array([v.is_integer() for v in form.columns], dtype=bool)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(form.columns), len(form.rows)
    cost = np.asarray(form.c.todense()).ravel()
    scale = _cost_scale(cost)
    lp.col_cost_ = cost / scale
    lp.offset_ = float(form.c_offset[0]) / scale
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_ = np.where(sense == 1, -highspy.kHighsInf, rhs)
    lp.row_upper_ = np.where(sense == -1, highspy.kHighsInf, rhs)
    matrix = form.A.tocsc()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in integer]
    return Matrix(
        lp=lp,
        cost_scale=scale,
        columns={id(variable): column for column, variable in enumerate(form.columns)},
        row_of={id(row.constraint): number for number, row in enumerate(form.rows)},
        variables=list(form.columns),
        integer=integer,
    )


def _cost_scale(cost: NDArray[np.float64]) -> float:
    largest = float(np.abs(cost).max(initial=0.0))
    return 1.0 if largest <= LARGEST_COST else float(10.0 ** np.ceil(np.log10(largest / LARGEST_COST)))


def solve_matrix(
    matrix: Matrix,
    settings: SolverSettings,
    on_search: OnSearch | None = None,
    start: Mapping[str, float] | None = None,
) -> Solution:
    """Solve; where there are integers, fix them afterwards and solve the LP that remains.

    `start` gives whole numbers by variable name, e.g. of an earlier plan; HiGHS completes them to a first plan.

    The second solve gives clean values and prices. Its objective is never above the search's incumbent.

    Raises
    ------
    SolveFailed
        HiGHS refuses the model, finds it unbounded, or stops without a plan for another reason than
        infeasibility.
    """
    started = time.perf_counter()
    highs = new_highs(settings)
    check(highs.passModel(matrix.lp), "HiGHS refuses the model")
    if not matrix.integer.any():
        return _in_usd(_run_lp(highs, started), matrix.cost_scale)
    if settings.tree:
        return _in_usd(_grow_tree(highs, matrix, settings, on_search, start, started), matrix.cost_scale)
    if start:
        _offer(highs, matrix, start)
    if on_search is not None:
        _watch(highs, on_search, started, matrix.cost_scale)
    check(highs.run(), "HiGHS stopped with an error")
    found = _read_mip(highs, started)
    if found.values is not None:
        columns = np.flatnonzero(matrix.integer).astype(np.int32)
        highs.clearSolver()
        _relax(highs, columns)
        found = _polish(highs, found, columns, np.round(found.values[columns]), started)
    return _in_usd(found, matrix.cost_scale)


def solve_from_relaxation(
    matrix: Matrix, settings: SolverSettings, choose: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> Solution | None:
    """Choose all whole numbers from the relaxation's values by column; None where that is not within the gap."""
    started = time.perf_counter()
    highs, columns = new_highs(settings), np.flatnonzero(matrix.integer).astype(np.int32)
    check(highs.passModel(matrix.lp), "HiGHS refuses the model")
    _relax(highs, columns)
    relaxed = _run_lp(highs, started)
    if relaxed.values is None:
        return None
    highs.setOptionValue("time_limit", highspy.kHighsInf)
    whole = choose(relaxed.values)[columns]
    highs.changeColsBounds(len(columns), columns, whole, whole)
    chosen = _run_lp(highs, started)
    gap = relative_gap(chosen.objective, relaxed.objective)
    if gap is None or gap > settings.mip_gap_frac:
        return None
    ending = Termination.OPTIMAL if gap <= OPTIMAL_GAP else Termination.WITHIN_GAP
    return _in_usd(replace(chosen, termination=ending, bound=relaxed.objective, gap_frac=gap), matrix.cost_scale)


def _grow_tree(
    highs: Any,
    matrix: Matrix,
    settings: SolverSettings,
    on_search: OnSearch | None,
    start: Mapping[str, float] | None,
    started: float,
) -> Solution:
    """Branch over the whole numbers; the plan's linear program, solved once more, gives values and prices."""
    columns = np.flatnonzero(matrix.integer).astype(np.int32)
    _relax(highs, columns)
    limit_s = np.inf if settings.deterministic else settings.time_limit_s

    def tell(objective: float, bound: float) -> None:
        if on_search is not None:
            on_search(_state(started, objective, bound, matrix.cost_scale))

    search = TreeSearch(highs, columns, gap_frac=settings.mip_gap_frac, deadline_s=started + limit_s, on_node=tell)
    found = search.run(_values(matrix, columns, start))
    seconds = time.perf_counter() - started
    bound = _finite(found.bound)
    if found.whole is None:
        ending = Termination.INFEASIBLE if found.proven else Termination.TIME_LIMIT
        return Solution(ending, None, None if found.proven else bound, None, None, None, seconds)
    ended = Solution(_ending(found), found.objective, bound, None, found.whole, None, seconds)
    highs.setBasis(found.basis)
    return _polish(highs, ended, columns, found.whole, started)


def _ending(found: Found) -> Termination:
    return Termination.WITHIN_GAP if found.proven else Termination.TIME_LIMIT


def _values(
    matrix: Matrix, columns: NDArray[np.int32], start: Mapping[str, float] | None
) -> NDArray[np.float64] | None:
    """Whole numbers of `start` by column; those that it does not name at their lower bound."""
    if not start:
        return None
    lower = np.array(matrix.lp.col_lower_)
    return np.array([start.get(matrix.variables[c].name, lower[c]) for c in columns], dtype=float)


def _relax(highs: Any, columns: NDArray[np.int32]) -> None:
    highs.changeColsIntegrality(len(columns), columns, np.zeros(len(columns), dtype=np.uint8))


def _in_usd(solution: Solution, cost_scale: float) -> Solution:
    """Objective, bound and duals in the model's own unit."""

    def unscaled(value: Any) -> Any:
        return None if value is None else value * cost_scale

    return replace(
        solution,
        objective=unscaled(solution.objective),
        bound=unscaled(solution.bound),
        row_duals=unscaled(solution.row_duals),
    )


def integers_by_name(matrix: Matrix, solution: Solution) -> dict[str, float]:
    """Values of the whole-number variables, by name: a start for a similar model."""
    assert solution.values is not None
    return {matrix.variables[c].name: float(round(solution.values[c])) for c in np.flatnonzero(matrix.integer)}


def _offer(highs: Any, matrix: Matrix, start: Mapping[str, float]) -> None:
    columns = [c for c in np.flatnonzero(matrix.integer) if matrix.variables[c].name in start]
    values = np.array([start[matrix.variables[c].name] for c in columns], dtype=float)
    highs.setSolution(len(columns), np.array(columns, dtype=np.int32), values)
    # With a plan at hand the sub-MIP heuristics cost more than branching (base: 83 s of 120 s, and found nothing).
    for heuristic in ("rens", "rins", "root_reduced_cost"):
        highs.setOptionValue(f"mip_heuristic_run_{heuristic}", False)


def new_highs(settings: SolverSettings) -> Any:
    """A silent solver with these settings."""
    # HiGHS refuses another number of threads than its scheduler began with.
    highspy.Highs.resetGlobalScheduler(True)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1 if settings.deterministic else settings.threads)
    highs.setOptionValue("mip_rel_gap", settings.mip_gap_frac)
    highs.setOptionValue("mip_abs_gap", 0.0)
    if np.isfinite(settings.time_limit_s) and not settings.deterministic:
        highs.setOptionValue("time_limit", settings.time_limit_s)
    return highs


def check(status: Any, words: str) -> None:
    """Refuse to go on after an error of the solver."""
    if status == highspy.HighsStatus.kError:
        raise SolveFailed(f"{words}.")


def _run_lp(highs: Any, started: float) -> Solution:
    check(highs.run(), "HiGHS stopped with an error")
    status = highs.getModelStatus()
    seconds = time.perf_counter() - started
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(Termination.INFEASIBLE, None, None, None, None, None, seconds)
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolveFailed(f"HiGHS ended with '{highs.modelStatusToString(status)}' on a linear model.")
    solution, objective = highs.getSolution(), highs.getInfo().objective_function_value
    return Solution(
        Termination.OPTIMAL,
        objective,
        objective,
        0.0,
        np.array(solution.col_value),
        np.array(solution.row_dual),
        seconds,
    )


def _read_mip(highs: Any, started: float) -> Solution:
    status, info = highs.getModelStatus(), highs.getInfo()
    seconds = time.perf_counter() - started
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        # Every model here is bounded below but for prices without limit, which the flows' bounds exclude.
        return Solution(Termination.INFEASIBLE, None, None, None, None, None, seconds)
    ended = {
        highspy.HighsModelStatus.kOptimal: Termination.WITHIN_GAP,
        highspy.HighsModelStatus.kTimeLimit: Termination.TIME_LIMIT,
    }.get(status)
    if ended is None:
        raise SolveFailed(f"HiGHS ended with '{highs.modelStatusToString(status)}'.")
    bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
    if not np.isfinite(info.objective_function_value) or info.primal_solution_status != 2:
        return Solution(ended, None, bound, None, None, None, seconds)
    values = np.array(highs.getSolution().col_value)
    return Solution(ended, info.objective_function_value, bound, None, values, None, seconds)


def _polish(
    highs: Any, found: Solution, columns: NDArray[np.int32], whole: NDArray[np.float64], started: float
) -> Solution:
    """Fix the integers, relaxed already, at whole numbers and solve the LP that remains."""
    highs.setOptionValue("time_limit", highspy.kHighsInf)
    highs.setOptionValue("objective_bound", highspy.kHighsInf)
    highs.changeColsBounds(len(columns), columns, whole, whole)
    polished = _run_lp(highs, started)
    if polished.objective is None:
        # Presolve takes a limit that is met to the last digit for missed by rounding; the simplex allows its tolerance.
        highs.setOptionValue("presolve", "off")
        polished = _run_lp(highs, started)
    if polished.objective is None:
        raise SolveFailed("the plan's whole numbers of units do not satisfy the limits exactly; lower the gap.")
    gap = relative_gap(polished.objective, found.bound)
    proven = found.termination
    if gap is not None and gap <= OPTIMAL_GAP:
        proven = Termination.OPTIMAL
    return Solution(proven, polished.objective, found.bound, gap, polished.values, polished.row_duals, polished.seconds)


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """(objective - bound) / |objective|, never below 0."""
    if objective is None or bound is None:
        return None
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


def _watch(highs: Any, on_search: OnSearch, started: float, cost_scale: float) -> None:
    """Report the search a few times a second; HiGHS calls back thousands of times."""
    last = [0.0]

    def report(event: Any) -> None:
        now = time.perf_counter()
        if now - last[0] < 1.0 / REPORTS_PER_SECOND:
            return
        last[0] = now
        on_search(_state(started, event.data_out.mip_primal_bound, event.data_out.mip_dual_bound, cost_scale))

    highs.cbMipInterrupt.subscribe(report)


def _state(started: float, objective: float, bound: float, cost_scale: float) -> SearchState:
    """Where a search stands, in USD."""
    incumbent, proven = _finite(objective), _finite(bound)
    return SearchState(
        time.perf_counter() - started,
        None if incumbent is None else incumbent * cost_scale,
        None if proven is None else proven * cost_scale,
        relative_gap(incumbent, proven),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and abs(value) < 1e30 else None
