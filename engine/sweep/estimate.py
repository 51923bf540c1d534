"""How long a sweep will take, from what equal or like solves have taken here."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.inputs import available
from engine.scenario.fingerprint import fingerprint
from engine.sweep.plan import Plan
from engine.wording import plural

# A solve process starts and imports its libraries before it solves.
START_S = 1.5


@dataclass(frozen=True)
class Estimate:
    """Expected time.

    Attributes
    ----------
    cases : int
    case_seconds, total_seconds : float or None
        None where nothing like it has been solved here; in all: one case after the other.
    source : str
        What it rests on, in words.
    """

    cases: int
    case_seconds: float | None
    total_seconds: float | None
    source: str


def estimate(plan: Plan, manifests: Iterable[Mapping[str, Any]]) -> Estimate:
    """Expected time of a sweep, one case after the other.

    Parameters
    ----------
    manifests : iterable of dict
        Stored runs, newest first. Those of the base scenario itself count; without one, those with as many years, the
        same method and the same technologies.
    """
    runs, cases = [run for run in manifests if run["status"] == "done"], plan.count
    mark, like = fingerprint(plan.base), _size(plan.base.scenario.model_dump(mode="json"))
    own = [run for run in runs if run["fingerprint"] == mark]
    near = own or [run for run in runs if _size(run["scenario"]) == like]
    seconds = [float(run["seconds"].get("total", 0.0)) for run in near[:20]]
    if not seconds:
        return Estimate(cases, None, None, "nothing of this size has been solved here yet")
    case_s = statistics.median(seconds) + START_S
    what = "of the base scenario" if own else "of the same years, hours and technologies"
    return Estimate(cases, case_s, case_s * cases, f"from {plural(len(seconds), 'stored run')} {what}")


def _size(scenario: Mapping[str, Any]) -> tuple[Any, ...]:
    time = scenario["time"]
    return time["years"], time["method"], len(time["weeks"]), time["clusters"], *sorted(available(scenario))
