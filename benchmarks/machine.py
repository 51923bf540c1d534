"""The machine in words, and what a table of measurements is made of."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import highspy


@dataclass(frozen=True)
class Measure:
    """One line of a table.

    Attributes
    ----------
    what, found : str
        What was measured, and the figure with its unit.
    value, most : float
        The figure and what it may be at most.
    detail : str
    """

    what: str
    found: str
    value: float
    most: float
    detail: str = ""

    def row(self) -> str:
        """As a Markdown row; what misses its aim is red and says so."""
        verdict = "reached" if self.value <= self.most else "🔴 **not reached**"
        return f"| {self.what} | {self.found} | {self.most:g} | {verdict} | {self.detail} |"


HEAD = "| measure | median | at most | | |\n|---|---:|---:|---|---|"


def table(title: str, measures: Sequence[Measure]) -> str:
    """A Markdown table under its title."""
    return "\n".join([f"### {title}", "", HEAD, *(measure.row() for measure in measures), ""])


def median(values: Sequence[float]) -> float:
    """Median of some runs."""
    return statistics.median(values)


def machine() -> str:
    """The machine in one line."""
    versions = f"Python {platform.python_version()}, HiGHS {highspy.Highs().version()}"
    load = f"load {os.getloadavg()[0]:.1f} at the beginning"
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {versions}; {load}"
