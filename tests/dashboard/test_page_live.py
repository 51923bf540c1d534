"""The presenter's live page in a real browser: changes are painted, states pinned and linked, large on a projector."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app import create_app
from dashboard import live
from dashboard.live_controls import controls
from engine.library import Library
from tests.dashboard.browsing import WAIT_S, Page
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
GAS = "live-of-fuel.price_usd_per_mmbtu"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dash_duo: Any) -> Iterator[Page]:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    dash_duo.start_server(create_app())
    yield Page(dash_duo.driver, dash_duo.server_url)
    dash_duo.driver.get("about:blank")  # a page that is still open would ask on, and start them again
    live.PROCESSES.end()
    # Dash ends its server by raising in every thread; one that still answers would complain.
    wait_until(lambda: not any("process_request" in one.name for one in threading.enumerate()), WAIT_S)


def painted(page: Page) -> int:
    return int(page.driver.execute_script("return Number(document.getElementById('live-root').dataset.answered || 0)"))


def move(page: Page, to: float) -> None:
    """Move the gas slider and wait until its answer is painted."""
    before = painted(page)
    script = (
        "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
        "e.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    page.driver.execute_script(script, GAS, str(to))
    wait_until(lambda: painted(page) > before, WAIT_S)


@pytest.mark.heavy  # minutes where the machine is busy
def test_ten_changes_are_painted_pinned_linked_and_fit_a_projector(page: Page) -> None:
    page.open("/live?scenario=light-gas")
    wait_until(lambda: painted(page) > 0, WAIT_S)
    assert "Known error: none yet" in page.text("#live-said")
    first = page.text("#live-stats")
    for step in range(10):
        move(page, 3.6 + 0.2 * step)
    page.wait_text("#live-stats", "against no change")
    assert page.text("#live-stats") != first
    page.click("#live-pin")
    page.wait_text("#live-pinned", "Pin A")
    assert "at=fuel.price_usd_per_mmbtu%3A5.4" in page.driver.current_url
    assert "pins=" in page.driver.current_url
    page.driver.set_window_size(1280, 720)
    page.open(page.driver.current_url.removeprefix(page.url) + "&present=1")
    page.wait_text("#live-stats", "against no change")
    wide = page.driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    assert not page.driver.find_element(By.ID, "live-controls").is_displayed()
    page.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    wait_until(lambda: page.driver.find_element(By.ID, "live-controls").is_displayed(), WAIT_S)
    assert page.severe() == []


@pytest.mark.parametrize("key", ["base", "wide-choice", "impossible"])
def test_every_control_has_a_range_around_its_value(key: str) -> None:
    known = controls(Library().load(key).scenario.model_dump(mode="json"))
    assert "fuel.price_usd_per_mmbtu" in known
    for path, control in known.items():
        if control["kind"] != "flag":
            assert control["low"] <= control["value"] <= control["high"], path
            assert control["step"] > 0, path
