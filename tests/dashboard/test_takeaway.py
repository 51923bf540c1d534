"""What is taken away holds the store's own numbers, says what speaks against them, and needs nothing from outside."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from dash import dcc, html
from typer.testing import CliRunner

from app import create_app
from dashboard.takeaway import CannotMake, browser, make, subjects, take_away
from dashboard.takeaway.document import Document, Sheet
from dashboard.takeaway.formats import FORMATS
from dashboard.takeaway.making import command_line
from dashboard.takeaway.static_html import static
from dashboard.takeaway.subject import Subject
from engine.cli import app as firmwatt
from engine.cli import exporting
from engine.errors import InputError
from engine.store import Store
from tests.dashboard.fake_runs import fake_run, infeasible_run

pytestmark = pytest.mark.usefixtures("in_an_app")

STEM = "firmwatt-grid-late-grid-early"


@pytest.fixture
def pair() -> tuple[str, str]:
    """Two runs; the second is time-limited, burns cheaper gas and has a grid earlier."""
    store = Store()
    cheaper = {"fuel": {"price_usd_per_mmbtu": 3}}
    first = fake_run(store, "Grid late", grid_from=2027)
    second = fake_run(store, "Grid <early>", grid_from=2026, turbine_mw=220, termination="time_limit", changes=cheaper)
    return first, second


def address(pair: tuple[str, str]) -> str:
    return f"/compare?runs={','.join(pair)}&base={pair[0]}&year=2026&week=9"


def sheet(content: bytes, name: str) -> pd.DataFrame:
    """A sheet as its readers see it: names in row 3, units in row 4."""
    frame = pd.read_excel(io.BytesIO(content), sheet_name=name, header=2, skiprows=[3])
    return frame


def test_a_workbook_holds_the_numbers_of_the_store(pair):
    content = make(address(pair), "xlsx").content
    summaries = [Store().manifest(run_id)["summary"] for run_id in pair]
    first, second = (summary["lcoe_usd_per_mwh"] for summary in summaries)
    row = sheet(content, "Figures").set_index("figure").loc["Levelised cost"]
    assert row["unit"] == "USD/MWh"
    assert [row["A Grid late"], row["B Grid <early>"]] == pytest.approx([first, second], rel=1e-12)
    assert row["B Grid <early> − base"] == pytest.approx(second - first, rel=1e-9)
    assert row["B Grid <early> − base, share"] == pytest.approx((second - first) / first, rel=1e-9)
    assert "A Grid late − base" not in row

    capacity = sheet(content, "Capacity")
    stored = Store().table(pair[1], "capacity")
    mine = capacity[capacity["run_id"] == pair[1]]
    assert mine["p_nom_mw"].tolist() == pytest.approx(stored["p_nom_mw"].tolist())
    hours = sheet(content, "Hours")
    assert len(hours) == 2 * 168
    whole = Store().table(pair[0], "hourly")
    week = whole[(whole["year"] == 2026) & (whole["hour"] >= 8 * 168) & (whole["hour"] < 9 * 168)]
    assert hours[hours["run"] == "A Grid late"]["load_mw"].sum() == pytest.approx(week["load_mw"].sum(), rel=1e-12)
    assert sheet(content, "Inputs that differ").set_index("label").loc["Gas price"].tolist()[-2:] == [3.5, 3]
    costs = sheet(content, "Costs")
    over_base = costs[costs["run"] == "B Grid <early>"]["usd_per_mwh_over_base"].sum()
    assert over_base == pytest.approx(second - first, abs=0.005)  # the bridge sums to the difference, to the cent


def test_a_workbook_says_units_and_what_speaks_against_a_run(pair):
    book = openpyxl.load_workbook(io.BytesIO(make(address(pair), "xlsx").content))
    assert book.sheetnames[:5] == ["Summary", "Runs", "Figures", "Inputs that differ", "All inputs"]
    names, units = ([cell.value for cell in book["Capacity"][row]] for row in (3, 4))
    assert dict(zip(names, units, strict=True))["p_nom_mw"] == "MW"
    words = " ".join(str(row[1].value) for row in book["Summary"].iter_rows(min_row=5))
    assert "B Grid <early> stopped at its time limit, proven only within 0.40" in words
    assert "Made up: The hourly load is synthetic." in words
    runs = dict(zip((cell.value for cell in book["Runs"][3]), (cell.value for cell in book["Runs"][6]), strict=True))
    assert (runs["time_limited"], runs["adequate"], runs["gap"]) == ("yes", "yes", 0.004)


def test_a_name_is_never_a_formula():
    evil = '=HYPERLINK("http://elsewhere.org","x")'
    runs = fake_run(Store(), evil), fake_run(Store(), "Plain")
    content = make(f"/compare?runs={runs[0]},{runs[1]}", "xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not [cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_tables_come_tidy_with_their_units(pair):
    made = make(address(pair), "csv")
    assert made.filename == f"{STEM}-csv.zip"
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    figures = pd.read_csv(archive.open("figures.csv"))
    lcoe = figures[(figures["metric"] == "lcoe_usd_per_mwh") & (figures["run_id"] == pair[0])]["value"].item()
    assert lcoe == pytest.approx(Store().manifest(pair[0])["summary"]["lcoe_usd_per_mwh"], rel=1e-12)
    units = pd.read_csv(archive.open("units.csv")).set_index(["table", "column"])["unit"]
    assert units["hours", "turbine_mw"] == "MW"
    assert "time limit" in archive.read("read-me.txt").decode()
    parquet = zipfile.ZipFile(io.BytesIO(make(address(pair), "parquet").content))
    table = pq.read_table(io.BytesIO(parquet.read("costs.parquet")))
    assert table.schema.field("npv_usd").metadata == {b"unit": b"USD"}
    total = Store().manifest(pair[1])["summary"]["npv_cost_usd"]
    assert table.to_pandas().groupby("run_id")["npv_usd"].sum()[pair[1]] == pytest.approx(total)
    assert {name.rpartition(".")[0] for name in parquet.namelist()} == {
        name.rpartition(".")[0] for name in archive.namelist() if name != "units.csv"
    }


LOADS = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=|@import|url\((?!data:)""")


