"""Small scenarios and helpers for the tests of library, jobs, worker and command line."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from engine.scenario.loading import LoadedScenario, validate_scenario


def mapping(name: str = "Small", **load: Any) -> dict[str, Any]:
    """A scenario that validates and says little."""
    return {"name": name, "load": {"it_peak_mw": 10.0, **load}, "time": {"years": 1}}


def scenario(name: str = "Small", **load: Any) -> LoadedScenario:
    """The same, loaded; another `it_peak_mw` is another fingerprint."""
    return validate_scenario(mapping(name, **load), source=name)


def wait_until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Poll until something is true and return it; fail when it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def solver_pid(store: Path) -> int:
    """Process id of the stand-in that solves slowly into this store, once it runs."""
    file = wait_until(lambda: next(store.glob("*.pid"), None))
    return int(wait_until(file.read_text))
