"""One solve in a process of its own: `python -m engine.solve_process`.

A request (`engine.request`: a solve or a study, one line of JSON) comes on standard input, which then stays open:
when it closes, the process ends. Events go to standard output, one JSON object a line: `progress` any number of times,
at the end `result` or `error`. Whatever a library prints goes to standard error.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from engine.courtesy import make_way
from engine.errors import InputError, SolveFailed, StoreError
from engine.lifeline import end_with_input, follow_parent
from engine.progress import OnProgress, Progress
from engine.request import SolveRequest, StudyRequest, read_request
from engine.scenario.loading import LoadedScenario

PARENT = "FIRMWATT_PARENT_PID"
MEMORY = "FIRMWATT_SOLVE_MEMORY_GB"
NICENESS = "FIRMWATT_SOLVE_NICE"
# Tests put a quick stand-in here, as `module:function`.
TARGET = "FIRMWATT_SOLVE_TARGET"


def main() -> int:
    """Read the request, solve it, write the events."""
    if parent := os.environ.get(PARENT):
        follow_parent(signal.SIGKILL, int(parent))
    events = _take_stdout()
    _limit()
    make_way()
    request = read_request(_read_line())
    end_with_input()

    def emit(event: str, **content: Any) -> None:
        events.write(json.dumps({"event": event, **content}) + "\n")
        events.flush()

    return _solve(request, emit)


def _solve(request: SolveRequest | StudyRequest, emit: Callable[..., None]) -> int:
    """Solve, and emit the one event that ends the stream; anything unforeseen ends the process with its traceback."""

    def on_progress(progress: Progress) -> None:
        emit("progress", **dataclasses.asdict(progress))

    try:
        if isinstance(request, StudyRequest):
            from engine.study import run_study

            run = run_study(request, on_progress)
        else:
            run = _target()(request.load(), store=Path(request.store), on_progress=on_progress, force=request.force)
    except InputError as error:
        emit("error", kind="input", message=str(error))
    except SolveFailed as error:
        from engine.expansion import NoPlanInTime

        emit("error", kind="time_limit" if isinstance(error, NoPlanInTime) else "failed", message=str(error))
    except StoreError as error:
        emit("error", kind="failed", message=str(error))
    except MemoryError:
        limit = os.environ.get(MEMORY)
        allowed = f" (it may use {limit} GB, {MEMORY})" if limit else ""
        emit("error", kind="failed", message=f"out of memory{allowed}; allow more, or make the scenario smaller")
    else:
        emit("result", run_id=run.run_id, summary=dict(run.summary), reused=run.reused)
        return 0
    return 1


def _target() -> Callable[..., Any]:
    """What solves: the pipeline, or what a test names."""
    if named := os.environ.get(TARGET):
        module, _, function = named.partition(":")
        target: Callable[..., Any] = getattr(importlib.import_module(module), function)
        return target
    return _pipeline


def _pipeline(loaded: LoadedScenario, *, store: Path, on_progress: OnProgress, force: bool) -> Any:
    from engine.pipeline import solve
    from engine.store import Store

    return solve(loaded, store=Store(store), on_progress=on_progress, force=force)


def _take_stdout() -> TextIO:
    """Keep standard output for the events; prints of any library, C++ ones too, go to standard error."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return events


def _read_line() -> str:
    """Read one line from descriptor 0 without buffering beyond it."""
    line = bytearray()
    while not line.endswith(b"\n"):
        part = os.read(0, 65536)
        if not part:
            break
        line += part
    return line.decode("utf-8")


def _limit() -> None:
    if nice := os.environ.get(NICENESS):
        os.nice(int(nice))
    if gigabytes := os.environ.get(MEMORY):
        import resource

        most = int(float(gigabytes) * 1e9)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.exit(main())
