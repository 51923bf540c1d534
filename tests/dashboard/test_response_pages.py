"""Demand response on the pages: cuts and make-up, flexibility told apart, money, and runs without any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from app import create_app
from dashboard.figures import costs, dispatch, duration, response, year_map
from dashboard.response import response_sources, with_response
from dashboard.theme import COST_COLOURS, LOOKS
from dashboard.views.demand_response import cards, cuts_view, products_card
from engine.comparison import compare
from engine.nomenclature import COST_CATEGORIES
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_response import CUT_MWH
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import wait_until

TECHNOLOGIES = {"turbine": {"kind": "thermal", "label": "Gas turbine"}}


def hours(cut_mw: float = 0.0, made_up_mw: float = 0.0) -> pd.DataFrame:
    """A flat load of 100 MW; hour 5 cuts, hour 10 makes up, the turbine follows."""
    hour = np.arange(8760)
    cut, made_up = np.where(hour == 5, cut_mw, 0.0), np.where(hour == 10, made_up_mw, 0.0)
    columns = {"dr_batch_cut_mw": cut, "dr_batch_makeup_mw": made_up, "dr_batch_owed_mwh": np.cumsum(cut - made_up)}
    return pd.DataFrame(
        {
            "year": 2026, "hour": hour, "load_mw": 100.0, "unserved_mw": 0.0, "price_usd_per_mwh": 30.0,
            "turbine_mw": 100.0 - cut + made_up, **columns,
        }
    )  # fmt: skip


def traces(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    run = dispatch.RunHours(frame, TECHNOLOGIES)
    return {trace.name: np.asarray(trace.y) for trace in dispatch.dispatch_week(run, 2026, 1).data}


def test_a_cut_stands_on_the_supply_and_what_is_made_up_below_zero() -> None:
    drawn = traces(hours(8.0, 8.0))
    assert drawn["Demand response, cut"][5] == 8.0
    assert drawn["Demand response, made up"][10] == -8.0
    # Supply and cut carry the load; what is made up is drawn on top of it: 92 + 8 = 100, 108 - 8 = 100.
    stack = drawn["Gas turbine"] + drawn["Demand response, cut"] + drawn["Demand response, made up"]
    assert stack == pytest.approx(np.full(169, 100.0))


def test_cuts_have_the_colour_of_demand_response() -> None:
    run = dispatch.RunHours(hours(8.0, 8.0), TECHNOLOGIES)
    cut = next(trace for trace in dispatch.dispatch_week(run, 2026, 1).data if trace.name == "Demand response, cut")
    assert cut.fillcolor == LOOKS["demand_response"].colour == "#44AA99"


def test_a_run_without_demand_response_shows_nothing_of_it() -> None:
    frame = hours().drop(columns=[column for column in hours() if column.startswith("dr_")])
    assert response_sources(frame) == []
    assert set(traces(frame)) == {"Gas turbine", "Load"}
    assert all("response" not in one.label for one in year_map.quantities(with_response(frame), TECHNOLOGIES))
    assert "Demand response" not in [trace.name for trace in duration.duration_curve(frame, TECHNOLOGIES, 2026).data]


def test_totals_add_the_sources_and_the_map_offers_them() -> None:
    frame = with_response(
        hours(8.0, 6.0).assign(dr_cooling_cut_mw=1.0, dr_cooling_makeup_mw=0.0, dr_cooling_owed_mwh=0.0)
    )
    assert frame["dr_cut_mw"][5] == 9.0
    labels = [one.label for one in year_map.quantities(frame, TECHNOLOGIES)]
    assert [label for label in labels if label.startswith("Demand response")] == [
        "Demand response, cut", "Demand response, made up", "Demand response, work owed",
    ]  # fmt: skip


def test_the_week_says_how_much_was_cut_and_a_button_leads_to_the_most() -> None:
    run = dispatch.RunHours(hours(8.0, 8.0), TECHNOLOGIES)
    assert "demand response (load cut) 8.00 MWh" in dispatch.describe_week(run, 2026, 1)
    assert dispatch.special_weeks(hours(8.0, 8.0), TECHNOLOGIES)["Most cut"] == 1
    daily = dispatch.daily_table(run, 2026, 1)
    assert (daily["Demand response, cut"].iloc[0], daily["Demand response, made up"].iloc[0]) == (8.0, -8.0)


def test_flexibility_stacks_what_can_be_called_under_potential_and_commitment() -> None:
    able = {"batch": np.full(8760, 5.0), "cooling": np.full(8760, 1.0)}
    lines = {"Committed": np.full(8760, 4.0), "Technical potential": np.full(8760, 9.0), "Cut": np.zeros(8760)}
    figure = response.flexibility_week(able, lines, 1)
    assert [(trace.name, trace.stackgroup, trace.line.dash) for trace in figure.data] == [
        ("Batch", "parts", None), ("Cooling", "parts", None),
        ("Committed", None, "solid"), ("Technical potential", None, "dot"), ("Cut", None, "dash"),
    ]  # fmt: skip
    # 5 + 1 = 6 MW callable.
    words = response.describe_flexibility(able, lines, 1, 2026)
    assert "callable 6.00 MW, committed 4.00 MW, technical potential 9.00 MW" in words
    assert response.week_table(able, lines, 1).set_index("part").loc["Committed", "most"] == 4.0


def test_every_category_of_cost_has_a_short_name_and_a_colour_of_its_own() -> None:
    assert set(COST_CATEGORIES) <= set(costs.SHORT_CATEGORIES)
    colours = [COST_COLOURS[category] for category in COST_CATEGORIES]
    assert len(set(colours)) == len(colours)


def test_demand_response_stands_for_itself_among_the_technologies() -> None:
    rows = [
        {"stage": 2, "year": 2026, "technology": "site", "category": "dr_revenue", "cost_usd": -5e6},
        {"stage": 2, "year": 2026, "technology": "site", "category": "curtailment", "cost_usd": 1e6},
        {"stage": 2, "year": 2026, "technology": "site", "category": "unserved", "cost_usd": 2e6},
    ]
    figure = costs.cost_stack(pd.DataFrame(rows), TECHNOLOGIES, "technology")
    assert {trace.name: trace.y[0] for trace in figure.data} == {"Demand response": -4.0, "Unserved energy": 2.0}


def test_the_comparison_shows_demand_response_where_a_run_has_it_and_is_silent_otherwise() -> None:
    store = Store()
    plain, other = fake_run(store, "Plain"), fake_run(store, "Other", turbine_mw=240.0)
    flexible = fake_run(store, "Flexible", response=True)
    silent = compare(store, [plain, other]).figures
    assert not set(silent["metric"]) & {"dr_revenue_usd", "lcoe_without_dr_usd_per_mwh", "curtailed_mwh"}
    told = compare(store, [plain, flexible]).figures.set_index(["metric", "run_id"])["value"]
    assert told["curtailed_mwh", flexible] == 2 * CUT_MWH
    # A run from before demand response was told costs the same without it.
    assert told["lcoe_without_dr_usd_per_mwh", plain] == told["lcoe_usd_per_mwh", plain]
    assert told["lcoe_without_dr_usd_per_mwh", flexible] > told["lcoe_usd_per_mwh", flexible]


def test_a_run_from_before_demand_response_opens_without_its_part() -> None:
    store = Store()
    manifest = store.manifest(fake_run(store, "Plain"))
    assert cards(manifest, 2026, 1) == []
    scenario = {key: part for key, part in manifest["scenario"].items() if key != "demand_response"}
    assert cards({**manifest, "scenario": scenario}, 2026, 1) == []


def test_a_year_without_cuts_and_a_plan_that_sells_nothing_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.views import demand_response

    store = Store()
    manifest = store.manifest(fake_run(store, "Plain"))
    with create_app(store).server.test_request_context():
        figure = cuts_view(manifest, 2026).figure
    assert (figure.layout.annotations[0].text, len(figure.data)) == ("Nothing is cut in 2026.", 0)
    unsold = pd.DataFrame({"year": [2026], "product": ["economic"], "guaranteed_mw": [0.0]})
    monkeypatch.setattr(demand_response, "_table", lambda manifest, name: unsold)
    assert "Nothing is sold" in str(products_card(manifest))


@pytest.mark.browser
def test_a_run_tells_flexibility_products_and_cuts_and_follows_year_and_week(dash_duo, severe_errors) -> None:
    run = fake_run(Store(), "Flexible", response=True, grid_from=2026)
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open(f"/run/{run}?year=2026&week=27")
    page.wait_text(".headline", "Without demand response")
    page.wait_text("#run-flexibility", "Technical potential")
    assert "Economic" in page.text(".content")
    assert "Curtailed" in page.text(".response")
    before = page.text("#run-flexibility-summary")
    page.click("#run-jumps button")
    wait_until(lambda: page.text("#run-flexibility-summary") != before, 10)
    assert severe_errors(dash_duo) == []


@pytest.mark.browser
def test_runs_of_the_command_line_stand_below_the_queue(dash_duo, severe_errors) -> None:
    run = fake_run(Store(), "From a terminal")
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open("/runs")
    page.wait_text("#runs-list", "From a terminal")
    assert "gap 0.40" in page.text("#runs-list")
    page.click(f"#runs-list a[href='/run/{run}']")
    page.wait_text("h1", "From a terminal")
    assert severe_errors(dash_duo) == []
