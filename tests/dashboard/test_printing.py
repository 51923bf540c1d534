"""Paper: light, whole charts, nothing to press; and the picture of one chart."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from app import create_app
from dashboard.theme import DARK, LIGHT
from engine.store import Store
from tests.dashboard.browsing import WAIT_S, Page
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser
DRAWN = "return [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot._fullData?.length).length"
INK = "return document.querySelector('.js-plotly-plot').layout.template.layout.colorway[0]"
WIDTHS = (
    "return [...document.querySelectorAll('.js-plotly-plot .main-svg')].map(svg => svg.getBoundingClientRect().width)"
)
PAPER_PX = 720
ONE_PANEL_PX = 300
# Charts whose legend reaches into the plot, by their headings: a legend that has fewer rows on paper must move up.
LEGENDS_IN_THE_WAY = """
return [...document.querySelectorAll('.js-plotly-plot')].filter(plot => {
  const legend = plot.querySelector('.legend');
  if (!legend || !plot._fullLayout._size) return false;
  const top = plot.getBoundingClientRect().top + plot._fullLayout._size.t;
  return legend.getBoundingClientRect().bottom > top + 2;
}).map(plot => plot.closest('section').querySelector('h2').innerText)
"""
# In one go, as a browser prints: afterwards Dash may draw a chart again that was drawn in another theme.
PRINTED = f"""
dispatchEvent(new Event('beforeprint'));
const cost = [...document.querySelectorAll('h2')].find(head => head.innerText === 'Cost per MWh').closest('section');
const size = cost.querySelector('.main-svg').getBoundingClientRect();
return [(() => {{{INK}}})(), size.height, size.width, (() => {{{LEGENDS_IN_THE_WAY}}})()]
"""


@pytest.fixture
def dark_page(dash_duo) -> Page:
    """A comparison in the dark theme."""
    store = Store()
    runs = [fake_run(store, "Grid late", grid_from=2027), fake_run(store, "Solar", solar_mw=120)]
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open("/runs")
    dash_duo.driver.execute_script("localStorage.setItem('firmwatt-theme', 'dark')")
    page.open(f"/compare?runs={','.join(runs)}")
    wait_until(lambda: dash_duo.driver.execute_script(DRAWN) == 5, WAIT_S)
    return page


def test_a_printed_page_is_light_and_whole_and_the_screen_is_as_before(dark_page: Page):
    driver = dark_page.driver
    before = driver.execute_script(WIDTHS)
    assert driver.execute_script(INK) == DARK.ink
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    # Two charts of one panel stand on a sheet, and a legend with fewer rows moves up.
    assert driver.execute_script(PRINTED) == [LIGHT.ink, ONE_PANEL_PX, 700, []]
    assert max(driver.execute_script(WIDTHS)) <= PAPER_PX
    assert driver.execute_script("return [...document.querySelectorAll('details.fold')].every(f => !f.offsetParent)")
    for gone in (".rail", ".tools", ".takeaway", ".week-picker", ".backing", ".card-controls"):
        assert driver.execute_script("return document.querySelector(arguments[0]).offsetParent === null", gone), gone
    driver.execute_script("dispatchEvent(new Event('afterprint'))")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    wait_until(lambda: driver.execute_script(WIDTHS) == before, WAIT_S)
    assert driver.execute_script(INK) == DARK.ink

    printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})["data"]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(base64.b64decode(printed))).pages)
    assert "Built capacity by year" in text
    assert "Take away" not in text
    assert "Library" not in text
    assert dark_page.severe() == []


def test_the_camera_saves_a_light_picture_under_the_charts_name(dark_page: Page, tmp_path: Path):
    driver = dark_page.driver
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    camera = "[...document.querySelectorAll('.modebar-btn')].find(one => /^Download/.test(one.dataset.title))"
    driver.execute_script(f"{camera}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    file = tmp_path / "firmwatt-compare-built-capacity-by-year.svg"
    wait_until(file.exists, WAIT_S)
    drawn = file.read_text().lower()
    assert "rgb(255, 255, 255)" in drawn
    assert "rgb(233, 235, 239)" not in drawn  # the ink of the dark theme
