"""The tour of the first visit: it comes once, keys lead through it, and it is in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app import create_app
from dashboard.tour import STEPS
from engine.store import Store
from tests.dashboard import axe
from tests.dashboard.browsing import Page
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
INSIDE = """
const box = document.querySelector('.tour-card').getBoundingClientRect();
return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
"""
POINTS = "return arguments[0].map(targets => targets.some(one => document.querySelector(one)?.offsetParent))"
PHONE = {"width": 420, "height": 800, "deviceScaleFactor": 1, "mobile": True}


def press(page: Page, *keys: str) -> None:
    ActionChains(page.driver).send_keys(*keys).perform()


def test_the_tour_comes_once_goes_by_keys_ends_by_escape_and_starts_again_from_help(dash_duo: Any) -> None:
    dash_duo.start_server(create_app(Store()))
    dash_duo.first_visit()
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open("/")
    page.wait_text("#tour-place", f"1 of {len(STEPS)}")
    assert all(page.driver.execute_script(POINTS, [step.targets for step in STEPS]))
    assert axe.grave(page.driver) == []
    for number, key in enumerate(
        (Keys.ARROW_RIGHT, Keys.ENTER, Keys.ARROW_RIGHT, Keys.ENTER, Keys.ARROW_RIGHT), start=2
    ):
        press(page, key)
        page.wait_text("#tour-place", f"{number} of")
        assert page.driver.execute_script(INSIDE)
    press(page, Keys.ARROW_LEFT)
    page.wait_text("#tour-title", STEPS[4].title)
    press(page, Keys.ESCAPE)
    assert not page.find(".tour-card")

    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    page.open("/")
    page.click("#shell-help")
    page.click(".tour-start")
    # Had it come by itself again, help would have ended it.
    page.wait_text("#tour-place", "1 of")
    for _ in STEPS:
        assert page.driver.execute_script(INSIDE)
        press(page, Keys.ARROW_RIGHT)
    wait_until(lambda: not page.find(".tour-card"))
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert page.severe() == []
