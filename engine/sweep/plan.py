"""A sweep checked against its base scenario: what moves, how many cases, and each case as a scenario."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from engine.derivation import derived
from engine.errors import InputError, Problem
from engine.library import Library
from engine.request import packed, unpacked
from engine.scenario.fingerprint import ENGINE_VERSION, fingerprint
from engine.scenario.loading import LoadedScenario, default_folders, load_scenario, parse_yaml, validate_scenario
from engine.store import slug
from engine.sweep import designs
from engine.sweep.places import Place, places, problem_of
from engine.sweep.spec import MOST_CASES, Parameter, Sweep, entries, read_sweep
from engine.wording import significant

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios" / "sweeps"


@dataclass(frozen=True)
class Plan:
    """A sweep that can be launched.

    Attributes
    ----------
    sweep : Sweep
    base : LoadedScenario
    folders : tuple of Path
        Where files that a case names are looked for.
    """

    sweep: Sweep
    base: LoadedScenario
    folders: tuple[Path, ...]

    @cached_property
    def places(self) -> dict[str, Place]:
        """The inputs that move, by path."""
        known = places(self.base.scenario)
        return {one.path: known[one.path] for one in self.sweep.parameters}

    @property
    def count(self) -> int:
        """Number of cases."""
        return designs.count(self.sweep, self.places)

    @cached_property
    def sweep_id(self) -> str:
        """Name of its folder: the same question has the same, whatever its budget."""
        return f"{slug(self.sweep.name)}-{self.mark[:8]}"

    @cached_property
    def mark(self) -> str:
        """Hash of base, solver settings, inputs, design and seed."""
        spec = self.sweep.model_dump(mode="json", exclude={"description", "budget", "base"})
        settings = self.base.scenario.solver.model_dump(mode="json")
        text = json.dumps([ENGINE_VERSION, fingerprint(self.base), settings, spec], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """All that is needed to go on with it later."""
        return {
            "engine": ENGINE_VERSION, "sweep": self.sweep.model_dump(mode="json", exclude_defaults=True),
            "base": packed(self.base), "folders": [str(folder) for folder in self.folders],
        }  # fmt: skip

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Plan:
        """Rebuild what `to_json` wrote; a base file that has changed since is refused (`InputError`)."""
        sweep, base = Sweep.model_validate(content["sweep"]), unpacked(content["base"])
        if content["engine"] != ENGINE_VERSION:
            message = (
                "was launched by another version of Firmwatt; launch its file again, so that cases can be compared."
            )
            raise InputError(sweep.name, [Problem("", message)])
        return cls(sweep, base, tuple(Path(folder) for folder in content["folders"]))

    def scenario(self, values: Mapping[str, Any], case: int) -> dict[str, Any]:
        """The scenario of a case, resolved.

        Parameters
        ----------
        values : mapping
            Value by path.
        """
        mapping = copy.deepcopy(self.base.scenario.model_dump(mode="json"))
        for path, value in values.items():
            place_in(mapping, path, value)
        words = "; ".join(f"{self.places[path].title} {shown(value)}" for path, value in values.items())
        name = f"{self.sweep.name[:50]} {case}"
        limit_s = self.sweep.budget.seconds_per_case
        if limit_s is not None:
            mapping["solver"]["time_limit_s"] = min(mapping["solver"]["time_limit_s"], limit_s)
        return derived(mapping, {}, name=name, description=f"Case {case} of the sweep {self.sweep.name}: {words}.")

    def load(self, values: Mapping[str, Any], case: int) -> LoadedScenario:
        """The scenario of a case, validated; raises `InputError` with what is wrong with it."""
        return validate_scenario(self.scenario(values, case), source=f"case {case}", folders=self.folders)


def plan(sweep: Sweep, *, source: str, folder: Path | None = None) -> Plan:
    """Check a sweep against its base scenario.

    Parameters
    ----------
    folder : Path, optional
        Of the sweep's file: the base scenario is also looked for there.

    Raises
    ------
    InputError
        With every problem: inputs that are not there or have no effect, values out of range, too many cases.
    """
    base, folders = _base(sweep.base, source, folder)
    problems = _input_problems(sweep.parameters, base)
    if not problems:
        cases = designs.count(sweep, places(base.scenario))
        if cases > sweep.budget.cases:
            message = (
                f"allows {sweep.budget.cases} cases, and the design makes {cases}; take fewer samples, levels or "
                f"inputs, or raise it (at most {MOST_CASES})."
            )
            problems.append(Problem("budget.cases", message))
    if problems:
        raise InputError(source, problems)
    return Plan(sweep, base, folders)


def plan_text(text: str, source: str, folder: Path | None = None) -> Plan:
    """Read and check a sweep's YAML; raises `InputError` with every problem."""
    data = parse_yaml(text, source=source)
    try:
        sweep = read_sweep(data, source)
    except InputError as error:
        # What is sound by itself is held against the base scenario all the same, so that all is said at once.
        raise InputError(source, [*error.problems, *_problems_of_sound(data, source, folder)]) from None
    return plan(sweep, source=source, folder=folder)


