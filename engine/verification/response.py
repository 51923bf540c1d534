"""Flexible parts of the load and promises made of them, read from the scenario and the `commitments` table alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from engine.scenario.demand_response import Product
from engine.scenario.schema import Scenario


@dataclass(frozen=True)
class Flexible:
    """A part of the load that may be cut: `share` of the facility's load."""

    share: float
    response_min: float | None
    min_run_h: float
    overhead: float
    window_h: float | None
    store_h: float
    cut_usd_per_mwh: float

    def held(self, event_h: float) -> float:
        """Part of it that can be held for an event."""
        return min(1.0, min(self.store_h, self.window_h or inf) / event_h)


class Response:
    """Demand response of a run."""

    def __init__(self, scenario: Scenario, table: pd.DataFrame) -> None:
        self.scenario, self.table = scenario, table
        self.enabled = scenario.demand_response.enabled
        self.sources = {key: part for key, part in _parts(scenario).items() if part.share > 0}

    def cuttable(self) -> dict[str, Flexible]:
        """Parts that the site cuts hour by hour."""
        if not (self.enabled and self.scenario.demand_response.own_use):
            return {}
        return {key: part for key, part in self.sources.items() if part.response_min is not None}

    def promises(self, year: int, source: str = "", product: str = "") -> list[tuple[str, float]]:
        """(product or source, MW) of a year: of a source by product, of a product by source, or all by product."""
        rows = self.table[self.table["year"] == year]
        for column, name in (("source", source), ("product", product)):
            rows = rows[rows[column] == name] if name else rows
        named = rows["source" if product else "product"]
        return [(str(name), float(mw)) for name, mw in zip(named, rows["committed_mw"], strict=True)]

    def injection_mw(self, frame: pd.DataFrame) -> np.ndarray:
        """Cuts less make-up in each step."""
        total = np.zeros(len(frame))
        for key in self.cuttable():
            total += frame[f"dr_{key}_cut_mw"].to_numpy() - frame[f"dr_{key}_makeup_mw"].to_numpy()
        return total

    def curtailed_mwh(self, year: int, frame: pd.DataFrame, weight_h: np.ndarray) -> float:
        """Own cuts and expected calls."""
        cut = sum(float(frame[f"dr_{key}_cut_mw"].to_numpy() @ weight_h) for key in self.cuttable())
        return cut + sum(mw * _called_h(self._product(key)) for key, mw in self.promises(year))

    def cost_usd(self, year: int, frame: pd.DataFrame, weight_h: np.ndarray) -> float:
        """Cost of cuts and calls less what the products pay."""
        total = 0.0
        for key, part in self.cuttable().items():
            # What is free counts one cent.
            total += max(part.cut_usd_per_mwh, 0.01) * float(frame[f"dr_{key}_cut_mw"].to_numpy() @ weight_h)
        for row in self.table[self.table["year"] == year].to_dict("records"):
            product, mw = self._product(str(row["product"])), float(row["committed_mw"])
            called = _called_h(product)
            total += mw * called * self.sources[str(row["source"])].cut_usd_per_mwh
            total -= mw * (len(window_of(product)) * 365 * product.capacity_usd_per_mw_h)
            total -= mw * called * product.activation_usd_per_mwh
        return total

    def own_contingency_mw(self, year: int) -> float:
        """Load that the site drops itself when a unit trips."""
        return sum(mw for key, mw in self.promises(year) if not self._product(key).market)

    def _product(self, key: str) -> Product:
        return self.scenario.demand_response.products[key]


def window_of(product: Product) -> list[int]:
    """Hours of the day in a product's window, over midnight where it ends before it begins."""
    first, last = product.window_first_hour, product.window_last_hour
    if first <= last:
        return list(range(first, last + 1))
    return [*range(first, 24), *range(last + 1)]


def _called_h(product: Product) -> float:
    return min(100.0, 2.0 * product.events_per_yr)


def _parts(scenario: Scenario) -> Mapping[str, Flexible]:
    load, cooling = scenario.load, scenario.load.cooling
    parts = {
        key: Flexible(
            share=w.flexible_frac * w.share_frac / load.pue,
            response_min=w.response_min,
            min_run_h=w.min_run_h,
            overhead=w.checkpoint_overhead_frac,
            window_h=w.delay_window_h,
            store_h=inf,
            cut_usd_per_mwh=w.cut_usd_per_mwh,
        )
        for key, w in load.workloads.items()
    }
    if cooling.flexible:
        reduced = min(cooling.max_reduction_frac, cooling.setpoint_rise_c * cooling.reduction_frac_per_c)
        parts["cooling"] = Flexible(
            share=reduced * 0.8 * (load.pue - 1) / load.pue,
            response_min=cooling.response_min,
            min_run_h=0.0,
            overhead=0.0,
            window_h=cooling.recovery_min / 60,
            store_h=cooling.time_constant_min / 60,
            cut_usd_per_mwh=0.0,
        )
    return parts
