"""From the scenario schema to sections, groups and fields of a form."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.scenario.schema import BUILT_IN_WEATHER, SYNTHETIC_PRICE, Scenario
from engine.scenario.technologies import KINDS

Control = Literal[
    "number", "fraction", "integer", "flag", "choice", "text", "date", "numbers", "words", "rows", "file", "list"
]

# Where each part of the scenario stands in the form; a part that is not named here gets a section of its own.
SECTION_OF_PART = {
    "name": "Scenario",
    "description": "Scenario",
    "site": "Site and load",
    "load": "Site and load",
    "demand_response": "Demand response",
    "thermal": "Equipment",
    "fuel": "Equipment",
    "battery": "Storage and solar",
    "solar": "Storage and solar",
    "wind": "Storage and solar",
    "grid": "Grid",
    "limits": "Limits",
    "money": "Money",
    "time": "Time",
    "solver": "Solver",
}
SECTIONS = tuple(dict.fromkeys(SECTION_OF_PART.values()))
# Kinds of technology in the words of a planner.
KIND_LABELS = {"thermal": "Thermal", "battery": "Battery", "solar": "Solar", "wind": "Wind", "grid": "Grid"}
# A unit that says "per something" of a fraction, where the name does not end in _frac.
_FRACTION_UNITS = {"1/C", "1/h"}


@dataclass(frozen=True)
class FieldSpec:
    """One field of the form.

    Attributes
    ----------
    path : str
        Dotted place in the scenario, as problems name it.
    label, unit, help, source : str
        From the schema.
    control : str
        How it is edited.
    optional : bool
        May be empty.
    advanced : bool
        Kept under More.
    default : Any
        The schema's own, None where it has none.
    choices : tuple of str
        Of a choice; of a file field the words it takes besides a file.
    words : tuple of str
        What the choices are called, where their own names do not say it.
    low, high : float or None
        Range; `low_open` and `high_open` say that the end itself is excluded.
    columns : tuple of FieldSpec
        Of rows: the fields of one row; of a list: the one that each of its values could stand in.
    upload : str
        Of a file field: "load", "utilisation", "price", "solar", "wind", "carbon" or "weather".
    """

    path: str
    label: str
    unit: str
    help: str
    source: str
    control: Control
    optional: bool = False
    advanced: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    columns: tuple[FieldSpec, ...] = ()
    upload: str = ""

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Group:
    """Fields that stand together under one heading.

    Attributes
    ----------
    path : str
        The part of the scenario, e.g. "load" or "technologies.engine".
    title, help : str
        Heading and its one sentence.
    fields : tuple of FieldSpec
        In the schema's order, what is special before what is common.
    technology : str
        Kind, for a technology; else "".
    """

    path: str
    title: str
    help: str
    fields: tuple[FieldSpec, ...]
    technology: str = ""


@dataclass(frozen=True)
class Section:
    """One entry of the list at the left."""

    title: str
    groups: tuple[Group, ...]

    @property
    def slug(self) -> str:
        """For anchors."""
        return self.title.lower().replace(" ", "-")

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        """All fields of all groups."""
        return tuple(field for group in self.groups for field in group.fields)


def sections(mapping: Mapping[str, Any]) -> tuple[Section, ...]:
    """Sections of the form for a scenario mapping; its technologies and workloads decide the groups."""
    placed: dict[str, list[Group]] = {title: [] for title in SECTIONS}
    for part, group in _groups(mapping):
        placed.setdefault(SECTION_OF_PART.get(part, _words(part)), []).append(group)
    return tuple(Section(title, tuple(groups)) for title, groups in placed.items() if groups)


def fields_by_path(mapping: Mapping[str, Any]) -> dict[str, FieldSpec]:
    """Every field of the form by its path."""
    return {field.path: field for section in sections(mapping) for field in section.fields}


def _groups(mapping: Mapping[str, Any]) -> Iterator[tuple[str, Group]]:
    own = [(name, info) for name, info in Scenario.model_fields.items() if not _model_of(info) and not _is_dict(info)]
    texts = tuple(spec for name, info in own for spec in _specs(name, info, mapping.get(name)))
    yield "name", Group("", "Name", "", texts)
    for name, info in Scenario.model_fields.items():
        model = _model_of(info)
        if name == "technologies":
            yield from _technology_groups(mapping.get(name) or {})
        elif model is not None:
            yield name, _group(name, model, mapping.get(name))


def _technology_groups(technologies: Mapping[str, Any]) -> Iterator[tuple[str, Group]]:
    for key, data in technologies.items():
        kind = data.get("kind") if isinstance(data, Mapping) else None
        if kind in KINDS:
            title = str(data.get("label") or key)
            yield str(kind), _group(f"technologies.{key}", KINDS[str(kind)], data, title=title, technology=str(kind))


def _group(path: str, model: type[BaseModel], data: Any, *, title: str = "", technology: str = "") -> Group:
    help_text = (model.__doc__ or "").strip().split("\n")[0]
    return Group(path, title or _words(path), help_text, tuple(_model_specs(path, model, data)), technology)


def _model_specs(path: str, model: type[BaseModel], data: Any) -> Iterator[FieldSpec]:
    data = data if isinstance(data, Mapping) else {}
    inherited = [name for name in model.model_fields if name in getattr(model.__base__, "model_fields", {})]
    own = [name for name in model.model_fields if name not in inherited]
    # What a technology shares with all others follows what is its own; its switch and name lead.
    leading = [name for name in inherited if name in {"enabled", "label"}]
    for name in leading + own + [name for name in inherited if name not in leading]:
        yield from _specs(f"{path}.{name}", model.model_fields[name], data.get(name))


def _specs(path: str, info: FieldInfo, value: Any) -> Iterator[FieldSpec]:
    inner = _model_of(info)
    if inner is not None:
        for spec in _model_specs(path, inner, value):
            yield replace(spec, advanced=True)
    elif _is_dict(info):
        item = get_args(info.annotation)[1]
        for key in value if isinstance(value, Mapping) else ():
            for spec in _model_specs(f"{path}.{key}", item, value[key]):
                yield replace(spec, label=f"{_words(str(key))}, {spec.label.lower()}")
    elif not _is_fixed(info):
        yield field_spec(path, info)


def field_spec(path: str, info: FieldInfo) -> FieldSpec:
    """Describe one field of a pydantic model."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    name = path.rpartition(".")[2]
    control, choices, columns = _control(path, info, bool(extra.get("series")), str(extra.get("unit", "-")))
    low, low_open = _limit(info, "ge", "gt")
    high, high_open = _limit(info, "le", "lt")
    return FieldSpec(
        path=path,
        label=info.title or _words(name),
        unit=str(extra.get("unit", "-")),
        help=info.description or "",
        source=str(extra.get("source", "")),
        control=control,
        optional=type(None) in _members(info.annotation),
        advanced=bool(extra.get("advanced", False)),
        default=None if info.is_required() else _plain(info.get_default(call_default_factory=True)),
        choices=choices,
        low=low,
        high=high,
        low_open=low_open,
        high_open=high_open,
        columns=columns,
        upload=_upload_kind(path, info) if control == "file" else "",
    )


