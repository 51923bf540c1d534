"""Commands on sweeps: `firmwatt sweep ...`."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, number, reporting, table
from engine.errors import StoreError
from engine.files import csv_bytes

if TYPE_CHECKING:
    from engine.sweep.sweeps import Status, Sweeps

LOOK_EVERY_S = 0.5
Sweep = Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep's id, or a unique beginning of it.")]
SweepFile = Annotated[str, typer.Argument(metavar="FILE", help="A sweep file, or the name of a shipped one.")]

sweep = typer.Typer(
    help="Many cases of one scenario: inputs that move, a design, one table of results (docs/sweeps.md).",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(sweep, name="sweep")


@sweep.command()
def check(file: SweepFile, as_json: AsJson = False) -> None:
    """Check a sweep's file; say how many cases it makes and how long they will take."""
    with reporting(as_json):
        from engine.store import Store
        from engine.sweep.estimate import estimate
        from engine.sweep.plan import plan_file

        plan = plan_file(file)
        expected = estimate(plan, Store().runs())
        if as_json:
            inputs = [
                {"path": one.path, "label": one.title, "unit": one.unit, "base": one.base}
                for one in plan.places.values()
            ]
            emit({"status": "valid", "sweep_id": plan.sweep_id, **vars(expected), "parameters": inputs})
            return
        rows = [(one.path, one.title, one.unit, one.base) for one in plan.places.values()]
        table(("input", "", "unit", "base"), rows)
        typer.echo(f"{plan.sweep.name}: {_expected(expected)} (firmwatt sweep run {file})")


@sweep.command()
def run(
    file: SweepFile,
    queue_only: Annotated[bool, typer.Option("--queue", help="Only queue it; a worker does the rest.")] = False,
    as_json: AsJson = False,
) -> None:
    """Launch a sweep and follow it to its end; launched again, it goes on where it stopped."""
    with reporting(as_json):
        from engine.store import Store
        from engine.sweep.estimate import estimate
        from engine.sweep.plan import plan_file
        from engine.sweep.sweeps import Sweeps

        plan, sweeps = plan_file(file), Sweeps()
        typer.echo(f"{plan.sweep.name}: {_expected(estimate(plan, Store().runs()))}", err=True)
        _follow(sweeps, sweeps.launch(plan), queue_only, as_json)


