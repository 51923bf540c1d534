"""Commitments: MW of each source promised to each product, one figure for the whole year.

    sum over products sharing an hour of c[p,s] / held[p,s] <= A[s] in the lowest such hour of the year
    min_bid e[p] <= sum over s of c[p,s] <= M e[p], e binary
    market: sum over p whose window holds t of c[p] <= import[t] - export[t] + export right

Variables in the sizing, numbers from the `commitments` table in the dispatch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray

from engine.demand_response.products import (
    activation_usd_per_mw,
    called_h,
    capacity_usd_per_mw,
    lost_compute_usd_per_mw,
    sharings,
    window_hours,
)
from engine.demand_response.sources import Source, all_sources, eligible_sources
from engine.formulation import Capacity, Formulation
from engine.nomenclature import SITE
from engine.periods import Steps
from engine.profiles.result import Series
from engine.scenario.demand_response import Product
from engine.scenario.technologies import Grid
from engine.technologies.behaviour import first_service_year
from engine.terms import Quantity, Terms, is_number, terms
from engine.units import HOURS_PER_DAY

# More than any product pays for an hour.
SHORT_USD_PER_MW = 1e5

Offer = tuple[str, str, int]  # product, source, year


def add_commitments(form: Formulation, capacities: Mapping[str, Capacity], table: pd.DataFrame | None) -> None:
    """Commitments of the stage, what they pay and cost, and what the grid must be able to drop for them."""
    form.committed_mw = _choose(form) if table is None else _fixed(table, form.years)
    _book(form)
    _hold_to_the_grid(form, capacities)


def steps_in_window(product: Product, steps: Steps) -> NDArray[np.bool_]:
    """Which steps have an hour in the product's window (optimistic steps: all their hours), array (T,)."""
    hour = steps.hour % HOURS_PER_DAY
    later = np.arange(ceil(steps.dt_h.max()))
    inside = np.isin((hour[:, None] + later) % HOURS_PER_DAY, window_hours(product))
    covered = steps.dt_h[:, None] > later
    if steps.optimistic:
        return np.asarray((inside | ~covered).all(axis=1))
    return np.asarray((inside & covered).any(axis=1))


def committed_to(form: Formulation, source: str, year: int) -> dict[str, Quantity]:
    """Quantity committed of a source in a year, by product."""
    return {p: mw for (p, s, y), mw in form.committed_mw.items() if (s, y) == (source, year)}


def _fixed(table: pd.DataFrame, years: tuple[int, ...]) -> dict[Offer, float]:
    rows = table[table["year"].isin(years)]
    columns = (rows["product"], rows["source"], rows["year"], rows["committed_mw"])
    return {(str(p), str(s), int(y)): float(mw) for p, s, y, mw in zip(*columns, strict=True)}


def _choose(form: Formulation) -> dict[Offer, Quantity]:
    """Variables for whatever may be committed, never more of a source than its lowest hour gives."""
    most: dict[Offer, float] = {}
    rows = []
    for year in form.years:
        offers = dict(_offers(form, year))
        for source in {source.key: source for sources in offers.values() for source in sources.values()}.values():
            serving = {key: product for key, product in _products(form, offers).items() if source.key in offers[key]}
            lowest_mw = form.steps.lowest_mw_by_hour[form.row_of(year)]
            for number, sharing in enumerate(sharings(serving)):
                free_mw = source.available_frac * float(lowest_mw[list(sharing.hours)].min())
                for key in sharing.products:
                    offer = (key, source.key, year)
                    held_mw = free_mw * source.held_frac(serving[key].event_h)
                    most[offer] = min(most.get(offer, held_mw), held_mw)
                if len(sharing.products) > 1:
                    rows.append(((year, source.key, number), source, sharing.products, free_mw))
    chosen = form.decide("committed_mw", most, lambda offer: (0.0, most[offer]))
    form.require(
        "the_same_mw_is_never_sold_twice", ((i, _taken(form, chosen, i, s, k), "<=", mw) for i, s, k, mw in rows)
    )
    _enrol(form, chosen, most)
    return chosen


def _products(form: Formulation, keys: Mapping[str, object]) -> dict[str, Product]:
    return {key: form.scenario.demand_response.products[key] for key in keys}


def _offers(form: Formulation, year: int) -> Iterator[tuple[str, dict[str, Source]]]:
    """Products that may be served in a year, with their sources; a market product needs a grid that may stand."""
    for key, product in form.scenario.demand_response.active_products.items():
        sources = eligible_sources(form.scenario, product)
        if sources and (not product.market or any(year >= start for start in _grid_starts(form))):
            yield key, sources