def test_a_report_loads_nothing_and_tells_everything(pair):
    text = make(address(pair), "html").content.decode()
    before_plotly = text[: text.index("<script>")]
    assert LOADS.findall(before_plotly) == []
    assert re.findall(r'<(?:script|link)[^>]+(?:src|href)="https?:', text) == []
    lcoe = Store().manifest(pair[0])["summary"]["lcoe_usd_per_mwh"]
    for words in (
        f">{lcoe:.1f}<",
        "Time-limited",
        "Mind when reading",
        "Gas price",
        pair[1],
        "Made up: The hourly load",
    ):
        assert words in before_plotly, words
    assert "Grid &lt;early&gt;" in before_plotly
    assert "<early>" not in text  # in charts too
    assert text.count('class="plot"') == text.count("Plotly.newPlot(id") * 5  # capacity, cost, bridge, week, map


def test_a_report_is_light_whatever_the_browser_shows(pair):
    client = create_app().server.test_client()
    client.set_cookie("firmwatt_theme", "dark")
    answer = client.get("/takeaway/html", query_string={"of": address(pair)})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="firmwatt-grid-late-grid-early.html"'
    text = answer.get_data(as_text=True)
    figures = text[text.index("const FIGURES") :]
    assert "#16191f" in figures  # the ink of the light theme
    assert "#e9ebef" not in figures  # that of the dark one


