"""What people need who do not see the page, or do not use a mouse: axe-core looks at every page, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from app import create_app
from engine.store import Store
from tests.dashboard import album, axe
from tests.dashboard.browsing import WAIT_S, Page
from tests.dashboard.screenshots import STILL_NOW
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
# Colours on their way from one theme to the other are nobody's.
STILL = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
PHONE = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True}
# One page of each make. The heavy test opens all of them; forms of 200 fields are as slow as they are alike.
OF_EACH_MAKE = (
    "library", "runs", "equipment", "equipment-own", "compare-three", "run-infeasible", "frontier-study", "choice-form",
    "choice-regret", "sweeps", "sweep-new", "not-found",
)  # fmt: skip


def in_theme(page: Page, theme: str) -> None:
    """Press the button of the shell until the page has a theme."""
    says = "return document.documentElement.dataset.bsTheme"
    for _ in range(3):
        if page.driver.execute_script(says) == theme:
            return
        before = page.driver.execute_script("return document.documentElement.dataset.themeChoice")
        page.click("#shell-theme")
        wait_until(
            lambda b=before: page.driver.execute_script("return document.documentElement.dataset.themeChoice") != b
        )


def grave(page: Page, paths: Iterable[tuple[str, str]]) -> list[str]:
    """Grave findings on pages, in both themes, and what is wider than the screen."""
    page.driver.set_script_timeout(WAIT_S)
    found = []
    for name, path in paths:
        page.open(path)
        wait_until(lambda: page.driver.execute_script(STILL_NOW), WAIT_S)
        for theme in ("light", "dark"):
            in_theme(page, theme)
            found += [f"{name} {theme}: {one}" for one in axe.grave(page.driver)]
        found += [f"{name}: scrolls sideways, {one}" for one in sideways(page)]
    return found


def sideways(page: Page) -> list[str]:
    """How far a page is wider than the screen it is on."""
    sizes = "return [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    wide, screen = page.driver.execute_script(sizes)
    return [f"{wide} px on {screen}"] if wide > screen else []


@pytest.fixture
def served(dash_duo: Any) -> Iterator[tuple[Page, dict[str, str]]]:
    """A browser, and the paths of all pages."""
    store = Store()
    album.fill(store)
    dash_duo.start_server(create_app(store))
    dash_duo.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", STILL)
    yield Page(dash_duo.driver, dash_duo.server_url), album.pages(store)
    dash_duo.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_axe_finds_nothing_grave_on_a_page_of_each_make_in_either_theme(served: tuple[Page, dict[str, str]]) -> None:
    page, paths = served
    assert grave(page, [(name, paths[name]) for name in OF_EACH_MAKE]) == []
    page.driver.execute_script("document.querySelector('main').append(document.createElement('button'))")
    assert [one.split(":")[0] for one in axe.grave(page.driver)] == ["button-name"]


@pytest.mark.heavy  # minutes: every page, wide and on a phone
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing_grave_on_any_page_wide_or_on_a_phone(
    served: tuple[Page, dict[str, str]], phone: bool
) -> None:
    page, paths = served
    if phone:
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    try:
        assert grave(page, paths.items()) == []
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
