"""A battery that buys and sells at real prices (known answer 1 of the development data).

1 MW each way at the grid side, 4 MWh, 0.92 each way, cyclic over the year, no load.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.matrix import compile_model
from engine.model import build
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario
from engine.solver import SolverSettings, solve_matrix
from tests.toys import SHARED_DATA, answer, toy

pytestmark = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the development data are not beside the project")


def arbitrage(folder: Path, prices: str) -> LoadedScenario:
    """The scenario, its price file laid beside it."""
    shutil.copy(SHARED_DATA / "prices" / f"{prices}.csv", folder)
    battery = {"kind": "battery", "existing_mw": 1, "existing_mwh": 4, "max_mwh": 4, "soc_min_frac": 0}
    grid = {"kind": "grid", "existing_mw": 1, "max_mw": 1, "export_max_mw": 1}
    grid["price"] = f"{prices}.csv:price_usd_per_mwh"
    return toy({"load": {"it_peak_mw": 0}, "technologies": {"battery": battery, "grid": grid}}, folder=folder)


@pytest.mark.parametrize(
    ("prices", "revenue_usd"),
    [
        ("ercot_hubavg_dam_2023", 220_559.36),
        ("ercot_hubavg_dam_2024", 78_248.64),
        ("caiso_np15_dam_2024", 43_882.40),
    ],
)
def test_battery_earns_the_known_revenue(tmp_path: Path, prices: str, revenue_usd: float) -> None:
    solved = answer(arbitrage(tmp_path, prices), tmp_path)
    assert -solved.summary["npv_cost_usd"] == pytest.approx(revenue_usd, abs=0.005)
    assert -solved.summary["objective_usd"] == pytest.approx(revenue_usd, abs=0.005)
    assert solved.summary["lcoe_usd_per_mwh"] is None
    assert solved.summary["verified"]


@pytest.mark.parametrize(
    ("prices", "revenue_usd", "hours_of_both"),
    [("ercot_hubavg_dam_2024", 78_248.65, None), ("caiso_np15_dam_2024", 44_000.72, 101)],
)
def test_without_the_one_way_rule_negative_prices_pay_for_waste(
    tmp_path: Path, prices: str, revenue_usd: float, hours_of_both: int | None
) -> None:
    loaded = arbitrage(tmp_path, prices)
    form = build(loaded.scenario, select_periods(loaded.scenario, build_profiles(loaded)))
    # Without the rule: drop the rows that tie the battery's flows to its direction, and relax what remains.
    form.drop("battery_goes_first_way_only_when_chosen")
    form.drop("battery_goes_second_way_only_otherwise")
    solution = solve_matrix(compile_model(form).relaxed, SolverSettings())
    assert solution.objective is not None
    assert -solution.objective == pytest.approx(revenue_usd, abs=0.005)
    if hours_of_both is not None:
        both = _flow(solution, form, "charge_mw").clip(0) * _flow(solution, form, "discharge_mw")
        assert int((both > 1e-9).sum()) == hours_of_both


def _flow(solution, form, suffix: str) -> np.ndarray:
    return solution.values[form.flows[f"battery_{suffix}"].of(2026)]
