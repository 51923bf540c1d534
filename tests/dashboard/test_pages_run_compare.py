"""Result and comparison in a real browser: the address is the state, charts follow the theme, nothing fails quietly."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from app import create_app
from dashboard.theme import DARK, LIGHT
from engine.store import Store
from tests.dashboard.browsing import IN_VIEW
from tests.dashboard.fake_runs import fake_run, infeasible_run

pytestmark = pytest.mark.browser

INK = "return document.querySelector('.js-plotly-plot').layout.template.layout.colorway[0]"
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
DRAWN = "return [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot._fullData?.length).length"


def query(duo) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlparse(duo.driver.current_url).query).items()}


def open_page(duo, path: str) -> None:
    duo.driver.get(duo.server_url + path)
    duo.wait_for_element("h1")


def wait_until(duo, condition, words: str) -> None:
    WebDriverWait(duo.driver, 60).until(lambda _: condition(), words)


def press_week(duo, selector: str, steps: int) -> None:
    """Move the slider by keys, as a presenter would."""
    duo.find_element(f"{selector} [role=slider]").send_keys(*[Keys.ARROW_RIGHT] * steps)


def test_a_result_tells_its_plan_and_keeps_its_week_in_the_address(dash_duo, severe_errors):
    run_id = fake_run(Store(), "Solar campus", solar_mw=120, battery_mw=40, grid_from=2027)
    dash_duo.start_server(create_app())
    open_page(dash_duo, f"/run/{run_id}?year=2026&week=10")
    dash_duo.wait_for_text_to_equal("h1", "Solar campus")
    assert dash_duo.driver.title == "Solar campus · Firmwatt"
    assert "$" in dash_duo.find_element(".stat.large .stat-value").text
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(DRAWN) >= 6, "six charts are drawn")

    press_week(dash_duo, "#run-week", 1)
    wait_until(dash_duo, lambda: query(dash_duo) == {"year": "2026", "week": "11"}, "the address follows the week")
    dash_duo.driver.execute_script("document.querySelectorAll('#run-year input')[1].click()")
    wait_until(dash_duo, lambda: query(dash_duo)["year"] == "2027", "the address follows the year")
    dash_duo.wait_for_text_to_equal("#run-week-words", "Week of 12–18 Mar 2027")
    dash_duo.driver.refresh()
    dash_duo.wait_for_text_to_equal("#run-week-words", "Week of 12–18 Mar 2027")

    # A day that is pressed on the map shows its week, further up.
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(DRAWN) >= 6, "six charts are drawn")
    days = dash_duo.find_element("#run-map .nsewdrag")
    dash_duo.driver.execute_script("arguments[0].scrollIntoView({block: 'end'})", days)
    ActionChains(dash_duo.driver).move_to_element(days).click().perform()
    dash_duo.wait_for_text_to_equal("#run-week-words", "Week of 2–8 Jul 2027")
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(IN_VIEW, "#run-dispatch"), "the week is in view")

    dash_duo.driver.execute_script("window.scrollTo({top: 0, behavior: 'instant'})")
    dash_duo.find_element(".mark-open summary").click()
    assert "balance closes" in dash_duo.find_element(".mark-open[open]").text
    dash_duo.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not dash_duo.driver.find_elements(By.CSS_SELECTOR, ".mark-open[open]")
    assert severe_errors(dash_duo) == []


def test_charts_follow_the_theme_and_the_browser_remembers_it(dash_duo, severe_errors):
    run_id = fake_run(Store(), "Plain")
    dash_duo.start_server(create_app())
    open_page(dash_duo, f"/run/{run_id}")
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(DRAWN) >= 5, "charts are drawn")
    button = dash_duo.find_element("#shell-theme")
    button.click()  # auto -> light
    button.click()  # light -> dark
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(INK) == DARK.ink, "charts turn dark")
    assert dash_duo.find_element("html").get_attribute("data-bs-theme") == "dark"
    dash_duo.driver.refresh()
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(DRAWN) >= 5, "charts are drawn")
    assert dash_duo.driver.execute_script(INK) == DARK.ink
    assert DARK.ink != LIGHT.ink
    assert severe_errors(dash_duo) == []


def test_a_comparison_is_its_address(dash_duo, severe_errors):
    store = Store()
    late = fake_run(store, "Grid late", grid_from=2027)
    early = fake_run(store, "Grid early", grid_from=2026, changes={"technologies": {"grid": {"lead_time_months": 0}}})
    third = fake_run(store, "Small", turbine_mw=240)
    dash_duo.start_server(create_app())
    open_page(dash_duo, f"/compare?runs={late},{early},gone&base={late}")
    dash_duo.wait_for_text_to_equal("table.figures th.run-head:nth-child(3) a", "Grid early")
    assert "gone is not shown" in dash_duo.find_element(".note").text
    assert "Lead time" in dash_duo.find_element("table.inputs").text
    assert "B (Grid early)" in dash_duo.find_element(".verdict").text
    wait_until(dash_duo, lambda: dash_duo.driver.execute_script(DRAWN) >= 5, "charts are drawn")

    press_week(dash_duo, "#compare-week", 2)
    wait_until(dash_duo, lambda: {"week", "year"} <= set(query(dash_duo)), "the address takes up week and year")
    week = query(dash_duo)["week"]
    # Add the third run from the menu, then make it the base: both keep the week.
    dash_duo.find_element(".menu.wide .menu-button").click()
    dash_duo.find_element(".menu.wide .dropdown-item").click()
    wait_until(dash_duo, lambda: query(dash_duo)["runs"] == f"{late},{early},{third}", "the address takes up the run")
    dash_duo.wait_for_text_to_equal("table.figures th.run-head:nth-child(4) a", "Small")
    assert query(dash_duo)["week"] == week
    base_menu = dash_duo.driver.find_elements(By.CSS_SELECTOR, ".menu .menu-button")[-1]
    base_menu.click()
    dash_duo.driver.find_elements(By.CSS_SELECTOR, ".menu:not(.wide) .dropdown-item")[2].click()
    wait_until(dash_duo, lambda: query(dash_duo)["base"] == third, "the address takes up the base")
    dash_duo.wait_for_text_to_equal(".chip.base .chip-name", "Small")

    dash_duo.driver.refresh()
    dash_duo.wait_for_text_to_equal(".chip.base .chip-name", "Small")
    assert dash_duo.find_element("#compare-week [role=slider]").get_attribute("aria-valuenow") == week

    dash_duo.driver.find_elements(By.CSS_SELECTOR, ".chip-close")[0].click()
    wait_until(dash_duo, lambda: query(dash_duo)["runs"] == f"{early},{third}", "a chip goes")
    dash_duo.wait_for_text_to_equal("table.figures th.run-head:nth-child(2) a", "Grid early")
    # On a phone the figures of two runs stand side by side.
    dash_duo.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    wide, room = dash_duo.driver.execute_script(
        "const s = document.querySelector('table.figures').parentElement; return [s.scrollWidth, s.clientWidth]"
    )
    dash_duo.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= room < PHONE["width"]
    assert severe_errors(dash_duo) == []


def test_what_cannot_be_shown_says_what_it_is_and_what_to_do(dash_duo, severe_errors):
    store = Store()
    dash_duo.start_server(create_app())
    open_page(dash_duo, "/compare")
    dash_duo.wait_for_text_to_equal(".empty h2", "Nothing to compare yet")
    none, cut = infeasible_run(store), fake_run(store, "Cut short")
    (store.root / cut / "hourly.parquet").write_bytes(b"PAR1")
    open_page(dash_duo, f"/run/{none}")
    dash_duo.wait_for_text_to_equal("h1", "Impossible")
    assert "Why there is no plan" in dash_duo.find_element(".content").text
    open_page(dash_duo, f"/run/{cut}")
    dash_duo.wait_for_text_to_equal("h1", "This run is damaged")
    assert "hourly.parquet is missing or cut short" in dash_duo.find_element(".empty").text
    open_page(dash_duo, "/run/never-was")
    dash_duo.wait_for_text_to_equal("h1", "No such run")
    open_page(dash_duo, f"/compare?runs={none}")
    dash_duo.wait_for_text_to_equal(".empty h2", "Nothing to compare yet")
    assert severe_errors(dash_duo) == []
