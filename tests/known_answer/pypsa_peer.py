"""The same site in PyPSA: a peer's answer to one year of a scenario, for the cross-check alone.

Only what both tools mean in the same way is translated: thermal units, solar, a battery, a grid connection
without a connection fee, energy not served at a price, ceilings on CO2 and on the gas of a year, and on the energy of
one technology. Costs are annuities of the same overnight costs and lives. What exists already is a component of its
own, without capital.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pypsa

from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery, Grid, Solar, Thermal

LB_PER_TONNE = 2204.6226218487757


@dataclass(frozen=True)
class PeerAnswer:
    """Cost of the year [USD] and capacity in service by technology [MW], [MWh]."""

    objective_usd: float
    capacity_mw: Mapping[str, float]
    capacity_mwh: Mapping[str, float]


def peer_answer(scenario: Scenario, profiles: Profiles, *, gap_frac: float = 0.0) -> PeerAnswer:
    """Size and run the first year of a scenario with PyPSA and HiGHS.

    Parameters
    ----------
    scenario : Scenario
        One year, N-1 off, no limits but those above.
    profiles : Profiles
        Its hourly inputs.
    gap_frac : float
        Relative gap for whole units.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peer and its libraries
        site = _Site(scenario, profiles)
        for key, data in scenario.active_technologies.items():
            {Thermal: site.thermal, Solar: site.solar, Battery: site.battery, Grid: site.grid}[type(data)](key, data)
        site.limit("co2_emissions", scenario.limits.co2_tonnes_per_yr)
        site.limit("mmbtu", scenario.limits.gas_mmbtu_per_yr)
        return site.solve(gap_frac)


