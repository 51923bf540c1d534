"""The inputs of a resolved scenario as flat rows with labels and units, for showing and for comparing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from engine.scenario.demand_response import Product, Workload
from engine.scenario.loading import split_reference
from engine.scenario.schema import Scenario
from engine.scenario.technologies import KINDS

# Words about the scenario, not inputs of the plan.
_LEFT_OUT = {"name", "description", "schema_version"}
_LEFT_OUT_OF_TECHNOLOGIES = {"kind", "label", "source", "enabled"}
GROUPS = {
    "site": "Site",
    "load": "Load",
    "technologies": "Technologies",
    "demand_response": "Demand response",
    "fuel": "Fuel",
    "limits": "Limits",
    "money": "Money",
    "time": "Time",
    "solver": "Solver",
}
# Mappings by id inside a section: heading, and the model of one entry.
_BY_ID: dict[str, tuple[str, type[BaseModel]]] = {
    "load.workloads": ("Workloads", Workload),
    "demand_response.products": ("Demand response products", Product),
}


@dataclass(frozen=True)
class Input:
    """One input of a scenario.

    Attributes
    ----------
    place : str
        Path in the YAML, e.g. `technologies.solar.overnight_usd_per_kw`.
    group : str
        Heading: a section, or the technology's name.
    label, unit : str
        From the schema; the last part of the place and "-" for what the schema does not know.
    value : object
        As in the scenario; for a file reference, with the beginning of the content's hash.
    """

    place: str
    group: str
    label: str
    unit: str
    value: Any


def inputs(manifest: Mapping[str, Any]) -> list[Input]:
    """Inputs of a run in schema order.

    A technology that is not available contributes nothing; a file counts by its content.

    Parameters
    ----------
    manifest : mapping
        With `scenario` (resolved) and `files` (hash by reference).
    """
    scenario: Mapping[str, Any] = manifest["scenario"]
    files: Mapping[str, str] = manifest.get("files", {})
    rows: list[Input] = []
    for section, value in scenario.items():
        if section in _LEFT_OUT:
            continue
        if section == "technologies":
            rows += _technologies(value)
        else:
            annotation = Scenario.model_fields[section].annotation if section in Scenario.model_fields else None
            rows += _walk(value, section, GROUPS.get(section, section), _model(annotation))
    return [_with_hash(row, files) for row in rows]


def technology_name(key: str, data: Mapping[str, Any]) -> str:
    """Name of a technology as shown."""
    return str(data.get("label") or key.replace("_", " ").capitalize())


def available(scenario: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Technologies of a resolved scenario that may be built."""
    technologies = scenario.get("technologies", {})
    return {key: data for key, data in technologies.items() if data.get("enabled", True)}


def _technologies(technologies: Mapping[str, Mapping[str, Any]]) -> Iterator[Input]:
    for key, data in technologies.items():
        if not data.get("enabled", True):
            continue
        inner = {name: value for name, value in data.items() if name not in _LEFT_OUT_OF_TECHNOLOGIES}
        yield from _walk(inner, f"technologies.{key}", technology_name(key, data), KINDS.get(str(data.get("kind"))))


def _walk(value: Any, place: str, group: str, model: type[BaseModel] | None) -> Iterator[Input]:
    if not isinstance(value, Mapping):
        yield Input(place, group, place.rpartition(".")[2], "-", value)
        return
    for name, inner in value.items():
        inner_place = f"{place}.{name}"
        field = model.model_fields.get(name) if model else None
        if inner_place in _BY_ID and isinstance(inner, Mapping):
            heading, entry = _BY_ID[inner_place]
            for key, data in inner.items():
                words = key.replace("_", " ").capitalize()
                for row in _walk(data, f"{inner_place}.{key}", heading, entry):
                    yield replace(row, label=f"{words}, {row.label.lower()}")
        elif isinstance(inner, Mapping):
            yield from _walk(inner, inner_place, group, _model(field.annotation) if field else None)
        else:
            extra = field.json_schema_extra if field and isinstance(field.json_schema_extra, dict) else {}
            label = field.title if field and field.title else name
            yield Input(inner_place, group, label, str(extra.get("unit", "-")), inner)


def _model(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _with_hash(row: Input, files: Mapping[str, str]) -> Input:
    """Name a file together with the beginning of its content's hash: same name, other content, other input."""
    if not isinstance(row.value, str):
        return row
    for reference in (row.value, split_reference(row.value)[0]):
        if reference in files:
            return Input(row.place, row.group, row.label, row.unit, f"{row.value} #{files[reference][:8]}")
    return row
