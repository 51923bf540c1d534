"""The glue between a Solve button and the job table: a background callback that submits and mirrors.

The job table is the queue; what runs here only writes a row into it and tells the browser what becomes of that
row. Losing it (a refresh, a restarted server, an impatient second click) loses nothing: the row stays.
"""

from __future__ import annotations

import functools
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diskcache
import flask
from dash import DiskcacheManager
from dash.background_callback.managers import BaseBackgroundCallbackManager

from dashboard import data
from dashboard.owner import owner_id
from engine.job import Job
from engine.jobs import JobTable
from engine.library import Library
from engine.scenario.loading import home

POLL_S = 0.15
# Beyond so many a button still submits, but no longer mirrors: the runs page shows the row.
MAX_MIRRORS = 32
LEFT_REMEMBERED = 256
# A mirror gives up after this; the runs page shows the row for as long as it takes.
MIRROR_S = 1800.0


@dataclass(frozen=True)
class Asker:
    """Who pressed the button, and where to look.

    Attributes
    ----------
    owner : str
        Cookie id of the browser.
    store : object
        Where solved scenarios are found again.
    stop : threading.Event
        Set when nobody watches any more.
    """

    owner: str
    store: Any
    stop: threading.Event = field(default_factory=threading.Event)


_asker: ContextVar[Asker] = ContextVar("firmwatt_asker")


class RowMirrors(DiskcacheManager):
    """Diskcache manager whose work runs on a thread instead of a process a click.

    A mirror reads one row a few times a second, so a thread is enough. A forked process would be worse: it can
    inherit a held lock and hang, it keeps the server's port when the server is killed, and Dash kills the process
    of an earlier click when the same button area is used again, perhaps before its row was written. Here being
    stopped ends the mirroring only; the submission before it always completes.
    """

    def __init__(self) -> None:
        # Not DiskcacheManager's own: it opens a cache at once, before FIRMWATT_HOME is known.
        BaseBackgroundCallbackManager.__init__(self, None)
        self.expire = None
        self._caches: dict[Path, diskcache.Cache] = {}
        self._stops: dict[str, threading.Event] = {}
        self._keys: dict[str, str] = {}
        self._left: deque[str] = deque(maxlen=LEFT_REMEMBERED)

    @property
    def handle(self) -> diskcache.Cache:
        """Results and progress on their way to the browser; readable by the owner only, as it holds pickles."""
        folder = home() / "callback-cache"
        if folder not in self._caches:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            self._caches[folder] = diskcache.Cache(str(folder))
        return self._caches[folder]

    def build_cache_key(self, *args: Any) -> str:
        """Key of one press: the inputs (with their nonce) and the browser, so that two users never share one."""
        return f"{super().build_cache_key(*args)}-{owner_id()}"

    def make_job_fn(self, fn: Callable[..., Any], progress: bool, key: str | None = None) -> Callable[..., Any]:
        """Bind the cache when the work starts, not when the page is imported."""
        make = super().make_job_fn
        return lambda *args: make(fn, progress, key)(*args)

    def call_job_fn(self, key: str, job_fn: Callable[..., Any], args: Any, context: Any) -> str:
        """Start the work on a thread; the handle that comes back is what the browser stops it with."""
        job, asker = uuid.uuid4().hex, Asker(owner_id(), data.store())
        app = flask.current_app._get_current_object()  # type: ignore[attr-defined]
        if len(self._stops) >= MAX_MIRRORS:
            asker.stop.set()
        self._stops[job], self._keys[job] = asker.stop, key
        work = functools.partial(job_fn, key, self._make_progress_key(key), args, context)
        # A daemon: the server's end does not wait for mirrors.
        threading.Thread(target=self._work, args=(job, asker, app, work), name=f"mirror-{job}", daemon=True).start()
        return job

    def _work(self, job: str, asker: Asker, app: flask.Flask, work: Callable[[], None]) -> None:
        _asker.set(asker)
        try:
            with app.app_context():
                work()
        finally:
            self._stops.pop(job, None)
            self._keys.pop(job, None)

    def terminate_job(self, job: str | None) -> None:
        """End the mirroring; the row goes on."""
        stop, key = self._stops.get(job or ""), self._keys.get(job or "")
        if stop is not None and key is not None:
            self._left.append(key)
            stop.set()

    def get_progress(self, key: str) -> Any:
        """Progress on its way; none for a page that was left, which has no place for it any more."""
        progress = super().get_progress(key)
        return None if key in self._left else progress

    def job_running(self, job: str) -> bool:
        """Say whether the work has not ended yet."""
        return job in self._stops

    def terminate_unhealthy_job(self, job: str) -> bool:
        """Threads end by themselves; there is nothing to clear away."""
        return False


MANAGER = RowMirrors()


def submit(key: str) -> Job:
    """Queue a scenario of the library for whoever pressed the button.

    Raises
    ------
    InputError
        The scenario is not there, or is not valid: every problem.
    """
    asker = _asker.get(None) or Asker(owner_id(), data.store())
    return JobTable().submit(Library().load(key), asker.owner, store=asker.store)


def watch(job: Job) -> Iterator[Job]:
    """Yield a job whenever its row changed, the first time at once, until it has ended or nobody watches."""
    asker = _asker.get(None)
    stop = asker.stop if asker else threading.Event()
    yield job
    table, deadline = JobTable(), time.monotonic() + MIRROR_S
    while job.state.live and time.monotonic() < deadline and not stop.wait(POLL_S):
        latest = table.get(job.job_id)
        if latest != job:
            job = latest
            yield job


def cancel(job_id: str) -> str:
    """Give a job up for the browser that asks; says what happened."""
    return JobTable().cancel(job_id, owner_id())
