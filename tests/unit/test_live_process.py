"""The live process: latest wins, pages take turns, a death is said and mended, idle ones end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from engine.live.client import LiveProcess, LiveProcesses
from engine.live.process import Inbox
from engine.live.question import Question
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, load_scenario

WITHIN_S = 120.0


@pytest.fixture(scope="module")
def light() -> LoadedScenario:
    return load_scenario(SHIPPED_SCENARIOS / "light-gas.yaml")


@pytest.fixture
def process(light: LoadedScenario) -> Iterator[LiveProcess]:
    one = LiveProcess(light)
    yield one
    one.end()


def gas(price: float, number: int, page: str = "page") -> Question:
    return Question(page, number, {"fuel.price_usd_per_mmbtu": price})


def test_of_the_questions_of_a_page_the_latest_waits_and_pages_take_turns() -> None:
    inbox = Inbox()
    for question in (gas(3.0, 1, "a"), gas(4.0, 1, "b"), gas(5.0, 2, "a"), gas(6.0, 3, "a")):
        inbox.put(question)
    taken = inbox.take()
    seen = [next(taken) for _ in range(4)]
    assert [(one.page, one.number, dropped) for one, dropped in seen] == [
        ("a", 1, True),
        ("a", 2, True),
        ("a", 3, False),
        ("b", 1, False),
    ]
    assert inbox.overtaken(gas(5.0, 2, "a"))
    assert not inbox.overtaken(gas(6.0, 3, "a"))


def test_the_latest_question_is_answered_and_those_before_it_are_dropped(process: LiveProcess) -> None:
    asked = [process.ask(gas(3.0 + 0.1 * number, number)) for number in range(8)]
    answers = [future.result(WITHIN_S) for future in asked]
    assert answers[-1].status == "plan"
    assert {answer.status for answer in answers[:-1]} <= {"plan", "overtaken"}
    # They were sent while the process was starting: it found several at once, and only the latest counts.
    assert "overtaken" in {answer.status for answer in answers[:-1]}


def test_a_process_that_is_killed_says_so_and_the_next_question_starts_it_again(process: LiveProcess) -> None:
    assert process.ask(gas(3.5, 1)).result(WITHIN_S).status == "plan"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)  # it is at work, and does not answer
    waiting = process.ask(gas(4.0, 2))
    os.kill(process.pid, signal.SIGKILL)
    died = waiting.result(WITHIN_S)
    assert died.status == "failed"
    assert died.problems == [["", "the live process ended with -9; the next change starts it again."]]
    again = process.ask(gas(4.0, 3)).result(WITHIN_S)
    assert (again.status, process.restarts) == ("plan", 1)


def test_idle_processes_end_and_the_one_asked_longest_ago_makes_room(light: LoadedScenario) -> None:
    processes = LiveProcesses(idle_s=3.0)
    one = processes.of(light)
    answer = one.ask(gas(3.5, 1)).result(WITHIN_S)
    assert answer.status == "plan", answer.problems
    deadline = time.monotonic() + 30.0
    while one.pid is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert one.pid is None
    assert not processes.working()


def test_the_same_question_is_answered_from_memory(light: LoadedScenario) -> None:
    processes = LiveProcesses()
    first = processes.ask(light, gas(4.2, 1))
    assert first.status == "plan"
    processes.end()
    again = processes.ask(light, gas(4.2, 7, "another page"))
    assert (again.page, again.number) == ("another page", 7)
    assert again.summary == first.summary
    assert not processes.working()  # nothing was started for it
