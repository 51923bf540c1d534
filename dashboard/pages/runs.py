"""The queue that everybody sees: what waits, what runs, what became of the rest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from dashboard import data, sweep_view
from dashboard.components import job_row, stored_row
from dashboard.components.empty import empty_state
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.problems import notice, problem_box
from dashboard.ids import Runs as Ids
from dashboard.owner import owner_id
from dashboard.standing import judge
from engine.errors import InputError, StoreError
from engine.job import SOLVE, Job
from engine.jobs import JobTable
from engine.study import KINDS, Studies

BUSY_MS, IDLE_MS = 500, 3000
ROWS = 200

dash.register_page(__name__, path="/runs", name="Runs", title="Runs · Firmwatt")


def layout(**_query: str) -> html.Div:
    """The page, drawn as things stand."""
    jobs, owner, now = JobTable().list(ROWS), owner_id(), time.time()
    return html.Div(
        [
            page(
                page_head("Runs", actions=html.Span(id=Ids.WORKER, children=_worker_words(jobs))),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(_rows(jobs, owner, now), id=Ids.LIST, className="jobs"),
                html.Div(_elsewhere(jobs), id=Ids.ELSEWHERE, className="jobs elsewhere"),
                html.Div(_damaged(), id=Ids.DAMAGED, className="damaged"),
            ),
            html.Div(id=Ids.COMPARE, className="compare-bar", hidden=True),
            dcc.Store(id=Ids.SHOWN, data=_digests(jobs, owner, now)),
            dcc.Interval(id=Ids.TICK, interval=_pace(jobs)),
        ]
    )


def _rows(jobs: Sequence[Job], owner: str, now: float) -> Any:
    if not jobs and solved_elsewhere(jobs):
        return html.P("Nothing has been queued yet.", className="muted")
    if not jobs:
        words = "Solves show up here with their progress, for everybody who opens this page. Queue one in the library."
        return empty_state("Nothing has been queued yet", words, [("Open the library", "/")])
    return html.Ul([job_row.row(job, owner, now, result(job)) for job in jobs], className="job-list")


def result(job: Job) -> job_row.Result | None:
    """What a job's run is worth; None without one that can be read."""
    if not job.run_id:
        return None
    if job.kind != SOLVE:
        return _of_study(job)
    try:
        manifest = data.manifest(job.run_id)
    except StoreError:
        return None
    return judge(manifest), manifest.get("summary", {}).get("lcoe_usd_per_mwh")


def _of_study(job: Job) -> job_row.Result | None:
    """A study's job: done, and of which kind."""
    label = KINDS[job.kind].label if job.kind in KINDS else job.kind
    return (("Done", "good", "check", label), None) if Studies().done(str(job.run_id)) else None


