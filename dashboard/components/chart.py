"""The card around a chart: title, controls, the chart, its words for screen readers, its table and download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import theme
from dashboard.components.graph import Graph
from dashboard.components.icons import icon
from dashboard.components.still import still
from dashboard.components.table import csv_link, data_table
from dashboard.figures.common import CONFIG

USUAL_HEIGHT_PX = 300
SAID_HEIGHT_PX = 60


@dataclass(frozen=True)
class Backing:
    """What stands behind a chart.

    Attributes
    ----------
    summary : str
        The chart in words.
    table : DataFrame
        Its numbers (or, for thousands of hours, their totals).
    units : mapping
        Unit of each column.
    filename : str
        Of the download, with ending.
    href : str
        Address of the download; by default the table itself.
    """

    summary: str
    table: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    filename: str = "firmwatt.csv"
    href: str = ""

    def outputs(self) -> tuple[str, Any]:
        """Words and table: two outputs of a chart card that a callback fills."""
        return self.summary, still(backing_view(self))


class View:
    """A chart with what stands behind it.

    Parameters
    ----------
    figure, backing : or callable
        What takes long is made by a callable when it is first asked for: a chart in the hand is drawn without its
        words. The theme is that of the moment the view is made: the callable takes it along.
    """

    def __init__(self, figure: go.Figure | Callable[[], go.Figure], backing: Backing | Callable[[], Backing]) -> None:
        self._figure, self._backing = figure, backing

    @cached_property
    def figure(self) -> go.Figure:
        """The chart."""
        return self._figure() if callable(self._figure) else self._figure

    @cached_property
    def backing(self) -> Backing:
        """Its words, table and download."""
        return self._backing() if callable(self._backing) else self._backing

    def outputs(self) -> tuple[go.Figure, str, Any]:
        """Figure, words and table: the three outputs of a chart card that a callback fills."""
        return self.figure, *self.backing.outputs()


def nothing_drawn(words: str = "") -> go.Figure:
    """What a chart shows until a callback fills it: no axes, so that its place counts as empty; or why it stays so."""
    hidden = {"visible": False}
    look = theme.template(theme.current())
    said = {"text": words, "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top",
            "font": {"size": 14}}  # fmt: skip
    size = {"height": SAID_HEIGHT_PX, "annotations": [said]} if words else {"height": USUAL_HEIGHT_PX}
    return go.Figure(layout={"template": look, "xaxis": hidden, "yaxis": hidden, **size})


def summary_id(graph_id: str) -> str:
    """Id of the words beneath a chart."""
    return f"{graph_id}-summary"


def table_id(graph_id: str) -> str:
    """Id of the table beneath a chart."""
    return f"{graph_id}-table"


def chart_card(
    title: str,
    figure: go.Figure | None,
    backing: Backing | None,
    *,
    graph_id: str | None = None,
    subtitle: Any = None,
    controls: Any = None,
    below_head: Any = None,
    className: str = "",
    min_width: int = 0,
) -> html.Section:
    """Card with a chart.

    Parameters
    ----------
    title : str
        Names the subject of the finding.
    figure, backing : optional
        Both None for a chart that a callback fills.
    below_head : component, optional
        Between head and chart, over the whole width: a slider.
    graph_id : str, optional
        For charts that a callback fills: also names summary and table.
    min_width : int
        Pixels below which the chart scrolls inside its card instead of shrinking.
    """
    ids = ({"id": graph_id}, {"id": summary_id(graph_id)}, {"id": table_id(graph_id)}) if graph_id else ({}, {}, {})
    drawn = figure if figure is not None else nothing_drawn()
    graph = Graph(figure=drawn, config=CONFIG, **ids[0])
    # Until it is drawn, its place is kept: assets/firmwatt-4-skeleton.css.
    height = {"--chart-height": f"{drawn.layout.height}px"} if drawn.layout.height else None
    inside = html.Div(graph, style={"minWidth": f"{min_width}px"}) if min_width else graph
    return html.Section(
        [
            html.Header(
                [
                    html.Div([html.H2(title), html.Div(subtitle, className="card-note") if subtitle else None]),
                    html.Div(controls, className="card-controls") if controls is not None else None,
                ],
                className="card-head",
            ),
            below_head,
            html.Div(inside, className="chart scroll" if min_width else "chart", style=height),
            html.P(backing.summary if backing else "", className="visually-hidden", **ids[1]),
            html.Div(backing_view(backing) if backing else None, className="backing", **ids[2]),
        ],
        className=f"panel {className}".strip(),
    )


def backing_view(backing: Backing) -> list:
    """The table behind a chart, folded, and its download."""
    return [
        html.Details(
            [html.Summary("Table"), data_table(backing.table, backing.units, caption=backing.summary)],
            className="fold",
        ),
        html.A(
            [icon("download"), "CSV"],
            href=backing.href or csv_link(backing.table),
            download=backing.filename,
            className="link-button",
        ),
    ]


def card(title: str | None, *content: Any, className: str = "", note: Any = None, controls: Any = None) -> html.Section:
    """Card with anything in it."""
    head = html.Header(
        [
            html.Div([html.H2(title), html.Div(note, className="card-note") if note else None]),
            html.Div(controls, className="card-controls") if controls is not None else None,
        ],
        className="card-head",
    )
    return html.Section([head if title else None, *content], className=f"panel {className}".strip())
