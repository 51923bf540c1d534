"""One row of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import links
from dashboard.components.icons import icon
from dashboard.components.job_parts import (
    badge,
    bar,
    elapsed,
    gap_line,
    gap_words,
    happening,
    job_badge,
    who_waits,
)
from dashboard.components.list_tools import chooser, tag_links
from dashboard.components.numbers import number
from dashboard.formatting import THIN, amount
from dashboard.ids import Runs
from engine.job import SOLVE, Job, JobState
from engine.request import study_id

Part = Any


Result = tuple[tuple[str, str, str, str], float | None]


def row(
    job: Job, owner: str, now: float, result: Result | None, tags: Sequence[str] = (), *, chosen: bool = False
) -> html.Li:
    """A whole row: what follows the job, and its buttons.

    Parameters
    ----------
    job : Job
    owner : str
        Who looks.
    now : float
        Epoch seconds.
    result : (judgement, LCOE [USD/MWh]) or None
        Of its run, when it has one that can be read.
    tags : sequence of str
        Of its run.
    chosen : bool
        Ticked already.
    """
    return html.Li(
        [
            html.Div(live(job, owner, now, result, tags), id=Runs.live(job.job_id), className="job-live"),
            html.Div(actions(job, owner, result, chosen=chosen), id=Runs.actions(job.job_id), className="job-actions"),
        ],
        className="job",
        **{"data-job": job.job_id},
    )


def live(job: Job, owner: str, now: float, result: Result | None, tags: Sequence[str] = ()) -> list[Part]:
    """State, what is happening, progress, gap, time and who waits."""
    return [
        html.Div(_state(job, result), className="job-state"),
        html.Div([named(job.name, tags, _name(job)), _happening(job, result)], className="job-words"),
        html.Div([bar(job) if _has_progress(job) else None, _under_bar(job)], className="job-progress"),
        html.Div(gap_line(job.gap_trace), className="job-spark"),
        html.Div([html.Div(elapsed(job, now), className="number"), _when(job, now)], className="job-time"),
        html.Div(_waiting(job, owner), className="job-who"),
    ]


def named(name: str, tags: Sequence[str], title: Part = None) -> html.Div:
    """Name of a run (or what leads to it), and its tags as links to all runs that have them."""
    return html.Div(
        [html.Span(title or name, className="job-title", title=name), *tag_links(tags, "/runs")], className="job-name"
    )


def live_digest(job: Job, owner: str, now: float) -> str:
    """Changes whenever `live` would look different."""
    parts = (job.state, job.outcome, job.message, f"{job.progress_frac:.2f}", job.mip_gap_frac, job.bound_usd)
    return "|".join(map(str, (*parts, job.cancelling, job.run_id, who_waits(job, owner), *_clock(job, now))))


def actions(job: Job, owner: str, result: Result | None, *, chosen: bool = False) -> list[Part]:
    """Cancel what one waits for, open what is done, retry what has ended otherwise."""
    if job.state.live:
        mine = owner in job.owners
        words = "Give up" if mine and len(job.owners) > 1 else "Cancel"
        title = "Others wait for it too: it goes on for them" if words == "Give up" else "Stop this solve"
        join = html.Button("Wait too", id=Runs.do("attach", job.job_id), className="btn btn-small btn-quiet")
        stop = html.Button(words, id=Runs.do("cancel", job.job_id), className="btn btn-small btn-quiet", title=title)
        return [stop if mine or not job.owners else join]
    if job.run_id and result is not None:
        tick = chooser(Runs.select(job.job_id, job.run_id), job.name, chosen=chosen)
        opens = dcc.Link("Open", href=links.result_href(job), className="btn btn-small btn-primary")
        return [tick, opens] if job.kind == SOLVE else [opens]
    return [
        html.Button(
            [icon("undo"), "Retry"], id=Runs.do("retry", job.job_id), className="btn btn-small btn-quiet"
        )
    ]  # fmt: skip


def actions_digest(job: Job, owner: str) -> str:
    """Changes whenever `actions` would look different."""
    return f"{job.state}|{job.run_id}|{owner in job.owners}|{len(job.owners) > 1}"


def _name(job: Job) -> Part:
    """A study's page fills in while it runs: its name leads there."""
    if job.kind not in links.STUDY_PAGES:
        return job.name
    return dcc.Link(job.name, href=links.study_href(job.kind, study_id(job.kind, job.fingerprint)))


def _state(job: Job, result: Result | None) -> Part:
    """A finished solve is worth what its run is worth."""
    if job.state is not JobState.DONE:
        return job_badge(job)
    return badge(*result[0][:3]) if result else badge("Result gone", "bad", "warning")


def _happening(job: Job, result: Result | None) -> Part:
    if job.state is JobState.DONE:
        return _found(result)
    words = happening(job)
    if job.state is JobState.FAILED and job.reason.strip() != words:
        return html.Details(
            [html.Summary([words, icon("down")]), html.Pre(job.reason.strip().removeprefix(words).strip())],
            className="job-reason small",
        )
    return html.Div(words, className="small muted job-message", title=words)


def _found(result: Result | None) -> Part:
    if result is None:
        return html.Div("Its run was deleted, or is damaged: see below", className="small muted job-message")
    (_, _, _, detail), lcoe = result
    figure = [] if lcoe is None else ["LCOE ", number(amount(lcoe, "USD/MWh"))]
    words = [f" · {detail}" if figure else detail] if detail else []
    return html.Div([*figure, *words], className="small muted job-message", title=detail or None)


def _has_progress(job: Job) -> bool:
    return job.state in (JobState.RUNNING, JobState.DONE) or job.progress_frac > 0


def _under_bar(job: Job) -> html.Div:
    words = gap_words(job)
    return html.Div(words, className="small muted job-gap", title=words)


def _when(job: Job, now: float) -> html.Div:
    if job.finished is None:
        return html.Div("in the queue" if job.state is JobState.WAITING else "running", className="small muted")
    return html.Div(_ago(now - job.finished), className="small muted")


def _ago(seconds: float) -> str:
    if seconds < 60:
        return "just now"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)}{THIN}{unit} ago"
    return ""


def _clock(job: Job, now: float) -> tuple[str, str]:
    return elapsed(job, now), "" if job.finished is None else _ago(now - job.finished)


def _waiting(job: Job, owner: str) -> Part:
    words = who_waits(job, owner)
    return html.Span(words, title="Who waits for this solve", className="small") if words else None