def plan_file(path: str | Path) -> Plan:
    """Read and check a sweep's file, or a shipped sweep by its name."""
    file = Path(path)
    if not file.exists() and file.name == str(path):
        file = SHIPPED / f"{file.stem}.yaml"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        known = ", ".join(sorted(one.stem for one in SHIPPED.glob("*.yaml")))
        raise InputError(str(path), [Problem("", f"No such sweep file; shipped sweeps are: {known}.")]) from None
    return plan_text(text, str(path), file.parent.resolve())


def place_in(mapping: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at its place in a resolved scenario."""
    *parts, last = path.split(".")
    for part in parts:
        mapping = mapping[part]
    mapping[last] = value


def row_values(row: Any, known: Mapping[str, Place]) -> dict[str, Any]:
    """Values of a case's inputs as a scenario takes them, from its row (Series or mapping) of the dataset."""
    return {path: _plain(row[path], place) for path, place in known.items()}


def shown(value: Any) -> str:
    """A value in words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if not isinstance(value, int | float) or (isinstance(value, int) and 1900 < value < 2200):  # a calendar year
        return str(value)
    text = significant(float(value), 5)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Any, place: Place) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return None
    kinds: dict[str, Any] = {"integer": int, "number": float, "flag": bool}
    return kinds.get(place.kind, str)(value)


def _problems_of_sound(data: Mapping[str, Any], source: str, folder: Path | None) -> list[Problem]:
    """Problems of those inputs whose own form is right."""
    key, sound = data.get("base"), []
    if not isinstance(key, str) or not key:
        return []
    try:
        base, _ = _base(key, source, folder)
    except InputError as error:
        return list(error.problems)
    for entry in entries(data):
        with contextlib.suppress(ValidationError):
            sound.append(Parameter.model_validate(entry))
    return _input_problems(sound, base)


def _input_problems(parameters: Iterable[Parameter], base: LoadedScenario) -> list[Problem]:
    known, problems = places(base.scenario), []
    for parameter in parameters:
        found = problem_of(parameter.path, known, base.scenario)
        problems += [found] if found else _value_problems(parameter, known[parameter.path])
    return problems


def _base(key: str, source: str, folder: Path | None) -> tuple[LoadedScenario, tuple[Path, ...]]:
    file = folder / key if folder is not None and key.endswith((".yaml", ".yml")) else None
    if file is not None and folder is not None:
        inside = file.resolve().is_relative_to(folder)
        if not inside or not file.is_file():
            message = f'is "{key}", which is not beside the sweep; give a file there or a key of the library.'
            raise InputError(source, [Problem("base", message)])
        return load_scenario(file), (folder, *default_folders())
    try:
        path = Library().path(key)
    except InputError as error:
        raise InputError(source, [Problem("base", f'is "{key}", which {error.problems[0]}')]) from None
    return load_scenario(path), (path.parent.resolve(), *default_folders())


def _value_problems(parameter: Parameter, place: Place) -> list[Problem]:
    if parameter.range is not None and not place.numeric:
        return [Problem(parameter.path, f"is no number ({place.kind}); give values: [...] instead of a range.")]
    given = parameter.range if parameter.range is not None else parameter.values
    refused = [place.refusal(value) for value in given or ()]
    return [Problem(parameter.path, f"{words}.") for words in dict.fromkeys(filter(None, refused))] or _empty(
        parameter, place
    )


def _empty(parameter: Parameter, place: Place) -> list[Problem]:
    if parameter.range is None or place.kind != "integer":
        return []
    low, high = parameter.range
    if math.floor(high) > math.ceil(low):
        return []
    return [Problem(parameter.path, f"has the range {low:g} to {high:g}, which holds no two whole numbers.")]
