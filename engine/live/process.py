"""The live process of one scenario: `python -m engine.live.process`.

The packed scenario (`engine.request.packed`, one line of JSON) comes on standard input, then questions, one a line;
answers leave on standard output, one JSON object a line. Of the questions of a page only the latest is answered in
full: an earlier one is `overtaken`. Pages take turns. When standard input closes, the process ends.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from engine.errors import InputError, SolveFailed
from engine.lifeline import follow_parent
from engine.live.previewer import Previewer
from engine.live.question import REFINED_PATIENCE_S, Answer, Question
from engine.live.whole_numbers import Overtaken
from engine.request import unpacked

PARENT = "FIRMWATT_PARENT_PID"
# What a stranger's questions may hold in memory [bytes]; a base scenario takes some 400 MB.
MOST_MEMORY_BYTES = 3 * 10**9


class Inbox:
    """Questions that wait: the latest of each page, in the order in which the pages first asked."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, Question] = {}
        self._latest: dict[str, int] = {}
        self._dropped: list[Question] = []
        self._closed = False

    def put(self, question: Question) -> None:
        """Take a question; an earlier one of the same page is dropped."""
        with self._changed:
            self._latest[question.page] = max(question.number, self._latest.get(question.page, question.number))
            earlier = self._waiting.get(question.page)
            if earlier is not None:
                self._dropped.append(earlier)
            self._waiting[question.page] = question
            self._changed.notify()

    def close(self) -> None:
        """No more questions come."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def overtaken(self, question: Question) -> bool:
        """Whether the page has asked again, or nobody listens any more."""
        return self._closed or self._latest.get(question.page, question.number) > question.number

    def take(self) -> Iterator[tuple[Question, bool]]:
        """Yield (question, whether it was overtaken while it waited) until the inbox is closed."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                dropped, self._dropped = self._dropped, []
                if self._closed:
                    return
                page = next(iter(self._waiting))
                question = self._waiting.pop(page)
            for earlier in dropped:
                yield earlier, True
            yield question, False


def answers(previewer: Previewer, inbox: Inbox) -> Iterator[Answer]:
    """Answer what comes in."""
    for question, dropped in inbox.take():
        yield _overtaken(question) if dropped else _answer(previewer, inbox, question)


def _answer(previewer: Previewer, inbox: Inbox, question: Question) -> Answer:
    try:
        return previewer.answer(question, lambda: inbox.overtaken(question))
    except Overtaken:
        return _overtaken(question)
    except SolveFailed as error:
        return Answer(question.page, question.number, "failed", problems=[["", str(error)]])


def _overtaken(question: Question) -> Answer:
    return Answer(question.page, question.number, "overtaken")


def _read_questions(inbox: Inbox) -> None:
    for line in sys.stdin:
        inbox.put(Question(**json.loads(line)))
    inbox.close()
    # A linear program in the solver cannot be asked to stop; nobody waits for it.
    os._exit(0)


def main() -> int:
    """Hold one scenario and answer questions about it."""
    if parent := os.environ.get(PARENT):
        follow_parent(signal.SIGKILL, int(parent))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to standard error

    def emit(content: dict[str, Any]) -> None:
        out.write(json.dumps(content) + "\n")
        out.flush()

    _limit_memory()
    try:
        previewer = Previewer(unpacked(json.loads(sys.stdin.readline())))
    except InputError as error:
        emit({"error": str(error)})
        return 2
    inbox = Inbox()
    threading.Thread(target=_read_questions, args=(inbox,), name="questions", daemon=True).start()
    # The base scenario first, with patience: every change starts from its whole numbers.
    emit({"ready": _answer(previewer, Inbox(), Question("", 0, {}, REFINED_PATIENCE_S)).to_json()})
    gc.freeze()  # imports and the base stay: no collection looks at them again
    for answer in answers(previewer, inbox):
        emit({"answer": answer.to_json()})
    return 0


def _limit_memory() -> None:
    if sys.platform.startswith("linux"):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
