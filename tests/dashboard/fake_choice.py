"""Stored studies of the futures page and of the difference by input, made by arithmetic: no solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.choice.alternatives_words import CHOICE, MUST, OUT, alternatives_question
from engine.choice.break_even_words import break_even_question
from engine.choice.explained import attribution_question, groups_of
from engine.choice.futures import default_futures
from engine.choice.questions import regret_question
from engine.choice.regret_words import regrets, standing
from engine.choice.variants import scenario_of_run
from engine.library import Library
from engine.request import StudyRequest
from engine.store import Store
from engine.study import Studies, Workspace, _close

M = 1e6
SHORT_FUTURE = "Growth +30 %"


def _stored(
    request: StudyRequest, tables: dict[str, pd.DataFrame], summary: dict[str, Any], *, done: bool = True
) -> str:
    workspace = Workspace(Studies().root / request.study_id)
    Studies().announce(request)
    for name, frame in tables.items():
        workspace.write(name, frame)
    if done:
        _close(workspace, request, {"status": "done", **summary}, 12.0)
    return request.study_id


def fake_regret(store: Store, runs: list[str], *, done: bool = True) -> str:
    """Plan n costs 800 + 5 n M USD plus 7 M for each future's distance from n; the first falls short with more load."""
    reference = scenario_of_run(store.manifest(runs[0]))
    futures = default_futures(reference.scenario)
    request = regret_question(store, runs, futures, hours="weeks")
    names = ["As A assumes", *(future.name for future in futures)]
    rows = []
    for number, name in enumerate(names):
        for place, run_id in enumerate(runs):
            short = name == SHORT_FUTURE and place == 0
            cost = M * (800 + 5 * place + 7 * abs(number % 4 - 1.3 * place))
            rows.append(
                {
                    "run_id": run_id, "future": name, "cost_usd": cost + (90 * M if short else 0.0),
                    "lcoe_usd_per_mwh": cost / 13.2 / M, "unserved_mwh": 9000.0 if short else 0.0,
                    "unserved_frac": 3e-4 if short else 0.0, "unserved_cost_usd": 90 * M if short else 0.0,
                    "broken": "N-1 firm capacity 401 below 446 MW in 2031" if short else "", "serves": not short,
                    "notes": "Grid planned for 2030 arrives in 2032" if "late" in name else "",
                }
            )  # fmt: skip
    cells = regrets(pd.DataFrame(rows))
    plans = standing(cells, {run: str(store.manifest(run)["name"]) for run in runs}, dict.fromkeys(names, 1.0))
    tables = {"cells": cells, "plans": plans} if done else {"cells": cells.iloc[:4]}
    return _stored(request, tables, {"hours": "weeks"}, done=done)


def fake_break_even(key: str = "base") -> str:
    """Turbines up to 5.05 USD/MMBtu, engines beyond; solar grows with the price."""
    request = break_even_question(Library().load(key), "fuel.price_usd_per_mmbtu", 2.0, 10.0)
    values = np.sort(np.append(np.linspace(2, 10, 9), [5.04, 5.06]))
    mix = ["gas turbine and grid" if value < 5.05 else "reciprocating engine, solar and grid" for value in values]
    points = pd.DataFrame({"value": values, "mix": mix, "npv_usd": M * (500 + 80 * values),
                           "usd_per_mwh": 40 + 6 * values, "unserved_mwh": 0.0})  # fmt: skip
    built = {"turbine": np.where(values < 5.05, 380.0, 0.0), "engine": np.where(values < 5.05, 0.0, 350.0),
             "solar": 25 * np.clip(values - 4, 0, None), "grid": np.full(len(values), 340.0)}  # fmt: skip
    builds = pd.DataFrame(
        [{"value": value, "technology": key, "built_mw": mw} for key, mws in built.items()
         for value, mw in zip(values, mws, strict=True)]
    )  # fmt: skip
    breaks = pd.DataFrame(
        [{"low": 5.04, "high": 5.06, "value": 5.05, "below": mix[0], "above": mix[-1], "usd_per_mwh": 70.3,
          "confirmed": True, "full_plans": "at 5: gas turbine and grid; at 5.1: reciprocating engine, solar and grid"}]
    )  # fmt: skip
    tables = {"points": points, "builds": builds, "breaks": breaks.astype({"confirmed": object})}
    return _stored(request, tables, {"solves": len(points), "breaks": 1, "confirmed": 1})


def fake_alternatives(key: str = "base") -> str:
    """Turbines are a must, solar and batteries a choice, engines out."""
    request = alternatives_question(Library().load(key), 0.02)
    best = {"engine": 0.0, "turbine": 350.0, "solar": 30.0, "battery": 6.0, "grid": 346.0}
    least = {"engine": 0.0, "turbine": 250.0, "solar": 0.0, "battery": 0.0, "grid": 210.0}
    most = {"engine": 0.0, "turbine": 450.0, "solar": 160.0, "battery": 80.0, "grid": 500.0}
    labels = {name: data.label or name for name, data in Library().load(key).scenario.active_technologies.items()}
    verdicts = {"engine": OUT, "solar": CHOICE, "battery": CHOICE}
    ranges = pd.DataFrame(
        [{"technology": name, "label": labels[name], "least_mw": least[name], "most_mw": most[name],
          "best_mw": best[name], "verdict": verdicts.get(name, MUST), "proven": True} for name in best]
    )  # fmt: skip
    mixes = {"Best": best, "Most solar": {**best, "solar": 160.0, "turbine": 300.0}, "Least gas turbine": least | {
        "battery": 80.0, "grid": 500.0}, "Most battery": {**best, "battery": 80.0, "solar": 90.0}}  # fmt: skip
    plans = pd.DataFrame(
        [{"plan": plan, "technology": name, "built_mw": mw, "cost_usd": M * (820 + 5 * rank),
          "above_best_frac": 5 * rank / 820, "in_time": True, "shown": rank + 1}
         for rank, (plan, mix) in enumerate(mixes.items()) for name, mw in mix.items()]
    )  # fmt: skip
    return _stored(request, {"ranges": ranges, "plans": plans}, {"plans": len(mixes), "peak_mw": 380.0})


def fake_attribution(store: Store, base: str, other: str) -> str:
    """Nine tenths of the difference come from the first input, the rest from the others in equal parts."""
    request = attribution_question(store, base, other)
    start, end = request.load()
    groups = groups_of(start, end)
    ends = {store.manifest(run)["fingerprint"]: store.manifest(run)["summary"] for run in (base, other)}
    from engine.scenario.fingerprint import fingerprint

    first, last = ends[fingerprint(start)], ends[fingerprint(end)]
    shares = [1.0] if len(groups) == 1 else [0.9, *[0.1 / (len(groups) - 1)] * (len(groups) - 1)]
    parts = pd.DataFrame(
        [{**group.to_row(), "npv_usd": 0.9 * share * (last["npv_cost_usd"] - first["npv_cost_usd"]),
          "usd_per_mwh": 0.9 * share * (last["lcoe_usd_per_mwh"] - first["lcoe_usd_per_mwh"])}
         for group, share in zip(groups, shares, strict=True)]
    )  # fmt: skip
    return _stored(request, {"parts": parts}, {"groups": len(groups), "without_plan": 0, "model": "a made-up model"})
