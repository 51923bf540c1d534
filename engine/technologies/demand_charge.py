"""Demand charge: each month's highest import costs USD per kW.

peak[y,m] >= import[y,t] for the hours t of month m;  cost = charge x 1,000 x months[m] x peak[y,m]
Where the steps are the whole year, m are its twelve months. Of representative periods, each one's highest import pays
for the months it stands for: 12 x its weighted hours / 8,760.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from engine.formulation import Formulation, terms
from engine.periods import Index, Steps
from engine.profiles.months import month_of
from engine.profiles.result import Series
from engine.scenario.technologies import Grid
from engine.units import HOURS_PER_YEAR, KW_PER_MW, MONTHS_PER_YEAR


def billing(steps: Steps) -> tuple[Index, Series]:
    """Which peak each step counts toward, array (T,), and the months that each peak pays for, array (M,)."""
    if np.isclose(steps.dt_h.sum(), HOURS_PER_YEAR):
        return month_of(steps.hour), np.ones(MONTHS_PER_YEAR)
    weight_h = np.bincount(steps.period, weights=steps.weight_h)
    return steps.period, MONTHS_PER_YEAR * weight_h / HOURS_PER_YEAR


def add_demand_charge(form: Formulation, key: str, data: Grid, imports: Any) -> None:
    """Charge the highest import of each month."""
    if data.demand_charge_usd_per_kw_month == 0.0:
        return
    group, months = billing(form.steps)
    peak = pyo.Var(form.years, range(len(months)), domain=pyo.NonNegativeReals)
    form.model.add_component(f"{key}_monthly_peak_mw", peak)
    form.require(
        f"{key}_peak_of_a_month_is_its_highest_import",
        (
            ((year, step), terms((1.0, imports[year, step]), (-1.0, peak[year, int(group[step])])), "<=", 0.0)
            for year in form.years
            for step in range(form.steps.count)
        ),
    )
    usd_per_mw = data.demand_charge_usd_per_kw_month * KW_PER_MW
    for year in form.years:
        cost = form.ledgers.cost_usd[year, key, "demand_charge"]
        for number, count in enumerate(months):
            cost.add(usd_per_mw * float(count), peak[year, number])


def demand_charge_usd(data: Grid, steps: Steps, imports_mw: Series) -> dict[str, float]:
    """A year's demand charge from its hourly imports, by category; nothing where there is none."""
    if data.demand_charge_usd_per_kw_month == 0.0:
        return {}
    group, months = billing(steps)
    peak_mw = np.zeros(len(months))
    np.maximum.at(peak_mw, group, imports_mw)
    return {"demand_charge": data.demand_charge_usd_per_kw_month * KW_PER_MW * float(months @ peak_mw)}
