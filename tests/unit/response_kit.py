"""A flat site with flexible load for the toys of demand response, and a model of a few days to look into.

125 MW at PUE 1.25: 100 MW of IT, 20 MW of cooling, 5 MW that do not flex. `batch` is half of the IT and flexes by
0.4: 20 MW at 20 USD/MWh. `training` is the other half and flexes by 0.2: 10 MW at 60 USD/MWh. Cooling, where it
flexes, gives min(0.25, 3 x 0.04) x 20 = 2.4 MW for half an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from engine.matrix import compile_model
from engine.model import Reading, build, usable_mw
from engine.periods import Steps, full_years
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario
from engine.solver import SolverSettings, solve_matrix
from tests.toys import toy

BATCH: dict[str, Any] = {"share_frac": 0.5, "flexible_frac": 0.4, "response_min": 1, "cut_usd_per_mwh": 20}
TRAINING: dict[str, Any] = {"share_frac": 0.5, "flexible_frac": 0.2, "response_min": 15, "cut_usd_per_mwh": 60}
LOAD: dict[str, Any] = {"pue": 1.25, "workloads": {"batch": BATCH, "training": TRAINING}}
GRID: dict[str, Any] = {"kind": "grid", "existing_mw": 300, "max_mw": 300, "price": 10.0}
# Hours 16 to 19 at 5 USD/MW-h: 4 x 365 x 5 = 7,300 USD per MW; called 20 h at 50 USD/MWh: 1,000 USD per MW.
PRODUCT: dict[str, Any] = {
    "response_min": 30,
    "capacity_usd_per_mw_h": 5,
    "activation_usd_per_mwh": 50,
    "events_per_yr": 10,
    "event_h": 1,
    "window_first_hour": 16,
    "window_last_hour": 19,
    "sources": ["batch", "training", "cooling"],
}
OWN: dict[str, Any] = {"market": False, "response_min": 1, "events_per_yr": 5, "event_h": 1, "sources": ["batch"]}


def response(products: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Demand response section, without own use and with budget for everything, unless changed."""
    section = {"enabled": True, "own_use": False, "budget_energy_frac": 1.0, "products": dict(products or {})}
    return {"demand_response": {**section, **changes}}


def flat_steps(scenario: LoadedScenario, price: np.ndarray, load_mw: np.ndarray, period_h: int | None = None) -> Steps:
    """Steps of a few days at hourly prices, in one period or in periods of `period_h`; each hour weighs 1.

    The rest of the year repeats them; only its peak and its lowest hours count.
    """
    count, series = len(price), {"grid": np.resize(price, 8760)}
    profiles = replace(
        build_profiles(scenario),
        load_mw=np.resize(load_mw, 8760)[None, :],
        import_price_usd_per_mwh=series,
        export_price_usd_per_mwh=series,
    )
    year = full_years(profiles, (2026,))
    cut = replace(year, **{field.name: _first(getattr(year, field.name), count) for field in fields(year)})
    hour, length = np.arange(count), period_h or count
    previous = np.where(hour % length == 0, hour + length - 1, hour - 1)
    return replace(cut, period=hour // length, previous=previous)


def _first(value: Any, count: int) -> Any:
    """The first steps of whatever has one value a step."""
    if isinstance(value, Mapping):
        return {key: _first(series, count) for key, series in value.items()}
    hourly = isinstance(value, np.ndarray) and value.shape[-1] == 8760
    return value[..., :count] if hourly else value


def run_days(
    price: np.ndarray, *changes: Mapping[str, Any], load_mw: np.ndarray | None = None, steps: Any = None
) -> pd.DataFrame:
    """Hourly table of a few days on the grid alone, own use on: what the model itself does, hour by hour."""
    loaded = toy({"load": LOAD, "technologies": {"grid": GRID}}, response(own_use=True), *changes)
    load = np.full(len(price), 100.0) if load_mw is None else load_mw
    chosen = flat_steps(loaded, price, load)
    form = build(loaded.scenario, steps(chosen) if steps else chosen)
    matrix = compile_model(form)
    solution = solve_matrix(matrix, SolverSettings())
    reading = Reading(form, solution)
    return pd.DataFrame(reading.hourly(2026, usable_mw(reading.capacity_table())))
