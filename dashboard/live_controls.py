"""The controls of the live page: any number or switch of a scenario, with the range a hand may move it in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dashboard.forms.draft import complete
from dashboard.forms.spec import FieldSpec, fields_by_path

# How far a value that is nothing now may go, by unit.
WIDE_FROM_NOTHING = {
    "USD/t": 200.0, "USD/MWh": 50.0, "USD/kW": 500.0, "USD/kW-yr": 50.0, "USD/kW-month": 20.0, "MW": 500.0,
    "MWh": 2000.0,
    "units": 20.0, "gal/MWh": 500.0, "h": 24.0, "USD/MW-h": 50.0, "cycles/yr": 365.0,
}  # fmt: skip
MOVABLE = ("number", "fraction", "integer", "flag")
NOT_LIVE = ("solver.", "time.clusters", "time.cluster_days", "time.linked_storage", "load.noise_seed")


def controls(mapping: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every control by its place: label, unit, kind, value, low, high, step."""
    found = {}
    whole = complete(mapping)
    for path, spec in fields_by_path(whole).items():
        value = _at(whole, path)
        if spec.control in MOVABLE and isinstance(value, bool | int | float) and not path.startswith(NOT_LIVE):
            found[path] = _control(spec, value, _group(whole, path))
    return found


def _control(spec: FieldSpec, value: float, group: str) -> dict[str, Any]:
    label = f"{group}, {_within_a_sentence(spec.label)}" if group else spec.label
    plain = {"label": label, "unit": spec.unit, "kind": spec.control, "value": value, "help": spec.help}
    if spec.control == "flag":
        return plain
    low, high = _range(spec, float(value))
    step = 1.0 if spec.control == "integer" else 10.0 ** (math.floor(math.log10(max(high - low, 1e-9))) - 2)
    return {**plain, "low": low, "high": high, "step": step}


def _within_a_sentence(label: str) -> str:
    """Land -> land, NOx and N-1 as they are."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _range(spec: FieldSpec, value: float) -> tuple[float, float]:
    """From the lowest that is allowed, or nothing, to about two and a half times the value."""
    wide = _rounded(2.5 * abs(value)) if value else WIDE_FROM_NOTHING.get(spec.unit, 1.0)
    if spec.control == "fraction":
        wide = min(max(_rounded(3.0 * abs(value)), 0.1), 1.0) if 0 <= value <= 1 else wide
    low = 0.0 if spec.low is None else max(spec.low, -wide)
    high = wide if spec.high is None else min(spec.high, wide)
    step = (high - low) / 100
    return (low + step if spec.low_open and low == spec.low else low), max(high, value)


def _rounded(value: float) -> float:
    """To one or two digits: 8.75 is 9, 2,500 stays."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return round(value / size * 2) / 2 * size


def _group(mapping: Mapping[str, Any], path: str) -> str:
    parts = path.split(".")
    if parts[0] == "technologies":
        return str(_at(mapping, ".".join(parts[:2])).get("label") or parts[1])
    return parts[0].replace("_", " ").capitalize() if parts[0] in ("fuel", "limits", "load", "money") else ""


def _at(mapping: Mapping[str, Any], path: str) -> Any:
    value: Any = mapping
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
