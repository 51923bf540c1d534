"""Money, energy and firm MW of demand response from the tables and the scenario alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.demand_response.preview import PRODUCT_COLUMNS, product_row
from engine.demand_response.products import (
    activation_usd_per_mw,
    called_h,
    capacity_usd_per_mw,
    lost_compute_usd_per_mw,
)
from engine.demand_response.sources import all_sources, hourly_sources
from engine.nomenclature import RESPONSE_PREFIX
from engine.profiles.result import Series
from engine.scenario.schema import Scenario

COMMITMENT_TYPES: dict[str, Any] = {"year": "int64", "product": str, "source": str, "committed_mw": float}


class YearOfResponse:
    """Demand response of one year and stage.

    Parameters
    ----------
    commitments : pandas.DataFrame
        The `commitments` table.
    hourly : dict of str to array (T,)
        Columns of the stage's hourly table for the year.
    weight_h : array (T,)
        Real hours of each row [h].
    """

    def __init__(
        self, scenario: Scenario, year: int, commitments: pd.DataFrame, hourly: Mapping[str, Series], weight_h: Series
    ) -> None:
        self._scenario = scenario
        rows = commitments[commitments["year"] == year]
        columns = (rows["product"], rows["source"], rows["committed_mw"])
        self._committed = [(str(p), str(s), float(mw)) for p, s, mw in zip(*columns, strict=True)]
        self._cut_mwh = {
            key: float(np.dot(hourly[f"{RESPONSE_PREFIX}{key}_cut_mw"], weight_h)) for key in hourly_sources(scenario)
        }

    @property
    def firm_mw(self) -> float:
        """Committed to the site's own contingency [MW]."""
        products = self._scenario.demand_response.products
        return sum(mw for key, _, mw in self._committed if not products[key].market)

    @property
    def curtailed_mwh(self) -> float:
        """Cut by the site's own choice and by expected calls [MWh]."""
        products = self._scenario.demand_response.products
        called = sum(called_h(products[key]) * mw for key, _, mw in self._committed)
        return called + sum(self._cut_mwh.values())

    def costs_usd(self) -> Mapping[str, float]:
        """By category; nothing where demand response is off."""
        if not self._scenario.demand_response.enabled:
            return {}
        sources, products = all_sources(self._scenario), self._scenario.demand_response.products
        curtailment = sum(sources[key].own_cut_usd_per_mwh * mwh for key, mwh in self._cut_mwh.items())
        revenue = 0.0
        for key, source, mw in self._committed:
            curtailment += lost_compute_usd_per_mw(products[key], sources[source]) * mw
            revenue += (capacity_usd_per_mw(products[key]) + activation_usd_per_mw(products[key])) * mw
        return {"curtailment": curtailment, "dr_revenue": 0.0 - revenue}


def products_table(
    scenario: Scenario, years: tuple[int, ...], load_mw: Series, commitments: pd.DataFrame
) -> pd.DataFrame:
    """The `dr_products` table of a run: each offered product in each year, as committed."""
    rows = []
    offered = scenario.demand_response.active_products if scenario.demand_response.enabled else {}
    for year, year_mw in zip(years, load_mw, strict=True):
        for key, product in offered.items():
            mine = commitments[(commitments["year"] == year) & (commitments["product"] == key)]
            by_source = dict(zip(mine["source"].astype(str), mine["committed_mw"].astype(float), strict=True))
            rows.append({"year": year, "product": key, **product_row(scenario, product, by_source, year_mw)})
    return pd.DataFrame(rows, columns=["year", "product", *PRODUCT_COLUMNS]).astype(
        {"year": "int64", "product": str, **dict.fromkeys(PRODUCT_COLUMNS, float)}
    )
