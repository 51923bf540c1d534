"""Storage that carries energy from one typical period to another, through the real sequence of the year.

Kotzur et al. 2018, "Time series aggregation for energy system design: Modeling seasonal storage", Applied Energy 213,
https://doi.org/10.1016/j.apenergy.2018.01.023: what a store holds is the sum of a level at the beginning of each real
period d (`level`) and the change since then, which every real period shares with its typical period k(d) (`soc`):

    soc[k,t] = (1 - s)^dt soc[k,t-1] + eff_c dt charge - dt discharge / eff_d,  0 before a period's first step   [MWh]
    level[d+1] = (1 - s)^H level[d] + soc[k(d), last],  and the year closes on itself                            [MWh]
    level[d] + highest soc[k(d)] <= E,  (1 - s)^H level[d] + lowest soc[k(d)] >= soc_min E

The last two hold in every hour of every real period; with a standing loss they are on the safe side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo

from engine.formulation import Formulation, Quantity, Terms, terms
from engine.scenario.technologies import Battery

_Rows = Iterator[tuple[tuple[int, int], Terms, str, float]]


def link_periods(form: Formulation, key: str, data: Battery, soc: Any, e_mwh: Mapping[int, Quantity]) -> None:
    """Let a store's change within typical periods add up over the real year, within its energy.

    Parameters
    ----------
    soc : Pyomo variable by (year, step)
        Becomes the change since the period began, of either sign [MWh].
    e_mwh : by year
        Energy that can be stored [MWh].
    """
    steps, years = form.steps, form.years
    assert steps.sequence is not None
    period_of = [int(period) for period in steps.sequence]
    real, typical = range(len(period_of)), range(int(steps.period.max()) + 1)
    kept = (1.0 - data.standing_loss_frac_per_h) ** steps.real_period_h
    last = np.flatnonzero(np.diff(steps.period, append=-1) != 0)
    for variable in soc.values():
        variable.domain = pyo.Reals
    level = pyo.Var(years, real, domain=pyo.NonNegativeReals)
    high, low = (pyo.Var(years, typical, domain=pyo.Reals) for _ in range(2))
    for name, variable in (("level_mwh", level), ("highest_change_mwh", high), ("lowest_change_mwh", low)):
        form.model.add_component(f"{key}_{name}", variable)
    form.levels[key] = level

    def extremes(extreme: Any, sense: str) -> _Rows:
        for year in years:
            for step, period in enumerate(steps.period):
                yield (year, step), terms((1.0, soc[year, step]), (-1.0, extreme[year, int(period)])), sense, 0.0

    def carried() -> _Rows:
        for year in years:
            for d in real:
                change = soc[year, int(last[period_of[d]])]
                following = level[year, (d + 1) % len(period_of)]
                yield (year, d), terms((1.0, following), (-kept, level[year, d]), (-1.0, change)), "==", 0.0

    def bounded(keeps: float, extreme: Any, share: float, sense: str) -> _Rows:
        for year in years:
            for d in real:
                held = terms((keeps, level[year, d]), (1.0, extreme[year, period_of[d]]), (-share, e_mwh[year]))
                yield (year, d), held, sense, 0.0

    form.require(f"{key}_change_is_at_most_its_highest", extremes(high, "<="))
    form.require(f"{key}_change_is_at_least_its_lowest", extremes(low, ">="))
    form.require(f"{key}_carries_energy_to_the_next_period", carried())
    form.require(f"{key}_stores_within_its_energy_in_every_period", bounded(1.0, high, 1.0, "<="))
    form.require(f"{key}_keeps_its_least_charge_in_every_period", bounded(kept, low, data.soc_min_frac, ">="))
