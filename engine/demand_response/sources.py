"""Sources of demand response: workloads and the cooling, each a fixed share of the facility's load.

What a source can give follows the load: `A[t] = available_frac x L[t]`. Cutting 1 MW of computing counts as 1 MW at the
meter; that its cooling falls too is left out, on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from engine.profiles.load import COOLING_SHARE_OF_OVERHEAD_FRAC
from engine.scenario.demand_response import COOLING, Cooling, Product, Workload
from engine.scenario.schema import Scenario
from engine.units import MINUTES_PER_HOUR

# A cut by the site's own choice is never quite free: nothing is cut and made up again in the same hour for nothing.
LEAST_CUT_USD_PER_MWH = 0.01


@dataclass(frozen=True)
class Source:
    """One part of the load that may be cut.

    Attributes
    ----------
    key : str
        Workload id, or "cooling".
    available_frac : float
        MW that can be cut per MW of facility load [-].
    response_min : float or None
        From the call to the cut [min]; None: not callable.
    min_run_h : float
        Run between two cuts [h].
    overhead_frac : float
        Extra energy when deferred work is made up [-].
    delay_window_h : float or None
        Deferred work is made up within it [h]; None: lost, nothing is made up.
    store_h : float
        Deferred energy at most, in hours of what is available [h] (cooling: the thermal time constant).
    cut_usd_per_mwh : float
        Cost of a cut [USD/MWh].
    """

    key: str
    available_frac: float
    response_min: float | None
    min_run_h: float
    overhead_frac: float
    delay_window_h: float | None
    store_h: float
    cut_usd_per_mwh: float

    @property
    def callable(self) -> bool:
        """Somebody can ask for it in time."""
        return self.response_min is not None

    @property
    def own_cut_usd_per_mwh(self) -> float:
        """Cost of a cut by the site's own choice [USD/MWh]."""
        return max(self.cut_usd_per_mwh, LEAST_CUT_USD_PER_MWH)

    def held_frac(self, event_h: float) -> float:
        """Part of what is available that can be held for an event [-]."""
        hold_h = min(self.store_h, inf if self.delay_window_h is None else self.delay_window_h)
        return min(1.0, hold_h / event_h)


def all_sources(scenario: Scenario) -> dict[str, Source]:
    """Every source with something to cut, callable or not, workloads first."""
    load = scenario.load
    found = [_of_workload(key, workload, load.pue) for key, workload in load.workloads.items()]
    if load.cooling.flexible:
        found.append(_of_cooling(load.cooling, load.pue))
    return {source.key: source for source in found if source.available_frac > 0}


def callable_sources(scenario: Scenario) -> dict[str, Source]:
    """Sources with a response time."""
    return {key: source for key, source in all_sources(scenario).items() if source.callable}


def hourly_sources(scenario: Scenario) -> dict[str, Source]:
    """Sources that the site itself may cut hour by hour; each has its hourly columns."""
    response = scenario.demand_response
    return callable_sources(scenario) if response.enabled and response.own_use else {}


def eligible_sources(scenario: Scenario, product: Product) -> dict[str, Source]:
    """Sources that may serve a product: on its list, callable, and no slower than it asks."""
    return {
        key: source
        for key, source in all_sources(scenario).items()
        if key in product.sources and source.response_min is not None and source.response_min <= product.response_min
    }


def _of_workload(key: str, workload: Workload, pue: float) -> Source:
    return Source(
        key=key,
        available_frac=workload.flexible_frac * workload.share_frac / pue,
        response_min=workload.response_min,
        min_run_h=workload.min_run_h,
        overhead_frac=workload.checkpoint_overhead_frac,
        delay_window_h=workload.delay_window_h,
        store_h=inf,
        cut_usd_per_mwh=workload.cut_usd_per_mwh,
    )


def _of_cooling(cooling: Cooling, pue: float) -> Source:
    cooling_frac = COOLING_SHARE_OF_OVERHEAD_FRAC * (1.0 - 1.0 / pue)
    return Source(
        key=COOLING,
        available_frac=cooling.reduction_frac * cooling_frac,
        response_min=cooling.response_min,
        min_run_h=0.0,
        overhead_frac=0.0,
        delay_window_h=cooling.recovery_min / MINUTES_PER_HOUR,
        store_h=cooling.time_constant_min / MINUTES_PER_HOUR,
        cut_usd_per_mwh=0.0,
    )
