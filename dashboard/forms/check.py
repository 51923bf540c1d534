"""Everything that is not yet valid in a draft, each with the field it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.forms.draft import Draft, Edited, problem_of, read
from dashboard.forms.spec import FieldSpec, Group, Section, fields_by_path, sections
from dashboard.forms.values import show_plain
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
    edited : Edited
    loaded : LoadedScenario or None
        When it is valid.
    problems : tuple of FieldProblem
        Otherwise: all of them.
    """

    edited: Edited
    loaded: LoadedScenario | None
    problems: tuple[FieldProblem, ...]


def check(base: Mapping[str, Any], draft: Draft, *, source: str = "This scenario") -> Checked:
    """Validate a draft; text that cannot be read counts as a problem too."""
    edited = read(base, draft)
    found = _own_problems(edited, draft)
    loaded = None
    try:
        loaded = validate_scenario(edited.mapping, source=source)
    except InputError as error:
        known = {problem.place for problem in found}
        found += [problem for problem in error.problems if problem.place not in known]
    placed = place_all(found, edited.mapping)
    return Checked(edited, None if placed else loaded, placed)


def place_all(problems: list[Problem], mapping: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Tie problems to fields of the scenario form, in the form's words."""
    return place_in(problems, sections(mapping))


def place_in(problems: Sequence[Problem], form: tuple[Section, ...]) -> tuple[FieldProblem, ...]:
    """Tie problems to fields of any form."""
    return tuple(_placed(problem, form) for problem in problems)


def _own_problems(edited: Edited, draft: Draft) -> list[Problem]:
    """Problems of single fields in the form's own writing (percent where a fraction is meant)."""
    specs = fields_by_path(edited.started)
    problems = []
    for path in [*edited.unreadable, *edited.changes]:
        reason = problem_of(specs[path], edited)
        if reason:
            given = _given(specs[path], edited, draft)
            problems.append(Problem(path, f"is {given}; {reason}."))
    return problems


def _given(spec: FieldSpec, edited: Edited, draft: Draft) -> str:
    if spec.path in edited.changes:
        return show_plain(spec, edited.changes[spec.path])
    return f'"{draft.texts[spec.path]}"' if draft.texts[spec.path] else "empty"


def _placed(problem: Problem, form: tuple[Section, ...]) -> FieldProblem:
    groups = [(section, group) for section in form for group in section.groups]
    for section, group in groups:
        field = _field_of(problem, group.fields)
        if field is not None:
            name = f"{group.title}, {field.label.lower()}" if group.technology else field.label
            return FieldProblem(field.path, f"{section.title}: {name}", problem.message)
    for section, group in groups:
        if group.path and group.path == problem.place:
            return FieldProblem(group.path, _group_words(section, group), problem.message)
    return FieldProblem("", problem.place, problem.message)


def _group_words(section: Section, group: Group) -> str:
    return f"{section.title}: {group.title}" if group.title != section.title else section.title


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
