"""The result of one run."""

from __future__ import annotations

import dash
from dash import html

dash.register_page(__name__, path_template="/run/<run_id>", name="Run", title="Run · Firmwatt")


def layout(run_id: str = "", **_query: str) -> html.Div:
    """Placeholder until the result page stands."""
    return html.Div([html.Header(html.H1("Run"), className="page-head")])
