"""The futures page and the difference by input in a real browser, on made-up studies."""

from __future__ import annotations

import pytest

from app import create_app
from engine.jobs import JobTable
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_choice import fake_alternatives, fake_attribution, fake_break_even, fake_regret
from tests.dashboard.fake_runs import fake_run

pytestmark = pytest.mark.browser


@pytest.fixture
def page(dash_duo) -> Page:
    dash_duo.start_server(create_app())
    return Page(dash_duo.driver, dash_duo.server_url)


def plans() -> list[str]:
    store = Store()
    return [
        fake_run(store, "Grid late", years=4, grid_from=2028),
        fake_run(
            store, "Grid early", years=4, grid_from=2027, changes={"technologies": {"grid": {"lead_time_months": 36}}}
        ),
    ]


def test_without_plans_the_page_says_what_it_is_for_and_leads_on(page: Page) -> None:
    page.open("/choice")
    assert "No plans to hold against the future yet" in page.text(".empty")
    assert page.severe() == []


def test_a_stored_regret_shows_matrix_words_and_what_falls_short(page: Page) -> None:
    study = fake_regret(Store(), plans())
    page.open(f"/choice?study={study}")
    page.wait_text(".verdict", "is the plan of least regret")
    matrix = page.text(".regret-matrix")
    assert "Falls short" in matrix
    assert "9 000 MWh unserved" in matrix.replace("\u202f", " ")
    assert "N-1 firm capacity 401 below 446 MW in 2031" in matrix
    assert "Least regret" in matrix
    page.wait(".js-plotly-plot .xtitle")
    assert page.severe() == []


def test_futures_are_edited_checked_and_asked(page: Page) -> None:
    runs = plans()
    page.open(f"/choice?runs={','.join(runs)}")
    page.wait(".future-row input.future-name, .future-row .future-name input")
    rows = len(page.driver.find_elements("css selector", ".future-row")) - 1
    page.click("#futures-add")
    page.wait_text(".futures-table", "")
    from tests.unit.job_kit import wait_until

    wait_until(lambda: len(page.driver.find_elements("css selector", ".future-row")) == rows + 2, 20)
    page.click("#futures-ask-regret")
    page.wait_text("#futures-message", "needs an input and a value")
    page.click("#futures-usual")
    wait_until(lambda: len(page.driver.find_elements("css selector", ".future-row")) == rows + 1, 20)
    page.click("#futures-ask-regret")
    page.wait_text(".follow", "Waits for a free solver")
    assert "study=regret-" in page.driver.current_url
    (job,) = JobTable().list()
    assert job.kind == "regret"
    page.driver.refresh()
    page.wait_text(".follow", "Waits for a free solver")
    page.click("#futures-cancel")
    page.wait_text(".follow", "ancelled")
    assert page.severe() == []


def test_break_even_and_alternatives_show_their_studies(page: Page) -> None:
    page.open(f"/choice?study={fake_break_even()}")
    page.wait_text(".verdict", "The best plan's mix changes")
    assert "confirmed by the full sizing" in page.text(".words")
    page.wait(".js-plotly-plot .xtitle")
    page.open(f"/choice?study={fake_alternatives()}")
    page.wait_text(".verdict", "In every plan within 2.0")
    assert "gas turbine (at least 250 MW" in page.text(".words").replace("Gas", "gas")
    page.wait(".js-plotly-plot .xtitle")
    assert page.severe() == []


def test_the_forms_of_a_scenario_follow_it_and_refuse_what_cannot_be_asked(page: Page) -> None:
    page.open("/choice?tab=break-even&scenario=light-gas")
    page.wait("#futures-place")
    assert page.value("#futures-low") == "1.75"
    page.type("#futures-low", "9")
    page.click("#futures-ask-break-even")
    page.wait_text("#futures-message", "must be below")
    page.type("#futures-low", "2")
    page.click("#futures-ask-break-even")
    page.wait_text(".follow", "Waits for a free solver")
    page.open("/choice?tab=alternatives&scenario=light-gas")
    page.type("#futures-within", "0")
    page.click("#futures-ask-alternatives")
    page.wait_text("#futures-message", "must be above 0")
    assert page.severe() == []


def test_a_comparison_explains_its_difference_by_input_and_says_so_first(page: Page) -> None:
    runs = plans()
    page.open(f"/compare?runs={','.join(runs)}")
    # Charts of the comparison have years and days below, which need no title: the one at the side says they are drawn.
    page.wait(".js-plotly-plot .ytitle")
    page.wait_text("#attribution-ask", "Explain the difference by input")
    page.click("#attribution-ask")
    page.wait_text("#attribution-follow", "Waits for a free solver")
    (job,) = JobTable().list()
    JobTable().cancel(job.job_id, "", force=True)
    fake_attribution(Store(), *runs)
    page.open(f"/compare?runs={','.join(runs)}")
    page.wait_text("#attribution-result", "Grid: lead time")
    assert "the grid arrives 60 months" in page.text(".verdict")
    assert page.severe() == []
