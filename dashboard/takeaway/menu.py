"""The Take away menu at the head of a page; assets/takeaway.js does the rest with the page's address."""

from __future__ import annotations

from dash import html

from dashboard.components.icons import icon
from dashboard.takeaway.formats import FORMATS
from dashboard.takeaway.subjects import SUBJECTS


def menu(root: str) -> html.Div:
    """Menu of a subject's formats.

    Parameters
    ----------
    root : str
        First part of the page's path: a key of `SUBJECTS`.
    """
    subject = SUBJECTS[root]
    button = html.Button(
        [icon("download"), "Take away", icon("down")], className="btn btn-quiet takeaway-open",
        **{"aria-haspopup": "menu", "aria-expanded": "false"},
    )  # fmt: skip
    items = [_item(name) for name in subject.formats]
    command = html.Button(
        [html.Span("The same from a terminal", className="takeaway-name"), html.Span("the command, to copy")],
        className="takeaway-item", role="menuitem", **{"data-takeaway-command": "xlsx"},
    )  # fmt: skip
    listed = html.Div(
        [*items, html.Hr(), command], className="takeaway-menu", role="menu",
        **{"aria-label": f"Take away this {subject.label}"},
    )  # fmt: skip
    return html.Div([button, listed], className="takeaway")


def _item(name: str) -> html.Button:
    format = FORMATS[name]
    return html.Button(
        [html.Span(format.label, className="takeaway-name"), html.Span(format.hint)],
        className="takeaway-item", role="menuitem",
        **{"data-takeaway": name, "data-label": format.label, "data-hint": format.hint},
    )  # fmt: skip
