"""Library, editor and queue in a real browser, with a stand-in for the solver that a test can hold and release."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from app import create_app
from engine.jobs import JobTable
from engine.library import Library
from engine.progress import OnProgress, Progress
from engine.request import SolveRequest
from engine.runner import Outcome
from engine.scenario.fingerprint import fingerprint
from engine.store import Store
from engine.worker import Worker
from tests.dashboard.browsing import WAIT_S, Page, know
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import wait_until

pytestmark = pytest.mark.browser


@dataclass
class StandIn:
    """Solves by arithmetic: reports at once, then waits until it is let go."""

    store: Path
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: SolveRequest, on_progress: OnProgress, should_cancel: Callable[[], bool]) -> Outcome:
        for step in range(10_000):
            gap = max(0.01, 0.5 / (step + 1))
            on_progress(Progress("size", min(0.9, 0.3 + step / 200), "Sizing 2026-2027", gap, 97e6, 100e6))
            if should_cancel():
                return Outcome("cancelled")
            if self.let_go.wait(0.1):
                break
        if "fails" in request.source:
            return Outcome("failed", reason="solver process ended with -9\noften memory ran out")
        mark = fingerprint(request.load())
        run_id = fake_run(Store(self.store), request.source, solar_mw=60.0, fingerprint=mark)
        return Outcome("result", run_id, {"status": "done", "mip_gap_frac": 0.01})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def solver(home: Path) -> Iterator[StandIn]:
    """A worker in a thread, with the stand-in."""
    stand_in = StandIn(home / "runs")
    worker = Worker(JobTable(), home / "runs", solve=stand_in)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield stand_in
    worker.stop()
    stand_in.let_go.set()
    thread.join()


@pytest.fixture
def page(home: Path, dash_duo: Any) -> Page:
    dash_duo.start_server(create_app())
    return Page(dash_duo.driver, dash_duo.server_url)


@pytest.fixture
def other(page: Page) -> Iterator[Page]:
    """A second browser, with a cookie of its own."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options)
    know(driver)
    yield Page(driver, page.url)
    driver.quit()


def card(key: str) -> str:
    return f".scenario-card[data-key='{key}']"


def test_a_field_is_edited_saved_as_new_queued_watched_through_a_refresh_and_cancelled(
    page: Page, solver: StandIn
) -> None:
    page.open("/edit/light-gas")
    page.type("#at-load-it_peak_mw input", "0.18k")
    page.wait_text("#at-load-it_peak_mw .field-note", "160")
    page.wait_text("#editor-state", "1\u202funsaved change")
    page.wait_text(".load-table", "225")  # 180 MW x PUE 1.25
    page.type("#at-load-pue input", "abc")
    page.wait_text("#editor-summary", 'is "abc"; it must be a number')
    page.click("#editor-save-as")
    page.wait_text("#editor-message", "nothing that was typed is lost")

    page.driver.refresh()
    wait_until(lambda: page.find("#at-load-pue input") and page.value("#at-load-pue input") == "abc", WAIT_S)
    page.type("#at-load-pue input", "1.25")
    page.wait_text("#editor-summary", "Every field is valid")
    page.click("#editor-solve")
    page.wait("#editor-name-save")
    page.type("#editor-name", "Mine")
    page.click("#editor-name-solve")

    page.wait_text(".job-list", "Sizing 2026-2027")
    assert Library().load("mine").scenario.load.it_peak_mw == 180
    page.driver.refresh()
    page.wait_text(".job-list", "Mine")
    assert "You" in page.text(".job-who")
    page.wait(".job .spark")
    page.click(".job-actions button")
    page.wait_text(".job-list", "Cancelled")
    page.wait_text(".job-actions", "Retry")
    assert page.severe() == []


def test_solving_from_the_library_shows_progress_at_once_and_then_the_result(page: Page, solver: StandIn) -> None:
    page.open("/")
    page.click(f"{card('base')} .card-actions button")
    pressed = time.monotonic()
    page.wait_text("#library-status", "Base")
    assert time.monotonic() - pressed < 2.0  # aimed at 0.5 s; a loaded machine takes longer
    page.wait_text(f"{card('base')} .card-state", "Running")
    page.click(".rail-entry a[href='/runs']")
    page.wait_text(".job-list", "Sizing")
    page.click(".rail-entry a[href='/']")
    page.wait_text(f"{card('base')} .card-state", "Running")
    page.click(f"{card('light-gas')} .card-actions button")
    page.wait_text("#library-status", "Light, gas only")
    solver.let_go.set()
    page.wait_text("#library-status", "Open result")
    words = page.wait_text(card("base"), "LCOE")
    assert "Gas turbine" in words
    page.click(f"{card('base')} .card-select input")
    page.wait_text("#library-compare", "1 scenario chosen")
    assert page.severe() == []


def test_who_leaves_right_after_pressing_solve_finds_no_error(page: Page, solver: StandIn) -> None:
    leave = """
        document.querySelector(arguments[0]).click();
        setTimeout(() => document.querySelector(".rail-entry a[href='/compare']").click(), arguments[1])
    """
    for key, milliseconds in {"base": 0, "light-gas": 40, "light-solar": 100}.items():
        page.open("/")
        page.wait(f"{card(key)} .card-actions button")
        page.driver.execute_script(leave, f"{card(key)} .card-actions button", milliseconds)
        page.wait_text("h1", "Compare")
    solver.let_go.set()
    wait_until(lambda: [job.state.live for job in JobTable().list()] == [False] * 3, WAIT_S)
    assert page.severe() == []


