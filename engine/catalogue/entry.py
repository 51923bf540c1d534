"""One entry of the catalogue: a technology, and where each of its figures comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from engine.scenario.equipment import Equipment
from engine.scenario.fields import ASSUMPTION

# How far a figure can be relied on: read in its source; read in somebody's summary of it; nobody's but ours; yours.
Status = Literal["verified", "secondary", "assumption", "own"]


class Origin(BaseModel):
    """Where a figure comes from.

    Attributes
    ----------
    name, locator : str
        The source, and the place in it.
    dollar_year : int or None
        Of money; None where the source does not say.
    status : str
        `verified`, `secondary`, `assumption` or `own`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    locator: str = ""
    dollar_year: int | None = None
    status: Status


@dataclass(frozen=True)
class Figure:
    """One number of an entry, as the library shows it.

    Attributes
    ----------
    path : str
        Field of the technology, dotted where it lies within a part (`array.dc_ac_ratio`).
    label, unit, description : str
        From the schema.
    value : float
    origin : Origin
    """

    path: str
    label: str
    unit: str
    description: str
    value: float
    origin: Origin

    @property
    def is_money(self) -> bool:
        """Whether its dollars have a year."""
        return "USD" in self.unit


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes
    ----------
    key : str
        Stable name; a file name for own entries.
    name, summary : str
    technology_id : str
        Id that it proposes in a scenario; decides its colour.
    shipped : bool
        Comes with Firmwatt: it can be read and copied, not changed.
    technology : Equipment
        Validated by the scenario's schema.
    stated : mapping
        The technology as written, without the schema's defaults.
    origins : mapping of str to Origin
        By field.
    """

    key: str
    name: str
    summary: str
    technology_id: str
    shipped: bool
    technology: Equipment
    stated: Mapping[str, Any]
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Behaviour: thermal, battery, solar, grid, ..."""
        return str(self.technology.kind)  # type: ignore[attr-defined]

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Statuses of its figures, the most frequent first."""
        found = [figure.origin.status for figure in figures(self)]
        return tuple(sorted(set(found), key=lambda status: -found.count(status)))


def figures(entry: Entry) -> tuple[Figure, ...]:
    """Every number that an entry states, and those of the schema's defaults that are not nothing."""
    found = numbers(entry.technology)
    return tuple(
        Figure(
            path, info.title or path, _extra(info, "unit"), info.description or "", value, _origin(entry, path, info)
        )
        for path, info, value in found
        if path in entry.origins or value != 0
    )


def numbers(model: BaseModel, within: str = "") -> Iterator[tuple[str, FieldInfo, float]]:
    """Path, declaration and value of each number of a technology, parts included."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from numbers(value, f"{within}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{within}{name}", info, float(value)


def to_technology(entry: Entry) -> dict[str, Any]:
    """The technology block for a scenario, complete with its defaults and a line about its sources."""
    return {**entry.technology.model_dump(mode="json"), "source": source_line(entry)}


def source_line(entry: Entry) -> str:
    """Sources in one line, the one with the most figures first, each with the year of its dollars."""
    by_source: dict[str, list[Figure]] = {}
    for figure in figures(entry):
        by_source.setdefault(figure.origin.name, []).append(figure)
    ranked = sorted(by_source.items(), key=lambda item: (item[0] == ASSUMPTION, -len(item[1])))
    return "; ".join(_named(name, found) for name, found in ranked)


def _named(name: str, found: list[Figure]) -> str:
    years = sorted({one.origin.dollar_year for one in found if one.is_money and one.origin.dollar_year})
    if name == ASSUMPTION:
        return f"assumptions: {', '.join(one.label.lower() for one in found)}"
    return f"{name} ({', '.join(map(str, years))} USD)" if years else name


def _origin(entry: Entry, path: str, info: FieldInfo) -> Origin:
    if path in entry.origins:
        return entry.origins[path]
    source = _extra(info, "source") or ASSUMPTION
    return Origin(name=source, status="assumption" if source.startswith(ASSUMPTION) else "verified")


def _extra(info: FieldInfo, name: str) -> str:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return str(extra.get(name, ""))
