"""The head of a page: title, what is in view, actions. It sits in the top bar, left of the shell's tools."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.still import still


def page_head(title: Any, *, chips: Any = None, actions: Any = None, kicker: Any = None) -> html.Header:
    """Head of a page.

    Parameters
    ----------
    title : str or component
        The page's title, its only h1.
    chips : components, optional
        Runs or scenarios in view.
    actions : components, optional
        Buttons of the page, at the right.
    kicker : str, optional
        Small words before the title: where the page belongs.
    """
    words = [html.Div(kicker, className="kicker") if kicker else None, html.H1(title)]
    return html.Header(
        [
            html.Div(words, className="page-title"),
            html.Div(chips, className="page-chips") if chips is not None else None,
            html.Div(actions, className="page-actions") if actions is not None else None,
        ],
        className="page-head",
    )


def page(head: html.Header, *content: Any) -> html.Div:
    """A page: its head and its content on the grid, what no callback can touch as few components as can be."""
    whole: html.Div = still(html.Div([head, html.Div(list(content), className="content")]))
    return whole
