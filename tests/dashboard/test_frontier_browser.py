"""The frontier page in a real browser: points fill in, a click opens, boxes select in both charts, a plan is solved."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app import create_app
from engine.jobs import JobTable
from tests.dashboard.browsing import Page
from tests.dashboard.fake_frontier import fake_frontier
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser

# Pixels of the page where a point of a chart's trace stands: [x, y].
PLACE = """
const plot = document.querySelector(arguments[0] + ' .js-plotly-plot');
plot.scrollIntoView({block: 'center', behavior: 'instant'});
const box = plot.querySelector('.nsewdrag').getBoundingClientRect(), layout = plot._fullLayout;
return [box.left + layout.xaxis.d2p(arguments[1]), box.top + layout.yaxis.d2p(arguments[2])];
"""


@pytest.fixture
def page(dash_duo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    dash_duo.start_server(create_app())
    return Page(dash_duo.driver, dash_duo.server_url)


def drawn(page: Page, chart: str) -> None:
    page.wait(f"{chart} .js-plotly-plot .nsewdrag")


def click(page: Page, chart: str, x: float, y: float) -> None:
    left, top = page.driver.execute_script(PLACE, chart, x, y)
    actions = ActionChains(page.driver)
    actions.w3c_actions.pointer_action.move_to_location(int(left), int(top))
    actions.pause(0.3).click().perform()


def drag(page: Page, chart: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = (page.driver.execute_script(PLACE, chart, *place) for place in (start, end))
    actions = ActionChains(page.driver)
    pointer = actions.w3c_actions.pointer_action
    pointer.move_to_location(int(x0), int(y0))
    pointer.pointer_down()
    pointer.move_to_location(int((x0 + x1) / 2), int((y0 + y1) / 2))
    pointer.move_to_location(int(x1), int(y1))
    pointer.pointer_up()
    actions.perform()


def address(page: Page) -> str:
    return str(page.driver.execute_script("return window.location.search"))


def test_a_click_opens_a_plan_boxes_select_in_both_charts_and_a_plan_is_solved_fully(page: Page) -> None:
    study = fake_frontier().study_id
    page.open(f"/frontier?study={study}")
    drawn(page, "#frontier-front")
    click(page, "#frontier-front", 55.0, 63.0)  # the cheapest: 63 USD/MWh at 55 t
    page.wait_text("#frontier-plan", "Plan A1")
    wait_until(lambda: "point=A1" in address(page))
    # By the keyboard the same, and the table that is drawn anew keeps the place.
    opens = page.driver.execute_script(
        "const e = document.querySelectorAll('#frontier-table tbody button')[1]; e.focus(); return e.id"
    )
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    page.wait_text("#frontier-plan", "Plan A2")
    wait_until(lambda: page.driver.execute_script("return document.activeElement.id") == opens)
    # From 46 t down: the six cleanest stay (46.7 t is the first outside).
    drag(page, "#frontier-front", (41.5, 69.4), (46.0, 62.8))
    page.wait_text("#frontier-selected", "4 of 12 plans")
    page.click("#frontier-show-all")
    wait_until(lambda: "select" not in address(page))
    # A box that is begun while a chart is drawn anew is lost.
    wait_until(lambda: "plans" not in page.text("#frontier-selected"))
    wait_until(lambda: page.driver.execute_script("return !document.querySelector('[data-dash-is-loading]')"))
    time.sleep(1.0)
    drawn(page, "#frontier-parallel")
    drag(page, "#frontier-parallel", (-0.2, -0.02), (0.2, 0.3))  # the lower end of the first axis, LCOE
    page.wait_text("#frontier-selected", "LCOE")
    assert "select=lcoe" in address(page)
    page.click("#frontier-plan .card-controls .btn-quiet")
    page.wait_text("#frontier-pinned", "Pinned plans")
    page.open(f"/frontier{address(page)}")  # the address says it all
    page.wait_text("#frontier-pinned", "A2")
    page.wait_text("#frontier-selected", "LCOE")
    page.click("#frontier-plan .card-controls .btn-primary")
    page.wait_text("#frontier-message", "queued for all 8")
    assert [job.name for job in JobTable().list()] == ["Light, with solar, frontier A2"]
    assert page.severe() == []


def test_points_fill_in_while_the_page_is_open_and_a_cancel_keeps_them(page: Page) -> None:
    request = fake_frontier(arrived=3)
    JobTable().submit_study(request, "somebody")
    page.open(f"/frontier?study={request.study_id}")
    page.wait_text("#frontier-progress", "Waits for a free solver")
    assert page.text("#frontier-table").count("\nA") == 3
    fake_frontier(arrived=7)
    wait_until(lambda: page.text("#frontier-table").count("\nA") == 7)
    page.click("#frontier-cancel")
    page.wait_text("#frontier-message", "one other waits")
    assert page.severe() == []


def test_the_form_asks_and_goes_to_the_page_that_fills_in(page: Page) -> None:
    page.open("/frontier?scenarios=light-gas")
    page.wait_text("#frontier-expected", "not known yet")
    page.click("#frontier-find")
    page.wait_text("#frontier-progress", "Waits for a free solver")
    assert "study=frontier-" in address(page)
    assert "on its way" in page.text("#frontier-words")
    assert page.severe() == []
