"""A frontier as a study: each scenario's model built once, its points found, verified and written as they come."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from engine.expansion import NoPlanInTime, Plan
from engine.family import Family, FamilyPlan, Row
from engine.frontier.asked import SCENARIO_LETTERS, Asked
from engine.frontier.evaluation import Evaluated, Evaluator
from engine.frontier.front import classified
from engine.frontier.search import Ceilings, FrontierSearch, Point, Solved, Step
from engine.frontier.words import summary_of
from engine.objectives import OBJECTIVES, prepared
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.solver import SearchState, Termination
from engine.study import Workspace

# Rows are scaled by powers of ten until their largest coefficient is at most this: HiGHS's tolerances are absolute.
LARGEST_COEFFICIENT = 1e3
POINTS, CAPACITY, COSTS, SCENARIOS, LOADS = "points", "capacity", "costs", "scenarios", "loads"


def run(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """Find the frontier of each scenario; tables `points`, `capacity`, `costs` grow as points arrive."""
    asked, scenarios = Asked.of(request.options), request.load()
    tables = _Tables(workspace)
    for number, loaded in enumerate(scenarios):
        one = _OneScenario(number, loaded, asked, tables, on_progress, len(scenarios))
        one.run()
    points = classified(tables.frames[POINTS], asked.objectives)
    tables.replace(POINTS, points)
    names = [loaded.scenario.name for loaded in scenarios]
    return summary_of(points, asked.objectives, names)


class _Tables:
    """The study's tables: what is there already, and what is added."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.frames: dict[str, pd.DataFrame] = {}
        for name in (POINTS, CAPACITY, COSTS, SCENARIOS, LOADS):
            before = workspace.table(name)
            self.frames[name] = pd.DataFrame() if before is None else before

    def add(self, name: str, rows: pd.DataFrame) -> None:
        """Append rows and write the table whole; rows of the same point, left by a killed run, go."""
        before = self.frames[name]
        if "point" in rows and len(before):
            same = before["point"].isin(rows["point"]) & before["scenario"].isin(rows["scenario"])
            before = before[~same]
        self.replace(name, rows if before.empty else pd.concat([before, rows], ignore_index=True))

    def replace(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table anew."""
        self.frames[name] = frame
        self._workspace.write(name, frame, UNITS)


class _OneScenario:
    """The frontier of one scenario."""

    def __init__(
        self, number: int, loaded: LoadedScenario, asked: Asked, tables: _Tables, on_progress: OnProgress, of: int
    ) -> None:
        self._number, self._loaded, self._asked, self._tables = number, loaded, asked, tables
        self._tell, self._of = on_progress, of
        self._letter = SCENARIO_LETTERS[number]
        self._told = 0

    def run(self) -> None:
        """Find the points that are not there yet."""
        asked, earlier = self._asked, self._earlier()
        self._scenario = _with_settings(prepared(self._loaded.scenario, asked.objectives), asked)
        self._progress("profiles", "reading weather, load and prices")
        self._profiles = build_profiles(self._loaded)
        self._progress("build", "building the model")
        steps = select_periods(self._scenario, self._profiles)
        model = _Model(self._scenario, steps, asked.objectives, self._searching)
        evaluator = Evaluator(self._scenario, self._profiles, steps)
        self._describe()
        search = FrontierSearch(
            asked.objectives, asked.points, model.solve, earlier, settle=not model.minimises_cost_within_a_gap
        )
        started = time.perf_counter()
        for point in search.run():
            self._told += 1
            if point.label not in earlier:
                self._write(point, model, evaluator, time.perf_counter() - started)
            started = time.perf_counter()
            self._progress("size", "")

    def _earlier(self) -> dict[str, Point]:
        points = self._tables.frames[POINTS]
        own = points[points["scenario"] == self._number] if len(points) else points
        return {str(row["label"]): _point_of(row, self._asked.objectives) for row in own.to_dict("records")}

    def _describe(self) -> None:
        scenario, table = self._loaded.scenario, self._tables.frames[SCENARIOS]
        if len(table) and (table["scenario"] == self._number).any():
            return
        rows = [
            {"scenario": self._number, "name": scenario.name, "technology": key, "kind": data.kind,
             "label": data.label or key}
            for key, data in scenario.active_technologies.items()
        ]  # fmt: skip
        peaks = pd.DataFrame({"year": self._profiles.years, "peak_mw": self._profiles.load_mw.max(axis=1)})
        self._tables.add(SCENARIOS, pd.DataFrame(rows).assign(synthetic=" ".join(self._profiles.synthetic)))
        self._tables.add(LOADS, peaks.assign(scenario=self._number))

    def _write(self, point: Point, model: _Model, evaluator: Evaluator, seconds: float) -> None:
        name = f"{self._letter}{self._told}"
        row: dict[str, Any] = {
            "scenario": self._number, "point": name, "label": point.label, "role": point.role, "state": point.state,
            "bound": _number(point.bound), "best_bound": _number(point.best_bound), "seconds": seconds,
            "termination": "", "gap_frac": np.nan, "verified": False, "failed": "", "adequate": False,
            "overrides": "{}",
            **{f"ceiling_{key}": _number(point.ceilings.get(key)) for key in self._asked.objectives},
            **dict.fromkeys(OBJECTIVES, np.nan),
        }  # fmt: skip
        if point.plan is not None:
            evaluated = model.evaluate(evaluator, point.plan)
            row |= self._figures(point, evaluated, model)
            # Before the point itself: a page that sees it finds its other rows.
            self._tables.add(CAPACITY, evaluated.sized.capacity.assign(scenario=self._number, point=name))
            self._tables.add(COSTS, _present_values(evaluated).assign(scenario=self._number, point=name))
        self._tables.add(POINTS, pd.DataFrame([row]))

    def _figures(self, point: Point, evaluated: Evaluated, model: _Model) -> dict[str, Any]:
        checks, sized = evaluated.verification.checks, evaluated.sized
        first, bound = evaluated.values[self._asked.objectives[0]], point.bound
        held = [OBJECTIVES[key].holds for key in self._asked.objectives]
        overrides = {place: value for hold in held if hold for place, value in hold(sized.scenario, sized).items()}
        return {
            **evaluated.values, "termination": str(point.plan.termination),
            "gap_frac": np.nan if bound is None else max(0.0, first - bound) / max(abs(first), 1e-9),
            "verified": evaluated.verification.passed, "adequate": evaluated.adequate,
            "failed": "; ".join(f"{check.name}: {check.detail}" for check in checks if not check.passed),
            "overrides": json.dumps(overrides),
        }  # fmt: skip

    def _searching(self, state: SearchState) -> None:
        gap = "" if state.gap_frac is None else f"gap {state.gap_frac:.2%}"
        self._progress("size", gap)

    def _progress(self, phase: str, detail: str) -> None:
        count = self._asked.points
        share = (self._number * count + min(self._told, count)) / (self._of * count)
        place = f"Point {min(self._told + 1, count)} of {count}"
        name = f"{self._loaded.scenario.name}: " if self._of > 1 else ""
        self._tell(Progress(phase, min(0.99, share), f"{name}{place}{f', {detail}' if detail else ''}"))


class _Model:
    """The warm model with a row for each objective."""

    def __init__(self, scenario: Any, steps: Any, keys: tuple[str, ...], on_search: Any) -> None:
        self._family, self._on_search = Family(scenario, steps), on_search
        form = self._family.form
        self._cost = self._family.row(OBJECTIVES["npv_cost"].terms(form))
        self._rows: dict[str, Row] = {}
        self._scale: dict[str, float] = {}
        for key in keys:
            row = self._family.row(OBJECTIVES[key].terms(form))
            largest = float(np.abs(row.values).max(initial=0.0))
            scale = 10.0 ** np.ceil(np.log10(largest / LARGEST_COEFFICIENT)) if largest > 0 else 1.0
            self._rows[key], self._scale[key] = _scaled(row, 1.0 / scale), scale
        # The model's own objective is what its search is made for: cost alone is left to it, without another row.
        self.minimises_cost_within_a_gap = OBJECTIVES[keys[0]].money and scenario.solver.mip_gap_frac > 0
        self._money = {key for key in keys if OBJECTIVES[key].money}

    def solve(self, step: Step) -> Solved:
        """Minimise the weighted sum under the ceilings."""
        objective, unit = self._objective(step.weights)
        limits = [(self._rows[key], -np.inf, ceiling / self._scale[key]) for key, ceiling in step.ceilings.items()]
        try:
            plan = self._family.optimise(objective, limits, on_search=self._on_search)
        except NoPlanInTime:
            return Solved("time_limit")
        bound = None if plan.bound is None else plan.bound * unit
        if plan.objective is None:
            infeasible = plan.termination == Termination.INFEASIBLE
            return Solved("infeasible" if infeasible else "time_limit", {}, bound)
        return Solved("found", self._values(plan), bound, plan)

    def _objective(self, weights: Mapping[str, float]) -> tuple[Row | None, float]:
        """What is minimised (None: the model's own cost), and how much of the leading objective its unit is."""
        main = next(iter(weights))
        row, unit = self._rows[main], self._scale[main]
        if self.minimises_cost_within_a_gap and set(weights) <= self._money:
            # LCOE is cost but for a constant.
            return None, float(np.abs(row.values).sum() * unit / np.abs(self._cost.values).sum())
        relative = {key: weight * self._scale[key] / unit for key, weight in weights.items()}
        return _summed([(weight, self._rows[key]) for key, weight in relative.items()]), unit

    def _values(self, plan: FamilyPlan) -> dict[str, float]:
        return {key: plan.values_of(row) * self._scale[key] for key, row in self._rows.items()}

    def evaluate(self, evaluator: Evaluator, plan: FamilyPlan) -> Evaluated:
        """Tables of a plan and their proof."""
        tables: Plan = plan.plan()
        return evaluator.evaluate(tables, plan.values_of(self._cost), self._values(plan))


def _scaled(row: Row, factor: float) -> Row:
    return Row(row.columns, row.values * factor, row.constant * factor)


def _summed(parts: list[tuple[float, Row]]) -> Row:
    parts = [(weight, row) for weight, row in parts if weight != 0.0]
    columns = np.concatenate([row.columns for _, row in parts])
    values = np.concatenate([weight * row.values for weight, row in parts])
    return Row(columns, values, sum(weight * row.constant for weight, row in parts))


def _with_settings(scenario: Any, asked: Asked) -> Any:
    changes = {"mip_gap_frac": asked.gap_frac, "time_limit_s": asked.time_limit_s}
    solver = scenario.solver.model_copy(update={key: value for key, value in changes.items() if value is not None})
    return scenario.model_copy(update={"solver": solver})


def _present_values(evaluated: Evaluated) -> pd.DataFrame:
    costs = evaluated.sized.costs.groupby(["technology", "category"], sort=False)["present_value_usd"].sum()
    return costs.reset_index()


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _point_of(row: Mapping[Any, Any], keys: tuple[str, ...]) -> Point:
    """A point of the table as the search knows it."""

    def known(column: str) -> float | None:
        return None if np.isnan(row[column]) else float(row[column])

    ceilings: Ceilings = {key: row[f"ceiling_{key}"] for key in keys if not np.isnan(row[f"ceiling_{key}"])}
    values = {key: float(row[key]) for key in keys} if row["state"] == "found" else {}
    return Point(
        str(row["label"]), str(row["role"]), str(row["state"]), values, ceilings, known("bound"), known("best_bound")
    )


UNITS: dict[str, str] = {
    **{key: objective.unit for key, objective in OBJECTIVES.items()},
    **{f"ceiling_{key}": objective.unit for key, objective in OBJECTIVES.items()},
    "seconds": "s", "p_nom_mw": "MW", "e_nom_mwh": "MWh", "usable_mw": "MW", "usable_mwh": "MWh", "built_mw": "MW",
    "built_mwh": "MWh", "existing_mw": "MW", "firm_mw": "MW", "land_acres": "acres", "units": "units",
    "present_value_usd": "USD", "peak_mw": "MW",
}  # fmt: skip
