"""What somebody changed: the texts as typed, kept in the browser, and what they mean laid over a scenario."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.forms.spec import FieldSpec, fields_by_path
from dashboard.forms.values import Unreadable, out_of_range, parse, show
from engine.catalogue import Entry, add_to_mapping
from engine.scenario.schema import Scenario

MAX_UNDO = 60  # assets/editor.js holds the same number


@dataclass(frozen=True)
class Draft:
    """Changes to one scenario, as the browser keeps them.

    Attributes
    ----------
    texts : dict of str to Any
        What was typed, by path, readable or not, so that nothing is lost. Switches hold a bool.
    parts : dict of str to (dict or None)
        Whole parts of the scenario: a mapping when added, None when removed. Technologies by id, anything else by its
        path, e.g. "load.workloads.batch".
    history : tuple of dict
        Earlier `{texts, parts}`, oldest first.
    undone : tuple of dict
        What was taken back since the last change, the last one last. Two drafts of the same changes are the same.
    """

    texts: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Mapping[str, Any], ...] = ()
    undone: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was touched."""
        return not self.texts and not self.parts

    def to_json(self) -> dict[str, Any]:
        """For the browser's session storage."""
        return {**_content(self), "history": list(self.history), "undone": list(self.undone)}

    @classmethod
    def from_json(cls, data: Any) -> Draft:
        """Read back what `to_json` wrote; anything else is an empty draft."""
        if not isinstance(data, Mapping):
            return cls()
        history, undone = _steps(data.get("history")), _steps(data.get("undone"))
        return cls(_mapping(data.get("texts")), _mapping(data.get("parts")), history, undone)


@dataclass(frozen=True)
class Edited:
    """A draft laid over the scenario it started from.

    Attributes
    ----------
    started : dict
        The scenario before any field was changed; added technologies in, removed ones out.
    mapping : dict
        The scenario as it would be saved; fields that cannot be read stay as they started.
    changes : dict of str to Any
        New value of each field that differs.
    unreadable : dict of str to str
        What is wrong with each text that is no value.
    """

    started: dict[str, Any]
    mapping: dict[str, Any]
    changes: Mapping[str, Any]
    unreadable: Mapping[str, str]


def read(base: Mapping[str, Any], draft: Draft) -> Edited:
    """Lay a draft over the scenario mapping it started from."""
    started = _with_parts(base, draft.parts)
    specs = fields_by_path(started)
    changes: dict[str, Any] = {}
    unreadable: dict[str, str] = {}
    for path, text in draft.texts.items():
        if path not in specs:
            continue
        try:
            value = parse(specs[path], text)
        except Unreadable as reason:
            unreadable[path] = str(reason)
            continue
        if value != value_at(started, specs[path]):
            changes[path] = value
    mapping = copy.deepcopy(started)
    for path, value in changes.items():
        put(mapping, path, value)
    return Edited(started, mapping, changes, unreadable)


def value_at(mapping: Mapping[str, Any], spec: FieldSpec) -> Any:
    """Value of a field in a scenario mapping; the schema's default where the mapping says nothing."""
    inner: Any = mapping
    for part in spec.path.split("."):
        if not isinstance(inner, Mapping) or part not in inner:
            return spec.default
        inner = inner[part]
    return inner


def shown(spec: FieldSpec, draft: Draft, started: Mapping[str, Any]) -> Any:
    """What the field holds: the text as typed, else the value it started from written out."""
    return draft.texts.get(spec.path, show(spec, value_at(started, spec)))


def problem_of(spec: FieldSpec, edited: Edited) -> str:
    """Say what is wrong with one changed field by itself; empty when nothing is."""
    if spec.path in edited.unreadable:
        return edited.unreadable[spec.path]
    return out_of_range(spec, edited.changes[spec.path]) if spec.path in edited.changes else ""


def type_into(draft: Draft, path: str, text: Any) -> Draft:
    """Take what was typed into a field."""
    return _step(draft, {**draft.texts, path: text}, draft.parts)


def retype(draft: Draft, texts: Mapping[str, Any]) -> Draft:
    """Take other texts for all that were typed, in one step."""
    return _step(draft, texts, draft.parts)