def test_one_run_and_a_run_without_a_plan_come_too():
    flexible, none = fake_run(Store(), "Flexible", response=True, unserved_mwh=50.0), infeasible_run(Store())
    content = make(f"/run/{flexible}?year=2026&week=3", "xlsx").content
    figures = sheet(content, "Figures").set_index("name")["value"]
    summary = Store().manifest(flexible)["summary"]
    assert figures["npv_cost_usd"] == pytest.approx(summary["npv_cost_usd"])
    assert len(sheet(content, "Hours")) == 168
    assert "is inadequate: 50" in " ".join(sheet(content, "Summary")["words"])
    assert "Cuts over the year" in make(f"/run/{flexible}", "html").content.decode()
    said = make(f"/run/{none}", "html").content.decode()
    assert "has no plan" in said
    assert "312" in said  # the remedy: NOx at 312 t
    with pytest.raises(CannotMake, match="no chart"):
        make(f"/run/{none}", "png")


@pytest.mark.parametrize(
    ("of", "format", "code", "words"),
    [
        ("/compare?runs=gone,away", "xlsx", 422, "needs at least 2"),
        ("/run/gone", "xlsx", 404, "gone"),
        ("/library", "xlsx", 422, "/compare, /run, /frontier, /choice, /sweep can be"),
        ("/run/gone", "csv", 422, 'is "csv"; it comes as html, pdf'),
        ("/s/nowhere", "xlsx", 422, "not known on this server"),
        ("", "xlsx", 422, "names nothing"),
    ],
)
def test_what_cannot_be_taken_away_says_why(of, format, code, words):
    answer = create_app().server.test_client().get(f"/takeaway/{format}", query_string={"of": of})
    assert answer.status_code == code
    assert words in answer.get_data(as_text=True)


def test_without_a_browser_that_is_said_and_the_rest_works(pair, monkeypatch):
    monkeypatch.setenv("FIRMWATT_BROWSER", "/nowhere/chromium")
    client = create_app().server.test_client()
    answers = {name: client.get(f"/takeaway/{name}", query_string={"of": address(pair)}) for name in FORMATS}
    refused = {name for name, answer in answers.items() if answer.status_code == 503}
    assert refused == {name for name, format in FORMATS.items() if format.slow} == {"pdf", "pptx", "png", "svg"}
    assert "FIRMWATT_BROWSER names /nowhere/chromium" in answers["pdf"].get_data(as_text=True)


def test_one_browser_draws_two_wait_and_the_fourth_is_told(monkeypatch):
    running, go = threading.Semaphore(0), threading.Event()
    most = []

    def slow(*_: object) -> str:
        most.append(1)
        running.release()
        go.wait(10)
        return ""

    monkeypatch.setattr(browser, "_run", slow)
    monkeypatch.setattr(browser, "browser", lambda: "chromium")

    def ask() -> None:
        with pytest.raises(CannotMake, match="printed no PDF"):
            browser.pdf(b"")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert running.acquire(timeout=10)
    while browser._PLACES._value:  # all three have their place
        pass
    with pytest.raises(CannotMake, match="Others are drawing"):
        browser.pdf(b"")
    assert len(most) == 1
    go.set()
    for thread in threads:
        thread.join(10)
    assert browser._PLACES._value == 3


def test_a_browser_that_hangs_is_ended_with_its_children(monkeypatch):
    monkeypatch.setattr(browser, "AT_MOST_S", 0.5)
    with pytest.raises(CannotMake, match="did not finish"):
        browser._run(["sh", "-c", "sleep 61.25 & sleep 61.25"], b"")
    assert subprocess.run(["pgrep", "-f", "sleep 61.25"], stdout=subprocess.DEVNULL).returncode == 1


VIEWS = (
    "/compare?runs={0},{1}&base={1}&year=2026&week=9&map=load_mw",
    "/run/{0}?year=2027&week=2&costs=technology",
    "/compare?runs={1},{0}",
)


@pytest.mark.parametrize("view", VIEWS)
def test_the_command_shown_makes_the_same_view(pair, view, monkeypatch):
    of, asked = view.format(*pair), []
    monkeypatch.setattr(exporting, "_make", lambda *given: asked.append(given) or {"file": "x", "bytes": 1})
    line = shlex.split(command_line(of, "pdf"))
    assert line[0] == "firmwatt"
    assert CliRunner().invoke(firmwatt, line[1:]).exit_code == 0
    assert asked == [(of, exporting.Format.PDF, None)]


