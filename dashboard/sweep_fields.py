"""A sweep's text as the fields of a form, with places as problems name them: `parameters.2.range.1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from dashboard.forms.spec import FieldSpec, Group, Section, field_spec, fields_by_path
from dashboard.forms.values import ON_OFF, show
from dashboard.sweep_document import ROWS, mapping_of, value_at
from dashboard.sweep_text import inputs_of, loaded_base
from engine.library import Library
from engine.sweep.places import Place
from engine.sweep.spec import DESIGNS, SAMPLED, Budget, Parameter, Sweep

RANGE, VALUES = "range", "values"
_SAMPLES = {  # what a design's samples are
    "latin_hypercube": ("Cases", "cases"), "morris": ("Trajectories", "trajectories"), "sobol": ("Samples", "samples"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One input that moves.

    Attributes
    ----------
    place : str
        Of its entry: `parameters.2`.
    path : str
        Of the input in the base scenario.
    entry : dict
        What the text says of it.
    known : Place or None
        What the base scenario says of it; None where it is no input there.
    item : FieldSpec
        The field that one of its values could stand in.
    fields : tuple of FieldSpec
    """

    place: str
    path: str
    entry: Mapping[str, Any]
    known: Place | None
    item: FieldSpec
    fields: tuple[FieldSpec, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return self.known.title if self.known else self.path or "Input without a name"


@dataclass(frozen=True)
class Form:
    """The fields of a sweep.

    Attributes
    ----------
    mapping : dict
        What the text says; of each input also its kind, range or values.
    head, design, budget : tuple of FieldSpec
    rows : tuple of Row
    """

    mapping: Mapping[str, Any]
    head: tuple[FieldSpec, ...]
    design: tuple[FieldSpec, ...]
    rows: tuple[Row, ...]
    budget: tuple[FieldSpec, ...]

    @cached_property
    def fields(self) -> dict[str, FieldSpec]:
        """Every field by its place."""
        of_rows = [spec for row in self.rows for spec in row.fields]
        return {spec.path: spec for spec in (*self.head, *self.design, *of_rows, *self.budget)}

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """As problems are placed in it."""
        rows = [_section(row.title, row.place, row.fields) for row in self.rows]
        return (
            _section("Sweep", "", (*self.head, *self.design)), *rows, _section("Inputs that move", ROWS, ()),
            _section("Budget", "budget", self.budget),
        )  # fmt: skip

    @property
    def unknown(self) -> set[str]:
        """Lists of values of what is no input of the base scenario."""
        return {f"{row.place}.{VALUES}" for row in self.rows if row.known is None}

    @property
    def shape(self) -> tuple[Any, ...]:
        """What is to be drawn anew when it differs; the contents of fields are not."""
        return self.mapping.get("base"), self.mapping.get("design"), self.fields, [row.path for row in self.rows]

    def shown(self, spec: FieldSpec) -> Any:
        """What a field holds."""
        return show(spec, value_at(self.mapping, spec.path, spec.default))


def read(text: str) -> Form:
    """The form of a text; raises `InputError` when it cannot be shown as one."""
    data = mapping_of(text)
    design, base = str(data.get("design") or ""), str(data.get("base") or "")
    loaded = loaded_base(base)
    specs = fields_by_path(loaded.scenario.model_dump(mode="json")) if loaded else {}
    known = inputs_of(base)
    rows = tuple(
        _row(number, entry, design, known, specs) for number, entry in enumerate(data.get(ROWS) or [], start=1)
    )
    for entry, row in zip(data.get(ROWS) or [], rows, strict=True):
        entry["kind"] = kind_of(row)
    return Form(
        data, _head(base), _design(design), rows, tuple(_spec("budget", Budget, name) for name in Budget.model_fields)
    )


def kind_of(row: Row) -> str:
    """Whether an input moves over a range or takes listed values."""
    return VALUES if VALUES in row.entry and RANGE not in row.entry else RANGE


def _head(base: str) -> tuple[FieldSpec, ...]:
    scenarios = {entry.key: entry.name for entry in Library().entries() if not entry.problems}
    if base not in scenarios:
        scenarios = {base: f"{base or 'None'} (not in the library)", **scenarios}
    chosen = _spec("", Sweep, "base", control="choice", choices=tuple(scenarios), words=tuple(scenarios.values()))
    chosen = replace(chosen, help="The scenario whose inputs move; everything else stays as it has it.")
    return _spec("", Sweep, "name"), _spec("", Sweep, "description"), chosen


def _design(design: str) -> tuple[FieldSpec, ...]:
    chosen = _spec("", Sweep, "design", words=tuple(DESIGNS.values()), choices=tuple(DESIGNS))
    if design not in SAMPLED:
        return (chosen,)
    label, unit = _SAMPLES[design]
    return chosen, _spec("", Sweep, "samples", label=label, unit=unit), _spec("", Sweep, "seed")


def _row(
    number: int, entry: Mapping[str, Any], design: str, known: Mapping[str, Place], specs: Mapping[str, FieldSpec]
) -> Row:
    place, path = f"{ROWS}.{number}", str(entry.get("path") or "")
    found = known.get(path)
    row = Row(place, path, entry, found, _item(path, found, specs.get(path)))
    return replace(row, fields=tuple(_row_fields(row, design)))


def _item(path: str, place: Place | None, spec: FieldSpec | None) -> FieldSpec:
    """The field that one value of an input could stand in."""
    if place is None or spec is None:
        return FieldSpec(path, path, "-", "", "", "number")
    control = spec.control
    if place.kind == "text":
        control = "date" if control == "date" else "text"
    elif control == "file":  # a price: a number, or the name of a file
        control = "number"
    choices = ON_OFF if place.kind == "flag" else spec.choices if place.kind == "choice" else ()
    return replace(spec, control=control, choices=choices, optional=False, advanced=False)


def _row_fields(row: Row, design: str) -> list[FieldSpec]:
    ranged, place, item = kind_of(row) == RANGE, row.place, row.item
    kind = replace(
        _spec(place, Parameter, "path"), path=f"{place}.kind", label="Moves over", control="choice",
        help="A range from low to high, or the values themselves.", choices=(RANGE, VALUES),
        words=("A range", "Listed values"),
    )  # fmt: skip
    if not ranged:
        listed = _spec(place, Parameter, VALUES, control="list", columns=(item,), unit=item.unit, optional=False)
        listed = replace(listed, choices=_ticked(item, row.entry.get(VALUES)), low=item.low, high=item.high)
        numeric = row.known is None or row.known.numeric
        return [kind, listed] if numeric else [listed]
    ends = [
        replace(item, path=f"{place}.{RANGE}.{end}", label=label, default=None)
        for end, label in ((1, "From"), (2, "To"))
    ]
    return [kind, *ends, *_steps(row, design)]


def _ticked(item: FieldSpec, values: Any) -> tuple[str, ...]:
    """Boxes of a list: what the schema offers, and what the text holds beside it, so that it is seen."""
    if not item.choices:
        return ()
    held = [ON_OFF[one] if isinstance(one, bool) else str(one) for one in values or () if isinstance(values, list)]
    return (*item.choices, *(one for one in dict.fromkeys(held) if one not in item.choices))


def _steps(row: Row, design: str) -> list[FieldSpec]:
    """How a range is stepped through, where the design or the text has to do with it."""
    found = []
    if design == "grid":
        found.append(_spec(row.place, Parameter, "levels"))
    if design != "one_at_a_time" or row.entry.get("scale", "linear") != "linear":
        found.append(_spec(row.place, Parameter, "scale", words=("Equal steps", "Equal ratios")))
    return found


def _spec(part: str, model: type[BaseModel], name: str, **changes: Any) -> FieldSpec:
    spec = field_spec(f"{part}.{name}".lstrip("."), model.model_fields[name])
    return replace(spec, **changes)


def _section(title: str, place: str, fields: tuple[FieldSpec, ...]) -> Section:
    return Section(title, (Group(place or "sweep", title, "", fields),))
