"""One row of a run that no job of the queue tells of: it was solved from the command line, or its job was forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dash import dcc, html

from dashboard.components import job_row
from dashboard.components.job_parts import badge
from dashboard.components.list_tools import chooser
from dashboard.components.numbers import number
from dashboard.formatting import amount, percent
from dashboard.ids import Runs
from dashboard.standing import judge

Part = Any
ELSEWHERE = "Solved from the command line, or so long ago that the queue has forgotten it"


def row(manifest: Mapping[str, Any], tags: Sequence[str] = (), *, chosen: bool = False) -> html.Li:
    """State, name, tags, gap and time of a stored run, and the way to it."""
    run_id, word = str(manifest["run_id"]), judge(manifest)
    return html.Li(
        [
            html.Div(
                [
                    html.Div(badge(*word[:3]), className="job-state"),
                    html.Div([job_row.named(manifest["name"], tags), _found(manifest, word[3])], className="job-words"),
                    html.Div(html.Div(_gap(manifest), className="small muted job-gap"), className="job-progress"),
                    html.Div(className="job-spark"),
                    html.Div(_when(manifest), className="job-time small muted"),
                    html.Div("Elsewhere", className="job-who small muted", title=ELSEWHERE),
                ],
                className="job-live",
            ),
            html.Div(_actions(manifest, run_id, chosen=chosen), className="job-actions"),
        ],
        className="job",
        **{"data-run": run_id},
    )


def _found(manifest: Mapping[str, Any], detail: str) -> html.Div:
    lcoe = manifest.get("summary", {}).get("lcoe_usd_per_mwh")
    figure = [] if lcoe is None else ["LCOE ", number(amount(lcoe, "USD/MWh"))]
    words = [f" · {detail}" if figure else detail] if detail else []
    return html.Div([*figure, *words], className="small muted job-message")


def _gap(manifest: Mapping[str, Any]) -> str:
    gap = manifest.get("mip_gap_frac")
    return "" if gap is None else "no gap left" if gap == 0 else f"gap {percent(gap)}"


def _when(manifest: Mapping[str, Any]) -> str:
    try:
        when = datetime.fromisoformat(str(manifest["created_utc"])).astimezone(UTC)
    except ValueError:
        return ""
    return f"{when.day} {when:%b %Y, %H:%M} UTC"


def _actions(manifest: Mapping[str, Any], run_id: str, *, chosen: bool) -> list[Part]:
    return [
        chooser(Runs.select("", run_id), str(manifest["name"]), chosen=chosen),
        dcc.Link("Open", href=f"/run/{run_id}", className="btn btn-small btn-primary"),
    ]
