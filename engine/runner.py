"""Starts one solve process and watches it to its end, whatever that end is."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.lifeline import kill_group
from engine.progress import OnProgress, Progress, ignore
from engine.request import SolveRequest, StudyRequest
from engine.solve_process import PARENT

POLL_S = 0.05
LAST_LINES = 30


@dataclass(frozen=True)
class Outcome:
    """How a solve process ended.

    Attributes
    ----------
    kind : str
        "result", "input" (the input is refused), "time_limit" (no plan in time), "failed" or "cancelled".
    run_id : str or None
        Of a result.
    summary : dict
        Of a result: headline figures, with `status` and `termination`.
    reused : bool
        The result was found in the store, not solved.
    reason : str
        Why there is no result.
    """

    kind: str
    run_id: str | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    reused: bool = False
    reason: str = ""


def run_solve_process(
    request: SolveRequest | StudyRequest,
    on_progress: OnProgress = ignore,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Solve a request in a process of its own.

    Parameters
    ----------
    request : SolveRequest or StudyRequest
    on_progress : callable
        Told each report of the process.
    should_cancel : callable
        Asked some twenty times a second; once it says True, the process and all that it started are killed.

    Returns
    -------
    Outcome
        Never raises for what the process does. What the callbacks raise passes through, after the kill.
    """
    with _Process(request) as process:
        return process.watch(on_progress, should_cancel)


class _Process:
    """The child process with its three pipes and the two threads that read them."""

    def __init__(self, request: SolveRequest | StudyRequest) -> None:
        self._request = request

    def __enter__(self) -> _Process:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "engine.solve_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # its own group: a Ctrl-C is not for it, and a kill takes its children too
            env={**os.environ, PARENT: str(os.getpid())},
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._complaints: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._readers = [threading.Thread(target=self._read_events), threading.Thread(target=self._read_complaints)]
        for reader in self._readers:
            reader.start()
        self._send()
        return self

    def __exit__(self, *_: object) -> None:
        kill_group(self._popen)
        self._popen.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(BrokenPipeError):  # a request that was never read to its end
                if pipe is not None:
                    pipe.close()

    def watch(self, on_progress: OnProgress, should_cancel: Callable[[], bool]) -> Outcome:
        """Pass progress on until the process has said how it ended, has died or is to be cancelled."""
        while True:
            if should_cancel():
                return Outcome("cancelled", reason="cancelled")
            try:
                event = self._events.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if event is None:
                return self._died()
            kind = event.pop("event")
            if kind == "progress":
                on_progress(Progress(**event))
            elif kind == "result":
                return Outcome("result", event["run_id"], event["summary"], event["reused"])
            else:
                return Outcome(event["kind"], reason=event["message"])

    def _send(self) -> None:
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(self._request.to_json().encode() + b"\n")
            self._popen.stdin.flush()
        except BrokenPipeError:
            return  # it died at birth; `watch` finds out why

    def _read_events(self) -> None:
        assert self._popen.stdout is not None
        for line in self._popen.stdout:
            self._events.put(json.loads(line))
        self._events.put(None)

    def _read_complaints(self) -> None:
        assert self._popen.stderr is not None
        for line in self._popen.stderr:
            if text := line.decode(errors="replace").strip():
                self._complaints.append(text)

    def _died(self) -> Outcome:
        code = self._popen.wait()
        self._readers[1].join()
        last = f"; its last words: {self._complaints[-1]}" if self._complaints else ""
        return Outcome("failed", reason=f"solver process ended with {exit_words(code)}{last}")


def exit_words(code: int) -> str:
    """Say what an exit code of `subprocess` means."""
    if code >= 0:
        return f"exit code {code} and no answer"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "unknown"
    often = "; often out of memory" if -code == signal.SIGKILL else ""
    return f"signal {-code} ({name}){often}"
