"""What is pressed in a chart: on every page, in the middle of every chart, and a box drawn in it."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains

from app import create_app
from engine.store import Store
from tests.dashboard import album
from tests.dashboard.browsing import WAIT_S, Page
from tests.dashboard.screenshots import STILL_NOW
from tests.unit.job_kit import wait_until

CHARTS = "return [...document.querySelectorAll('.js-plotly-plot')].filter(one => one.querySelector('.nsewdrag')).length"
CHART = """
const plots = [...document.querySelectorAll('.js-plotly-plot')].filter(one => one.querySelector('.nsewdrag'));
const plot = plots[arguments[0]];
plot.scrollIntoView({block: 'center', behavior: 'instant'});
const ground = plot.querySelector('.nsewdrag'), box = ground.getBoundingClientRect();
return box.width > 0 && box.height > 0 ? ground : null;
"""


@pytest.fixture
def served(dash_duo: Any) -> tuple[Page, dict[str, str]]:
    """A browser, and the paths of all pages."""
    store = Store()
    album.fill(store)
    dash_duo.start_server(create_app(store))
    return Page(dash_duo.driver, dash_duo.server_url), album.pages(store)


def press(page: Page, number: int) -> None:
    """Press in the middle of a chart, then draw a box over it."""
    for box in (False, True):
        wait_until(lambda: page.driver.execute_script(STILL_NOW), WAIT_S)
        ground = page.driver.execute_script(CHART, number)
        if ground is None:
            return
        hand = ActionChains(page.driver).move_to_element(ground)
        hand = hand.click_and_hold().move_by_offset(60, 30).release() if box else hand.click()
        try:
            hand.perform()
        except StaleElementReferenceException:  # drawn anew while the hand moved
            press(page, number)
    wait_until(lambda: page.driver.execute_script(STILL_NOW), WAIT_S)


@pytest.mark.browser
@pytest.mark.heavy  # minutes: every chart of every page
def test_no_chart_of_any_page_answers_with_an_error_when_it_is_pressed(served: tuple[Page, dict[str, str]]) -> None:
    page, paths = served
    pressed, found = 0, []
    for name, path in paths.items():
        page.open(path)
        wait_until(lambda: page.driver.execute_script(STILL_NOW), WAIT_S)
        charts = page.driver.execute_script(CHARTS)
        for number in range(charts):
            press(page, number)
        found += [f"{name}: {one}" for one in page.severe()]
        pressed += charts
    assert found == []
    assert pressed > 50
