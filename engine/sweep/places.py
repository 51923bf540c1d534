"""What the scenario's own schema says of an input: label, unit, kind, range, and its value in the base scenario."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.errors import Problem
from engine.inputs import GROUPS, technology_name
from engine.scenario.schema import Scenario

Kind = Literal["number", "integer", "flag", "choice", "text"]
# Inputs that say nothing of the plan that is looked for: a case that differs in them alone is no other case.
_NO_INPUT = {"name", "description", "schema_version", "solver", "kind", "label", "source"}
# Inputs that another one silences while it is given.
_SILENCED = {
    "fuel.price_usd_per_mmbtu": "fuel.price_path",
    "money.carbon_price_usd_per_tonne": "money.carbon_price_path",
    "load.growth_frac_per_yr": "load.multiples_by_year",
    "load.growth_cap_multiple": "load.multiples_by_year",
    "load.it_peak_mw": "load.series",
    "load.load_factor_frac": "load.series",
}


@dataclass(frozen=True)
class Place:
    """One input of a scenario.

    Attributes
    ----------
    path : str
    label, unit, group : str
        Group: the section, or the technology's name.
    kind : str
        What its values are.
    low, high : float or None
        Range that the schema allows; `_open`: the end itself is excluded.
    choices : tuple of str
        Of a choice.
    base : object
        Value in the base scenario.
    """

    path: str
    label: str
    unit: str
    group: str
    kind: Kind
    base: Any
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Label with the group where the label alone would not tell: `Solar: Overnight cost`."""
        return f"{self.group}: {self.label}" if self.path.startswith("technologies.") else self.label

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in ("number", "integer")

    def refusal(self, value: Any) -> str:
        """Why a value cannot stand here; empty when it can."""
        if self.numeric:
            return self._number_refusal(value)
        if self.kind == "flag" and not isinstance(value, bool):
            return f"takes {value!r}; it must be true or false"
        if self.kind == "choice" and value not in self.choices:
            return f"takes {value!r}; it must be one of: {', '.join(self.choices)}"
        return "" if self.kind != "text" or isinstance(value, str) else f"takes {value!r}; it must be a text"

    def _number_refusal(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"takes {value!r}; it must be a number"
        if self.kind == "integer" and value != int(value):
            return f"takes {value:g}; it must be a whole number"
        unit = "" if self.unit == "-" else f" {self.unit}"
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return f"reaches {value:g}; it must be {'above' if self.low_open else 'at least'} {self.low:g}{unit}"
        if self.high is not None and (value > self.high or (self.high_open and value == self.high)):
            return f"reaches {value:g}; it must be {'below' if self.high_open else 'at most'} {self.high:g}{unit}"
        return ""


def places(scenario: Scenario) -> dict[str, Place]:
    """Every input of a scenario that a sweep can move, by path."""
    return {place.path: place for place in _walk(scenario, "", "")}


def problem_of(path: str, known: Mapping[str, Place], scenario: Scenario) -> Problem | None:
    """Why an input cannot be swept in this scenario; None when it can."""
    if path not in known:
        near = difflib.get_close_matches(path, list(known), n=1)
        return Problem(path, f"is no input of the base scenario{f' (did you mean {near[0]}?)' if near else ''}.")
    silencer = _SILENCED.get(path)
    if silencer is not None and silencer in known and known[silencer].base is not None:
        return Problem(path, f"has no effect in the base scenario, which gives {silencer}; empty that first.")
    parts = path.split(".")
    if parts[0] == "technologies" and parts[2] != "enabled" and not scenario.technologies[parts[1]].enabled:
        return Problem(path, f"has no effect: {parts[1]} is not available in the base scenario.")
    if parts[0] == "demand_response" and parts[1] != "enabled" and not scenario.demand_response.enabled:
        return Problem(path, "has no effect: demand response is off in the base scenario.")
    return None


def _walk(value: Any, path: str, group: str) -> Iterator[Place]:
    for name, field in type(value).model_fields.items():
        if name in _NO_INPUT:
            continue
        inner, here = getattr(value, name), f"{path}.{name}".lstrip(".")
        if isinstance(inner, BaseModel):
            yield from _walk(inner, here, group or GROUPS.get(name, name))
        elif isinstance(inner, Mapping):
            for key, entry in inner.items():
                if isinstance(entry, BaseModel):
                    yield from _walk(entry, f"{here}.{key}", _entry_name(name, str(key), entry))
        elif place := _place(here, group, field, inner):
            yield place


def _entry_name(section: str, key: str, entry: BaseModel) -> str:
    if section == "technologies":
        return technology_name(key, entry.model_dump(include={"label"}))
    return str(getattr(entry, "label", "") or key.replace("_", " ").capitalize())


def _place(path: str, group: str, field: FieldInfo, value: Any) -> Place | None:
    kind, choices = _kind(field.annotation)
    if kind is None:
        # A tuple (a path by year, weeks): it cannot be swept, yet it silences others.
        kind, choices = ("text", ()) if path in _SILENCED.values() else (None, ())
    if kind is None:
        return None
    extra: Any = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    low, low_open = _limit(field, Ge, Gt)
    high, high_open = _limit(field, Le, Lt)
    shown = value.isoformat() if isinstance(value, date) else value
    return Place(
        path, field.title or path.rpartition(".")[2], str(extra.get("unit", "-")), group, kind, shown,
        low, high, low_open, high_open, choices,
    )  # fmt: skip


def _kind(annotation: Any) -> tuple[Kind | None, tuple[str, ...]]:
    members = get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)
    for member in members:
        if get_origin(member) is Literal:
            return "choice", tuple(str(option) for option in get_args(member))
        if member in (bool, int, float):
            return {bool: "flag", int: "integer", float: "number"}[member], ()  # type: ignore[return-value]
    return ("text", ()) if {str, date} & set(members) else (None, ())


def _limit(field: FieldInfo, closed: type, opened: type) -> tuple[float | None, bool]:
    for rule in field.metadata:
        for kind, attribute in ((closed, "ge"), (closed, "le"), (opened, "gt"), (opened, "lt")):
            if isinstance(rule, kind) and hasattr(rule, attribute):
                return float(getattr(rule, attribute)), kind is opened
    return None, False
