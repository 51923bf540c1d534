"""Reasons in a browser: a remedy becomes a scenario, prices stand at their limits, an earlier grid is one press."""

from __future__ import annotations

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from app import create_app
from engine.derivation import with_earlier_grid
from engine.jobs import JobTable
from engine.library import Library
from engine.store import Store
from tests.dashboard.fake_runs import diagnosis, fake_run, infeasible_run

pytestmark = pytest.mark.browser


def open_run(duo, run_id: str) -> None:
    duo.driver.get(f"{duo.server_url}/run/{run_id}")
    duo.wait_for_element("h1")


def until(duo, condition, words: str) -> None:
    WebDriverWait(duo.driver, 60).until(lambda _: condition(), words)


def own_scenarios() -> list[str]:
    return [entry.key for entry in Library().entries() if not entry.shipped]


def press(duo, name: str) -> None:
    script = "[...document.querySelectorAll('button')].find(b => b.textContent === arguments[0]).click()"
    duo.driver.execute_script(script, name)


def test_a_remedy_becomes_a_scenario_in_the_editor(dash_duo, severe_errors):
    run_id = infeasible_run(Store())
    dash_duo.start_server(create_app())
    open_run(dash_duo, run_id)
    words = dash_duo.find_element(".content").text
    assert "NOx (99\u202ft/yr) and Land (500\u202facres) cannot both be kept while all load is served." in words
    rows = [row.text.replace("\u202f", " ") for row in dash_duo.find_elements("table.remedies tbody tr")]
    assert rows[0].startswith("NOx 99 t/yr 312 t/yr")
    assert rows[1].startswith("Land 500 acres not by itself")
    press(dash_duo, "Make this scenario")
    until(dash_duo, lambda: "/edit/" in dash_duo.driver.current_url, "the editor opens")
    dash_duo.wait_for_element("#editor-form")
    [key] = own_scenarios()
    assert dash_duo.driver.current_url.endswith(key)
    made = Library().mapping(key)
    assert made["limits"]["nox_short_tons_per_yr"] == 312.0
    assert made["name"].endswith(", relaxed")
    assert severe_errors(dash_duo) == []


def test_an_inadequate_run_says_why_too(dash_duo, severe_errors):
    run_id = fake_run(Store(), "Sheds", unserved_mwh=50.0, diagnosis=diagnosis())
    dash_duo.start_server(create_app())
    open_run(dash_duo, run_id)
    dash_duo.wait_for_text_to_equal("h1", "Sheds")
    assert "Why load goes unserved" in dash_duo.find_element(".content").text
    press(dash_duo, "Make the scenario of the least change")
    until(dash_duo, lambda: "/edit/" in dash_duo.driver.current_url, "the editor opens")
    dash_duo.wait_for_element("#editor-form")
    assert len(own_scenarios()) == 1
    assert severe_errors(dash_duo) == []


def test_prices_stand_beside_their_limits_and_in_words(dash_duo, severe_errors):
    run_id = fake_run(Store(), "Priced", solar_mw=50, years=2)
    dash_duo.start_server(create_app())
    open_run(dash_duo, run_id)
    text = dash_duo.find_element(".content").text.replace("\u202f", " ")
    assert "One MW firm more is worth $119 k a year" in text
    assert "N-1 binds in 2026–2027: one MW firm more is worth up to $120 k a year" in text
    assert "Gas, highest day binds in 2026, 10 % of the time (18–24 Jul)" in text
    # The engine at 1,650 USD/kW would enter at 1,250: 24 % less.
    assert "$1 250 /kW (−24 %)" in text
    assert severe_errors(dash_duo) == []


def test_an_earlier_grid_is_queued_and_its_worth_shown_when_it_is_solved(dash_duo, severe_errors):
    store = Store()
    late = fake_run(store, "Late grid", years=2, grid_from=2027)
    dash_duo.start_server(create_app())
    open_run(dash_duo, late)
    press(dash_duo, "Solve with the grid a year earlier")
    dash_duo.wait_for_contains_text("#run-earlier-said", "Queued")
    [job] = JobTable().list()
    assert job.name == "Late grid, grid 12 months earlier"
    manifest = store.manifest(late)
    mapping = with_earlier_grid(manifest["scenario"])
    assert mapping is not None
    assert mapping["technologies"]["grid"]["lead_time_months"] == 84.0
    fake_run(store, "Early grid", years=2, grid_from=2026, fingerprint=job.fingerprint)
    open_run(dash_duo, late)
    text = dash_duo.find_element(".content").text
    assert "A grid 12 months earlier" in text
    assert "a month" in text
    assert severe_errors(dash_duo) == []


def test_a_run_that_fails_its_verification_is_never_shown_as_good(dash_duo, severe_errors):
    checks = [{"name": "a limit has a price only where it is used up", "passed": False, "detail": "NOx 2026"}]
    failed = {"passed": False, "checks": checks}
    good, run_id = fake_run(Store(), "Good"), fake_run(Store(), "Doubtful", verification=failed)
    dash_duo.start_server(create_app())
    open_run(dash_duo, run_id)
    marks = dash_duo.find_element(".marks").text
    assert "1 of 1 checks failed" in marks
    assert "Verified" not in marks
    dash_duo.driver.get(f"{dash_duo.server_url}/compare?runs={good},{run_id}")
    dash_duo.wait_for_element(".trust")
    assert "Not verified" in dash_duo.find_element(".content").text
    assert severe_errors(dash_duo) == []
