"""The queue that everybody sees and every stored run: found, sorted, grouped, chosen, a page of rows at a time."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from dashboard import data, runs_actions, sweep_view
from dashboard.components import job_row, list_tools, runs_tools, stored_row
from dashboard.components.empty import empty_state
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.ids import Runs as Ids
from dashboard.owner import owner_id
from dashboard.runs_actions import JOBS_SEEN
from dashboard.runs_list import Item, Page, View, items, look, tags_in_use
from dashboard.standing import judge
from engine.job import SOLVE, Job
from engine.jobs import JobTable
from engine.study import KINDS, Studies
from engine.tags import Tagged, Tags

BUSY_MS, IDLE_MS = 500, 3000

dash.register_page(__name__, path="/runs", name="Runs", title="Runs · Firmwatt")


def layout(**query: str) -> html.Div:
    """The page, drawn as things stand."""
    every = _every()
    shown, owner, now = look(every, View.of(query)), owner_id(), time.time()
    return html.Div(
        [
            page(
                page_head("Runs", actions=html.Span(id=Ids.WORKER, children=_worker_words(every))),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(
                    [runs_tools.filters(shown.view, tags_in_use(every)), runs_tools.pager()], className="list-head"
                ),
                html.Div(_rows(shown, owner, now, ()), id=Ids.LIST, className="jobs"),
                html.Div(_damaged(), id=Ids.DAMAGED, className="damaged"),
            ),
            list_tools.chosen_bar(Ids),
            list_tools.tag_dialog(Ids),
            list_tools.delete_dialog(Ids, "Delete these runs?", "Keep them"),
            dcc.Store(id=Ids.SHOWN, data=_digests(shown, owner, now)),
            dcc.Store(id=Ids.PAGE, data=_turning(shown)),
            dcc.Store(id=Ids.CHOSEN, data=[]),
            dcc.Store(id=Ids.CHANGED),
            dcc.Store(id=Ids.ADDRESS),
            dcc.Interval(id=Ids.TICK, interval=_pace(every)),
        ]
    )


def _every() -> list[Item]:
    damaged = frozenset(name for name, _ in data.damaged())
    return items(JobTable().list(JOBS_SEEN), data.runs(), Tags().of(Tagged.RUN), damaged, sweep_view.run_ids())


def _rows(shown: Page, owner: str, now: float, chosen: Collection[str]) -> list[Any]:
    if not shown.total:
        words = "Solves show up here with their progress, for everybody who opens this page. Queue one in the library."
        return [empty_state("Nothing has been queued yet", words, [("Open the library", "/")])]
    if not shown.found:
        words = "No run has these words, this state and this tag."
        return [empty_state("None of the runs", words, [("Show all runs", "/runs")])]
    parts: list[Any] = []
    for name, size, members in shown.groups:
        rows = html.Ul([_row(item, owner, now, chosen) for item in members], className="job-list")
        parts += [runs_tools.heading(name, size), rows] if name else [rows]
    return parts


def _row(item: Item, owner: str, now: float, chosen: Collection[str]) -> html.Li:
    ticked = item.run_id in chosen
    if item.job is None:
        return stored_row.row(item.manifest or {}, item.tags, chosen=ticked)
    return job_row.row(item.job, owner, now, result(item), item.tags, chosen=ticked)


def result(item: Item) -> job_row.Result | None:
    """What a job's run is worth; None without one that can be read."""
    if item.job is not None and item.job.kind != SOLVE:
        return _of_study(item.job)
    if item.manifest is None:
        return None
    return judge(item.manifest), item.manifest.get("summary", {}).get("lcoe_usd_per_mwh")


def _of_study(job: Job) -> job_row.Result | None:
    """A study's job: done, and of which kind."""
    if not job.run_id:
        return None
    label = KINDS[job.kind].label if job.kind in KINDS else job.kind
    return (("Done", "good", "check", label), None) if Studies().done(str(job.run_id)) else None


def _worker_words(every: Sequence[Item]) -> Any:
    """Say so when jobs wait and nobody works them off."""
    if any(item.job and item.job.state.live for item in every) and not JobTable().workers():
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


def _digests(shown: Page, owner: str, now: float) -> dict[str, Any]:
    """What each row shows, for telling which rows have to be drawn again."""
    jobs = [item.job for item in shown.items if item.job]
    rows = {job.job_id: [job_row.live_digest(job, owner, now), job_row.actions_digest(job, owner)] for job in jobs}
    return {"order": [item.key for item in shown.items], "rows": rows, "words": runs_tools.count_words(shown)}


