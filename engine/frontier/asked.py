"""What a frontier is asked: scenarios, objectives, number of points; checked at once. No solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError, Problem
from engine.objectives import OBJECTIVES
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario, home
from engine.study import STUDIES

KIND = "frontier"
MOST_SCENARIOS = 4
FEWEST_POINTS, MOST_POINTS, USUAL_POINTS = 3, 60, 12
SCENARIO_LETTERS = "ABCD"


@dataclass(frozen=True)
class Asked:
    """The options of a frontier.

    Attributes
    ----------
    objectives : tuple of str
        Two or three keys of `OBJECTIVES`; a measure of cost comes first: it is minimised, the others are held.
    points : int
        Of each scenario, the ends included.
    gap_frac, time_limit_s : float or None
        Of each solve; by default the scenario's.
    """

    objectives: tuple[str, ...]
    points: int = USUAL_POINTS
    gap_frac: float | None = None
    time_limit_s: float | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Asked:
        """Read the options of a request."""
        return cls(**{**options, "objectives": tuple(options["objectives"])})

    def options(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "objectives": list(self.objectives)}


def frontier_request(
    loaded: Sequence[LoadedScenario], asked: Asked, studies: Path | None = None, *, force: bool = False
) -> StudyRequest:
    """The study that finds a frontier.

    Raises
    ------
    InputError
        Everything that is wrong with what is asked.
    """
    problems = _problems(loaded, asked)
    if problems:
        raise InputError("The frontier", problems)
    ordered = sorted(asked.objectives, key=lambda key: not OBJECTIVES[key].money)
    whole = Asked(tuple(ordered), asked.points, asked.gap_frac, asked.time_limit_s)
    labels = " and ".join(OBJECTIVES[key].label for key in ordered)
    names = ", ".join(one.scenario.name for one in loaded)
    folder = studies if studies is not None else home() / STUDIES
    return StudyRequest.of(KIND, f"{labels}: {names}", loaded, whole.options(), folder, force=force)


def _problems(loaded: Sequence[LoadedScenario], asked: Asked) -> list[Problem]:
    problems = []
    known = ", ".join(OBJECTIVES)
    unknown = [key for key in asked.objectives if key not in OBJECTIVES]
    problems += [Problem("objectives", f'has "{key}", which is none of {known}.') for key in unknown]
    if len(set(asked.objectives)) != len(asked.objectives) or len(asked.objectives) not in (2, 3):
        problems.append(Problem("objectives", "must be two or three different ones."))
    if sum(OBJECTIVES[key].money for key in asked.objectives if key in OBJECTIVES) > 1:
        words = "has LCOE and net present cost, which are the same but for a constant; keep one."
        problems.append(Problem("objectives", words))
    if not 1 <= len(loaded) <= MOST_SCENARIOS:
        problems.append(Problem("scenarios", f"are {len(loaded)}; choose one to {MOST_SCENARIOS}."))
    if not FEWEST_POINTS <= asked.points <= MOST_POINTS:
        words = f"is {asked.points}; ask for {FEWEST_POINTS} to {MOST_POINTS} points a scenario."
        problems.append(Problem("points", words))
    if asked.gap_frac is not None and not 0 <= asked.gap_frac < 1:
        problems.append(Problem("gap", f"is {asked.gap_frac:g}; it must be at least 0 and below 1."))
    if asked.time_limit_s is not None and asked.time_limit_s <= 0:
        problems.append(Problem("time limit", f"is {asked.time_limit_s:g} s; it must be above 0."))
    return problems
