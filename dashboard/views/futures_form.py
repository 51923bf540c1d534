"""The futures of a regret as a table that can be edited, and back from its fields to futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.icons import icon
from dashboard.forms.values import Unreadable, format_number, parse_number
from dashboard.ids import Futures as Ids
from engine.choice.futures import Future
from engine.choice.variants import mapping_of
from engine.errors import InputError, Problem
from engine.inputs import inputs
from engine.scenario.loading import LoadedScenario

LIST = "futures-inputs"  # the browser's list of inputs to choose from
HEADS = (("name", "Future"), ("place", "Input"), ("value", "Value"), ("weight", "Counts"))


@dataclass(frozen=True)
class Row:
    """A row as it stands in its fields; rows of one name are one future."""

    name: str = ""
    place: str = ""
    value: str = ""
    weight: str = "1"


def names_by_place(reference: LoadedScenario | None) -> dict[str, str]:
    """What each input is called in the table: "Fuel: Gas price, USD/MMBtu"."""
    if reference is None:
        return {}
    names: dict[str, str] = {}
    for row in inputs({"scenario": mapping_of(reference)}):
        if row.place.startswith(("solver.", "time.")):
            continue
        unit = "" if row.unit in ("-", "") else f", {row.unit}"
        name = f"{row.group}: {row.label}{unit}"
        names[row.place] = f"{name} ({row.place})" if name in names.values() else name
    return names


def rows_of(futures: Sequence[Future]) -> list[Row]:
    """Rows of the table; a future with several values has as many."""
    return [
        Row(future.name, place, _text(value), f"{future.weight:g}")
        for future in futures
        for place, value in (future.values or {"": ""}).items()
    ]


def table(rows: Sequence[Row], reference: LoadedScenario | None) -> list[Any]:
    """The table with its fields."""
    names = names_by_place(reference)
    head = html.Div(
        [html.Span(text) for _, text in HEADS], className="future-row future-head", **{"aria-hidden": "true"}
    )
    options = html.Datalist([html.Option(value=name) for name in names.values()], id=LIST)
    body = [_row(number, row, names) for number, row in enumerate(rows)]
    return [options, head, *body] if rows else [options, html.P("No futures yet: add one.", className="muted")]


def _row(number: int, row: Row, names: Mapping[str, str]) -> html.Div:
    content = {**vars(row), "place": names.get(row.place, row.place)}
    fields = [
        html.Label(
            [
                html.Span(label, className="future-name-of"),
                dcc.Input(
                    id=Ids.row(field, number), value=content[field], type="text", debounce=False, autoComplete="off",
                    className="field-input", placeholder=label, **({"list": LIST} if field == "place" else {}),
                ),
            ],
            className=f"future-{field}",
        )
        for field, label in HEADS
    ]  # fmt: skip
    remove = html.Button(
        icon("close"), id=Ids.drop(number), className="icon-button", title="Remove",
        **{"aria-label": f"Remove {row.name or 'this row'}"},
    )  # fmt: skip
    return html.Div([*fields, remove], className="future-row")


def typed(names: Sequence[Any], places: Sequence[Any], values: Sequence[Any], weights: Sequence[Any]) -> list[Row]:
    """Rows from the fields' contents."""
    columns = ([str(cell or "").strip() for cell in column] for column in (names, places, values, weights))
    return [Row(*cells) for cells in zip(*columns, strict=True)]


def futures_of(rows: Sequence[Row], reference: LoadedScenario) -> list[dict[str, Any]]:
    """Plain data of the futures, for `read_futures` to check.

    Raises
    ------
    InputError
        Rows that cannot be read; empty rows are left out.
    """
    places = {name: place for place, name in names_by_place(reference).items()}
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {}
    for number, row in enumerate((row for row in rows if row.name or row.place or row.value), start=1):
        where = f"row {number}" + (f' "{row.name}"' if row.name else "")
        missing = [
            label for label, text in (("a name", row.name), ("an input", row.place), ("a value", row.value)) if not text
        ]
        if missing:
            problems.append(Problem(where, f"needs {' and '.join(missing)}."))
            continue
        weight = _number(row.weight or "1")
        if not isinstance(weight, int | float):
            problems.append(Problem(where, f'counts "{row.weight}"; it must be a number above 0.'))
            continue
        future = found.setdefault(row.name, {"name": row.name, "values": {}, "weight": weight})
        future["values"][places.get(row.place, row.place)] = _value(row.value)
    if problems:
        raise InputError("futures", problems)
    return list(found.values())


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return format_number(value) if isinstance(value, int | float) else str(value)


def _value(text: str) -> Any:
    """A number, a switch, a list (`3.5; 3.6`), or the text as it is."""
    if ";" in text:
        return [_value(part.strip()) for part in text.split(";")]
    if text.lower() in ("on", "off", "true", "false"):
        return text.lower() in ("on", "true")
    return _number(text)


def _number(text: str) -> Any:
    """As planners type it: `1,650`, `1.65k`, `8 %`; other text stays text."""
    try:
        return parse_number(text)
    except Unreadable:
        return text
