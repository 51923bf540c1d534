"""One model of a scenario, optimised for its cost and then for other things at nearly that cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.family import Family, FamilyPlan, Row
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.solver import Termination
from engine.terms import Quantity, Terms

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
    """The model, with its sums of cost and of capacity built.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
    """

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        limited = scenario.solver.model_copy(update={"time_limit_s": LIMIT_S, "threads": 1})
        self._family = Family(scenario.model_copy(update={"solver": limited}), steps)
        form = self._family.form
        self._peak_mw = float(steps.peak_mw.max())
        self.technologies = tuple(form.capacities)
        self._built = {key: _sum(capacity.built_mw) for key, capacity in form.capacities.items()}
        self._cost = self._family.row(form.objective)

    def cheapest(self) -> Found | None:
        """The plan of least cost; None where no plan meets every limit, or none was found in time."""
        return self._found(self._family.optimise(gap_frac=MIP_GAP_FRAC), 0.0)

    def extreme(self, weights: Mapping[str, float], cost_at_most_usd: float) -> Found | None:
        """The plan of least `sum of weight x MW built` that costs at most so much."""
        total = Terms()
        for key, weight in weights.items():
            total.extend(weight, self._built[key])
        # The peak as a constant: a gap relative to a least of nothing would never close.
        total.constant += self._peak_mw
        limit = (self._cost, -np.inf, cost_at_most_usd)
        plan = self._family.optimise(self._family.row(total), [limit], gap_frac=MIP_GAP_FRAC)
        return self._found(plan, self._peak_mw)

    def _found(self, plan: FamilyPlan, constant: float) -> Found | None:
        if plan.termination == Termination.INFEASIBLE or plan.objective is None:
            return None
        built = {key: max(0.0, plan.values_of(self._row(key))) for key in self.technologies}
        bound = -np.inf if plan.bound is None else plan.bound - constant
        in_time = plan.termination != Termination.TIME_LIMIT
        return Found(plan.values_of(self._cost), built, plan.objective - constant, bound, in_time)

    def _row(self, key: str) -> Row:
        return self._family.row(self._built[key])


def _sum(by_year: Mapping[int, Quantity | Terms]) -> Terms:
    """The sum over all years."""
    total = Terms()
    for quantity in by_year.values():
        if isinstance(quantity, Terms):
            total.extend(1.0, quantity)
        else:
            total.add(1.0, quantity)
    return total
