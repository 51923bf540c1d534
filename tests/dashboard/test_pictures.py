"""Charts that the browser asks for itself: the same figures as on the page, words behind them, refusals in words."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from dashboard import pictures
from dashboard.components.chart import summary_id
from dashboard.ids import Compare, Run
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run, infeasible_run
from tests.unit.job_kit import wait_until

ASKED = """
return performance.getEntriesByType('resource').filter(one => /pictures.*year=2028/.test(one.name)).length
"""
ZOOM = """
const [chart, done] = arguments;
const plot = document.querySelector(chart + ' .js-plotly-plot');
window.Plotly.relayout(plot, {'yaxis.range': [0, 50]}).then(() => setTimeout(done, 500));
"""
TITLE = "return document.querySelector(arguments[0] + ' .js-plotly-plot').layout.annotations[0].text"


@pytest.fixture
def served() -> tuple[FlaskClient, list[str], Any]:
    store = Store()
    runs = [fake_run(store, "First", years=2), fake_run(store, "Second", years=3, turbine_mw=120.0)]
    app = create_app(store)
    return app.server.test_client(), runs, app


def figure_on(page: Any, chart: str) -> Any:
    graph = next(part for part in page._traverse() if getattr(part, "id", None) == chart)
    return json.loads(graph.figure.to_json())


def asked(client: FlaskClient, chart: str, **query: Any) -> Any:
    response = client.get(f"/pictures/{chart}", query_string=query)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_a_comparisons_pictures_are_those_that_its_page_opens_with(served: Any) -> None:
    client, runs, app = served
    together = ",".join(runs)
    with app.server.test_request_context():
        page = importlib.import_module("dashboard.pages.compare").layout(
            runs=together, year="2027", week="9", map="load_mw"
        )
        weeks, maps = figure_on(page, Compare.DISPATCH), figure_on(page, Compare.MAPS)
    assert asked(client, Compare.DISPATCH, runs=together, year=2027, week=9) == weeks
    assert asked(client, Compare.MAPS, runs=together, year=2027, quantity="load_mw") == maps
    assert asked(client, Compare.DISPATCH, runs=together, year=2027, week=10) != weeks


def test_a_runs_pictures_are_those_that_its_page_opens_with(served: Any) -> None:
    client, runs, app = served
    with app.server.test_request_context():
        page = importlib.import_module("dashboard.pages.run").layout(runs[0], year="2027", week="9", map="load_mw")
        drawn = {chart: figure_on(page, chart) for chart in (Run.DISPATCH, Run.MAP, Run.DURATION)}
    choice = {"runs": runs[0], "year": 2027, "week": 9, "quantity": "load_mw"}
    assert {chart: asked(client, chart, **choice) for chart in drawn} == drawn


def test_each_theme_has_its_own_picture(served: Any) -> None:
    client, runs, _ = served
    light = asked(client, Run.DISPATCH, runs=runs[0], year=2027, week=9)
    client.set_cookie("firmwatt_theme", "dark")
    dark = asked(client, Run.DISPATCH, runs=runs[0], year=2027, week=9)
    assert light["layout"]["template"] != dark["layout"]["template"]
    assert light["data"] == dark["data"]


@pytest.mark.parametrize(
    ("chart", "query", "status", "words"),
    [
        ("other", {"runs": "a", "year": 2027}, 404, "not found"),
        (Run.DISPATCH, {"year": 2027}, 400, "runs"),
        (Run.DISPATCH, {"runs": "a", "year": "soon"}, 400, "year"),
        (Run.DISPATCH, {"runs": "no-such-run", "year": 2027}, 404, "no-such-run"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    served: Any, chart: str, query: dict[str, Any], status: int, words: str
) -> None:
    response = served[0].get(f"/pictures/{chart}", query_string=query)
    assert response.status_code == status
    assert words in response.text


@pytest.mark.parametrize("chart", list(pictures.CHARTS))
def test_hours_that_no_plan_has_are_refused_in_words(chart: str) -> None:
    store = Store()
    planned, infeasible = fake_run(store, "Two years", years=2), infeasible_run(store)
    client = create_app(store).server.test_client()
    for runs, year, words in (
        (infeasible, 2027, "has a plan"),
        (planned, 2025, "2025 is in none of the plans; choose one of 2026 to 2027."),
        (planned, 2028, "2028 is in none of the plans"),
    ):
        response = client.get(f"/pictures/{chart}", query_string={"runs": runs, "year": year})
        assert (response.status_code, words in response.text) == (404, True), response.text
    assert client.get(f"/pictures/{chart}", query_string={"runs": planned, "year": 2027}).status_code == 200


def test_every_chart_of_hours_can_be_asked_for_and_has_its_store() -> None:
    assert set(pictures.OF_RUN) | {Compare.DISPATCH, Compare.MAPS} == set(pictures.CHARTS)
    assert [store.id for store in pictures.stores("one")] == ["one-shown"]


@pytest.mark.browser
def test_another_year_is_drawn_from_what_was_fetched_ahead_and_its_words_follow(dash_duo: Any, served: Any) -> None:
    _, runs, app = served
    dash_duo.start_server(app)
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.driver.get(f"{page.url}/compare?runs={','.join(runs)}&year=2027&week=9")
    # Two charts: fetched while nobody asks.
    wait_until(lambda: page.driver.execute_script(ASKED) == 2)
    page.wait(f"#{Compare.DISPATCH} .js-plotly-plot .main-svg")
    assert "outside its plan" not in page.driver.execute_script(TITLE, f"#{Compare.DISPATCH}")
    page.click(f"#{Compare.YEAR} input[value='2028']")
    wait_until(lambda: "outside its plan" in page.driver.execute_script(TITLE, f"#{Compare.DISPATCH}"))
    page.driver.execute_async_script(ZOOM, f"#{Compare.DISPATCH}")
    assert "outside its plan" in page.driver.execute_script(TITLE, f"#{Compare.DISPATCH}")
    words = f"document.getElementById('{summary_id(Compare.DISPATCH)}').textContent"
    wait_until(lambda: "2028 is outside the plan" in page.driver.execute_script(f"return {words}"))
    wait_until(lambda: "year=2028" in page.driver.current_url)
    assert page.driver.execute_script(ASKED) == 2
    assert not dash_duo.get_logs()