def _turning(shown: Page) -> dict[str, Any]:
    return {"page": shown.view.page, "pages": shown.pages, "words": runs_tools.count_words(shown)}


def _pace(every: Sequence[Item]) -> int:
    return BUSY_MS if any(item.job and item.job.state.live for item in every) else IDLE_MS


@dash.callback(
    Output(Ids.LIST, "children"),
    Output(Ids.DAMAGED, "children"),
    Output(Ids.SHOWN, "data"),
    Output(Ids.PAGE, "data"),
    Output(Ids.ADDRESS, "data"),
    Output(Ids.TAG, "options"),
    Output(Ids.TICK, "interval"),
    Output(Ids.WORKER, "children"),
    Output({"type": "runs-live", "job": ALL}, "children"),
    Output({"type": "runs-actions", "job": ALL}, "children"),
    Input(Ids.TICK, "n_intervals"),
    Input(Ids.FILTER, "value"),
    Input(Ids.STATE, "value"),
    Input(Ids.TAG, "value"),
    Input(Ids.SORT, "value"),
    Input(Ids.GROUP, "value"),
    Input(Ids.PREVIOUS, "n_clicks"),
    Input(Ids.NEXT, "n_clicks"),
    Input(Ids.CHANGED, "data"),
    State(Ids.PAGE, "data"),
    State(Ids.SHOWN, "data"),
    State(Ids.CHOSEN, "data"),
    prevent_initial_call=True,
)
def _look(
    _ticks: Any, q: str, state: str, tag: str, sort: str, group: str, _previous: Any, _next: Any, _changed: Any,
    turned: dict[str, Any], before: dict[str, Any], chosen: list[str] | None,
) -> tuple[Any, ...]:  # fmt: skip
    """Draw the rows that are asked for; on a tick only those that changed."""
    asked = {trigger["prop_id"].partition(".")[0] for trigger in ctx.triggered}
    view = View.of({"q": q, "state": state, "tag": tag, "sort": sort, "group": group, "page": _page(asked, turned)})
    every, owner, now, keep = _every(), owner_id(), time.time(), dash.no_update
    shown = look(every, view)
    after, pace, worker = _digests(shown, owner, now), _pace(every), _worker_words(every)
    drawn = [output["id"]["job"] for output in ctx.outputs_list[8]]
    jobs = [item for item in shown.items if item.job]
    rest = (after, _turning(shown), shown.view.search())
    if asked != {Ids.TICK} or before["order"] != after["order"] or drawn != [item.key for item in jobs]:
        tags = list_tools.options(list_tools.tag_options(tags_in_use(every), view.tag))
        rows = _rows(shown, owner, now, chosen or ())
        return rows, _damaged(), *rest, tags, pace, worker, [keep] * len(drawn), [keep] * len(drawn)
    changes = [_changes(before, after, item.key) for item in jobs]
    lives = [
        job_row.live(item.job, owner, now, result(item), item.tags) if moved else keep
        for item, (moved, _) in zip(jobs, changes, strict=True)
    ]
    buttons = [
        job_row.actions(item.job, owner, result(item), chosen=item.run_id in (chosen or ())) if moved else keep
        for item, (_, moved) in zip(jobs, changes, strict=True)
    ]
    if after == before:
        return keep, keep, keep, keep, keep, keep, pace, worker, lives, buttons
    return keep, keep, *rest[:2], keep, keep, pace, worker, lives, buttons


def _page(asked: set[str], turned: dict[str, Any]) -> int:
    """The page that buttons turn to; another filter begins at the first."""
    page_now = int((turned or {}).get("page", 1))
    if Ids.PREVIOUS in asked:
        return max(1, page_now - 1)
    if Ids.NEXT in asked:
        return page_now + 1
    return 1 if asked & {Ids.FILTER, Ids.STATE, Ids.TAG, Ids.SORT, Ids.GROUP} else page_now


def _changes(before: dict[str, Any], after: dict[str, Any], key: str) -> list[bool]:
    return [old != new for old, new in zip(before["rows"][key], after["rows"][key], strict=True)]


runs_actions.register()

dash.clientside_callback(
    ClientsideFunction("pages", "pager"),
    Output(Ids.COUNT, "children"),
    Output(Ids.PREVIOUS, "disabled"),
    Output(Ids.NEXT, "disabled"),
    Output(Ids.PREVIOUS, "hidden"),
    Output(Ids.NEXT, "hidden"),
    Input(Ids.PAGE, "data"),
)
