"""Stage 2: how the plan runs in all 8,760 hours of every year, capacities fixed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.errors import SolveFailed
from engine.highs import SolverSettings
from engine.matrix import compile_model
from engine.model import Reading, build, usable_mw
from engine.periods import full_years
from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario
from engine.solver import solve_matrix
from engine.units import HOURS_PER_YEAR

# Only hours with negative prices or circular trade hold integers here; they are solved to this gap.
DISPATCH_GAP_FRAC = 1e-7
# Hundreds of such hours seldom close that last gap; what is found by then is some hundredths of a percent away.
HOURLY_CHOICES_LIMIT_S = 20.0


@dataclass(frozen=True)
class Dispatch:
    """The answer of the dispatch.

    Attributes
    ----------
    hourly : pandas.DataFrame
        As in the nomenclature, all years.
    operating_cost_usd : dict of int to float
        Present value of each year's operating cost, as the solver totals it.
    seconds : float
    """

    hourly: pd.DataFrame
    operating_cost_usd: dict[int, float]
    seconds: float


def run_years(
    scenario: Scenario,
    profiles: Profiles,
    capacity: pd.DataFrame,
    commitments: pd.DataFrame,
    on_year: Callable[[int, int], None] | None = None,
) -> Dispatch:
    """Dispatch every year of the plan.

    Parameters
    ----------
    capacity, commitments : pandas.DataFrame
        Tables of the sizing.
    on_year : callable, optional
        Told (number of the year from 0, calendar year) after each.
    """
    started = time.perf_counter()

    def of_year(year: int) -> tuple[pd.DataFrame, float]:
        return run_year(scenario, profiles, capacity, commitments, year)

    # Capacities fixed, no year knows of another; HiGHS works outside Python's lock.
    with ThreadPoolExecutor(scenario.solver.threads) as pool:
        done = []
        for number, answer in enumerate(pool.map(of_year, profiles.years)):
            done.append(answer)
            if on_year is not None:
                on_year(number, profiles.years[number])
    frames = [frame for frame, _ in done]
    costs = {year: cost for year, (_, cost) in zip(profiles.years, done, strict=True)}
    return Dispatch(pd.concat(frames, ignore_index=True), costs, time.perf_counter() - started)


def run_year(
    scenario: Scenario, profiles: Profiles, capacity: pd.DataFrame, commitments: pd.DataFrame, year: int
) -> tuple[pd.DataFrame, float]:
    """Dispatch one year: its hourly table, and the present value of its operating cost [USD]."""
    form = build(scenario, full_years(profiles, (year,)), capacity, commitments)
    matrix = compile_model(form)
    settings = SolverSettings(
        mip_gap_frac=DISPATCH_GAP_FRAC,
        time_limit_s=HOURLY_CHOICES_LIMIT_S if matrix.integer.any() else float("inf"),
        deterministic=scenario.solver.deterministic,
    )
    solution = solve_matrix(matrix, settings)
    if not solution.has_plan:
        raise SolveFailed(f"the dispatch of {year} has no solution although load may go unserved; report this case.")
    reading = Reading(form, solution)
    columns = {"year": np.full(HOURS_PER_YEAR, year), "hour": np.arange(HOURS_PER_YEAR)}
    price = {"price_usd_per_mwh": reading.marginal_price(year)}
    return pd.DataFrame({**columns, **reading.hourly(year, usable_mw(capacity)), **price}), reading.total_cost_usd()
