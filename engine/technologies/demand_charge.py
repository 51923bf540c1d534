"""Demand charge: each month's highest import costs USD per kW.

peak[y,m] >= import[y,t] for the hours t of month m;  cost = charge x 1,000 x months[m] x peak[y,m]
Where the steps are the whole year, m are its twelve months. Of representative periods, each one's highest import pays
for the months it stands for: 12 x its weighted hours / 8,760.
"""

from __future__ import annotations

import numpy as np

from engine.formulation import Formulation
from engine.linear import Block
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


def add_demand_charge(form: Formulation, key: str, data: Grid, imports: Block) -> None:
    """Charge the highest import of each month."""
    if data.demand_charge_usd_per_kw_month == 0.0:
        return
    group, months = billing(form.steps)
    peak = form.block(form.years, len(months))
    form.require_hourly(
        f"{key}_peak_of_a_month_is_its_highest_import",
        lambda year: [(1.0, imports.of(year)), (-1.0, peak.of(year)[group])],
        "<=",
        lambda _: 0.0,
        only=lambda year: imports.upper[form.row_of(year)] > 0.0,
    )
    usd_per_mw = data.demand_charge_usd_per_kw_month * KW_PER_MW
    for year in form.years:
        cost = form.ledgers.cost_usd[year, key, "demand_charge"]
        cost.add_hours(usd_per_mw * months, peak.of(year))


def demand_charge_usd(data: Grid, steps: Steps, imports_mw: Series) -> dict[str, float]:
    """A year's demand charge from its hourly imports, by category; nothing where there is none."""
    if data.demand_charge_usd_per_kw_month == 0.0:
        return {}
    group, months = billing(steps)
    peak_mw = np.zeros(len(months))
    np.maximum.at(peak_mw, group, imports_mw)
    return {"demand_charge": data.demand_charge_usd_per_kw_month * KW_PER_MW * float(months @ peak_mw)}
