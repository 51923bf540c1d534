"""Regret: each plan's fixed builds run in each future, against the best that is known for that future.

    regret(plan, future) = cost(plan in future) - least cost known in that future

A future's least cost is that of the cheapest plan in it that serves its load within every limit, or, where asked for,
of the plan that is sized for that very future. Costs are the engine's own accounts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from engine.adequacy import ADEQUATE_WITHIN_FRAC
from engine.choice.fitting import Fitted, PlanInHand, fitted, scenario_in
from engine.choice.futures import Future
from engine.choice.quick import energy_pv_mwh, operate
from engine.choice.regret_words import OPTIMUM, regrets, standing
from engine.choice.rows import highest, records
from engine.choice.variants import mapping_of, scenario_of_run, validated
from engine.dispatch import run_years
from engine.economics import account
from engine.errors import InputError, Problem, SolveFailed
from engine.expansion import size
from engine.periods import Steps, full_years, select_periods
from engine.pipeline import solve
from engine.profiles import build_profiles
from engine.profiles.result import Profiles
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario
from engine.store import Store
from engine.study import Workspace

EXACT, WEEKS = "exact", "weeks"
BROKEN_BEYOND_FRAC = 1e-5
UNITS = {
    "cost_usd": "USD", "lcoe_usd_per_mwh": "USD/MWh", "unserved_mwh": "MWh", "unserved_frac": "-",
    "regret_usd": "USD", "regret_frac": "-", "best_usd": "USD", "worst_usd": "USD", "mean_usd": "USD",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A future as a complete scenario."""

    future: Future
    loaded: LoadedScenario


def worlds(plans: Sequence[PlanInHand], futures: Sequence[Future]) -> tuple[World, ...]:
    """What each plan was made for (once, where plans share it), then the futures of the first plan's scenario."""
    own: dict[str, World] = {}
    for letter, plan in zip("ABCDEF", plans, strict=False):
        mark = fingerprint(plan.loaded)
        if mark not in own:
            own[mark] = World(Future(f"As {letter} assumes"), plan.loaded)
    return (*own.values(), *(World(future, future.world(plans[0].loaded)) for future in futures))