def solved_elsewhere(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Manifests of runs that neither a job in view nor a sweep tells of, newest first."""
    told = {job.run_id for job in jobs} | sweep_view.run_ids()
    return [manifest for manifest in data.runs() if manifest["run_id"] not in told][:ROWS]


def _elsewhere(jobs: Sequence[Job]) -> list[Any]:
    """Runs of the command line; nothing when there are none."""
    found = solved_elsewhere(jobs)
    if not found:
        return []
    note = html.P("By the command line, or so long ago that the queue has forgotten them.", className="muted")
    rows = html.Ul([stored_row.row(manifest) for manifest in found], className="job-list")
    return [html.H2("Solved elsewhere"), note, rows]


def _worker_words(jobs: Sequence[Job]) -> Any:
    """Say so when jobs wait and nobody works them off."""
    if any(job.state.live for job in jobs) and not JobTable().workers():
        return html.Span([icon("warning"), "No worker runs: jobs wait until one starts"], className="mark mark-warn")
    return None


def _damaged() -> list[Any]:
    found = data.damaged()
    if not found:
        return []
    lines = [html.Li([html.Code(name), html.Span(reason, className="muted")]) for name, reason in found]
    return [
        html.H2("Damaged or half-written runs"),
        html.P("They are left as they are and cannot be opened; solve their scenario again.", className="muted"),
        html.Ul(lines),
    ]


def _digests(jobs: Sequence[Job], owner: str, now: float) -> dict[str, Any]:
    """What each row shows, for telling which rows have to be drawn again."""
    rows = {
        job.job_id: [job_row.live_digest(job, owner, now), job_row.actions_digest(job, owner)] for job in jobs
    }  # fmt: skip
    elsewhere = [manifest["run_id"] for manifest in solved_elsewhere(jobs)]
    return {"order": [job.job_id for job in jobs], "rows": rows, "elsewhere": elsewhere}


def _pace(jobs: Sequence[Job]) -> int:
    return BUSY_MS if any(job.state.live for job in jobs) else IDLE_MS


@dash.callback(
    Output(Ids.LIST, "children"),
    Output(Ids.DAMAGED, "children"),
    Output(Ids.ELSEWHERE, "children"),
    Output(Ids.SHOWN, "data"),
    Output(Ids.TICK, "interval"),
    Output(Ids.WORKER, "children"),
    Output({"type": "runs-live", "job": ALL}, "children"),
    Output({"type": "runs-actions", "job": ALL}, "children"),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, before: dict[str, Any] | None) -> tuple[Any, ...]:
    """Draw again only what changed; the whole list when jobs came or changed places."""
    jobs, owner, now = JobTable().list(ROWS), owner_id(), time.time()
    after, keep = _digests(jobs, owner, now), dash.no_update
    shown = [output["id"]["job"] for output in ctx.outputs_list[6]]
    pace, worker = _pace(jobs), _worker_words(jobs)
    same = before is not None and before.get("elsewhere") == after["elsewhere"]
    others = keep if same else _elsewhere(jobs)
    if before is None or before.get("order") != after["order"] or shown != after["order"]:
        nothing = [keep] * len(shown)
        return _rows(jobs, owner, now), _damaged(), others, after, pace, worker, nothing, nothing
    changes = [
        [old != new for old, new in zip(before["rows"][key], after["rows"][key], strict=True)] for key in shown
    ]  # fmt: skip
    rows = list(zip(jobs, changes, strict=True))
    lives = [job_row.live(job, owner, now, result(job)) if moved else keep for job, (moved, _) in rows]
    buttons = [job_row.actions(job, owner, result(job)) if moved else keep for job, (_, moved) in rows]
    return keep, keep, others, after if after != before else keep, pace, worker, lives, buttons


@dash.callback(
    Output(Ids.MESSAGE, "children"),
    Output(Ids.TICK, "interval", allow_duplicate=True),
    Input({"type": "runs-do", "do": ALL, "job": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def _act(_clicks: list[int | None]) -> tuple[Any, Any]:
    """Cancel, retry, or wait too; the next tick shows what became of it."""
    if not ctx.triggered[0]["value"]:
        return dash.no_update, dash.no_update
    asked, owner, table = ctx.triggered_id, owner_id(), JobTable()
    try:
        if asked["do"] == "cancel":
            return notice(table.cancel(asked["job"], owner), "plain"), BUSY_MS
        if asked["do"] == "attach":
            job = table.attach(asked["job"], owner)
            return notice(f"You wait for {job.name} too.", "plain"), BUSY_MS
        job = table.retry(asked["job"], owner)
    except InputError as error:
        return problem_box(error), BUSY_MS
    return notice(f"Queued {job.name} again.", "plain"), BUSY_MS


dash.clientside_callback(
    ClientsideFunction("pages", "compareBar"),
    Output(Ids.COMPARE, "children"),
    Output(Ids.COMPARE, "hidden"),
    Input({"type": "runs-select", "job": ALL, "run": ALL}, "value"),
    State({"type": "runs-select", "job": ALL, "run": ALL}, "id"),
)
