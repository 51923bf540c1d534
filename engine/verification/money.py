"""Costs of both stages against the solver and the stored tables; the proven gap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from engine.scenario.technologies import Battery, Grid
from engine.verification.check import TOLERANCE, Check, close, small
from engine.verification.evidence import Evidence


def costs(run: Evidence) -> Iterator[Check]:
    capital = _fixed_costs_npv(run)
    for stage in run.stages:
        total = run.manifest["objective_usd"] if stage.number == 1 else _dispatch_total(run)
        recomputed = capital * (stage.number == 1) + stage.operating_npv()
        stored = run.tables["costs"].query(f"stage == {stage.number}")["present_value_usd"].sum()
        yield close(f"stage {stage.number}: cost of the tables equals the solver's", recomputed, total, "USD")
        booked = recomputed + capital * (stage.number == 2)
        yield close(f"stage {stage.number}: stored costs equal the cost of the tables", stored, booked, "USD")


def _dispatch_total(run: Evidence) -> float:
    return float(sum(run.manifest["dispatch_cost_usd"].values()))


def _fixed_costs_npv(run: Evidence) -> float:
    """Annuities and fixed O&M, discounted [USD]."""
    rate, total = run.scenario.money.discount_rate_frac, 0.0
    first = run.scenario.time.first_year
    for (key, year), row in run.capacity.items():
        data = run.technologies[key]
        n = data.life_years
        crf = rate / (1 - (1 + rate) ** -n) if rate > 0 else 1 / n
        standing = [v for v in run.scenario.calendar_years if v <= year < v + n]
        usd = crf * sum(overnight_usd(run, key, v) for v in standing)
        if isinstance(data, Battery) and data.augmentation:
            fade = data.fade_frac_per_yr + data.cycle_fade_frac_per_cycle * data.expected_cycles_per_yr
            multiple = 1.0 if data.overnight_path is None else data.overnight_path[year - first]
            usd += fade * data.overnight_usd_per_kwh * 1000 * multiple * row["e_nom_mwh"]
        total += (usd + data.fixed_usd_per_kw_yr * 1000 * row["p_nom_mw"]) * (1 + rate) ** -(year - first)
    return float(total)


def overnight_usd(run: Evidence, key: str, year: int) -> float:
    """Overnight cost of what is built for a year [USD]."""
    data, row = run.technologies[key], run.capacity[key, year]
    usd = float(data.overnight_usd_per_kw * 1000 * row["built_mw"])
    if isinstance(data, Battery):
        usd += data.overnight_usd_per_kwh * 1000 * row["built_mwh"]
    if isinstance(data, Grid) and data.existing_mw == 0 and row["p_nom_mw"] > 0:
        before = run.capacity.get((key, year - 1))
        usd += data.connection_usd if before is None or before["p_nom_mw"] == 0 else 0.0
    path = data.overnight_path
    return usd * (1.0 if path is None else path[year - run.scenario.time.first_year])


def gap(run: Evidence) -> Iterator[Check]:
    manifest, wanted = run.manifest, run.scenario.solver.mip_gap_frac
    objective, bound = manifest["objective_usd"], manifest["bound_usd"]
    if bound is None:
        yield Check("gap is proven", manifest["termination"] == "time_limit", "stopped by time, no bound yet")
        return
    gap = max(0.0, objective - bound) / max(abs(objective), 1e-3)
    passed = manifest["termination"] == "time_limit" or gap <= wanted + TOLERANCE
    yield Check("gap is proven", passed, f"{gap:.3%} of {wanted:.3%} asked, {manifest['termination']}")


def gas_months(run: Evidence) -> Iterator[Check]:
    months = run.scenario.fuel.month_multiples
    if months is None:
        return
    month = pd.date_range("2001-01-01", periods=8760, freq="h").month.to_numpy() - 1
    stated = np.array(months)[month]
    error = float(np.abs(run.tables["profiles"]["gas_price_multiple"].to_numpy() - stated).max())
    yield small("gas price follows its months", error, TOLERANCE, "of the year's price")
    sampled = float(run.stages[0].profiles["gas_price_multiple"].to_numpy() @ run.stages[0].weight_h)
    yield close("gas price of the sampled hours has the year's mean", sampled, float(stated.sum()), "h")


CHECKS = (
    costs,
    gas_months,
    gap,
)
