"""What a demand response product asks and pays: its window, hours contracted and called, money per MW and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.demand_response.sources import Source, callable_sources
from engine.profiles.result import Series
from engine.scenario.demand_response import Product
from engine.scenario.schema import Scenario
from engine.units import DAYS_PER_YEAR, HOURS_PER_DAY

MOST_CALLED_H = 100.0
CALLED_H_PER_EVENT = 2.0


def window_hours(product: Product) -> tuple[int, ...]:
    """Hours of the day in the product's window, first and last included; a window may run over midnight."""
    first, last = product.window_first_hour, product.window_last_hour
    length = (last - first) % HOURS_PER_DAY + 1
    return tuple((first + hour) % HOURS_PER_DAY for hour in range(length))


def contracted_h(product: Product) -> float:
    """Hours a year for which committed capacity is paid [h]."""
    return float(len(window_hours(product)) * DAYS_PER_YEAR)


def called_h(product: Product) -> float:
    """Hours a year in which the product is expected to be called [h]: min(100, 2 x events)."""
    return min(MOST_CALLED_H, CALLED_H_PER_EVENT * product.events_per_yr)


def capacity_usd_per_mw(product: Product) -> float:
    """Yearly payment for a committed MW [USD/MW]."""
    return contracted_h(product) * product.capacity_usd_per_mw_h


def activation_usd_per_mw(product: Product) -> float:
    """Yearly payment for the expected calls of a committed MW [USD/MW]."""
    return called_h(product) * product.activation_usd_per_mwh


def lost_compute_usd_per_mw(product: Product, source: Source) -> float:
    """Yearly cost of the expected calls of a committed MW [USD/MW]."""
    return called_h(product) * source.cut_usd_per_mwh


def net_usd_per_mw(product: Product, source: Source) -> float:
    """What a committed MW of a source earns in a year [USD/MW]."""
    return capacity_usd_per_mw(product) + activation_usd_per_mw(product) - lost_compute_usd_per_mw(product, source)


def lowest_by_hour(load_mw: Series) -> Series:
    """Lowest load of a year in each hour of the day, array (24,) [MW]."""
    lowest: Series = np.asarray(load_mw).reshape(-1, HOURS_PER_DAY).min(axis=0)
    return lowest


@dataclass(frozen=True)
class Sharing:
    """Products that count the same MW of a source in the same hours.

    Attributes
    ----------
    products : frozenset of str
        Their ids; what they take of the source together is limited.
    hours : tuple of int
        Hours of the day in which exactly they share.
    """

    products: frozenset[str]
    hours: tuple[int, ...]


def sharings(products: Mapping[str, Product]) -> list[Sharing]:
    """Which products share in which hours of the day; products of one group share in all hours of any of them."""
    holding = {key: set(window_hours(product)) for key, product in products.items()}
    for key, product in products.items():
        if product.exclusive_group is not None:
            for other, sibling in products.items():
                if sibling.exclusive_group == product.exclusive_group:
                    holding[key] |= set(window_hours(products[other]))
    by_set: dict[frozenset[str], list[int]] = {}
    for hour in range(HOURS_PER_DAY):
        sharing = frozenset(key for key, hours in holding.items() if hour in hours)
        if sharing:
            by_set.setdefault(sharing, []).append(hour)
    return [Sharing(keys, tuple(hours)) for keys, hours in by_set.items()]


def budget_mwh(scenario: Scenario, required_mwh: float, peak_mw: float) -> float:
    """Energy that may be curtailed in a year [MWh]: the smallest of the energy, hours and events budgets.

    Hours and events count at the highest callable MW, so that they are envelopes in energy.
    """
    limits = scenario.demand_response
    most_mw = peak_mw * sum(source.available_frac for source in callable_sources(scenario).values())
    budgets = [limits.budget_energy_frac * required_mwh]
    if limits.budget_hours_per_yr is not None:
        budgets.append(limits.budget_hours_per_yr * most_mw)
    if limits.budget_events_per_yr is not None:
        budgets.append(limits.budget_events_per_yr * limits.event_h * most_mw)
    return min(budgets)
