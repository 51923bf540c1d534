"""Scenarios made from a scenario: a few fields changed, everything else as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.scenario.loading import merge

NAME_LENGTH = 80
DESCRIPTION_LENGTH = 400


def derived(
    scenario: Mapping[str, Any], overrides: Mapping[str, Any], *, name: str, description: str
) -> dict[str, Any]:
    """A scenario with other values at some places, named after the one it comes from.

    Parameters
    ----------
    scenario : mapping
        Resolved, as in a run's manifest.
    overrides : mapping
        Value by place, e.g. `{"limits.land_acres": 800}`.
    name : str
        What is added to the scenario's name.
    """
    changed = overlaid(scenario, overrides)
    stem = str(scenario["name"])[: NAME_LENGTH - len(name) - 2]
    return {**changed, "name": f"{stem}, {name}", "description": description[:DESCRIPTION_LENGTH]}


def overlaid(scenario: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario with other values at some places, its name as it was."""
    changed = dict(scenario)
    for place, value in overrides.items():
        changed = merge(changed, _nested(place, value))
    return changed


def relaxed(scenario: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario that a diagnosis makes of another, its changes in its description."""
    changes = "; ".join(f"{place} {_words(value)}" for place, value in overrides.items())
    return derived(scenario, overrides, name="relaxed", description=f"{scenario['name']} with {changes}.")


def earlier_grid(scenario: Mapping[str, Any], months: float = 12.0) -> dict[str, float]:
    """Overrides that bring every grid connection so many months forward; none where no connection has to wait."""
    leads = {
        key: float(data.get("lead_time_months", 0.0))
        for key, data in scenario["technologies"].items()
        if data.get("kind") == "grid" and data.get("enabled", True)
    }
    return {f"technologies.{key}.lead_time_months": max(0.0, lead - months) for key, lead in leads.items() if lead > 0}


def with_earlier_grid(scenario: Mapping[str, Any]) -> dict[str, Any] | None:
    """The scenario with its grid a year earlier; None where no connection has to wait."""
    overrides = earlier_grid(scenario)
    if not overrides:
        return None
    words = f"{scenario['name']} with the grid 12 months earlier."
    return derived(scenario, overrides, name="grid 12 months earlier", description=words)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _nested(place: str, value: Any) -> dict[str, Any]:
    for part in reversed(place.split(".")):
        value = {part: value}
    nested: dict[str, Any] = value
    return nested
