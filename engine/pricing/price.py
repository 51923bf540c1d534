"""The plan's prices: its linear program with whole numbers fixed, and again with a trace of each thing not built."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from engine.diagnosis.elastic import Elastic
from engine.periods import Steps
from engine.pricing.reduced_costs import reduced_costs
from engine.pricing.shadow_prices import shadow_prices
from engine.scenario.schema import Scenario


@dataclass(frozen=True)
class Prices:
    """Tables `shadow_prices` and `reduced_costs`, as in the nomenclature; and the seconds they took."""

    shadow_prices: pd.DataFrame
    reduced_costs: pd.DataFrame
    seconds: float


def price_plan(
    scenario: Scenario,
    steps: Steps,
    whole_numbers: Mapping[str, float],
    capacity: pd.DataFrame,
    sampled_hourly: pd.DataFrame,
) -> Prices:
    """Price the limits of a plan and what it leaves out.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
        Those that the plan was sized for.
    whole_numbers : mapping
        Values of the plan's integer variables, by name.
    capacity, sampled_hourly : pandas.DataFrame
        Of the plan.
    """
    started = time.perf_counter()
    elastic = Elastic(scenario, steps, float("inf"))
    elastic.hold_plan(whole_numbers)
    limits = shadow_prices(elastic, scenario, capacity, sampled_hourly)
    left_out = reduced_costs(elastic, scenario, capacity)
    return Prices(limits, left_out, time.perf_counter() - started)
