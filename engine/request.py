"""What a solve process is given: resolved scenarios and their files, without the YAML they came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import InputError, Problem
from engine.scenario.fingerprint import ENGINE_VERSION, fingerprint
from engine.scenario.loading import InputFile, LoadedScenario
from engine.scenario.schema import Scenario


def packed(loaded: LoadedScenario) -> dict[str, Any]:
    """A loaded scenario as JSON: resolved, its files by absolute path and hash."""
    files = {key: {"path": str(file.path), "sha256": file.sha256} for key, file in loaded.files.items()}
    return {"scenario": loaded.scenario.model_dump(mode="json"), "files": files, "source": loaded.source}


def unpacked(parcel: Mapping[str, Any]) -> LoadedScenario:
    """Rebuild what `packed` wrote and hold its files against their promised hashes.

    Raises
    ------
    InputError
        A file is gone or has changed, or another version of Firmwatt wrote the scenario.
    """
    source, files, problems = str(parcel["source"]), {}, []
    for reference, file in parcel["files"].items():
        path, promised = Path(file["path"]), file["sha256"]
        if problem := _changed(path, promised):
            problems.append(Problem(reference, problem))
        files[reference] = InputFile(reference, path, promised)
    if problems:
        raise InputError(source, problems)
    try:
        scenario = Scenario.model_validate(dict(parcel["scenario"]))
    except ValidationError as error:
        message = f"was queued by another version of Firmwatt: {error}. Queue it again from the library."
        raise InputError(source, [Problem("", message)]) from None
    return LoadedScenario(scenario=scenario, files=files, source=source)


@dataclass(frozen=True)
class SolveRequest:
    """One solve to do.

    Attributes
    ----------
    scenario : dict
        Resolved, as JSON.
    files : dict of str to dict
        By reference: absolute `path` and the `sha256` that was promised.
    store : str
        Folder of the store that takes the run.
    source : str
        Name for messages.
    force : bool
        Solve although a stored run answers it.
    """

    scenario: Mapping[str, Any]
    files: Mapping[str, Mapping[str, str]]
    store: str
    source: str
    force: bool = False

    @classmethod
    def of(cls, loaded: LoadedScenario, store: Path, *, force: bool = False) -> SolveRequest:
        """The request that solves a loaded scenario."""
        return cls(**packed(loaded), store=str(store), force=force)

    @classmethod
    def from_json(cls, text: str) -> SolveRequest:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    def load(self) -> LoadedScenario:
        """Rebuild the scenario; raises as `unpacked` does."""
        return unpacked(dataclasses.asdict(self))


@dataclass(frozen=True)
class StudyRequest:
    """One study to do: a question asked of several solves of one or more scenarios.

    Attributes
    ----------
    kind : str
        Key of `engine.study.KINDS`.
    name : str
        As people see it.
    mark : str
        Same question, same mark: of the kind, the scenarios and the options.
    scenarios : tuple of dict
        As `packed` makes them.
    options : dict
        JSON; what it holds is the kind's own matter.
    studies : str
        Folder that takes the study.
    force : bool
        Do it again although it is stored.
    """

    kind: str
    name: str
    mark: str
    scenarios: tuple[Mapping[str, Any], ...]
    options: Mapping[str, Any]
    studies: str
    force: bool = False

    @classmethod
    def of(
        cls, kind: str, name: str, loaded: Sequence[LoadedScenario], options: Mapping[str, Any], studies: Path,
        *, force: bool = False,
    ) -> StudyRequest:  # fmt: skip
        """The request of a study on loaded scenarios."""
        # The solver's settings stand beside the fingerprint: another gap is another answer.
        asked = [(fingerprint(one), one.scenario.name, one.scenario.solver.model_dump(mode="json")) for one in loaded]
        text = json.dumps([ENGINE_VERSION, kind, asked, options], sort_keys=True)
        mark = hashlib.sha256(text.encode()).hexdigest()
        return cls(kind, name, mark, tuple(packed(one) for one in loaded), dict(options), str(studies), force)

    @property
    def study_id(self) -> str:
        """Name of its folder."""
        return study_id(self.kind, self.mark)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    def load(self) -> tuple[LoadedScenario, ...]:
        """Rebuild the scenarios; raises as `unpacked` does."""
        return tuple(unpacked(parcel) for parcel in self.scenarios)


def study_id(kind: str, mark: str) -> str:
    """Name of a study's folder; known before the study is done, so that a page can follow it."""
    return f"{kind}-{mark[:16]}"


def read_request(text: str) -> SolveRequest | StudyRequest:
    """Read what `to_json` of either request wrote."""
    content = json.loads(text)
    return StudyRequest(**content) if "kind" in content else SolveRequest(**content)


def _changed(path: Path, promised: str) -> str:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"cannot be read at {path} ({error.strerror}); put it back, or queue the scenario again."
    if found != promised:
        return f"has changed since the scenario was queued ({path}); queue the scenario again."
    return ""
