"""Commands on what runs: serve, worker, jobs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, reporting, table

if TYPE_CHECKING:
    from engine.job import Job


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (serve, worker, jobs):
        app.command()(command)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8050,
    worker: Annotated[bool, typer.Option(help="Also run a local worker.")] = True,
    seed: Annotated[bool, typer.Option(help="Queue light scenarios on the very first start.")] = True,
) -> None:
    """Serve the dashboard with one local worker; one Ctrl-C ends both."""
    with reporting(False):
        from engine.serving import serve as serve_all

        code = serve_all(host, port, worker=worker, seed=seed, say=lambda words: typer.echo(words))
    raise typer.Exit(code)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="Solves at the same time.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="End as soon as nothing waits.")] = False,
) -> None:
    """Solve queued jobs; any number of workers may run."""
    from engine.worker import main

    raise typer.Exit(main(["--concurrency", str(concurrency), *(["--once"] if once else [])]))


def jobs(
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    cancel: Annotated[str | None, typer.Option(metavar="JOB", help="Cancel this one, whoever waits for it.")] = None,
) -> None:
    """Show the queue: running, waiting and ended jobs."""
    with reporting(as_json):
        from engine.jobs import JobTable

        queue = JobTable()
        if cancel is not None:
            words = queue.cancel(_resolve(queue.list(10_000), cancel), "", force=True)
            emit({"status": words}) if as_json else typer.echo(words)
            return
        found, workers = queue.list(limit), queue.workers()
        if as_json:
            emit({"jobs": [_document(job) for job in found], "workers": workers})
            return
        if not found:
            typer.echo("No jobs yet; queue one in the dashboard: firmwatt serve")
            return
        table(("job", "name", "state", "", "gap", "queued", "run or reason"), [_row(job) for job in found])
        if not workers and any(job.state.live for job in found):
            typer.echo("No worker runs; start one with: firmwatt worker (firmwatt serve brings its own)", err=True)


def _resolve(found: tuple[Job, ...], beginning: str) -> str:
    matches = [job.job_id for job in found if job.job_id.startswith(beginning)]
    if len(matches) != 1:
        reason = "no job begins so" if not matches else f"{len(matches)} jobs begin so"
        raise Ended(Exit.REFUSED, f'"{beginning}" names no job: {reason}; firmwatt jobs shows them.')
    return matches[0]


def _document(job: Job) -> dict[str, Any]:
    return {key: value for key, value in vars(job).items() if key not in {"scenario", "files", "owners", "gap_trace"}}


def _row(job: Job) -> tuple[Any, ...]:
    gap = "-" if job.mip_gap_frac is None else f"{job.mip_gap_frac:.2%}"
    progress = f"{job.progress_frac:.0%} {job.message}" if job.state.live else job.outcome or ""
    queued = time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created))
    return (job.job_id, job.name, job.state.value, progress, gap, queued, job.run_id or job.reason)
