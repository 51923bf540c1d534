"""A small sweep, and stand-ins for the pipeline that count what they solve."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from engine.errors import SolveFailed
from engine.jobs import JobTable
from engine.progress import OnProgress, ignore
from engine.runner import Outcome
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario, home
from engine.store import Store
from engine.sweep.plan import Plan, plan_text
from engine.worker import Worker
from tests.unit.fake_solvers import FakeRun

# One week of one site; 10 MW units that burn nothing against sun that pays at no price.
TOY: dict[str, Any] = {
    "name": "Toy",
    "load": {"it_peak_mw": 100, "pue": 1.0, "load_factor_frac": 1.0, "growth_frac_per_yr": 0, "noise_frac": 0},
    "limits": {"nox_short_tons_per_yr": None, "gas_mcf_per_day": None, "land_acres": None, "n_minus_1": False},
    "money": {"discount_rate_frac": 0.0},
    "time": {"years": 1, "method": "calendar", "weeks": [{"start_day": 80, "weight": 52}]},
    "solver": {"mip_gap_frac": 0.0, "threads": 1},
    "technologies": {
        "plant": {
            "kind": "thermal", "unit_mw": 10, "max_units": 100, "overnight_usd_per_kw": 100,
            "heat_rate_btu_per_kwh": 8000, "life_years": 1,
        },
    },
}  # fmt: skip
PRICE, COST = "fuel.price_usd_per_mmbtu", "technologies.plant.overnight_usd_per_kw"
# Seconds that a counted solve takes, and where it is counted.
PAUSE, COUNTED = "FIRMWATT_TEST_PAUSE_S", "solves.txt"


def toy_plan(folder: Path, **changes: Any) -> Plan:
    """A grid of 2 x 2 over gas price and cost of the plant, or what the changes make of it."""
    (folder / "toy.yaml").write_text(yaml.safe_dump(TOY))
    spec = {
        "name": "Toy sweep", "base": "toy.yaml", "design": "grid",
        "parameters": [{"path": PRICE, "range": [2, 10], "levels": 2}, {"path": COST, "range": [80, 120], "levels": 2}],
        **changes,
    }  # fmt: skip
    return plan_text(yaml.safe_dump(spec), "sweep.yaml", folder.resolve())


def counted(loaded: LoadedScenario, *, store: Path, on_progress: OnProgress, force: bool) -> FakeRun:
    """Write a run without solving: levelised cost is 8 MMBtu/MWh x gas price + cost of the plant / 10."""
    time.sleep(float(os.environ.get(PAUSE, "0")))
    return FakeRun(_count(loaded, store, arithmetic_run(loaded, Store(store))), {"status": "done"})


def counted_pipeline(loaded: LoadedScenario, *, store: Path, on_progress: OnProgress, force: bool) -> Any:
    """Solve for real, and count it."""
    from engine.pipeline import solve

    run = solve(loaded, store=Store(store), on_progress=on_progress)
    if not run.reused:
        _count(loaded, store, run.run_id)
    return run


def dear_gas_fails(loaded: LoadedScenario, *, store: Path, on_progress: OnProgress, force: bool) -> FakeRun:
    """Fail where gas costs 10."""
    if loaded.scenario.fuel.price_usd_per_mmbtu == 10:
        raise SolveFailed("HiGHS ended with 'Unknown'.")
    return counted(loaded, store=store, on_progress=on_progress, force=force)


def solves(store: Path) -> list[str]:
    """Fingerprints of what was solved to the end, in order."""
    file = store.parent / COUNTED
    return file.read_text().split() if file.exists() else []


def _count(loaded: LoadedScenario, store: Path, run_id: str) -> str:
    with (store.parent / COUNTED).open("a") as file:
        file.write(f"{fingerprint(loaded)}\n")
    return run_id


def arithmetic_run(loaded: LoadedScenario, store: Store) -> str:
    """Store a run of the toy whose figures are arithmetic."""
    scenario = loaded.scenario
    plant: Any = scenario.technologies["plant"]
    summary = {
        "adequate": True, "lcoe_usd_per_mwh": 8 * scenario.fuel.price_usd_per_mmbtu + plant.overnight_usd_per_kw / 10,
        "peak_mw": 100.0, "capacity": {"plant": {"2026": 100.0}}, "mip_gap_frac": 0.0, "bound_usd": 1.0,
        "objective_usd": 1.0,
    }  # fmt: skip
    manifest = {
        "fingerprint": fingerprint(loaded), "created_utc": datetime.now(UTC).isoformat(), "name": scenario.name,
        "scenario": scenario.model_dump(mode="json"), "files": {}, "status": "done", "termination": "optimal",
        "technologies": {"plant": {"kind": "thermal", "label": "Plant"}}, "mip_gap_frac": 0.0, "summary": summary,
        "verification": {"passed": True, "checks": []}, "seconds": {"total": 0.1},
    }  # fmt: skip
    return store.write(scenario.name, {}, manifest)


def work_off(solve: Any = counted) -> None:
    """A worker until nothing waits, its solves by a stand-in within this process."""

    def at_once(request: Any, _on_progress: OnProgress, _should_stop: Any) -> Outcome:
        try:
            run = solve(request.load(), store=Path(request.store), on_progress=ignore, force=False)
        except SolveFailed as error:
            return Outcome("failed", reason=str(error))
        return Outcome("result", run.run_id, run.summary)

    Worker(JobTable(), home() / "runs", solve=at_once).run(once=True)
