"""The command that finds a frontier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, number, reporting, table
from engine.files import csv_bytes

if TYPE_CHECKING:
    import pandas as pd

    from engine.request import StudyRequest


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(frontier)


def frontier(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="One to four scenarios.")],
    objectives: Annotated[
        str,
        typer.Option(
            help="Two or three of lcoe, npv_cost, capital, nox, co2, land, gas, water, curtailed, unserved, imports."
        ),
    ] = "lcoe,nox",
    points: Annotated[int, typer.Option(help="Points of each scenario, the ends included.")] = 12,
    gap: Annotated[float | None, typer.Option(help="Relative gap of each point, e.g. 0.01.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds that one optimisation may take.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the tables as CSV into this folder.")] = None,
    force: Annotated[bool, typer.Option(help="Find it anew although it is stored.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find what one objective costs in terms of another: proven plans between the ends, each verified."""
    with reporting(as_json):
        from engine.cli.progress import watching
        from engine.cli.scenarios import find
        from engine.frontier.asked import Asked, frontier_request
        from engine.runner import run_solve_process
        from engine.study import Studies

        keys = tuple(key.strip() for key in objectives.split(",") if key.strip())
        request = frontier_request([find(file) for file in files], Asked(keys, points, gap, time_limit), force=force)
        with watching(request.name, quiet=as_json) as on_progress:
            outcome = run_solve_process(request, on_progress)
        if outcome.run_id is None:
            code = Exit.REFUSED if outcome.kind == "input" else Exit.FAILED
            raise Ended(code, outcome.reason, {"status": outcome.kind, "error": outcome.reason})
        studies = Studies()
        found = studies.table(outcome.run_id, "points")
        assert found is not None
        if out is not None:
            _write(studies, outcome.run_id, out)
        if as_json:
            emit({"study_id": outcome.run_id, **outcome.summary, "points": found.to_dict("records")})
        else:
            _print(found, request, outcome.summary["sentences"], reused=outcome.reused)
        if outcome.summary["status"] == "infeasible":
            raise typer.Exit(Exit.INFEASIBLE)
        if not found[found["state"] == "found"]["verified"].all():
            raise typer.Exit(Exit.FAILED)


def _write(studies: Any, study_id: str, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in studies.tables(study_id):
        (out / f"{name}.csv").write_bytes(csv_bytes(studies.table(study_id, name)))


def _print(points: pd.DataFrame, request: StudyRequest, sentences: list[str], *, reused: bool) -> None:
    from engine.objectives import OBJECTIVES

    if reused:
        typer.echo("Found before; this is the stored frontier (--force finds it anew).")
    keys = request.options["objectives"]
    heads = [f"{OBJECTIVES[key].label} {OBJECTIVES[key].unit}" for key in keys]
    rows = []
    for row in points.to_dict("records"):
        bound, gap = number(row["bound"]), f"{100 * row['gap_frac']:.2f}"
        values = [number(row[key]) if row["state"] == "found" else "-" for key in keys]
        rows.append((row["point"], *values, bound, gap, _state(row)))
    typer.echo()
    table(("point", *heads, f"{OBJECTIVES[keys[0]].label} at least", "gap %", ""), rows)
    typer.echo()
    for sentence in sentences:
        typer.echo(sentence)


def _state(row: dict[Any, Any]) -> str:
    """What to know about a point, the worst first."""
    if row["state"] != "found":
        return {"infeasible": "no plan exists", "time_limit": "no plan in time"}[row["state"]]
    if not row["verified"]:
        return "NOT VERIFIED"
    if row["termination"] == "time_limit":
        return "time-limited"
    if row["repeats"]:
        return f"the plan of {row['repeats']} again"
    if row["dominated_by"]:
        return f"dominated by {row['dominated_by']}"
    if not row["adequate"]:
        return "leaves load unserved"
    return "knee" if row["knee"] else ""
