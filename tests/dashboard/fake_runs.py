"""Plausible runs without a solver: tables by simple arithmetic, written by the real store.

Load is a flat level with a daily wave. Solar shines from 7 to 18 h, the battery moves two hours' worth of power from
noon to evening, the grid (from its year on) carries a fixed share of the rest and the turbine what is left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario, merge, read_mapping, validate_scenario
from engine.store import Store
from tests.dashboard import fake_response

HOURS = np.arange(8760)
DAY_HOUR = HOURS % 24
PRICE_USD_PER_MWH = 40.0
GAS_USD_PER_MWH = 8.5 * 3.5


def fake_run(
    store: Store,
    name: str,
    *,
    years: int = 2,
    solar_mw: float = 0.0,
    battery_mw: float = 0.0,
    grid_from: int | None = None,
    turbine_mw: float = 260.0,
    unserved_mwh: float = 0.0,
    response: bool = False,
    changes: dict[str, Any] | None = None,
    **manifest: Any,
) -> str:
    """Write a run and return its id.

    Parameters
    ----------
    solar_mw, battery_mw, turbine_mw : float
        Capacity in every year.
    grid_from : int, optional
        First year of a 100 MW grid connection that carries half of the residual load.
    unserved_mwh : float
        Taken from the turbine in the first hour of the first year.
    response : bool
        With demand response, see `fake_response`.
    changes : dict, optional
        Laid over the base scenario.
    **manifest
        Replaces entries of the manifest, e.g. termination="time_limit".
    """
    base = read_mapping(SHIPPED_SCENARIOS / "base.yaml")
    base = merge(base, fake_response.ON) if response else base
    loaded = validate_scenario(merge(base, {"name": name, "time": {"years": years}, **(changes or {})}), source=name)
    scenario = loaded.scenario
    sizes = {"engine": 0.0, "turbine": turbine_mw, "solar": solar_mw, "battery": battery_mw, "grid": 100.0}
    sizes = {key: sizes.get(key, 0.0) for key in scenario.active_technologies}
    kinds = {key: data.kind for key, data in scenario.active_technologies.items()}
    calendar = scenario.calendar_years
    standing = {
        year: {key: mw if key != "grid" or (grid_from and year >= grid_from) else 0.0 for key, mw in sizes.items()}
        for year in calendar
    }
    hourly = pd.concat([_hours(year, standing[year], kinds, unserved_mwh) for year in calendar], ignore_index=True)
    hourly = fake_response.add_hours(hourly) if response else hourly
    capacity = _capacity(calendar, standing, kinds)
    tables = {
        "capacity": capacity,
        "hourly": hourly,
        "load": _load(calendar, hourly),
        "costs": _costs(calendar, standing, kinds, hourly),
        "annual": _annual(calendar, hourly, kinds),
        "limits": _limits(calendar, hourly, capacity),
        "shadow_prices": _shadow_prices(calendar),
        "reduced_costs": REDUCED_COSTS,
    }
    if response:
        fake_response.add_tables(scenario, tables)
    head = {
        "fingerprint": fingerprint(loaded),
        "name": name,
        "description": "A run made by arithmetic.",
        "created_utc": "2026-11-20T12:00:00.000+00:00",
        "versions": {"firmwatt": "0.1.0", "engine": "1", "highs": "1.15.1", "python": "3.11"},
        "scenario": scenario.model_dump(mode="json"),
        "files": {},
        "technologies": {
            key: {"kind": data.kind, "label": data.label} for key, data in scenario.active_technologies.items()
        },
        "response_sources": list(fake_response.CUTS_MW) if response else [],
        "status": "done",
        "termination": "within_gap",
        "mip_gap_frac": 0.004,
        "objective_usd": 1e8,
        "bound_usd": 0.996e8,
        "synthetic": ["The hourly load is synthetic."],
        "verification": {"passed": True, "checks": [{"name": "balance closes", "passed": True, "detail": "0 MW"}]},
        "seconds": {"profiles": 0.1, "size": 2.0, "dispatch": 1.0, "total": 3.1},
    }
    summary = _summary(name, head["fingerprint"], tables, standing, unserved_mwh)
    if response:
        summary |= fake_response.summary(tables, summary["npv_cost_usd"])
    complete = {**head, "summary": summary, **manifest}
    return store.write(name, tables, complete)


def infeasible_run(store: Store, name: str = "Impossible") -> str:
    """Write a run that found no plan."""
    loaded = load_scenario(SHIPPED_SCENARIOS / "light-gas.yaml")
    load = pd.DataFrame(
        {
            "year": [2026], "peak_mw": [200.0], "mean_mw": [150.0], "required_mwh": [1.314e6],
            "unserved_mwh": [np.nan], "unserved_frac": [np.nan], "discount_factor": [1.0],
        }
    )  # fmt: skip
    manifest = {
        "fingerprint": "0" * 64, "name": name, "description": "", "created_utc": "2026-11-20T11:00:00.000+00:00",
        "versions": {"firmwatt": "0.1.0", "engine": "1", "highs": "1.15.1", "python": "3.11"},
        "scenario": loaded.scenario.model_dump(mode="json"), "files": {},
        "technologies": {"turbine": {"kind": "thermal", "label": "Gas turbine"}},
        "status": "infeasible", "termination": "infeasible", "mip_gap_frac": None, "objective_usd": None,
        "bound_usd": None, "synthetic": [], "seconds": {"total": 0.5}, "diagnosis": diagnosis(),
        "verification": {"passed": True, "checks": [{"name": "ending is recorded", "passed": True, "detail": ""}]},
        "summary": {"name": name, "status": "infeasible", "adequate": False, "verified": False},
    }  # fmt: skip
    return store.write(name, {"load": load}, manifest)


# The engine is never built in these runs: it would have to cost 1,250 USD/kW.
REDUCED_COSTS = pd.DataFrame(
    [{"technology": "engine", "year": 2027, "now_usd": 1650.0, "cheaper_usd": 400.0, "unit": "USD/kW"}]
)


def _shadow_prices(calendar: tuple[int, ...]) -> pd.DataFrame:
    """N-1 binds in every year, gas in a tenth of the first, NOx never."""
    rows = []
    for place, year in enumerate(calendar):
        for limit, label, unit, usd, share, when in (
            ("nox", "NOx", "USD/t", 0.0, 0.0, ""),
            ("gas", "Gas, highest day", "USD/(Mcf/day)", 12.5 if place == 0 else 0.0, 0.1, "18–24 Jul"),
            ("n_minus_1", "N-1", "USD/MW firm", 119_000.0 + 1000 * place, 1.0, "whole year"),
        ):
            bound = {"binding_frac": share if usd else 0.0, "when": when if usd else ""}
            rows.append({"year": year, "limit": limit, "label": label, "usd_per_unit": usd, "unit": unit, **bound})
    return pd.DataFrame(rows)


def diagnosis() -> dict[str, Any]:
    """NOx and land in conflict; NOx would do alone at 312 t."""

    def remedy(limit: str, label: str, unit: str, path: str, now: float, **found: Any) -> dict[str, Any]:
        head = {"limit": limit, "label": label, "unit": unit, "path": path, "sense": "at_most", "now": now}
        return {**head, "alone": None, "least_value": None, **found}

    overrides = {"limits.nox_short_tons_per_yr": 312.0}
    return {
        "outcome": "conflict",
        "remedies": [
            remedy(
                "nox", "NOx", "t/yr", "limits.nox_short_tons_per_yr", 99.0,
                alone={"value": 312.0, "overrides": overrides}, least_value=312.0,
            ),
            remedy("land", "Land", "acres", "limits.land_acres", 500.0),
            remedy("turbine.max_units", "Gas turbine maximum", "units", "technologies.turbine.max_units", 20.0),
        ],
        "conflicts": [["nox", "land"]], "overrides": overrides, "least_total_frac": 2.15, "statements": [],
        "years": [], "confirmed": True, "seconds": 1.2,
    }  # fmt: skip


def _hours(year: int, mw: dict[str, float], kinds: dict[str, str], unserved_mwh: float) -> pd.DataFrame:
    load = 150.0 + 40.0 * np.sin((DAY_HOUR - 9) * np.pi / 12) + 10.0 * np.sin(HOURS * 2 * np.pi / 8760)
    solar = mw.get("solar", 0.0) * np.clip(np.sin((DAY_HOUR - 6) * np.pi / 12), 0, None) * 0.8
    battery = mw.get("battery", 0.0)
    charge = np.where((DAY_HOUR == 12) | (DAY_HOUR == 13), battery, 0.0)
    discharge = np.where((DAY_HOUR == 19) | (DAY_HOUR == 20), battery * 0.85, 0.0)
    used = np.minimum(solar, load + charge)
    residual = load + charge - discharge - used
    imports = np.minimum(np.minimum(residual, mw.get("grid", 0.0)), 0.5 * residual)
    unserved = np.zeros(8760)
    unserved[0] = unserved_mwh if year == 2026 else 0.0
    columns = {"year": year, "hour": HOURS, "load_mw": load, "unserved_mw": unserved}
    flows = {
        "engine": {"mw": np.zeros(8760)},
        "turbine": {"mw": residual - imports - unserved},
        "solar": {"mw": used, "available_mw": solar},
        "battery": {"discharge_mw": discharge, "charge_mw": charge, "soc_mwh": np.cumsum(charge * 0.85 - discharge)},
        "grid": {"import_mw": imports, "export_mw": np.zeros(8760)},
    }
    for key in kinds:
        columns |= {f"{key}_{suffix}": values for suffix, values in flows[key].items()}
    return pd.DataFrame({**columns, "price_usd_per_mwh": np.where(imports > 0, PRICE_USD_PER_MWH, GAS_USD_PER_MWH)})


def _capacity(calendar: tuple[int, ...], standing: dict, kinds: dict[str, str]) -> pd.DataFrame:
    rows = []
    for year in calendar:
        for key, mw in standing[year].items():
            before = standing[year - 1][key] if year - 1 in standing else 0.0
            energy = 4.0 if kinds[key] == "battery" else 0.0
            acres = {"thermal": 0.1, "solar": 4.25, "battery": 0.08, "grid": 0.05}[kinds[key]]
            rows.append(
                {
                    "year": year, "technology": key, "kind": kinds[key], "p_nom_mw": mw, "e_nom_mwh": energy * mw,
                    "units": mw / 50 if kinds[key] == "thermal" else 0.0, "built_mw": mw - before,
                    "built_mwh": energy * (mw - before), "existing_mw": 0.0,
                    "firm_mw": 0.0 if kinds[key] == "solar" else mw, "land_acres": acres * mw,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _load(calendar: tuple[int, ...], hourly: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for place, year in enumerate(calendar):
        frame = hourly[hourly["year"] == year]
        required, missing = float(frame["load_mw"].sum()), float(frame["unserved_mw"].sum())
        rows.append(
            {
                "year": year, "peak_mw": float(frame["load_mw"].max()), "mean_mw": required / 8760,
                "required_mwh": required, "unserved_mwh": missing, "unserved_frac": missing / required,
                "discount_factor": 1.08**-place,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _costs(calendar: tuple[int, ...], standing: dict, kinds: dict[str, str], hourly: pd.DataFrame) -> pd.DataFrame:
    annuity = {"thermal": 132e3, "solar": 102e3, "battery": 102e3, "grid": 5e3}
    rows = []
    for place, year in enumerate(calendar):
        frame = hourly[hourly["year"] == year]
        amounts = {("site", "unserved"): 10_000.0 * float(frame["unserved_mw"].sum())}
        for key, mw in standing[year].items():
            amounts[key, "capital"] = annuity[kinds[key]] * mw
            amounts[key, "fixed"] = 15e3 * mw
            if kinds[key] == "thermal":
                amounts[key, "fuel"] = GAS_USD_PER_MWH * float(frame[f"{key}_mw"].sum())
            if kinds[key] == "grid":
                amounts[key, "grid_energy"] = PRICE_USD_PER_MWH * float(frame[f"{key}_import_mw"].sum())
        factor = 1.08**-place
        rows += [
            {
                "stage": stage, "year": year, "technology": key, "category": category, "cost_usd": usd,
                "discount_factor": factor, "present_value_usd": usd * factor,
            }
            for stage in (1, 2)
            for (key, category), usd in amounts.items()
        ]  # fmt: skip
    return pd.DataFrame(rows)


def _annual(calendar: tuple[int, ...], hourly: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    supply = {"thermal": "mw", "solar": "mw", "battery": "discharge_mw", "grid": "import_mw"}
    rows = []
    for year in calendar:
        frame = hourly[hourly["year"] == year]
        for key, kind in kinds.items():
            energy = float(frame[f"{key}_{supply[kind]}"].sum())
            fuel = 8.5 * energy if kind == "thermal" else 0.0
            rows.append(
                {
                    "stage": 2, "year": year, "technology": key, "energy_mwh": energy, "charge_mwh": 0.0,
                    "available_mwh": energy, "fuel_mmbtu": fuel, "nox_short_tons": fuel * 0.01 / 2000,
                    "co2_tonnes": fuel * 0.053, "capacity_factor_frac": 0.5,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _limits(calendar: tuple[int, ...], hourly: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for year in calendar:
        frame, standing = hourly[hourly["year"] == year], capacity[capacity["year"] == year]
        nox = float(frame["turbine_mw"].sum()) * 8.5 * 0.01 / 2000
        values = {
            "nox": ("NOx", nox, 99.0, "t/yr", "at_most"),
            "land": ("Land", float(standing["land_acres"].sum()), 500.0, "acres", "at_most"),
            "n_minus_1": ("N-1 firm capacity", 200.0, 200.0, "MW", "at_least"),
        }
        for stage in (1, 2):
            for limit, (label, value, ceiling, unit, sense) in values.items():
                if limit == "n_minus_1" and stage == 2:
                    continue
                rows.append(
                    {
                        "stage": stage, "year": year, "limit": limit, "label": label, "value": value,
                        "ceiling": ceiling, "unit": unit, "sense": sense, "used_frac": value / ceiling,
                        "binding": abs(value - ceiling) <= 1e-4 * ceiling,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _summary(name: str, mark: str, tables: dict, standing: dict, unserved_mwh: float) -> dict[str, Any]:
    costs = tables["costs"][tables["costs"]["stage"] == 2]
    load, annual, limits = tables["load"], tables["annual"], tables["limits"]
    npv = float(costs["present_value_usd"].sum())
    required = float(load["required_mwh"].sum())
    energy = annual[annual["technology"] != "battery"].groupby("technology")["energy_mwh"].sum()
    nox = limits[(limits["limit"] == "nox") & (limits["stage"] == 2)]["value"]
    grid = [year for year, mw in standing.items() if mw.get("grid", 0) > 0]
    by_year = {key: {str(year): mw[key] for year, mw in standing.items()} for key in next(iter(standing.values()))}
    return {
        "name": name, "fingerprint": mark, "status": "done", "termination": "within_gap", "adequate": unserved_mwh == 0,
        "verified": True, "mip_gap_frac": 0.004, "npv_cost_usd": npv, "stage_gap_frac": 0.0004,
        "lcoe_usd_per_mwh": npv / float((load["required_mwh"] * load["discount_factor"]).sum()),
        "capital_overnight_usd": 3.5e8, "required_mwh": required, "served_frac": 1 - unserved_mwh / required,
        "unserved_mwh": unserved_mwh, "unserved_cost_usd": 1e4 * unserved_mwh, "nox_short_tons": float(nox.sum()),
        "nox_tons": float(nox.sum()), "nox_peak_year_short_tons": float(nox.max()),
        "co2_tonnes": float(annual["co2_tonnes"].sum()),
        "land_acres": float(tables["capacity"].groupby("year")["land_acres"].sum().max()),
        "gas_peak_mcf_per_day": 34_000.0, "peak_mw": float(load["peak_mw"].max()), "capacity": by_year,
        "capacity_mwh": {"battery": {year: 4 * mw for year, mw in by_year.get("battery", {}).items()}},
        "energy_share_frac": {key: float(value / energy.sum()) for key, value in energy.items()},
        "first_grid_year": min(grid, default=None),
        "estimate_class": "class 3 (±15 %): sized plan, dispatched over 8,760 h",
    }  # fmt: skip
