"""What the address of the futures page says: the tab, the plans or the scenario, and the study in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import data, study_watch
from dashboard.views import futures_forms as forms
from engine.choice.variants import scenario_of_run
from engine.errors import InputError, StoreError
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario

FIRST_SCENARIO = "base"
TAB_OF_KIND = {"regret": "regret", "alternatives": "alternatives", "break_even": "break-even"}


@dataclass(frozen=True)
class Asked:
    """What the address says; `missing` are runs that cannot be taken, with why."""

    tab: str
    runs: tuple[str, ...]
    scenario: str
    study: str
    question: StudyRequest | None
    missing: Mapping[str, str]


def read(tab: str, runs: str, scenario: str, study: str) -> Asked:
    """Read an address; a study names its own question, plans that cannot be read are missing."""
    question = study_watch.question_of(study) if study else None
    if question is not None:
        tab = TAB_OF_KIND.get(question.kind, tab)
    plans = question.options["plans"] if question is not None and question.kind == "regret" else runs.split(",")
    against = {run_id: _reason_against(run_id) for run_id in plans if run_id}
    known = tuple(run_id for run_id, reason in against.items() if not reason)
    missing = {run_id: reason for run_id, reason in against.items() if reason}
    return Asked(tab if tab in forms.TABS else "regret", known, scenario or FIRST_SCENARIO, study, question, missing)


def _reason_against(run_id: str) -> str:
    """Why a run cannot be held against the future; nothing where it can."""
    try:
        return "" if data.manifest(run_id)["status"] == "done" else "it has no plan (infeasible)"
    except StoreError as error:
        return str(error)


def reference_of(runs: Sequence[str]) -> LoadedScenario | None:
    """The scenario that futures change: the first plan's."""
    try:
        return scenario_of_run(data.manifest(runs[0])) if runs else None
    except InputError:
        return None
