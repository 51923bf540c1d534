"""What people need who do not see the page, or do not use a mouse: axe-core looks at the lists, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_core_python.selenium import Axe

from app import create_app
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
# Drawn by Dash: a hidden field that hands the focus on, and a link that is a button to the keyboard.
OF_DASH = (".dash-dropdown-focus-target", ".dash-dropdown-clear")
LOOK = {"resultTypes": ["violations"]}


def found(driver: Any) -> list[str]:
    """Grave findings on the page in view: rule, and where."""
    seen = []
    for finding in Axe().run(driver, {"exclude": [[selector] for selector in OF_DASH]}, LOOK)["violations"]:
        if finding["impact"] in GRAVE:
            seen += [f"{finding['id']}: {node['html'][:160]}" for node in finding["nodes"]]
    return seen


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


def test_axe_finds_nothing_grave_on_the_lists_in_either_theme(dash_duo: Any) -> None:
    store = Store()
    fake_run(store, "First", grid_from=2027)
    dash_duo.start_server(create_app(store))
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.driver.set_script_timeout(60)
    paths = ["/", "/runs", "/equipment"]
    grave: list[str] = []
    for path in paths:
        page.open(path)
        wait_until(lambda: not page.find("._dash-loading"))
        for theme in ("light", "dark"):
            in_theme(page, theme)
            grave += [f"{path} {theme}: {one}" for one in found(page.driver)]
    assert grave == []
