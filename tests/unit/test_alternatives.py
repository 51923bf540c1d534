"""Alternatives: plans within a slack of the least cost, on a site whose costs a reader can work out (`choice_kit`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from choice_kit import engine_musd, turbine_musd, two_ways

from engine.choice.alternatives_words import CHOICE, MUST, OUT, alternatives_question, sentences
from engine.choice.quick import quick_steps
from engine.errors import InputError
from engine.expansion import coarse_start
from engine.progress import ignore
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario
from engine.study import Studies, run_study

GAS = 3.5


@pytest.mark.parametrize(("slack", "replaced"), [(0.02, 2), (0.12, 10)])
def test_least_and_most_are_those_of_the_arithmetic(tmp_path: Path, slack: float, replaced: int) -> None:
    # Ten turbines cost 40.66 M USD, ten engines 44.528: each turbine replaced by an engine costs 0.3868 M USD more.
    # A slack of 2 % is 0.813 M USD: two of ten. A slack of 12 % is 4.879: all ten, and still one unit more of either.
    assert (engine_musd(GAS) - turbine_musd(GAS)) / 10 == pytest.approx(0.3868)
    assert int(slack * turbine_musd(GAS) / 0.3868) >= replaced
    request = alternatives_question(two_ways(GAS), slack, studies=tmp_path)
    summary = run_study(request, ignore).summary
    ranges, plans = (Studies(tmp_path).table(request.study_id, name) for name in ("ranges", "plans"))
    assert ranges is not None
    assert plans is not None
    by_key = ranges.set_index("technology")
    assert by_key.loc["engine", "least_mw"] == pytest.approx(0.0, abs=1e-6)
    assert by_key.loc["turbine", "least_mw"] == pytest.approx(100.0 - 10 * replaced, abs=1e-6)
    assert by_key.loc["engine", "verdict"] == CHOICE
    assert by_key.loc["turbine", "verdict"] == (CHOICE if replaced == 10 else MUST)
    assert plans["above_best_frac"].max() <= slack + 1e-6
    assert plans["above_best_frac"].min() >= -1e-6
    assert summary["highest_frac"] <= slack + 1e-6
    assert by_key["proven"].all()


def test_what_no_plan_within_the_slack_can_afford_is_out(tmp_path: Path) -> None:
    gold = {"technologies": {"gold": {"kind": "thermal", "unit_mw": 10, "max_units": 5, "overnight_usd_per_kw": 90_000,
                                      "heat_rate_btu_per_kwh": 8000, "life_years": 1}}}  # fmt: skip
    request = alternatives_question(two_ways(GAS, gold), 0.02, studies=tmp_path)
    run_study(request, ignore)
    ranges = Studies(tmp_path).table(request.study_id, "ranges")
    assert ranges is not None
    assert ranges.set_index("technology").loc["gold", "verdict"] == OUT
    words = " ".join(sentences(ranges, 0.02))
    assert "In none of them: gold." in words
    assert "In every plan within 2.0" in words


def test_a_slack_that_is_none_is_refused() -> None:
    for slack in (0.0, -0.1, 0.9):
        with pytest.raises(InputError, match="percentage"):
            alternatives_question(two_ways(GAS), slack)


def test_a_search_in_the_small_model_begins_with_its_own_blocks() -> None:
    loaded = load_scenario(SHIPPED_SCENARIOS / "light-solar.yaml")
    steps = quick_steps(loaded)
    assert (steps.dt_h > 1.0).all()
    decisions = coarse_start(loaded.scenario, steps)
    assert sum(value for name, value in decisions.items() if "_p_nom_mw[" in name) > 0.0
