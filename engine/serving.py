"""The whole of Firmwatt with one command: dashboard and worker, watched until one Ctrl-C ends both."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from engine.errors import FirmwattError
from engine.job import Job, JobQueue
from engine.jobs import JobTable
from engine.library import Library
from engine.lifeline import follower, kill_group
from engine.scenario.loading import home
from engine.store import Store

ROOT = Path(__file__).resolve().parents[1]
FIRST_SCENARIOS = ("light-gas", "light-solar", "base")
STOP_WITHIN_S = 4.0
ANSWER_WITHIN_S = 60.0
MAX_RESTARTS = 5
RESTARTS_COUNT_S = 60.0
LOOK_EVERY_S = 0.1

Say = Callable[[str], None]


class CannotServe(FirmwattError):
    """The dashboard cannot be started; the message says what to do."""


def serve(host: str, port: int, *, worker: bool = True, seed: bool = True, say: Say = print) -> int:
    """Run dashboard and worker until Ctrl-C or SIGTERM.

    Returns
    -------
    int
        0 when it was told to end, 1 when the dashboard ended by itself.

    Raises
    ------
    CannotServe
        The port is taken, or cannot be used; nothing was started.
    """
    check_port(host, port)
    if seed:
        for job in seed_first_start(JobTable(), Library(), Store()):
            say(f"First start: queued {job.name}.")
    return _Supervisor(host, port, worker, say).run()


def seed_first_start(queue: JobQueue, library: Library, store: Store) -> list[Job]:
    """Queue a few shipped scenarios when neither a job nor a run has ever been, so that there is something to see.

    Nobody owns these jobs: anybody may cancel them.
    """
    if any(queue.counts().values()) or store.runs() or store.damaged():
        return []
    shipped = {entry.key for entry in library.entries() if entry.shipped and not entry.problems}
    return [queue.submit(library.load(key), store=store) for key in FIRST_SCENARIOS if key in shipped]


def check_port(host: str, port: int) -> None:
    """Raise `CannotServe` unless the dashboard could listen there."""
    if not 1 <= port <= 65535:
        raise CannotServe(f"Port {port} does not exist; choose one from 1024 to 65535 with --port.")
    try:
        _bind(host, port)
    except (socket.gaierror, UnicodeError):
        raise CannotServe(f'Host "{host}" is not known. Use --host 127.0.0.1 for this machine alone.') from None
    except OSError as error:
        raise CannotServe(_port_words(host, port, error)) from None


def _port_words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = _free_port(host, port)
        return (
            f"Port {port} on {host} is taken: perhaps Firmwatt already runs at http://{host}:{port}. "
            f"Stop that program, or choose another port: firmwatt serve --port {other} (make run PORT={other})."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs special rights; choose one from 1024 up, e.g. --port 8050."
    return f"{host}:{port} cannot be used: {error.strerror}. Use --host 127.0.0.1 for this machine alone."


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _free_port(host: str, port: int) -> int:
    for candidate in range(port + 1, min(port + 50, 65535)):
        try:
            _bind(host, candidate)
        except OSError:
            continue
        return candidate
    return port + 1


class _Supervisor:
    """Holds the processes of the web server and the worker."""

    def __init__(self, host: str, port: int, worker: bool, say: Say) -> None:
        self._host, self._port, self._with_worker, self._say = host, port, worker, say
        self._told_to_stop = False
        self._worker: subprocess.Popen[bytes] | None = None
        self._restarts: list[float] = []

    def run(self) -> int:
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        self._web = _start("app", "--host", self._host, "--port", str(self._port))
        try:
            if self._with_worker:
                self._worker = _start("engine.worker")
            return self._watch()
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _watch(self) -> int:
        started, announced = time.monotonic(), False
        while not self._told_to_stop:
            if (code := self._web.poll()) is not None:
                self._say(f"The dashboard ended by itself (exit code {code}); see the lines above.")
                return 1
            if not announced:
                announced = self._announce(time.monotonic() - started)
            self._see_to_worker()
            time.sleep(LOOK_EVERY_S)
        self._say("Ending.")
        return 0

    def _announce(self, seconds: float) -> bool:
        """Say where the dashboard is as soon as it answers (or that it does not); True once said."""
        if _answers(self._host, self._port):
            self._say(f"Firmwatt is at http://{self._host}:{self._port} (Ctrl-C ends it).")
            return True
        if seconds > ANSWER_WITHIN_S:
            self._say(f"The dashboard has not answered for {ANSWER_WITHIN_S:.0f} s; it may still be starting.")
            return True
        return False

    def _see_to_worker(self) -> None:
        if self._worker is None or self._worker.poll() is None:
            return
        code, now = self._worker.returncode, time.monotonic()
        self._restarts = [then for then in self._restarts if now - then < RESTARTS_COUNT_S]
        if len(self._restarts) >= MAX_RESTARTS:
            self._say(
                f"The worker ended {MAX_RESTARTS + 1} times within {RESTARTS_COUNT_S:.0f} s (exit code {code}) and is "
                "not started again: jobs wait. See the lines above, then start it with: firmwatt worker"
            )
            self._worker = None
            return
        self._restarts.append(now)
        self._say(f"The worker ended (exit code {code}) and is started again.")
        self._worker = _start("engine.worker")

    def _end(self) -> None:
        processes = [process for process in (self._web, self._worker) if process is not None]
        for process in processes:
            kill_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S
        for process in processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"Process {process.pid} did not end in time and is killed.")
            kill_group(process)  # and whatever it left behind
            process.wait()


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a Python module in a session of its own: a Ctrl-C reaches the supervisor alone, which ends both."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "FIRMWATT_HOME": str(home())},  # a relative one would mean another folder from ROOT
        start_new_session=True,
        preexec_fn=follower(signal.SIGTERM),
    )


def _answers(host: str, port: int) -> bool:
    """Whether an HTTP server answers there, whatever it says."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=2.0)
    try:
        connection.request("HEAD", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
