"""Everything that is not yet valid in a draft, each with the field it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.forms.draft import Draft, apply, outside, unreadable
from dashboard.forms.spec import FieldSpec, sections
from engine.errors import InputError, Problem
from engine.scenario.loading import LoadedScenario, validate_scenario


@dataclass(frozen=True)
class FieldProblem:
    """A problem as the form shows it.

    Attributes
    ----------
    path : str
        Field (or part) to go to; empty when none is known.
    where : str
        In words, e.g. "Site and load: PUE".
    message : str
        Value and remedy.
    """

    path: str
    where: str
    message: str


@dataclass(frozen=True)
class Checked:
    """A draft laid over its base and looked at.

    Attributes
    ----------
    mapping : dict
        The scenario as it would be saved (unreadable fields at their base value).
    loaded : LoadedScenario or None
        When it is valid.
    problems : tuple of FieldProblem
        Otherwise: all of them.
    """

    mapping: dict[str, Any]
    loaded: LoadedScenario | None
    problems: tuple[FieldProblem, ...]


def check(base: Mapping[str, Any], draft: Draft, *, source: str = "This scenario") -> Checked:
    """Validate a draft; unreadable text counts as a problem too."""
    mapping = apply(base, draft)
    found = unreadable(base, draft) + outside(mapping, draft)
    loaded = None
    try:
        loaded = validate_scenario(mapping, source=source)
    except InputError as error:
        known = {problem.place for problem in found}
        found += [problem for problem in error.problems if problem.place not in known]
    placed = tuple(_placed(problem, mapping) for problem in found)
    return Checked(mapping, None if placed else loaded, placed)


def _placed(problem: Problem, mapping: Mapping[str, Any]) -> FieldProblem:
    for section in sections(mapping):
        field = _field_of(problem, section.fields)
        if field is not None:
            return FieldProblem(field.path, f"{section.title}: {_name(field, section.groups)}", problem.message)
        for group in section.groups:
            if group.path and group.path == problem.place:
                return FieldProblem(group.path, f"{section.title}: {group.title}", problem.message)
    return FieldProblem("", problem.place, problem.message)


def _field_of(problem: Problem, fields: tuple[FieldSpec, ...]) -> FieldSpec | None:
    """Find the field a problem names by its place, by a place below it, or in its first words."""
    for field in fields:
        if problem.place == field.path or problem.place.startswith(f"{field.path}."):
            return field
    said = re.match(r"[a-z][a-z0-9_.]*", problem.message)
    if said is None:
        return None
    named = f"{problem.place}.{said[0]}" if problem.place else said[0]
    return next((field for field in fields if field.path == named), None)


def _name(field: FieldSpec, groups: tuple[Any, ...]) -> str:
    group = next(group for group in groups if field in group.fields)
    return f"{group.title}, {field.label.lower()}" if group.technology else field.label