def test_two_browsers_share_one_job_and_one_cancel_takes_it_from_nobody(
    page: Page, other: Page, solver: StandIn
) -> None:
    for browser in (page, other):
        browser.open("/edit/light-gas")
        browser.click("#editor-solve")
        browser.wait_text("#editor-status", "Light, gas only")
    wait_until(lambda: page.wait("#editor-cancel").is_displayed(), WAIT_S)
    (job,) = wait_until(lambda: [job for job in JobTable().list() if len(job.owners) == 2], WAIT_S)
    page.click("#editor-cancel")
    page.wait_text("#editor-said", "it goes on, because one other waits for it")
    other.open("/runs")
    other.wait_text(".job-who", "You")
    solver.let_go.set()
    other.wait_text(".job-list", "Verified")
    assert JobTable().get(job.job_id).state == "done"
    assert page.severe() == other.severe() == []


def test_a_damaged_csv_shows_all_its_problems_and_a_sound_one_its_energy_and_peak(page: Page, home: Path) -> None:
    hours = [f"2023-{_stamp(hour)},{100 + hour % 24}" for hour in range(8760)]
    broken = ["time,facility_mw", *hours[:100], *hours[102:]]
    broken[8] = broken[8].rpartition(",")[0] + ",none"
    (home / "broken.csv").write_text("\n".join(broken))
    (home / "sound.csv").write_text("\n".join(["time,facility_mw,half_mw", *[f"{row},50" for row in hours]]))
    page.open("/edit/light-gas")
    picker = page.wait("#at-load-series input[type=file]")
    picker.send_keys(str(home / "broken.csv"))
    words = page.wait_text("#at-load-series .upload-result", "broken.csv cannot be used")
    assert "lacks 2 hours" in words
    assert '"none"' in words
    assert page.value("#at-load-series input[type=text]") == ""
    picker.send_keys(str(home / "sound.csv"))
    # A day sums to 24 x 100 + 276 = 2,676 MWh; a year of 365 days to 976,740 MWh.
    page.wait_text("#at-load-series .upload-result", "976\u202f740\u202fMWh")
    page.wait_text(".load-table", "123")
    assert page.value("#at-load-series input[type=text]").endswith("sound.csv:facility_mw")
    column = page.wait("#at-load-series select")
    column.send_keys("half")
    page.wait_text(".load-table", "50.0")
    assert page.severe() == []


def choose_by_keyboard(page: Page, menu: str, words: str) -> None:
    """Open a menu and take an entry, with nothing but keys."""
    said = "return document.activeElement.textContent"
    page.wait(menu).send_keys(Keys.ENTER)
    page.wait(".dropdown-menu.show .dropdown-item")
    for _ in range(12):
        page.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
        if page.driver.execute_script(said).startswith(words):
            break
    assert page.driver.execute_script(said).startswith(words)
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)


def _stamp(hour: int) -> str:
    return time.strftime("%m-%d %H:%M", time.gmtime(hour * 3600))


def test_an_import_shows_every_problem_and_a_sound_file_becomes_a_card_that_can_be_deleted(
    page: Page, home: Path
) -> None:
    (home / "bad.yaml").write_text("name: Bad\nload: {pue: 0.5, it_peak_mw: -3}\ntime: {yeers: 2}\n")
    (home / "good.yaml").write_text("name: Brought\nextends: base\ntime: {years: 2}\n")
    page.open("/")
    picker = page.wait("#library-import input[type=file]")
    picker.send_keys(str(home / "bad.yaml"))
    words = page.wait_text("#library-message", "bad.yaml was not imported")
    assert "3 problems" in words
    assert 'did you mean "years"?' in words
    (home / "photo.png").write_bytes(b"\x89PNG\r\n")
    picker.send_keys(str(home / "photo.png"))
    page.wait_text("#library-message", "photo.png was not imported")
    assert "save it as plain YAML" in page.wait_text("#library-message", "is no text file")
    picker.send_keys(str(home / "good.yaml"))
    page.wait_text("#library-message", "Imported “Brought”")
    page.wait_text("#library-grid", "Brought")
    choose_by_keyboard(page, f"{card('brought')} .card-menu button", "Delete")
    page.wait_text(".modal", "leaves the library for good")
    page.click("#library-delete-yes")
    page.wait_text("#library-message", "Deleted “Brought”")
    wait_until(lambda: page.find(card("brought")) is None)
    assert page.severe() == []


def test_a_failure_opens_its_reason_and_damaged_runs_are_listed_apart(page: Page, home: Path, solver: StandIn) -> None:
    (home / "runs" / "torn-1234").mkdir(parents=True)
    key = Library().save({**Library().mapping("light-gas"), "name": "It fails"})
    JobTable().submit(Library().load(key), "somebody")
    solver.let_go.set()
    page.open("/runs")
    page.wait_text(".job-list", "Failed")
    page.click(".job-reason summary")
    page.wait_text(".job-reason", "often memory ran out")
    page.wait_text("#runs-damaged", "torn-1234")
    page.click(".job-actions button")
    page.wait_text("#runs-message", "Queued It fails again")
    assert page.severe() == []


def test_an_empty_queue_says_what_to_do(page: Page) -> None:
    page.open("/runs")
    page.wait_text(".empty", "Queue one in the library")
    assert page.severe() == []
