"""Where a new sweep begins, and what can move in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import yaml

from dashboard.sweep_document import row_text
from engine.errors import InputError, StoreError
from engine.library import Library
from engine.scenario.loading import LoadedScenario
from engine.sweep.places import Place, places, problem_of
from engine.sweep.plan import SHIPPED
from engine.sweep.sweeps import Sweeps

FRESH = """name: My sweep
description: ""
base: {base}
design: latin_hypercube   # one_at_a_time, grid, latin_hypercube, morris, sobol
samples: 24
seed: 1
parameters:
{parameters}
budget: {{cases: 200, seconds_per_case: 120}}
"""
FIRST = ("fuel.price_usd_per_mmbtu", "load.load_factor_frac")
SPREAD_FRAC = 0.3


def beginning(shipped: str, sweep_id: str, scenario: str) -> str:
    """Text that a page begins with: a shipped sweep, one that was launched, or a fresh one on a scenario."""
    files = {file.stem: file for file in SHIPPED.glob("*.yaml")}
    if shipped in files:
        return files[shipped].read_text(encoding="utf-8")
    if sweep_id:
        try:
            return yaml.safe_dump(Sweeps().asked(sweep_id)["sweep"], sort_keys=False, allow_unicode=True)
        except StoreError:
            return fresh_text(scenario)
    return fresh_text(scenario)


def fresh_text(scenario: str) -> str:
    """A sweep to begin with, on a scenario of the library."""
    known = inputs_of(scenario) or inputs_of(scenario := "light-solar")
    lines = [f"  - {row_text(moving(known[path]))}" for path in FIRST if path in known]
    return FRESH.format(base=scenario, parameters="\n".join(lines))


def moving(place: Place) -> dict[str, Any]:
    """An input as it begins to move: around its base value, within what the schema allows."""
    if not place.numeric:
        values = [False, True] if place.kind == "flag" else list(place.choices) or [place.base]
        return {"path": place.path, "values": values}
    base = float(place.base) if place.base is not None else 1.0
    low, high = sorted((base * (1 - SPREAD_FRAC), base * (1 + SPREAD_FRAC))) if base else (0.0, 1.0)
    low = max(low, place.low if place.low is not None else low)
    high = min(high, place.high if place.high is not None else high)
    if place.kind == "integer":
        low, high = float(int(low)), float(max(int(high), int(low) + 1))
    return {"path": place.path, "range": [plain(float(f"{end:.4g}")) for end in (low, high)]}


def plain(value: Any) -> Any:
    """A number as a file has it: without `.0` where it is whole."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def options_of(scenario: str, without: Collection[str] = ()) -> list[dict[str, str]]:
    """Inputs of a scenario that can move and do not yet, for a list to choose from."""
    loaded, known = loaded_base(scenario), inputs_of(scenario)
    if loaded is None:
        return []
    free = [place for path, place in known.items() if problem_of(path, known, loaded.scenario) is None]
    return [
        {"label": f"{place.group}: {place.label}{'' if place.unit == '-' else f' ({place.unit})'}", "value": place.path,
         "search": f"{place.group} {place.label} {place.path}"}
        for place in free if place.kind != "text" and place.path not in without
    ]  # fmt: skip


def loaded_base(scenario: str) -> LoadedScenario | None:
    """A scenario of the library; None where there is none of that name, or it is not valid."""
    try:
        return Library().load(scenario) if scenario else None
    except InputError:
        return None


def inputs_of(scenario: str) -> dict[str, Place]:
    """Inputs of a scenario of the library by path."""
    loaded = loaded_base(scenario)
    return places(loaded.scenario) if loaded is not None else {}
