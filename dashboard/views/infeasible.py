"""What a run without a plan shows: what that means, what it was asked, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard import data
from dashboard.components.badges import badge
from dashboard.components.chart import card
from dashboard.components.page import page, page_head
from dashboard.components.table import data_table
from dashboard.views import provenance
from engine.inputs import inputs
from engine.library import Library

Manifest = Mapping[str, Any]


def infeasible_page(manifest: Manifest) -> html.Div:
    """Page of a run that has no plan."""
    return page(
        page_head(manifest["name"], kicker=manifest["description"] or None),
        html.Div([badge("Infeasible", "bad", "No plan keeps every limit.")], className="marks"),
        _meaning(manifest),
        _limits_card(manifest, "w6"),
        _load_card(manifest, "w6"),
        provenance.solve_card(manifest, "w6"),
        provenance.inputs_card(manifest, "w6"),
    )


def _meaning(manifest: Manifest) -> html.Section:
    steps = [
        "Loosen the limit that you think is in the way, one at a time, and solve again.",
        "Give equipment earlier dates or more units: what is not there in a year cannot cover that year's peak.",
        "Allow what is switched off: a battery or the grid can stand in where land or emissions run out.",
    ]
    return html.Section(
        [
            html.H2("No plan keeps every limit"),
            html.P(
                "Limits have no slack. Here at least two of them cannot hold together in some year, whatever is built.",
                className="lead-sentence",
            ),
            html.Ul([html.Li(step) for step in steps], className="plain-list"),
            html.Div(
                [
                    dcc.Link("Change the scenario", href=_editor(manifest), className="btn btn-primary"),
                    dcc.Link("See all runs", href="/runs", className="btn btn-quiet"),
                ],
                className="steps left",
            ),
        ],
        className="panel",
    )


def _editor(manifest: Manifest) -> str:
    """Editor of the scenario that this run solved; the library when it has changed or gone."""
    entries = Library().entries()
    key = next((entry.key for entry in entries if entry.fingerprint == manifest["fingerprint"]), None)
    return f"/edit/{key}" if key else "/"


def _limits_card(manifest: Manifest, className: str) -> html.Section:
    rows = [row for row in inputs(manifest) if row.place.startswith("limits.") and row.value not in (None, False)]
    parts = []
    for row in rows:
        parts += [html.Dt(row.label), html.Dd(provenance.show_input(row.value, row.unit))]
    return card("Limits asked for", html.Dl(parts, className="facts"), className=className)


def _load_card(manifest: Manifest, className: str) -> html.Section:
    load = data.table(manifest["run_id"], "load")
    shown = load[["year", "peak_mw", "mean_mw", "required_mwh"]].rename(
        columns={"peak_mw": "peak", "mean_mw": "mean", "required_mwh": "energy"}
    )
    shown["energy"] = shown["energy"] / 1e3
    table = data_table(shown, {"peak": "MW", "mean": "MW", "energy": "GWh"}, caption="Load by year")
    return card("Load to be met", table, className=className)
