"""Studies: one job of the queue for a question of several solves; resumable, stored, answered twice from the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from job_kit import scenario

from engine import job_rows, study
from engine.errors import InputError, StoreError
from engine.job import JobState
from engine.jobs import JobTable
from engine.progress import OnProgress, Progress, ignore
from engine.request import SolveRequest, StudyRequest, read_request
from engine.runner import Outcome
from engine.study import Kind, Studies, Workspace, run_study
from engine.worker import Worker


def squares(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """A study of `count` numbers that goes on from what is there and stops at `stop`, as if it had been killed."""
    before = workspace.table("squares")
    rows = [] if before is None else before.to_dict("records")
    for number in range(len(rows), request.options["count"]):
        if number == request.options.get("stop"):
            raise KeyboardInterrupt
        on_progress(Progress("point", number / request.options["count"], f"Number {number}"))
        rows.append(
            {"number": number, "square": float(number**2), "peak_mw": request.load()[0].scenario.load.it_peak_mw}
        )
        workspace.write("squares", pd.DataFrame(rows), {"peak_mw": "MW"})
    return {"solved_now": len(rows) - (0 if before is None else len(before))}


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(study.KINDS, "squares", Kind("Squares", "test_study:squares"))


def asked(folder: Path, name: str = "Four", **options: Any) -> StudyRequest:
    return StudyRequest.of("squares", name, [scenario()], {"count": 4, **options}, folder / "studies")


def test_a_study_is_stored_and_the_same_question_is_answered_from_the_store(tmp_path: Path) -> None:
    request = asked(tmp_path)
    first, second = run_study(request, ignore), run_study(request, ignore)
    assert (first.run_id, first.reused, second.reused) == (request.study_id, False, True)
    assert first.summary == second.summary == {"status": "done", "solved_now": 4}
    studies = Studies(tmp_path / "studies")
    stored = studies.table(request.study_id, "squares")
    assert stored is not None
    assert list(stored["square"]) == [0, 1, 4, 9]
    manifest = studies.manifest(request.study_id)
    assert manifest is not None
    assert (manifest["kind"], manifest["scenarios"], manifest["options"]["count"]) == ("squares", ["Small"], 4)
    assert studies.request(request.study_id).load()[0].scenario == scenario().scenario


def test_another_question_has_another_mark(tmp_path: Path) -> None:
    marks = {asked(tmp_path).mark, asked(tmp_path, count=5).mark,
             StudyRequest.of("squares", "Four", [scenario(it_peak_mw=11.0)], {"count": 4}, tmp_path).mark}  # fmt: skip
    assert len(marks) == 3
    assert asked(tmp_path, name="Other name").mark == asked(tmp_path).mark


def test_a_study_killed_half_way_shows_what_it_has_and_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, studies = asked(tmp_path, stop=2), Studies(tmp_path / "studies")
    with pytest.raises(KeyboardInterrupt):
        run_study(request, ignore)
    partial = studies.table(request.study_id, "squares")
    assert partial is not None
    assert (len(partial), studies.manifest(request.study_id), studies.done(request.study_id)) == (2, None, False)
    request.options.pop("stop")  # type: ignore[attr-defined]  # the same folder: whatever stopped it has gone
    assert run_study(request, ignore).summary["solved_now"] == 2
    assert studies.done(request.study_id)


def test_by_force_nothing_of_the_earlier_answer_stays(tmp_path: Path) -> None:
    run_study(asked(tmp_path), ignore)
    forced = StudyRequest.of("squares", "Four", [scenario()], {"count": 4}, tmp_path / "studies", force=True)
    assert run_study(forced, ignore).summary["solved_now"] == 4


def test_a_deleted_study_is_gone_and_a_crooked_id_opens_nothing(tmp_path: Path) -> None:
    studies, request = Studies(tmp_path / "studies"), asked(tmp_path)
    run_study(request, ignore)
    assert studies.ids() == [request.study_id]
    studies.delete(request.study_id)
    assert studies.ids() == []
    for crooked in ("../runs", "squares-nothing", ""):
        with pytest.raises(StoreError, match="there is no study"):
            studies.path(crooked)


def test_the_units_of_a_table_stand_in_its_file(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    request = asked(tmp_path)
    run_study(request, ignore)
    schema = pq.read_schema(tmp_path / "studies" / request.study_id / "squares.parquet")
    assert schema.field("peak_mw").metadata[b"unit"] == b"MW"


def test_requests_come_back_from_their_line_as_what_they_were(tmp_path: Path) -> None:
    study_request, solve_request = asked(tmp_path), SolveRequest.of(scenario(), tmp_path)
    assert read_request(solve_request.to_json()) == solve_request
    again = read_request(study_request.to_json())
    assert isinstance(again, StudyRequest)
    assert (again.study_id, again.load()) == (study_request.study_id, study_request.load())


def test_a_study_waits_is_joined_and_is_shown_once_stored(tmp_path: Path) -> None:
    queue, request = JobTable(tmp_path / "jobs.sqlite"), asked(tmp_path)
    job = queue.submit_study(request, "anna")
    assert (job.kind, job.name, job.state, job.fingerprint) == ("squares", "Four", JobState.WAITING, request.mark)
    assert queue.submit_study(request, "ben").job_id == job.job_id
    claimed = queue.claim("w", 15)
    assert claimed is not None
    queue.finish(job.job_id, "w", JobState.DONE, run_id=request.study_id, outcome="done")
    assert queue.submit_study(request, "carl", done=True).job_id == job.job_id
    assert queue.submit(scenario(), "anna").kind == "solve"


def test_a_worker_does_a_study_where_pages_look_for_it(tmp_path: Path) -> None:
    queue, request = JobTable(tmp_path / "jobs.sqlite"), asked(tmp_path)
    job = queue.submit_study(request)

    def in_this_process(asked: Any, on_progress: OnProgress, stop: Any) -> Outcome:
        run = run_study(asked, on_progress)
        return Outcome("result", run.run_id, run.summary, run.reused)

    Worker(queue, tmp_path / "runs", solve=in_this_process).run(once=True)
    ended = queue.get(job.job_id)
    assert (ended.state, ended.outcome, ended.run_id) == (JobState.DONE, "done", request.study_id)
    assert Studies(tmp_path / "studies").done(request.study_id)


def test_an_input_file_that_changed_is_refused(tmp_path: Path) -> None:
    request = asked(tmp_path)
    parcel = {**request.scenarios[0], "files": {"load.csv": {"path": str(tmp_path / "load.csv"), "sha256": "0"}}}
    with pytest.raises(InputError, match=r"load\.csv cannot be read"):
        StudyRequest("squares", "Four", request.mark, (parcel,), {"count": 1}, str(tmp_path)).load()


def test_a_job_table_of_before_studies_is_taken_over_with_its_jobs(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    earlier = job_rows.SCHEMA.replace("    kind TEXT NOT NULL DEFAULT 'solve',\n", "")
    with sqlite3.connect(path) as db:
        db.executescript(earlier + "PRAGMA user_version = 1;")
        db.execute(
            "INSERT INTO jobs (job_id, fingerprint, settings, name, state, created, scenario, files) "
            "VALUES ('a', 'f', '', 'Old', 'waiting', 1.0, '{}', '{}')"
        )
    db.close()
    assert [(job.name, job.kind) for job in JobTable(path).list()] == [("Old", "solve")]
