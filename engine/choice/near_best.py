"""One model of a scenario, optimised for its cost and then for other things at nearly that cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from engine.formulation import Terms
from engine.model import build
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.solver import SolverSettings, check, compile_model, new_highs

MIP_GAP_FRAC = 0.005
LIMIT_S = 120.0


@dataclass(frozen=True)
class Found:
    """A plan of the model.

    Attributes
    ----------
    cost_usd : float
        Present value.
    built_mw : dict of str to float
        Over the plan, by technology.
    objective, bound : float
        Of what was optimised: as found, and proven.
    in_time : bool
        Proven within the gap; else the time ran out.
    """

    cost_usd: float
    built_mw: Mapping[str, float]
    objective: float
    bound: float
    in_time: bool


class NearBest:
    """The model, its columns of cost and of capacity built.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
    """

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        form = build(scenario, steps)
        matrix = compile_model(form.model)
        self._peak_mw = float(steps.peak_mw.max())
        self._scale, self._cost = matrix.cost_scale, np.array(matrix.lp.col_cost_)
        self._offset, self._integer = float(matrix.lp.offset_), matrix.integer
        self._highs = new_highs(SolverSettings(MIP_GAP_FRAC, LIMIT_S, threads=1))
        check(self._highs.passModel(matrix.lp), "HiGHS refuses the model")
        self.technologies = tuple(form.capacities)
        self._built = {
            key: _built(capacity.built_mw, matrix.columns, len(self._cost)) for key, capacity in form.capacities.items()
        }
        used = np.flatnonzero(self._cost)
        self._row = self._highs.getNumRow()
        self._highs.addRow(-np.inf, np.inf, len(used), used.astype(np.int32), self._cost[used])

    def cheapest(self) -> Found | None:
        """The plan of least cost; None where no plan meets every limit."""
        self._set(self._cost, self._offset, np.inf)
        return self._solve()

    def extreme(self, weights: Mapping[str, float], cost_at_most_usd: float) -> Found | None:
        """The plan of least `sum of weight x MW built` that costs at most so much."""
        objective = np.zeros_like(self._cost)
        for key, weight in weights.items():
            objective += weight * self._built[key]
        # The peak as a constant: a gap relative to a least of nothing would never close.
        self._set(objective, self._peak_mw, cost_at_most_usd / self._scale - self._offset)
        found = self._solve()
        if found is None:
            return None
        shift = self._peak_mw
        return Found(found.cost_usd, found.built_mw, found.objective - shift, found.bound - shift, found.in_time)

    def _set(self, objective: NDArray[np.float64], offset: float, ceiling: float) -> None:
        columns = np.arange(len(objective), dtype=np.int32)
        self._highs.changeColsCost(len(columns), columns, objective)
        self._highs.changeObjectiveOffset(offset)
        self._highs.changeRowBounds(self._row, -np.inf, ceiling)

    def _solve(self) -> Found | None:
        check(self._highs.run(), "HiGHS stopped with an error")
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        values = np.array(self._highs.getSolution().col_value)
        if not len(values) or info.primal_solution_status != 2:
            return None
        built_mw = {key: max(0.0, float(built @ values)) for key, built in self._built.items()}
        cost = float(self._cost @ values + self._offset) * self._scale
        objective = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if self._integer.any() else objective
        return Found(cost, built_mw, objective, bound, status == highspy.HighsModelStatus.kOptimal)


def _built(by_year: Mapping[int, Any], columns: Mapping[int, int], count: int) -> NDArray[np.float64]:
    """MW built over all years, as coefficients by column."""
    total = Terms()
    for quantity in by_year.values():
        if isinstance(quantity, Terms):
            total.extend(1.0, quantity)
        else:
            total.add(1.0, quantity)
    coefficients = np.zeros(count)
    for factor, variable in zip(total.coefficients, total.variables, strict=True):
        if id(variable) in columns:
            coefficients[columns[id(variable)]] += factor
    return coefficients
