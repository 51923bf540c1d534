"""Scenario files: YAML with `extends:`, checked as a whole, every problem reported at once."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from engine.errors import InputError, Problem
from engine.scenario import technologies
from engine.scenario.references import flexibility_problems
from engine.scenario.schema import BUILT_IN_WEATHER, SYNTHETIC_PRICE, Scenario

SHIPPED_SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
MAX_EXTENDS_DEPTH = 8


@dataclass(frozen=True)
class InputFile:
    """A file that a scenario refers to.

    Attributes
    ----------
    reference : str
        As written in the scenario, without the column.
    path : pathlib.Path
        Where it was found.
    sha256 : str
        Hash of its content.
    """

    reference: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class LoadedScenario:
    """A validated scenario together with the files it refers to.

    Attributes
    ----------
    scenario : Scenario
        Resolved: `extends` merged, defaults filled.
    files : dict of str to InputFile
        By reference as written (without `:column`).
    source : str
        Path or name for messages.
    """

    scenario: Scenario
    files: Mapping[str, InputFile]
    source: str


def home() -> Path:
    """Folder of the store, the job table, own scenarios and uploads: `FIRMWATT_HOME` or `~/.firmwatt`."""
    return Path(os.environ.get("FIRMWATT_HOME") or Path.home() / ".firmwatt").expanduser().resolve()


def load_scenario(path: str | Path) -> LoadedScenario:
    """Read, merge and validate a scenario file.

    Parameters
    ----------
    path : str or pathlib.Path
        YAML file. `extends:` and series files resolve beside it, in the shipped scenarios and in the
        home folder, never elsewhere.

    Raises
    ------
    InputError
        With every problem found.
    """
    path = Path(path)
    folders = (path.parent.resolve(), *default_folders())
    return validate_scenario(_merged(path, folders), source=str(path), folders=folders)


def default_folders() -> tuple[Path, ...]:
    """Folders where references of a scenario without a file of its own resolve."""
    return (SHIPPED_SCENARIOS, home() / "scenarios", home() / "uploads")


def validate_scenario(
    data: Mapping[str, Any], *, source: str, folders: tuple[Path, ...] | None = None
) -> LoadedScenario:
    """Validate a resolved mapping (as from YAML, without `extends`).

    Raises
    ------
    InputError
        With every problem found.
    """
    folders = default_folders() if folders is None else folders
    problems: list[Problem] = []
    scenario = None
    try:
        scenario = Scenario.model_validate(dict(data))
    except ValidationError as error:
        problems = [_problem(dict(detail)) for detail in error.errors(include_url=False)]
    resolved = scenario.model_dump() if scenario else dict(data)
    files, further = _find_files(resolved, folders)
    further += flexibility_problems(resolved)
    if scenario is None or further:
        raise InputError(source, problems + further)
    return LoadedScenario(scenario=scenario, files=files, source=source)


def read_mapping(path: str | Path) -> dict[str, Any]:
    """Read a scenario file with `extends` merged, without validating it (the editor's starting point)."""
    path = Path(path)
    return _merged(path, (path.parent.resolve(), *default_folders()))


def parse_yaml(text: str, *, source: str) -> dict[str, Any]:
    """Parse YAML text to a mapping.

    Raises
    ------
    InputError
        Not YAML, or not a mapping; the place names line and column.
    """
    try:
        data = deepcopy(_parsed(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(source, [Problem(place, f"is not valid YAML: {error.problem}.")]) from None
    except yaml.YAMLError as error:
        raise InputError(source, [Problem("", f"This is not a text file of YAML: {error}.")]) from None
    if not isinstance(data, dict):
        raise InputError(source, [Problem("", "The file is empty or no mapping; it needs at least `name:`.")])
    return data


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """What a text says, remembered: a library of scenarios is read at every look, and parsing is most of it."""
    return yaml.load(text, Loader=_UniqueKeyLoader)


def to_yaml(scenario: Scenario) -> str:
    """Write a scenario as self-contained YAML (nothing extended, defaults written out)."""
    return yaml.safe_dump(scenario.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Lay `change` over `base`: mappings merge key by key, anything else replaces."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def split_reference(reference: str) -> tuple[str, str]:
    """Split `file.csv:column` into file and column; the column may be empty."""
    file, _, column = reference.rpartition(":")
    return (file, column) if file else (column, "")


class _UniqueKeyLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key written twice, instead of silently keeping the last."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=deep)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is written twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def _merged(path: Path, folders: tuple[Path, ...], depth: int = 0) -> dict[str, Any]:
    source = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(source, [Problem("", f"No such file{_did_you_mean_file(path, folders)}.")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(source, [Problem("", f"The file cannot be read: {error}.")]) from None
    data = parse_yaml(text, source=source)
    parent = data.pop("extends", None)
    if parent is None:
        return data
    if depth >= MAX_EXTENDS_DEPTH:
        raise InputError(source, [Problem("extends", "goes round in a circle, or more than 8 files deep.")])
    name = str(parent) if str(parent).endswith((".yaml", ".yml")) else f"{parent}.yaml"
    found = _resolve(name, folders)
    if found is None or found == path.resolve():
        hint = _did_you_mean_file(Path(name), folders)
        raise InputError(source, [Problem("extends", f'is "{parent}", which is not a scenario beside it{hint}.')])
    return merge(_merged(found, folders, depth + 1), data)


def _resolve(reference: str, folders: tuple[Path, ...]) -> Path | None:
    """Find a file below one of the folders; anything that leads out of them is not found."""
    for folder in folders:
        candidate = (folder / reference).resolve()
        if candidate.is_relative_to(folder.resolve()) and candidate.is_file():
            return candidate
    return None


def _did_you_mean_file(path: Path, folders: tuple[Path, ...]) -> str:
    names = {file.name for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file()}
    near = difflib.get_close_matches(path.name, sorted(names), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def file_references(data: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield (place, reference, needs a column) of each file that a scenario mapping names."""
    weather = _part(data, "site").get("weather")
    if isinstance(weather, str) and weather not in BUILT_IN_WEATHER:
        yield "site.weather", weather, False
    places = [("load", "series"), ("load", "utilisation_series")]
    places += [
        (f"technologies.{key}", attribute)
        for key in _part(data, "technologies")
        for attribute in ("series", "price", "export_price", "co2_series")
    ]
    for place, attribute in places:
        value = _part(data, *place.split(".")).get(attribute)
        if isinstance(value, str) and value != SYNTHETIC_PRICE and not _is_number(value):
            yield f"{place}.{attribute}", value, True


def _part(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = data.get(key)
        data = inner if isinstance(inner, Mapping) else {}
    return data


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _find_files(data: Mapping[str, Any], folders: tuple[Path, ...]) -> tuple[dict[str, InputFile], list[Problem]]:
    files: dict[str, InputFile] = {}
    problems: list[Problem] = []
    for place, reference, needs_column in file_references(data):
        file, column = split_reference(reference) if needs_column else (reference, "")
        if needs_column and not column:
            problems.append(Problem(place, f'is "{reference}"; it must be file.csv:column.'))
            continue
        path = _resolve(file, folders)
        if path is None:
            hint = _did_you_mean_file(Path(file), folders)
            near = difflib.get_close_matches(file, BUILT_IN_WEATHER, n=1) if place == "site.weather" else []
            hint = f' (did you mean "{near[0]}"?)' if near else hint
            problems.append(Problem(place, f'names "{file}", which is not beside the scenario{hint}.'))
            continue
        files[file] = InputFile(file, path, hashlib.sha256(path.read_bytes()).hexdigest())
    return files, problems


# pydantic's wording -> the planner's, by error type; {ctx} values come from pydantic.
_WORDS = {
    "greater_than": "it must be above {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be below {lt}",
    "less_than_equal": "it must be at most {le}",
    "missing": "is missing",
    "int_from_float": "it must be a whole number",
    "finite_number": "it must be a finite number",
    "literal_error": "it must be {expected}",
}


def _problem(detail: dict[str, Any]) -> Problem:
    location = [str(part) for part in detail["loc"]]
    if location[:1] == ["technologies"]:
        del location[2:3]  # pydantic names the union's tag behind the technology's id
    place = ".".join(part for part in location if part not in {"float", "str", "constrained-str"})
    kind, value, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    if kind == "missing":
        return Problem(place, "is missing; give it a value.")
    if kind == "extra_forbidden":
        return Problem(place, f"is not a field here{_did_you_mean_field(detail['loc'])}.")
    if kind == "value_error":
        return Problem(place, f"{context.get('error', detail['msg'])}.")
    if kind.startswith("union_tag"):
        tags = list(technologies.KINDS)
        given = value.get("kind", "missing") if isinstance(value, Mapping) else value
        return Problem(f"{place}.kind", f'is "{given}"; it must be one of {tags}{_near(str(given), tags)}.')
    words = _WORDS.get(kind, "").format(**context) or re.sub("^Input should", "it should", detail["msg"])
    options = re.findall(r"'([^']+)'", str(context.get("expected", "")))
    shown = f'"{value}"' if isinstance(value, str) else value
    return Problem(place, f"is {shown}; {words}{_near(str(value), options)}.")


def _near(value: str, options: list[str], cutoff: float = 0.5) -> str:
    near = difflib.get_close_matches(value, options, n=1, cutoff=cutoff)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _did_you_mean_field(location: tuple[int | str, ...]) -> str:
    model: type[BaseModel] = Scenario
    for part in location[:-1]:
        model = _step_into(model, str(part))
    fields = list(model.model_fields)
    return _near(str(location[-1]), fields) or f" (fields: {', '.join(fields)})"


def _step_into(model: type[BaseModel], part: str) -> type[BaseModel]:
    if part in technologies.KINDS:
        return technologies.KINDS[part]
    field = model.model_fields.get(part)
    annotation = field.annotation if field else None
    if get_origin(annotation) is dict:
        annotation = get_args(annotation)[1]
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else model
