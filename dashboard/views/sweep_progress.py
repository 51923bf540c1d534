"""How far a sweep is: state, bar, counts, time; the same in the list of sweeps and on a sweep's page."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.icons import icon
from dashboard.components.job_parts import badge, duration
from dashboard.components.problems import notice
from dashboard.formatting import plural
from dashboard.ids import Sweep as Ids
from engine.jobs import JobTable
from engine.sweep import dataset, sweeps
from engine.sweep.spec import DESIGNS
from engine.sweep.sweeps import Status

_LOOKS = {
    sweeps.RUNNING: ("Running", "live", "play"),
    sweeps.CANCELLED: ("Cancelled", "plain", "close"),
    sweeps.STOPPED: ("Budget spent", "warn", "clock"),
    sweeps.DONE: ("Done", "good", "check"),
    sweeps.FAILED: ("Cannot go on", "bad", "warning"),
}
_WORDS = {
    dataset.DONE: "with a plan", dataset.INFEASIBLE: "infeasible", dataset.FAILED: "failed",
    dataset.CANCELLED: "cancelled", dataset.QUEUED: "in the queue", dataset.PENDING: "to come",
}  # fmt: skip


def state_badge(status: Status) -> html.Span:
    """State in a word."""
    return badge(*_LOOKS[status.state.state])


def bar(status: Status) -> html.Div:
    """Share of cases that have ended."""
    done = round(100 * status.ended / max(1, status.cases))
    kind = {sweeps.DONE: "done", sweeps.FAILED: "failed", sweeps.RUNNING: "running"}.get(
        status.state.state, "cancelled"
    )
    return html.Div(
        html.Div(style={"width": f"{done}%"}), className=f"bar {kind}", role="progressbar",
        **{"aria-valuenow": str(done), "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": status.name},
    )  # fmt: skip


def counts(status: Status) -> str:
    """`13 of 25 cases: 12 with a plan, 1 infeasible`."""
    parts = [f"{status.counts[state]} {words}" for state, words in _WORDS.items() if status.counts.get(state)]
    return f"{status.ended} of {plural(status.cases, 'case')}: {', '.join(parts)}"


def row(status: Status) -> html.Li:
    """One sweep of the list."""
    return html.Li(
        [
            html.Div(state_badge(status), className="job-state"),
            html.Div(
                [
                    dcc.Link(status.name, href=f"/sweep/{status.sweep_id}", className="job-name"),
                    html.Div(f"{DESIGNS[status.design]} on {status.base}", className="muted small"),
                ],
                className="sweep-words",
            ),
            html.Div([bar(status), html.Div(counts(status), className="small muted")], className="job-progress"),
        ],
        className="job sweep-row",
    )


def panel(status: Status, left_s: float | None) -> list[Any]:
    """Progress on the page of a sweep."""
    words = [counts(status), f"{duration(status.seconds)} of solving" if status.seconds else ""]
    if status.state.state == sweeps.RUNNING and left_s is not None:
        words.append(f"about {duration(left_s)} left, one case after the other")
    return [
        html.Div(
            [state_badge(status), html.Span(" · ".join(filter(None, words)), className="muted")], className="sweep-line"
        ),
        bar(status),
        notice(status.state.reason, "bad") if status.state.reason else None,
        _no_worker(status),
    ]


ACTIONS = {Ids.CANCEL: ("Cancel", "close"), Ids.RESUME: ("Resume", "play"), Ids.RETRY: ("Try again", "undo")}


def actions(status: Status | None = None) -> list[Any]:
    """What can be done with it now; without a status, the buttons alone.

    All three stay on the page: a press never meets a button that is gone, and no answer is dropped for a new button.
    """
    hidden, words = standing_of_actions(status) if status else ((True,) * len(ACTIONS), "")
    return [
        html.Button(
            [icon(sign), html.Span(words if what == Ids.RETRY else label, id=f"{what}-words")], id=what, hidden=off,
            className=f"btn {'btn-primary' if what == Ids.RESUME else 'btn-quiet'}",
        )
        for (what, (label, sign)), off in zip(ACTIONS.items(), hidden, strict=True)
    ]  # fmt: skip


def standing_of_actions(status: Status) -> tuple[tuple[bool, ...], str]:
    """Whether each action is hidden, and the words of trying again."""
    again = status.counts.get(dataset.FAILED, 0) + status.counts.get(dataset.CANCELLED, 0)
    running = status.state.state == sweeps.RUNNING
    return (not running, running or status.left == 0, again == 0), f"Try {again} failed again"


def _no_worker(status: Status) -> Any:
    if status.state.state != sweeps.RUNNING or JobTable().workers():
        return None
    return notice("No worker runs: the sweep waits until one starts (firmwatt worker).", "bad")
