"""What stands: existing and built capacity, whole units, lead times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import Any

from engine.scenario.equipment import Plant
from engine.scenario.renewables import Renewable
from engine.scenario.technologies import Battery, Grid, Thermal
from engine.verification.check import TOLERANCE, Check, small
from engine.verification.evidence import Evidence


def fleet(run: Evidence) -> Iterator[Check]:
    first = run.scenario.time.first_year
    worst, whole, early = 0.0, 0.0, 0.0
    for (key, year), row in run.capacity.items():
        data = run.technologies[key]
        standing = [v for v in run.scenario.calendar_years if v <= year < v + data.life_years]
        built = sum(run.capacity[key, v]["built_mw"] for v in standing)
        worst = max(worst, abs(row["p_nom_mw"] - row["existing_mw"] - built))
        if isinstance(data, Thermal) and data.integer:
            whole = max(whole, abs(row["units"] - round(row["units"])))
            worst = max(worst, abs(row["units"] * data.unit_mw - row["p_nom_mw"]))
        if year < _first_service_year(run, data, first):
            early = max(early, row["built_mw"])
    yield small("capacity is existing plus standing builds", worst, 1e-5, "MW")
    yield small("units are whole", whole, TOLERANCE, "units")
    yield small("nothing serves before its lead time", early, TOLERANCE, "MW")


def existing(run: Evidence) -> Iterator[Check]:
    """What stood before the plan ends with its life, retires only where it may, and never comes back."""
    years, worst = run.scenario.calendar_years, 0.0
    for key, data in run.technologies.items():
        before = _existing_mw(data)
        for year in years:
            mw = run.capacity[key, year]["existing_mw"]
            life = data.existing_life_years if isinstance(data, Plant) else None
            may_retire = isinstance(data, Plant) and data.may_retire
            standing = 0.0 if life is not None and year - years[0] >= life else before
            worst = max(worst, mw - standing, 0.0 if may_retire else standing - mw)
            if isinstance(data, Thermal) and data.integer:
                worst = max(worst, abs(mw / data.unit_mw - round(mw / data.unit_mw)) * data.unit_mw)
            before = min(before, mw) if may_retire else before
    yield small("existing capacity stands as long as it may and never comes back", worst, 1e-5, "MW")


def _existing_mw(data: Any) -> float:
    return data.existing_units * data.unit_mw if isinstance(data, Thermal) else float(data.existing_mw)


def fading(run: Evidence) -> Iterator[Check]:
    """Energy of batteries and output of solar and wind: nameplate by vintage, less what fades each year of age."""
    first, worst = run.scenario.time.first_year, 0.0
    for (key, year), row in run.capacity.items():
        data = run.technologies[key]
        if not isinstance(data, Battery | Renewable):
            continue
        unit = "mwh" if isinstance(data, Battery) else "mw"
        fade = data.fade_frac_per_yr
        old = row["existing_mw"]
        if isinstance(data, Battery):
            fade += data.cycle_fade_frac_per_cycle * data.expected_cycles_per_yr
            old = old / data.existing_mw * data.existing_mwh if data.existing_mw > 0 else 0.0
        left, whole = old * (1 - fade) ** (year - first), old
        for vintage in (v for v in run.scenario.calendar_years if v <= year < v + data.life_years):
            built = run.capacity[key, vintage][f"built_{unit}"]
            left, whole = left + built * (1 - fade) ** (year - vintage), whole + built
        kept = whole if isinstance(data, Battery) and data.augmentation else left
        nameplate = row["e_nom_mwh"] if isinstance(data, Battery) else row["p_nom_mw"]
        worst = max(worst, abs(row[f"usable_{unit}"] - kept), abs(nameplate - whole))
    yield small("what fades is what its age leaves of it", worst, 1e-5, "MW or MWh")


def _first_service_year(run: Evidence, data: Any, first: int) -> int:
    if isinstance(data, Grid):
        return first + ceil(data.lead_time_months / 12)
    decided = run.scenario.time.decision_date or date(first - 3, 1, 1)
    gone = (first - decided.year) * 12 - (decided.month - 1)
    return first + max(0, ceil((data.lead_time_months - gone) / 12))


CHECKS = (fleet, existing, fading)
