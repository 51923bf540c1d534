"""The bound on a fleet tightens the search and cuts off no plan: with and without it the optimum is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.expansion import size
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.scenario.technologies import Thermal
from engine.technologies import thermal
from tests.toys import toy, write_series

TWO_WEEKS = {"method": "calendar", "weeks": [{"start_day": 8, "weight": 26}, {"start_day": 190, "weight": 26}]}
CHEAP: dict[str, Any] = {
    "kind": "thermal", "unit_mw": 13, "max_units": 60, "overnight_usd_per_kw": 800, "heat_rate_btu_per_kwh": 8000,
    "derate_frac_per_c": 0.01, "derate_above_c": 10, "availability_frac": 0.93,
}  # fmt: skip
DEAR: dict[str, Any] = {**CHEAP, "unit_mw": 40, "overnight_usd_per_kw": 500, "variable_usd_per_mwh": 60}
STORE: dict[str, Any] = {
    "kind": "battery", "duration_min_h": 1, "duration_max_h": 12, "max_mwh": 3000, "overnight_usd_per_kwh": 40,
}  # fmt: skip
GRID: dict[str, Any] = {"kind": "grid", "existing_mw": 30, "max_mw": 30, "export_max_mw": 25}

CASES: dict[str, dict[str, Any]] = {
    "any amount": {"technologies": {"cheap": {**CHEAP, "integer": False}, "dear": {**DEAR, "integer": False}}},
    "whole units": {"technologies": {"cheap": CHEAP, "dear": DEAR}},
    "stores filled in cheap hours": {"technologies": {"cheap": {**CHEAP, "integer": False}, "store": STORE}},
    "exports": {"technologies": {"cheap": {**CHEAP, "integer": False}, "store": STORE, "grid": GRID}},
    "a cap on energy": {
        "technologies": {"cheap": {**CHEAP, "integer": False, "max_mwh_per_yr": 300_000}, "dear": DEAR, "store": STORE}
    },
    "gas of a day": {
        "technologies": {"cheap": {**CHEAP, "integer": False}, "store": STORE, "grid": GRID},
        "limits": {"gas_mcf_per_day": 14_000},
    },
    "gas dear in January": {
        "technologies": {"cheap": {**CHEAP, "integer": False}, "store": {**STORE, "duration_max_h": 500}},
        "fuel": {"month_multiples": [9.0] + [1.0] * 11},
    },
    "two losses": {"technologies": {"cheap": CHEAP, "dear": DEAR}, "limits": {"n_minus_2": True}},
    "a falling load and a pace": {
        "technologies": {"cheap": {**CHEAP, "integer": False, "max_build_mw_per_yr": 60}, "dear": DEAR},
        "load": {"multiples_by_year": [0.4, 1.0, 0.7]},
        "time": {"years": 3},
    },
    "costs that rise": {
        "technologies": {"cheap": {**CHEAP, "integer": False, "overnight_path": [1.0, 2.0, 3.0]}},
        "load": {"multiples_by_year": [0.4, 0.6, 1.0]},
        "time": {"years": 3},
    },
}


@pytest.mark.parametrize("case", CASES)
def test_no_optimum_needs_more_units_than_the_bound(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hour = np.arange(8760)
    load = 80 + 15 * np.sin(hour * 2 * np.pi / 24) + 20 * (hour % 168 < 60)
    price = 40 + 60 * np.cos(hour * 2 * np.pi / 24)
    changes = {"load": {"series": write_series(tmp_path, "load", load)}, "time": TWO_WEEKS}
    prices = {"technologies": {"grid": {"price": write_series(tmp_path, "price", price.clip(1))}}}
    own = CASES[case]
    loaded = toy(changes, own, prices if "grid" in own["technologies"] else {}, folder=tmp_path)
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    bounded = size(loaded.scenario, steps).objective_usd

    def unbounded(form: Any, key: str, data: Thermal) -> dict[int, int]:
        return dict.fromkeys(form.years, data.max_units)

    monkeypatch.setattr(thermal, "most_useful_units", unbounded)
    assert size(loaded.scenario, steps).objective_usd == pytest.approx(bounded, rel=1e-6)
