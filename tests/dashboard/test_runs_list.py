"""Many runs as a list: found, sorted, grouped, cut into pages; the chosen ones tagged, compared, deleted."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from app import create_app
from dashboard.runs_actions import delete_words
from dashboard.runs_list import PAGE_ROWS, View, items, look, tags_in_use
from engine.job import Job, JobState
from engine.jobs import JobTable
from engine.store import Store
from engine.tags import Tagged, Tags
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run
from tests.unit.job_kit import scenario, wait_until


def manifest(number: int, **changes: Any) -> dict[str, Any]:
    """The part of a manifest that a row shows; a higher number is newer and cheaper."""
    return {
        "run_id": f"run-{number}", "name": f"Plan {number % 3}", "status": "done", "termination": "optimal",
        "created_utc": f"2026-11-01T{number // 60:02d}:{number % 60:02d}:00+00:00", "verification": {"passed": True},
        "summary": {"lcoe_usd_per_mwh": 100.0 - number / 10, "adequate": True}, **changes,
    }  # fmt: skip


def job(table: JobTable, name: str, state: JobState, run_id: str | None = None) -> Job:
    queued = table.submit(scenario(name, it_peak_mw=10.0 + len(table.list())), "me")
    return dataclasses.replace(queued, state=state, run_id=run_id, finished=None if state.live else 1e12)


def test_pages_cut_the_list_and_the_last_one_holds_the_rest() -> None:
    every = items((), [manifest(number) for number in range(120)], {})
    first, last = look(every, View()), look(every, View(page=9))
    assert [len(first.items), first.pages, last.view.page, len(last.items)] == [PAGE_ROWS, 3, 3, 120 - 2 * PAGE_ROWS]
    assert [item.run_id for item in first.items[:2]] == ["run-119", "run-118"]
    cheapest = look(every, View(sort="lcoe")).items[0]
    assert cheapest.figure("lcoe_usd_per_mwh") == pytest.approx(100 - 119 / 10)


def test_words_state_and_tag_narrow_together_and_groups_keep_their_whole_size() -> None:
    tags = {"run-3": ("board",), "run-4": ("board",)}
    manifests = [manifest(number) for number in range(60)] + [manifest(90, status="infeasible")]
    every = items((), manifests, tags)
    assert [item.run_id for item in look(every, View(tag="Board", q="plan 0")).items] == ["run-3"]
    assert [item.run_id for item in look(every, View(state="bad")).items] == ["run-90"]
    by_name = look(every, View(group="scenario", sort="name"))
    assert by_name.groups[0][:2] == ("Plan 0", 21)
    assert sum(len(members) for _, _, members in by_name.groups) == PAGE_ROWS
    assert tags_in_use(every) == ["board"]


def test_what_is_under_way_stands_first_and_jobs_of_deleted_runs_go() -> None:
    table = JobTable()
    jobs = [
        job(table, "Runs", JobState.RUNNING), job(table, "Waits", JobState.WAITING),
        job(table, "Plan", JobState.DONE, "run-1"), job(table, "Gone", JobState.DONE, "run-2"),
        job(table, "Cut", JobState.DONE, "run-3"),
    ]  # fmt: skip
    every = items(jobs, [manifest(1), manifest(7)], {}, damaged=frozenset({"run-3"}))
    shown = look(every, View()).items
    assert [item.name for item in shown] == ["Runs", "Waits", "Plan", "Cut", "Plan 1"]
    assert [item.word for item in shown] == ["Running", "Waiting", "Verified", "Result gone", "Verified"]


def test_a_run_of_a_sweep_is_listed_by_its_sweep_alone() -> None:
    every = items((), [manifest(1), manifest(2)], {}, of_sweeps={"run-2"})
    assert [item.run_id for item in every] == ["run-1"]


def test_an_address_gives_its_view_and_the_view_its_address() -> None:
    view = View.of({"q": "grid late", "state": "sound", "sort": "nonsense", "group": "tag", "page": "2"})
    assert view == View(q="grid late", state="sound", group="tag", page=2)
    assert view.search() == "?q=grid+late&state=sound&group=tag&page=2"
    assert View.of({"state": "-", "page": "-4"}).search() == ""


def test_only_what_one_has_queued_oneself_is_deleted() -> None:
    assert delete_words(2, 2).startswith("2\u202fruns that you queued will be gone for good")
    assert "1\u202frun of others or of the command line will stay" in delete_words(2, 3)
    assert "only where the server runs" in delete_words(0, 1)


@pytest.mark.browser
def test_runs_are_filtered_tagged_chosen_across_pages_and_compared(dash_duo: Any) -> None:
    store = Store()
    first = fake_run(store, "First", grid_from=2027)
    for number in range(PAGE_ROWS + 4):
        _copy(store, first, f"copy-{number:02d}")
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open("/runs")
    page.wait_text("#runs-count", f"1–{PAGE_ROWS} of {PAGE_ROWS + 5} runs")
    page.click(".job[data-run] .card-select input")
    page.wait_text("#runs-chosen-words", "1 run chosen")
    page.click("#runs-next")
    page.wait_text("#runs-count", f"{PAGE_ROWS + 1}–{PAGE_ROWS + 5} of")
    page.click(".job[data-run='copy-00'] .card-select input")
    page.wait_text("#runs-chosen-words", "2 runs chosen")
    assert "page=2" in dash_duo.driver.current_url

    page.click("#runs-tag-open")
    page.wait_text("#runs-tag-words", "2\u202fruns")
    page.type("#runs-tag-add", "board, show")
    page.click("#runs-tag-save")
    page.wait_text(".job[data-run='copy-00']", "board")
    assert sorted(Tags().of(Tagged.RUN).values()) == [("board", "show")] * 2
    page.click(".job[data-run='copy-00'] .tag")
    page.wait_text("#runs-count", "2 of 55 runs")
    assert "tag=board" in dash_duo.driver.current_url
    page.click("#runs-list .job:nth-child(1) .card-select input")
    page.click("#runs-list .job:nth-child(2) .card-select input")
    page.wait_text("#runs-chosen-words", "2 runs chosen")
    page.click("#runs-compare-link")
    page.wait_text("h1", "Compare")
    wait_until(lambda: page.find("table.figures"))
    assert page.severe() == []


def _copy(store: Store, run_id: str, other: str) -> None:
    """The same run once more, under another id and an hour of its own."""
    folder = store.root / other
    folder.mkdir()
    for file in (store.root / run_id).glob("*.parquet"):
        (folder / file.name).hardlink_to(file)
    content = json.loads((store.root / run_id / "manifest.json").read_text())
    content |= {"run_id": other, "name": other, "created_utc": f"2026-10-01T00:{int(other[-2:]):02d}:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps(content))
