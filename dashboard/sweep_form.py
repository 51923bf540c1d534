"""What a sweep's text means: what is wrong with each field, and what was typed put back into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dashboard.components.form_fields import unit_words
from dashboard.forms.check import FieldProblem, place_in
from dashboard.forms.spec import FieldSpec
from dashboard.forms.values import Unreadable, list_parts, out_of_range, parse, parse_part, show
from dashboard.sweep_document import ROWS, SOURCE, changed, value_at
from dashboard.sweep_fields import RANGE, VALUES, Form, Row, read
from dashboard.sweep_text import moving, plain
from engine.errors import InputError, Problem
from engine.sweep.designs import levels
from engine.sweep.plan import Plan, plan_text
from engine.sweep.spec import Parameter

# What the base scenario refuses of a value; the field that holds the value says it already in its own writing.
_OF_A_VALUE = ("reaches ", "takes ")


@dataclass(frozen=True)
class Seen:
    """A text with everything the page says about it.

    Attributes
    ----------
    form : Form
    plan : Plan or None
        When it can be launched.
    problems : tuple of FieldProblem
        Otherwise: all of them.
    notes : dict
        What is wrong, by place of a field or an input.
    """

    form: Form
    plan: Plan | None
    problems: tuple[FieldProblem, ...]
    notes: Mapping[str, str]

    @property
    def steps(self) -> dict[str, str]:
        """Values that a grid takes of each range, by place of the input."""
        if self.plan is None or self.plan.sweep.design != "grid":
            return {}
        moves = zip(self.form.rows, self.plan.sweep.parameters, strict=True)
        return {row.place: _steps_of(row, one) for row, one in moves if one.range is not None}


def look(text: str) -> Seen:
    """A text from all sides; raises `InputError` when no form can show it."""
    form = read(text)
    # What an input that is not known takes is not known either.
    judged = [spec for path, spec in form.fields.items() if path not in form.unknown]
    own = {spec.path: reason for spec in judged if (reason := _wrong(form, spec))}
    problems = [Problem(path, f"{_given(form, form.fields[path])}; {reason}.") for path, reason in own.items()]
    plan = None
    try:
        plan = plan_text(text, SOURCE)
    except InputError as error:
        problems += [one for one in map(_home(form), error.problems) if not _is_said(one, own)]
    order = list(form.fields)
    placed = tuple(sorted(place_in(problems, form.sections), key=lambda one: _place_of(one.path, order)))
    notes: dict[str, str] = {}
    for problem in placed:
        said = own.get(problem.path, problem.message)
        notes[problem.path] = f"{notes[problem.path]} {said}" if problem.path in notes else said
    return Seen(form, None if placed else plan, placed, notes)


def laid_over(text: str, typed: Mapping[str, Any]) -> str:
    """The text with what the fields hold; what cannot be read goes into it as it was typed."""
    form, values, kinds = read(text), {}, {}
    for path, spec in form.fields.items():
        if path not in typed or _same(spec, typed[path], form.shown(spec)):
            continue
        value = _value(spec, typed[path])
        if spec.name == "kind":
            kinds[path] = value
        elif value != value_at(form.mapping, path, spec.default):
            values[path] = value
    text = changed(text, values) if values else text
    return _other_kinds(text, kinds) if kinds else text


def _place_of(path: str, order: list[str]) -> int:
    """Where a problem stands among the others: as its field in the form, what belongs to an input after its fields."""
    below = [at for at, place in enumerate(order) if place == path or place.startswith(f"{path}.")]
    return max(below, default=len(order))


def _steps_of(row: Row, one: Parameter) -> str:
    found = levels(one, row.known) if row.known else []
    values = "; ".join(str(show(row.item, float(f"{value:.6g}"))) for value in found)
    return f"{values} {unit_words(row.item)}".rstrip()


def _home(form: Form) -> Callable[[Problem], Problem]:
    """How problems of the engine find their place in the form."""
    by_input = {row.path: row.place for row in form.rows}

    def home(problem: Problem) -> Problem:
        place = problem.place
        if place in by_input:
            return Problem(by_input[place], problem.message)
        if any(place == path or place.startswith(f"{path}.") for path in form.fields):
            return problem
        part = re.match(rf"({ROWS}\.\d+|budget)\.(.+)", place)
        return Problem(part[1], f"{part[2]} {problem.message}") if part else problem

    return home


def _wrong(form: Form, spec: FieldSpec) -> str:
    """What is wrong with one field by itself; empty when nothing is."""
    try:
        value = parse(spec, form.shown(spec))
    except Unreadable as reason:
        return str(reason)
    values = value if spec.control == "list" else [value]
    item = spec.columns[0] if spec.control == "list" else spec
    return next(filter(None, (out_of_range(item, one) for one in values)), "")


def _given(form: Form, spec: FieldSpec) -> str:
    shown = form.shown(spec)
    return f'is "{shown}"' if shown else "is empty"


def _is_said(problem: Problem, own: Mapping[str, str]) -> bool:
    """Whether a field says it already, in the form's own writing."""
    place = problem.place
    if place and problem.message.startswith(_OF_A_VALUE):
        return any(path.startswith(f"{place}.") for path in own)
    return any(place == path or place.startswith(f"{path}.") for path in own)


def _same(spec: FieldSpec, one: Any, other: Any) -> bool:
    if spec.control == "list":
        return list_parts(one) == list_parts(other)
    return (one or "") == (other or "")


def _value(spec: FieldSpec, typed: Any) -> Any:
    """What was typed, as the text takes it."""
    if spec.control == "list":
        return [_part(spec.columns[0], part) for part in list_parts(typed)]
    try:
        return plain(parse(spec, typed))
    except Unreadable:
        return "" if typed is None else str(typed)


def _part(item: FieldSpec, text: str) -> Any:
    try:
        return plain(parse_part(item, text))
    except Unreadable:
        return text


def _other_kinds(text: str, kinds: Mapping[str, Any]) -> str:
    form = read(text)
    for row in form.rows:
        if f"{row.place}.kind" in kinds:
            to = _as_values(row) if kinds[f"{row.place}.kind"] == VALUES else _as_range(row)
            text = changed(text, {f"{row.place}.{name}": value for name, value in to.items()})
    return text


def _as_values(row: Row) -> dict[str, Any]:
    """The levels of a range as a list; of one that is not valid, its ends."""
    entry = {name: value for name, value in row.entry.items() if name != "kind"}
    gone = {RANGE: None, "levels": None, "scale": None}
    ends = row.entry.get(RANGE)
    try:
        if row.known is None:
            return {**gone, VALUES: ends or []}
        listed = levels(Parameter.model_validate(entry), row.known)
    except ValidationError:
        return {**gone, VALUES: [end for end in ends or [] if end is not None] if isinstance(ends, list) else []}
    return {**gone, VALUES: [plain(float(f"{value:.6g}")) for value in listed]}


def _as_range(row: Row) -> dict[str, Any]:
    """From the least to the highest listed value; around the base value where there are no two."""
    values = row.entry.get(VALUES)
    numbers = {one for one in values or () if isinstance(one, int | float)} if isinstance(values, list) else set()
    if len(numbers) > 1:
        return {VALUES: None, RANGE: [min(numbers), max(numbers)]}
    return {VALUES: None, RANGE: moving(row.known)[RANGE] if row.known else [0, 1]}
