"""Runs side by side."""

from __future__ import annotations

import dash
from dash import html

dash.register_page(__name__, path="/compare", name="Compare", title="Compare · Firmwatt")


def layout(**_query: str) -> html.Div:
    """Placeholder until the comparison stands."""
    return html.Div([html.Header(html.H1("Compare"), className="page-head")])
