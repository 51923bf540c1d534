"""The scenario reference, written from the schema: `python -m engine.scenario.reference > docs/scenario.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.scenario import demand_response, renewables, schema, technologies

INTRODUCTION = """# Scenario reference

Written from the schema by `python -m engine.scenario.reference > docs/scenario.md`; a test holds it to the schema.

A scenario is YAML. `extends: base` lays the file over another one beside it or shipped; mappings merge, everything
else replaces. A field that takes an hourly series is written `file.csv:column`; files are looked for beside the
scenario, in the own scenarios and in the uploads, never elsewhere. An empty limit (`null`) does not bind.
"""

PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("(top level)", schema.Scenario),
    ("site", schema.Site),
    ("load", schema.Load),
    ("load.workloads.NAME", demand_response.Workload),
    ("load.cooling", demand_response.Cooling),
    ("technologies.ID, kind: thermal", technologies.Thermal),
    ("technologies.ID, kind: battery", technologies.Battery),
    ("technologies.ID, kind: solar", technologies.Solar),
    ("technologies.ID, kind: wind", technologies.Wind),
    ("technologies.ID.array (solar)", renewables.PhotovoltaicArray),
    ("technologies.ID.turbine (wind)", renewables.WindTurbine),
    ("technologies.ID, kind: grid", technologies.Grid),
    ("technologies.ID.price_periods (grid)", technologies.PricePeriod),
    ("demand_response", demand_response.DemandResponse),
    ("demand_response.products.NAME", demand_response.Product),
    ("fuel", schema.Fuel),
    ("limits", schema.Limits),
    ("money", schema.Money),
    ("time", schema.Time),
    ("time.weeks[]", schema.CalendarWeek),
    ("solver", schema.Solver),
)


def reference() -> str:
    """The reference as Markdown."""
    sections = [INTRODUCTION]
    for place, model in PARTS:
        rows = "\n".join(_row(name, field) for name, field in _fields(model))
        head = "| field | default | unit | range | meaning | source |\n|---|---|---|---|---|---|"
        sections.append(f"## `{place}`\n\n{(model.__doc__ or '').strip()}\n\n{head}\n{rows}\n")
    return "\n".join(sections)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        if isinstance(field.json_schema_extra, dict):
            yield name, field


def _row(name: str, field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra
    default = "required" if field.is_required() else _default(field.default)
    cells = (f"`{name}`", default, extra["unit"], _range(field), field.description or "", extra["source"])
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def _default(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | tuple):
        return f"{len(value)} entries" if value else "none"
    return f"`{value}`"


def _range(field: FieldInfo) -> str:
    signs = {Ge: (">=", "ge"), Gt: (">", "gt"), Le: ("<=", "le"), Lt: ("<", "lt")}
    words = []
    for limit in field.metadata:
        for kind, (sign, attribute) in signs.items():
            if isinstance(limit, kind):
                words.append(f"{sign} {getattr(limit, attribute):g}")
    return ", ".join(words)


if __name__ == "__main__":
    print(reference(), end="")
