"""Demand response for runs made by arithmetic: cuts in the evening, made up at night, products as previewed.

Batch work of 6 MW and fine-tuning of 3 MW is cut from 17 to 19 h on 40 days from day 180 on, and made up from 2 to 4 h
of the same days; the turbine runs that much less and more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.demand_response import product_economics
from engine.demand_response.preview import commit
from engine.scenario.schema import Scenario

CUTS_MW = {"batch_inference": 6.0, "fine_tuning": 3.0}
DAYS = range(180, 220)
CUT_HOURS, MADE_UP_HOURS = (17, 18, 19), (2, 3, 4)
CUT_MWH = 9.0 * 3 * 40  # a year
USD_PER_MWH = {"batch_inference": 20.0, "fine_tuning": 40.0}
ON = {"demand_response": {"enabled": True, "budget_energy_frac": 0.01}}


def add_hours(hourly: pd.DataFrame) -> pd.DataFrame:
    """Cut and make up in every year."""
    hour = hourly["hour"].to_numpy()
    on_days = np.isin(hour // 24, DAYS)
    columns: dict[str, Any] = {}
    turbine = hourly["turbine_mw"].to_numpy(dtype=float)
    for source, mw in CUTS_MW.items():
        cut = np.where(on_days & np.isin(hour % 24, CUT_HOURS), mw, 0.0)
        made_up = np.where(on_days & np.isin(hour % 24, MADE_UP_HOURS), mw, 0.0)
        columns |= {f"dr_{source}_cut_mw": cut, f"dr_{source}_makeup_mw": made_up}
        columns[f"dr_{source}_owed_mwh"] = np.abs(np.cumsum(cut - made_up))
        turbine = turbine - cut + made_up
    return hourly.assign(turbine_mw=turbine, **columns)


def add_tables(scenario: Scenario, tables: dict[str, pd.DataFrame]) -> None:
    """Commitments, products, their money and the budget's row."""
    years, hourly = scenario.calendar_years, tables["hourly"]
    load = np.array([hourly[hourly["year"] == year]["load_mw"] for year in years])
    products = scenario.demand_response.active_products
    tables["commitments"] = pd.DataFrame(
        [
            {"year": year, "product": product, "source": source, "committed_mw": mw}
            for year, mw_of_year in zip(years, load, strict=True)
            for (product, source), mw in commit(scenario, mw_of_year, products).items()
        ]
    )
    tables["dr_products"] = product_economics(scenario, load)
    tables["costs"] = pd.concat([tables["costs"], _costs(tables, years)], ignore_index=True)
    tables["limits"] = pd.concat([tables["limits"], _budget(tables, load, years)], ignore_index=True)


def summary(tables: dict[str, pd.DataFrame], npv_cost_usd: float) -> dict[str, float]:
    """The summary's keys of demand response."""
    final = tables["costs"][tables["costs"]["stage"] == 2]
    by_category = final.groupby("category")["present_value_usd"].sum()
    revenue, cost = -float(by_category["dr_revenue"]), float(by_category["curtailment"])
    load = tables["load"]
    energy = float((load["required_mwh"] * load["discount_factor"]).sum())
    return {
        "dr_revenue_usd": revenue,
        "dr_cost_usd": cost,
        "lcoe_without_dr_usd_per_mwh": (npv_cost_usd + revenue - cost) / energy,
        "curtailed_mwh": CUT_MWH * len(load),
        "firm_dr_mw": 0.0,
    }


def _costs(tables: dict[str, pd.DataFrame], years: tuple[int, ...]) -> pd.DataFrame:
    paid = tables["dr_products"].groupby("year")[["capacity_payment_usd", "activation_payment_usd"]].sum().sum(axis=1)
    lost = tables["dr_products"].groupby("year")["lost_compute_usd"].sum()
    own = sum(USD_PER_MWH[source] * mw * 3 * 40 for source, mw in CUTS_MW.items())
    rows = []
    for place, year in enumerate(years):
        amounts = {"curtailment": own + float(lost[year]), "dr_revenue": -float(paid[year])}
        factor = 1.08**-place
        rows += [
            {
                "stage": stage, "year": year, "technology": "site", "category": category, "cost_usd": usd,
                "discount_factor": factor, "present_value_usd": usd * factor,
            }
            for stage in (1, 2)
            for category, usd in amounts.items()
        ]  # fmt: skip
    return pd.DataFrame(rows)


def _budget(tables: dict[str, pd.DataFrame], load: np.ndarray, years: tuple[int, ...]) -> pd.DataFrame:
    called = tables["dr_products"].assign(mwh=lambda frame: frame["guaranteed_mw"] * frame["called_h"])
    by_year = called.groupby("year")["mwh"].sum()
    rows = []
    for year, mw in zip(years, load, strict=True):
        value, ceiling = CUT_MWH + float(by_year[year]), 0.01 * float(mw.sum())
        rows += [
            {
                "stage": stage, "year": year, "limit": "curtailment", "label": "Curtailment budget",
                "value": value, "ceiling": ceiling, "unit": "MWh/yr", "sense": "at_most",
                "used_frac": value / ceiling, "binding": False,
            }
            for stage in (1, 2)
        ]  # fmt: skip
    return pd.DataFrame(rows)