def test_the_command_line_writes_the_file_and_refuses_in_words(pair, tmp_path: Path):
    ran = CliRunner().invoke(firmwatt, ["export", *pair, "--format", "xlsx", "--out", str(tmp_path), "--json"])
    said = json.loads(ran.stdout)
    assert (ran.exit_code, said["status"], said["file"]) == (0, "done", str(tmp_path / f"{STEM}.xlsx"))
    assert sheet((tmp_path / f"{STEM}.xlsx").read_bytes(), "Runs")["run_id"].tolist() == list(pair)
    for arguments, words in (
        (["/compare?runs=gone", "--format", "html"], "needs at least 2"),
        ([*pair, "--format", "json"], "firmwatt compare RUN RUN --json"),
        ([pair[0], "--base", pair[0], "--format", "html"], "--base needs two runs"),
        (["/s/abc", "--year", "2026", "--format", "html"], "give it alone"),
    ):
        refused = CliRunner().invoke(firmwatt, ["export", *arguments])
        assert refused.exit_code == 2
        assert words in refused.stderr


def test_python_writes_the_file_and_says_where(pair, tmp_path: Path):
    assert take_away(address(pair), "xlsx", tmp_path) == tmp_path / f"{STEM}.xlsx"
    named = take_away(address(pair), "csv", tmp_path / "new" / "tables.zip")
    assert zipfile.is_zipfile(named)


def test_a_new_subject_is_one_entry_and_has_every_format(monkeypatch):
    def build(tail: str, query: dict[str, str]) -> Document:
        table = Sheet("Points", pd.DataFrame({"cost_usd": [1.5, 2.5]}), {"cost_usd": "USD"})
        return Document(f"Front {tail}", "front", f"/front/{tail}", sentences=(query["said"],), workbook=(table,),
                        tables=(table,), parts=(html.P("The knee."),))  # fmt: skip

    subject = Subject("front", "frontier", ("html", "xlsx", "csv"), build, lambda tail, query: [f"/front/{tail}"])
    monkeypatch.setitem(subjects.SUBJECTS, "front", subject)
    of = "/front/a?said=Cheap"
    assert sheet(make(of, "xlsx").content, "Points")["cost_usd"].tolist() == [1.5, 2.5]
    assert "The knee." in make(of, "html").content.decode()
    assert command_line(of, "csv") == "firmwatt export /front/a --format csv"
    with pytest.raises(InputError, match="comes as html, xlsx, csv"):
        make(of, "pdf")


def test_static_html_keeps_words_and_leaves_what_needs_a_hand():
    part = html.Div(
        [dcc.Link("A plan", href="/run/x"), html.Button("Solve"),
         html.A("CSV", href="data:text/csv,a", download="a.csv"),
         html.A("All", href="/export/x/hourly.csv", download=""), html.Span("<b>", title='a"b'), None, 7],
        className="panel", style={"minWidth": "5px"}, **{"aria-label": "x"},
    )  # fmt: skip
    assert static(part, lambda _: "") == (
        '<div class="panel" aria-label="x" style="min-width: 5px"><span>A plan</span>'
        '<a download="a.csv" href="data:text/csv,a">CSV</a><span title="a&quot;b">&lt;b&gt;</span>7</div>'
    )
    assert static(html.Details("x"), lambda _: "", opened=True) == "<details open>x</details>"


def test_a_chart_for_paper_leaves_the_page_its_own(pair):
    chart = subjects.document(address(pair)).charts[0]
    drawn = chart.figure(700, 300)
    assert (drawn.layout.width, drawn.layout.height, drawn.layout.paper_bgcolor) == (700, 300, "#ffffff")
    assert chart.view.figure.layout.width is None
    assert replace(chart, title="x").title == "x"
