"""Shipped and own entries of the equipment catalogue, by key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from engine.catalogue.entry import Entry, Origin, numbers, to_technology
from engine.errors import InputError, Problem
from engine.files import slug, write_whole
from engine.scenario.equipment import Equipment
from engine.scenario.loading import home, merge, parse_yaml, validate_scenario

SHIPPED = Path(__file__).with_name("equipment.yaml")
OWN_SOURCE = "own figure"
NAME_LENGTH = 80
_ID = re.compile(r"^[a-z][a-z0-9_]{0,25}$")


class Catalogue:
    """Shipped and own entries.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Own entries; by default `home() / "equipment"`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else home() / "equipment"

    def entries(self) -> list[Entry]:
        """All sound entries: shipped ones in the catalogue's order, then own ones by name."""
        own = [read_own(path) for path in self._own().values() if not self._damage(path)]
        return [*shipped().values(), *sorted(own, key=lambda entry: (entry.name.lower(), entry.key))]

    def damaged(self) -> list[tuple[str, str]]:
        """Own files that are no entry, each with what is wrong."""
        return [(path.stem, reason) for path in self._own().values() if (reason := self._damage(path))]

    def get(self, key: str) -> Entry:
        """One entry.

        Raises
        ------
        InputError
            No such key, or with every problem of an own entry.
        """
        known, own = shipped(), self._own()
        if key in known:
            return known[key]
        if key not in own:
            near = difflib.get_close_matches(key, [*known, *own], n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise InputError(f'Equipment "{key}"', [Problem("", f"is not in the catalogue{hint}.")])
        return read_own(own[key])

    def add(
        self,
        name: str,
        technology: Mapping[str, Any],
        *,
        summary: str = "",
        technology_id: str = "",
        origins: Mapping[str, Origin] | None = None,
    ) -> str:
        """Keep an own entry under a new key.

        Raises
        ------
        InputError
            With every problem; nothing is written.
        """
        text = _own_text(name, summary, technology_id or str(technology.get("kind", "")), technology, origins or {})
        stem, number = slug(name, "equipment"), 1
        key = stem
        while key in shipped() or not write_whole(self.folder / f"{key}.yaml", text.encode(), replace=False):
            number += 1
            key = f"{stem}-{number}"
        return key

    def copy(self, key: str) -> str:
        """Start an own entry from another one; its figures keep their sources."""
        entry = self.get(key)
        taken = {one.name for one in self.entries()}
        stem = f"{entry.name[: NAME_LENGTH - 9]} copy"
        name = next(name for name in (stem, *(f"{stem} {number}" for number in range(2, 1000))) if name not in taken)
        return self.add(
            name, entry.stated, summary=entry.summary, technology_id=entry.technology_id, origins=entry.origins
        )

    def edit(self, key: str, name: str, technology: Mapping[str, Any], *, summary: str = "") -> None:
        """Replace an own entry; a figure that changed is the planner's own from then on.

        Raises
        ------
        InputError
            With every problem; nothing is written.
        """
        before = self._changeable(key, "changed")
        after = validated(name, technology)
        old = {path: value for path, _, value in numbers(before.technology)}
        own = Origin(name=after.source or OWN_SOURCE, status="own")
        changed = {path: own for path, _, value in numbers(after) if old.get(path) != value}
        text = _own_text(name, summary, before.technology_id, technology, {**before.origins, **changed})
        write_whole(self.folder / f"{key}.yaml", text.encode())

    def delete(self, key: str) -> None:
        """Remove an own entry; scenarios that took its figures keep them."""
        self._changeable(key, "deleted")
        self._own()[key].unlink(missing_ok=True)

    def _changeable(self, key: str, what: str) -> Entry:
        entry = self.get(key)
        if entry.shipped:
            message = f"comes with Firmwatt and cannot be {what}; copy it and work on the copy."
            raise InputError(f'Equipment "{key}"', [Problem("", message)])
        return entry

    def _own(self) -> dict[str, Path]:
        """Files by key; an own file with a shipped entry's key is left out."""
        return {path.stem: path for path in sorted(self.folder.glob("*.yaml")) if path.stem not in shipped()}

    @staticmethod
    def _damage(path: Path) -> str:
        try:
            read_own(path)
        except InputError as error:
            return " ".join(str(problem) for problem in error.problems)
        return ""


def shipped() -> dict[str, Entry]:
    """Entries of `equipment.yaml` by key; `like` is resolved in the file's order."""
    if not _SHIPPED:
        data = parse_yaml(SHIPPED.read_text(encoding="utf-8"), source=SHIPPED.name)
        sources = {key: Origin.model_validate(source) for key, source in data["sources"].items()}
        complete: dict[str, dict[str, Any]] = {}
        for key, stated in data["entries"].items():
            complete[key] = _over(complete.get(stated.get("like")), _by_field(stated, sources))
        _SHIPPED.update({key: _entry(key, mapping, shipped=True) for key, mapping in complete.items()})
    return _SHIPPED


_SHIPPED: dict[str, Entry] = {}


def read_own(path: Path) -> Entry:
    """An own entry.

    Raises
    ------
    InputError
        With every problem of it.
    """
    try:
        data = parse_yaml(path.read_text(encoding="utf-8"), source=path.name)
        origins = {name: Origin.model_validate(origin) for name, origin in (data.get("origins") or {}).items()}
    except (OSError, UnicodeDecodeError, AttributeError, ValidationError) as error:
        problem = Problem("", f"cannot be read as an entry of the catalogue: {error}. Delete it or mend the file.")
        raise InputError(path.name, [problem]) from None
    return _entry(path.stem, {**data, "origins": origins}, shipped=False)


def validated(name: str, technology: Mapping[str, Any]) -> Equipment:
    """Check a name and a technology block by the scenario's own schema.

    Raises
    ------
    InputError
        With every problem; places begin with `technologies.equipment`.
    """
    loaded = validate_scenario({"name": name, "technologies": {"equipment": technology}}, source=name or "The entry")
    return loaded.scenario.technologies["equipment"]


def add_to_mapping(mapping: Mapping[str, Any], entry: Entry) -> tuple[dict[str, Any], str]:
    """Lay an entry into a scenario mapping under a free id.

    Returns
    -------
    (dict, str)
        The new mapping, and the technology's id in it.
    """
    technologies = dict(mapping.get("technologies") or {})
    stem = entry.technology_id
    names = (stem, *(f"{stem}_{number}" for number in range(2, 1000)))
    key = next(name for name in names if name not in technologies)
    return {**mapping, "technologies": {**technologies, key: to_technology(entry)}}, key


def _by_field(stated: Mapping[str, Any], sources: Mapping[str, Origin]) -> dict[str, Any]:
    """An entry as written, its origins turned from fields by source to source by field."""
    by_source = stated.get("origins") or {}
    origins = {field: sources[source] for source, fields in by_source.items() for field in fields}
    return {**stated, "origins": origins}


def _over(base: Mapping[str, Any] | None, change: Mapping[str, Any]) -> dict[str, Any]:
    return merge(base, change) if base else dict(change)


def _entry(key: str, data: Mapping[str, Any], *, shipped: bool) -> Entry:
    name = str(data.get("name") or "")
    stated = data.get("technology") or {}
    technology_id = str(data.get("id") or stated.get("kind", ""))
    if not _ID.match(technology_id):
        message = f'is "{technology_id}"; it must be lower-case letters, digits and _, 26 at most.'
        raise InputError(name or key, [Problem("id", message)])
    technology = validated(name, stated)
    summary = str(data.get("summary") or "")
    return Entry(key, name, summary, technology_id, shipped, technology, stated, data["origins"])


def _own_text(
    name: str, summary: str, technology_id: str, technology: Mapping[str, Any], origins: Mapping[str, Origin]
) -> str:
    """An own entry as YAML, once it is sound; numbers without a source are the planner's own."""
    checked = validated(name, technology)
    own = Origin(name=checked.source or OWN_SOURCE, status="own")
    stated = [path for path, info, value in numbers(checked) if info.get_default() != value]
    sources = dict.fromkeys(stated, own) | dict(origins)
    data = {
        "name": name,
        "summary": summary,
        "id": technology_id,
        "technology": checked.model_dump(mode="json"),
        "origins": {path: origin.model_dump() for path, origin in sources.items()},
    }
    _entry("", {**data, "origins": {}}, shipped=False)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