def reset(draft: Draft, path: str) -> Draft:
    """Give a field, or everything below a part, back what it started from."""
    texts = {key: text for key, text in draft.texts.items() if key != path and not key.startswith(f"{path}.")}
    return _step(draft, texts, _without(draft.parts, path.removeprefix("technologies.")))


def undo(draft: Draft) -> Draft:
    """Take back the last step."""
    if not draft.history:
        return draft
    last = draft.history[-1]
    undone = (*draft.undone, _content(draft))
    return Draft(_mapping(last.get("texts")), _mapping(last.get("parts")), draft.history[:-1], undone)


def redo(draft: Draft) -> Draft:
    """Make the step again that was taken back last."""
    if not draft.undone:
        return draft
    again = draft.undone[-1]
    history = (*draft.history, _content(draft))[-MAX_UNDO:]
    return Draft(_mapping(again.get("texts")), _mapping(again.get("parts")), history, draft.undone[:-1])


def discard(draft: Draft) -> Draft:
    """Take back everything, in one step that can be undone."""
    return _step(draft, {}, {})


def copy_technology(base: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Add a copy of a technology under a free id; what stands already is not copied."""
    technologies = read(base, draft).mapping["technologies"]
    stem = re.sub(r"_\d+$", "", key)[:26]
    number = next(number for number in range(2, 1000) if f"{stem}_{number}" not in technologies)
    data = copy.deepcopy(dict(technologies[key]))
    data["label"] = f"{str(data.get('label') or key)[:36]} {number}"
    data.update({name: 0 for name in data if name.startswith("existing_")})
    return _step(draft, draft.texts, {**draft.parts, f"{stem}_{number}": data})


def add_technology(base: Mapping[str, Any], draft: Draft, entry: Entry) -> tuple[Draft, str]:
    """Add a technology of the catalogue; its id in the scenario comes with the draft."""
    mapping, key = add_to_mapping(read(base, draft).mapping, entry)
    return _step(draft, draft.texts, {**draft.parts, key: mapping["technologies"][key]}), key


def remove_technology(base: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Take a technology out; one that the base holds is marked as removed."""
    return remove_part(base, draft, key)


def add_part(draft: Draft, key: str, data: Mapping[str, Any]) -> Draft:
    """Add a whole part under a free id; what was typed into one of that name before is dropped."""
    return _step(draft, _without_part(draft.texts, key), {**draft.parts, key: dict(data)})


def remove_part(base: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Take a part out; one that the base holds is marked as removed."""
    parts = _without(draft.parts, key)
    *parents, name = part_path(key).split(".")
    if name in _inner(base, parents):
        parts[key] = None
    return _step(draft, _without_part(draft.texts, key), parts)


def part_path(key: str) -> str:
    """Place of a part in the scenario: a plain key is a technology's id."""
    return key if "." in key else f"technologies.{key}"


def complete(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Start of a new scenario: the schema's defaults under what is given."""
    return {**Scenario(name="New scenario").model_dump(mode="json"), **mapping}


def _step(before: Draft, texts: Mapping[str, Any], parts: Mapping[str, Any]) -> Draft:
    if texts == before.texts and parts == before.parts:
        return before
    return Draft(dict(texts), dict(parts), (*before.history, _content(before))[-MAX_UNDO:])


def _content(draft: Draft) -> dict[str, Any]:
    return {"texts": dict(draft.texts), "parts": dict(draft.parts)}


def _steps(data: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(_mapping(step) for step in data) if isinstance(data, list) else ()


def _with_parts(base: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    started = copy.deepcopy(dict(base))
    for key, data in parts.items():
        *parents, name = part_path(key).split(".")
        holder = _inner(started, parents)
        if data is not None:
            put(started, part_path(key), data)
        elif name in holder:
            put(started, ".".join(parents), _without(holder, name))
    return started


def _inner(mapping: Mapping[str, Any], path: list[str]) -> Mapping[str, Any]:
    """The mapping at a path; empty where there is none."""
    inner: Any = mapping
    for part in path:
        inner = inner.get(part) if isinstance(inner, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _without_part(texts: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {path: text for path, text in texts.items() if not path.startswith(f"{part_path(key)}.")}


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a path of a scenario mapping."""
    *parents, last = path.split(".")
    for part in parents:
        inner = target.get(part)
        target[part] = inner if isinstance(inner, dict) else {}
        target = target[part]
    target[last] = copy.deepcopy(value)


def _without(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
