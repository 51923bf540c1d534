"""All sweeps, and the shipped ones to begin with."""

from __future__ import annotations

from typing import Any

import dash
import yaml
from dash import Input, Output, State, callback, dcc, html

from dashboard.components.empty import empty_state
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.problems import notice
from dashboard.ids import Sweeps as Ids
from dashboard.sweep_view import statuses
from dashboard.views.sweep_progress import row
from engine.errors import StoreError
from engine.sweep.plan import SHIPPED
from engine.sweep.spec import DESIGNS

TICK_MS = 2000

dash.register_page(__name__, path="/sweeps", name="Sweeps", title="Sweeps · Firmwatt")


def layout(**_query: str) -> html.Div:
    """The page, drawn as things stand."""
    action = dcc.Link([icon("plus"), "New sweep"], href="/sweeps/new", className="btn btn-primary")
    return html.Div(
        [
            page(
                page_head("Sweeps", actions=[action]),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(_list(), id=Ids.LIST, className="jobs"),
                html.H2("Shipped sweeps"),
                html.Div([_shipped(file) for file in sorted(SHIPPED.glob("*.yaml"))], className="sweep-cards"),
            ),
            dcc.Interval(id=Ids.TICK, interval=TICK_MS),
        ]
    )


def _list() -> Any:
    try:
        found = statuses()
    except StoreError as error:
        return notice(str(error), "bad")
    if not found:
        words = (
            "A sweep solves many cases of one scenario: some inputs move, the rest stays. It shows which inputs "
            "matter, which mix wins where, and how far the answer carries. Begin with a shipped one, or write your own."
        )
        return empty_state("No sweep has been launched yet", words, [("New sweep", "/sweeps/new")])
    return html.Ul([row(status) for status in found], className="job-list")


def _shipped(file: Any) -> html.Div:
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    return html.Div(
        [
            html.H3(dcc.Link(spec["name"], href=f"/sweeps/new?from={file.stem}")),
            html.P(spec.get("description", ""), className="muted"),
            html.Div(f"{DESIGNS[spec['design']]} on {spec['base']}", className="small muted"),
        ],
        className="panel",
    )


@callback(
    Output(Ids.LIST, "children"),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.LIST, "children"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, before: Any) -> Any:
    after = _list()
    return dash.no_update if after.to_plotly_json() == before else after
