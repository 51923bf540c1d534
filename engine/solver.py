"""One sparse matrix to HiGHS: one way to solve, with progress, limits and honest endings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from engine.decomposition import Decomposition
from engine.errors import SolveFailed
from engine.highs import SolverSettings, check, is_optimal, new_highs, run
from engine.matrix import Matrix

OPTIMAL_GAP = 1e-6
REPORTS_PER_SECOND = 5.0


class Termination(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class SearchState:
    """Where a running search stands; objective and bound in the model's unit."""

    elapsed_s: float
    incumbent: float | None
    bound: float | None
    gap_frac: float | None


OnSearch = Callable[[SearchState], None]


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


def solve_matrix(
    matrix: Matrix,
    settings: SolverSettings,
    on_search: OnSearch | None = None,
    start: Mapping[str, float] | None = None,
    search: Decomposition | None = None,
) -> Solution:
    """Solve; where there are integers, fix them afterwards and solve the LP that remains.

    `start` gives decisions by name, e.g. of an earlier plan; `search` what earlier solves have proven of its hours.

    The second solve gives clean values and prices. Its objective is never above the search's incumbent.

    Raises
    ------
    SolveFailed
        HiGHS refuses the model, finds it unbounded, or stops without a plan for another reason than
        infeasibility.
    """
    started = time.perf_counter()
    if settings.decompose:
        apart = _decompose(search or Decomposition(matrix, settings), settings, on_search, start, started)
        if apart is not None:
            return _in_usd(apart, matrix.cost_scale)
    highs = new_highs(settings)
    check(highs.passModel(matrix.lp), "HiGHS refuses the model")
    if not matrix.integer.any():
        return _in_usd(_run_lp(highs, started), matrix.cost_scale)
    columns = matrix.integers
    require_whole(highs, columns)
    if start:
        _offer(highs, matrix, start)
    if on_search is not None:
        _watch(highs, on_search, started, matrix.cost_scale)
    run(highs)
    found = _read_mip(highs, started)
    if found.values is not None:
        highs.clearSolver()
        _relax(highs, columns)
        found = _polish(highs, found, columns, np.round(found.values[columns]), started)
    return _in_usd(found, matrix.cost_scale)


def solve_from_relaxation(
    matrix: Matrix, settings: SolverSettings, choose: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> Solution | None:
    """Choose all whole numbers from the relaxation's values by column; None where that is not within the gap."""
    started = time.perf_counter()
    highs, columns = new_highs(settings), matrix.integers
    check(highs.passModel(matrix.lp), "HiGHS refuses the model")
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


def _decompose(
    search: Decomposition,
    settings: SolverSettings,
    on_search: OnSearch | None,
    start: Mapping[str, float] | None,
    started: float,
) -> Solution | None:
    """Search over decisions and hours apart; None where that fails, or says that there is no plan.

    Steep planes may lose their last digits: that there is no plan is only said by HiGHS on the model in one piece.
    """
    limit_s = np.inf if settings.deterministic else settings.time_limit_s
    matrix = search.matrix

    def tell(objective: float, bound: float) -> None:
        if on_search is not None:
            on_search(_state(started, objective, bound, matrix.cost_scale))

    try:
        found = search.search(settings.mip_gap_frac, started + limit_s, _decisions(matrix, start), tell)
    except SolveFailed:
        search.is_spoilt = True
        return None
    seconds = time.perf_counter() - started
    bound = _finite(found.bound)
    if found.values is None:
        return None if found.proven else Solution(Termination.TIME_LIMIT, None, bound, None, None, None, seconds)
    gap = relative_gap(found.objective, bound)
    ending = Termination.WITHIN_GAP if found.proven else Termination.TIME_LIMIT
    if gap is not None and gap <= OPTIMAL_GAP:
        ending = Termination.OPTIMAL
    return Solution(ending, found.objective, bound, gap, found.values, None, seconds)


def _decisions(matrix: Matrix, start: Mapping[str, float] | None) -> NDArray[np.float64] | None:
    """Decisions of `start` by column, within their bounds; None where it does not name them all."""
    if not start or any(name not in start for name in matrix.names.values()):
        return None
    x = np.zeros(matrix.lp.num_col_)
    x[list(matrix.names)] = [start[name] for name in matrix.names.values()]
    return np.clip(
        x, np.where(matrix.decided, matrix.lp.col_lower_, 0.0), np.where(matrix.decided, matrix.lp.col_upper_, 0.0)
    )


def _relax(highs: Any, columns: NDArray[np.int32]) -> None:
    highs.changeColsIntegrality(len(columns), columns, np.zeros(len(columns), dtype=np.uint8))


def require_whole(highs: Any, columns: NDArray[np.int32]) -> None:
    """Ask for whole numbers in these columns."""
    check(highs.changeColsIntegrality(len(columns), columns, np.ones(len(columns), dtype=np.uint8)), "HiGHS refuses")


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


def _offer(highs: Any, matrix: Matrix, start: Mapping[str, float]) -> None:
    columns = [int(column) for column in matrix.integers if matrix.names[int(column)] in start]
    values = np.array([start[matrix.names[column]] for column in columns], dtype=float)
    highs.setSolution(len(columns), np.array(columns, dtype=np.int32), values)
    # With a plan at hand the sub-MIP heuristics cost more than branching (base: 83 s of 120 s, and found nothing).
    for heuristic in ("rens", "rins", "root_reduced_cost"):
        highs.setOptionValue(f"mip_heuristic_run_{heuristic}", False)


def _run_lp(highs: Any, started: float) -> Solution:
    run(highs)
    status = highs.getModelStatus()
    seconds = time.perf_counter() - started
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(Termination.INFEASIBLE, None, None, None, None, None, seconds)
    if not is_optimal(highs):
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
