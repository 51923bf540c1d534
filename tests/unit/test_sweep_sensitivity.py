"""Indices from the dataset, by the same path as a sweep's own: design -> dataset -> indices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.errors import InputError
from engine.sweep import dataset, designs
from engine.sweep.plan import Plan
from engine.sweep.sensitivity import Sensitivity, sensitivity
from tests.unit.sweep_kit import COST, PRICE, toy_plan

LOAD = "load.growth_frac_per_yr"
LCOE = "lcoe_usd_per_mwh"
# Three inputs of the toy whose ranges stand for -pi to pi.
THREE = [{"path": PRICE, "range": [2, 10]}, {"path": COST, "range": [80, 120]}, {"path": LOAD, "range": [0, 0.5]}]


def written_and_read(plan: Plan, figure: Any, folder: Path) -> pd.DataFrame:
    """The dataset of a sweep whose cases ended with `figure` of the inputs in the unit cube."""
    base = plan.base.scenario.model_dump()
    frame = dataset.fresh(designs.cases(plan.sweep, plan.places), base)
    low = np.array([one.range[0] for one in plan.sweep.parameters if one.range])
    high = np.array([one.range[1] for one in plan.sweep.parameters if one.range])
    unit = (frame[list(plan.places)].to_numpy(dtype=float) - low) / (high - low)
    frame["state"], frame["verified"], frame[LCOE] = dataset.DONE, True, figure(unit)
    dataset.write(folder / "cases.parquet", frame, dataset.columns(plan.places, base))
    return dataset.read(folder / "cases.parquet")


def indices(plan: Plan, frame: pd.DataFrame) -> tuple[Sensitivity, pd.DataFrame]:
    found = sensitivity(plan.sweep, plan.places, frame, LCOE)
    return found, found.table.set_index("path")


def ishigami(unit: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 over -pi to pi (Ishigami and Homma 1990)."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function_match_the_textbook(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="sobol", samples=1024, parameters=THREE, budget={"cases": 5120}, seed=3)
    found, table = indices(plan, written_and_read(plan, ishigami, tmp_path))
    assert (found.used, found.left_out) == (1024 * 5, 0)
    # Textbook: S1 = 0.3139, 0.4424, 0; ST = 0.5576, 0.4424, 0.2437.
    for path, first, total in ((PRICE, 0.3139, 0.5576), (COST, 0.4424, 0.4424), (LOAD, 0.0, 0.2437)):
        row = table.loc[path]
        assert abs(row["first"] - first) <= row["first_conf"] < 0.12
        assert abs(row["total"] - total) <= row["total_conf"] < 0.12


def test_a_missing_case_takes_its_block_out_and_that_is_said(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="sobol", samples=64, parameters=THREE)
    frame = written_and_read(plan, ishigami, tmp_path)
    frame.loc[7, "state"] = dataset.INFEASIBLE
    found, _ = indices(plan, frame)
    assert (found.used, found.left_out) == (63 * 5, 5)
    assert "5\u202fcases are left out in whole blocks" in found.words


def test_a_figure_that_is_not_verified_does_not_count(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="sobol", samples=16, parameters=THREE)
    frame = written_and_read(plan, ishigami, tmp_path)
    frame.loc[0, "verified"] = False
    assert indices(plan, frame)[0].used == 15 * 5


def test_morris_effects_of_a_plane_are_its_slopes(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="morris", samples=10, parameters=THREE)
    _, table = indices(plan, written_and_read(plan, lambda u: 3 * u[:, 0] - 5 * u[:, 1], tmp_path))
    assert table.index.tolist() == [COST, PRICE, LOAD]  # the strongest first
    assert table["mu"].tolist() == pytest.approx([-5, 3, 0])
    assert table["mu_star"].tolist() == pytest.approx([5, 3, 0])
    assert table["sigma"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


def test_an_incomplete_trajectory_is_left_out_whole(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="morris", samples=10, parameters=THREE)
    frame = written_and_read(plan, lambda u: 3 * u[:, 0] - 5 * u[:, 1], tmp_path)
    frame.loc[5, "state"] = dataset.FAILED
    found, table = indices(plan, frame)
    assert (found.used, found.left_out) == (36, 4)
    assert table["mu"].tolist() == pytest.approx([-5, 3, 0])


def test_a_tornado_has_the_figure_at_both_ends_and_the_widest_first(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="one_at_a_time", parameters=THREE[:2])
    # At the base 1.5/8 of the price and half of the cost: 10 x 0.1875 + 2 x 0.5 = 2.875.
    found, table = indices(plan, written_and_read(plan, lambda u: 10 * u[:, 0] + 2 * u[:, 1], tmp_path))
    assert found.method == "tornado"
    assert table.loc[PRICE, ["low", "base", "high", "swing"]].tolist() == pytest.approx([1, 2.875, 11, 10])
    assert table.loc[COST, ["low", "high"]].tolist() == pytest.approx([1.875, 3.875])
    assert table.index.tolist() == [PRICE, COST]


def test_ranks_see_a_rise_whatever_its_shape(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="latin_hypercube", samples=30, parameters=THREE[:2])
    _, table = indices(plan, written_and_read(plan, lambda u: np.exp(9 * u[:, 0]), tmp_path))
    assert table.loc[PRICE, "rho"] == pytest.approx(1)
    assert abs(table.loc[COST, "rho"]) < 0.5


def test_too_few_cases_give_no_index_but_words(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="sobol", samples=16, parameters=THREE)
    frame = written_and_read(plan, ishigami, tmp_path)
    frame.loc[5:, "state"] = dataset.PENDING
    found = sensitivity(plan.sweep, plan.places, frame, LCOE)
    assert found.table.empty
    assert "1 complete blocks so far; indices need at least 4" in found.words


def test_a_column_that_is_no_figure_is_refused_with_the_ones_that_are(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="grid")
    frame = written_and_read(plan, lambda u: u[:, 0], tmp_path)
    with pytest.raises(InputError, match=r"take one of: lcoe_usd_per_mwh.*mw_plant"):
        sensitivity(plan.sweep, plan.places, frame, "mix")
