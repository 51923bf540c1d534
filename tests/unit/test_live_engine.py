"""The preview engine: a change on the held model is the changed scenario built afresh, and says what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csc_matrix

from engine.live.grid import LADDER, MOST_YEAR_STEPS, preview_steps
from engine.live.held import HeldModel, same_structure
from engine.live.inputs import InputCache
from engine.live.previewer import Previewer
from engine.live.question import Question
from engine.matrix import Matrix, compile_model
from engine.model import build
from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, merge, read_mapping, validate_scenario

# Three years of the campus with everything to choose from; the grid comes in the third.
BASE = merge(
    read_mapping(SHIPPED_SCENARIOS / "base.yaml"),
    {
        "time": {"years": 3},
        "technologies": {"grid": {"lead_time_months": 24}, "engine": {"max_units": 20}, "turbine": {"max_units": 6}},
    },
)
# A change of each kind that a page may send.
CHANGES: dict[str, dict[str, Any]] = {
    "cost": {"technologies": {"battery": {"overnight_usd_per_kwh": 120}}},
    "price": {"fuel": {"price_usd_per_mmbtu": 5.0}},
    "limit": {"limits": {"land_acres": 900}},
    "date": {"technologies": {"grid": {"lead_time_months": 12}}},
    "growth": {"load": {"growth_frac_per_yr": 0.2}},
    "flexibility": {"load": {"workloads": {"batch_inference": {"flexible_frac": 0.4}}}},
    "rate": {"money": {"discount_rate_frac": 0.05}},
    "switch": {"technologies": {"turbine": {"enabled": False}}},
    "heat rate": {"technologies": {"engine": {"heat_rate_btu_per_kwh": 7200}}},
}


def scenario(change: Mapping[str, Any] | None = None) -> LoadedScenario:
    return validate_scenario(merge(BASE, change or {}), source="toy")


def matrix_of(loaded: LoadedScenario) -> Matrix:
    return compile_model(build(loaded.scenario, preview_steps(loaded.scenario, build_profiles(loaded))))


def _sparse(lp: Any) -> csc_matrix:
    held = lp.a_matrix_
    return csc_matrix((held.value_, held.index_, held.start_), shape=(lp.num_row_, lp.num_col_))


BASE_MATRIX = matrix_of(scenario())


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_on_the_held_model_is_the_changed_scenario_built_afresh(kind: str) -> None:
    changed, held, fresh = matrix_of(scenario(CHANGES[kind])), HeldModel(), HeldModel()
    held.solve(BASE_MATRIX, 10.0)
    after = held.solve(changed, 30.0, gap_frac=0.0)
    assert after.reused == same_structure(BASE_MATRIX, changed)
    taken, wanted = held.in_solver(), changed.lp
    assert np.array_equal(taken.col_cost_, wanted.col_cost_)
    assert np.array_equal(taken.row_lower_, wanted.row_lower_)
    assert np.array_equal(taken.row_upper_, wanted.row_upper_)
    # The solver drops what it takes for zero and keeps its own order: compared as matrices.
    assert abs(_sparse(taken) - _sparse(wanted)).max() <= 1e-9
    afresh = fresh.solve(changed, 30.0, gap_frac=0.0)
    assert after.solution.objective == pytest.approx(afresh.solution.objective, rel=1e-9)
    assert after.relaxed_usd == pytest.approx(afresh.relaxed_usd, rel=1e-9)


def test_costs_prices_and_limits_leave_the_structure_alone_so_that_the_basis_is_kept() -> None:
    for kind in ("cost", "price", "limit"):
        assert same_structure(BASE_MATRIX, matrix_of(scenario(CHANGES[kind])))
    assert not same_structure(BASE_MATRIX, matrix_of(scenario(CHANGES["switch"])))


def test_coming_back_to_the_base_is_the_base_again() -> None:
    held = HeldModel()
    first = held.solve(BASE_MATRIX, 30.0, gap_frac=0.0).solution.objective
    for kind in ("price", "limit", "switch"):
        held.solve(matrix_of(scenario(CHANGES[kind])), 5.0)
    assert held.solve(BASE_MATRIX, 30.0, gap_frac=0.0).solution.objective == pytest.approx(first, rel=1e-9)


def test_whole_numbers_are_whole_and_their_price_is_what_they_cost_beyond_fractions() -> None:
    held = HeldModel().solve(BASE_MATRIX, 30.0, gap_frac=0.0)
    assert held.solution.values is not None
    units = held.solution.values[BASE_MATRIX.integer]
    assert np.array_equal(units, np.round(units))
    assert held.solution.objective > held.relaxed_usd  # 18.3 and 50 MW do not divide 200 MW


@pytest.mark.parametrize("years", [1, 2, 3, 5, 10, 15, 20, 30])
def test_a_preview_stays_small_however_long_the_plan(years: int) -> None:
    loaded = scenario({"time": {"years": years}})
    steps = preview_steps(loaded.scenario, build_profiles(loaded))
    assert steps.weight_h.sum() == pytest.approx(8760)
    # Beyond some twenty years the coarsest rung, two typical days and the extreme ones, is what there is.
    coarsest = (LADDER[-1][0] + 4) * 24 // LADDER[-1][1]
    assert steps.count * years <= max(MOST_YEAR_STEPS, coarsest * years)


def _numbers(place: str, data: Any) -> list[tuple[str, float]]:
    if isinstance(data, dict):
        return [found for key, value in data.items() for found in _numbers(f"{place}.{key}" if place else key, value)]
    return [(place, float(data))] if isinstance(data, float) and not isinstance(data, bool) else []


def test_what_the_cache_keeps_is_what_would_be_built_again() -> None:
    """Every number of the scenario, moved by 3 %: the cached inputs are those of a fresh build."""
    from engine.derivation import overlaid
    from engine.errors import InputError

    mapping, cache = scenario().scenario.model_dump(mode="json"), InputCache()
    cache.of(scenario())
    checked = 0
    for place, value in _numbers("", mapping):
        try:
            loaded = validate_scenario(overlaid(mapping, {place: value * 0.97 + 1e-6}), source="toy")
        except InputError:
            continue
        kept, built = cache.of(loaded).profiles, build_profiles(loaded)
        assert np.array_equal(kept.load_mw, built.load_mw), place
        assert kept.synthetic == built.synthetic, place
        for name in ("availability_pu", "derate_frac", "solar_pu", "import_price_usd_per_mwh", "co2_kg_per_mwh"):
            one, other = getattr(kept, name), getattr(built, name)
            assert set(one) == set(other), place
            assert all(np.array_equal(one[key], other[key]) for key in one), place
        checked += 1
    assert checked > 40


def test_a_preview_carries_the_figures_of_a_run_and_their_sum_is_its_objective() -> None:
    loaded = validate_scenario(read_mapping(SHIPPED_SCENARIOS / "light-solar.yaml"), source="light")
    answer = Previewer(loaded).answer(Question("page", 1, {}, 5.0))
    assert (answer.status, answer.page, answer.number) == ("plan", "page", 1)
    summary = answer.summary
    assert summary["adequate"]
    assert sum(answer.tables["costs"]["present_value_usd"]) == pytest.approx(summary["npv_cost_usd"], rel=1e-9)
    # The objective is the tables' sum: what whole numbers cost is counted from it.
    assert summary["npv_cost_usd"] - answer.rounding_usd > 0
    assert summary["estimate_class"].startswith("class 5 (±50 %)")
    assert answer.synthetic


def test_changes_that_make_no_scenario_are_refused_with_place_and_remedy() -> None:
    previewer = Previewer(scenario())
    answer = previewer.answer(Question("page", 1, {"fuel.price_usd_per_mmbtu": -1.0, "load.pue": "warm"}))
    assert answer.status == "refused"
    assert {place for place, _ in answer.problems} == {"fuel.price_usd_per_mmbtu", "load.pue"}


def test_limits_that_no_plan_meets_are_said_and_the_next_change_is_answered_again() -> None:
    previewer = Previewer(scenario())
    assert previewer.answer(Question("page", 1, {"limits.nox_short_tons_per_yr": 5.0})).status == "infeasible"
    assert previewer.answer(Question("page", 2, {})).status == "plan"
