"""Scenarios that a run's page makes of the run's own: where what was made is said, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dash import dcc, html

from dashboard import data
from dashboard.ids import Run
from dashboard.owner import owner_id
from engine.derivation import relaxed, with_earlier_grid
from engine.job import Job
from engine.jobs import JobTable
from engine.library import Library
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import InputFile, LoadedScenario, validate_scenario
from engine.scenario.schema import Scenario

Manifest = Mapping[str, Any]
LEAST = "least"


def places() -> list[Any]:
    """Where the page goes next, and what it says when it cannot."""
    return [dcc.Location(id=Run.GO, refresh="callback-nav"), html.Div(id=Run.SAID, **{"aria-live": "polite"})]


def make_relaxed(manifest: Manifest, limit: str) -> str:
    """Save the scenario in which a limit gives way (`least`: the least change of all) and return its key.

    Raises
    ------
    InputError
        The library refuses it, e.g. because a file of the run is gone.
    """
    diagnosis = manifest["diagnosis"]
    ways = {remedy["limit"]: remedy["alone"] for remedy in diagnosis["remedies"] if remedy["alone"]}
    overrides = diagnosis["overrides"] if limit == LEAST else ways[limit]["overrides"]
    return Library().save(relaxed(manifest["scenario"], overrides))


def queue_earlier_grid(manifest: Manifest) -> Job:
    """Queue the scenario with the earlier grid for whoever asks."""
    mapping = with_earlier_grid(manifest["scenario"])
    assert mapping is not None
    loaded = validate_scenario(mapping, source=str(mapping["name"]))
    return JobTable().submit(loaded, owner_id(), store=data.store())  # type: ignore[arg-type]


def earlier_run(manifest: Manifest) -> Manifest | None:
    """The stored run of the scenario with the earlier grid, if there is one that can be trusted."""
    mapping = with_earlier_grid(manifest["scenario"])
    if mapping is None:
        return None
    files = {reference: InputFile(reference, Path(reference), sha) for reference, sha in manifest["files"].items()}
    mark = fingerprint(LoadedScenario(Scenario.model_validate(mapping), files, str(mapping["name"])))
    return next((run for run in data.runs() if run["fingerprint"] == mark and run["verification"]["passed"]), None)
