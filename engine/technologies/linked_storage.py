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

from collections.abc import Mapping

import numpy as np

from engine.formulation import Formulation
from engine.linear import INFINITY, Block
from engine.scenario.technologies import Battery
from engine.terms import Quantity


def link_periods(form: Formulation, key: str, data: Battery, soc: Block, e_mwh: Mapping[int, Quantity]) -> None:
    """Let a store's change within typical periods add up over the real year, within its energy.

    Parameters
    ----------
    soc : Block
        Becomes the change since the period began, of either sign [MWh].
    e_mwh : by year
        Energy that can be stored [MWh].
    """
    steps, years = form.steps, form.years
    assert steps.sequence is not None
    sequence = np.asarray(steps.sequence)
    kept = (1.0 - data.standing_loss_frac_per_h) ** steps.real_period_h
    last = np.flatnonzero(np.diff(steps.period, append=-1) != 0)
    soc.lower[:] = -INFINITY
    level = form.levels[key] = form.block(years, len(sequence))
    high, low = (form.block(years, int(steps.period.max()) + 1) for _ in range(2))
    for extreme in (high, low):
        extreme.lower[:] = -INFINITY
    for name, extreme, sense in (
        (f"{key}_change_is_at_most_its_highest", high, "<="),
        (f"{key}_change_is_at_least_its_lowest", low, ">="),
    ):
        form.require_hourly(
            name,
            lambda year, extreme=extreme: [(1.0, soc.of(year)), (-1.0, extreme.of(year)[steps.period])],  # type: ignore[misc]
            sense,
            lambda _: 0.0,
        )
    real = len(sequence)
    form.require_hourly(
        f"{key}_carries_energy_to_the_next_period",
        lambda year: [
            (1.0, np.roll(level.of(year), -1)),
            (-kept, level.of(year)),
            (-1.0, soc.of(year)[last[sequence]]),
        ],
        "==",
        lambda _: 0.0,
        count=real,
    )
    form.require_hourly(
        f"{key}_stores_within_its_energy_in_every_period",
        lambda year: [(1.0, level.of(year)), (1.0, high.of(year)[sequence]), (-1.0, e_mwh[year])],
        "<=",
        lambda _: 0.0,
        count=real,
    )
    form.require_hourly(
        f"{key}_keeps_its_least_charge_in_every_period",
        lambda year: [(kept, level.of(year)), (1.0, low.of(year)[sequence]), (-data.soc_min_frac, e_mwh[year])],
        ">=",
        lambda _: 0.0,
        count=real,
    )
