"""Stand-ins for the pipeline in a solve process, chosen by the scenario's name."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import InputError, Problem, SolveFailed
from engine.progress import OnProgress, Progress
from engine.scenario.loading import LoadedScenario


@dataclass
class FakeRun:
    run_id: str
    summary: dict[str, Any] = field(default_factory=dict)
    reused: bool = False


def solve(loaded: LoadedScenario, *, store: Path, on_progress: OnProgress, force: bool) -> FakeRun:
    """Do what the first word of the scenario's name says."""
    word, _, rest = loaded.scenario.name.partition(" ")
    on_progress(Progress("profiles", 0.0, "Reading"))
    return globals()[f"_{word}"](rest, store, on_progress)


def _quick(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    on_progress(Progress("size", 0.5, "Sizing", 0.02, 98.0, 100.0))
    figures = {"mip_gap_frac": 0.005, "bound_usd": 99.5, "objective_usd": 100.0}
    return FakeRun("run-1", {"status": rest or "done", "termination": "optimal", "store": str(store), **figures})


def _pid_file(store: Path) -> Path:
    return store / f"solver-{os.getpid()}.pid"


def _slow(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    """Leave a process id, then take a while, silently."""
    store.mkdir(parents=True, exist_ok=True)
    _pid_file(store).write_text(str(os.getpid()))
    time.sleep(float(rest or 60))
    return _quick("", store, on_progress)


def _steady(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    """Report far more often than anybody wants to hear."""
    for step in range(int(rest)):
        on_progress(Progress("size", step / int(rest), f"step {step}", 1 / (step + 1), 90.0, 100.0))
    return _quick("", store, on_progress)


def _brood(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    """Start a child, then hang."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    on_progress(Progress("size", 0.1, str(child.pid)))
    time.sleep(60)
    raise AssertionError("not killed")


def _noisy(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    print('{"event": "result", "run_id": "forged"}', flush=True)
    ctypes.CDLL(None).puts(b"HiGHS prints from C")
    os.write(1, b"and from a descriptor\n")
    return _quick(rest, store, on_progress)


def _refused(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    raise InputError("load.csv", [Problem("row 7", "is empty; fill it.")])


def _failing(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    raise SolveFailed("HiGHS ended with 'Unknown'.")


def _late(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    from engine.expansion import NoPlanInTime

    raise NoPlanInTime("no plan was found within 1 s.")


def _buggy(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    raise ZeroDivisionError("a bug")


def _greedy(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    return FakeRun("run-1", {"bytes": len(bytearray(8 * 10**9))})


def _suicidal(rest: str, store: Path, on_progress: OnProgress) -> FakeRun:
    os.kill(os.getpid(), int(getattr(signal, rest or "SIGKILL")))
    time.sleep(5)
    raise AssertionError("not killed")
