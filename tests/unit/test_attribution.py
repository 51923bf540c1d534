"""The difference of two scenarios by input: exact where inputs do not interact, to the cent always."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from choice_kit import two_ways

from engine.choice.attribution import mixtures, shapley
from engine.choice.explained import (
    UNEXPLAINED,
    attribution_question,
    explain,
    groups_of,
    stored_explanation,
    to_the_cent,
)
from engine.errors import InputError
from engine.pipeline import solve
from engine.progress import ignore
from engine.store import Store
from engine.study import Studies, run_study

ENGINES_ALONE = {"technologies": {"turbine": {"enabled": False}}}


def test_a_sum_of_effects_gives_each_its_own() -> None:
    effects = [3.0, -1.5, 0.25]
    values = {frozenset(m): 10.0 + sum(effects[n] for n in m) for k in range(4) for m in combinations(range(3), k)}
    assert shapley(values, 3) == pytest.approx(effects)


def test_what_only_two_together_cause_is_shared_in_halves_whatever_their_order() -> None:
    # Glove game: 6 for both, nothing for one alone.
    values = {frozenset(): 0.0, frozenset({0}): 0.0, frozenset({1}): 0.0, frozenset({0, 1}): 6.0}
    assert shapley(values, 2) == pytest.approx([3.0, 3.0])


def test_mixtures_without_a_plan_are_walked_around_and_the_parts_still_sum() -> None:
    values = {frozenset(): 0.0, frozenset({0}): 1.0, frozenset({0, 1}): 6.0}  # the second alone cannot be served
    assert shapley(values, 2) == pytest.approx([1.0, 5.0])
    assert shapley({frozenset(): 0.0, frozenset({0, 1}): 6.0}, 2) is None
    assert len(set(mixtures(6))) == 64


def test_cents_sum_to_the_total() -> None:
    assert to_the_cent([1 / 3, 1 / 3, 1 / 3], 1.0) == pytest.approx([0.34, 0.33, 0.33])
    assert round(sum(to_the_cent([10.006, -3.3349, 0.0001], 6.6712)), 2) == 6.67


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Studies, str, str]:
    """Engines alone with gas at 2 and 20 USD/kW-yr more to keep, against gas at 4 and none: both effects are additive.

    Gas: 7.008 M MMBtu x 2 = 14.016 M USD. Keep: 100 MW x 20 USD/kW-yr = 2 M USD.
    """
    folder = tmp_path_factory.mktemp("attribution")
    store = Store(folder / "runs")
    keep = {"technologies": {"engine": {"fixed_usd_per_kw_yr": 20.0}}}
    first = solve(two_ways(2.0, ENGINES_ALONE, keep), store=store).run_id
    second = solve(two_ways(4.0, ENGINES_ALONE), store=store).run_id
    return store, Studies(folder / "studies"), first, second


def test_parts_of_an_additive_difference_are_exact_in_both_directions(
    pair: tuple[Store, Studies, str, str],
) -> None:
    store, studies, first, second = pair
    assert stored_explanation(store, first, second, studies) is None
    run_study(attribution_question(store, first, second, studies=studies.root), ignore)
    for base, other, sign in ((first, second, 1.0), (second, first, -1.0)):
        found = stored_explanation(store, base, other, studies)
        assert found is not None
        parts = found.parts.set_index("label")["npv_usd"]
        assert parts["Fuel: gas price"] == pytest.approx(sign * 14.016e6, rel=1e-6)
        assert parts["Engine: fixed O&M"] == pytest.approx(-sign * 2e6, rel=1e-6)
        full = [store.manifest(run)["summary"]["npv_cost_usd"] for run in (base, other)]
        assert round(sum(100 * part for part in found.parts["npv_usd"])) == round(100 * (full[1] - full[0]))
        assert found.parts["usd_per_mwh"].sum() == pytest.approx(sign * 12.016e6 / 876_000)
        assert abs(found.residual["npv_usd"]) < 1.0
    assert "gas price is 4 instead of 2 USD/MMBtu" in " ".join(
        stored_explanation(store, first, second, studies).parts["phrase"]  # type: ignore[union-attr]
    )


def test_where_the_small_model_is_far_off_the_rest_is_a_part_of_its_own(pair: tuple[Store, Studies, str, str]) -> None:
    store, studies, first, second = pair
    request = attribution_question(store, first, second, studies=studies.root)
    run_study(request, ignore)
    parts, manifest = studies.table(request.study_id, "parts"), studies.manifest(request.study_id)
    assert parts is not None
    assert manifest is not None

    def ended(npv: float) -> dict[str, Any]:
        return {"summary": {"npv_cost_usd": npv, "lcoe_usd_per_mwh": npv / 876_000}}

    small = float(parts["npv_usd"].sum())
    found = explain(parts, manifest["summary"], ended(0.0), ended(10 * small))
    rest = found.parts.set_index("label").loc[UNEXPLAINED]
    assert rest["npv_usd"] == pytest.approx(9 * small, abs=0.01)
    assert found.parts["npv_usd"].sum() == pytest.approx(10 * small, abs=0.01)
    assert not found.scaled["npv_usd"]


def test_more_than_six_inputs_become_at_most_six_groups() -> None:
    from engine import load_scenario

    base = load_scenario("scenarios/base.yaml")
    for name in ("wide-choice", "solar-heavy", "brownfield", "light-solar"):
        groups = groups_of(base, load_scenario(f"scenarios/{name}.yaml"))
        assert 1 <= len(groups) <= 6
        places = [place for group in groups for place in group.places]
        assert len(places) == len(set(places))
    early = groups_of(base, load_scenario("scenarios/grid-early.yaml"))
    assert early[0].forth.phrase == "the grid arrives 60 months earlier" or len(early) == 1
    with pytest.raises(InputError, match="same inputs"):
        groups_of(base, base)