class _Site:
    """A PyPSA network of one bus under construction."""

    def __init__(self, scenario: Scenario, profiles: Profiles) -> None:
        self.scenario, self.profiles = scenario, profiles
        self.constant_usd = 0.0
        self.parts: dict[str, list[str]] = {}
        self.sunk_mw: dict[str, float] = {}
        self.free_batteries: dict[str, Battery] = {}
        self.network = network = pypsa.Network()
        load = profiles.load_mw[0]
        network.set_snapshots(pd.RangeIndex(len(load)))
        network.add("Bus", "site")
        network.add("Load", "load", bus="site", p_set=load)
        lost = scenario.money.value_of_lost_load_usd_per_mwh
        peak = max(float(load.max()), 1e-9)
        network.add("Generator", "unserved", bus="site", p_nom=peak, p_max_pu=load / peak, marginal_cost=lost)

    def annuity(self, life_years: int) -> float:
        rate = self.scenario.money.discount_rate_frac
        return rate / (1 - (1 + rate) ** -life_years) if rate else 1 / life_years

    def _generators(self, key: str, data: Any, existing_mw: float, most_mw: float, **common: Any) -> None:
        """What stands, and what may be built."""
        fixed = 1000 * data.fixed_usd_per_kw_yr
        self.constant_usd += fixed * existing_mw
        self.sunk_mw[key] = existing_mw
        self.network.add("Generator", f"{key} existing", bus="site", p_nom=existing_mw, **common)
        if data.max_mwh_per_yr is not None:
            assert existing_mw == 0, "a ceiling on the energy of two components is none of PyPSA's generators"
            common["e_sum_max"] = data.max_mwh_per_yr
        whole = {"p_nom_mod": data.unit_mw} if isinstance(data, Thermal) and data.integer else {}
        capital = self.annuity(data.life_years) * 1000 * data.overnight_usd_per_kw + fixed
        new = {"p_nom_extendable": True, "p_nom_max": most_mw - existing_mw, "capital_cost": capital}
        self.network.add("Generator", f"{key} new", bus="site", **common, **whole, **new)

    def thermal(self, key: str, data: Thermal) -> None:
        fuel, mmbtu_per_mwh = self.scenario.fuel, data.heat_rate_btu_per_kwh / 1000
        tonnes_per_mwh = mmbtu_per_mwh * fuel.co2_lb_per_mmbtu / LB_PER_TONNE
        self.network.add("Carrier", key, co2_emissions=tonnes_per_mwh, mmbtu=mmbtu_per_mwh)
        cost = data.variable_usd_per_mwh + mmbtu_per_mwh * fuel.price_usd_per_mmbtu
        most = data.max_units * data.unit_mw
        available = self.profiles.availability_pu[key]
        existing = data.existing_units * data.unit_mw
        self._generators(key, data, existing, most, carrier=key, marginal_cost=cost, p_max_pu=available)

    def solar(self, key: str, data: Solar) -> None:
        output = self.profiles.solar_pu[key]
        cost = data.variable_usd_per_mwh
        self._generators(key, data, data.existing_mw, data.max_mw, marginal_cost=cost, p_max_pu=output)

    def grid(self, key: str, data: Grid) -> None:
        price = self.profiles.import_price_usd_per_mwh[key]
        self.network.add("Carrier", key, co2_emissions=data.co2_kg_per_mwh / 1000)
        self._generators(key, data, data.existing_mw, data.max_mw, carrier=key, marginal_cost=price)
        if data.export_max_mw > 0:
            earned = self.profiles.export_price_usd_per_mwh[key]
            common = {"bus": "site", "p_nom": data.export_max_mw, "p_min_pu": -1.0, "p_max_pu": 0.0}
            self.network.add("Generator", f"{key} export", marginal_cost=earned, **common)

    def battery(self, key: str, data: Battery) -> None:
        """A store behind a charger and a discharger of the same power at the bus."""
        self.free_batteries[key] = data
        self.network.add("Bus", key)
        annuity, loss = self.annuity(data.life_years), data.standing_loss_frac_per_h
        energy_cost = annuity * 1000 * data.overnight_usd_per_kwh
        power_cost = annuity * 1000 * data.overnight_usd_per_kw + 1000 * data.fixed_usd_per_kw_yr
        self.constant_usd -= energy_cost * data.existing_mwh + annuity * 1000 * data.overnight_usd_per_kw * (
            data.existing_mw
        )
        store = {"e_nom_min": data.existing_mwh, "e_nom_max": data.max_mwh, "capital_cost": energy_cost}
        self.network.add(
            "Store", key, bus=key, e_nom_extendable=True, e_cyclic=True, e_min_pu=data.soc_min_frac,
            standing_loss=loss, **store,
        )  # fmt: skip
        self.network.add(
            "Link", f"{key} charge", bus0="site", bus1=key, efficiency=data.charge_efficiency_frac,
            p_nom_extendable=True, p_nom_min=data.existing_mw, capital_cost=power_cost,
        )  # fmt: skip
        self.network.add(
            "Link", f"{key} discharge", bus0=key, bus1="site", efficiency=data.discharge_efficiency_frac,
            p_nom_extendable=True, marginal_cost=data.variable_usd_per_mwh * data.discharge_efficiency_frac,
        )  # fmt: skip

    def limit(self, attribute: str, ceiling: float | None) -> None:
        """Hold the year's sum of what the carriers emit or burn per MWh."""
        if ceiling is not None:
            common = {"carrier_attribute": attribute, "sense": "<=", "constant": ceiling}
            self.network.add("GlobalConstraint", attribute, **common)

    def solve(self, gap_frac: float) -> PeerAnswer:
        network = self.network
        network.optimize.create_model()
        for key, data in self.free_batteries.items():
            self._tie_battery(key, data)
        status, condition = network.optimize.solve_model(
            solver_name="highs", mip_rel_gap=gap_frac, output_flag=False, log_to_console=False
        )
        assert (status, condition) == ("ok", "optimal"), (status, condition)
        built = network.generators["p_nom_opt"]
        mw = {key: sunk + float(built[f"{key} new"]) for key, sunk in self.sunk_mw.items()}
        mw |= {key: float(network.links["p_nom_opt"][f"{key} charge"]) for key in self.free_batteries}
        mwh = {key: float(network.stores["e_nom_opt"][key]) for key in self.free_batteries}
        return PeerAnswer(float(network.objective) + self.constant_usd, mw, mwh)

    def _tie_battery(self, key: str, data: Battery) -> None:
        """One power both ways at the bus, and of what is built the duration between its least and most."""
        model = self.network.model
        power, energy = model.variables["Link-p_nom"], model.variables["Store-e_nom"]
        charge, discharge = power.sel(name=f"{key} charge"), power.sel(name=f"{key} discharge")
        model.add_constraints(charge - data.discharge_efficiency_frac * discharge == 0, name=f"{key}-power")
        e, p0, e0 = energy.sel(name=key), data.existing_mw, data.existing_mwh
        low, high = data.duration_min_h, data.duration_max_h
        model.add_constraints(e - low * charge >= e0 - low * p0, name=f"{key}-least")
        model.add_constraints(e - high * charge <= e0 - high * p0, name=f"{key}-most")