@sweep.command()
def resume(
    name: Sweep,
    failed: Annotated[bool, typer.Option("--failed", help="Also try failed and cancelled cases again.")] = False,
    queue_only: Annotated[bool, typer.Option("--queue", help="Only queue it; a worker does the rest.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a cancelled or stopped sweep, and follow it to its end."""
    with reporting(as_json):
        sweeps, sweep_id = _find(name)
        sweeps.resume(sweep_id, failed=failed)
        _follow(sweeps, sweep_id, queue_only, as_json)


@sweep.command()
def cancel(name: Sweep, as_json: AsJson = False) -> None:
    """Stop a sweep; what has been solved stays."""
    with reporting(as_json):
        from engine.jobs import JobTable

        sweeps, sweep_id = _find(name)
        words = sweeps.cancel(sweep_id, JobTable())
        emit({"status": words}) if as_json else typer.echo(words)


@sweep.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the sweeps."""
    with reporting(as_json):
        from engine.sweep.sweeps import Sweeps

        sweeps = Sweeps()
        found = [sweeps.status(one) for one in sweeps.ids()]
        if as_json:
            emit({"sweeps": [_document(status) for status in found]})
            return
        rows = [
            (one.sweep_id, one.name, one.state.state, f"{one.ended} of {one.cases}", one.base, one.design)
            for one in found
        ]
        table(("sweep", "name", "state", "cases", "base", "design"), rows)


@sweep.command()
def show(name: Sweep, as_json: AsJson = False) -> None:
    """Show where a sweep stands, and the reasons of the cases without a plan."""
    with reporting(as_json):
        sweeps, sweep_id = _find(name)
        _report(sweeps, sweep_id, as_json)


@sweep.command()
def indices(
    name: Sweep,
    figure: Annotated[str, typer.Option(help="Figure, a column of the dataset.")] = "lcoe_usd_per_mwh",
    as_json: AsJson = False,
) -> None:
    """Say how much each input moves a figure: tornado, Sobol, Morris or rank correlation, as the design allows."""
    with reporting(as_json):
        from engine.sweep.sensitivity import sensitivity

        sweeps, sweep_id = _find(name)
        plan = sweeps.plan(sweep_id)
        found = sensitivity(plan.sweep, plan.places, sweeps.cases(sweep_id), figure)
        if as_json:
            emit({"method": found.method, "figure": figure, "used": found.used, "left_out": found.left_out,
                  "indices": found.table.to_dict("records")})  # fmt: skip
            return
        head = [str(column) for column in found.table.columns]
        table(head, [tuple(row) for row in found.table.itertuples(index=False)])
        typer.echo(f"{found.words}")


@sweep.command()
def export(
    name: Sweep,
    out: Annotated[Path, typer.Option(help="File to write; .csv or .parquet decides the format.")],
    as_json: AsJson = False,
) -> None:
    """Write the dataset of a sweep, one row a case."""
    with reporting(as_json):
        sweeps, sweep_id = _find(name)
        if out.suffix not in (".csv", ".parquet"):
            raise Ended(Exit.REFUSED, f"{out} ends in {out.suffix!r}; write a .csv or a .parquet file.")
        frame = sweeps.cases(sweep_id)
        if out.suffix == ".csv":
            out.write_bytes(csv_bytes(frame))
        else:
            out.write_bytes((sweeps.path(sweep_id) / "cases.parquet").read_bytes())
        emit({"file": str(out), "cases": len(frame)}) if as_json else typer.echo(f"{out}: {len(frame)} cases")


@sweep.command()
def keep(
    name: Sweep, case: Annotated[int, typer.Argument(help="Number of the case.")], as_json: AsJson = False
) -> None:
    """Make a case a scenario of the library."""
    with reporting(as_json):
        from engine.sweep.keeping import keep_case

        sweeps, sweep_id = _find(name)
        key = keep_case(sweeps, sweep_id, case)
        emit({"key": key}) if as_json else typer.echo(f"Saved as {key}; solve it with: firmwatt solve {key}")


def _find(name: str) -> tuple[Sweeps, str]:
    from engine.sweep.sweeps import Sweeps

    sweeps = Sweeps()
    try:
        return sweeps, sweeps.resolve(name)
    except StoreError as error:
        raise Ended(Exit.REFUSED, str(error)) from None


def _follow(sweeps: Sweeps, sweep_id: str, queue_only: bool, as_json: bool) -> None:
    """Report progress until the sweep has ended; without a worker, have one here for as long as it takes."""
    if queue_only:
        emit({"sweep_id": sweep_id}) if as_json else typer.echo(f"Queued as {sweep_id}.")
        return
    from engine.cli.progress import watching
    from engine.progress import Progress

    name = sweeps.status(sweep_id).name
    with _worker() as own, watching(name, quiet=as_json) as on_progress:
        while (status := sweeps.status(sweep_id)).state.state == "running":
            if own is not None and own.poll() not in (None, 0):
                raise Ended(Exit.FAILED, f"The worker ended (exit code {own.returncode}); try: firmwatt worker")
            words = f"{status.ended} of {status.cases} cases"
            on_progress(Progress("sweep", status.ended / max(1, status.cases), words))
            time.sleep(LOOK_EVERY_S)
    _report(sweeps, sweep_id, as_json)


@contextlib.contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes] | None]:
    """A worker of our own where none is there; it ends with this command."""
    from engine.jobs import JobTable

    if JobTable().workers():
        yield None
        return
    typer.echo("No worker runs; this command solves the cases itself.", err=True)
    own = subprocess.Popen([sys.executable, "-m", "engine.worker", "--once"], stderr=subprocess.DEVNULL)
    try:
        yield own
    finally:
        own.terminate()
        own.wait()


def _report(sweeps: Sweeps, sweep_id: str, as_json: bool) -> None:
    status, frame = sweeps.status(sweep_id), sweeps.cases(sweep_id)
    without: list[Any] = frame.loc[frame["reason"] != "", ["case", "state", "reason"]].to_numpy().tolist()
    reasons = [(int(case), str(state), str(reason)) for case, state, reason in without]
    if as_json:
        names = ("case", "state", "reason")
        emit({**_document(status), "reasons": [dict(zip(names, row, strict=True)) for row in reasons]})
        return
    counts = ", ".join(f"{many} {state}" for state, many in status.counts.items())
    typer.echo(
        f"{status.sweep_id}: {status.state.state}, {counts}; {status.seconds:.0f} s of solving. {status.state.reason}"
    )
    if reasons:
        table(("case", "state", "reason"), reasons)
    typer.echo(f"Table: firmwatt sweep export {sweep_id} --out cases.csv; indices: firmwatt sweep indices {sweep_id}")


def _document(status: Status) -> dict[str, Any]:
    return {
        "sweep_id": status.sweep_id, "name": status.name, "status": status.state.state, "reason": status.state.reason,
        "design": status.design, "base": status.base, "cases": status.cases, "counts": status.counts,
        "seconds": status.seconds,
    }  # fmt: skip


def _expected(expected: Any) -> str:
    cases = f"{expected.cases} case{'s' if expected.cases != 1 else ''}"
    if expected.total_seconds is None:
        return f"{cases}; {expected.source}, so the time is not known"
    return f"{cases}, about {number(expected.total_seconds)} s one after the other ({expected.source})"
