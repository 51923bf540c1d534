"""What stands: existing and built capacity, whole units, lead times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import Any

from engine.scenario.technologies import Grid, Thermal
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


def _first_service_year(run: Evidence, data: Any, first: int) -> int:
    if isinstance(data, Grid):
        return first + ceil(data.lead_time_months / 12)
    decided = run.scenario.time.decision_date or date(first - 3, 1, 1)
    gone = (first - decided.year) * 12 - (decided.month - 1)
    return first + max(0, ceil((data.lead_time_months - gone) / 12))


CHECKS = (fleet,)
