"""The area that shows what a Solve button started: submitted, waiting, running, done, and a way to cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import dash
from dash import ClientsideFunction, Input, Output, State, dcc, html

from dashboard import jobs
from dashboard.components.job_parts import mirror
from dashboard.components.problems import notice, problem_box
from dashboard.ids import LOCATION
from engine.errors import InputError, StoreError
from engine.job import Job, JobState

POLL_MS = 250


class Ids(Protocol):
    """Ids that a page with Solve buttons has.

    Attributes
    ----------
    REQUEST : str
        Store of the last press: `{"key": scenario, "nonce": ...}`; the nonce makes every press a new one.
    STATUS, JOB, CANCEL, SAID : str
        The words, the job they are about, the button that gives it up, and what that button said.
    """

    REQUEST: str
    STATUS: str
    SAID: str
    JOB: str
    CANCEL: str


def area(ids: Ids) -> html.Div:
    """Place of the words, in the shell; empty until something is solved, and again on the next page."""
    return html.Div(
        [
            # Apart from the words: a last report of progress may arrive after the cancel, and would replace them.
            html.Div(id=ids.SAID, className="solve-said"),
            html.Div(id=ids.STATUS, className="solve-words"),
            html.Div(
                [
                    # Shown by the style sheet while the words are about a live job: `running=` would look for the
                    # button on whatever page is open when the job ends.
                    html.Button("Cancel", id=ids.CANCEL, className="btn btn-small btn-quiet cancel"),
                    dcc.Link("All runs", href="/runs", className="small"),
                ],
                className="solve-actions",
            ),
            dcc.Store(id=ids.REQUEST),
            dcc.Store(id=ids.JOB),
        ],
        className="solve-area",
        **{"aria-live": "polite"},
    )


def register(ids: Ids) -> None:
    """Wire the area of one page."""

    @dash.callback(
        Output(ids.STATUS, "children"),
        Output(ids.JOB, "data"),
        Input(ids.REQUEST, "data"),
        background=True,
        manager=jobs.MANAGER,
        interval=POLL_MS,
        progress=[Output(ids.STATUS, "children"), Output(ids.JOB, "data")],
        # Whoever leaves the page stops watching; the queue in the top bar goes on.
        cancel=[Input(ids.CANCEL, "n_clicks"), Input(LOCATION, "pathname")],
        prevent_initial_call=True,
    )
    def _submit_and_mirror(set_progress: Callable[[Any], None], request: Mapping[str, str] | None) -> tuple[Any, Any]:
        return submit_and_mirror(set_progress, request)

    dash.clientside_callback(
        ClientsideFunction("pages", "quiet"),
        Output(ids.STATUS, "children", allow_duplicate=True),
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(LOCATION, "pathname"),
        prevent_initial_call=True,
    )

    dash.clientside_callback(
        ClientsideFunction("pages", "queueing"),
        Output(ids.STATUS, "children", allow_duplicate=True),
        Output(ids.SAID, "children"),
        Input(ids.REQUEST, "data"),
        prevent_initial_call=True,
    )

    @dash.callback(
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(ids.CANCEL, "n_clicks"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def _cancel(clicks: int | None, job_id: str | None) -> Any:
        return cancelled(job_id) if clicks and job_id else dash.no_update


def submit_and_mirror(set_progress: Callable[[Any], None], request: Mapping[str, str] | None) -> tuple[Any, Any]:
    """Queue what was asked for, then tell what becomes of it until it has ended."""
    if not request or not request.get("key"):
        return dash.no_update, dash.no_update
    try:
        job = jobs.submit(request["key"])
    except InputError as error:
        return problem_box(error, title="Not queued"), None
    except StoreError as error:
        return notice(str(error), "bad"), None
    for seen in jobs.watch(job):
        set_progress((mirror(seen), seen.job_id))
        job = seen
    return _ended(job), job.job_id


def cancelled(job_id: str) -> Any:
    """Give a job up and say what that meant."""
    try:
        return notice(jobs.cancel(job_id), "plain")
    except InputError as error:
        return problem_box(error)


def _ended(job: Job) -> Any:
    opened = job.run_id if job.state is JobState.DONE else None
    link = dcc.Link("Open result", href=f"/run/{opened}", className="btn btn-small btn-primary") if opened else None
    return html.Div([mirror(job), link], className="mirror-ended")
