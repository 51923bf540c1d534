"""Firm capacity against the year's 8,760 h peak: what may be lost, and how the rest must cover the peak."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyomo.environ as pyo

from engine.formulation import Capacity, Formulation
from engine.limits.limit import Measured, YearOfTables
from engine.scenario.technologies import Grid, Thermal
from engine.technologies.behaviour import outlives_the_plan
from engine.terms import Terms, terms

Lost = Callable[[int], Terms]


@dataclass(frozen=True)
class Loss:
    """Something that may fail.

    Attributes
    ----------
    key : str
        Technology.
    words : str
        For the name of a constraint: `one_turbine`, `grid`.
    lost : callable
        Firm capacity that goes with it, by year [MW].
    """

    key: str
    words: str
    lost: Lost


def cover(form: Formulation, name: str, *losses: Lost) -> None:
    """Hold `firm - what is lost >= peak` in every year; after a loss less what the site drops of its own load."""

    def left(year: int) -> Terms:
        total = Terms()
        total.extend(1.0, form.ledgers.firm_mw[year])
        for lost in losses:
            total.extend(-1.0, lost(year))
        if losses:
            total.extend(1.0, form.ledgers.firm_response_mw[year])
        return total

    peak_mw = form.steps.peak_mw
    form.require(name, ((year, left(year), ">=", float(peak_mw[form.row_of(year)])) for year in form.years))


def single_losses(form: Formulation, capacities: Mapping[str, Capacity]) -> Iterator[Loss]:
    """One unit of each thermal type that has one, and the grid where it may fail."""
    for key, data in form.scenario.active_technologies.items():
        if isinstance(data, Thermal):
            yield unit_loss(form, key, data, capacities[key])
        elif isinstance(data, Grid) and form.scenario.limits.grid_contingency:
            yield Loss(key, key, lambda year, p_mw=capacities[key].p_mw: terms((1.0, p_mw[year])))  # type: ignore[misc]


def unit_loss(form: Formulation, key: str, data: Thermal, capacity: Capacity, number: int = 1) -> Loss:
    """Loss of a type's first unit, or of its second, which counts once there are two."""
    words = "is_installed" if number == 1 else "has_a_second_unit"
    there = _binary(form, f"{key}_{words}")
    most = {year: max(capacity.most_units[year] - number + 1, 0) for year in form.years}
    form.require(
        f"{key}_counts_as_installed_from_its_{'first' if number == 1 else 'second'}_unit",
        (
            (year, terms((1.0, capacity.units[year]), (-most[year], there[year])), "<=", number - 1.0)
            for year in form.years
        ),
    )
    if outlives_the_plan(form, data):
        # Nothing retires within the plan: a type stays installed, which saves the search most of its branches.
        form.require(
            f"{key}_stays_installed{'' if number == 1 else '_twice'}",
            ((y, terms((1.0, there[y]), (-1.0, there[z])), "<=", 0.0) for y, z in pairwise(form.years)),
        )

    def lost(year: int) -> Terms:
        derate = float(form.steps.derate_at_peak_frac[key][form.row_of(year)])
        return terms((data.unit_mw * (1 - derate), there[year]))

    return Loss(key, f"{'one' if number == 1 else 'two'}_{key}", lost)


def _binary(form: Formulation, name: str) -> Any:
    return form.yearly_variable(name, lambda _: 1, pyo.Binary)


def losses_mw(tables: YearOfTables) -> list[float]:
    """Firm capacity that goes with each thing that may fail, from the tables: two of a type where there are two."""
    found: list[float] = []
    for key, data in tables.scenario.active_technologies.items():
        row = tables.capacity[key]
        if isinstance(data, Thermal) and row["p_nom_mw"] > 0:
            # Firm over nominal is 1 - derate at the peak; an installed unit is lost whole.
            found += [data.unit_mw * row["firm_mw"] / row["p_nom_mw"]] * (2 if row["units"] > 1 + 1e-6 else 1)
        elif isinstance(data, Grid) and tables.scenario.limits.grid_contingency:
            found.append(float(row["p_nom_mw"]))
    return found


def after_loss(tables: YearOfTables, firm_mw: float, lost_mw: float) -> Measured:
    """What is left against the peak less own contingency, or all against the whole peak, whichever is tighter."""
    if tables.firm_response_mw > lost_mw:
        return Measured(firm_mw, tables.peak_mw)
    return Measured(firm_mw - lost_mw, tables.peak_mw - tables.firm_response_mw)
