"""Text that a planner types, to values and back: `1,650`, `1.65k`, `5M`, `8 %`, a true minus."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.forms.spec import FieldSpec

# k, M, G as in kW, MW, GW; B as in billion dollars. A small m could be milli or million: refused.
_FACTORS = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "bn": 1e9}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007 "))
_NUMBER = re.compile(r"(?P<digits>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?P<suffix>[A-Za-z]*)(?P<percent>%?)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?(?![\d,])")
ON_OFF = ("off", "on")
TRUE_MINUS = "\u2212"


class Unreadable(ValueError):
    """Text that is no value for its field; the message completes `field is "text"; ...`."""


def parse_number(text: str) -> float:
    """Read a number as planners type it.

    Parameters
    ----------
    text : str
        Thousands may be grouped by commas or spaces; `k`, `M`, `G` (or `B`) multiply; `%` divides by 100; a
        true minus and a leading `$` are accepted.

    Raises
    ------
    Unreadable
        With the remedy.
    """
    plain = text.strip().replace(TRUE_MINUS, "-").translate(_SPACES).replace("$", "")
    if "," in plain:
        if not _GROUPED.match(plain):
            raise Unreadable("write a decimal point, and commas only between thousands, e.g. 1,650 or 1.65")
        plain = plain.replace(",", "")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise Unreadable("it must be a number, e.g. 1,650 or 1.65k")
    suffix = match["suffix"]
    if suffix not in _FACTORS:
        raise Unreadable(f'"{suffix}" is not understood after a number; use k, M or G')
    value = float(match["digits"]) * _FACTORS[suffix]
    return _tidy(value / 100 if match["percent"] else value)


def parse(spec: FieldSpec, typed: Any) -> Any:
    """Read what was typed into one field.

    Returns
    -------
    Any
        The value as it stands in a scenario file; None for an empty optional field.

    Raises
    ------
    Unreadable
        With the remedy.
    """
    if spec.control == "flag":
        return bool(typed)
    if spec.control == "list":
        return _parse_list(spec, typed)
    text = "" if typed is None else str(typed).strip()
    if not text and (spec.optional or spec.control != "text"):
        if spec.optional:
            return None
        raise Unreadable("it needs a value")
    return _PARSERS[spec.control](spec, text)


def show(spec: FieldSpec, value: Any) -> Any:
    """Write a value as its field shows it (the inverse of `parse`)."""
    if spec.control == "flag":
        return bool(value)
    if value is None:
        return ""
    if spec.control in {"number", "integer"}:
        return format_number(value, grouped=spec.unit not in {"yr", "-"}) if _is_number(value) else str(value)
    if spec.control == "fraction":
        return f"{format_number(_tidy(value * 100))} %" if _is_number(value) else str(value)
    if spec.control == "file":
        return format_number(value) if _is_number(value) else str(value)
    if spec.control == "numbers":
        return ", ".join(format_number(item) for item in value)
    if spec.control == "words":
        return ", ".join(value)
    if spec.control == "list":
        parts = [_part(spec.columns[0], part) for part in value] if isinstance(value, list) else [str(value)]
        return ("; " if any("," in part for part in parts) else ", ").join(parts)
    if spec.control == "rows":
        return "\n".join(", ".join(_cell(column, _item(row, column)) for column in spec.columns) for row in value)
    return str(value)


def show_plain(spec: FieldSpec, value: Any) -> str:
    """Write a value in one line for the struck base value and for lists of changes."""
    if spec.control == "flag":
        return "on" if value else "off"
    if value is None:
        return "no limit" if spec.path.startswith("limits.") else "empty"
    text = str(show(spec, value)).replace("\n", "; ")
    # An upload carries the beginning of its content's hash before its name.
    return (re.sub(r"^[0-9a-f]{12}-", "", text) if spec.control == "file" else text) or "empty"


def format_number(value: float, *, grouped: bool = True) -> str:
    """Write a number with all its digits, thousands grouped, and a true minus."""
    number = float(value)
    text = f"{number:,.12g}" if grouped else f"{number:.12g}"
    if "e" in text or abs(number) >= 1e12:
        text = repr(number)
    return text.replace("-", TRUE_MINUS) if text.startswith("-") else text


def range_text(spec: FieldSpec) -> str:
    """Say the range in words, e.g. `above 0, at most 2,000`; empty where there is none."""
    words = []
    if spec.low is not None:
        words.append(f"{'above' if spec.low_open else 'at least'} {_end(spec, spec.low)}")
    if spec.high is not None:
        words.append(f"{'below' if spec.high_open else 'at most'} {_end(spec, spec.high)}")
    if spec.low is not None and spec.high is not None and not (spec.low_open or spec.high_open):
        return f"{_end(spec, spec.low)} to {_end(spec, spec.high)}"
    return ", ".join(words)


def out_of_range(spec: FieldSpec, value: Any) -> str:
    """Say what is wrong with a number outside its range; empty when it is inside."""
    if not _is_number(value) or spec.control not in {"number", "fraction", "integer"}:
        return ""
    below = spec.low is not None and (value < spec.low or (spec.low_open and value == spec.low))
    above = spec.high is not None and (value > spec.high or (spec.high_open and value == spec.high))
    if not below and not above:
        return ""
    percent = above and spec.control == "fraction" and spec.high is not None and value / 100 <= spec.high
    hint = f"; for percent write {format_number(value)} %" if percent else ""
    return f"it must be {range_text(spec)}{hint}"


def _end(spec: FieldSpec, value: float) -> str:
    return str(show(spec, value))


def _parse_number(spec: FieldSpec, text: str) -> float:
    return parse_number(_without_unit(spec, text))


def _parse_integer(spec: FieldSpec, text: str) -> int:
    value = parse_number(_without_unit(spec, text))
    if value != int(value):
        raise Unreadable("it must be a whole number")
    return int(value)


def _parse_choice(spec: FieldSpec, text: str) -> str:
    if text not in spec.choices:
        raise Unreadable(f"it must be one of {', '.join(spec.choices)}")
    return text


def _parse_date(_: FieldSpec, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable("it must be a date, year-month-day, e.g. 2023-01-31") from None


def _parse_numbers(_: FieldSpec, text: str) -> list[float]:
    separator = r"[;\n]" if re.search(r"[;\n]", text) else r",\s+|,(?!\d{3}(?!\d))|\s+"
    return [parse_number(part) for part in re.split(separator, text) if part.strip()]


def list_parts(typed: Any) -> list[str]:
    """The values of a list as they were typed, or as their boxes were ticked."""
    if isinstance(typed, list | tuple):
        return [str(part) for part in typed]
    text = "" if typed is None else str(typed)
    separator = r"[;\n]" if re.search(r"[;\n]", text) else r",\s+|,(?!\d{3}(?!\d))"
    return [part.strip() for part in re.split(separator, text) if part.strip()]


def parse_part(item: FieldSpec, text: str) -> Any:
    """One value of a list; switches say on or off.

    Raises
    ------
    Unreadable
        With the remedy.
    """
    if item.control != "flag":
        return parse(item, text)
    if text not in ON_OFF:
        raise Unreadable("it must be on or off")
    return text == ON_OFF[1]


def _parse_list(spec: FieldSpec, typed: Any) -> list[Any]:
    found = [parse_part(spec.columns[0], part) for part in list_parts(typed)]
    if not found:
        raise Unreadable("it needs a value")
    return found


def _part(item: FieldSpec, value: Any) -> str:
    return ON_OFF[value] if item.control == "flag" and isinstance(value, bool) else str(show(item, value))


def _parse_words(_: FieldSpec, text: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", text) if word]


def _parse_rows(spec: FieldSpec, text: str) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(re.split(r"[;\n]", text), start=1):
        if not line.strip():
            continue
        # With commas, a cell may hold several words.
        parts = [part.strip() for part in re.split("," if "," in line else r"[\s:]+", line.strip()) if part.strip()]
        if len(parts) != len(spec.columns):
            wanted = ", ".join(column.label.lower() for column in spec.columns)
            raise Unreadable(f"row {number} has {len(parts)} entries; it needs {len(spec.columns)}: {wanted}")
        rows.append({column.name: parse(column, part) for column, part in zip(spec.columns, parts, strict=True)})
    return rows


def _parse_file(spec: FieldSpec, text: str) -> float | str:
    if spec.upload == "price":
        try:
            return parse_number(_without_unit(spec, text))
        except Unreadable:
            return text
    return text


def _parse_text(_: FieldSpec, text: str) -> str:
    return text


_PARSERS = {
    "number": _parse_number,
    "fraction": _parse_number,
    "integer": _parse_integer,
    "choice": _parse_choice,
    "date": _parse_date,
    "numbers": _parse_numbers,
    "words": _parse_words,
    "rows": _parse_rows,
    "file": _parse_file,
    "text": _parse_text,
}


def _without_unit(spec: FieldSpec, text: str) -> str:
    """Drop the field's own unit when it was typed behind the number."""
    return text[: -len(spec.unit)] if spec.unit != "-" and text.endswith(spec.unit) else text


def _cell(column: FieldSpec, value: Any) -> str:
    """One cell of a row, without commas between thousands: they part cells."""
    return format_number(value, grouped=False) if column.control in {"number", "integer"} else str(show(column, value))


def _item(row: Any, column: FieldSpec) -> Any:
    return row.get(column.name) if isinstance(row, Mapping) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tidy(value: float) -> float:
    """Drop the noise that dividing by 100 leaves behind, so that 7 % is 0.07 and back."""
    return float(f"{value:.14g}")
