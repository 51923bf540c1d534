"""Two directions at once (charge and discharge, import and export) are forbidden where they could pay.

That is only where a price is negative or export is dearer than import; those hours alone get a binary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo

from engine.formulation import Formulation
from engine.scenario.technologies import Grid
from engine.technologies.behaviour import first_service_year
from engine.terms import Terms, terms

# How the names of these choices end, which tells them from whole numbers of capacity.
HOURLY_CHOICE = "_goes_one_way"


def hours_where_both_could_pay(form: Formulation) -> list[tuple[int, int]]:
    """(year, step) pairs in which energy could be worth less than nothing, or trade in circles pay."""
    hours: set[tuple[int, int]] = set()
    for key, data in form.scenario.active_technologies.items():
        if not isinstance(data, Grid):
            continue
        imports, exports = form.steps.import_price_usd_per_mwh[key], form.steps.export_price_usd_per_mwh[key]
        circular = (exports > imports + 1e-9) if data.export_max_mw > 0 else np.zeros(len(imports), dtype=bool)
        steps = np.flatnonzero((imports < -1e-9) | circular)
        start = form.scenario.time.first_year if data.existing_mw > 0 else first_service_year(form.scenario, data)
        hours.update((year, int(step)) for year in form.years if year >= start for step in steps)
    return sorted(hours)


def forbid_both_directions(
    form: Formulation,
    key: str,
    first: Any,
    second: Any,
    most_mw: tuple[Mapping[int, float], Mapping[int, float]],
    hours: list[tuple[int, int]],
) -> None:
    """In the given hours let only one of two flows be above zero: `first <= M1 u`, `second <= M2 (1 - u)`.

    Parameters
    ----------
    most_mw : pair of mappings
        M1 and M2 of each year [MW].
    """
    if not hours:
        return
    most_first_mw, most_second_mw = most_mw
    choice = form.decide(f"{key}{HOURLY_CHOICE}", hours, lambda _: (0, 1), pyo.Binary)
    form.require(
        f"{key}_goes_first_way_only_when_chosen",
        ((hour, terms((1.0, first[hour]), (-most_first_mw[hour[0]], choice[hour])), "<=", 0.0) for hour in hours),
    )

    def otherwise(hour: tuple[int, int]) -> tuple[Any, Terms, str, float]:
        most = most_second_mw[hour[0]]
        return hour, terms((1.0, second[hour]), (most, choice[hour])), "<=", most

    form.require(f"{key}_goes_second_way_only_otherwise", (otherwise(hour) for hour in hours))
    form.one_way += [(choice[hour], first[hour], second[hour]) for hour in hours]
