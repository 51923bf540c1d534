"""What one more unit of each limit is worth in each year, from the duals of the plan's linear program."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.diagnosis.elastic import SERVED, Elastic, Grip, Knob
from engine.limits.relaxable import Relaxable
from engine.nomenclature import FLOWS, TABLES
from engine.periods import Steps
from engine.pricing.calendar import days_in_words, hours_in_words
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid, Thermal
from engine.solver_session import Point
from engine.units import HOURS_PER_YEAR

# Below this a price is the solver's rounding [USD a year per unit of the limit's scale, as a share of the plan's cost].
NOTHING = 1e-9
AT_CAPACITY = 1 - 1e-6


def shadow_prices(
    elastic: Elastic, scenario: Scenario, capacity: pd.DataFrame, sampled_hourly: pd.DataFrame
) -> pd.DataFrame:
    """The `shadow_prices` table of a held plan; empty where its whole numbers fit its limits to the gap only."""
    point = elastic.session.solve()
    rows: list[dict[str, Any]] = []
    if point is None or point.row_duals is None:
        return pd.DataFrame(rows, columns=list(TABLES["shadow_prices"]))
    for name, knob in elastic.knobs.items():
        if name == SERVED or not knob.grips or _is_whole(scenario, knob.relaxable):
            continue
        for year in elastic.form.years:
            rows.append(_row(elastic, scenario, knob, year, point, capacity, sampled_hourly))
    return pd.DataFrame(rows, columns=list(TABLES["shadow_prices"]))


def price_unit(relaxable: Relaxable) -> str:
    """USD a year for one unit more."""
    singular = {"MW short": "MW firm", "acres": "acre", "units": "unit", "of energy": "share of energy"}
    unit = singular.get(relaxable.unit, relaxable.unit.removesuffix("/yr"))
    return f"USD/({unit})" if "/" in unit else f"USD/{unit}"


def _is_whole(scenario: Scenario, relaxable: Relaxable) -> bool:
    """Whole units do not move by a little: their maximum has no price."""
    if not relaxable.whole:
        return False
    data = scenario.technologies[relaxable.path.split(".")[1]]
    return isinstance(data, Thermal) and data.integer


def _row(
    elastic: Elastic,
    scenario: Scenario,
    knob: Knob,
    year: int,
    point: Point,
    capacity: pd.DataFrame,
    hourly: pd.DataFrame,
) -> dict[str, Any]:
    worth = {grip: _worth(elastic, grip, point) for grip in knob.grips if grip.year == year}
    total = sum(worth.values())
    scale = max(abs(point.objective), 1e-9) * elastic.matrix.cost_scale / knob.relaxable.scale
    binds = total > NOTHING * scale
    relaxable = knob.relaxable
    share, when = (0.0, "")
    if binds:
        share, when = _when(elastic, scenario, relaxable, year, worth, capacity, hourly)
    return {
        "year": year,
        "limit": relaxable.limit,
        "label": relaxable.label,
        "usd_per_unit": total if binds else 0.0,
        "unit": price_unit(relaxable),
        "binding_frac": share,
        "when": when,
    }


def _worth(elastic: Elastic, grip: Grip, point: Point) -> float:
    """USD of the year saved by one unit more: a ceiling's dual is negative, a floor's positive."""
    assert point.row_duals is not None
    dual = float(point.row_duals[grip.row]) * elastic.matrix.cost_scale
    return dual * grip.per_unit / elastic.form.discount_factor(grip.year)


def _when(
    elastic: Elastic, scenario: Scenario, relaxable: Relaxable, year: int, worth: dict[Grip, float],
    capacity: pd.DataFrame, hourly: pd.DataFrame,
) -> tuple[float, str]:  # fmt: skip
    """Share of the year in which a limit binds, and when, in words."""
    days = [grip.day for grip, usd in worth.items() if grip.day is not None and usd > NOTHING * sum(worth.values())]
    if days:
        return _days(elastic.form.steps, days)
    key = relaxable.path.split(".")[1]
    if relaxable.path.startswith("technologies.") and isinstance(scenario.technologies[key], Grid):
        return _hours(key, scenario, year, capacity, hourly)
    return 1.0, "whole year"


def _days(steps: Steps, days: list[int]) -> tuple[float, str]:
    chosen = np.isin(steps.day, days)
    first = [int(steps.hour[np.flatnonzero(steps.day == day)[0]]) for day in days]
    return float(steps.weight_h[chosen].sum()) / HOURS_PER_YEAR, days_in_words(first)


def _hours(key: str, scenario: Scenario, year: int, capacity: pd.DataFrame, hourly: pd.DataFrame) -> tuple[float, str]:
    """Hours in which a connection runs at its capacity."""
    row = capacity[(capacity["technology"] == key) & (capacity["year"] == year)]
    frame = hourly[hourly["year"] == year]
    flow = frame[f"{key}_{FLOWS[scenario.technologies[key].kind][0].suffix}"].to_numpy()
    full = flow >= float(row["p_nom_mw"].iloc[0]) * AT_CAPACITY
    weight_h = frame["weight_h"].to_numpy()
    return float(weight_h[full].sum()) / HOURS_PER_YEAR, hours_in_words(frame["hour"].to_numpy()[full], weight_h[full])
