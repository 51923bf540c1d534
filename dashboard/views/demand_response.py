"""Demand response of one run: what the load could give, what is sold, what is cut, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import data, theme
from dashboard.components.badges import limit_row
from dashboard.components.chart import Backing, View, card, chart_card, nothing_drawn
from dashboard.components.numbers import shown, stat
from dashboard.components.table import csv_link, data_table
from dashboard.exports import table_href
from dashboard.figures import response, year_map
from dashboard.figures.common import year_hours
from dashboard.ids import Run
from dashboard.response import response_sources, response_total, source_words
from engine.demand_response import Potential, potential
from engine.scenario.schema import Scenario

Manifest = Mapping[str, Any]
MILLION = 1e6
_CUTS = year_map.Quantity("dr_cut_mw", "Load cut", "MW")
_COLUMNS = {
    "year": ("year", ""),
    "product": ("product", ""),
    "guaranteed_mw": ("guaranteed", "MW"),
    "average_mw": ("average", "MW"),
    "contracted_h": ("contracted", "h/yr"),
    "called_h": ("called", "h/yr"),
    "capacity_payment_usd": ("capacity payment", "$/yr"),
    "activation_payment_usd": ("activation payment", "$/yr"),
    "lost_compute_usd": ("lost compute", "$/yr"),
    "net_revenue_usd": ("net revenue", "$/yr"),
    "net_usd_per_mw_yr": ("net per MW", "$/MW-yr"),
}


def is_part_of(manifest: Manifest) -> bool:
    """Whether the run planned with demand response; runs from before there was any have no such tables."""
    enabled = (manifest["scenario"].get("demand_response") or {}).get("enabled")
    return bool(enabled) and "commitments" in manifest["tables"]


def cards(manifest: Manifest, year: int, week: int) -> list[html.Section]:
    """The part of the page; nothing for a run without demand response."""
    if not is_part_of(manifest):
        return []
    flexible, cuts = flexibility_view(manifest, year, week), cuts_view(manifest, year)
    return [
        chart_card(
            "Flexibility of the load", flexible.figure, flexible.backing, graph_id=Run.FLEXIBILITY, className="w8",
            subtitle="The week shown above: callable by source, under what is technically there", min_width=480,
        ),
        summary_card(manifest),
        products_card(manifest),
        chart_card(
            "Cuts over the year", cuts.figure, cuts.backing, graph_id=Run.CUTS, subtitle="The year chosen above",
            min_width=480,
        ),
    ]  # fmt: skip


def flexibility_view(manifest: Manifest, year: int, week: int) -> View:
    """The week's flexibility, hour by hour: technical, callable, committed, cut."""
    frame, look = year_hours(data.hours(manifest["run_id"]), year), theme.current()
    found = of_year(manifest, year, frame["load_mw"].to_numpy(dtype=float))
    lines = {
        response.COMMITTED: _sum(found.committed, len(frame)),
        response.POTENTIAL: _sum(found.technical, len(frame)),
        response.CUT: response_total(frame, "cut_mw").to_numpy(dtype=float),
    }

    def backing() -> Backing:
        table = response.week_table(found.callable, lines, week)
        words = response.describe_flexibility(found.callable, lines, week, year)
        return Backing(words, table, {"least": "MW", "most": "MW"}, f"{manifest['run_id']}-flexibility.csv")

    return View(lambda: response.flexibility_week(found.callable, lines, week, look), backing)


def of_year(manifest: Manifest, year: int, load_mw: np.ndarray) -> Potential:
    """Technical, callable and committed flexibility of a year's load, by source."""
    scenario = Scenario.model_validate(manifest["scenario"])
    commitments = _table(manifest, "commitments")
    held = commitments[commitments["year"] == year] if len(commitments) else _NO_COMMITMENTS
    return potential(scenario, load_mw, held)


_NO_COMMITMENTS = pd.DataFrame({"product": [], "source": [], "committed_mw": []})


