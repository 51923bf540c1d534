"""A stored sweep made by arithmetic: no solver, and every figure follows from the inputs of its case."""

from __future__ import annotations

import time

import numpy as np

from engine.sweep import dataset
from engine.sweep.plan import plan_file
from engine.sweep.sweeps import DONE, State, Sweeps

GAS, SUN = "fuel.price_usd_per_mmbtu", "technologies.solar.overnight_usd_per_kw"


def fake_sweep() -> str:
    """Store the shipped sweep of gas against solar, ended; its dearest corner has no plan. Returns its id."""
    plan, sweeps = plan_file("gas-against-solar"), Sweeps()
    sweep_id = sweeps.launch(plan)
    with sweeps.changing(sweep_id) as (frame, state):
        gas, sun = frame[GAS].to_numpy(dtype=float), frame[SUN].to_numpy(dtype=float)
        frame["state"], frame["verified"], frame["adequate"] = dataset.DONE, True, True
        frame["termination"], frame["seconds"] = "within_gap", 4.0
        frame["mix"] = np.where(100 * gas > sun, "Gas turbine + Solar", "Gas turbine")
        frame["lcoe_usd_per_mwh"] = 30.0 + 7.0 * gas + sun / 100.0
        frame["npv_cost_usd"] = 1.3e6 * frame["lcoe_usd_per_mwh"]
        frame["mw_solar"] = np.maximum(0.0, 100 * gas - sun) / 5.0
        row = frame.index[-1]
        dataset.put(frame, row, {"state": dataset.INFEASIBLE, "reason": "Land does not suffice.", "mix": "",
                                 "lcoe_usd_per_mwh": None, "npv_cost_usd": None, "mw_solar": None})  # fmt: skip
        sweeps.save(plan, frame, State(DONE, "", state.created, state.resumed, time.time()))
    return sweep_id
