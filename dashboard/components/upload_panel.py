"""What an uploaded file holds: its figures, what was assumed, and the choice of a column; or all its problems."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.numbers import number
from dashboard.components.problems import problem_box
from dashboard.formatting import amount
from dashboard.forms.spec import FieldSpec
from dashboard.ids import Editor
from dashboard.uploads import Taken
from engine.profiles.upload import UploadFigure

FIGURE_DIGITS = 5


def upload_panel(spec: FieldSpec, taken: Taken | None) -> Any:
    """Below a file field; nothing while it names no file."""
    if taken is None:
        return None
    if taken.error is not None:
        return problem_box(taken.error, title=f"{taken.name} cannot be used")
    check = taken.check
    assert check is not None
    return html.Div(
        [
            html.Div(
                [html.Strong(taken.name), html.Span(f"{check.rows:,} rows", className="muted")],
                className="upload-head",
            ),
            html.Div([_figure(figure) for figure in check.figures], className="upload-figures"),
            _columns(spec, taken),
            html.Ul([html.Li(note) for note in check.notes], className="plain-list muted") if check.notes else None,
        ],
        className="upload-panel small",
        role="status",
    )


def _figure(figure: UploadFigure) -> html.Div:
    unit = "frac" if figure.key.endswith("_frac") else figure.unit
    return html.Div(
        [html.Div(figure.label, className="stat-label"), number(amount(figure.value, unit, digits=FIGURE_DIGITS))]
    )


def _columns(spec: FieldSpec, taken: Taken) -> Any:
    """The column in use; a choice where the file has several."""
    assert taken.check is not None
    if len(taken.check.columns) < 2:
        return None
    options = [{"label": column, "value": f"{taken.reference}:{column}"} for column in taken.check.columns]
    choice = dbc.Select(id=Editor.column(spec.path), options=options, value=taken.value, size="sm")
    return html.Label(["Column", choice], className="upload-column")
