"""Branch and bound over the few whole numbers of a sizing; each node is a warm linear program.

A sizing has some fifty whole numbers among a hundred thousand hourly columns. Once its relaxation is solved, a node
that moves one bound solves in a tenth of that time from its parent's basis, so the tree itself is the fastest proof.
The search dives to a first plan and then takes up the open node with the lowest bound (now and then it dives on for any
better plan, which raises what later nodes must beat); a node left open carries its
parent's bound until it is solved, and then stops as soon as it cannot beat the best plan by the gap asked for.
Yes-or-no choices (a type installed, the grid connected) are settled before numbers of units: they move the bound most.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from engine.errors import SolveFailed
from engine.highs import run

Values = NDArray[np.float64]
OnNode = Callable[[float, float], None]

WHOLE_WITHIN = 1e-6
# A node whose bound is this close to the best plan cannot hold a better one: the solver's own tolerance.
NOTHING_GAINED_FRAC = 1e-9
# Every so many nodes a dive goes on for any better plan, not only for one that beats the best by the gap.
NODES_BETWEEN_DEEP_DIVES = 20
DEEP_DIVE_GAINS_FRAC = 0.1
# Costs are bounded below by the flows' bounds: what may be either is infeasible.
NO_PLAN = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Found:
    """What the search ended with; costs in the matrix's unit.

    Attributes
    ----------
    whole : array or None
        Integer columns of the best plan.
    basis : highspy.HighsBasis or None
        Where its linear program ended.
    objective, bound : float
        Cost of the best plan and proven lower bound; infinite where there is none.
    proven : bool
        The gap asked for is proven, or there is no plan; otherwise time ran out.
    nodes : int
        Linear programs solved.
    """

    whole: Values | None
    basis: Any
    objective: float
    bound: float
    proven: bool
    nodes: int


@dataclass(order=True)
class _Node:
    """A part of the search space that may hold a better plan."""

    bound: float
    number: int
    lower: Values = field(compare=False)
    upper: Values = field(compare=False)
    basis: Any = field(compare=False)


@dataclass(frozen=True)
class _Relaxed:
    """The optimum of a node's linear program."""

    bound: float
    whole: Values
    basis: Any


