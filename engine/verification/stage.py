"""One stage's hourly table as the verification reads it: weights, order of hours, bounds, sums.

Nothing of the model builder is used here either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.scenario.renewables import Renewable
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery, Grid, Thermal
from engine.verification.response import Response

Tables = Mapping[str, pd.DataFrame]
# A run of before demand response has no such table.
_NO_COMMITMENTS = pd.DataFrame({"year": [], "product": [], "source": [], "committed_mw": []})


class Stage:
    """The hourly table of a stage with its weights and profiles."""

    def __init__(self, number: int, scenario: Scenario, tables: Tables) -> None:
        self.number, self.scenario = number, scenario
        self.table = tables["sampled_hourly" if number == 1 else "hourly"]
        self.profiles = tables["sampled_profiles" if number == 1 else "profiles"]
        commitments = tables.get("commitments")
        self.response = Response(scenario, _NO_COMMITMENTS if commitments is None else commitments)
        first = self.table[self.table["year"] == scenario.time.first_year]
        self.weight_h = first["weight_h"].to_numpy() if number == 1 else np.ones(len(first))
        period = first["period"].to_numpy() if number == 1 else np.zeros(len(first), dtype=int)
        self.previous = np.arange(len(first)) - 1
        for number_of_period in np.unique(period):
            steps = np.flatnonzero(period == number_of_period)
            self.previous[steps[0]] = steps[-1]
        starts = np.flatnonzero(self.previous != np.arange(len(first)) - 1)
        since = np.arange(len(first)) - starts[np.searchsorted(starts, np.arange(len(first)), side="right") - 1]
        self.day = np.cumsum(since % 24 == 0) - 1

    def years(self) -> Iterator[tuple[int, pd.DataFrame]]:
        for year, frame in self.table.groupby("year"):
            yield int(str(year)), frame

    def bounds(self, key: str, data: Any, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """(column, highest value) of each flow of a technology."""
        power = row["p_nom_mw"]
        if isinstance(data, Thermal):
            yield f"{key}_mw", power * self.profiles[f"{key}_availability_pu"].to_numpy()
        elif isinstance(data, Renewable):
            yield f"{key}_mw", row["usable_mw"] * self.profiles[f"{key}_pu"].to_numpy()
        elif isinstance(data, Battery):
            yield f"{key}_charge_mw", power
            yield f"{key}_discharge_mw", power
        else:
            yield f"{key}_import_mw", power
            yield f"{key}_export_mw", data.export_max_mw if power > 0 else 0.0

    def hours_where_both_could_pay(self) -> np.ndarray:
        risky = np.zeros(len(self.weight_h), dtype=bool)
        for key, data in self.scenario.active_technologies.items():
            if isinstance(data, Grid):
                buy = self.profiles[f"{key}_import_price_usd_per_mwh"].to_numpy()
                sell = self.profiles[f"{key}_export_price_usd_per_mwh"].to_numpy()
                risky |= (buy < -1e-9) | ((sell > buy + 1e-9) & (data.export_max_mw > 0))
        return risky

    def _fuel_mmbtu(self, frame: pd.DataFrame, key: str, data: Thermal) -> np.ndarray:
        """Fuel of each step, unweighted [MMBtu]."""
        fuel: np.ndarray = frame[f"{key}_mw"].to_numpy() * data.heat_rate_btu_per_kwh / 1000
        return fuel

    def _thermal(self) -> Iterator[tuple[str, Thermal]]:
        for key, data in self.scenario.active_technologies.items():
            if isinstance(data, Thermal):
                yield key, data

    def _burning_gas(self) -> Iterator[tuple[str, Thermal]]:
        return ((key, data) for key, data in self._thermal() if data.fuel_price_usd_per_mmbtu is None)

    def nox_short_tons(self, frame: pd.DataFrame) -> float:
        pounds = (data.nox_lb_per_mmbtu * self._fuel_mmbtu(frame, key, data) for key, data in self._thermal())
        return float(sum(value @ self.weight_h for value in pounds)) / 2000

    def co2_tonnes(self, frame: pd.DataFrame) -> float:
        return sum(self.co2_tonnes_of(frame, key) for key in self.scenario.active_technologies)

    def co2_tonnes_of(self, frame: pd.DataFrame, key: str) -> float:
        """CO2 of one technology's fuel or imports [t]."""
        data = self.scenario.technologies[key]
        if isinstance(data, Thermal):
            content = self.scenario.fuel.co2_lb_per_mmbtu if data.co2_lb_per_mmbtu is None else data.co2_lb_per_mmbtu
            return float(self._fuel_mmbtu(frame, key, data) @ self.weight_h) * content * 0.45359237 / 1000
        if isinstance(data, Grid):
            kg = frame[f"{key}_import_mw"].to_numpy() * self.profiles[f"{key}_co2_kg_per_mwh"].to_numpy()
            return float(kg @ self.weight_h) / 1000
        return 0.0

    def water_million_gal(self, frame: pd.DataFrame) -> float:
        load = self.scenario.load
        gallons = float(frame["load_mw"].to_numpy() @ self.weight_h) / load.pue * load.water_gal_per_mwh_it
        for key, data in self._thermal():
            gallons += data.water_gal_per_mwh * float(frame[f"{key}_mw"].to_numpy() @ self.weight_h)
        return gallons / 1e6

    def gas_mcf_on_highest_day(self, frame: pd.DataFrame) -> float:
        burnt = sum((self._fuel_mmbtu(frame, key, data) for key, data in self._burning_gas()), np.zeros(len(frame)))
        return float(np.bincount(self.day, weights=burnt).max()) / 1.037

    def gas_mmbtu(self, frame: pd.DataFrame) -> float:
        return float(sum(self._fuel_mmbtu(frame, key, data) @ self.weight_h for key, data in self._burning_gas()))

    def energy_mwh(self, frame: pd.DataFrame, key: str, data: Any) -> float:
        """Generated, discharged or imported [MWh]."""
        suffix = "discharge_mw" if isinstance(data, Battery) else "import_mw" if isinstance(data, Grid) else "mw"
        return float(frame[f"{key}_{suffix}"].to_numpy() @ self.weight_h)

    def operating_npv(self) -> float:
        """Fuel, variable, grid, unserved and demand response cost, discounted [USD]."""
        rate, first = self.scenario.money.discount_rate_frac, self.scenario.time.first_year
        return float(sum(self._operating_usd(f, year) * (1 + rate) ** -(year - first) for year, f in self.years()))

    def _operating_usd(self, frame: pd.DataFrame, year: int) -> float:
        hourly = frame["unserved_mw"].to_numpy() * self.scenario.money.value_of_lost_load_usd_per_mwh
        for key, data in self.scenario.active_technologies.items():
            if isinstance(data, Thermal):
                hourly = hourly + self._fuel_mmbtu(frame, key, data) * self._fuel_price(data, year)
                hourly = hourly + frame[f"{key}_mw"].to_numpy() * data.variable_usd_per_mwh
            elif isinstance(data, Renewable):
                hourly = hourly + frame[f"{key}_mw"].to_numpy() * data.variable_usd_per_mwh
            elif isinstance(data, Battery):
                hourly = hourly + frame[f"{key}_discharge_mw"].to_numpy() * (
                    data.variable_usd_per_mwh + data.wear_usd_per_mwh
                )
            else:
                buy = self.profiles[f"{key}_import_price_usd_per_mwh"].to_numpy()
                sell = self.profiles[f"{key}_export_price_usd_per_mwh"].to_numpy()
                hourly = hourly + frame[f"{key}_import_mw"].to_numpy() * buy
                hourly = hourly - frame[f"{key}_export_mw"].to_numpy() * sell
        carbon = self._of_year(self.scenario.money.carbon_price_path, year)
        carbon = self.scenario.money.carbon_price_usd_per_tonne if carbon is None else carbon
        charges = (
            self._demand_charge_usd(frame, key, data)
            for key, data in self.scenario.active_technologies.items()
            if isinstance(data, Grid)
        )
        response = self.response.cost_usd(year, frame, self.weight_h)
        return float(hourly @ self.weight_h) + carbon * self.co2_tonnes(frame) + sum(charges) + response

    def _demand_charge_usd(self, frame: pd.DataFrame, key: str, data: Grid) -> float:
        """Highest import of each month, or of each representative period for the months it stands for [USD]."""
        imports = pd.Series(frame[f"{key}_import_mw"].to_numpy())
        if len(frame) == 8760:
            group = pd.date_range("2001-01-01", periods=8760, freq="h").month.to_numpy()
            months = pd.Series(1.0, index=range(1, 13))
        else:
            group = frame["period"].to_numpy()
            months = pd.Series(self.weight_h).groupby(group).sum() * 12 / 8760
        usd_per_mw = data.demand_charge_usd_per_kw_month * 1000
        return float((imports.groupby(group).max() * months).sum()) * usd_per_mw

    def _of_year(self, path: tuple[float, ...] | None, year: int) -> float | None:
        return None if path is None else path[year - self.scenario.time.first_year]

    def _fuel_price(self, data: Thermal, year: int) -> Any:
        """Price of each step's fuel [USD/MMBtu]."""
        if data.fuel_price_usd_per_mmbtu is not None:
            return data.fuel_price_usd_per_mmbtu
        gas = self._of_year(self.scenario.fuel.price_path, year)
        gas = self.scenario.fuel.price_usd_per_mmbtu if gas is None else gas
        return gas * self.profiles["gas_price_multiple"].to_numpy()
