"""What Chromium makes of it: PDF, slides, images; the report offline; the menu with its download."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader

from app import create_app
from dashboard.takeaway import make
from engine.store import Store
from tests.dashboard.browsing import WAIT_S, Page
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_an_app")]
FIRST = ("Two plans side by side", "What it says", "Figures", "Inputs that differ")
CHARTS = (
    "Built capacity by year",
    "Cost per MWh",
    "Cost per MWh from A to B",
    "The same week, hour by hour",
    "The whole year",
)
PICTURE = 13
DRAWN = "return [...document.querySelectorAll('.plot')].filter(plot => plot._fullData?.length).length"
ASKED = "return performance.getEntriesByType('resource').map(entry => entry.name)"


def of_two() -> str:
    store = Store()
    first = fake_run(store, "Grid late", grid_from=2027)
    cheaper = {"fuel": {"price_usd_per_mmbtu": 3}}
    second = fake_run(store, "Solar", solar_mw=120, termination="time_limit", changes=cheaper)
    return f"/compare?runs={first},{second}&year=2026&week=9"


def test_pdf_slides_and_images_hold_the_finding_and_every_chart():
    of = of_two()
    printed = make(of, "pdf").content
    assert printed[:5] == b"%PDF-"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]
    text = " ".join(" ".join(pages).split())
    for words in (FIRST[0], "Time-limited", "stopped at its time limit", "USD/MWh", "Provenance", *CHARTS):
        assert words in text, words
    assert len(pages) < 12
    # Nothing is wider than the sheet, or Chromium would have shrunk every page: 28 px are 21 pt, scaled by nothing.
    sizes: set[float] = set()
    PdfReader(io.BytesIO(printed)).pages[0].extract_text(
        visitor_text=lambda words, user, matrix, font, size: sizes.add(round(abs(user[3] * matrix[3] * size), 1))
    )
    assert 21.0 in sizes

    deck = Presentation(io.BytesIO(make(of, "pptx").content))
    assert [slide.shapes.title.text for slide in deck.slides] == [*FIRST, *CHARTS, "Where it comes from"]
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == PICTURE]
    assert len(pictures) == len(CHARTS)
    assert "MW" in deck.slides[len(FIRST)].notes_slide.notes_text_frame.text
    for slide in deck.slides:
        assert "B Solar: time-limited" in " ".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)

    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        archive = zipfile.ZipFile(io.BytesIO(make(of, kind).content))
        drawn = [name for name in archive.namelist() if name.endswith(kind)]
        assert len(drawn) == len(CHARTS)
        assert all(archive.read(name).startswith(begins) for name in drawn)
        assert b"time limit" in archive.read("read-me.txt")


def test_the_report_opens_without_server_and_asks_nobody(dash_duo, tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_bytes(make(of_two(), "html").content)
    dash_duo.driver.get(file.as_uri())
    wait_until(lambda: dash_duo.driver.execute_script(DRAWN) == len(CHARTS), WAIT_S)
    assert [name for name in dash_duo.driver.execute_script(ASKED) if not name.startswith("data:")] == []


def test_the_menu_saves_a_file_of_the_present_view_and_shows_errors(dash_duo, tmp_path: Path, monkeypatch):
    of = of_two()
    dash_duo.start_server(create_app())
    dash_duo.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open(of)
    page.wait("#compare-maps .js-plotly-plot")
    page.wait(".takeaway-open").send_keys("\n")
    page.click("[data-takeaway=xlsx]")
    page.wait_text(".tray-notice.good", "firmwatt-grid-late-solar.xlsx")
    wait_until(lambda: list(tmp_path.glob("*.xlsx")), WAIT_S)
    page.click("[data-takeaway-command]")
    page.wait(".tray-notice.plain .tray-line")
    line = page.value(".tray-line")
    assert line.startswith("firmwatt export grid-late-")
    assert "--year 2026 --week 9" in line
    monkeypatch.setenv("FIRMWATT_BROWSER", "/nowhere")
    page.click("[data-takeaway=pdf]")
    page.wait_text(".tray-notice.bad", "FIRMWATT_BROWSER names /nowhere")
    assert [words for words in page.severe() if "503" not in words] == []