class Operation:
    """Runs plans in one world.

    Parameters
    ----------
    hours : str
        `exact`: all 8,760 hours of every year; `weeks`: the steps that the world's sizing sees.
    """

    def __init__(self, world: World, hours: str) -> None:
        self.world, self.hours = world, hours

    def cell(self, plan: PlanInHand) -> dict[str, Any]:
        """A row of the `cells` table."""
        scenario = scenario_in(plan, self.world.loaded.scenario)
        loaded = self.world.loaded
        if scenario is not loaded.scenario:
            files = (*loaded.files.values(), *plan.loaded.files.values())
            loaded = validated(scenario.model_dump(mode="json"), files, source=loaded.source)
        profiles = build_profiles(loaded)
        steps = select_periods(loaded.scenario, profiles)
        fit = fitted(plan, loaded.scenario, steps)
        costs, limits, hourly, given_up = self._accounts(fit, profiles, steps)
        weights = hourly.get("weight_h", 1.0)
        unserved = float((hourly["unserved_mw"] * weights).sum())
        required = float(profiles.load_mw.sum())
        energy = energy_pv_mwh(loaded.scenario, full_years(profiles, profiles.years))
        broken = broken_limits(limits)
        cost = float(costs["present_value_usd"].sum())
        unserved_frac = unserved / required if required > 0 else 0.0
        return {
            "run_id": plan.run_id,
            "future": self.world.future.name,
            "cost_usd": cost,
            "lcoe_usd_per_mwh": cost / energy if energy > 0 else math.nan,
            "unserved_mwh": unserved,
            "unserved_frac": unserved_frac,
            "unserved_cost_usd": float(costs[costs["category"] == "unserved"]["present_value_usd"].sum()),
            "broken": "; ".join(broken),
            "serves": unserved_frac <= ADEQUATE_WITHIN_FRAC and not broken,
            "notes": "; ".join((*fit.notes, *given_up)),
        }

    def _accounts(
        self, fit: Fitted, profiles: Profiles, steps: Steps
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
        """Costs, limits and hours; without the demand response sold where it cannot be kept."""
        nothing = fit.commitments.iloc[:0]
        for commitments in (fit.commitments, nothing):
            hourly = self._run(fit, profiles, steps, commitments)
            if hourly is not None:
                given_up = () if commitments is fit.commitments else ("demand response sold could not be kept",)
                none = hourly.iloc[:0]
                by_stage = (none, hourly) if self.hours == EXACT else (hourly, none)
                books = account(fit.scenario, profiles, steps, fit.capacity, commitments, *by_stage)
                return books.costs, books.limits, hourly, given_up
        raise SolveFailed(f"the plan has no operation in {self.world.future.name}, not even with load unserved.")

    def _run(self, fit: Fitted, profiles: Profiles, steps: Steps, commitments: pd.DataFrame) -> pd.DataFrame | None:
        if self.hours == WEEKS:
            solved = operate(fit.scenario, steps, fit.capacity, commitments)
            return None if solved is None else solved.hourly
        try:
            return run_years(fit.scenario, profiles, fit.capacity, commitments).hourly
        except SolveFailed:
            if not len(commitments):
                raise
            return None


def broken_limits(limits: pd.DataFrame) -> list[str]:
    """Limits that some year does not keep, in words with the worst year's figures."""
    words = []
    for _, rows in limits.groupby("limit", sort=False) if len(limits) else ():
        room = rows["ceiling"] - rows["value"]
        short = (-room if str(rows["sense"].iloc[0]) == "at_most" else room) / rows["ceiling"].abs().clip(lower=1e-9)
        if float(short.max()) > BROKEN_BEYOND_FRAC:
            worst = highest(rows, short)
            side = "above" if worst["sense"] == "at_most" else "below"
            words.append(
                f"{worst['label']} {worst['value']:,.4g} {side} {worst['ceiling']:,.4g} {worst['unit']} "
                f"in {int(worst['year'])}"
            )
    return words


def run(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """Do the study: tables `futures`, `cells`, `plans`; goes on from the cells that are there."""
    store = Store(Path(request.studies).parent / "runs")
    plans = [plan_of_run(store, run_id) for run_id in request.options["plans"]]
    futures = [Future(row["name"], row["values"], row["weight"]) for row in request.options["futures"]]
    every, hours = worlds(plans, futures), str(request.options["hours"])
    with_optima = bool(request.options["optima"])
    _write_futures(workspace, every)
    cells = records(workspace.table("cells"))
    done = {(row["run_id"], row["future"]) for row in cells}
    asked: list[tuple[World, PlanInHand | None]] = [(world, plan) for world in every for plan in plans]
    asked += [(world, None) for world in every] if with_optima else []
    for number, (world, plan) in enumerate(asked):
        key = (plan.run_id if plan else OPTIMUM, world.future.name)
        if key in done:
            continue
        words = f"{plan.name if plan else 'Best plan'} in {world.future.name} ({number + 1} of {len(asked)})"
        share = number / len(asked)
        on_progress(Progress("dispatch" if plan else "size", share, words))

        def inside(progress: Progress, share: float = share, words: str = words) -> None:
            part = share + progress.progress_frac / len(asked)
            on_progress(Progress(progress.phase, part, f"{words}: {progress.message}", progress.mip_gap_frac))

        cells.append(Operation(world, hours).cell(plan) if plan else optimum_cell(world, hours, store, inside))
        workspace.write("cells", pd.DataFrame(cells), UNITS)
    return _finish(workspace, pd.DataFrame(cells), plans, every, hours)


def optimum_cell(world: World, hours: str, store: Store, on_progress: OnProgress) -> dict[str, Any]:
    """A row of the `cells` table for the plan that is made for the future itself.

    For exact hours it is an ordinary run of the store, which can be opened.
    """
    row: dict[str, Any] = {
        "run_id": OPTIMUM, "future": world.future.name, "cost_usd": math.nan, "lcoe_usd_per_mwh": math.nan,
        "unserved_mwh": math.nan, "unserved_frac": math.nan, "unserved_cost_usd": math.nan, "broken": "",
        "serves": False, "notes": "",
    }  # fmt: skip
    if hours == WEEKS:
        profiles = build_profiles(world.loaded)
        steps = select_periods(world.loaded.scenario, profiles)
        plan = size(world.loaded.scenario, steps)
        if plan.objective_usd is None or plan.sampled_hourly is None:
            return {**row, "notes": "no plan meets every limit of this future"}
        missing = float((plan.sampled_hourly["unserved_mw"] * plan.sampled_hourly["weight_h"]).sum())
        frac = missing / float(profiles.load_mw.sum())
        energy = energy_pv_mwh(world.loaded.scenario, steps)
        figures = {"cost_usd": plan.objective_usd, "lcoe_usd_per_mwh": plan.objective_usd / energy}
        words = f"within {plan.mip_gap_frac or 0.0:.2%} of the optimum"
        served = frac <= ADEQUATE_WITHIN_FRAC
        return {**row, **figures, "unserved_mwh": missing, "unserved_frac": frac, "serves": served, "notes": words}
    made = solve(world.loaded, store=store, on_progress=on_progress)
    summary = made.summary
    if summary["status"] != "done":
        return {**row, "notes": f"no plan meets every limit of this future (run {made.run_id})"}
    limited = ", stopped at its time limit" if summary["termination"] == "time_limit" else ""
    return {
        **row,
        "cost_usd": summary["npv_cost_usd"],
        "lcoe_usd_per_mwh": summary["lcoe_usd_per_mwh"],
        "unserved_mwh": summary["unserved_mwh"],
        "unserved_frac": 1.0 - (summary["served_frac"] or 1.0),
        "unserved_cost_usd": summary["unserved_cost_usd"],
        "serves": bool(summary["adequate"] and summary["verified"]),
        "notes": f"run {made.run_id}, within {summary['mip_gap_frac'] or 0.0:.2%} of the optimum{limited}",
    }


def plan_of_run(store: Store, run_id: str) -> PlanInHand:
    """A stored run as a plan whose builds are decided.

    Raises
    ------
    InputError, StoreError
        The run has no plan, or a file of its scenario has changed.
    """
    manifest = store.manifest(run_id)
    if manifest["status"] != "done":
        problem = Problem(run_id, f"({manifest['name']}) has no plan; leave it out or solve another scenario.")
        raise InputError("plans", [problem])
    capacity, commitments = (store.table(run_id, name) for name in ("capacity", "commitments"))
    gap = float(manifest.get("mip_gap_frac") or 0.0)
    return PlanInHand(run_id, str(manifest["name"]), scenario_of_run(manifest), capacity, commitments, gap)


def _write_futures(workspace: Workspace, every: Sequence[World]) -> None:
    rows = []
    for world in every:
        values = json.dumps(dict(world.future.values))
        rows.append({"future": world.future.name, "values": values, "weight": world.future.weight,
                     "scenario": json.dumps(mapping_of(world.loaded))})  # fmt: skip
    workspace.write("futures", pd.DataFrame(rows))


def _finish(
    workspace: Workspace, cells: pd.DataFrame, plans: Sequence[PlanInHand], every: Sequence[World], hours: str
) -> dict[str, Any]:
    weights = {world.future.name: world.future.weight for world in every}
    names = {plan.run_id: plan.name for plan in plans}
    known = regrets(cells)
    table = standing(known, names, weights)
    workspace.write("cells", known, UNITS)
    workspace.write("plans", table, UNITS)
    least = table.iloc[0]
    return {
        "plans": names,
        "hours": hours,
        "futures": len(every),
        "least_regret": str(least["run_id"]),
        "worst_usd": None if math.isnan(least["worst_usd"]) else float(least["worst_usd"]),
        "fails": int(least["fails"]),
    }
