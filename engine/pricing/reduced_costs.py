"""How much cheaper what is not built would have to be.

At zero capacity the duals of hours are not determined (nothing can run, whatever an hour is worth). So a trace of each
technology is built in every year, its whole numbers let go, and what the trace costs in total is read off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from engine.annuity import annuity_factor
from engine.diagnosis.elastic import Elastic
from engine.diagnosis.technology_limits import MAXIMA
from engine.formulation import Formulation, Quantity
from engine.nomenclature import TABLES
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery, Thermal
from engine.technologies.behaviour import first_service_year, standing_vintages
from engine.technologies.one_direction import HOURLY_CHOICE
from engine.units import KW_PER_MW

# Of the highest load: far above the solver's tolerance, far below what would change the plan.
TRACE_PER_PEAK = 1e-4
BUILT_NOTHING_MW = 1e-6


def reduced_costs(elastic: Elastic, scenario: Scenario, capacity: pd.DataFrame) -> pd.DataFrame:
    """The `reduced_costs` table of a held plan."""
    rows = [_row(elastic, scenario, key) for key in _left_out(elastic, scenario, capacity)]
    return pd.DataFrame([row for row in rows if row], columns=list(TABLES["reduced_costs"]))


def _left_out(elastic: Elastic, scenario: Scenario, capacity: pd.DataFrame) -> Iterator[str]:
    """Technologies that could have been built and were not."""
    built = capacity.groupby("technology")["built_mw"].sum()
    for key, data in scenario.active_technologies.items():
        has_room = float(getattr(data, MAXIMA[data.kind].field)) > _existing(data)
        in_time = first_service_year(scenario, data) <= elastic.form.years[-1]
        if float(built.get(key, 0.0)) < BUILT_NOTHING_MW and has_room and in_time:
            yield key


def _existing(data: Any) -> float:
    """What stands, in the unit of the technology's maximum."""
    if isinstance(data, Thermal):
        return float(data.existing_units)
    return float(data.existing_mwh if isinstance(data, Battery) else data.existing_mw)


def _row(elastic: Elastic, scenario: Scenario, key: str) -> dict[str, Any] | None:
    """Build a trace of one technology, read what it costs, and take it away again."""
    form, session, data = elastic.form, elastic.session, scenario.technologies[key]
    trace = TRACE_PER_PEAK * float(form.steps.peak_mw.max())
    start = first_service_year(scenario, data)
    columns = {year: _column(elastic, q) for year, q in _built(form, key).items() if year >= start}
    integers = _whole_numbers_of(elastic, key)
    kept = [(column, session.lower[column], session.upper[column]) for column in integers]
    for column in integers:
        elastic.free(column)
    for column, factor in columns.values():
        session.bound([column], trace / factor, trace / factor)
    point = session.solve()
    for column, _ in columns.values():
        elastic.free(column)
    for column, lower, upper in kept:
        session.bound([column], lower, upper)
    if point is None or point.column_duals is None:
        return None  # not even a trace fits beside the plan's whole numbers: no price would let it in
    dearer = {
        year: float(point.column_duals[column])
        * elastic.matrix.cost_scale
        / factor
        / (KW_PER_MW * _worth(form, key, year))
        for year, (column, factor) in columns.items()
    }
    best = min(dearer, key=lambda year: dearer[year])
    name, unit = (
        ("overnight_usd_per_kwh", "USD/kWh") if isinstance(data, Battery) else ("overnight_usd_per_kw", "USD/kW")
    )
    now = getattr(data, name) * scenario.path_value(data.overnight_path, best, 1.0)
    return {"technology": key, "year": best, "now_usd": now, "cheaper_usd": max(0.0, dearer[best]), "unit": unit}


def _whole_numbers_of(elastic: Elastic, key: str) -> list[int]:
    """Columns of a technology's units and switches by year, not of its hours."""
    keys = elastic.form.capacities
    found = []
    for name, column in elastic.integers().items():
        owner = max((one for one in keys if name.startswith(f"{one}_")), key=len, default="")
        if owner == key and HOURLY_CHOICE not in name:
            found.append(column)
    return found


def _built(form: Formulation, key: str) -> dict[int, Quantity]:
    """What is built by year: a battery's energy, its power follows; else power."""
    capacity = form.capacities[key]
    return capacity.built_mwh or capacity.built_mw


def _column(elastic: Elastic, quantity: Quantity) -> tuple[int, float]:
    """The one variable of what is built, and its MW (MWh)."""
    entries, _ = elastic.entries(quantity)
    [(column, factor)] = entries.items()
    return column, factor


def _worth(form: Formulation, key: str, vintage: int) -> float:
    """Present value of the annuities that one USD of overnight cost pays within the plan."""
    data = form.scenario.technologies[key]
    factor = annuity_factor(form.scenario.money.discount_rate_frac, data.life_years)
    years = [year for year in form.years if vintage in standing_vintages(form.years, year, data.life_years)]
    return factor * sum(form.discount_factor(year) for year in years)
