"""Alternatives as a question, and what its ranges say in words; no solver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from engine.choice.questions import studies_folder
from engine.choice.rows import records
from engine.errors import InputError, Problem
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.wording import listed, percent, significant

KIND = "alternatives"
QUICK, OWN = "quick", "own"
MUST, CHOICE, OUT, OPEN = "must", "choice", "out", "open"
VERDICTS = {
    MUST: "A must: in every plan this cheap",
    CHOICE: "A choice: some of these plans do without",
    OUT: "Out: in none of these plans",
    OPEN: "Open: found in all of these plans, not proven to be",
}
MOST_WITHIN_FRAC = 0.5


def alternatives_question(
    loaded: LoadedScenario, within_frac: float, *, steps: str = QUICK, studies: Path | None = None, force: bool = False
) -> StudyRequest:
    """Which plans cost at most so much more than the best, and how they differ.

    Parameters
    ----------
    within_frac : float
        Slack over the least cost, e.g. 0.02.
    steps : str
        `quick` (the small model, whole units) or `own` (the steps of the scenario's sizing).

    Raises
    ------
    InputError
    """
    problems = []
    if not 0 < within_frac <= MOST_WITHIN_FRAC:
        words = f"is {100 * within_frac:g} %; it must be above 0 and at most {100 * MOST_WITHIN_FRAC:g} %."
        problems.append(Problem("percentage", words))
    if steps not in (QUICK, OWN):
        problems.append(Problem("steps", f'is "{steps}"; it must be {QUICK} or {OWN}.'))
    if not loaded.scenario.active_technologies:
        problems.append(Problem("technologies", "holds nothing that may be built."))
    if problems:
        raise InputError("alternatives", problems)
    options = {"within_frac": within_frac, "steps": steps}
    name = f"Alternatives within {100 * within_frac:g} %: {loaded.scenario.name}"
    return StudyRequest.of(KIND, name, [loaded], options, studies_folder(studies), force=force)


def sentences(ranges: pd.DataFrame, within_frac: float) -> list[str]:
    """What is a must, what is a choice, what is out."""
    rows = records(ranges)
    by_verdict: dict[str, list[dict[str, Any]]] = {key: [] for key in VERDICTS}
    for row in rows:
        by_verdict[row["verdict"]].append(row)
    slack = f"within {percent(within_frac)} of the least cost"
    said = []
    if by_verdict[MUST]:
        said.append(f"In every plan {slack}: {listed([_from(row) for row in by_verdict[MUST]])}.")
    else:
        said.append(f"Nothing is a must: for each technology some plan {slack} does without it.")
    if by_verdict[CHOICE]:
        said.append(f"A choice: {listed([_up_to(row) for row in by_verdict[CHOICE]])}.")
    if by_verdict[OPEN]:
        said.append(f"Not proven either way: {listed([_from(row) for row in by_verdict[OPEN]])}.")
    if by_verdict[OUT]:
        said.append(f"In none of them: {listed([_small(row['label']) for row in by_verdict[OUT]])}.")
    unproven = [_small(row["label"]) for row in rows if not row["proven"]]
    if unproven:
        said.append(f"The search ran out of time for {listed(unproven)}: the range may be wider.")
    return said


def _from(row: dict[str, Any]) -> str:
    return f"{_small(row['label'])} (at least {significant(row['least_mw'])} MW, at most {significant(row['most_mw'])})"


def _up_to(row: dict[str, Any]) -> str:
    return f"{_small(row['label'])} (none to {significant(row['most_mw'])} MW)"


def _small(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
