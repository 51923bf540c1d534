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
from dashboard.ids import Run
from dashboard.views import derived, provenance
from dashboard.views.diagnosis import diagnosis_card
from engine.inputs import inputs
from engine.library import Library

Manifest = Mapping[str, Any]


def infeasible_page(manifest: Manifest, actions: Any = None) -> html.Div:
    """Page of a run that has no plan."""
    return page(
        page_head(manifest["name"], kicker=manifest["description"] or None, actions=actions),
        dcc.Store(id=Run.RUN_ID, data=manifest["run_id"]),
        html.Div([badge("Infeasible", "bad", "No plan keeps every limit.")], className="marks"),
        *derived.places(),
        _meaning(manifest),
        _steps(manifest),
        _limits_card(manifest, "w6"),
        _load_card(manifest, "w6"),
        provenance.solve_card(manifest, "w6"),
        provenance.inputs_card(manifest, "w6"),
    )


def printed(manifest: Manifest) -> list[html.Section]:
    """What of the page is worth paper."""
    return [_meaning(manifest), _limits_card(manifest, ""), _load_card(manifest, "")]


def _meaning(manifest: Manifest) -> html.Section:
    """The diagnosis; a run of an earlier version has none and says how to get one."""
    found = diagnosis_card(manifest)
    if found is not None:
        return found
    words = "This run was solved before Firmwatt could say which limits are in the way: solve it again to learn it."
    return card("No plan keeps every limit", html.P(words, className="lead-sentence"))


def _steps(manifest: Manifest) -> html.Div:
    return html.Div(
        [
            dcc.Link("Change the scenario", href=_editor(manifest), className="btn btn-quiet"),
            dcc.Link("See all runs", href="/runs", className="btn btn-quiet"),
        ],
        className="steps left",
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
