"""The limits of the site: ceilings, the served share, N-1."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from engine.scenario.renewables import Renewable
from engine.scenario.technologies import Battery, Grid, Thermal
from engine.verification.check import TOLERANCE, Check, at_most
from engine.verification.evidence import Evidence
from engine.verification.money import overnight_usd
from engine.verification.stage import Stage
from engine.wording import CO2


def ceilings(run: Evidence) -> Iterator[Check]:
    limits = run.scenario.limits
    for name, ceiling, measure in (
        ("NOx", limits.nox_short_tons_per_yr, Stage.nox_short_tons),
        (CO2, limits.co2_tonnes_per_yr, Stage.co2_tonnes),
        ("gas supply", limits.gas_mcf_per_day, Stage.gas_mcf_on_highest_day),
        ("gas of a year", limits.gas_mmbtu_per_yr, Stage.gas_mmbtu),
        ("water", limits.water_million_gal_per_yr, Stage.water_million_gal),
    ):
        if ceiling is None:
            continue
        for stage in run.stages:
            worst = max(measure(stage, frame) for _, frame in stage.years())
            yield at_most(f"{name} stays within its limit, stage {stage.number}", worst, ceiling)
    if limits.land_acres is not None:
        used = max(_land_acres(run, year) for year in run.scenario.calendar_years)
        yield at_most("land stays within its limit", used, limits.land_acres)


def _land_acres(run: Evidence, year: int) -> float:
    total = 0.0
    for key, data in run.technologies.items():
        row = run.capacity[key, year]
        if isinstance(data, Thermal | Renewable):
            total += data.acres_per_mw * row["p_nom_mw"]
        elif isinstance(data, Battery):
            total += data.acres_per_mwh * row["e_nom_mwh"]
        elif row["p_nom_mw"] > 0:
            total += data.acres
    return total


def served(run: Evidence) -> Iterator[Check]:
    share = run.scenario.limits.served_frac
    if share is None:
        return
    stage = run.stages[0]
    lowest = 1.0
    for _, frame in stage.years():
        required = float(frame["load_mw"] @ stage.weight_h)
        lowest = min(lowest, 1 - float(frame["unserved_mw"] @ stage.weight_h) / max(required, 1e-9))
    detail = f"{lowest:.7f} of each year's energy, {share:g} promised"
    yield Check("the sizing serves the promised share", lowest >= share - TOLERANCE, detail)


def contingencies(run: Evidence) -> Iterator[Check]:
    limits = run.scenario.limits
    for name, count, wanted in (("N-1", 1, limits.n_minus_1), ("N-2", 2, limits.n_minus_2)):
        if not wanted:
            continue
        spare = min(_spare_mw(run, year, frame, count) for year, frame in run.hours.years())
        detail = f"firm capacity exceeds the peak by at least {spare:.3f} MW after the worst loss"
        yield Check(f"{name} holds in every year", spare >= -1e-4, detail)


def _spare_mw(run: Evidence, year: int, frame: pd.DataFrame, count: int) -> float:
    """Firm capacity above the year's peak after the `count` largest losses [MW]."""
    load = frame["load_mw"].to_numpy()
    temperature = float(run.tables["profiles"]["temp_air_c"].to_numpy()[int(load.argmax())])
    firm, losses = 0.0, [0.0]
    for key, data in run.technologies.items():
        row = run.capacity[key, year]
        if isinstance(data, Thermal):
            hot = max(0.0, temperature - data.derate_above_c)
            rating = 1 - min(0.9, data.derate_frac_per_c * hot)
            firm += row["p_nom_mw"] * rating
            installed = 2 if row["units"] > 1 + 1e-6 else 1 if row["p_nom_mw"] > 0 else 0
            losses += [data.unit_mw * rating] * installed
        elif isinstance(data, Battery):
            held = (1 - data.soc_min_frac) * row["usable_mwh"] * data.discharge_efficiency_frac / 4
            firm += min(row["p_nom_mw"], held)
        elif isinstance(data, Grid):
            firm += row["p_nom_mw"]
            losses.append(row["p_nom_mw"] if run.scenario.limits.grid_contingency else 0.0)
    # The site drops its own contingency only when something is lost.
    dropped = run.hours.response.own_contingency_mw(year)
    return min(firm, firm - sum(sorted(losses)[-count:]) + dropped) - float(load.max())


def technologies(run: Evidence) -> Iterator[Check]:
    for key, data in run.technologies.items():
        if data.max_mwh_per_yr is not None:
            for stage in run.stages:
                worst = max(stage.energy_mwh(frame, key, data) for _, frame in stage.years())
                yield at_most(f"{key}: energy stays within its limit, stage {stage.number}", worst, data.max_mwh_per_yr)
        if data.max_build_mw_per_yr is not None:
            most = max(run.capacity[key, year]["built_mw"] for year in run.scenario.calendar_years)
            yield at_most(f"{key}: builds stay within their pace", most, data.max_build_mw_per_yr)


def capital(run: Evidence) -> Iterator[Check]:
    budget = run.scenario.limits.capital_usd_per_yr
    if budget is None:
        return
    most = max(sum(overnight_usd(run, key, y) for key in run.technologies) for y in run.scenario.calendar_years)
    yield at_most("capital stays within its yearly budget", most, budget)


CHECKS = (ceilings, technologies, capital, served, contingencies)
