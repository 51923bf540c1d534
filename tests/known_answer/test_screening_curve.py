"""Base load, peakers and shedding split by the screening curve (known answer 3 of the development data).

Load 1,000 - 1,000 z MW, z uniform over the year. Coal costs 15 + 2 per full-load year, gas 10 + 12, shedding 1,012:
coal where it runs more than (15 - 10) / (12 - 2) = half the year: 500 MW; gas where it runs more than
10 / (1,012 - 12) = 1 % of the year: 990 - 500 = 490 MW; the last 10 MW are shed.

In 8,760 hours the load falls by 0.114 MW an hour, and a MW of coal between the 4,380th and the 4,381st hour's load runs
exactly half the year: 499.943 to 500.057 MW cost the same to the cent, and gas is what is left of the 990.011 MW built.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.toys import answer, toy, write_series

# The known answer is free of units; a factor keeps the costs in the range of real plants.
USD = 1e6


def unit(capital: float, variable: float) -> dict[str, object]:
    return {
        "kind": "thermal",
        "unit_mw": 1,
        "integer": False,
        "max_units": 2000,
        "life_years": 1,
        "overnight_usd_per_kw": capital * USD / 1000,
        "variable_usd_per_mwh": variable * USD / 8760,
        "heat_rate_btu_per_kwh": 0,
    }


def test_capacities_follow_the_screening_curve(tmp_path: Path) -> None:
    z = (np.arange(8760) + 0.5) / 8760
    changes = {
        "load": {"series": write_series(tmp_path, "load", 1000 - 1000 * z)},
        "technologies": {"coal": unit(15, 2), "gas": unit(10, 12)},
        "money": {"value_of_lost_load_usd_per_mwh": 1012 * USD / 8760},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    coal, gas = solved.capacity_mw("coal"), solved.capacity_mw("gas")
    shed = float(solved.tables["hourly"]["unserved_mw"].max())
    assert solved.summary["objective_usd"] == pytest.approx(yearly_cost_usd(500.06, 489.95), rel=1e-7)
    assert 499.94 <= coal <= 500.06
    assert coal + gas == pytest.approx(500.06 + 489.95, abs=0.01)
    assert shed == pytest.approx(9.93, abs=0.01)
    assert not solved.summary["adequate"]


def yearly_cost_usd(coal_mw: float, gas_mw: float) -> float:
    """Cost of serving the load in merit order: coal, gas, then shedding."""
    load = 1000 - 1000 * (np.arange(8760) + 0.5) / 8760
    coal = np.minimum(load, coal_mw)
    gas = np.minimum(load - coal, gas_mw)
    running = (2 * coal + 12 * gas + 1012 * (load - coal - gas)).sum() / 8760
    return USD * float(15 * coal_mw + 10 * gas_mw + running)
