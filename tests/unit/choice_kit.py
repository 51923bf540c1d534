"""Two ways to serve a flat 100 MW for a year, whose costs a reader can work out.

    engine   10 units of 10 MW at 200 USD/kW over one year: 20 M USD; 8 MMBtu/MWh x 876,000 MWh = 7.008 M MMBtu
    turbine  10 units of 10 MW at 100 USD/kW over one year: 10 M USD; 10 MMBtu/MWh x 876,000 MWh = 8.760 M MMBtu

With gas at p USD/MMBtu the engine costs 20 + 7.008 p, the turbine 10 + 8.76 p [M USD]: equal at 10 / 1.752 = 5.7078.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.scenario.loading import LoadedScenario
from tests.toys import FREE_FUEL_UNIT, toy

ENGINE = {**FREE_FUEL_UNIT, "overnight_usd_per_kw": 200, "heat_rate_btu_per_kwh": 8000, "max_units": 20}
TURBINE = {**FREE_FUEL_UNIT, "overnight_usd_per_kw": 100, "heat_rate_btu_per_kwh": 10000, "max_units": 20}
BREAK_EVEN_USD_PER_MMBTU = 10.0 / 1.752
M = 1e6


def engine_musd(gas: float) -> float:
    """Cost of the year with engines alone [M USD]."""
    return 20.0 + 7.008 * gas


def turbine_musd(gas: float) -> float:
    """Cost of the year with turbines alone [M USD]."""
    return 10.0 + 8.76 * gas


def two_ways(gas: float, *changes: Mapping[str, Any]) -> LoadedScenario:
    """Engine or turbine, with gas at a price."""
    site = {
        "name": f"Gas at {gas:g}",
        "technologies": {"engine": ENGINE, "turbine": TURBINE},
        "fuel": {"price_usd_per_mmbtu": gas},
        "time": {"method": "calendar", "weeks": [{"start_day": 1, "weight": 52}]},
    }
    return toy(site, *changes)
