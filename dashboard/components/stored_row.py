"""One row of a run that no job of the queue tells of: it was solved from the command line, or its job was forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.job_parts import badge
from dashboard.components.numbers import number
from dashboard.formatting import amount, percent
from dashboard.ids import Runs
from dashboard.standing import judge

Part = Any


def row(manifest: Mapping[str, Any]) -> html.Li:
    """State, name, gap and time of a stored run, and the way to it."""
    run_id, word = str(manifest["run_id"]), judge(manifest)
    return html.Li(
        [
            html.Div(
                [
                    html.Div(badge(*word[:3]), className="job-state"),
                    html.Div([html.Div(manifest["name"], className="job-name"), _found(manifest, word[3])]),
                    html.Div(html.Div(_gap(manifest), className="small muted job-gap"), className="job-progress"),
                    html.Div(className="job-spark"),
                    html.Div(_when(manifest), className="job-time small muted"),
                    html.Div(className="job-who"),
                ],
                className="job-live",
            ),
            html.Div(_actions(run_id), className="job-actions"),
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


def _actions(run_id: str) -> list[Part]:
    return [
        dbc.Checkbox(
            id=Runs.select("", run_id), label="Compare", value=False, persistence=True, persistence_type="memory",
            className="card-select",
        ),
        dcc.Link("Open", href=f"/run/{run_id}", className="btn btn-small btn-primary"),
    ]  # fmt: skip
