"""Questions as study requests: checked before they are queued; no solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from engine.choice.futures import Future
from engine.choice.variants import scenario_of_run
from engine.errors import InputError, Problem
from engine.request import StudyRequest
from engine.scenario.loading import home
from engine.study import STUDIES

FEWEST_PLANS, MOST_PLANS = 2, 6
HOURS = ("exact", "weeks")


class Manifests(Protocol):
    """The part of a store that questions read."""

    def manifest(self, run_id: str) -> dict[str, Any]: ...


def regret_question(
    store: Manifests, run_ids: Sequence[str], futures: Sequence[Future], *, hours: str = "exact",
    optima: bool = False, studies: Path | None = None, force: bool = False,
) -> StudyRequest:  # fmt: skip
    """Which plan would be regretted least.

    Parameters
    ----------
    run_ids : sequence of str
        Two to six stored plans; the futures change the first one's scenario.
    hours : str
        `exact` (8,760 h of every year) or `weeks` (what the sizing sees).
    optima : bool
        Also plan for each future, so that regret is against the best plan of it.

    Raises
    ------
    InputError
    """
    ids, problems = list(dict.fromkeys(run_ids)), []
    if not FEWEST_PLANS <= len(ids) <= MOST_PLANS:
        problems.append(Problem("plans", f"{len(ids)} given; choose {FEWEST_PLANS} to {MOST_PLANS} different runs."))
    if hours not in HOURS:
        problems.append(Problem("hours", f'is "{hours}"; it must be {" or ".join(HOURS)}.'))
    if problems:
        raise InputError("regret", problems)
    manifests = [store.manifest(run_id) for run_id in ids]
    check_plans(manifests)
    options = {"plans": ids, "futures": [one.to_json() for one in futures], "hours": hours, "optima": optima}
    names = " or ".join(str(manifest["name"]) for manifest in manifests[:3])
    loaded = [scenario_of_run(manifest) for manifest in manifests]
    return StudyRequest.of("regret", f"Regret: {names}", loaded, options, studies_folder(studies), force=force)


def check_plans(manifests: Sequence[Mapping[str, Any]]) -> None:
    """Refuse runs without a plan and plans of different years.

    Raises
    ------
    InputError
    """
    problems, spans = [], []
    for manifest in manifests:
        if manifest["status"] != "done":
            problems.append(Problem(str(manifest["run_id"]), "has no plan (infeasible); leave it out."))
        time = manifest["scenario"]["time"]
        spans.append((time["first_year"], time["first_year"] + time["years"] - 1))
    for manifest, span in zip(manifests, spans, strict=True):
        if span != spans[0]:
            words = f"plans {span[0]}-{span[1]}; the first covers {spans[0][0]}-{spans[0][1]}. Choose one span."
            problems.append(Problem(str(manifest["run_id"]), words))
    if problems:
        raise InputError("plans", problems)


def studies_folder(studies: Path | None) -> Path:
    """Folder that takes the studies."""
    return studies if studies is not None else home() / STUDIES