class TreeSearch:
    """The search over one model.

    Parameters
    ----------
    highs : highspy.Highs
        Holds the model, its integrality removed; the bounds of its integer columns are changed.
    columns : array of int
        Integer columns.
    gap_frac : float
        Stop when the best plan is proven within this of the optimum.
    deadline_s : float
        In the time of `time.perf_counter`.
    """

    def __init__(
        self,
        highs: Any,
        columns: NDArray[np.int32],
        *,
        gap_frac: float,
        deadline_s: float,
    ) -> None:
        self._highs, self._columns = highs, columns
        self._gap_frac, self._deadline_s = gap_frac, deadline_s
        lp = highs.getLp()
        self._lower, self._upper = np.array(lp.col_lower_)[columns], np.array(lp.col_upper_)[columns]
        self._yes_or_no = self._upper - self._lower <= 1.0
        self._open: list[_Node] = []
        self._best: _Relaxed | None = None
        self._nodes = 0
        self._cut_off = False
        self._deep, self._last_deep = True, 0

    def stop(self) -> None:
        """End with what there is: asked for by whom `run` tells."""
        self._deadline_s = -np.inf

    def run(self, start: Values | None = None, on_node: OnNode = lambda objective, bound: None) -> Found:
        """Search.

        Parameters
        ----------
        start : array, optional
            Integer columns of a plan that may be good.
        on_node : callable
            Told (objective of the best plan, proven bound) after each node.
        """
        node: _Node | None = _Node(-np.inf, 0, self._lower, self._upper, None)
        bound = -np.inf
        while node is not None and not self._late:
            relaxed = self._solve(node)
            if self._nodes == 1 and relaxed is not None and start is not None:
                self._try(start, relaxed.basis)
            node = self._below(node, relaxed) or self._next()
            bound = self._bound(node)
            on_node(self._objective, bound)
        proven = node is None
        best = self._best
        whole = None if best is None else np.round(best.whole)
        return Found(whole, best and best.basis, self._objective, bound, proven, self._nodes)

    @property
    def _late(self) -> bool:
        return time.perf_counter() >= self._deadline_s

    @property
    def _objective(self) -> float:
        return np.inf if self._best is None else self._best.bound

    @property
    def _cutoff(self) -> float:
        """Bound from which on a node is of no interest."""
        if self._best is None:
            return np.inf
        return self._objective - max(self._gap_frac, NOTHING_GAINED_FRAC) * abs(self._objective)

    @property
    def _dive_cutoff(self) -> float:
        """Bound at which a dive turns back: in a deep one, only a little below the best plan."""
        if not self._deep or self._best is None:
            return self._cutoff
        return self._objective - DEEP_DIVE_GAINS_FRAC * (self._objective - self._cutoff)

    def _bound(self, current: _Node | None) -> float:
        """What is proven: no plan costs less. What was cut off lies above the cutoff."""
        waiting = [node.bound for node in self._open[:1]] + ([] if current is None else [current.bound])
        return min([*waiting, self._cutoff if self._cut_off else self._objective])

    def _solve(self, node: _Node) -> _Relaxed | None:
        """The node's optimum; None where it holds no plan, or none that is worth it."""
        highs, columns = self._highs, self._columns
        highs.changeColsBounds(len(columns), columns, node.lower, node.upper)
        if node.basis is not None:
            highs.setBasis(node.basis)
        highs.setOptionValue("objective_bound", float(self._dive_cutoff))
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, self._deadline_s - time.perf_counter()))
        run(highs)
        self._nodes += 1
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            bound = highs.getInfo().objective_function_value
            return _Relaxed(bound, np.array(highs.getSolution().col_value)[columns], highs.getBasis())
        if status == highspy.HighsModelStatus.kObjectiveBound:
            self._cut_off = True
        elif status == highspy.HighsModelStatus.kTimeLimit:
            heapq.heappush(self._open, node)
        elif status not in NO_PLAN:
            raise SolveFailed(f"HiGHS ended with '{highs.modelStatusToString(status)}' on a linear model.")
        return None

    def _try(self, whole: Values, basis: Any) -> None:
        """Complete a plan from its whole numbers; it counts if it is the best so far."""
        within = np.clip(np.round(whole), self._lower, self._upper)
        self._accept(self._solve(_Node(-np.inf, self._nodes, within, within, basis)))

    def _accept(self, plan: _Relaxed | None) -> None:
        if plan is not None and plan.bound < self._objective:
            self._best = plan

    def _below(self, node: _Node, relaxed: _Relaxed | None) -> _Node | None:
        """Branch: the likelier child, the other one left open; None where the node is done with."""
        if relaxed is None:
            return None
        if relaxed.bound >= self._dive_cutoff:
            self._cut_off = True
            return None
        away = np.abs(relaxed.whole - np.round(relaxed.whole))
        if away.max(initial=0.0) <= WHOLE_WITHIN:
            self._accept(relaxed)
            return None
        column = self._choose(away)
        value = relaxed.whole[column]
        low = _Node(relaxed.bound, 2 * self._nodes, node.lower, node.upper.copy(), relaxed.basis)
        low.upper[column] = np.floor(value)
        high = _Node(relaxed.bound, 2 * self._nodes + 1, node.lower.copy(), node.upper, relaxed.basis)
        high.lower[column] = np.ceil(value)
        near, far = (low, high) if value - np.floor(value) < 0.5 else (high, low)
        heapq.heappush(self._open, far)
        return near

    def _choose(self, away: Values) -> int:
        fractional = away > WHOLE_WITHIN
        choices = np.flatnonzero(fractional & self._yes_or_no)
        if len(choices):
            return int(choices[0])
        return int(np.argmax(np.where(fractional, away, 0.0)))

    def _next(self) -> _Node | None:
        """The open node with the lowest bound, if it may hold a plan that is worth it."""
        if self._open and self._open[0].bound >= self._cutoff:
            self._cut_off = True
            self._open.clear()
        self._deep = self._nodes - self._last_deep >= NODES_BETWEEN_DEEP_DIVES
        if self._deep:
            self._last_deep = self._nodes
        return heapq.heappop(self._open) if self._open else None
