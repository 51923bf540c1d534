"""The state of the frontier page, as its address says it: study, open point, pins, selected ranges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard import links
from engine.objectives import OBJECTIVES

MOST_PINS = 5


@dataclass(frozen=True)
class State:
    """What is open, pinned and selected.

    Attributes
    ----------
    study, point : str
    pins : tuple of str
    ranges : dict of str to (float, float)
        By objective or technology, in their own units.
    """

    study: str = ""
    point: str = ""
    pins: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def read(cls, study: str = "", point: str = "", pins: str = "", select: str = "") -> State:
        """State of an address; what is not well-formed is left out."""
        kept = tuple(dict.fromkeys(_names(pins)))[:MOST_PINS]
        return cls(study, point, kept, _ranges(select))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> State:
        """State of the page's store."""
        ranges = {key: (float(low), float(high)) for key, (low, high) in data["ranges"].items()}
        return cls(data["study"], data["point"], tuple(data["pins"]), ranges)

    def data(self) -> dict[str, Any]:
        """For the page's store."""
        return {"study": self.study, "point": self.point, "pins": list(self.pins), "ranges": dict(self.ranges)}

    @property
    def search(self) -> str:
        """Query of this very state."""
        spans = ",".join(f"{key}:{low:.6g}:{high:.6g}" for key, (low, high) in self.ranges.items())
        return links.search(study=self.study, point=self.point, pins=",".join(self.pins), select=spans)

    def with_pin(self, name: str) -> State:
        """One more pinned point; the oldest goes when it would be too many."""
        return replace(self, pins=(*(pin for pin in self.pins if pin != name), name)[-MOST_PINS:])

    def without_pin(self, name: str) -> State:
        """One pin less."""
        return replace(self, pins=tuple(pin for pin in self.pins if pin != name))


def left_out(scenarios: str, objectives: str, library: Collection[str]) -> dict[str, str]:
    """What an address asks for that the form cannot offer: {name: why}."""
    unknown = {key: "it is no readable scenario of the library" for key in _names(scenarios) if key not in library}
    strange = {key: "there is no such objective" for key in _names(objectives) if key not in OBJECTIVES}
    return unknown | strange


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _ranges(text: str) -> dict[str, tuple[float, float]]:
    ranges = {}
    for part in text.split(","):
        key, *ends = part.split(":")
        try:
            low, high = (float(end) for end in ends)
        except ValueError:
            continue
        ranges[key] = (low, high)
    return ranges
