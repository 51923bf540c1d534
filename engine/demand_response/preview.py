"""Flexibility and product economics of a load before any plan: numpy alone, fast enough for a slider.

Each product is taken as if its market were open; a plan earns only in years with a grid connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand_response.products import (
    activation_usd_per_mw,
    budget_mwh,
    called_h,
    capacity_usd_per_mw,
    contracted_h,
    lost_compute_usd_per_mw,
    lowest_by_hour,
    net_usd_per_mw,
    sharings,
    window_hours,
)
from engine.demand_response.sources import Source, all_sources, eligible_sources
from engine.profiles.result import Series
from engine.scenario.demand_response import Product
from engine.scenario.schema import Scenario
from engine.units import HOURS_PER_DAY

Committed = Mapping[tuple[str, str], float]
_NOTHING_MW = 1e-9


@dataclass(frozen=True)
class Potential:
    """What each source can give, hour by hour; each a dict of source to array (T,) [MW].

    Attributes
    ----------
    technical : dict
        Of every source, callable or not.
    callable : dict
        Of the sources with a response time.
    committed : dict
        Held for products in the hours of their windows.
    """

    technical: Mapping[str, Series]
    callable: Mapping[str, Series]
    committed: Mapping[str, Series]


def potential(scenario: Scenario, load_mw: Series, commitments: pd.DataFrame | None = None) -> Potential:
    """Technical, callable and committed flexibility by source, hour by hour.

    Parameters
    ----------
    load_mw : array (8760,)
        Facility load of one year [MW].
    commitments : pandas.DataFrame, optional
        Rows of the `commitments` table for that year. Without them the offered products are taken in the order of
        what a MW earns, each with what the better ones leave.
    """
    sources = all_sources(scenario)
    technical = {key: source.available_frac * load_mw for key, source in sources.items()}
    offered = scenario.demand_response.active_products
    if commitments is None:
        committed = commit(scenario, load_mw, offered)
    else:
        columns = (commitments["product"], commitments["source"], commitments["committed_mw"])
        committed = {(str(p), str(s)): float(mw) for p, s, mw in zip(*columns, strict=True)}
    return Potential(
        technical=technical,
        callable={key: technical[key] for key, source in sources.items() if source.callable},
        committed=_by_hour(offered, committed, len(load_mw)),
    )


def _by_hour(products: Mapping[str, Product], committed: Committed, count: int) -> dict[str, Series]:
    hour = np.arange(count) % HOURS_PER_DAY
    held: dict[str, Series] = {}
    for (product, source), mw in committed.items():
        inside = np.isin(hour, window_hours(products[product]))
        held[source] = held.get(source, np.zeros(count)) + mw * inside
    return held


def product_economics(scenario: Scenario, load_mw: Series) -> pd.DataFrame:
    """Economics of each offered product taken alone, one row a product and year, as the `dr_products` table.

    Parameters
    ----------
    load_mw : array (8760,) or (Y, 8760)
        Facility load of the first year, or of each year of the plan [MW].
    """
    rows = []
    for number, year_mw in enumerate(np.atleast_2d(load_mw)):
        for key, product in scenario.demand_response.active_products.items():
            committed = commit(scenario, year_mw, {key: product})
            by_source = {source: mw for (_, source), mw in committed.items()}
            head = {"year": scenario.time.first_year + number, "product": key}
            rows.append({**head, **product_row(scenario, product, by_source, year_mw)})
    return pd.DataFrame(rows, columns=["year", "product", *PRODUCT_COLUMNS])


PRODUCT_COLUMNS = (
    "guaranteed_mw",
    "average_mw",
    "contracted_h",
    "called_h",
    "capacity_payment_usd",
    "activation_payment_usd",
    "lost_compute_usd",
    "net_revenue_usd",
    "net_usd_per_mw_yr",
)


def product_row(
    scenario: Scenario, product: Product, by_source: Mapping[str, float], load_mw: Series
) -> dict[str, float]:
    """Figures of one product in one year for what is committed to it by source [MW]."""
    sources = all_sources(scenario)
    total = float(sum(by_source.values()))
    lost = sum(mw * lost_compute_usd_per_mw(product, sources[key]) for key, mw in by_source.items())
    inside = np.isin(np.arange(len(load_mw)) % HOURS_PER_DAY, window_hours(product))
    serving = [sources[key] for key, mw in by_source.items() if mw > 0]
    held_frac = sum(source.available_frac * source.held_frac(product.event_h) for source in serving)
    paid = (total * capacity_usd_per_mw(product), total * activation_usd_per_mw(product))
    net = sum(paid) - lost
    return {
        "guaranteed_mw": total,
        "average_mw": float(load_mw[inside].mean()) * held_frac,
        "contracted_h": contracted_h(product) if total > 0 else 0.0,
        "called_h": called_h(product) if total > 0 else 0.0,
        "capacity_payment_usd": paid[0],
        "activation_payment_usd": paid[1],
        "lost_compute_usd": lost,
        "net_revenue_usd": net,
        "net_usd_per_mw_yr": net / total if total > 0 else 0.0,
    }


def commit(scenario: Scenario, load_mw: Series, products: Mapping[str, Product]) -> dict[tuple[str, str], float]:
    """MW by (product, source) when the products are served in the order of what their best MW earns.

    Of one product alone this is the optimum; of several it is a preview of the plan's choice.
    """
    lowest = lowest_by_hour(load_mw)
    budget = budget_mwh(scenario, float(load_mw.sum()), float(load_mw.max()))
    taken: dict[tuple[str, str], float] = {}
    for key, product in sorted(products.items(), key=lambda item: -_best_net(scenario, item[1])):
        for source, mw in _serve(scenario, product, key, products, lowest, budget, taken).items():
            taken[key, source] = mw
            budget -= mw * called_h(product)
    return taken


def _best_net(scenario: Scenario, product: Product) -> float:
    return max((net_usd_per_mw(product, s) for s in eligible_sources(scenario, product).values()), default=0.0)


def _serve(
    scenario: Scenario,
    product: Product,
    key: str,
    products: Mapping[str, Product],
    lowest: Series,
    budget: float,
    taken: Committed,
) -> dict[str, float]:
    """MW by source for one product: what earns first, and what costs only as far as the least bid needs it."""
    served: dict[str, float] = {}
    left_mw = budget / called_h(product) if called_h(product) > 0 else np.inf
    earned = 0.0
    by_worth = sorted(eligible_sources(scenario, product).values(), key=lambda s: -net_usd_per_mw(product, s))
    for source in by_worth:
        pays = net_usd_per_mw(product, source) > 0 or not product.market
        wanted = np.inf if pays else product.min_bid_mw - sum(served.values())
        mw = min(_free_mw(source, key, products, lowest, taken), left_mw, wanted)
        if mw > _NOTHING_MW:
            served[source.key] = mw
            left_mw -= mw
            earned += mw * net_usd_per_mw(product, source)
    worthless = product.market and earned <= 0
    return {} if worthless or sum(served.values()) < product.min_bid_mw - _NOTHING_MW else served


def _free_mw(source: Source, key: str, products: Mapping[str, Product], lowest: Series, taken: Committed) -> float:
    """MW of a source that a product can hold in every hour beside what other products took of the same MW."""
    free = np.inf
    for sharing in sharings(products):
        if key in sharing.products:
            used = sum(
                taken.get((other, source.key), 0.0) / source.held_frac(products[other].event_h)
                for other in sharing.products
                if other != key
            )
            free = min(free, source.available_frac * float(lowest[list(sharing.hours)].min()) - used)
    return max(0.0, free) * source.held_frac(products[key].event_h)
