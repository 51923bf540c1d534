"""The scenario library: shipped scenarios beside the user's own, by key."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.errors import InputError, Problem
from engine.files import slug, write_whole
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import (
    SHIPPED_SCENARIOS,
    LoadedScenario,
    home,
    load_scenario,
    merge,
    parse_yaml,
    read_mapping,
    to_yaml,
    validate_scenario,
)

MAX_UPLOAD_BYTES = 64 * 2**20
MAX_YAML_BYTES = 2**20
# Aliases that repeat aliases grow like a power of their number; twenty stay below some two thousand nodes.
MAX_YAML_ALIASES = 20
NAME_LENGTH = 80


@dataclass(frozen=True)
class Entry:
    """One scenario of the library.

    Attributes
    ----------
    key : str
        Name of its file without `.yaml`; stable, also when the scenario is renamed.
    name, description : str
        As the scenario states them; the key where it states no name.
    shipped : bool
        Comes with Firmwatt: it can be read and duplicated, not changed.
    path : pathlib.Path
    problems : tuple of Problem
        Everything that keeps it from being solved; empty for a sound one.
    fingerprint : str
        Of a sound one, else empty: ties the entry to its runs and jobs.
    """

    key: str
    name: str
    description: str
    shipped: bool
    path: Path
    problems: tuple[Problem, ...]
    fingerprint: str


class Library:
    """Shipped and own scenarios.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Own scenarios; by default `home() / "scenarios"`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else home() / "scenarios"
        self.uploads = home() / "uploads"

    def entries(self) -> list[Entry]:
        """All scenarios: shipped ones first (`base` leads), then own ones by name."""
        return list(_entries(tuple(self._paths().items()), _state(self._folders())))

    def load(self, key: str) -> LoadedScenario:
        """Read and validate one scenario.

        Raises
        ------
        InputError
            No such key, or with every problem of the scenario.
        """
        return load_scenario(self.path(key))

    def mapping(self, key: str) -> dict[str, Any]:
        """Read one scenario with `extends` merged, unvalidated: where an editor starts."""
        return read_mapping(self.path(key))

    def save(self, mapping: Mapping[str, Any], *, key: str | None = None) -> str:
        """Validate a scenario and write it, complete with its defaults.

        Parameters
        ----------
        mapping : dict
            Resolved (nothing extended).
        key : str, optional
            The own scenario to replace. Without it a new key is made from the name; nothing is overwritten.

        Returns
        -------
        str
            The key it was written under.

        Raises
        ------
        InputError
            With every problem; nothing is written.
        """
        source = str(mapping.get("name") or "The scenario")
        loaded = validate_scenario(mapping, source=source, folders=self._folders())
        text = to_yaml(loaded.scenario)
        if key is None:
            return self._write_new(slug(loaded.scenario.name, "scenario"), text)
        if self._is_shipped(key):
            raise self._refusal(key, "changed")
        self._check_key(key)
        write_whole(self.folder / f"{key}.yaml", text.encode())
        return key

    def rename(self, key: str, name: str) -> str:
        """Give an own scenario another name; its key, and every link to it, stays."""
        if self._is_shipped(key):
            raise self._refusal(key, "renamed")
        return self.save({**self.mapping(key), "name": name.strip()}, key=key)

    def duplicate(self, key: str, name: str | None = None) -> str:
        """Copy a scenario, shipped or own, to a new own one and return its key."""
        mapping = self.mapping(key)
        return self.save({**mapping, "name": name or self._copy_name(str(mapping.get("name") or key))})

    def delete(self, key: str) -> None:
        """Delete an own scenario; its runs stay in the store."""
        if self._is_shipped(key):
            raise self._refusal(key, "deleted")
        self.path(key).unlink(missing_ok=True)

    def import_yaml(self, text: str, filename: str) -> str:
        """Take a YAML text into the library: `extends` resolved against it, everything validated.

        Returns
        -------
        str
            The new key.

        Raises
        ------
        InputError
            With every problem; nothing is written.
        """
        source = _safe_name(filename)
        mapping = _parse_bounded(text, source)
        parent = mapping.pop("extends", None)
        if parent is not None:
            mapping = merge(self._parent(str(parent), source), mapping)
        loaded = validate_scenario(mapping, source=source, folders=self._folders())
        return self._write_new(slug(loaded.scenario.name, "scenario"), to_yaml(loaded.scenario))

    def export_yaml(self, key: str) -> str:
        """One scenario as self-contained YAML (nothing extended, defaults written out)."""
        return to_yaml(self.load(key).scenario)

    def save_upload(self, filename: str, content: bytes) -> str:
        """Keep an uploaded file by the hash of its content.

        Returns
        -------
        str
            The reference that a scenario writes, `{sha256[:12]}-{name}`; a column goes behind it: `reference:column`.
        """
        name = _safe_name(filename)
        if not content:
            raise InputError(name, [Problem("", "The file is empty; choose one with hourly values.")])
        if len(content) > MAX_UPLOAD_BYTES:
            size, most = len(content) / 2**20, MAX_UPLOAD_BYTES // 2**20
            raise InputError(name, [Problem("", f"The file has {size:.1f} MiB; at most {most} MiB can be uploaded.")])
        reference = f"{hashlib.sha256(content).hexdigest()[:12]}-{name}"
        path = self.uploads / reference
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
        return reference

    def _paths(self) -> dict[str, Path]:
        """File of each key. A shipped scenario keeps its key: an own file of that name is left out."""
        own = {path.stem: path for path in sorted(self.folder.glob("*.yaml"))}
        return own | {path.stem: path for path in sorted(SHIPPED_SCENARIOS.glob("*.yaml"))}

    def path(self, key: str) -> Path:
        """File of a scenario.

        Raises
        ------
        InputError
            No such key.
        """
        # Looked up among the files that are there, never joined to a path: a key cannot lead out of the folders.
        paths = self._paths()
        if key not in paths:
            near = _near(key, list(paths))
            raise InputError(f'Scenario "{key}"', [Problem("", f"is not in the library{near}.")])
        return paths[key]

    def _parent(self, name: str, source: str) -> dict[str, Any]:
        key = name.removesuffix(".yaml").removesuffix(".yml")
        paths = self._paths()
        if key not in paths:
            near = _near(key, list(paths))
            raise InputError(source, [Problem("extends", f'is "{name}", which is not in the library{near}.')])
        return read_mapping(paths[key])

    def _is_shipped(self, key: str) -> bool:
        return key in {path.stem for path in SHIPPED_SCENARIOS.glob("*.yaml")}

    @staticmethod
    def _refusal(key: str, what: str) -> InputError:
        message = f"comes with Firmwatt and cannot be {what}; duplicate it and work on the copy."
        return InputError(f'Scenario "{key}"', [Problem("", message)])

    def _check_key(self, key: str) -> None:
        if key not in self._paths() and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", key):
            raise InputError(f'Scenario "{key}"', [Problem("", "is no key; use letters, digits and dashes.")])

    def _folders(self) -> tuple[Path, ...]:
        return (self.folder.resolve(), SHIPPED_SCENARIOS, home() / "scenarios", self.uploads)

    def _copy_name(self, name: str) -> str:
        """`Base copy`, `Base copy 2`, ...: the first that is free."""
        taken = {entry.name for entry in self.entries()}
        stem = f"{name[: NAME_LENGTH - 9]} copy"
        number, candidate = 1, stem
        while candidate in taken:
            number += 1
            candidate = f"{stem} {number}"
        return candidate

    def _write_new(self, stem: str, text: str) -> str:
        """Write under the first free key; two writers at once get two keys."""
        number, key = 1, stem
        while self._is_shipped(key) or not write_whole(self.folder / f"{key}.yaml", text.encode(), replace=False):
            number += 1
            key = f"{stem}-{number}"
        return key