def _sum(parts: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    return sum(parts.values(), np.zeros(count))


def cuts_view(manifest: Manifest, year: int) -> View:
    """Cuts of a year as a map."""
    run_id, look = manifest["run_id"], theme.current()
    hourly = data.hours(run_id)
    if not response_sources(hourly):
        hourly = hourly.assign(dr_cut_mw=0.0)
    cut = bool((year_hours(hourly, year)[_CUTS.column] > 0).any())
    none = f"Nothing is cut in {year}."

    def backing() -> Backing:
        table, href = year_map.month_table(hourly, year, _CUTS), table_href(run_id, "hourly", "csv", year=year)
        words = year_map.describe_map(hourly, year, _CUTS) if cut else none
        return Backing(words, table, {}, f"{run_id}-cuts.csv", href)

    def figure() -> go.Figure:
        return year_map.year_map(hourly, year, _CUTS, look, height=260) if cut else nothing_drawn(none)

    return View(figure, backing)


def summary_card(manifest: Manifest) -> html.Section:
    """What it earns and costs over the plan, the firm part, and how much of the budget is used."""
    summary = manifest["summary"]
    figures = [
        stat("Revenue", shown(summary.get("dr_revenue_usd"), "USD"), "present value"),
        stat("Lost compute", shown(summary.get("dr_cost_usd"), "USD"), "present value"),
        stat("LCOE without", shown(summary.get("lcoe_without_dr_usd_per_mwh"), "USD/MWh"), "the same plan"),
        stat("Curtailed", shown(summary.get("curtailed_mwh"), "MWh"), "all years, calls included"),
        stat("Firm for N-1", shown(summary.get("firm_dr_mw"), "MW"), "kept for the site itself"),
    ]
    return card("Demand response", html.Div(figures, className="glance"), _budget(manifest), className="w4 response")


def _budget(manifest: Manifest) -> html.Div | None:
    """Share of the curtailment budget that the fullest year uses."""
    limits = data.table(manifest["run_id"], "limits")
    rows = limits[(limits["limit"] == "curtailment") & (limits["stage"] == 2)] if len(limits) else limits
    if not len(rows):
        return None
    row = rows.loc[rows["used_frac"].idxmax()]
    bar = limit_row(
        "Budget", float(row["value"]), float(row["ceiling"]), str(row["unit"]), str(row["sense"]), int(row["year"]),
        binding=bool(row["binding"]),
    )  # fmt: skip
    return html.Div(bar, className="limits")


def products_card(manifest: Manifest) -> html.Section:
    """Economics of each product by year."""
    found = _table(manifest, "dr_products")
    sold = found[found["guaranteed_mw"] > 0] if len(found) else found
    title, note = "Products", "Committed by the plan; payments and lost compute as the optimiser counted them"
    if not len(sold):
        words = "Nothing is sold: no product is offered, no market is there, or none pays for its lost compute."
        return card(title, html.P(words, className="muted"), note=note)
    table = products_table(manifest, found)
    units = {name: unit for name, unit in _COLUMNS.values() if unit}
    download = html.A("CSV", href=csv_link(found), download=f"{manifest['run_id']}-dr.csv", className="link-button")
    content = [data_table(table, units, caption="Demand response economics by product and year"), download]
    return card(title, *content, note=note)


def products_table(manifest: Manifest, found: pd.DataFrame) -> pd.DataFrame:
    """The `dr_products` table in words; products that sell nothing in a year are left out."""
    offered = manifest["scenario"]["demand_response"].get("products") or {}
    names = {key: (product or {}).get("label") or source_words(key) for key, product in offered.items()}
    sold = found[found["guaranteed_mw"] > 0]
    columns = {column: name for column, (name, _) in _COLUMNS.items() if column in sold}
    table = sold[list(columns)].rename(columns=columns).reset_index(drop=True)
    table["product"] = [names.get(str(key), source_words(str(key))) for key in table["product"]]
    return table


def _table(manifest: Manifest, name: str) -> pd.DataFrame:
    """A table that older runs do not have."""
    return data.table(manifest["run_id"], name) if name in manifest["tables"] else pd.DataFrame()
