"""Every page of the dashboard at data that is made up by arithmetic: for pictures, and for axe-core."""

from __future__ import annotations

from engine.store import Store
from tests.dashboard import fake_choice, gallery
from tests.dashboard.fake_frontier import fake_frontier
from tests.dashboard.fake_runs import fake_run, infeasible_run
from tests.dashboard.fake_sweep import fake_sweep


def fill(store: Store) -> None:
    """Runs made by arithmetic: three of one site, one with a load that gives back, one without a plan."""
    infeasible_run(store)
    fake_run(store, "Grid late", years=6, grid_from=2030)
    fake_run(store, "Grid early", years=6, grid_from=2028, turbine_mw=220, changes={"fuel": {"price_usd_per_mmbtu": 3}})
    fake_run(store, "Solar heavy", years=6, solar_mw=220, battery_mw=60, grid_from=2030)
    fake_run(store, "Flexible load", years=6, grid_from=2028, response=True)


def pages(store: Store) -> dict[str, str]:
    """Path of every page by its name: of the runs that a store holds, and of studies made here."""
    runs = [run["run_id"] for run in store.runs()]
    done = [run["run_id"] for run in store.runs() if run["status"] == "done"]
    empty = [run for run in runs if run not in done]
    found = {
        "library": "/", "runs": "/runs", "compare-empty": "/compare", "run-unknown": "/run/none",
        "compare-one": f"/compare?runs={done[0]}",
        "compare-three": f"/compare?runs={','.join(done[:3])}&base={done[-1] if len(done) < 3 else done[2]}",
        "compare-six": f"/compare?runs={','.join([*runs[:6], 'gone'])}",
        "run": f"/run/{done[0]}", "run-response": f"/run/{_flexible(store) or done[0]}?week=27",
        "editor": "/edit/light-solar", "sweeps": "/sweeps", "sweep-new": "/sweeps/new", "sweep-unknown": "/sweep/none",
        "sweep": f"/sweep/{fake_sweep()}?case=7",
        "frontier-empty": "/frontier?scenarios=none", "not-found": "/nowhere",
        "equipment": "/equipment", "equipment-entry": "/equipment/frame-turbine-scr",
        "equipment-own": f"/equipment/{gallery.own_equipment()}",
        **_frontiers(),
        **_choices(store, done),
        **{f"load-{tab}": f"/load?tab={tab}" for tab in ("basic", "mix", "cooling", "dr")},
    }  # fmt: skip
    return found | ({"run-infeasible": f"/run/{empty[0]}"} if empty else {})


def _frontiers() -> dict[str, str]:
    one = fake_frontier().study_id
    two = fake_frontier(("light-solar", "light-gas"), points=9).study_id
    three = fake_frontier(keys=("lcoe", "nox", "land"), points=14).study_id
    opened = "point=A8&pins=A1,A12&select=lcoe:62.5:66"
    return {"frontier": "/frontier?scenarios=light-solar", "frontier-study": f"/frontier?study={one}&{opened}",
            "frontier-two": f"/frontier?study={two}", "frontier-three": f"/frontier?study={three}"}  # fmt: skip


def _choices(store: Store, done: list[str]) -> dict[str, str]:
    alike = [run for run in done if store.manifest(run)["scenario"]["time"]["years"] == 6][:3]
    if len(alike) < 3:
        return {"choice": "/choice"}
    fake_choice.fake_attribution(store, alike[0], alike[1])
    studies = {"regret": fake_choice.fake_regret(store, alike), "break-even": fake_choice.fake_break_even(),
               "alternatives": fake_choice.fake_alternatives()}  # fmt: skip
    pages = {f"choice-{name}": f"/choice?study={study}" for name, study in studies.items()}
    return {"choice": "/choice", "choice-form": f"/choice?runs={','.join(alike)}", **pages}


def _flexible(store: Store) -> str | None:
    return next((run["run_id"] for run in store.runs() if run["summary"].get("dr_revenue_usd")), None)
