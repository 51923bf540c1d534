"""Whole units of 1 MW against two load levels (known answer 2 of the development data).

Load 8 / 0.947 MW in one half of the year, 0.5 / 0.947 MW in the other; 5 MW stand already. Availability 0.94:
9 units x 0.94 = 8.46 MW carry 8.448 MW, 8 units do not, so 4 are built.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.scenario.loading import LoadedScenario
from tests.toys import answer, toy, write_series


def discrete(folder: Path, *, whole_units: bool) -> LoadedScenario:
    load = np.repeat([8 / 0.947, 0.5 / 0.947], 4380)
    plant = {
        "kind": "thermal",
        "unit_mw": 1,
        "integer": whole_units,
        "max_units": 20,
        "existing_units": 5,
        "overnight_usd_per_kw": (1_143_900 + 57_566.6) / 1000,
        "life_years": 20,
        "fixed_usd_per_kw_yr": 5868.3 / 1000,
        "variable_usd_per_mwh": 3.4131,
        "heat_rate_btu_per_kwh": 6705,
        "availability_frac": 0.94,
    }
    changes = {
        "load": {"series": write_series(folder, "load", load)},
        "technologies": {"plant": plant},
        "fuel": {"price_usd_per_mmbtu": 4},
        "money": {"discount_rate_frac": 0.07},
    }
    return toy(changes, folder=folder)


def test_four_new_units_at_the_known_cost(tmp_path: Path) -> None:
    solved = answer(discrete(tmp_path, whole_units=True), tmp_path)
    assert solved.tables["capacity"]["built_mw"].tolist() == [4.0]
    assert solved.summary["objective_usd"] == pytest.approx(1_695_027.15, abs=0.01)
    assert solved.summary["npv_cost_usd"] == pytest.approx(1_695_027.15, abs=0.01)


def test_capacity_in_any_amount_is_cheaper_by_the_known_difference(tmp_path: Path) -> None:
    solved = answer(discrete(tmp_path, whole_units=False), tmp_path)
    assert solved.summary["objective_usd"] == pytest.approx(1_693_470.15, abs=0.01)
    assert solved.capacity_mw("plant") == pytest.approx(8 / 0.947 / 0.94)
