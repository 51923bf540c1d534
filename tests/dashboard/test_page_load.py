"""The load composer in a real browser: sliders answer while they move, a mix says at once what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app import create_app
from engine.library import Library
from engine.profiles import build_profiles
from tests.dashboard.browsing import WAIT_S, Page
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
STATS, SUM, SHARE = "#load-stats", "#load-sum", "#at-load-workloads-batch_inference-share_frac input"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def page(home: Path, dash_duo: Any) -> Page:
    dash_duo.start_server(create_app())
    return Page(dash_duo.driver, dash_duo.server_url)


def hold_slider(page: Page, field: str, by_px: int) -> ActionChains:
    """Take a slider's thumb and move it, without letting go."""
    thumb = page.wait(f"#at-{field} ~ .field-slider input")
    page.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", thumb)
    moving = ActionChains(page.driver, duration=20).click_and_hold(thumb)
    for _ in range(4):
        moving = moving.move_by_offset(by_px // 4, 0)
    moving.perform()
    return moving


def shown_peak(page: Page, place: str) -> float:
    """Peak of the first year, as the headline has it [MW]."""
    words = page.text(place).split("\n")
    return float(words[1].split("\u202f")[0]) if len(words) > 1 else 0.0


def trace_names(page: Page, graph: str) -> list[str]:
    script = (
        "const p = document.querySelector(arguments[0] + ' .js-plotly-plot'); return p ? p.data.map(t => t.name) : []"
    )
    return list(page.driver.execute_script(script, f"#{graph}"))


def test_the_charts_follow_a_slider_in_the_hand_and_the_field_when_it_is_let_go(page: Page) -> None:
    page.open("/load")
    page.wait_text(STATS, "200")  # 160 MW x PUE 1.25
    assert wait_until(lambda: trace_names(page, "load-uses"), WAIT_S)[:2] == ["IT", "Cooling"]
    hold_slider(page, "load-it_peak_mw", 60)
    # The hand takes the slider in its middle, 200 of 400 MW, and moves on: more than 200 x 1.25 MW.
    wait_until(lambda: shown_peak(page, "[data-moving='load-stats']") > 250, WAIT_S)
    assert page.value("#at-load-it_peak_mw input") == "160"
    ActionChains(page.driver).release().perform()
    wait_until(lambda: page.value("#at-load-it_peak_mw input") != "160", WAIT_S)
    page.wait_text("#editor-state", "1\u202funsaved change")
    typed = float(page.value("#at-load-it_peak_mw input"))
    wait_until(lambda: shown_peak(page, STATS) == pytest.approx(1.25 * typed, abs=1), WAIT_S)
    assert page.text("[data-moving='load-stats']") == ""
    page.click("#editor-undo")
    page.wait_text(STATS, "\n200")
    page.driver.find_element("css selector", "body").click()  # out of the fields, whose keys are their own
    control_z = ActionChains(page.driver).key_down(Keys.CONTROL).key_down(Keys.SHIFT).send_keys("z")
    control_z.key_up(Keys.SHIFT).key_up(Keys.CONTROL).perform()
    wait_until(lambda: shown_peak(page, STATS) == pytest.approx(1.25 * typed, abs=1), WAIT_S)
    ActionChains(page.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    page.wait_text(STATS, "\n200")
    assert page.severe() == []


def test_a_slider_follows_what_is_typed(page: Page) -> None:
    page.open("/load")
    page.wait_text(STATS, "200")
    page.type("#at-load-pue input", "1.5")
    page.wait_text(STATS, "240")
    wait_until(lambda: page.value("#at-load-pue ~ .field-slider input") == "1.5", WAIT_S)
    assert page.severe() == []


def test_a_mix_that_is_not_whole_says_so_at_once_and_one_click_makes_it_up(page: Page) -> None:
    page.open("/load?tab=mix")
    page.wait_text(SUM, "sum to 100 %")
    page.type(SHARE, "15 %")
    page.wait_text(SUM, "The shares sum to 95.00 %: add 5.00 points, e.g. to batch inference")
    page.wait_text("#editor-state", "unsaved change")
    page.click("#load-sum button")
    page.wait_text(SUM, "sum to 100 %")
    wait_until(lambda: page.value(SHARE) == "20 %", WAIT_S)
    assert page.severe() == []


def test_a_workload_comes_and_goes_with_its_place_in_the_products(page: Page) -> None:
    page.open("/load?tab=mix")
    page.wait_text(SUM, "sum to 100 %")
    page.type("#load-workload-name", "Video rendering")
    page.click('button[id*=\'"do":"add"\']')
    page.wait_text("#editor-form", "Video rendering")
    page.type("#at-load-workloads-video_rendering-share_frac input", "10 %")
    page.wait_text(SUM, "take 10.0 points")
    page.click("button[id*='load.workloads.fine_tuning']")
    page.wait_text(SUM, "add 10.0 points")
    page.wait_text("#editor-form", "Removed: fine_tuning")
    page.click("#load-sum button")
    page.wait_text(SUM, "sum to 100 %")
    page.click("#editor-save-as")
    page.wait("#editor-name-save")
    page.type("#editor-name", "Rendering farm")
    page.click("#editor-name-save")
    page.wait_text("h1", "Rendering farm")
    saved = Library().load("rendering-farm").scenario
    assert "fine_tuning" not in saved.load.workloads
    assert saved.load.workloads["video_rendering"].share_frac == 0.10
    assert "fine_tuning" not in saved.demand_response.products["economic"].sources
    build_profiles(Library().load("rendering-farm"))
    assert "scenario=rendering-farm" in page.driver.current_url
    assert page.severe() == []


def test_a_short_trace_becomes_the_load_and_says_so(page: Page, home: Path) -> None:
    values = 0.3 + 0.3 * (np.arange(336) % 24 > 8)
    values[20:24] = 0.0
    pd.DataFrame({"hour": range(336), "gpu_util": values}).to_csv(home / "trace.csv", index=False)
    page.open("/load")
    page.wait_text(STATS, "75.0")
    page.wait("#at-load-utilisation_series input[type=file]").send_keys(str(home / "trace.csv"))
    words = page.wait_text("#at-load-utilisation_series .upload-result", "repeats 336 measured hours 26.07 times")
    assert "4 without any work (an outage)" in words
    # Power is 0.51 and 0.72 of full; 15 of 24 hours are high: mean (9 x 0.51 + 15 x 0.72) / 24 / 0.72 = 89.1 %.
    page.wait_text(STATS, "89.1")
    page.click("#load-stats .mark-open summary")
    page.wait_text(STATS, "follows measured utilisation")
    assert page.severe() == []


def test_cooling_and_products_show_potential_apart_from_practice(page: Page) -> None:
    page.open("/load?tab=cooling")
    page.wait_text("#load-cooling", "12.0")  # 3 C x 4 % per C
    page.click("button[data-tab='dr']")
    words = page.wait_text("#load-potential-words", "38.5")
    assert "10–25" in words
    page.wait_text("#load-economics", "Economic")
    assert {"Callable", "Committed"} <= set(wait_until(lambda: trace_names(page, "load-flex-week"), WAIT_S))
    page.wait_text("#load-headroom", "Fits")
    assert "tab=dr" in wait_until(
        lambda: page.driver.current_url if "tab=dr" in page.driver.current_url else "", WAIT_S
    )
    assert page.severe() == []


def test_a_draft_is_the_same_in_the_editor(page: Page) -> None:
    page.open("/load?scenario=light-gas")
    page.wait_text("h1", "Light, gas only")
    page.type("#at-load-it_peak_mw input", "170")
    page.wait_text("#editor-state", "unsaved change")
    page.driver.execute_script("window.onbeforeunload = null")
    page.driver.get(f"{page.url}/edit/light-gas")
    wait_until(
        lambda: page.find("#at-load-it_peak_mw input") and page.value("#at-load-it_peak_mw input") == "170", WAIT_S
    )


def test_an_unknown_scenario_leads_on(page: Page) -> None:
    page.open("/load?scenario=gone")
    page.wait_text(".empty", "not in the library")
    assert page.driver.find_elements(By.CSS_SELECTOR, ".steps a")


def test_a_scenario_without_workloads_offers_the_domains(page: Page) -> None:
    key = Library().save({**Library().mapping("base"), "name": "Bare", "load": {}, "demand_response": {}})
    page.open(f"/load?scenario={key}&tab=mix")
    page.wait_text("#editor-form", "No workloads yet")
    page.click("button[id*='domain-mix']")
    page.wait_text(SUM, "sum to 100 %")
    page.wait_text("#editor-form", "Batch inference")
    assert page.severe() == []
