"""The figures and words of the load page: headline, sum of the mix, what cooling and products can give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.badges import opening_badge
from dashboard.components.icons import icon
from dashboard.components.numbers import shown, stat
from dashboard.components.problems import notice
from dashboard.components.table import data_table
from dashboard.figures.flexibility import TYPICAL_FRAC, TYPICAL_SOURCE
from dashboard.formatting import percent, significant
from dashboard.ids import Load
from dashboard.load_preview import Preview, mix_is_whole
from dashboard.views.load_charts import cooling_cuts, path_of, shares_of_facility
from dashboard.views.load_form import name_of
from engine.demand_response import product_economics
from engine.units import MINUTES_PER_HOUR

Part = Any
ECONOMICS_UNITS = {
    "guaranteed": "MW", "average": "MW", "capacity payment": "USD/yr", "activation payment": "USD/yr",
    "lost compute*": "USD/yr", "net revenue": "USD/yr", "net per MW": "USD/MW-yr",
}  # fmt: skip


def stats(seen: Preview) -> list[Part]:
    """Headline figures of the load, and what of it is made up."""
    path = path_of(seen)
    first, last = path.iloc[0], path.iloc[-1]
    peak, mean = float(seen.load_mw.max()), float(seen.load_mw.mean())
    grown = f"{significant(last['peak_mw'])} MW in {int(last['year'])}"
    energy = f"{significant(last['energy_gwh'])} GWh in {int(last['year'])}"
    several = len(path) > 1
    year = int(first["year"])
    return [
        stat(f"Peak, {year}", shown(float(first["peak_mw"]), "MW"), grown if several else None),
        stat(f"Energy, {year}", shown(float(first["energy_gwh"]), "GWh"), energy if several else None),
        stat("Load factor", shown(mean / peak if peak else 0.0, "frac"), "mean over peak"),
        stat("IT in the peak hour", shown(peak / seen.scenario.load.pue, "MW"), f"at PUE {seen.scenario.load.pue:g}"),
        _made_up(seen.made_up),
    ]


def _made_up(sentences: tuple[str, ...]) -> Part:
    if not sentences:
        return stat("Hours", html.Span("Metered", className="number"), "from a file")
    items = html.Ul([html.Li(one) for one in sentences], className="plain-list")
    return html.Div(
        [html.Div("Hours", className="stat-label"), opening_badge("Synthetic", "warn", items)], className="stat"
    )


def sum_words(seen: Preview) -> Part:
    """The sum of the mix; where it is not 100 %, the remedy and a button that applies it."""
    return mix_words(seen.shares_frac)


def mix_words(shares_frac: Mapping[str, float]) -> Part:
    """As `sum_words`, of shares alone."""
    if not shares_frac:
        return None
    if mix_is_whole(shares_frac):
        return html.Div([icon("check"), "The shares sum to 100 %."], className="notice good")
    key, missing = remedy(shares_frac)
    points = f"{significant(abs(100 * missing))} point{'' if abs(100 * missing) == 1 else 's'}"
    verb, way = ("add", "to") if missing > 0 else ("take", "from")
    said = f"The shares sum to {significant(100 * sum(shares_frac.values()), 4)} %: {verb} {points}, e.g. {way} "
    return html.Div(
        [
            icon("warning"),
            html.Span([said, html.Strong(name_of(key).lower()), ". The charts show the mix scaled to 100 %."]),
            html.Button(
                "Make up the rest" if missing > 0 else "Take it off",
                id=Load.do("rest", key),
                className="btn btn-small btn-primary",
            ),
        ],
        className="notice bad",
    )


def remedy(shares_frac: Mapping[str, float]) -> tuple[str, float]:
    """Workload that can best make up a mix, and by how much its share has to change [-].

    Batch work first, where there is some: it is what a campus fills up with. It must not fall below 0; else the
    largest share gives.
    """
    missing = 1.0 - sum(shares_frac.values())
    able = [key for key, share in shares_frac.items() if 0.0 <= share + missing <= 1.0]
    batch = [key for key in able if "batch" in key]
    choice = batch or able or list(shares_frac)
    return max(choice, key=lambda key: shares_frac[key]), missing


def cooling_stats(seen: Preview) -> Part:
    """What a cut of the cooling gives and how long."""
    cooling, cuts = seen.scenario.load.cooling, cooling_cuts(seen)
    asked = cooling.setpoint_rise_c * cooling.reduction_frac_per_c
    bound = "the cap binds" if asked > cooling.max_reduction_frac else f"{cooling.setpoint_rise_c:g} °C warmer"
    stored_mwh = cuts["In the peak hour"] * cooling.time_constant_min / MINUTES_PER_HOUR
    parts = [
        html.Div(
            [
                stat("Of the cooling's power", shown(cooling.reduction_frac, "frac"), bound),
                stat(
                    "In the peak hour",
                    shown(cuts["In the peak hour"], "MW"),
                    f"of {_cooling_peak(seen)} MW of cooling",
                ),
                stat("On average", shown(cuts["On average"], "MW"), f"in {seen.year}"),
                stat("For", shown(cooling.time_constant_min, "min"), f"stores {significant(stored_mwh)} MWh"),
            ],
            className="stats four",
        )
    ]
    if not cooling.flexible:
        parts.append(notice("Cooling is not offered: switch on “Cooling flexes” to let it count.", "plain"))
    return parts


def _cooling_peak(seen: Preview) -> str:
    return significant(float(seen.split.cooling_mw.max()))


def potential_words(seen: Preview) -> Part:
    """Technical potential and what is usual, side by side, with what the products can really call."""
    shares = shares_of_facility(seen)
    of_it = sum(one.share_frac * one.flexible_frac for one in seen.scenario.load.workloads.values())
    potential_frac = shares["Technical potential"]
    low, high = (f"{100 * share:.0f}" for share in TYPICAL_FRAC)
    usual = html.Span([f"{low}–{high}", html.Span(" %", className="unit")], className="number")
    warning = (
        f"The technical potential is what could stop, {percent(potential_frac)} of the facility's load; whole "
        f"facilities usually give {low}–{high} %. Plan with what is committed."
    )
    facts = [
        stat("Technical potential", shown(of_it, "frac"), f"of IT load ({percent(potential_frac)} of facility load)"),
        stat("Callable", shown(shares["Callable"], "frac"), "of facility load: somebody can ask in time"),
        stat("Committed", shown(shares["Committed, in window"], "frac"), "of facility load, in the products' windows"),
        stat("Usual for a whole facility", usual, f"of facility load ({TYPICAL_SOURCE})"),
    ]
    too_much = potential_frac > TYPICAL_FRAC[1]
    return [html.Div(facts, className="stats four"), html.P(warning, className="note") if too_much else None]


def economics(seen: Preview) -> Part:
    """A row for each product taken alone, offered or not."""
    response = seen.scenario.demand_response
    offered = {key: product.model_copy(update={"enabled": True}) for key, product in response.products.items()}
    if not offered:
        return html.P("No products: take the domain's, above.", className="muted")
    all_offered = response.model_copy(update={"products": offered})
    found = product_economics(seen.scenario.model_copy(update={"demand_response": all_offered}), seen.load_mw)
    table = pd.DataFrame(
        {
            "product": [response.products[key].label or name_of(key) for key in found["product"]],
            "offered": ["yes" if response.products[key].enabled else "no" for key in found["product"]],
            "guaranteed": found["guaranteed_mw"],
            "average": found["average_mw"],
            "capacity payment": found["capacity_payment_usd"],
            "activation payment": found["activation_payment_usd"],
            "lost compute*": found["lost_compute_usd"],
            "net revenue": found["net_revenue_usd"],
            "net per MW": found["net_usd_per_mw_yr"],
        }
    )
    return data_table(table, ECONOMICS_UNITS, caption=f"Economics of each product alone in {seen.year}")
