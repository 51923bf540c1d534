"""The live processes as a web server sees them: one a base scenario, few at a time, ended when idle."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from engine.lifeline import kill_group
from engine.live.question import Answer, Question
from engine.request import packed
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario

PARENT = "FIRMWATT_PARENT_PID"
MOST_PROCESSES = 3
IDLE_S = 600.0
# A first answer waits for the process to start (imports, profiles, a first plan) [s].
ANSWER_WITHIN_S = 60.0
REMEMBERED = 128
LAST_LINES = 20


class LiveProcess:
    """One process and the questions on their way to it.

    Parameters
    ----------
    loaded : LoadedScenario
        The base scenario.
    command : tuple of str
        What is started; a test puts its own there.
    """

    def __init__(self, loaded: LoadedScenario, command: tuple[str, ...] = ()) -> None:
        self._parcel = packed(loaded)
        self._command = command or (sys.executable, "-m", "engine.live.process")
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, int], Future[Answer]] = {}
        self._complaints: deque[str] = deque(maxlen=LAST_LINES)
        self._popen: subprocess.Popen[bytes] | None = None
        self.base: Future[Answer] = Future()
        self.last_asked_s = time.monotonic()
        self.restarts = 0
        self._threads: list[threading.Thread] = []

    @property
    def pid(self) -> int | None:
        """Process id; None where it does not run."""
        return self._popen.pid if self._popen is not None and self._popen.poll() is None else None

    def idle_since(self, moment_s: float) -> bool:
        """Whether nothing was asked since, and nothing waits for an answer."""
        return self.last_asked_s < moment_s and not self._waiting

    def ask(self, question: Question) -> Future[Answer]:
        """Send a question; an overtaken one is answered as such. A process that died is started again."""
        future: Future[Answer] = Future()
        with self._lock:
            self.last_asked_s = time.monotonic()
            self._waiting[question.page, question.number] = future
            if self.pid is None:
                self._start()
            self._send(question.to_json())
        return future

    def end(self) -> None:
        """End the process; what waits is told."""
        with self._lock:
            popen, self._popen = self._popen, None
        if popen is not None:
            kill_group(popen)
            popen.wait()
            for thread in self._threads:
                thread.join()

    def _start(self) -> None:
        self.restarts += self._popen is not None
        self._threads = []
        if self.base.done():
            self.base = Future()
        self._popen = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, PARENT: str(os.getpid())},
        )
        for target in (self._read_answers, self._read_complaints):
            thread = threading.Thread(target=target, args=(self._popen,), name="live", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._send(self._parcel)

    def _send(self, content: dict[str, Any]) -> None:
        assert self._popen is not None
        assert self._popen.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has died; `_read_answers` tells whoever waits
            self._popen.stdin.write(json.dumps(content).encode() + b"\n")
            self._popen.stdin.flush()

    def _read_answers(self, popen: subprocess.Popen[bytes]) -> None:
        assert popen.stdout is not None
        refusal = ""
        for line in popen.stdout:
            content = json.loads(line)
            if "ready" in content:
                self.base.set_result(Answer.from_json(content["ready"]))
            elif "error" in content:
                refusal = content["error"]
            else:
                answer = Answer.from_json(content["answer"])
                with self._lock:
                    future = self._waiting.pop((answer.page, answer.number), None)
                if future is not None:
                    future.set_result(answer)
        self._died(popen, refusal)

    def _died(self, popen: subprocess.Popen[bytes], refusal: str) -> None:
        code = popen.wait()
        with contextlib.suppress(BrokenPipeError):  # what it did not read any more
            for pipe in (popen.stdin, popen.stdout):
                if pipe is not None:
                    pipe.close()
        with self._lock:
            if self._popen is not None and self._popen is not popen:
                return  # another one has taken its place already
            waiting, self._waiting = self._waiting, {}
            base = self.base
        words = refusal or self._last_words(code)
        for (page, number), future in waiting.items():
            future.set_result(Answer(page, number, "failed", problems=[["", words]]))
        if not base.done():
            base.set_result(Answer("", 0, "failed", problems=[["", words]]))

    def _last_words(self, code: int) -> str:
        last = self._complaints[-1].strip() if self._complaints and code > 0 else ""
        return f"the live process ended with {code}{f' ({last})' if last else ''}; the next change starts it again."

    def _read_complaints(self, popen: subprocess.Popen[bytes]) -> None:
        assert popen.stderr is not None
        with popen.stderr as lines:
            for line in lines:
                self._complaints.append(line.decode(errors="replace"))


class LiveProcesses:
    """At most `MOST_PROCESSES` live processes; the one asked longest ago makes room, and idle ones end.

    Parameters
    ----------
    idle_s : float
        A process that is not asked for so long ends [s].
    start : callable
        Makes the process of a scenario.
    """

    def __init__(self, idle_s: float = IDLE_S, start: Callable[[LoadedScenario], LiveProcess] = LiveProcess) -> None:
        self._idle_s, self._start = idle_s, start
        self._lock = threading.Lock()
        self._processes: OrderedDict[str, LiveProcess] = OrderedDict()
        self._answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
        self._watcher: threading.Thread | None = None
        self._ending = threading.Event()

    def of(self, loaded: LoadedScenario) -> LiveProcess:
        """The process of a scenario as it stands now; one is started where there is none."""
        mark = fingerprint(loaded)
        with self._lock:
            process = self._processes.pop(mark, None) or self._start(loaded)
            self._processes[mark] = process
            surplus = [self._processes.pop(key) for key in list(self._processes)[:-MOST_PROCESSES]]
            self._watch()
        for old in surplus:
            old.end()
        return process

    def ask(self, loaded: LoadedScenario, question: Question, within_s: float = ANSWER_WITHIN_S) -> Answer:
        """Answer a question, from memory where the same was asked with as much patience."""
        key = (fingerprint(loaded), question.state)
        known = self._answers.get((*key, True)) or (
            None if question.patience_s > 1.0 else self._answers.get((*key, False))
        )
        if known is not None:
            return dataclasses.replace(known, page=question.page, number=question.number)
        future = self.of(loaded).ask(question)
        try:
            answer = future.result(within_s)
        except TimeoutError:
            words = f"no answer within {within_s:g} s; the machine may be busy. Move a control to ask again."
            return Answer(question.page, question.number, "failed", problems=[["", words]])
        if answer.status in ("plan", "infeasible"):
            self._remember((*key, question.patience_s > 1.0), answer)
        return answer

    def base(self, loaded: LoadedScenario, within_s: float = ANSWER_WITHIN_S) -> Answer:
        """The preview of the scenario without any change."""
        return self.ask(loaded, Question("", next(_numbers), {}, patience_s=10.0), within_s)

    def working(self) -> bool:
        """Whether any process was asked within its idle time."""
        with self._lock:
            return any(process.pid is not None for process in self._processes.values())

    def end(self) -> None:
        """End all processes, and the watch over them."""
        with self._lock:
            processes, self._processes = list(self._processes.values()), OrderedDict()
            watcher, self._watcher = self._watcher, None
            self._ending.set()
        for process in processes:
            process.end()
        if watcher is not None:
            watcher.join()

    def _remember(self, key: tuple[Any, ...], answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)

    def _watch(self) -> None:
        if self._watcher is None:
            self._ending.clear()
            self._watcher = threading.Thread(target=self._end_idle, name="live-idle", daemon=True)
            self._watcher.start()

    def _end_idle(self) -> None:
        while not self._ending.wait(min(5.0, self._idle_s / 4)):
            with self._lock:
                late = time.monotonic() - self._idle_s
                idle = [key for key, process in self._processes.items() if process.idle_since(late)]
                ended = [self._processes.pop(key) for key in idle]
                done = not self._processes
                if done:
                    self._watcher = None
            for process in ended:
                process.end()
            if done:
                return


_numbers = itertools.count(1)
