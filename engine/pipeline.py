"""The whole way: scenario -> profiles -> periods -> expansion -> dispatch -> economics -> verification -> store."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import highspy
import pandas as pd

from engine.adequacy import MOST_ROUNDS, Round, sheds_knowingly, weeks_to_add
from engine.demand_response.sources import hourly_sources
from engine.diagnosis import diagnose
from engine.dispatch import Dispatch, run_years
from engine.economics import account, load_table
from engine.expansion import Plan, size
from engine.periods import Steps, select_periods
from engine.pricing import price_plan
from engine.profile_tables import profiles_table, sampled_profiles_table
from engine.profiles import build_profiles
from engine.profiles.result import Profiles
from engine.progress import OnProgress, Progress, ignore
from engine.representation import representation
from engine.scenario.fingerprint import ENGINE_VERSION, fingerprint
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Scenario
from engine.solver import SearchState, Termination
from engine.store import Store
from engine.summary import NO_FIGURES, summarise
from engine.tightening import Overshoot, Tightened, overshoot, tighten, tightened_scenario
from engine.verification import verify

# Where each phase begins, as a share of the whole solve; the sizing takes most of it.
STARTS = {
    "profiles": 0.0,
    "build": 0.03,
    "size": 0.06,
    "dispatch": 0.70,
    "diagnose": 0.93,
    "price": 0.95,
    "verify": 0.97,
    "store": 0.99,
}


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    run_id : str
    summary : dict
        Headline figures.
    manifest : dict
    reused : bool
        Found in the store instead of solved.
    """

    run_id: str
    summary: dict[str, Any]
    manifest: dict[str, Any]
    reused: bool = False


def solve(
    loaded: LoadedScenario,
    *,
    store: Store | None = None,
    on_progress: OnProgress = ignore,
    force: bool = False,
) -> Run:
    """Solve a scenario, verify the answer and store it.

    Parameters
    ----------
    loaded : LoadedScenario
    store : Store, optional
        Default: the store in the Firmwatt home folder.
    on_progress : callable
        Told phase, gap and bound a few times a second.
    force : bool
        Solve although a verified run of the same inputs is stored.

    Raises
    ------
    InputError
        An input file does not hold what it should.
    SolveFailed
        No answer; the message says why.
    """
    store = store or Store()
    scenario = loaded.scenario
    mark = fingerprint(loaded)
    found = None if force else store.find(mark, scenario.solver.mip_gap_frac)
    if found is not None:
        manifest = store.manifest(found)
        return Run(found, manifest["summary"], manifest, reused=True)
    work = _Work(loaded, on_progress)
    tables, manifest = work.run()
    manifest["fingerprint"] = manifest["summary"]["fingerprint"] = mark
    work.tell("store", 0.0, "Storing the run")
    run_id = store.write(scenario.name, tables, manifest)
    stored = store.manifest(run_id)
    return Run(run_id, stored["summary"], stored)


@dataclass(frozen=True)
class _Answer:
    """What the rounds of sizing and dispatch ended with."""

    plan: Plan
    steps: Steps
    dispatch: Dispatch | None
    trail: tuple[Round, ...]
    added: tuple[int, ...]
    sized: Scenario


