"""Empty states: say what the place is for and offer the first step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.page import page, page_head


def empty_state(title: str, text: Any, steps: Sequence[tuple[str, str]] = ()) -> html.Div:
    """A calm box in place of content.

    Parameters
    ----------
    title, text : str
    steps : sequence of (label, address)
        What to do next; the first is the main one.
    """
    links = [
        dcc.Link(label, href=href, className="btn btn-primary" if first else "btn btn-quiet")
        for first, (label, href) in zip([True] + [False] * len(steps), steps, strict=False)
    ]
    return html.Div(
        [html.H2(title), html.P(text) if isinstance(text, str) else text, html.Div(links, className="steps")],
        className="empty",
    )


def empty_page(title: str, text: Any, steps: Sequence[tuple[str, str]] = ()) -> html.Div:
    """A whole page that has nothing else to show."""
    return page(page_head(title), empty_state(title, text, steps))
