"""What is done with runs: cancel, retry and wait too for one job; tag and delete for the chosen ones."""

from __future__ import annotations

import time
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx

from dashboard import data, list_actions
from dashboard.components.problems import notice, problem_box
from dashboard.formatting import plural
from dashboard.ids import Runs as Ids
from dashboard.owner import owner_id
from engine.errors import InputError, StoreError
from engine.job import SOLVE
from engine.jobs import JobTable
from engine.tags import Tagged, Tags

SOON_MS = 500
# More than the queue keeps of ended jobs.
JOBS_SEEN = 1000


def own_runs(owner: str) -> set[str]:
    """Runs that a browser has asked for: it may delete them."""
    jobs = JobTable().list(JOBS_SEEN)
    return {job.run_id for job in jobs if job.kind == SOLVE and job.run_id and owner in job.owners}


def register() -> None:
    """Wire the buttons of the runs page."""
    list_actions.register(Ids, Tagged.RUN, {"type": "runs-select", "job": ALL, "run": ALL}, "chosenRuns")

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
                return notice(table.cancel(asked["job"], owner), "plain"), SOON_MS
            if asked["do"] == "attach":
                job = table.attach(asked["job"], owner)
                return notice(f"You wait for {job.name} too.", "plain"), SOON_MS
            job = table.retry(asked["job"], owner)
        except InputError as error:
            return problem_box(error), SOON_MS
        return notice(f"Queued {job.name} again.", "plain"), SOON_MS

    @dash.callback(
        Output(Ids.DELETE, "is_open"),
        Output(Ids.DELETE_WORDS, "children"),
        Output(Ids.DELETE_YES, "hidden"),
        Input(Ids.DELETE_OPEN, "n_clicks"),
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _ask_delete(clicks: int | None, chosen: list[str]) -> tuple[Any, Any, Any]:
        if not clicks or not chosen:
            return (dash.no_update,) * 3
        own = own_runs(owner_id()) & set(chosen)
        return True, delete_words(len(own), len(chosen)), not own

    @dash.callback(
        Output(Ids.DELETE, "is_open", allow_duplicate=True),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Output(Ids.CHOSEN, "data", allow_duplicate=True),
        Output(Ids.CHANGED, "data", allow_duplicate=True),
        Input(Ids.DELETE_YES, "n_clicks"),
        Input(Ids.DELETE_NO, "n_clicks"),
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _delete(yes: int | None, no: int | None, chosen: list[str]) -> tuple[Any, ...]:
        keep = dash.no_update
        if not (yes or no) or ctx.triggered_id == Ids.DELETE_NO:
            return False, keep, keep, keep
        own = own_runs(owner_id())
        gone = [run_id for run_id in chosen if run_id in own and _deleted(run_id)]
        Tags().forget(Tagged.RUN, gone)
        left = [run_id for run_id in chosen if run_id not in gone]
        return False, notice(f"Deleted {plural(len(gone), 'run')}.", "plain"), left, time.time()


def delete_words(own: int, chosen: int) -> str:
    """What deleting would do: only what one has asked for oneself goes."""
    others = chosen - own
    stay = f"{plural(others, 'run')} of others or of the command line" if others else ""
    if not own:
        return (
            f"You did not queue any of them: {stay} can be deleted only where the server runs, with the folder of each."
        )
    goes = f"{plural(own, 'run')} that you queued will be gone for good, with every table and from every comparison."
    return f"{goes} {stay[:1].upper()}{stay[1:]} will stay." if others else goes


def _deleted(run_id: str) -> bool:
    try:
        data.store().delete(run_id)
    except StoreError:  # somebody else was quicker
        return False
    return True
