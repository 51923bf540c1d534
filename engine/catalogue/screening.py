"""What a MWh costs by how much a plant runs: the screening curve, before any plan is solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.annuity import annuity_factor
from engine.catalogue.entry import Entry
from engine.scenario.technologies import Thermal
from engine.units import BTU_PER_KWH_PER_MMBTU_PER_MWH, HOURS_PER_YEAR, KW_PER_MW


@dataclass(frozen=True)
class Terms:
    """What an entry is screened at.

    Attributes
    ----------
    gas_usd_per_mmbtu : float
    discount_rate_frac : float
    """

    gas_usd_per_mmbtu: float = 3.5
    discount_rate_frac: float = 0.08


@dataclass(frozen=True)
class Screening:
    """Cost of one entry, split into what is paid by the kW and by the MWh.

    Attributes
    ----------
    capital_usd_per_kw : float
        Overnight, for a battery with the energy of its shortest duration.
    annuity_usd_per_kw_yr, fixed_usd_per_kw_yr : float
    fuel_usd_per_mwh, variable_usd_per_mwh : float
    nox_lb_per_mwh : float
    generates : bool
        Off for what only moves energy (battery, grid): a cost per MWh would leave out the energy itself.
    """

    capital_usd_per_kw: float
    annuity_usd_per_kw_yr: float
    fixed_usd_per_kw_yr: float
    fuel_usd_per_mwh: float
    variable_usd_per_mwh: float
    nox_lb_per_mwh: float
    generates: bool

    def energy_usd_per_mwh(self, capacity_factor_frac: Any) -> Any:
        """Cost of energy [USD/MWh]: `1000 (annuity + fixed) / (8760 f) + fuel + variable`.

        Parameters
        ----------
        capacity_factor_frac : float or array
            Above 0.
        """
        yearly = KW_PER_MW * (self.annuity_usd_per_kw_yr + self.fixed_usd_per_kw_yr)
        hours = HOURS_PER_YEAR * np.asarray(capacity_factor_frac, dtype=float)
        return yearly / hours + self.fuel_usd_per_mwh + self.variable_usd_per_mwh


def screen(entry: Entry, terms: Terms) -> Screening:
    """Screen an entry at a gas price and a discount rate."""
    data = entry.technology
    heat_rate = data.heat_rate_btu_per_kwh / BTU_PER_KWH_PER_MMBTU_PER_MWH if isinstance(data, Thermal) else 0.0
    capital = _capital_usd_per_kw(data)
    return Screening(
        capital_usd_per_kw=capital,
        annuity_usd_per_kw_yr=capital * annuity_factor(terms.discount_rate_frac, data.life_years),
        fixed_usd_per_kw_yr=data.fixed_usd_per_kw_yr,
        fuel_usd_per_mwh=heat_rate * _fuel_usd_per_mmbtu(data, terms),
        variable_usd_per_mwh=float(getattr(data, "variable_usd_per_mwh", 0.0)),
        nox_lb_per_mwh=heat_rate * data.nox_lb_per_mmbtu if isinstance(data, Thermal) else 0.0,
        generates=entry.kind not in {"battery", "grid"},
    )


def _fuel_usd_per_mmbtu(data: Any, terms: Terms) -> float:
    """Price of the fuel: its own where the entry states one, else that of gas."""
    own = getattr(data, "fuel_price_usd_per_mmbtu", None)
    return terms.gas_usd_per_mmbtu if own is None else float(own)


def _capital_usd_per_kw(data: Any) -> float:
    """Overnight cost per kW; a battery's energy at its shortest duration, a grid's connection spread over its most."""
    power = float(data.overnight_usd_per_kw)
    if data.kind == "battery":
        return power + float(data.duration_min_h * data.overnight_usd_per_kwh)
    if data.kind == "grid" and data.max_mw > 0:
        return power + float(data.connection_usd / (KW_PER_MW * data.max_mw))
    return power
