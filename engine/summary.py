"""The headline figures of a run, from its tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.adequacy import ADEQUATE_WITHIN_FRAC
from engine.economics import overnight_by_year
from engine.scenario.schema import Scenario

ESTIMATE_CLASS = "class 3 (±15 %): sized plan, dispatched over 8,760 h"

# What a run without a plan says of the figures that every summary carries.
NO_FIGURES: dict[str, Any] = {
    "npv_cost_usd": None,
    "lcoe_usd_per_mwh": None,
    "unserved_mwh": None,
    "nox_tons": None,
    "nox_short_tons": None,
    "co2_tonnes": None,
    "water_million_gal": None,
    "capacity": {},
    "dr_revenue_usd": None,
    "dr_cost_usd": None,
    "curtailed_mwh": None,
    "firm_dr_mw": None,
    "lcoe_without_dr_usd_per_mwh": None,
}


def summarise(scenario: Scenario, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Compute the headline figures; money, energy and emissions are stage 2's.

    Returns
    -------
    dict
        JSON-ready; documented in docs/architecture.md, "What a run holds".
    """
    costs = tables["costs"][tables["costs"]["stage"] == 2]
    annual = tables["annual"][tables["annual"]["stage"] == 2]
    load, capacity = tables["load"], tables["capacity"]
    npv_cost = float(costs["present_value_usd"].sum())
    npv_energy = float((load["required_mwh"] * load["discount_factor"]).sum())
    required, unserved = float(load["required_mwh"].sum()), float(load["unserved_mwh"].sum())
    unserved_cost = costs[costs["category"] == "unserved"]["present_value_usd"].sum()
    response = _response(scenario, tables, costs)
    response_usd = response["dr_cost_usd"] - response["dr_revenue_usd"]
    nox = annual.groupby("year")["nox_short_tons"].sum()
    return {
        "adequate": bool((load["unserved_frac"] <= ADEQUATE_WITHIN_FRAC).all()),
        "npv_cost_usd": npv_cost,
        "lcoe_usd_per_mwh": npv_cost / npv_energy if npv_energy > 0 else None,
        **response,
        # The same plan without demand response's revenue and cost.
        "lcoe_without_dr_usd_per_mwh": (npv_cost - response_usd) / npv_energy if npv_energy > 0 else None,
        "capital_overnight_usd": sum(
            sum(by_year.values()) for by_year in overnight_by_year(scenario, capacity).values()
        ),
        "required_mwh": required,
        "served_frac": 1.0 - unserved / required if required > 0 else None,
        "unserved_mwh": unserved,
        "unserved_cost_usd": float(unserved_cost),
        "nox_tons": float(nox.sum()),
        "nox_short_tons": float(nox.sum()),
        "nox_peak_year_short_tons": float(nox.max()) if len(nox) else 0.0,
        "co2_tonnes": float(annual["co2_tonnes"].sum()),
        "water_million_gal": float(annual["water_million_gal"].sum() + load["cooling_water_million_gal"].sum()),
        "land_acres": float(capacity.groupby("year")["land_acres"].sum().max()) if len(capacity) else 0.0,
        "gas_peak_mcf_per_day": _highest(tables["limits"], "gas"),
        "peak_mw": float(load["peak_mw"].max()),
        "capacity": _by_year(capacity, "p_nom_mw"),
        "capacity_mwh": _by_year(capacity[capacity["kind"] == "battery"], "e_nom_mwh"),
        "energy_share_frac": _energy_shares(annual, capacity),
        "first_grid_year": _first_grid_year(capacity),
        "estimate_class": ESTIMATE_CLASS,
    }


def _response(scenario: Scenario, tables: dict[str, pd.DataFrame], costs: pd.DataFrame) -> dict[str, float]:
    """Demand response: present value of revenue and of cost, energy cut (expected calls included), firm MW."""
    by_category = costs.groupby("category")["present_value_usd"].sum()
    by_limit = tables["limits"][tables["limits"]["stage"] == 2] if len(tables["limits"]) else tables["limits"]
    cut = by_limit[by_limit["limit"] == "curtailment"]["value"].sum() if len(by_limit) else 0.0
    commitments, products = tables["commitments"], scenario.demand_response.products
    own = [key for key, product in products.items() if not product.market]
    firm = commitments[commitments["product"].isin(own)].groupby("year")["committed_mw"].sum()
    return {
        "dr_revenue_usd": 0.0 - float(by_category.get("dr_revenue", 0.0)),
        "dr_cost_usd": float(by_category.get("curtailment", 0.0)),
        "curtailed_mwh": float(cut),
        "firm_dr_mw": float(firm.max()) if len(firm) else 0.0,
    }


def _by_year(capacity: pd.DataFrame, column: str) -> dict[str, dict[str, float]]:
    """{technology: {year: value}}; JSON keys are text."""
    return {
        str(key): {str(int(year)): float(value) for year, value in zip(rows["year"], rows[column], strict=True)}
        for key, rows in capacity.groupby("technology", sort=False)
    }


def _highest(limits: pd.DataFrame, name: str) -> float | None:
    rows = limits[(limits["stage"] == 2) & (limits["limit"] == name)] if len(limits) else limits
    return float(rows["value"].max()) if len(rows) else None


def _energy_shares(annual: pd.DataFrame, capacity: pd.DataFrame) -> dict[str, float]:
    """Share of each source in the energy supplied over the plan; storage only moves energy."""
    storage = set(capacity[capacity["kind"] == "battery"]["technology"])
    energy = annual[~annual["technology"].isin(storage)].groupby("technology", sort=False)["energy_mwh"].sum()
    total = float(np.maximum(energy.sum(), 1e-9))
    return {str(key): float(value) / total for key, value in energy.items()}


def _first_grid_year(capacity: pd.DataFrame) -> int | None:
    rows = capacity[(capacity["kind"] == "grid") & (capacity["p_nom_mw"] > 0)]
    return int(rows["year"].min()) if len(rows) else None
