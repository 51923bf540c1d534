"""The fingerprint: same inputs, same files, same engine, same number."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine.scenario.loading import LoadedScenario

# Raised whenever the model or its results change, so that older runs are not taken for new ones.
ENGINE_VERSION = "2"

_LEFT_OUT = {"name", "description", "solver", "schema_version"}


def fingerprint(loaded: LoadedScenario) -> str:
    """SHA-256 over resolved inputs, content of input files and engine version.

    Names, descriptions and solver settings are left out: they do not change the plan that is looked for.
    Disabled technologies are left out too.
    """
    scenario = loaded.scenario
    content: dict[str, Any] = scenario.model_dump(mode="json", exclude=_LEFT_OUT)
    content["technologies"] = {
        key: {name: value for name, value in content["technologies"][key].items() if name not in {"label", "source"}}
        for key in scenario.active_technologies
    }
    hashes = {reference: file.sha256 for reference, file in loaded.files.items()}
    text = json.dumps(_with_hashes(content, hashes), sort_keys=True)
    return hashlib.sha256(f"{ENGINE_VERSION}\n{text}".encode()).hexdigest()


def _with_hashes(value: Any, hashes: dict[str, str]) -> Any:
    """Replace the file in each `file:column` (or bare file) by its content hash."""
    if isinstance(value, dict):
        return {key: _with_hashes(item, hashes) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_hashes(item, hashes) for item in value]
    if isinstance(value, str):
        for reference, sha256 in hashes.items():
            if value == reference or value.startswith(f"{reference}:"):
                return sha256 + value[len(reference) :]
    return value
