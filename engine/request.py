"""What a solve process is given: a resolved scenario and its files, without the YAML they came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import InputError, Problem
from engine.scenario.loading import InputFile, LoadedScenario
from engine.scenario.schema import Scenario


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
        files = {key: {"path": str(file.path), "sha256": file.sha256} for key, file in loaded.files.items()}
        return cls(loaded.scenario.model_dump(mode="json"), files, str(store), loaded.source, force)

    @classmethod
    def from_json(cls, text: str) -> SolveRequest:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    def load(self) -> LoadedScenario:
        """Rebuild the scenario and hold its files against their promised hashes.

        Raises
        ------
        InputError
            A file is gone or has changed, or another version of Firmwatt wrote the scenario.
        """
        files, problems = {}, []
        for reference, file in self.files.items():
            path, promised = Path(file["path"]), file["sha256"]
            if problem := _changed(path, promised):
                problems.append(Problem(reference, problem))
            files[reference] = InputFile(reference, path, promised)
        if problems:
            raise InputError(self.source, problems)
        try:
            scenario = Scenario.model_validate(dict(self.scenario))
        except ValidationError as error:
            message = f"was queued by another version of Firmwatt: {error}. Queue it again from the library."
            raise InputError(self.source, [Problem("", message)]) from None
        return LoadedScenario(scenario=scenario, files=files, source=self.source)


def _changed(path: Path, promised: str) -> str:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"cannot be read at {path} ({error.strerror}); put it back, or queue the scenario again."
    if found != promised:
        return f"has changed since the scenario was queued ({path}); queue the scenario again."
    return ""
