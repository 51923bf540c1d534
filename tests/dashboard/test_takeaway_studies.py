"""Frontiers, sweeps and answers of the futures page leave with every number they keep and what speaks against them."""

from __future__ import annotations

import base64
import io
import shlex
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pptx import Presentation

from app import create_app
from dashboard.takeaway import make
from dashboard.takeaway.making import command_line
from engine.errors import InputError, StoreError
from engine.store import Store
from engine.study import Studies
from engine.sweep.sweeps import Sweeps
from tests.dashboard.fake_choice import fake_alternatives, fake_break_even, fake_regret
from tests.dashboard.fake_frontier import fake_frontier
from tests.dashboard.fake_runs import fake_run
from tests.unit.sweep_kit import COST, PRICE, dear_gas_fails, toy_plan, work_off

pytestmark = pytest.mark.usefixtures("in_an_app")
# A white picture of one pixel, where a browser would draw.
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==")


@pytest.fixture
def regret() -> str:
    """Three plans in nine futures; the first falls short in one."""
    runs = [fake_run(Store(), name, turbine_mw=mw) for name, mw in (("Late", 300), ("Middle", 250), ("Big", 220))]
    return fake_regret(Store(), runs)


@pytest.fixture
def swept(tmp_path: Path) -> str:
    """Four cases, the two of dear gas without a plan: levelised cost is 8 x gas price + cost of the plant / 10."""
    sweep_id = Sweeps().launch(toy_plan(tmp_path))
    work_off(dear_gas_fails)
    return sweep_id


def sheet(content: bytes, name: str) -> pd.DataFrame:
    return pd.read_excel(io.BytesIO(content), sheet_name=name, header=2, skiprows=[3])


def words_of(content: bytes) -> str:
    return " ".join(sheet(content, "Summary")["words"])


def units_in(content: bytes, name: str) -> dict[str, str]:
    page = openpyxl.load_workbook(io.BytesIO(content))[name]
    names, units = ([cell.value for cell in page[row]] for row in (3, 4))
    return dict(zip(names, units, strict=True))


def test_a_frontier_leaves_with_every_point_its_units_and_what_was_stopped():
    request = fake_frontier()
    content = make(f"/frontier?study={request.study_id}&point=A8&pins=A1", "xlsx").content
    stored, points = Studies().table(request.study_id, "points"), sheet(content, "Points")
    assert points["point"].tolist() == stored["point"].tolist()
    assert points["nox"].tolist() == pytest.approx(stored["nox"].tolist(), rel=1e-12)
    units = units_in(content, "Points")
    assert (units["lcoe"], units["nox"], units["ceiling_nox"], units["bound"]) == (
        "USD/MWh",
        "short tons",
        "short tons",
        "USD/MWh",
    )
    said = words_of(content)
    assert "better plan may exist: A8." in said
    assert "not yet dispatched over 8,760 hours" in said
    assert sheet(content, "All inputs").set_index("place")["Light, with solar"]["time.years"] == 1


def test_the_report_of_a_frontier_shows_the_open_plan_beside_the_pinned_ones():
    request = fake_frontier()
    text = make(f"/frontier?study={request.study_id}&point=A8&pins=A1,A12", "html").content.decode()
    page = text[: text.index("<script>")]
    assert page.count('class="plot"') == 4  # front, what differs, capacity, cost
    for words in ("Plan A8", "Plan A1", "Plan A12", "Capacity of plan A8", "dominated by"):
        assert words in page, words


def test_a_frontier_on_its_way_says_so():
    request = fake_frontier(arrived=3)
    assert "not finished" in words_of(make(f"/frontier?study={request.study_id}", "xlsx").content)


def test_a_regret_leaves_with_each_cell_and_who_falls_short(regret):
    content = make(f"/choice?study={regret}", "xlsx").content
    stored, cells = Studies().table(regret, "cells"), sheet(content, "Cells")
    assert cells["cost_usd"].sum() == pytest.approx(stored["cost_usd"].sum(), rel=1e-12)
    assert "falls short in Growth +30 %" in words_of(content)
    assert "Made up: The hourly load is synthetic." in words_of(content)
    text = make(f"/choice?study={regret}", "html").content.decode()
    assert text[: text.index("<script>")].count("Least regret") == 1
    assert "Regret by future" in text


