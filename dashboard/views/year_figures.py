"""Headline figures of each single year of a run: all on the page, of which one is seen. Choosing asks no server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard import data
from dashboard.components.badges import limit_bar
from dashboard.components.chart import card
from dashboard.components.numbers import shown, stat
from dashboard.components.pickers import year_picker
from dashboard.formatting import percent, significant
from dashboard.ids import Run
from engine.wording import CO2

Manifest = Mapping[str, Any]
DISPATCHED = 2
# Limits that are shown with their ceiling, in this order: (limit, label, unit of its value).
LIMITS = (
    ("nox", "NOx", "short tons"), ("land", "Land", "acres"), ("gas", "Gas, highest day", "Mcf/day"),
    ("n_minus_1", "Firm after the worst loss", "MW"),
)  # fmt: skip


def year_figures(manifest: Manifest, chosen: int) -> html.Section:
    """The card of single years; of a plan of one year it says that year."""
    years = [int(year) for year in data.table(manifest["run_id"], "load")["year"]]
    shown_year = chosen if chosen in years else years[-1]
    blocks = [
        html.Div(_figures(manifest, year), className="stats", hidden=year != shown_year, **{"data-year": str(year)})
        for year in years
    ]
    return card(
        "One year", html.Div(blocks, id=Run.FIGURES, **{"aria-live": "polite"}),
        note="Undiscounted; dispatched over 8,760 h", controls=year_picker(Run.FIGURES_YEAR, years, shown_year),
    )  # fmt: skip


def _figures(manifest: Manifest, year: int) -> list[html.Div]:
    run_id = manifest["run_id"]
    load = _of(data.table(run_id, "load"), year).iloc[0]
    cost_usd = float(_of(data.table(run_id, "costs"), year)["cost_usd"].sum())
    annual = _of(data.table(run_id, "annual"), year)
    required_mwh = float(load["required_mwh"])
    per_mwh = cost_usd / required_mwh if required_mwh else None
    limits = {row["limit"]: row for row in _of(data.table(run_id, "limits"), year).to_dict("records")}
    return [
        stat("Cost per MWh", shown(per_mwh, "USD/MWh"), "of energy required"),
        stat("Cost", shown(cost_usd, "USD"), "capital as annuities"),
        stat("Energy required", shown(required_mwh / 1e3, "GWh"), _served(load)),
        stat("Peak load", shown(float(load["peak_mw"]), "MW"), f"mean {significant(float(load['mean_mw']))} MW"),
        *(_limited(label, unit, limits[key]) for key, label, unit in LIMITS if key in limits),
        stat(CO2, shown(float(annual["co2_tonnes"].sum()), "t"), "from fuel and imports"),
    ]


def _of(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of a year, as dispatched where the dispatch says them too."""
    own = frame[frame["year"] == year]
    if "stage" not in own:
        return own
    if "limit" in own:
        return own.sort_values("stage").drop_duplicates("limit", keep="last")
    return own[own["stage"] == DISPATCHED]


def _served(load: pd.Series) -> str:
    unserved = float(load["unserved_mwh"])
    return "all of it served" if unserved < 0.5 else f"{significant(unserved)} MWh of it not served"


def _limited(label: str, unit: str, row: Mapping[Any, Any]) -> html.Div:
    value, ceiling = float(row["value"]), float(row["ceiling"])
    if row["sense"] == "at_least":
        return stat(label, shown(value, unit), f"at least {significant(ceiling)} needed")
    note = f"{percent(value / ceiling)} of {significant(ceiling)} allowed" if ceiling else "none allowed"
    return stat(label, shown(value, unit), note, extra=limit_bar(value, ceiling, binding=bool(row["binding"])))
