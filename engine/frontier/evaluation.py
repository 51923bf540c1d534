"""What a plan of the sizing is worth, from its tables alone, and the proof that they hold together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.adequacy import ADEQUATE_WITHIN_FRAC
from engine.economics import account, overnight_by_year
from engine.expansion import Plan
from engine.objectives import OBJECTIVES, Sized
from engine.periods import Steps
from engine.profile_tables import profiles_table, sampled_profiles_table
from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario
from engine.verification import Verification, verify_sizing
from engine.verification.check import Check

# The solver's sum and the tables' sum of one objective may differ by rounding only.
AGREES_WITHIN_FRAC = 1e-6


@dataclass(frozen=True)
class Evaluated:
    """A plan as tables, its value in every objective, and what was verified."""

    sized: Sized
    values: dict[str, float]
    verification: Verification

    @property
    def adequate(self) -> bool:
        """Whether hardly any load goes unserved in the hours that the sizing sees."""
        required_mwh = float(self.sized.load["required_mwh"].sum())
        return self.values["unserved"] <= ADEQUATE_WITHIN_FRAC * max(required_mwh, 1.0)


class Evaluator:
    """Evaluates plans of one scenario.

    Parameters
    ----------
    scenario : Scenario
        As it was sized.
    profiles : Profiles
    steps : Steps
        Of the sizing.
    """

    def __init__(self, scenario: Scenario, profiles: Profiles, steps: Steps) -> None:
        self._scenario, self._profiles, self._steps = scenario, profiles, steps
        # What is the same for every plan.
        self._tables = {
            "profiles": profiles_table(scenario, profiles),
            "periods": steps.periods_table(),
            "sampled_profiles": sampled_profiles_table(scenario, steps),
            "hourly": _load_by_hour(profiles),
        }
        if steps.sequence is not None:
            self._tables["period_sequence"] = steps.sequence_table()

    def evaluate(self, plan: Plan, cost_usd: float, solver_values: dict[str, float]) -> Evaluated:
        """Account for a plan and verify it.

        Parameters
        ----------
        plan : Plan
            With its tables.
        cost_usd : float
            Present value of cost, as the solver has it.
        solver_values : dict of str to float
            What the solver says of the objectives.
        """
        assert plan.capacity is not None
        assert plan.commitments is not None
        assert plan.sampled_hourly is not None
        scenario, steps = self._scenario, self._steps
        own = (plan.capacity, plan.commitments, plan.sampled_hourly)
        accounts = account(scenario, self._profiles, steps, *own, None)
        sized = Sized(
            scenario, plan.capacity, accounts.costs, accounts.annual, accounts.limits, accounts.load,
            plan.sampled_hourly, _overnight_usd(scenario, plan.capacity),
        )  # fmt: skip
        values = {key: objective.value(sized) for key, objective in OBJECTIVES.items()}
        tables = {
            **self._tables, "capacity": plan.capacity, "commitments": plan.commitments,
            "sampled_hourly": plan.sampled_hourly, "costs": accounts.costs, "annual": accounts.annual,
            "limits": accounts.limits, "load": accounts.load,
        }  # fmt: skip
        if plan.linked_storage is not None and steps.sequence is not None:
            tables["linked_storage"] = plan.linked_storage
        checks = (*verify_sizing(tables, scenario, cost_usd).checks, *_agreement(values, solver_values))
        return Evaluated(sized, values, Verification(all(check.passed for check in checks), checks))


def _agreement(values: dict[str, float], solver_values: dict[str, float]) -> list[Check]:
    checks = []
    for key, solver in solver_values.items():
        size = max(abs(values[key]), abs(solver), 1e-3)
        passed = abs(values[key] - solver) <= AGREES_WITHIN_FRAC * size
        label, unit = OBJECTIVES[key].label, OBJECTIVES[key].unit
        detail = f"{values[key]:,.6g} against {solver:,.6g} {unit}"
        checks.append(Check(f"{label} of the tables equals the solver's", bool(passed), detail))
    return checks


def _load_by_hour(profiles: Profiles) -> pd.DataFrame:
    hours = profiles.load_mw.shape[1]
    return pd.DataFrame(
        {
            "year": np.repeat(profiles.years, hours),
            "hour": np.tile(np.arange(hours), len(profiles.years)),
            "load_mw": profiles.load_mw.ravel(),
        }
    )


def _overnight_usd(scenario: Scenario, capacity: pd.DataFrame) -> dict[int, float]:
    parts = overnight_by_year(scenario, capacity).values()
    return {year: sum(part[year] for part in parts) for year in scenario.calendar_years}
