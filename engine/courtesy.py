"""A solve makes way for a live page: while one is open, it keeps to one core and lets others go first.

The web server marks that a page is open (`mark_open`, a file in the home folder); each solve process looks every second
or so, also at solves that began before. When the page is left, the solve takes up all its cores again, still letting
others go first. Where the system cannot bind threads to a core (other than Linux), only the latter happens.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from pathlib import Path

from engine.scenario.loading import home

# A page that is open says so more often than this [s].
FRESH_S = 45.0
LOOK_EVERY_S = 1.0
NICENESS = 10


def mark_open() -> None:
    """A live page is open now."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def page_is_open() -> bool:
    """Whether a live page was open within `FRESH_S`."""
    try:
        return time.time() - _mark().stat().st_mtime < FRESH_S
    except FileNotFoundError:
        return False


def make_way() -> None:
    """Watch for live pages from now on, in a thread of its own; all threads of this process make way."""
    manners = _Manners()
    manners.look()
    threading.Thread(target=manners.watch, name="courtesy", daemon=True).start()


class _Manners:
    """What this process was given, and what it takes of it now."""

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0) if sys.platform.startswith("linux") else set()
        self._making_way = False

    def watch(self) -> None:
        """Look until the process ends."""
        while True:
            time.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> None:
        """Take one core or all of them; threads that began since the last look follow the one that began them."""
        making_way = page_is_open()
        if making_way != self._making_way:
            self._making_way = making_way
            self._take({max(self._all)} if making_way and self._all else self._all)

    def _take(self, cores: set[int]) -> None:
        for thread in _threads():
            with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                if cores:
                    os.sched_setaffinity(thread, cores)
                if self._making_way:
                    os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def _threads() -> list[int]:
    """Threads of this process as the system numbers them; 0, the caller, where it does not say."""
    tasks = Path("/proc/self/task")
    return [int(task.name) for task in tasks.iterdir()] if tasks.is_dir() else [0]


def _mark() -> Path:
    return home() / "live-page-open"
