"""What somebody changed: a small, frozen record that survives a refresh and can be undone."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.forms.spec import FieldSpec, fields_by_path
from dashboard.forms.values import Unreadable, out_of_range, parse, show, show_plain
from engine.errors import Problem
from engine.scenario.schema import Scenario

MAX_UNDO = 60
_TECHNOLOGY = re.compile(r"technologies\.([^.]+)")


@dataclass(frozen=True)
class Draft:
    """Changes to one scenario.

    Attributes
    ----------
    changes : dict of str to Any
        New value by path. A whole technology (`technologies.x`) is a mapping when added, None when removed.
    typed : dict of str to str
        Text by path that could not be read: kept as typed, so that nothing is lost.
    history : tuple of dict
        Earlier states, oldest first.
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing changed and nothing unreadable."""
        return not self.changes and not self.typed

    @property
    def touched(self) -> set[str]:
        """Paths with a change or with text that could not be read."""
        return set(self.changes) | set(self.typed)

    def to_json(self) -> dict[str, Any]:
        """For the browser's session storage."""
        return {"changes": dict(self.changes), "typed": dict(self.typed), "history": list(self.history)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Draft:
        """Read back what `to_json` wrote; anything else is an empty draft."""
        if not isinstance(data, Mapping):
            return cls()
        history = data.get("history")
        return cls(
            _mapping(data.get("changes")),
            _mapping(data.get("typed")),
            tuple(_mapping(step) for step in history) if isinstance(history, list) else (),
        )


def apply(base: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """Lay a draft's changes over the scenario mapping it started from."""
    result = copy.deepcopy(dict(base))
    for path in sorted(draft.changes, key=lambda path: path.count(".")):
        _put(result, path, draft.changes[path])
    return result


def value_at(mapping: Mapping[str, Any], spec: FieldSpec) -> Any:
    """Value of a field in a scenario mapping; the schema's default where the mapping says nothing."""
    inner: Any = mapping
    for part in spec.path.split("."):
        if not isinstance(inner, Mapping) or part not in inner:
            return spec.default
        inner = inner[part]
    return inner


def type_into(base: Mapping[str, Any], draft: Draft, path: str, typed: Any) -> Draft:
    """Take what was typed into a field: a change, unreadable text, or (equal to the base) neither."""
    spec = fields_by_path(apply(base, draft)).get(path)
    if spec is None:
        return draft
    try:
        value = parse(spec, typed)
    except Unreadable:
        return _step(draft, draft.changes, {**draft.typed, path: str(typed)})
    started_from = value_at(apply(base, Draft(_technologies_of(draft))), spec)
    changes = {key: old for key, old in draft.changes.items() if key != path}
    if value != started_from or type(value) is bool is not type(started_from):
        changes[path] = value
    return _step(draft, changes, _without(draft.typed, path))


def reset(draft: Draft, path: str) -> Draft:
    """Give a field, or everything below a part, its base value again."""
    inside = [key for key in draft.touched if key == path or key.startswith(f"{path}.")]
    return _step(draft, _without(draft.changes, *inside), _without(draft.typed, *inside))


def undo(draft: Draft) -> Draft:
    """Take back the last step."""
    if not draft.history:
        return draft
    last = draft.history[-1]
    return Draft(_mapping(last.get("changes")), _mapping(last.get("typed")), draft.history[:-1])


def copy_technology(base: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Add a copy of a technology under a free id; what stands already is not copied."""
    technologies = apply(base, draft)["technologies"]
    stem = re.sub(r"_\d+$", "", key)
    number = next(number for number in range(2, 1000) if f"{stem}_{number}" not in technologies)
    data = copy.deepcopy(dict(technologies[key]))
    data["label"] = f"{data.get('label') or key} {number}"[:40]
    data.update({name: 0 for name in data if name.startswith("existing_")})
    return _step(draft, {**draft.changes, f"technologies.{stem}_{number}": data}, draft.typed)


def remove_technology(base: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Take a technology out; one that the base holds is marked as removed."""
    path = f"technologies.{key}"
    inside = [name for name in draft.touched if name == path or name.startswith(f"{path}.")]
    changes = _without(draft.changes, *inside)
    if key in (base.get("technologies") or {}):
        changes[path] = None
    return _step(draft, changes, _without(draft.typed, *inside))


def unreadable(base: Mapping[str, Any], draft: Draft) -> list[Problem]:
    """Problems of the texts that could not be read, place, value and remedy each."""
    specs = fields_by_path(apply(base, draft))
    problems = []
    for path, typed in draft.typed.items():
        if path not in specs:
            continue
        try:
            parse(specs[path], typed)
        except Unreadable as reason:
            said = f'is "{typed}"; {reason}.' if typed else f"is empty; {reason}."
            problems.append(Problem(path, said))
    return problems


def outside(mapping: Mapping[str, Any], draft: Draft) -> list[Problem]:
    """Problems of the changed numbers that leave their range, in the form's own writing (percent)."""
    specs = fields_by_path(mapping)
    values = {path: value_at(mapping, specs[path]) for path in draft.changes if path in specs}
    said = {path: out_of_range(specs[path], value) for path, value in values.items()}
    return [
        Problem(path, f"is {show_plain(specs[path], values[path])}; {words}.") for path, words in said.items() if words
    ]


def problem_of(spec: FieldSpec, draft: Draft, value: Any) -> str:
    """Say what is wrong with one field on its own; empty when nothing is."""
    typed = draft.typed.get(spec.path)
    if typed is None:
        return out_of_range(spec, value)
    try:
        parse(spec, typed)
    except Unreadable as reason:
        return str(reason)
    return ""


def shown(spec: FieldSpec, draft: Draft, value: Any) -> Any:
    """What the field shows: the text as typed when unreadable, else the value written out."""
    return draft.typed.get(spec.path, show(spec, value))


def complete(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Start of a new scenario: the schema's defaults under what is given."""
    defaults = Scenario(name="New").model_dump(mode="json")
    return {**defaults, **mapping}


def _step(before: Draft, changes: Mapping[str, Any], typed: Mapping[str, str]) -> Draft:
    if changes == before.changes and typed == before.typed:
        return before
    old = {"changes": dict(before.changes), "typed": dict(before.typed)}
    return replace(before, changes=dict(changes), typed=dict(typed), history=(*before.history, old)[-MAX_UNDO:])


def _technologies_of(draft: Draft) -> dict[str, Any]:
    """Only the added technologies: what a field inside one of them is compared with."""
    return {path: value for path, value in draft.changes.items() if _TECHNOLOGY.fullmatch(path) and value is not None}


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        inner = target.get(part)
        target[part] = inner if isinstance(inner, dict) else {}
        target = target[part]
    if value is None and _TECHNOLOGY.fullmatch(path):
        target.pop(last, None)
    else:
        target[last] = copy.deepcopy(value)


def _without(mapping: Mapping[str, Any], *paths: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in paths}


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