class _Work:
    """One solve on its way through the phases."""

    def __init__(self, loaded: LoadedScenario, on_progress: OnProgress) -> None:
        self.loaded, self.scenario, self.on_progress = loaded, loaded.scenario, on_progress
        self.seconds: dict[str, float] = {}
        self._search = SearchState(0.0, None, None, None)
        self._floor = self._shown = 0.0

    def run(self) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
        """Tables and manifest, verified."""
        scenario = self.scenario
        self.tell("profiles", 0.0, "Reading weather, load and prices")
        started = time.perf_counter()
        profiles = build_profiles(self.loaded)
        self._spent("profiles", time.perf_counter() - started)
        answer = self._plan_and_dispatch(profiles)
        plan, steps = answer.plan, answer.steps
        tables = {"profiles": profiles_table(scenario, profiles), "periods": steps.periods_table()}
        manifest = self._manifest(answer, profiles)
        if plan.capacity is None or plan.commitments is None or plan.sampled_hourly is None or answer.dispatch is None:
            tables["load"] = load_table(scenario, profiles, None)
            return tables, self._closed(manifest, tables, None)
        hourly = answer.dispatch.hourly
        tables |= {
            "capacity": plan.capacity,
            "commitments": plan.commitments,
            "sampled_hourly": plan.sampled_hourly,
            "sampled_profiles": sampled_profiles_table(scenario, steps),
            "hourly": hourly,
        }
        if steps.sequence is not None and plan.linked_storage is not None:
            tables |= {"period_sequence": steps.sequence_table(), "linked_storage": plan.linked_storage}
        sizing = (steps, plan.capacity, plan.commitments, plan.sampled_hourly)
        tables |= vars(account(scenario, profiles, *sizing, hourly))
        self.tell("price", 0.0, "Pricing the limits and what is not built")
        prices = price_plan(answer.sized, steps, plan.decisions, plan.capacity, plan.sampled_hourly)
        tables |= {"shadow_prices": prices.shadow_prices, "reduced_costs": prices.reduced_costs}
        self._spent("price", prices.seconds)
        self.tell("verify", 0.0, "Verifying the tables")
        return tables, self._closed(manifest, tables, summarise(scenario, tables))

    def _plan_and_dispatch(self, profiles: Profiles) -> _Answer:
        """Size and dispatch until no hour of the dispatch is short, a few rounds at most."""
        added: tuple[int, ...] = ()
        tightened: tuple[Tightened, ...] = ()
        trail: list[Round] = []
        start: Mapping[str, float] = {}
        best: _Answer | None = None
        while True:
            steps = select_periods(self.scenario, profiles, added)
            words = f", round {len(trail) + 1}" if trail else ""
            self.tell("build", 0.0, f"Building the sizing model{words}")
            sized = tightened_scenario(self.scenario, tightened)
            plan = size(sized, steps, self._searching, self._built, start)
            for phase, seconds in plan.seconds.items():
                self._spent(phase, seconds)
            if plan.capacity is None or plan.commitments is None or plan.sampled_hourly is None:
                # Where the margin on a limit leaves no plan, the one without it stands, and says that it is short.
                return best if best and tightened else _Answer(plan, steps, None, tuple(trail), added, sized)
            dispatch = run_years(self.scenario, profiles, plan.capacity, plan.commitments, self._dispatching)
            self._spent("dispatch", dispatch.seconds)
            days, over = self._missed(profiles, plan, dispatch, len(trail), added)
            unserved_mwh = float(dispatch.hourly["unserved_mw"].sum())
            tightened = tighten(tightened, self.scenario, over) if over else tightened
            told = tuple(one.to_json() for one in tightened) if over else ()
            trail.append(Round(plan.objective_usd or 0.0, unserved_mwh, days, told))
            best = _Answer(plan, steps, dispatch, tuple(trail), added, sized)
            if not days and not over:
                return best
            added, start = (*added, *days), plan.decisions
            self._floor = self._shown

    def _diagnosis(self, answer: _Answer, profiles: Profiles) -> dict[str, Any] | None:
        """Why the sizing has no plan, or leaves load unserved; None where it serves what it sees."""
        sampled = answer.plan.sampled_hourly
        if sampled is not None and not sheds_knowingly(sampled):
            return None
        self.tell("diagnose", 0.0, "Finding out which limits are in the way")
        diagnosis = diagnose(self.scenario, profiles, answer.added)
        self._spent("diagnose", diagnosis.seconds)
        return diagnosis.to_json()

    def _missed(
        self, profiles: Profiles, plan: Plan, dispatch: Dispatch, rounds_done: int, added: tuple[int, ...]
    ) -> tuple[tuple[int, ...], Overshoot | None]:
        """Weeks that the sizing should also see, and yearly limits that it took too easily."""
        scenario, sampled, capacity = self.scenario, plan.sampled_hourly, plan.capacity
        commitments = plan.commitments
        assert sampled is not None
        assert capacity is not None
        assert commitments is not None
        if scenario.time.method == "full" or rounds_done >= MOST_ROUNDS or sheds_knowingly(sampled):
            return (), None
        over = overshoot(scenario, profiles, capacity, commitments, dispatch.hourly)
        return weeks_to_add(scenario, sampled, over.hourly, rounds_done, added), over if over.factors else None

    def _spent(self, phase: str, seconds: float) -> None:
        self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds

    def tell(self, phase: str, share: float, message: str) -> None:
        """Report; `share` is how far the phase itself is."""
        starts = list(STARTS.values())
        begin = STARTS[phase]
        end = next((start for start in starts if start > begin), 1.0)
        # A further round of sizing and dispatch happens in what remains of the bar; the bar never goes back.
        progress = self._floor + (begin + share * (end - begin)) * (1 - self._floor)
        self._shown = max(self._shown, progress)
        search = self._search
        self.on_progress(Progress(phase, self._shown, message, search.gap_frac, search.bound, search.incumbent))

    def _built(self, rows: int, columns: int) -> None:
        self.tell("size", 0.0, f"Sizing: {columns:,} columns, {rows:,} rows")

    def _searching(self, state: SearchState) -> None:
        self._search = state
        wanted, limit = self.scenario.solver.mip_gap_frac, self.scenario.solver.time_limit_s
        by_time = state.elapsed_s / limit
        by_gap = 0.0 if state.gap_frac is None else min(1.0, max(wanted, 1e-4) / max(state.gap_frac, 1e-9)) * 0.9
        words = "looking for a first plan" if state.gap_frac is None else f"gap {state.gap_frac:.2%} of {wanted:.2%}"
        self.tell("size", min(0.99, max(by_time, by_gap, state.elapsed_s / (state.elapsed_s + 60))), f"Sizing: {words}")

    def _dispatching(self, number: int, year: int) -> None:
        years = self.scenario.time.years
        self.tell("dispatch", (number + 1) / years, f"Dispatched {year} ({number + 1} of {years})")

    def _manifest(self, answer: _Answer, profiles: Profiles) -> dict[str, Any]:
        scenario, plan = self.scenario, answer.plan
        operating = {} if answer.dispatch is None else answer.dispatch.operating_cost_usd
        return {
            "fingerprint": "",
            "name": scenario.name,
            "description": scenario.description,
            "created_utc": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "versions": {
                "firmwatt": version("firmwatt"),
                "engine": ENGINE_VERSION,
                "highs": highspy.Highs().version(),
                "python": platform.python_version(),
            },
            "scenario": scenario.model_dump(mode="json"),
            "files": {reference: file.sha256 for reference, file in self.loaded.files.items()},
            "technologies": {
                key: {"kind": data.kind, "label": data.label or key}
                for key, data in scenario.active_technologies.items()
            },
            "response_sources": list(hourly_sources(scenario)),
            "status": "infeasible" if plan.termination == Termination.INFEASIBLE else "done",
            "termination": str(plan.termination),
            "mip_gap_frac": plan.mip_gap_frac,
            "objective_usd": plan.objective_usd,
            "bound_usd": plan.bound_usd,
            "dispatch_cost_usd": {str(year): usd for year, usd in operating.items()},
            "adequacy_trail": [one.to_json() for one in answer.trail],
            "representation": representation(answer.steps, profiles, scenario.time.method),
            "diagnosis": self._diagnosis(answer, profiles),
            "synthetic": list(profiles.synthetic),
        }

    def _closed(
        self, manifest: dict[str, Any], tables: dict[str, pd.DataFrame], figures: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Verify, and complete the manifest; without figures there is no plan."""
        started = time.perf_counter()
        verification = verify(tables, manifest)
        self.seconds["verify"] = time.perf_counter() - started
        self.seconds["total"] = sum(self.seconds.values())
        objective = manifest["objective_usd"]
        stage_gap = (figures["npv_cost_usd"] - objective) / max(abs(objective), 1e-3) if figures else None
        head = (
            "name",
            "status",
            "termination",
            "mip_gap_frac",
            "objective_usd",
            "bound_usd",
            "synthetic",
            "adequacy_trail",
            "representation",
            "diagnosis",
        )
        manifest["verification"] = verification.to_json()
        manifest["seconds"] = {phase: round(value, 3) for phase, value in self.seconds.items()}
        manifest["summary"] = {
            **{key: manifest[key] for key in head},
            "fingerprint": "",
            "verified": verification.passed and figures is not None,
            "stage_gap_frac": stage_gap,
            "adequate": False,
            **(NO_FIGURES if figures is None else figures),
            "seconds": manifest["seconds"],
        }
        return manifest
