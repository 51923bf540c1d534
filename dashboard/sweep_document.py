"""A sweep's YAML changed in single places: comments, order and writing of everything else stay as they are.

A place is a dotted path as problems name it, entries of a list counted from 1: `parameters.2.range.1`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from engine.errors import InputError, Problem
from engine.scenario.loading import parse_yaml

SOURCE = "The sweep"
ROWS = "parameters"
_ROW_FORM = "write a line like - {path: fuel.price_usd_per_mmbtu, range: [2, 10]}"


def mapping_of(text: str) -> dict[str, Any]:
    """What a text says, when a form can show it: right or wrong, yet of the shape of a sweep.

    Raises
    ------
    InputError
        With what keeps it from being shown.
    """
    data = parse_yaml(text, source=SOURCE)
    problems = [Problem("budget", "holds no fields; write budget: {cases: 200}.")] * _is_odd(data.get("budget"), dict)
    if _is_odd(data.get(ROWS), list):
        problems.append(Problem(ROWS, f"is no list; {_ROW_FORM}."))
    else:
        rows = enumerate(data.get(ROWS) or [], start=1)
        problems += [Problem(f"{ROWS}.{number}", f"{_ROW_FORM}.") for number, row in rows if not isinstance(row, dict)]
    if problems:
        raise InputError(SOURCE, problems)
    return data


def value_at(data: Any, place: str, default: Any = None) -> Any:
    """Value at a place; the default where nothing stands there."""
    for part in place.split("."):
        if isinstance(data, list) and part.isdigit() and 0 < int(part) <= len(data):
            data = data[int(part) - 1]
        elif isinstance(data, Mapping) and part in data:
            data = data[part]
        else:
            return default
    return data


def changed(text: str, values: Mapping[str, Any]) -> str:
    """The text with other values at some places; None takes a field out."""

    def do(tree: Any) -> None:
        for place, value in values.items():
            _put(tree, place.split("."), value)

    return _with(text, do)


def added(text: str, row: Mapping[str, Any]) -> str:
    """The text with one more input."""

    def do(tree: Any) -> None:
        if not tree.get(ROWS):
            tree[ROWS] = _reader().load("[]")
            tree[ROWS].fa.set_block_style()
        tree[ROWS].append(_written(dict(row)))

    return _with(text, do)


def dropped(text: str, number: int) -> str:
    """The text without one of its inputs, counted from 1."""

    def do(tree: Any) -> None:
        del tree[ROWS][number - 1]

    return _with(text, do)


def row_text(row: Mapping[str, Any]) -> str:
    """One input as a line of the file."""
    return yaml.safe_dump(dict(row), default_flow_style=True, sort_keys=False, width=1000, allow_unicode=True).strip()


def _with(text: str, do: Callable[[Any], None]) -> str:
    reader, out = _reader(), io.StringIO()
    try:
        tree = reader.load(text)
    except YAMLError as error:
        message = f"cannot be changed from the form: {getattr(error, 'problem', '')}; change its text instead."
        raise InputError(SOURCE, [Problem("", message)]) from None
    do(tree)
    reader.dump(tree, out)
    return out.getvalue()


def _reader() -> YAML:
    reader = YAML()
    reader.preserve_quotes = True
    reader.width = 4096
    reader.indent(mapping=2, sequence=4, offset=2)
    return reader


def _put(tree: Any, parts: list[str], value: Any) -> None:
    part, rest = parts[0], parts[1:]
    if isinstance(tree, list):
        index = int(part) - 1
        tree.extend([None] * (index + 1 - len(tree)))
        if rest:
            _put(tree[index], rest, value)
        else:
            tree[index] = _written(value)
    elif rest:
        if not isinstance(tree.get(part), list | dict):
            if value is None:
                return
            tree[part] = _reader().load("[]" if rest[0].isdigit() else "{}")
        _put(tree[part], rest, value)
    elif value is None:
        tree.pop(part, None)
    else:
        tree[part] = _written(value)


def _written(value: Any) -> Any:
    """A value in the writing that PyYAML, which reads the file, takes for just this value."""
    return _reader().load(yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True))


def _is_odd(value: Any, kind: type) -> bool:
    return value is not None and not isinstance(value, kind)
