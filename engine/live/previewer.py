"""Answers questions about one scenario: changes in, preview out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.derivation import overlaid
from engine.economics import load_table, stage_rows
from engine.errors import InputError
from engine.live.held import Held, HeldModel
from engine.live.inputs import InputCache
from engine.live.question import CLASS_5, Answer, Question
from engine.matrix import compile_model
from engine.model import Reading, build, usable_mw
from engine.periods import Steps
from engine.profiles.result import Profiles
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario, validate_scenario
from engine.scenario.schema import Scenario
from engine.solver import Termination
from engine.summary import summarise

TABLES = ("capacity", "costs", "annual", "limits", "load")


class Previewer:
    """The coarse model of one scenario.

    Parameters
    ----------
    base : LoadedScenario
        What the overrides of a question are laid over.
    """

    def __init__(self, base: LoadedScenario) -> None:
        self._base = base
        self._mapping = base.scenario.model_dump(mode="json")
        self._inputs, self._held = InputCache(), HeldModel()

    def answer(self, question: Question, overtaken: Callable[[], bool] = lambda: False) -> Answer:
        """Answer a question.

        Raises
        ------
        Overtaken
            A later question came.
        SolveFailed
        """
        head: dict[str, Any] = {"page": question.page, "number": question.number}
        clock = _Clock()
        try:
            loaded = self._changed(question.overrides)
            inputs = self._inputs.of(loaded)
        except InputError as error:
            return Answer(**head, status="refused", problems=[[one.place, one.message] for one in error.problems])
        scenario, profiles, steps = loaded.scenario, inputs.profiles, inputs.steps
        clock.lap("inputs")
        form = build(scenario, steps)
        matrix = compile_model(form)
        clock.lap("build")
        held = self._held.solve(matrix, question.patience_s, overtaken)
        clock.lap("solve")
        solution = held.solution
        head |= {
            "technologies": _technologies(scenario),
            "fingerprint": fingerprint(loaded),
            "synthetic": list(profiles.synthetic),
        }
        size = {"columns": matrix.lp.num_col_, "rows": matrix.lp.num_row_, "steps": steps.count, "reused": held.reused}
        if not solution.has_plan:
            status = "infeasible" if solution.termination is Termination.INFEASIBLE else "no_plan_yet"
            return Answer(**head, status=status, model=size | {"seconds": clock.laps})
        summary, tables = _accounts(scenario, profiles, steps, Reading(form, solution))
        clock.lap("accounts")
        return Answer(
            **head,
            status="plan",
            summary=_plain(summary),
            tables={name: _plain(frame.to_dict("list")) for name, frame in tables.items()},
            gap_frac=solution.gap_frac,
            rounding_usd=_rounding_usd(held),
            model=size | {"seconds": clock.laps},
        )

    def _changed(self, overrides: Mapping[str, Any]) -> LoadedScenario:
        if not overrides:
            return self._base
        changed = overlaid(self._mapping, overrides)
        loaded = validate_scenario(changed, source=self._base.source, folders=())
        return loaded


def _rounding_usd(held: Held) -> float:
    """What whole numbers of units cost beyond fractions of units [USD, present value]."""
    objective = held.solution.objective
    return 0.0 if objective is None else max(0.0, objective - held.relaxed_usd)


def _technologies(scenario: Scenario) -> dict[str, dict[str, str]]:
    return {key: {"kind": data.kind, "label": data.label or key} for key, data in scenario.active_technologies.items()}


def _accounts(
    scenario: Scenario, profiles: Profiles, steps: Steps, reading: Reading
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Summary and tables. A preview has one stage: it stands where a run has its second, the one that pages show."""
    capacity, commitments = reading.capacity_table(), reading.commitments_table()
    usable = usable_mw(capacity)
    hourly = {year: reading.hourly(year, usable) for year in steps.years}
    rows = stage_rows(scenario, 2, lambda year: steps, capacity, commitments, hourly.items())
    costs, annual, limits = map(pd.DataFrame, rows)
    costs["present_value_usd"] = costs["cost_usd"] * costs["discount_factor"]
    load = load_table(scenario, profiles, None)
    load["unserved_mwh"] = [float(hourly[year]["unserved_mw"] @ steps.weight_h) for year in load["year"]]
    load["unserved_frac"] = np.where(load["required_mwh"] > 0, load["unserved_mwh"] / load["required_mwh"], 0.0)
    tables = dict(zip(TABLES, (capacity, costs, annual, limits, load), strict=True))
    summary = summarise(scenario, {**tables, "commitments": commitments})
    return summary | {"estimate_class": CLASS_5}, tables


def _plain(value: Any) -> Any:
    """JSON-ready: NumPy's numbers as Python's, what is no number as None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


class _Clock:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        """The phase has ended."""
        now = time.perf_counter()
        self.laps[phase], self._last = round(now - self._last, 4), now
