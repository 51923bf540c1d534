"""Names, units and meaning of everything a run stores: the nomenclature as data.

The store writes these units into each Parquet file's schema; the dashboard takes labels and units from here.
Hourly tables are wide, one row an hour; the columns of a technology are `{technology}_{flow}` with the
flows of its kind from `FLOWS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.wording import CO2


@dataclass(frozen=True)
class Column:
    """One column of a stored table."""

    unit: str
    description: str


@dataclass(frozen=True)
class Flow:
    """One hourly column of a technology.

    Attributes
    ----------
    suffix : str
        Column name is `{technology}_{suffix}`.
    unit, description : str
    balance_sign : int
        +1 supplies the bus, -1 draws from it, 0 is no flow (state of charge, availability).
    """

    suffix: str
    unit: str
    description: str
    balance_sign: int


_RENEWABLE_FLOWS = (
    Flow("mw", "MW", "generation used", +1),
    Flow("available_mw", "MW", "generation available; the rest is spilled", 0),
)

# Flows of each kind of technology, in the order in which charts stack them.
FLOWS: dict[str, tuple[Flow, ...]] = {
    "thermal": (Flow("mw", "MW", "generation", +1),),
    "solar": _RENEWABLE_FLOWS,
    "wind": _RENEWABLE_FLOWS,
    "battery": (
        Flow("discharge_mw", "MW", "discharge, at the bus", +1),
        Flow("charge_mw", "MW", "charge, at the bus", -1),
        Flow("soc_mwh", "MWh", "state of charge at the end of the hour", 0),
    ),
    "grid": (
        Flow("import_mw", "MW", "import", +1),
        Flow("export_mw", "MW", "export", -1),
    ),
}

COST_CATEGORIES: dict[str, str] = {
    "capital": "Capital (annuities)",
    "fixed": "Fixed O&M",
    "fuel": "Fuel",
    "variable": "Variable O&M",
    "grid_energy": "Grid energy",
    "export_revenue": "Export revenue",
    "demand_charge": "Demand charge",
    "carbon": "Carbon",
    "augmentation": "Augmentation",
    "curtailment": "Cost of curtailment",
    "dr_revenue": "Demand response revenue",
    "unserved": "Unserved energy",
}

# Hourly columns of a source of demand response are `dr_{source}_{suffix}`.
RESPONSE_PREFIX = "dr_"
RESPONSE_FLOWS: tuple[Flow, ...] = (
    Flow("cut_mw", "MW", "load cut by the site's own choice", +1),
    Flow("makeup_mw", "MW", "deferred work made up", -1),
    Flow("owed_mwh", "MWh", "deferred work still owed at the end of the hour", 0),
)

SITE = "site"  # the technology of costs that belong to no technology (unserved energy, demand response)

_STAGE = Column("-", "1: sizing on representative hours; 2: dispatch over 8,760 h")
_YEAR = Column("yr", "calendar year")
_TECHNOLOGY = Column("-", "technology id of the scenario")

TABLES: dict[str, dict[str, Column]] = {
    "capacity": {
        "year": _YEAR,
        "technology": _TECHNOLOGY,
        "kind": Column("-", "behaviour: thermal, battery, solar, wind, grid"),
        "p_nom_mw": Column("MW", "power capacity in service"),
        "e_nom_mwh": Column("MWh", "energy capacity in service (batteries)"),
        "usable_mw": Column("MW", "of the power, what is left after fading (solar, wind)"),
        "usable_mwh": Column("MWh", "of the energy, what is left after fading (batteries)"),
        "units": Column("units", "units in service (thermal)"),
        "built_mw": Column("MW", "built new for this year"),
        "built_mwh": Column("MWh", "energy capacity built new for this year"),
        "existing_mw": Column("MW", "of the capacity in service, what stood before the plan"),
        "firm_mw": Column("MW", "counted as firm at the peak"),
        "land_acres": Column("acres", "land used"),
    },
    "hourly": {
        "year": _YEAR,
        "hour": Column("h", "hour of the year, 0-8759, beginning, local standard time"),
        "load_mw": Column("MW", "facility load required"),
        "unserved_mw": Column("MW", "load not served"),
        "price_usd_per_mwh": Column("USD/MWh", "marginal price of energy at the bus, undiscounted"),
    },
    "sampled_hourly": {
        "year": _YEAR,
        "step": Column("-", "step of stage 1, in order"),
        "period": Column("-", "representative period, from 0"),
        "hour": Column("h", "hour of the year that the step was taken from"),
        "weight_h": Column("h", "real hours of a year that the step stands for"),
        "load_mw": Column("MW", "facility load required, scaled to the year's energy"),
        "unserved_mw": Column("MW", "load not served"),
    },
    "costs": {
        "stage": _STAGE,
        "year": _YEAR,
        "technology": _TECHNOLOGY,
        "category": Column("-", "cost category (COST_CATEGORIES)"),
        "cost_usd": Column("USD", "cost of the year, real, undiscounted; revenue is negative"),
        "discount_factor": Column("-", "(1 + r)^-(year - first year)"),
        "present_value_usd": Column("USD", "cost times discount factor"),
    },
    "annual": {
        "stage": _STAGE,
        "year": _YEAR,
        "technology": _TECHNOLOGY,
        "energy_mwh": Column("MWh", "generated, discharged or imported"),
        "charge_mwh": Column("MWh", "drawn from the bus: battery charge, grid export"),
        "available_mwh": Column("MWh", "could have been generated (solar, wind)"),
        "fuel_mmbtu": Column("MMBtu", "fuel burnt, higher heating value"),
        "nox_short_tons": Column("short tons", "NOx emitted on site"),
        "co2_tonnes": Column("t", f"{CO2} from fuel or imports"),
        "water_million_gal": Column("Mgal", "water taken, million US gallons"),
        "capacity_factor_frac": Column("-", "energy over capacity times 8,760 h"),
    },
    "limits": {
        "stage": _STAGE,
        "year": _YEAR,
        "limit": Column(
            "-",
            "nox, gas, gas_year, land, co2, capital, n_minus_1, n_minus_2, water, served, curtailment, "
            "{technology}_builds, {technology}_energy",
        ),
        "label": Column("-", "as shown"),
        "value": Column("see unit", "used (N-1: firm capacity after the worst loss)"),
        "ceiling": Column("see unit", "allowed (N-1: the peak load, a floor)"),
        "unit": Column("-", "unit of value and ceiling"),
        "sense": Column("-", "at_most or at_least"),
        "used_frac": Column("-", "value over ceiling"),
        "binding": Column("-", "within 1e-4 of the ceiling"),
    },
    "shadow_prices": {
        "year": _YEAR,
        "limit": Column("-", "as in the limits table; `{technology}.{field}` for a technology's own maximum"),
        "label": Column("-", "as shown"),
        "usd_per_unit": Column("see unit", "worth of one more unit of the limit in this year, undiscounted"),
        "unit": Column("-", "USD a year per unit of the limit"),
        "binding_frac": Column("-", "share of the year's days (gas) or hours (grid) in which it binds; else 0 or 1"),
        "when": Column("-", "days or hours in which it binds, in words"),
    },
    "reduced_costs": {
        "technology": _TECHNOLOGY,
        "year": Column("yr", "year of build in which it comes closest"),
        "now_usd": Column("see unit", "its overnight cost in that year"),
        "cheaper_usd": Column("see unit", "how much cheaper it would have to be to be built"),
        "unit": Column("-", "USD/kW, for batteries USD/kWh"),
    },
    "load": {
        "year": _YEAR,
        "peak_mw": Column("MW", "highest hour"),
        "mean_mw": Column("MW", "mean of 8,760 h"),
        "required_mwh": Column("MWh", "energy required"),
        "unserved_mwh": Column("MWh", "energy not served in stage 2"),
        "unserved_frac": Column("-", "of the energy required"),
        "cooling_water_million_gal": Column("Mgal", "water for evaporative cooling, million US gallons"),
        "discount_factor": Column("-", "(1 + r)^-(year - first year)"),
    },
    "profiles": {
        "hour": Column("h", "hour of the year, 0-8759, beginning, local standard time"),
        "load_mw": Column("MW", "facility load of the first year"),
        "temp_air_c": Column("C", "ambient temperature"),
        "gas_price_multiple": Column("-", "multiple of the year's gas price"),
    },
    "sampled_profiles": {
        "step": Column("-", "step of stage 1, in order"),
        "gas_price_multiple": Column("-", "multiple of the year's gas price"),
    },
    "commitments": {
        "year": _YEAR,
        "product": Column("-", "demand response product"),
        "source": Column("-", "workload id, or cooling"),
        "committed_mw": Column("MW", "promised in every hour of the product's window"),
    },
    "dr_products": {
        "year": _YEAR,
        "product": Column("-", "demand response product"),
        "guaranteed_mw": Column("MW", "committed: what the lowest hour of the window holds"),
        "average_mw": Column("MW", "what the committed sources can hold, mean over the window"),
        "contracted_h": Column("h", "paid for: window hours x 365"),
        "called_h": Column("h", "expected to be called: min(100, 2 x events)"),
        "capacity_payment_usd": Column("USD", "for contracted hours"),
        "activation_payment_usd": Column("USD", "for called hours"),
        "lost_compute_usd": Column("USD", "cost of the cuts when called"),
        "net_revenue_usd": Column("USD", "payments less lost compute"),
        "net_usd_per_mw_yr": Column("USD/MW-yr", "net revenue per guaranteed MW"),
    },
    "periods": {
        "period": Column("-", "representative period, from 0"),
        "start_day": Column("day of year", "first day, counted from 1"),
        "hours": Column("h", "length"),
        "weight": Column("-", "real hours for each hour of it"),
    },
    "period_sequence": {
        "real_period": Column("-", "day or week of the year, in order, from 0"),
        "start_day": Column("day of year", "its first day, counted from 1"),
        "period": Column("-", "representative period that stands for it; its stores count from there"),
    },
    "linked_storage": {
        "year": _YEAR,
        "technology": _TECHNOLOGY,
        "real_period": Column("-", "day or week of the year, in order, from 0"),
        "soc_mwh": Column("MWh", "state of charge as it begins; sampled_hourly adds the change since then"),
    },
}

# Further columns of `profiles` and `sampled_profiles`, by technology: `{technology}_{suffix}`.
PROFILE_FLOWS: dict[str, tuple[Flow, ...]] = {
    "thermal": (Flow("availability_pu", "pu", "rating available after outages and heat", 0),),
    "solar": (Flow("pu", "pu", "output per MWac", 0),),
    "wind": (Flow("pu", "pu", "output per MW", 0),),
    "grid": (
        Flow("import_price_usd_per_mwh", "USD/MWh", "price paid for imports", 0),
        Flow("export_price_usd_per_mwh", "USD/MWh", "price received for exports", 0),
        Flow("co2_kg_per_mwh", "kg/MWh", "carbon intensity of imports", 0),
    ),
    "battery": (),
}


# Columns of a sweep's dataset beside its inputs, its figures (`engine.comparison.METRICS`) and `mw_{technology}`.
SWEEP_CASES: dict[str, Column] = {
    "case": Column("-", "number of the case, from 1"),
    "varied": Column("-", "one at a time: the input that this case moves; empty for the base case"),
    "state": Column("-", "pending, queued, done, infeasible, failed or cancelled"),
    "reason": Column("-", "why there is no plan"),
    "job_id": Column("-", "job of the queue while it waits or runs"),
    "run_id": Column("-", "run in the store"),
    "fingerprint": Column("-", "of the case's scenario"),
    "seconds": Column("s", "that the case ran; 0 where a stored run answered it"),
    "termination": Column("-", "optimal, within_gap, time_limit or infeasible"),
    "adequate": Column("-", "no year leaves more than a millionth of its energy unserved"),
    "verified": Column("-", "the run's tables agree with its figures"),
    "mix": Column("-", "technologies with at least a hundredth of the peak load at their largest"),
}
SWEEP_CAPACITY = Column("MW", "largest capacity in service over the years")


def flow_columns(technologies: dict[str, str], flows: dict[str, tuple[Flow, ...]]) -> dict[str, Flow]:
    """Hourly columns of a set of technologies.

    Parameters
    ----------
    technologies : dict of str to str
        Kind of each technology id.
    flows : dict
        `FLOWS` or `PROFILE_FLOWS`.

    Returns
    -------
    dict of str to Flow
        By column name, in stacking order.
    """
    return {f"{key}_{flow.suffix}": flow for key, kind in technologies.items() for flow in flows[kind]}


def response_columns(sources: Iterable[str]) -> dict[str, Flow]:
    """Hourly columns of demand response by its sources.

    Returns
    -------
    dict of str to Flow
        By column name.
    """
    return {f"{RESPONSE_PREFIX}{key}_{flow.suffix}": flow for key in sources for flow in RESPONSE_FLOWS}
