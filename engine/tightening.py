"""A yearly limit that holds in the hours a sizing sees may not hold in all of the year's: the dispatch sheds load.

No further week cures that. The sizing's limit shrinks instead, by the ratio at which the dispatch would overshoot it
if it served the load with the capacity that the limit leaves idle (docs/formulation.md, Adequacy).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from engine.adequacy import ADEQUATE_WITHIN_FRAC
from engine.economics import BINDING_WITHIN, dispatched_year
from engine.limits import YearOfTables, limits_of
from engine.limits.ceilings import YearlyCeiling
from engine.profiles.result import Profiles, Series
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid, Thermal

# A limit is never shrunk further than this in one round: beyond it, the estimate means nothing.
LEAST_FACTOR = 0.5
# What is withheld falls ever more slowly as a limit shrinks: a step towards none of it goes this much further.
FURTHER = 1.1


@dataclass(frozen=True)
class Tightened:
    """A yearly limit that the next round's sizing holds at a share of itself.

    Attributes
    ----------
    limit, label : str
        As in the `limits` table.
    of_limit_frac : float
        Share of the scenario's limit that the sizing may use.
    tried : tuple of (float, float)
        Shares of the rounds before and the load that the limit then withheld [MWh].
    """

    limit: str
    label: str
    of_limit_frac: float
    tried: tuple[tuple[float, float], ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        return {"limit": self.limit, "label": self.label, "of_limit_frac": self.of_limit_frac}


@dataclass(frozen=True)
class Overshoot:
    """What yearly limits kept the dispatch from serving.

    Attributes
    ----------
    factors : dict of str to float
        By limit: the ceiling over what serving the load would have taken; below 1.
    withheld_mwh : float
        That load.
    hourly : pandas.DataFrame
        The dispatch with that load counted as served: what is still short, is short of capacity.
    """

    factors: Mapping[str, float]
    withheld_mwh: float
    hourly: pd.DataFrame


def overshoot(
    scenario: Scenario, profiles: Profiles, capacity: pd.DataFrame, commitments: pd.DataFrame, hourly: pd.DataFrame
) -> Overshoot:
    """Tell load that yearly limits left unserved from load that capacity did."""
    limits = [limit for limit in limits_of(scenario) if isinstance(limit, YearlyCeiling) and not limit.sized_only]
    factors: dict[str, float] = {}
    withheld_mwh, frames = 0.0, []
    for year, frame in hourly.groupby("year"):
        if frame["unserved_mw"].sum() > ADEQUATE_WITHIN_FRAC * frame["load_mw"].sum():
            tables = dispatched_year(scenario, profiles, capacity, commitments, frame, int(str(year)))
            binding = [limit for limit in limits if _binds(limit, tables)]
            if binding:
                idle_mw = _idle_mw(tables, profiles, frame)
                withheld = np.minimum(frame["unserved_mw"].to_numpy(), idle_mw)
                withheld_mwh += float(withheld.sum())
                of_year = {limit.name: _factor(limit, tables, float(withheld.sum())) for limit in binding}
                factors |= {name: min(factors.get(name, 1.0), factor) for name, factor in of_year.items()}
                if min(of_year.values()) > LEAST_FACTOR:
                    # Further off, the sizing has not seen the hours that matter either: those weeks go back to it too.
                    frame = frame.assign(unserved_mw=frame["unserved_mw"] - withheld)
        frames.append(frame)
    shrunk = {name: factor for name, factor in factors.items() if factor < 1.0 - ADEQUATE_WITHIN_FRAC}
    return Overshoot(shrunk, withheld_mwh, pd.concat(frames, ignore_index=True))


def tighten(before: tuple[Tightened, ...], scenario: Scenario, over: Overshoot) -> tuple[Tightened, ...]:
    """Limits of the next round: each shrinks by its factor, or to where the rounds before point if that is tighter."""
    labels = {limit.name: limit.label for limit in limits_of(scenario)}
    told = {one.limit: one for one in before}
    for name, factor in over.factors.items():
        now = told.get(name, Tightened(name, labels[name], 1.0, ()))
        tried = (*now.tried, (now.of_limit_frac, over.withheld_mwh))
        share = min(now.of_limit_frac * factor, _where_nothing_is_withheld(tried))
        told[name] = Tightened(name, labels[name], max(share, LEAST_FACTOR * now.of_limit_frac), tried)
    return tuple(told.values())


def _where_nothing_is_withheld(tried: tuple[tuple[float, float], ...]) -> float:
    """Share at which the line through the last two rounds reaches zero, and a little further; 1 where there is none."""
    if len(tried) < 2:
        return 1.0
    (before, more_mwh), (now, less_mwh) = tried[-2:]
    if more_mwh <= less_mwh:
        return 1.0
    return now - FURTHER * less_mwh * (before - now) / (more_mwh - less_mwh)


def tightened_scenario(scenario: Scenario, tightened: tuple[Tightened, ...]) -> Scenario:
    """The scenario as the sizing sees it."""
    shares = {one.limit: one.of_limit_frac for one in tightened}
    fields = {
        limit.field: shares[limit.name] * getattr(scenario.limits, limit.field)
        for limit in limits_of(scenario)
        if isinstance(limit, YearlyCeiling) and limit.name in shares
    }
    return scenario.model_copy(update={"limits": scenario.limits.model_copy(update=fields)})


def _binds(limit: YearlyCeiling, tables: YearOfTables) -> bool:
    measured = limit.measure(tables)
    return measured.value >= measured.ceiling * (1.0 - BINDING_WITHIN)


def _idle_mw(tables: YearOfTables, profiles: Profiles, hourly: pd.DataFrame) -> Series:
    """Capacity of units and grid that was there and did not run [MW]."""
    idle = np.zeros(len(hourly))
    for key, data in tables.scenario.active_technologies.items():
        nominal_mw = tables.capacity[key]["p_nom_mw"]
        if isinstance(data, Thermal):
            idle += nominal_mw * profiles.availability_pu[key] - hourly[f"{key}_mw"].to_numpy()
        elif isinstance(data, Grid):
            idle += nominal_mw - hourly[f"{key}_import_mw"].to_numpy()
    return np.maximum(idle, 0.0)


def _factor(limit: YearlyCeiling, tables: YearOfTables, withheld_mwh: float) -> float:
    """Ceiling over use, had the withheld energy come from those that use the limit, as much per MWh as they do."""
    used = {key: limit.measure(replace(tables, annual={key: done})).value for key, done in tables.annual.items()}
    energy_mwh = sum(tables.annual[key].energy_mwh for key, amount in used.items() if amount > 0)
    measured = limit.measure(tables)
    wanted = measured.value * (1.0 + withheld_mwh / max(energy_mwh, 1e-9))
    return max(LEAST_FACTOR, min(1.0, measured.ceiling / wanted)) if wanted > 0 else 1.0
