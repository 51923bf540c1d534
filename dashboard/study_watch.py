"""Following a study on the page that shows it: its job's progress, a way to cancel, its tables as they arrive.

The page's address names the study; whoever opens it sees the study where it stands. Closing the page stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import dash
from dash import Input, Output, State, dcc, html

from dashboard.components.job_parts import mirror
from dashboard.components.problems import notice
from dashboard.owner import owner_id
from engine.errors import InputError, StoreError
from engine.job import SOLVE, Job, JobState
from engine.jobs import JobTable
from engine.request import StudyRequest, study_id
from engine.study import Studies

TICK_MS = 700
Show = Callable[[dict[str, Any]], Any]


class Ids(Protocol):
    """Ids of the area.

    Attributes
    ----------
    STUDY : str
        Store of what is followed: `{"study": id, ...}`; what else it holds is the page's own matter.
    TICK, FOLLOW, CANCEL, RESULT, SEEN : str
    """

    STUDY: str
    TICK: str
    FOLLOW: str
    CANCEL: str
    RESULT: str
    SEEN: str


def submit(request: StudyRequest) -> Job:
    """Queue a study for whoever pressed the button; a stored one is shown at once."""
    return JobTable().submit_study(request, owner_id(), done=Studies().done(request.study_id))


def job_of(study: str) -> Job | None:
    """The newest job of a study."""
    for job in JobTable().list():
        if job.kind != SOLVE and study_id(job.kind, job.fingerprint) == study:
            return job
    return None


def question_of(study: str) -> StudyRequest | None:
    """What a study asks: as it is stored, or as it waits."""
    try:
        return Studies().request(study)
    except StoreError:
        job = job_of(study)
    if job is None:
        return None
    whole = JobTable().get(job.job_id)
    content = whole.scenario
    return StudyRequest(
        job.kind, job.name, job.fingerprint, tuple(content["scenarios"]), content["options"], str(Studies().root)
    )


def area(ids: Ids, kept: dict[str, Any], show: Show) -> html.Div:
    """Progress and result of a study; empty where none is asked for."""
    words, live = _standing(str(kept.get("study") or ""))
    return html.Div(
        [
            dcc.Store(id=ids.STUDY, data=kept),
            dcc.Store(id=ids.SEEN, data=_stamp(str(kept.get("study") or ""))),
            dcc.Interval(id=ids.TICK, interval=TICK_MS, disabled=not live),
            html.Div(
                [
                    html.Div(words, id=ids.FOLLOW, className="follow-words"),
                    html.Button("Cancel", id=ids.CANCEL, className="btn btn-small btn-quiet", hidden=not live),
                ],
                className="follow",
                **{"aria-live": "polite"},
            ),
            html.Div(show(kept) if kept.get("study") else None, id=ids.RESULT, className="study-result"),
        ],
        className="study-area",
    )


def register(ids: Ids, show: Show) -> None:
    """Wire the area.

    Parameters
    ----------
    show : callable
        Of what the store STUDY holds: the result as far as it has come.
    """

    @dash.callback(
        Output(ids.FOLLOW, "children"),
        Output(ids.CANCEL, "hidden"),
        Output(ids.TICK, "disabled"),
        Output(ids.RESULT, "children"),
        Output(ids.SEEN, "data"),
        Input(ids.TICK, "n_intervals"),
        State(ids.STUDY, "data"),
        State(ids.SEEN, "data"),
        prevent_initial_call=True,
    )
    def _follow(_ticks: int, kept: dict[str, Any] | None, seen: str | None) -> tuple[Any, ...]:
        if not kept or not kept.get("study"):
            return (dash.no_update,) * 5
        words, live = _standing(kept["study"])
        stamp = _stamp(kept["study"])
        result = dash.no_update if stamp == seen else show(kept)
        return words, not live, not live, result, stamp

    @dash.callback(
        Output(ids.FOLLOW, "children", allow_duplicate=True),
        Input(ids.CANCEL, "n_clicks"),
        State(ids.STUDY, "data"),
        prevent_initial_call=True,
    )
    def _cancel(clicks: int | None, kept: dict[str, Any] | None) -> Any:
        job = job_of(kept["study"]) if clicks and kept and kept.get("study") else None
        if job is None:
            return dash.no_update
        try:
            return notice(JobTable().cancel(job.job_id, owner_id()), "plain")
        except InputError as error:
            return notice(str(error), "bad")


def _standing(study: str) -> tuple[Any, bool]:
    """What to say of a study's job, and whether it is still on its way."""
    if not study:
        return None, False
    job = job_of(study)
    if Studies().done(study) and not (job and job.state.live):
        return None, False
    if job is None:
        return notice("This study is not here (any more); ask again.", "bad"), False
    if job.state is JobState.CANCELLED:
        return notice("Cancelled. What has arrived is kept; ask again to go on from there.", "plain"), False
    return mirror(job), job.state.live


def _stamp(study: str) -> str:
    """Changes whenever a table of the study does."""
    if not study:
        return ""
    try:
        folder = Studies().path(study)
    except StoreError:
        return ""
    files = sorted(folder.glob("*.parquet")) + sorted(folder.glob("manifest.json"))
    return " ".join(f"{file.stem}:{file.stat().st_mtime_ns}" for file in files)
