"""Where a scenario stands, and how a job looks: in words, worst thing first."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from dashboard.components import job_parts
from dashboard.standing import builds, outlook, standing
from engine.errors import Problem
from engine.job import Job, JobState
from engine.library import Entry
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario

ENTRY = Entry("x", "X", "", False, Path("x.yaml"), (), "mark")
JOB = Job(
    job_id="j", fingerprint="mark", name="X", state=JobState.RUNNING, outcome=None, phase="size", message="Sizing 2026",
    progress_frac=0.4, mip_gap_frac=0.032, bound_usd=97.1e6, incumbent_usd=100e6, gap_trace=(), run_id=None, reason="",
    attempts=1, worker="w", lease_until=None, created=1000.0, started=1010.0, finished=None, cancelling=False,
    owners=("me", "you"), priority=0,
)  # fmt: skip
RUN: dict[str, Any] = {
    "run_id": "x-1", "fingerprint": "mark", "created_utc": "2026-11-20T12:00:00.000+00:00", "status": "done",
    "termination": "within_gap", "verification": {"passed": True},
    "technologies": {"turbine": {"kind": "thermal", "label": "Gas turbine"}, "solar": {"kind": "solar", "label": ""}},
    "summary": {
        "adequate": True, "lcoe_usd_per_mwh": 77.5,
        "capacity": {"solar": {"2026": 20.0}, "turbine": {"2026": 200.0, "2027": 250.0}, "grid": {"2026": 0.0}},
    },
}  # fmt: skip
AFTER = 2e9  # epoch seconds, later than the run


def change(job: Job = JOB, **changes: Any) -> Job:
    return dataclasses.replace(job, **changes)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Verified"),
        ({"termination": "time_limit"}, "Time-limited"),
        ({"summary": {"adequate": False}, "termination": "time_limit"}, "Inadequate"),
        ({"verification": {"passed": False}, "summary": {"adequate": False}}, "Not verified"),
        ({"status": "infeasible", "verification": {"passed": False}}, "Infeasible"),
    ],
)
def test_the_worst_thing_about_a_run_is_said_first(changes: dict[str, Any], word: str) -> None:
    assert standing(ENTRY, [], [{**RUN, **changes}]).word == word


def test_a_scenario_without_runs_or_jobs_was_never_solved() -> None:
    other = {**RUN, "fingerprint": "another"}
    assert standing(ENTRY, [change(fingerprint="another")], [other]).word == "Never solved"


def test_a_live_job_shows_beside_the_figures_of_the_last_run() -> None:
    found = standing(ENTRY, [JOB], [RUN])
    assert (found.word, found.is_live, found.run_id, found.lcoe_usd_per_mwh) == ("Running", True, "x-1", 77.5)


def test_a_failure_counts_until_a_run_follows_it() -> None:
    failed = change(state=JobState.FAILED, reason="out of memory", finished=AFTER)
    assert standing(ENTRY, [failed], [RUN]).word == "Failed"
    assert standing(ENTRY, [change(failed, finished=1.0)], [RUN]).word == "Verified"


def test_a_scenario_that_is_not_valid_says_why() -> None:
    broken = dataclasses.replace(ENTRY, problems=(Problem("load.pue", "is 0.5; it must be at least 1."),))
    found = standing(broken, [], [])
    assert (found.word, found.detail) == ("Not valid", "load.pue is 0.5; it must be at least 1.")


def test_builds_are_the_largest_over_the_years_without_what_is_not_built() -> None:
    assert [(one.label, one.mw) for one in builds(RUN)] == [("Gas turbine", 250.0), ("solar", 20.0)]


def test_what_is_not_solved_shows_what_it_asks() -> None:
    ahead = outlook(load_scenario(SHIPPED_SCENARIOS / "base.yaml").scenario)
    # 160 MW x 1.25 = 200 MW; nine years of 10 % of the first year's: 1.9 x 200 = 380 MW.
    assert (ahead.first_year, ahead.last_year, ahead.peak_mw) == (2026, 2035, 200.0)
    assert ahead.last_peak_mw == pytest.approx(380.0)
    assert ("engine", "thermal", "Reciprocating engine") in ahead.candidates


@pytest.mark.parametrize(
    ("owners", "words"),
    [(("me",), "You"), (("me", "a", "b"), "You and 2\u202fothers"), (("a",), "1\u202fother"), ((), "Nobody")],
)
def test_who_waits_is_said_from_the_readers_place(owners: tuple[str, ...], words: str) -> None:
    assert job_parts.who_waits(change(owners=owners), "me") == words


def test_nobody_waits_for_what_has_ended() -> None:
    assert job_parts.who_waits(change(state=JobState.DONE), "me") == ""


def test_the_gap_line_falls_and_says_from_where_to_where() -> None:
    line = job_parts.gap_line([(1.0, 0.5), (3.0, 0.05), (9.0, 0.01)])
    assert line is not None
    assert getattr(line, "aria-label") == "Gap from 50\u202f% to 1.0\u202f% in 9\u202fs"
    assert job_parts.gap_line([(1.0, 0.5)]) is None


def test_the_gap_line_is_as_high_as_the_logarithm_of_the_gap() -> None:
    # 100 % stands at the top (y = 2), 0.1 % at the bottom (y = 22), 3.16 % half-way: 1.5 of 3 decades.
    heights = [job_parts._height(gap) for gap in (1.0, 10**-1.5, 1e-3, 1e-9)]
    assert heights == pytest.approx([2, 12, 22, 22])


@pytest.mark.parametrize(
    ("seconds", "words"), [(8.4, "8\u202fs"), (65, "1\u202fmin 05\u202fs"), (7800, "2\u202fh 10\u202fmin")]
)
def test_durations_are_said_in_two_units_at_most(seconds: float, words: str) -> None:
    assert job_parts.duration(seconds) == words


def test_gap_and_bound_are_said_as_far_as_they_are_known() -> None:
    assert job_parts.gap_words(JOB) == "gap 3.2\u202f%, bound $97.10\u202fM"
    assert job_parts.gap_words(change(mip_gap_frac=0.0, bound_usd=None)) == "no gap left"
    assert job_parts.gap_words(change(mip_gap_frac=None, bound_usd=None)) == ""
    assert job_parts.gap_words(change(outcome="infeasible")) == ""


def test_a_failure_shows_the_first_line_of_its_reason() -> None:
    failed = change(state=JobState.FAILED, reason="solver process ended with -9\nTraceback ...")
    assert job_parts.happening(failed) == "solver process ended with -9"
