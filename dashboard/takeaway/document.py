"""What can be taken away, before it has a format: one document, from which every format is made.

A subject (a comparison, a run) builds a `Document`; the formats know nothing of subjects and subjects nothing of
formats. Charts are the page's own figures, cards the page's own cards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash.development.base_component import Component

from dashboard.components.chart import View
from dashboard.theme import LIGHT

PAPER_MARGIN = {"l": 16, "r": 16, "b": 16}
# Names of the lines of provenance that are no run's.
GENERAL_FACTS = ("View", "Made", "Asked of", "Result")


@dataclass(frozen=True)
class Chart:
    """A chart of the page with what stands behind it.

    Attributes
    ----------
    name : str
        File name without ending: `capacity-by-year`.
    title, subtitle : str
        As on the page.
    view : View
        Figure, words and table.
    """

    name: str
    title: str
    view: View
    subtitle: str = ""

    def figure(self, width_px: int, height_px: int | None = None) -> go.Figure:
        """The figure on white paper in a size of its own; the page's figure stays as it is."""
        figure = go.Figure(self.view.figure)
        height = height_px or figure.layout.height or 400
        figure.update_layout(
            width=width_px, height=height, autosize=False, paper_bgcolor=LIGHT.surface, plot_bgcolor=LIGHT.surface,
            # Axes make themselves room; parallel coordinates have no axes of that kind.
            margin={} if self.view.figure.data and self.view.figure.data[0].type == "parcoords" else PAPER_MARGIN,
        )  # fmt: skip
        return figure


@dataclass(frozen=True)
class Sheet:
    """A table in full precision.

    Attributes
    ----------
    name : str
        At most 31 characters, as a workbook wants it; also the file's name.
    frame : DataFrame
    units : mapping
        Unit of each column that has one; `frac` is a share, shown as a percentage.
    note : str
        What it holds, in a sentence.
    """

    name: str
    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """A short table of words and rounded numbers, as a slide shows it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that any format needs.

    Attributes
    ----------
    title, subtitle : str
    stem : str
        File name without ending.
    address : str
        Path and query of the view: what it was made from, and what makes it again.
    sentences : tuple of str
        The finding; the first is the most important one.
    warnings : tuple of str
        What a reader must know before believing a figure: time-limited, inadequate, unverified, synthetic.
    marks : str
        The same in a few words, for the foot of every slide.
    parts : tuple of Component or Chart
        Body of a report, in reading order.
    grids : tuple of Grid
        Tables of the slides.
    workbook, tables : tuple of Sheet
        Sheets of a workbook, and the tidy tables behind them.
    facts : tuple of (str, str)
        Where it all comes from.
    made : datetime
    """

    title: str
    stem: str
    address: str
    subtitle: str = ""
    sentences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    marks: str = ""
    parts: tuple[Component | Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    workbook: tuple[Sheet, ...] = ()
    tables: tuple[Sheet, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts, in reading order."""
        return tuple(part for part in self.parts if isinstance(part, Chart))

    @property
    def made_words(self) -> str:
        """When it was made, in words."""
        return f"{self.made.day} {self.made:%b %Y, %H:%M} UTC"


def present(*parts: Any) -> tuple[Any, ...]:
    """Parts without those that are None."""
    return tuple(part for part in parts if part is not None)