def _grid_starts(form: Formulation) -> list[int]:
    scenario = form.scenario
    grids = [data for data in scenario.active_technologies.values() if isinstance(data, Grid)]
    first = scenario.time.first_year
    return [first if data.existing_mw > 0 else first_service_year(scenario, data) for data in grids]


def _taken(
    form: Formulation,
    chosen: Mapping[Offer, Quantity],
    index: tuple[int, str, int],
    source: Source,
    keys: frozenset[str],
) -> Terms:
    products = form.scenario.demand_response.products
    return terms(
        *((1.0 / source.held_frac(products[k].event_h), chosen[k, source.key, index[0]]) for k in sorted(keys))
    )


def _enrol(form: Formulation, chosen: Mapping[Offer, Quantity], most: Mapping[Offer, float]) -> None:
    """Enrolled with at least the minimum bid, or nothing committed."""
    products = form.scenario.demand_response.products
    offers = [offer for offer in most if products[offer[0]].min_bid_mw > 0]
    bids = sorted({(product, year) for product, _, year in offers})
    if not bids:
        return
    enrolled = form.decide("is_enrolled", bids, lambda _: (0, 1), pyo.Binary)
    form.require(
        "only_enrolled_products_are_served",
        (
            (offer, terms((1.0, chosen[offer]), (-most[offer], enrolled[offer[0], offer[2]])), "<=", 0.0)
            for offer in offers
        ),
    )

    def bid(product: str, year: int) -> Terms:
        served = [(1.0, chosen[offer]) for offer in offers if (offer[0], offer[2]) == (product, year)]
        return terms(*served, (-products[product].min_bid_mw, enrolled[product, year]))

    form.require("an_enrolled_product_bids_its_minimum", (((p, y), bid(p, y), ">=", 0.0) for p, y in bids))


def _book(form: Formulation) -> None:
    """Pay, lost compute and expected calls of what is committed; own contingency counts as firm."""
    sources = all_sources(form.scenario)
    ledgers = form.ledgers
    for (key, source, year), mw in form.committed_mw.items():
        product = form.scenario.demand_response.products[key]
        paid = capacity_usd_per_mw(product) + activation_usd_per_mw(product)
        ledgers.cost_usd[year, SITE, "dr_revenue"].add(-paid, mw)
        ledgers.cost_usd[year, SITE, "curtailment"].add(lost_compute_usd_per_mw(product, sources[source]), mw)
        ledgers.curtailed_mwh[year].add(called_h(product), mw)
        if not product.market:
            ledgers.firm_response_mw[year].add(1.0, mw)


def _hold_to_the_grid(form: Formulation, capacities: Mapping[str, Capacity]) -> None:
    """In every hour of its window a market product can drop import, or use export right that stands idle."""
    asked = {year: _asked(form, year) for year in form.years}
    name = "market_products_stay_within_what_the_grid_can_drop"
    form.require_hourly(
        name,
        lambda year: [*asked[year], *_can_drop(form, capacities, year)],
        "<=",
        lambda _: 0.0,
        only=lambda year: sum((inside for inside, _ in asked[year]), np.zeros(form.steps.count)) > 0,
    )
    if name in form.statements:
        form.prices_of_search[name] = SHORT_USD_PER_MW


def _asked(form: Formulation, year: int) -> list[tuple[Series, Quantity]]:
    """Market products sold in a year: in which steps each counts, array (T,), and the MW."""
    products = form.scenario.demand_response.products
    return [
        (steps_in_window(products[key], form.steps).astype(float), mw)
        for (key, _, y), mw in form.committed_mw.items()
        if y == year and not _is_nothing(mw) and products[key].market
    ]


def _can_drop(form: Formulation, capacities: Mapping[str, Capacity], year: int) -> Iterator[tuple[float, Any]]:
    """Import, and export right that stands idle, to be taken off."""
    for key, data in form.scenario.active_technologies.items():
        if isinstance(data, Grid):
            yield -1.0, form.flows[f"{key}_import_mw"].of(year)
            if data.export_max_mw > 0:
                yield 1.0, form.flows[f"{key}_export_mw"].of(year)
                yield -data.export_max_mw, capacities[key].connected[year]


def _is_nothing(mw: Quantity) -> bool:
    return is_number(mw) and mw == 0
