"""A small, fast model of a scenario: a few typical days in blocks of hours, units that need not be whole.

What it answers is a preview: differences between its answers are what the other modules use. Each says how far the
small model is from the full one where a full one is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from engine.economics import discount_factor
from engine.highs import SolverSettings
from engine.matrix import compile_model
from engine.model import Reading, build, sampled_table, usable_mw
from engine.periods import Steps, coarsened, select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Scenario
from engine.solver import Termination, solve_matrix

CLUSTERS = 6
BLOCK_H = 3
QUICK_WORDS = f"{CLUSTERS} typical days and the extreme ones, in {BLOCK_H}-hour blocks, parts of units allowed"


@dataclass(frozen=True)
class Quick:
    """The answer of the small model.

    Attributes
    ----------
    scenario : Scenario
    capacity : pandas.DataFrame
        As in the nomenclature; units may be parts.
    cost_usd : float
        Present value.
    energy_mwh : float
        Present value of the energy required.
    unserved_mwh : float
    peak_mw : float
        Highest load of all years.
    """

    scenario: Scenario
    capacity: pd.DataFrame
    cost_usd: float
    energy_mwh: float
    unserved_mwh: float
    peak_mw: float

    @property
    def lcoe_usd_per_mwh(self) -> float:
        """Levelised cost; NaN without load."""
        return self.cost_usd / self.energy_mwh if self.energy_mwh > 0 else float("nan")

    @cached_property
    def built_mw(self) -> dict[str, float]:
        """MW built over the plan, by technology."""
        built = self.capacity.groupby("technology", sort=False)["built_mw"].sum()
        return {str(key): float(value) for key, value in built.items()}


def quick_scenario(scenario: Scenario) -> Scenario:
    """The scenario as the small model sees its time."""
    time = {"method": "clustered", "clusters": CLUSTERS, "cluster_days": 1, "linked_storage": False}
    return scenario.model_copy(update={"time": scenario.time.model_copy(update=time)})


def quick_steps(loaded: LoadedScenario) -> Steps:
    """Its steps."""
    profiles = build_profiles(loaded)
    return coarsened(select_periods(quick_scenario(loaded.scenario), profiles), BLOCK_H)


def quick_plan(loaded: LoadedScenario) -> Quick | None:
    """The plan of least cost in the small model; None where no plan meets every limit.

    Raises
    ------
    SolveFailed
    """
    scenario, steps = loaded.scenario, quick_steps(loaded)
    solved = solve_relaxed(scenario, steps)
    if solved is None:
        return None
    unserved = float((solved.hourly["unserved_mw"] * solved.hourly["weight_h"]).sum())
    energy, peak = energy_pv_mwh(scenario, steps), float(steps.peak_mw.max())
    return Quick(scenario, solved.capacity, solved.cost_usd, energy, unserved, peak)


def energy_pv_mwh(scenario: Scenario, steps: Steps) -> float:
    """Present value of the energy required [MWh]: what levelised cost divides by."""
    factors = [discount_factor(scenario, year) for year in steps.years]
    return float(np.dot(factors, steps.required_mwh))


@dataclass(frozen=True)
class Solved:
    """An optimum: its cost as the model totals it, capacities, and the hours (`sampled_hourly`)."""

    cost_usd: float
    capacity: pd.DataFrame
    hourly: pd.DataFrame


def solve_relaxed(scenario: Scenario, steps: Steps) -> Solved | None:
    """Size on some steps without whole numbers; None where no plan meets every limit."""
    return _solve(scenario, steps, None, None)


def operate(scenario: Scenario, steps: Steps, capacity: pd.DataFrame, commitments: pd.DataFrame) -> Solved | None:
    """Run given capacities through some steps of every year; None where the commitments cannot be kept.

    The cost is the operation's alone.
    """
    return _solve(scenario, steps, capacity, commitments)


def _solve(
    scenario: Scenario, steps: Steps, capacity: pd.DataFrame | None, commitments: pd.DataFrame | None
) -> Solved | None:
    form = build(scenario, steps, capacity, commitments)
    solution = solve_matrix(compile_model(form).relaxed, SolverSettings(threads=1, deterministic=True))
    if solution.termination == Termination.INFEASIBLE:
        return None
    reading = Reading(form, solution)
    standing = reading.capacity_table() if capacity is None else capacity
    usable = usable_mw(standing)
    hourly = sampled_table(steps, {year: reading.hourly(year, usable) for year in form.years})
    return Solved(reading.total_cost_usd(), standing, hourly)
