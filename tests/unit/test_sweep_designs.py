"""Sweeps: the file and its problems, the designs and their properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from SALib.sample import sobol as salib_sobol

from engine.errors import InputError
from engine.scenario.fingerprint import fingerprint
from engine.sweep import designs
from engine.sweep.plan import SHIPPED, plan_file, plan_text
from tests.unit.sweep_kit import COST, PRICE, toy_plan


def problems(text: str) -> str:
    with pytest.raises(InputError) as refused:
        plan_text(text, "sweep.yaml")
    return str(refused.value)


def drawn(folder: Path, **changes: object) -> pd.DataFrame:
    plan = toy_plan(folder, **changes)
    frame = designs.cases(plan.sweep, plan.places)
    assert len(frame) == plan.count  # what is said before the launch is what is made
    return frame


def test_every_problem_of_a_file_is_said_at_once() -> None:
    said = problems(
        "name: X\nbase: light-solar\ndesing: grid\nparameters:\n"
        "- {path: fuel.price_usd_per_mmbtu, range: [2, 1]}\n- {pat: x, values: [1]}"
    )
    assert "design is missing" in said
    assert "desing is not a field here" in said
    assert "parameters.1 has the range 2 to 1; the first must be below the second" in said
    assert "parameters.2.path is missing" in said


def test_a_wrong_design_hides_nothing_of_what_else_is_wrong() -> None:
    said = problems(
        "name: ''\nbase: light-solar\ndesign: sobol\nsamples: 12\nparameters:\n"
        "- {path: load.load_factor_frac, range: [0.5, 1.2]}\n- {path: load.pue, range: [2, one]}\n"
        "- {path: time.method, values: [calender]}\n- {path: load.load_factor_frac, values: [0.5]}"
    )
    assert "name is empty; give it a value" in said
    assert "samples is 12; sobol needs a power of 2: 8 or 16" in said
    assert "parameters.2.range.2 is 'one'" in said
    assert "load.load_factor_frac stands twice" in said
    assert "load.load_factor_frac reaches 1.2; it must be at most 1" in said
    assert "time.method takes 'calender'; it must be one of" in said


def test_one_input_alone_is_told_what_else_to_take() -> None:
    said = problems("name: X\nbase: light-solar\ndesign: sobol\nparameters:\n- {path: load.pue, range: [1.1, 1.4]}")
    assert "parameters holds one input; sobol compares inputs and needs at least two; take a grid for one" in said


def test_an_input_is_held_against_the_base_scenario() -> None:
    said = problems(
        "name: X\nbase: light-solar\ndesign: grid\nparameters:\n- {path: fuel.pric_usd_per_mmbtu, range: [1, 2]}\n"
        "- {path: load.load_factor_frac, range: [0.5, 1.2]}\n- {path: technologies.grid.max_mw, range: [1, 2]}\n"
        "- {path: site.weather, range: [1, 2]}\n- {path: solver.mip_gap_frac, range: [0, 0.1]}"
    )
    assert "did you mean fuel.price_usd_per_mmbtu?" in said
    assert "load.load_factor_frac reaches 1.2; it must be at most 1" in said
    assert "technologies.grid.max_mw has no effect: grid is not available" in said
    assert "site.weather is no number (text); give values" in said
    assert "solver.mip_gap_frac is no input of the base scenario" in said


def test_a_price_that_a_path_replaces_has_no_effect_and_is_refused(tmp_path: Path) -> None:
    toy_plan(tmp_path)
    toy = yaml.safe_load((tmp_path / "toy.yaml").read_text())
    (tmp_path / "path.yaml").write_text(yaml.safe_dump({**toy, "fuel": {"price_path": [4]}}))
    text = yaml.safe_dump(
        {"name": "X", "base": "path.yaml", "design": "grid", "parameters": [{"path": PRICE, "range": [2, 10]}]}
    )
    with pytest.raises(InputError, match=r"which gives fuel\.price_path"):
        plan_text(text, "sweep.yaml", tmp_path)


def test_a_design_beyond_its_budget_is_refused_with_the_count(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allows 3 cases, and the design makes 4"):
        toy_plan(tmp_path, budget={"cases": 3})


def test_sobol_takes_a_power_of_two(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs a power of 2: 8 or 16"):
        toy_plan(tmp_path, design="sobol", samples=12)


def test_label_and_unit_come_from_the_scenarios_own_schema(tmp_path: Path) -> None:
    known = toy_plan(tmp_path).places
    assert (known[PRICE].title, known[PRICE].unit, known[PRICE].base) == ("Gas price", "USD/MMBtu", 3.5)
    assert (known[COST].title, known[COST].unit) == ("Plant: Overnight cost", "USD/kW")


def test_a_grid_holds_every_combination_with_both_ends(tmp_path: Path) -> None:
    frame = drawn(tmp_path)
    assert frame[[PRICE, COST]].to_numpy().tolist() == [[2, 80], [2, 120], [10, 80], [10, 120]]


def test_whole_numbers_stay_whole_and_lists_stay_lists(tmp_path: Path) -> None:
    units = {"path": "technologies.plant.max_units", "range": [10, 13]}
    method = {"path": "time.method", "values": ["calendar", "full"]}
    frame = drawn(tmp_path, design="latin_hypercube", samples=40, parameters=[units, method])
    # A Latin hypercube of 40 puts ten into each quarter of the range and twenty into each half.
    assert frame["technologies.plant.max_units"].value_counts().to_dict() == {10: 10, 11: 10, 12: 10, 13: 10}
    assert frame["time.method"].value_counts().to_dict() == {"calendar": 20, "full": 20}


def test_a_latin_hypercube_has_one_case_in_each_slice_of_each_input(tmp_path: Path) -> None:
    frame = drawn(tmp_path, design="latin_hypercube", samples=20)
    slices = np.floor((frame[PRICE] - 2) / 8 * 20).astype(int)
    assert sorted(slices) == list(range(20))


def test_one_at_a_time_moves_one_input_of_the_base_case(tmp_path: Path) -> None:
    frame = drawn(tmp_path, design="one_at_a_time")
    # 3.5 and 100 are the toy's own; two ends of two inputs beside them.
    assert frame[[PRICE, COST]].to_numpy().tolist() == [[3.5, 100], [2, 100], [10, 100], [3.5, 80], [3.5, 120]]
    assert frame["varied"].tolist() == ["", PRICE, PRICE, COST, COST]


def test_sobol_cases_are_saltellis_design_scaled_to_the_ranges(tmp_path: Path) -> None:
    frame = drawn(tmp_path, design="sobol", samples=8, seed=7)
    assert len(frame) == 8 * (2 + 2)
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[2, 10], [80, 120]]}
    expected = salib_sobol.sample(problem, 8, calc_second_order=False, seed=7)
    assert frame[[PRICE, COST]].to_numpy() == pytest.approx(expected)


def test_morris_steps_move_one_input_by_two_thirds_of_its_range(tmp_path: Path) -> None:
    frame = drawn(tmp_path, design="morris", samples=5)
    unit = np.column_stack([(frame[PRICE] - 2) / 8, (frame[COST] - 80) / 40]).reshape(5, 3, 2)
    steps = np.abs(np.diff(unit, axis=1))
    assert np.sort(steps, axis=2) == pytest.approx(np.tile([0, 2 / 3], (5, 2, 1)))


def test_a_log_scale_spaces_by_equal_ratios(tmp_path: Path) -> None:
    frame = drawn(tmp_path, parameters=[{"path": PRICE, "range": [1, 16], "levels": 5, "scale": "log"}])
    assert frame[PRICE].tolist() == pytest.approx([1, 2, 4, 8, 16])


def test_the_same_seed_gives_the_same_cases_and_the_same_sweep(tmp_path: Path) -> None:
    one, same, other = (toy_plan(tmp_path, design="morris", samples=4, seed=seed) for seed in (1, 1, 2))
    assert designs.cases(one.sweep, one.places).equals(designs.cases(same.sweep, same.places))
    assert not designs.cases(one.sweep, one.places).equals(designs.cases(other.sweep, other.places))
    assert one.sweep_id == same.sweep_id != other.sweep_id


def test_another_budget_is_the_same_sweep(tmp_path: Path) -> None:
    assert toy_plan(tmp_path, budget={"total_seconds": 5}).sweep_id == toy_plan(tmp_path).sweep_id


def test_a_case_is_the_base_scenario_with_its_values(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, budget={"seconds_per_case": 20})
    loaded = plan.load({PRICE: 10.0, COST: 80.0}, 3)
    plant = loaded.scenario.technologies["plant"]
    assert (loaded.scenario.fuel.price_usd_per_mmbtu, plant.overnight_usd_per_kw) == (10.0, 80.0)
    assert loaded.scenario.solver.time_limit_s == 20
    assert "Gas price 10" in loaded.scenario.description
    assert fingerprint(plan.load({PRICE: 3.5, COST: 100.0}, 1)) == fingerprint(plan.base)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_sweep_is_valid_and_small_enough_to_try(file: Path) -> None:
    assert 2 <= plan_file(file).count <= 100
    assert plan_file(file.stem).sweep_id == plan_file(file).sweep_id
