"""Progress of a solve on standard error: a bar on a terminal, plain lines elsewhere, silence for JSON."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

import typer

from engine.progress import OnProgress, Progress, ignore

LINE_EVERY_S = 10.0


@contextlib.contextmanager
def watching(name: str, *, quiet: bool) -> Iterator[OnProgress]:
    """Give what `on_progress` takes, for as long as the solve runs."""
    if quiet:
        yield ignore
    elif sys.stderr.isatty():
        with _bar(name) as on_progress:
            yield on_progress
    else:
        yield _Lines(name)


@contextlib.contextmanager
def _bar(name: str) -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(name, total=1.0)

        def on_progress(progress: Progress) -> None:
            bars.update(task, completed=progress.progress_frac, description=progress.message)

        yield on_progress


class _Lines:
    """A line for each new phase, and one now and then within a long one."""

    def __init__(self, name: str) -> None:
        self._name, self._phase, self._last = name, "", 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.phase == self._phase and now - self._last < LINE_EVERY_S:
            return
        self._phase, self._last = progress.phase, now
        typer.echo(f"{self._name}: {progress.progress_frac:.0%} {progress.message}", err=True)
