"""Scenarios with other values at some places, from a loaded one or a stored run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError, Problem
from engine.inputs import inputs
from engine.scenario.loading import InputFile, LoadedScenario, default_folders, validate_scenario

Manifest = Mapping[str, Any]
NAME_LENGTH = 80
GONE = object()  # a value that takes its place away


def scenario_of_run(manifest: Manifest) -> LoadedScenario:
    """The scenario that a stored run was solved for, with the files it was solved with.

    Raises
    ------
    InputError
        A file is gone or holds something else by now.
    """
    loaded = validate_scenario(manifest["scenario"], source=str(manifest["name"]))
    problems = [
        Problem(reference, "holds something else than when the run was solved; solve the scenario again.")
        for reference, sha256 in manifest.get("files", {}).items()
        if reference in loaded.files and loaded.files[reference].sha256 != sha256
    ]
    if problems:
        raise InputError(loaded.source, problems)
    return loaded


def mapping_of(loaded: LoadedScenario) -> dict[str, Any]:
    """A loaded scenario as plain data."""
    return loaded.scenario.model_dump(mode="json")


def value_at(mapping: Mapping[str, Any], place: str) -> Any:
    """Value at a dotted place; `GONE` where there is none."""
    found: Any = mapping
    for part in place.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return GONE
        found = found[part]
    return found


def placed(mapping: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with other values at some places; `GONE` takes a place away."""
    changed = dict(mapping)
    for place, value in values.items():
        head, _, rest = place.partition(".")
        if rest:
            inner = changed.get(head)
            changed[head] = placed(inner if isinstance(inner, Mapping) else {}, {rest: value})
        elif value is GONE:
            changed.pop(head, None)
        else:
            changed[head] = value
    return changed


def variant(loaded: LoadedScenario, values: Mapping[str, Any], name: str) -> LoadedScenario:
    """The scenario with other values at some places.

    Raises
    ------
    InputError
        A place is no input of the scenario, or a value is refused; every problem at once.
    """
    mapping = mapping_of(loaded)
    if problems := unknown_places(loaded, values):
        raise InputError(name, problems)
    return validated({**placed(mapping, values), "name": name[:NAME_LENGTH]}, loaded.files.values(), source=name)


def validated(mapping: Mapping[str, Any], files: Iterable[InputFile], *, source: str) -> LoadedScenario:
    """Validate plain data whose files stand where those files were found."""
    folders = dict.fromkeys(folder for file in files if (folder := _folder(file)) is not None)
    return validate_scenario(mapping, source=source, folders=(*folders, *default_folders()))


def unknown_places(loaded: LoadedScenario, places: Iterable[str]) -> list[Problem]:
    """A problem for each place that is no input of the scenario."""
    known = [row.place for row in inputs({"scenario": mapping_of(loaded)})]
    known += [f"technologies.{key}.enabled" for key in loaded.scenario.technologies]
    problems = []
    for place in places:
        if place not in known:
            close = difflib.get_close_matches(place, known, n=3, cutoff=0.5)
            hint = f"; did you mean {' or '.join(close)}?" if close else "."
            problems.append(Problem(place, f"is no input of {loaded.scenario.name}{hint}"))
    return problems


def _folder(file: InputFile) -> Path | None:
    """Folder in which a file's reference resolves to it."""
    depth = len(Path(file.reference).parts)
    parents = file.path.resolve().parents
    return parents[depth - 1] if depth <= len(parents) else None
