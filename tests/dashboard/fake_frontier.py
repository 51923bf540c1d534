"""A stored frontier made by arithmetic: no solver, and every figure follows from the point's place on the curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.frontier.asked import SCENARIO_LETTERS, Asked, frontier_request
from engine.frontier.front import classified
from engine.frontier.words import summary_of
from engine.library import Library
from engine.objectives import OBJECTIVES
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.study import Studies, Workspace, _close

REQUIRED_MWH = 1_314_000.0


def fake_frontier(
    scenarios: Sequence[str] = ("light-solar",), keys: tuple[str, ...] = ("lcoe", "nox"), points: int = 12, *,
    arrived: int | None = None,
) -> StudyRequest:  # fmt: skip
    """Store a frontier of library scenarios; with `arrived`, only so many points of the first, not yet done."""
    loaded = [Library().load(key) for key in scenarios]
    request = frontier_request(loaded, Asked(keys, points))
    workspace = Workspace(Studies().root / request.study_id)
    Studies().announce(request)
    tables = [_tables(number, one, keys, points if arrived is None else arrived) for number, one in enumerate(loaded)]
    together = {name: pd.concat([one[name] for one in tables], ignore_index=True) for name in tables[0]}
    if arrived is None:
        together["points"] = classified(together["points"], keys)
    for name, frame in together.items():
        workspace.write(name, frame)
    if arrived is None:
        names = [one.scenario.name for one in loaded]
        _close(workspace, request, summary_of(together["points"], keys, names), 120.0)
    return request


def _tables(number: int, loaded: LoadedScenario, keys: tuple[str, ...], points: int) -> dict[str, pd.DataFrame]:
    rows, capacity, costs = [], [], []
    for place in range(points):
        name, share = f"{SCENARIO_LETTERS[number]}{place + 1}", place / max(points - 1, 1)
        row, solar_mw = _point(number, name, share, keys, place)
        rows.append(row)
        capacity.append(_capacity(loaded, name, number, solar_mw))
        costs.append(_costs(row, solar_mw))
    active = loaded.scenario.active_technologies
    described = [
        {"scenario": number, "name": loaded.scenario.name, "technology": key, "kind": data.kind,
         "label": data.label or key, "synthetic": "The load shape is made up."}
        for key, data in active.items()
    ]  # fmt: skip
    loads = pd.DataFrame({"year": [2026], "peak_mw": [200.0], "scenario": [number]})
    return {"points": pd.DataFrame(rows), "capacity": pd.concat(capacity), "costs": pd.concat(costs),
            "scenarios": pd.DataFrame(described), "loads": loads}  # fmt: skip


def _point(number: int, name: str, share: float, keys: tuple[str, ...], place: int) -> tuple[dict[str, Any], float]:
    """LCOE rises as 63 + 6 share^3, NOx falls from 55 t to 42 t; the fifth is beaten by a neighbour."""
    worse = 0.9 if place == 4 else 0.0
    lcoe, nox, solar_mw = 63 + 6 * share**3 + worse + number, 55 - 13 * share + worse + 3 * number, 20 + 180 * share
    values = dict.fromkeys(OBJECTIVES, 0.0) | {
        "lcoe": lcoe, "npv_cost": lcoe * REQUIRED_MWH, "nox": nox, "co2": 10_600 * nox, "gas": 200_000 * nox,
        "capital": 3.3e8 + 7e5 * solar_mw, "land": 23 + 4.25 * solar_mw,
    }  # fmt: skip
    ceilings = {f"ceiling_{key}": np.nan for key in keys}
    if place not in (0,):
        ceilings |= {f"ceiling_{key}": values[key] * 1.002 for key in keys[1:]}
    row = {
        "scenario": number, "point": name, "label": f"at most {place}", "role": "end" if place < 2 else "between",
        "state": "found", "bound": values[keys[0]] * 0.997, "best_bound": np.nan, "seconds": 4.0,
        "termination": "time_limit" if place == 7 else "within_gap", "gap_frac": 0.003, "verified": True, "failed": "",
        "adequate": True, "overrides": f'{{"limits.nox_short_tons_per_yr": {nox}}}', **ceilings, **values,
    }  # fmt: skip
    return row, solar_mw


def _capacity(loaded: LoadedScenario, name: str, number: int, solar_mw: float) -> pd.DataFrame:
    mw = {"engine": 201.3, "turbine": 0.0, "solar": solar_mw, "battery": solar_mw / 4}
    return pd.DataFrame(
        [
            {"year": 2026, "technology": key, "kind": data.kind, "p_nom_mw": mw.get(key, 0.0), "built_mw": 0.0,
             "built_mwh": 0.0, "scenario": number, "point": name}
            for key, data in loaded.scenario.active_technologies.items()
        ]
    )  # fmt: skip


def _costs(row: dict[str, Any], solar_mw: float) -> pd.DataFrame:
    parts = {("engine", "fuel"): 0.5, ("engine", "capital"): 0.3, ("solar", "capital"): 0.2}
    return pd.DataFrame(
        [
            {"technology": key, "category": category, "present_value_usd": part * row["npv_cost"],
             "scenario": row["scenario"], "point": row["point"]}
            for (key, category), part in parts.items()
        ]
    )  # fmt: skip