@pytest.mark.parametrize(
    ("study", "table", "words"),
    [
        (fake_break_even, "builds.csv", "At 5.050 USD/MMBtu: below it gas turbine and grid"),
        (fake_alternatives, "ranges.csv", "In every plan within 2.0"),
    ],
)
def test_the_other_questions_leave_too_with_their_finding_and_their_class(study, table, words):
    archive = zipfile.ZipFile(io.BytesIO(make(f"/choice?study={study()}", "csv").content))
    stated = archive.read("read-me.txt").decode()
    assert words in stated
    assert "class 5 (±50 %)" in stated
    assert len(pd.read_csv(archive.open(table)))


def test_a_sweep_leaves_with_every_case_also_those_without_a_plan(swept):
    archive = zipfile.ZipFile(io.BytesIO(make(f"/sweep/{swept}", "parquet").content))
    table = pq.read_table(io.BytesIO(archive.read("cases.parquet")))
    assert table.schema.field("lcoe_usd_per_mwh").metadata == {b"unit": b"USD/MWh"}
    cases = table.to_pandas()
    made = cases[cases["state"] == "done"]
    assert made["lcoe_usd_per_mwh"].tolist() == pytest.approx((8 * made[PRICE] + made[COST] / 10).tolist())
    assert (len(cases), len(made)) == (4, 2)
    text = make(f"/sweep/{swept}?figure=lcoe_usd_per_mwh", "html").content.decode()
    assert "HiGHS ended with" in text[: text.index("<script>")]
    assert "All inputs at once" in text


def test_slides_of_a_study_begin_with_its_question_and_let_nothing_overlap(swept, monkeypatch):
    monkeypatch.setattr("dashboard.takeaway.browser.images", lambda charts, *_: {one.name: PIXEL for one in charts})
    deck = list(Presentation(io.BytesIO(make(f"/sweep/{swept}", "pptx").content)).slides)
    first, second = ([one.text_frame.text for one in slide.shapes if one.has_text_frame] for slide in deck[:2])
    assert not {"Asked of", "Result"} & {line for text in first for line in text.splitlines()}
    # Words and what to mind share one box: it grows with them.
    assert sum("Mind: " in text for text in second) == 1
    assert any("Mind: " in text and len(text.splitlines()) > 1 for text in second)


def test_the_command_shown_makes_the_same_file(regret, swept):
    front = f"/frontier?study={fake_frontier().study_id}&point=A8&pins=A1,A12&select=lcoe:62.5:66"
    for of in (front, f"/choice?study={regret}", f"/sweep/{swept}?figure=lcoe_usd_per_mwh&x={PRICE}"):
        line = shlex.split(command_line(of, "csv"))
        assert [unquote(word) for word in line] == ["firmwatt", "export", of, "--format", "csv"]


@pytest.mark.parametrize(
    ("of", "kind", "words"),
    [
        ("/frontier", InputError, "open a stored result"),
        ("/choice?study=regret-gone", StoreError, "regret-gone"),
        ("/sweep/gone", StoreError, "gone"),
    ],
)
def test_what_is_not_there_is_said(of, kind, words):
    with pytest.raises(kind, match=words):
        make(of, "xlsx")


def test_a_study_of_another_page_is_refused(regret):
    with pytest.raises(InputError, match="does not show"):
        make(f"/frontier?study={regret}", "xlsx")


def test_each_page_offers_it_where_there_is_something_to_take(regret, swept):
    import importlib

    create_app()
    pages = {
        "frontier": {"study": fake_frontier().study_id},
        "choice": {"study": regret},
        "sweep": {"sweep_id": swept},
    }
    for name, asked in pages.items():
        page = importlib.import_module(f"dashboard.pages.{name}")
        assert "data-takeaway" in str(page.layout(**asked).to_plotly_json())
    assert "data-takeaway" not in str(importlib.import_module("dashboard.pages.choice").layout().to_plotly_json())