def _control(
    path: str, info: FieldInfo, series: bool, unit: str
) -> tuple[Control, tuple[str, ...], tuple[FieldSpec, ...]]:
    members = [member for member in _members(info.annotation) if member is not type(None)]
    first = members[0]
    if series or path == "site.weather":
        words = BUILT_IN_WEATHER if path == "site.weather" else (SYNTHETIC_PRICE,) * (float in members)
        return "file", words, ()
    if get_origin(first) is Literal:
        return "choice", tuple(str(option) for option in get_args(first)), ()
    if get_origin(first) is tuple:
        return _list_control(get_args(first)[0], path)
    if first is bool:
        return "flag", (), ()
    if first is int:
        return "integer", (), ()
    if first is float:
        fraction = "_frac" in path.rpartition(".")[2] or unit in _FRACTION_UNITS
        return ("fraction" if fraction else "number"), (), ()
    return ("date" if first is date else "text"), (), ()


def _list_control(item: Any, path: str) -> tuple[Control, tuple[str, ...], tuple[FieldSpec, ...]]:
    if isinstance(item, type) and issubclass(item, BaseModel):
        columns = tuple(field_spec(f"{path}.{name}", info) for name, info in item.model_fields.items())
        return "rows", (), columns
    return ("words" if item is str else "numbers"), (), ()


def _upload_kind(path: str, info: FieldInfo) -> str:
    if path == "site.weather":
        return "weather"
    if path == "load.utilisation_series":
        return "utilisation"
    if path.startswith("load."):
        return "load"
    if path.endswith(".co2_series"):
        return "carbon"
    if float in _members(info.annotation):
        return "price"
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return "solar" if extra.get("unit") == "pu of MWac" else "wind"


def _limit(info: FieldInfo, closed: str, opened: str) -> tuple[float | None, bool]:
    for rule in info.metadata:
        if getattr(rule, opened, None) is not None:
            return float(getattr(rule, opened)), True
        if getattr(rule, closed, None) is not None:
            return float(getattr(rule, closed)), False
    return None, False


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)


def _model_of(info: FieldInfo) -> type[BaseModel] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _is_dict(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is dict


def _is_fixed(info: FieldInfo) -> bool:
    """Say whether there is nothing to choose: a literal with one option (`kind`, `schema_version`)."""
    return get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _words(name: str) -> str:
    text = name.rpartition(".")[2].replace("_", " ")
    return text[:1].upper() + text[1:]
