"""Commands on scenarios: solve, validate, scenarios, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, File, emit, reporting, table

if TYPE_CHECKING:
    from engine.runner import Outcome
    from engine.scenario.loading import LoadedScenario


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (solve, validate, scenarios, schema):
        app.command()(command)


def solve(
    file: File,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="Also copy the run's folder into this one.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds that the sizing may take.")] = None,
    gap: Annotated[float | None, typer.Option(help="Relative gap to prove, e.g. 0.01.")] = None,
    threads: Annotated[int | None, typer.Option(help="Solver threads.")] = None,
    force: Annotated[bool, typer.Option(help="Solve although a stored run answers it.")] = False,
) -> None:
    """Solve a scenario and store the run; a stored run of the same inputs is shown instead."""
    with reporting(as_json):
        changes = {"time_limit_s": time_limit, "mip_gap_frac": gap, "threads": threads}
        loaded = find(file, {key: value for key, value in changes.items() if value is not None})
        outcome = run_in_process(loaded, as_json, force=force)
        if outcome.run_id is None:
            raise _without_run(outcome)
        if out is not None:
            _copy_run(outcome.run_id, out)
        _show(outcome, as_json)
        _judge(outcome, as_json)


def validate(file: File, as_json: AsJson = False) -> None:
    """Check a scenario and list every problem at once."""
    with reporting(as_json):
        from engine.scenario.fingerprint import fingerprint

        loaded = find(file)
        mark, name = fingerprint(loaded), loaded.scenario.name
        if as_json:
            files = {reference: input_file.sha256 for reference, input_file in loaded.files.items()}
            emit({"status": "valid", "name": name, "fingerprint": mark, "files": files, "problems": []})
        else:
            typer.echo(f"{file} is valid: {name} (fingerprint {mark[:12]}).")


def scenarios(as_json: AsJson = False) -> None:
    """List the library: shipped scenarios and your own."""
    with reporting(as_json):
        from engine.library import Library

        entries = Library().entries()
        if as_json:
            emit({"scenarios": [_entry(entry) for entry in entries]})
            return
        origin = {True: "shipped", False: "own"}
        rows = [(e.key, e.name, origin[e.shipped], e.description, _state(len(e.problems))) for e in entries]
        table(("key", "name", "", "description", "state"), rows)


def schema() -> None:
    """Print the JSON schema of scenario files."""
    from engine.scenario.schema import Scenario

    emit(Scenario.model_json_schema())


def find(file: str, solver: dict[str, Any] | None = None) -> LoadedScenario:
    """Load a scenario file or a scenario of the library, with other solver settings where they are given."""
    from engine.library import Library
    from engine.scenario.loading import default_folders, load_scenario, merge, read_mapping, validate_scenario

    path = Path(file)
    if not path.exists() and path.name == file and not path.suffix:
        path = Library().path(file)
    if not solver:
        return load_scenario(path)
    mapping = merge(read_mapping(path), {"solver": solver})
    return validate_scenario(mapping, source=str(path), folders=(path.parent.resolve(), *default_folders()))


def run_in_process(loaded: LoadedScenario, as_json: bool, *, force: bool) -> Outcome:
    """Solve in a process of its own, its progress shown on standard error."""
    from engine.cli.progress import watching
    from engine.request import SolveRequest
    from engine.runner import run_solve_process
    from engine.scenario.loading import home

    request = SolveRequest.of(loaded, home() / "runs", force=force)
    with watching(loaded.scenario.name, quiet=as_json) as on_progress:
        return run_solve_process(request, on_progress)


def _without_run(outcome: Outcome) -> Ended:
    code = {"input": Exit.REFUSED, "time_limit": Exit.NO_PLAN_IN_TIME}.get(outcome.kind, Exit.FAILED)
    status = {"input": "refused", "time_limit": "time_limit"}.get(outcome.kind, "failed")
    return Ended(code, outcome.reason, {"status": status, "error": outcome.reason})


def _show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        emit(outcome.summary)
        return
    from engine.cli.runs import headline

    if outcome.reused:
        typer.echo("Solved before; this is the stored run (--force solves it again).")
    headline(outcome.summary)


def _judge(outcome: Outcome, as_json: bool) -> None:
    """Say by the exit code what the summary, already printed, says in full."""
    summary = outcome.summary
    if summary["status"] == "infeasible":
        if not as_json:
            typer.echo("Infeasible: no plan meets every limit at once.", err=True)
        raise typer.Exit(Exit.INFEASIBLE)
    if not summary["verified"]:
        typer.echo(f"Verification failed; see: firmwatt verify {outcome.run_id}", err=True)
        raise typer.Exit(Exit.FAILED)


def _copy_run(run_id: str, out: Path) -> None:
    import shutil

    from engine.store import Store

    try:
        shutil.copytree(Store().path(run_id), out / run_id, dirs_exist_ok=True)
    except OSError as error:
        raise Ended(Exit.FAILED, f"Run {run_id} is stored, but cannot be copied to {out}: {error}.") from None


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "key": entry.key, "name": entry.name, "description": entry.description, "shipped": entry.shipped,
        "path": str(entry.path), "fingerprint": entry.fingerprint, "problems": [str(one) for one in entry.problems],
    }  # fmt: skip


def _state(problems: int) -> str:
    return "ok" if not problems else f"{problems} problem{'s' if problems > 1 else ''}"