def _state(folders: tuple[Path, ...]) -> tuple[tuple[str, int, int, int], ...]:
    """What tells whether any file in the folders is another one than before."""
    files = (path for folder in folders for path in sorted(folder.rglob("*")))
    found = []
    for path in files:
        try:
            status = path.stat()
        except FileNotFoundError:
            continue  # deleted between the listing and the look
        found.append((str(path), status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)


@lru_cache(maxsize=4)
def _entries(paths: tuple[tuple[str, Path], ...], _state: object) -> tuple[Entry, ...]:
    """Entries of scenario files, in the library's order; read again only when a file of its folders has changed."""
    found = [_entry(key, path) for key, path in paths]
    return tuple(
        sorted(found, key=lambda entry: (not entry.shipped, entry.key != "base", entry.name.lower(), entry.key))
    )


def _entry(key: str, path: Path) -> Entry:
    shipped = path.parent == SHIPPED_SCENARIOS
    try:
        loaded = load_scenario(path)
    except InputError as error:
        name, description = _stated(path, key)
        return Entry(key, name, description, shipped, path, tuple(error.problems), "")
    scenario = loaded.scenario
    return Entry(key, scenario.name, scenario.description, shipped, path, (), fingerprint(loaded))


def _stated(path: Path, key: str) -> tuple[str, str]:
    """Name and description of a scenario that does not validate, as far as it can be read."""
    try:
        mapping = read_mapping(path)
    except InputError:
        return key, ""
    return str(mapping.get("name") or key)[:NAME_LENGTH], str(mapping.get("description") or "")


def _safe_name(filename: str) -> str:
    """The last part of a file name, without what a path, a shell or `file:column` would read into it."""
    last = re.split(r"[/\\]", filename)[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip(".")[-80:] or "file"


def _near(key: str, keys: list[str]) -> str:
    near = difflib.get_close_matches(key, keys, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _parse_bounded(text: str, source: str) -> dict[str, Any]:
    """Parse a stranger's YAML without letting it fill memory or stack."""
    if len(text.encode(errors="replace")) > MAX_YAML_BYTES:
        raise InputError(source, [Problem("", "The file is larger than 1 MiB; a scenario has some ten kilobytes.")])
    try:
        mapping = parse_yaml(text, source=source)
        aliases = sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader))
    except RecursionError:
        raise InputError(source, [Problem("", "The file is nested too deeply to be a scenario.")]) from None
    if aliases > MAX_YAML_ALIASES:
        message = f"The file has {aliases} YAML aliases (*name); at most {MAX_YAML_ALIASES} are read. Write them out."
        raise InputError(source, [Problem("", message)])
    return mapping
