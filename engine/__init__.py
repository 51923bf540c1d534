"""Firmwatt's engine: plans the power of AI datacenters.

>>> from engine import load_scenario, solve, Store
>>> run = solve(load_scenario("scenarios/light-gas.yaml"))  # doctest: +SKIP
>>> Store().table(run.run_id, "capacity")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import FirmwattError, InputError, SolveFailed, StoreError

if TYPE_CHECKING:
    from engine.pipeline import Run, solve
    from engine.scenario.loading import LoadedScenario, load_scenario
    from engine.store import Store

__all__ = [
    "FirmwattError",
    "InputError",
    "LoadedScenario",
    "Run",
    "SolveFailed",
    "Store",
    "StoreError",
    "load_scenario",
    "solve",
]

_HOMES = {
    "Run": "engine.pipeline",
    "solve": "engine.pipeline",
    "LoadedScenario": "engine.scenario.loading",
    "load_scenario": "engine.scenario.loading",
    "Store": "engine.store",
}


def __getattr__(name: str) -> Any:
    """Import on first use: the dashboard reads stores without loading a solver."""
    if name not in _HOMES:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
