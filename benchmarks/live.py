"""How fast a live answer comes after one change, and how far previews are from full plans."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import psutil

from benchmarks.machine import Measure, median, table
from benchmarks.solving import scenario
from engine.live.client import LiveProcess
from engine.live.previewer import Previewer
from engine.live.question import REFINED_PATIENCE_S, Answer, Question
from engine.scenario.loading import SHIPPED_SCENARIOS

ANSWER_WITHIN_S = 120.0
MEDIAN_AIM_S, P95_AIM_S = 0.4, 0.8
LCOE_WITHIN_FRAC = 0.02

# One change at a time, of each kind of input that the page offers: place, values.
CHANGES: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "cost": {
        "technologies.solar.overnight_usd_per_kw": (600, 1400),
        "technologies.battery.overnight_usd_per_kwh": (120, 350),
        "technologies.engine.overnight_usd_per_kw": (1300, 2200),
        "technologies.turbine.fixed_usd_per_kw_yr": (30,),
        "technologies.grid.connection_usd": (50e6,),
    },
    "price": {
        "fuel.price_usd_per_mmbtu": (2.5, 4.5, 7.0),
        "technologies.grid.price_adder_usd_per_mwh": (10.0,),
        "money.carbon_price_usd_per_tonne": (40.0,),
        "money.discount_rate_frac": (0.05, 0.11),
        "technologies.engine.variable_usd_per_mwh": (12.0,),
    },
    "limit": {
        "limits.nox_short_tons_per_yr": (70.0, 150.0),
        "limits.land_acres": (200.0, 1500.0),
        "limits.gas_mcf_per_day": (50000.0,),
        "limits.n_minus_1": (False,),
        "technologies.solar.max_mw": (200.0,),
    },
    "date": {
        "technologies.grid.lead_time_months": (36, 60, 120),
        "technologies.turbine.lead_time_months": (60,),
    },
    "growth": {
        "load.growth_frac_per_yr": (0.05, 0.2),
        "load.it_peak_mw": (120.0, 200.0),
        "load.growth_cap_multiple": (1.5,),
    },
    "flexibility": {
        "load.workloads.batch_inference.flexible_frac": (0.5,),
        "load.workloads.fine_tuning.flexible_frac": (0.2,),
        "load.cooling.flexible": (False,),
        "demand_response.own_use": (True,),
        "demand_response.enabled": (False,),
        "demand_response.products.emergency.enabled": (True,),
        "demand_response.products.own_contingency.enabled": (True,),
        "demand_response.budget_energy_frac": (0.03,),
    },
    "technique": {
        "technologies.engine.heat_rate_btu_per_kwh": (7200.0,),
        "technologies.turbine.enabled": (False,),
        "technologies.engine.integer": (False,),
        "technologies.battery.duration_max_h": (8.0,),
    },
}  # fmt: skip


def answers(name: str) -> str:
    """Time of an answer after one change, as the page's server waits for it, by kind of change."""
    process = LiveProcess(scenario(name))
    numbers = itertools.count(1)

    def ask(overrides: Mapping[str, Any], patience_s: float | None = None) -> Answer:
        patience = {} if patience_s is None else {"patience_s": patience_s}
        return process.ask(Question("bench", next(numbers), overrides, **patience)).result(ANSWER_WITHIN_S)

    found: dict[str, list[tuple[float, float, Answer]]] = {}
    try:
        ask({}, REFINED_PATIENCE_S)
        process_times = psutil.Process(process.pid)
        for kind, place, value in _singles():
            ask({})
            cpu_before, started = sum(process_times.cpu_times()[:2]), time.perf_counter()
            answer = ask({place: value})
            seconds = time.perf_counter() - started
            if answer.status not in ("plan", "infeasible"):
                raise SystemExit(f"{place} = {value}: {answer.status}, {answer.problems}")
            found.setdefault(kind, []).append((seconds, sum(process_times.cpu_times()[:2]) - cpu_before, answer))
    finally:
        process.end()
    return _table_of_answers(name, found)


def _singles() -> list[tuple[str, str, Any]]:
    return [
        (kind, place, one) for kind, places in CHANGES.items() for place, values in places.items() for one in values
    ]


def _table_of_answers(name: str, found: Mapping[str, list[tuple[float, float, Answer]]]) -> str:
    everything = [one for of_kind in found.values() for one in of_kind]
    seconds, cpu = [one[0] for one in everything], [one[1] for one in everything]
    p95, phases = float(np.percentile(seconds, 95)), _phases([one[2] for one in everything])
    lines = ["| kind of change | changes | median | highest | of the processor, median |", "|---|---:|---:|---:|---:|"]
    for kind, of_kind in found.items():
        times = [one[0] for one in of_kind]
        busy = median([one[1] for one in of_kind])
        lines.append(f"| {kind} | {len(of_kind)} | {median(times):.2f} s | {max(times):.2f} s | {busy:.2f} s |")
    return "\n".join([
        table(f"{name}, live answer after one change, {len(everything)} changes", [
            Measure("median", f"{median(seconds):.2f} s", median(seconds), MEDIAN_AIM_S,
                    f"{median(cpu):.2f} s of the processor; {phases}"),
            Measure("95th percentile", f"{p95:.2f} s", p95, P95_AIM_S,
                    f"{np.percentile(cpu, 95):.2f} s of the processor; highest {max(seconds):.2f} s"),
        ]),
        *lines, "",
    ])  # fmt: skip


def _phases(found: Sequence[Answer]) -> str:
    plans = [answer.model["seconds"] for answer in found if answer.status == "plan"]
    return ", ".join(f"{phase} {median([one[phase] for one in plans]):.2f} s" for phase in plans[0])


def errors() -> str:
    """LCOE of each shipped scenario's preview against its full plan, solved here."""
    measures, without = [], []
    for name in sorted(path.stem for path in SHIPPED_SCENARIOS.glob("*.yaml")):
        full, preview = _full(name), _preview(name)
        if full.get("lcoe_usd_per_mwh") is None or preview.status != "plan":
            without.append(f"{name} (full: {full['status']}, preview: {preview.status})")
            continue
        of_full, of_preview = full["lcoe_usd_per_mwh"], preview.summary["lcoe_usd_per_mwh"]
        away = of_preview / of_full - 1.0
        gaps = f"whole numbers within {preview.gap_frac or 0:.1%} and {full['mip_gap_frac'] or 0:.1%}"
        detail = f"{of_preview:,.2f} against {of_full:,.2f} USD/MWh; {gaps}"
        measures.append(Measure(name, f"{away:+.2%}", abs(away), LCOE_WITHIN_FRAC, detail))
        print(measures[-1].row(), flush=True)
    parts = [table("Known error: LCOE of the preview against the full plan", measures)]
    return "\n".join(parts + ([f"Without a plan: {', '.join(without)}.", ""] if without else []))


def _preview(name: str) -> Answer:
    return Previewer(scenario(name)).answer(Question("bench", 1, {}, REFINED_PATIENCE_S))


def _full(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "engine.cli", "solve", name, "--force", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FIRMWATT_HOME": folder}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def live(name: str) -> str:
    """Both tables."""
    return "\n".join([answers(name), errors()])


if __name__ == "__main__":
    from benchmarks.machine import machine

    print(machine(), "", live("base"), sep="\n")
