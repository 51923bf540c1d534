"""The load page without a browser: what buttons do to a draft, what charts hold, what a moving slider is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dash import html

from app import create_app
from dashboard import load_actions
from dashboard.editing import Origin, base_mapping
from dashboard.figures import flexibility, load
from dashboard.forms import draft as drafts
from dashboard.forms.check import check
from dashboard.forms.draft import Draft, read, type_into
from dashboard.load_live import as_html
from dashboard.load_preview import Preview, preview
from dashboard.views import load_charts, load_headroom, load_words
from engine.errors import InputError

PAGE = Origin("base", "", True).to_page("load")
SHARE = "load.workloads.{}.share_frac"


@pytest.fixture(scope="module")
def base() -> dict[str, Any]:
    return base_mapping(Origin("base", "", True))


def seen(draft: Draft | None = None, **moving: float) -> Preview:
    found = preview(
        PAGE, draft or Draft(), {path.replace("__", "."): v for path, v in moving.items()}, year=2026, week=29
    )
    assert isinstance(found, Preview), found
    return found


def shares(base: dict[str, Any], draft: Draft) -> dict[str, float]:
    return {key: one["share_frac"] for key, one in read(base, draft).mapping["load"]["workloads"].items()}


def test_the_remedy_fills_up_batch_work_and_takes_from_the_largest_when_there_is_none() -> None:
    key, missing = load_words.remedy({"pre_training": 0.3, "batch_inference": 0.15, "real_time": 0.5})
    assert (key, missing) == ("batch_inference", pytest.approx(0.05))
    # 30 points too many: batch has only 15 to give, so the largest gives.
    key, missing = load_words.remedy({"pre_training": 0.65, "batch_inference": 0.15, "real_time": 0.5})
    assert (key, missing) == ("pre_training", pytest.approx(-0.30))


def test_making_up_the_rest_makes_the_mix_whole(base: dict[str, Any]) -> None:
    draft = type_into(Draft(), SHARE.format("batch_inference"), "12.5 %")
    assert not check(base, draft).loaded
    made = load_actions.act(base, draft, "rest", "batch_inference")
    assert shares(base, made)["batch_inference"] == pytest.approx(0.20)
    assert check(base, made).loaded


def test_a_workload_is_added_without_a_share_so_that_the_mix_still_holds(base: dict[str, Any]) -> None:
    made = load_actions.act(base, Draft(), "add", " Video rendering! ")
    assert shares(base, made)["video_rendering"] == 0.0
    assert check(base, made).loaded
    assert load_actions.act(base, made, "add", "video rendering") == made
    assert load_actions.act(base, made, "add", "  ") == made
    assert drafts.undo(made).is_empty


def test_a_workload_that_goes_leaves_the_products_too(base: dict[str, Any]) -> None:
    made = load_actions.act(base, Draft(), "remove", "load.workloads.fine_tuning")
    mapping = read(base, made).mapping
    assert "fine_tuning" not in mapping["load"]["workloads"]
    assert mapping["demand_response"]["products"]["economic"]["sources"] == [
        "pre_training",
        "batch_inference",
        "cooling",
    ]
    made = load_actions.act(base, made, "rest", "batch_inference")
    assert check(base, made).problems == ()


def test_the_growth_is_written_out_year_by_year(base: dict[str, Any]) -> None:
    made = load_actions.act(base, Draft(), "path", "")
    path = read(base, made).mapping["load"]["multiples_by_year"]
    assert path == pytest.approx([1.0 + 0.1 * year for year in range(10)])


def test_the_domains_mix_and_products_replace_what_is_there(base: dict[str, Any]) -> None:
    bare = {**base, "load": {**base["load"], "workloads": {"one": {"share_frac": 1.0}}}, "demand_response": {}}
    made = load_actions.act(bare, Draft(), "domain-mix", "")
    assert set(shares(bare, made)) == set(base["load"]["workloads"])
    assert sum(shares(bare, made).values()) == pytest.approx(1.0)
    made = load_actions.act(bare, made, "domain-products", "")
    assert "economic" in read(bare, made).mapping["demand_response"]["products"]
    assert check(bare, made).problems == ()


def test_parts_of_any_kind_are_added_and_removed_by_their_path(base: dict[str, Any]) -> None:
    added = drafts.add_part(Draft(), "load.workloads.x", {"share_frac": 0.0})
    assert read(base, added).started["load"]["workloads"]["x"] == {"share_frac": 0.0}
    assert drafts.remove_part(base, added, "load.workloads.x").is_empty
    gone = drafts.remove_part(base, Draft(), "demand_response.products.economic")
    assert "economic" not in read(base, gone).mapping["demand_response"]["products"]
    assert Draft.from_json(gone.to_json()) == gone


def test_a_moving_slider_counts_over_what_was_typed() -> None:
    draft = type_into(Draft(), "load.it_peak_mw", "100")
    assert seen(draft).load_mw.max() == pytest.approx(125.0)
    assert seen(draft, load__it_peak_mw=120.0).load_mw.max() == pytest.approx(150.0)


def test_the_chosen_year_has_its_growth() -> None:
    found = preview(PAGE, Draft(), {}, year=2030, week=1)
    assert isinstance(found, Preview)
    np.testing.assert_allclose(found.load_mw, 1.4 * found.first_mw)


def test_a_mix_that_is_not_whole_is_shown_scaled_and_says_what_was_typed() -> None:
    found = seen(load__workloads__batch_inference__share_frac=0.0)
    assert sum(found.shares_frac.values()) == pytest.approx(0.8)
    assert found.scenario.load.workloads["pre_training"].share_frac == pytest.approx(0.3 / 0.8)
    words = as_html(load_words.sum_words(found))
    assert "sum to 80.00 %: add 20.0 points" in words
    assert "batch inference" in words


def test_what_cannot_be_is_an_error_with_its_problems() -> None:
    found = preview(PAGE, type_into(Draft(), "load.load_factor_frac", "0.2"), {}, year=2026, week=1)
    assert isinstance(found, InputError)
    assert "needs at least" in str(found)


def test_the_uses_of_a_week_sum_to_the_facility() -> None:
    figure = load_charts.drawn(seen(), "basic")["load-uses"]
    *parts, facility = figure.data
    assert [trace.name for trace in figure.data] == ["IT", "Cooling", "Losses and lighting", "Facility"]
    np.testing.assert_allclose(sum(np.asarray(part.y) for part in parts), facility.y)
    assert len(facility.y) == 169


def test_the_duration_curve_starts_at_the_peak_of_each_year() -> None:
    figure = load_charts.drawn(seen(), "basic")["load-duration"]
    assert [(trace.name, round(trace.y[0])) for trace in figure.data] == [("2026", 200), ("2035", 380)]


def test_the_path_holds_peak_and_energy_of_each_year() -> None:
    table = load.path_table(np.array([1.0, 3.0]), np.array([1.0, 2.0]), 2026)
    assert table["peak_mw"].tolist() == [3.0, 6.0]
    assert table["energy_gwh"].tolist() == [0.004, 0.008]
    peak, energy = load.load_path(table, "light").data
    assert (peak.yaxis, energy.yaxis) == ("y", "y2")


def test_a_cut_of_cooling_gives_all_up_to_the_time_constant_and_then_less_in_proportion() -> None:
    # 4 MW stored for 30 minutes are 2 MWh: over an hour 2 MW, over two hours 1 MW.
    np.testing.assert_allclose(flexibility.held_mw(4.0, 30.0, np.array([15.0, 30, 60, 120])), [4, 4, 2, 1])


def test_technical_potential_is_told_apart_from_callable_and_committed() -> None:
    shares_frac = load_charts.shares_of_facility(seen())
    technical, callable_, committed = shares_frac.values()
    # IT is 0.8 of the facility: 0.385 x 0.8 = 30.8 %; cooling adds 12 % of 16 %. Real
    # time, 1.5 % of IT, has no response.
    assert technical == pytest.approx(0.385 * 0.8 + 0.12 * 0.16)
    assert callable_ == pytest.approx(technical - 0.015 * 0.8)
    assert 0 < committed < callable_
    words = as_html(load_words.potential_words(seen()))
    assert "38.5" in words
    assert "10–25" in words


def test_every_product_is_told_alone_whether_it_is_offered_or_not() -> None:
    words = as_html(load_words.economics(seen()))
    for name in ("Spinning reserve", "Economic", "Emergency"):
        assert name in words
    assert "USD/MW-yr" in words


def test_plain_html_keeps_text_safe_and_classes() -> None:
    part = html.Div(["a < b", html.Strong("c", className="x"), None], className="y")
    assert as_html(part) == '<div class="y">a &lt; b<strong class="x">c</strong></div>'


def test_a_moving_slider_is_answered_with_figures_and_words() -> None:
    client = create_app().server.test_client()
    asked = {"page": PAGE, "drafts": {}, "tab": "basic", "year": "2026", "week": 20, "moving": {"load.pue": 1.5}}
    answer = client.post("/load/preview", json=asked).get_json()
    assert set(answer["figures"]) == {"load-uses", "load-duration", "load-path"}
    assert "240" in answer["words"]["load-stats"]
    broken = client.post("/load/preview", json={**asked, "moving": {"load.pue": 0.1}}).get_json()
    assert broken["figures"] == {}
    assert "it must be at least 1" in broken["words"]["load-stats"]


def test_headroom_is_told_with_its_chart_and_a_larger_share_leaves_more_room() -> None:
    # Known answer: 2 x share x 400 MW, less one step of 400 / 8,760 MW, as the ceiling is the highest hour itself.
    demand_mw = 600 + 400 * (np.arange(8760) + 0.5) / 8760
    figure, facts, words = load_headroom.answer(demand_mw, 0.01, half_years=False, theme="light")
    assert [trace.name for trace in figure.data] == ["Demand", "With the new load, as wished", "Ceiling"]
    assert "7.95" in as_html(facts)
    assert "1.0" in as_html(words)
    assert "16.0" in as_html(load_headroom.answer(demand_mw, 0.02, half_years=False, theme="light")[1])
