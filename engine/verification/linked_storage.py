"""Storage linked between typical periods: replayed through the real sequence of the year, hour by hour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from engine.scenario.technologies import Battery
from engine.verification.check import TOLERANCE, Check, small
from engine.verification.evidence import Evidence


def sequence(run: Evidence) -> Iterator[Check]:
    if "period_sequence" not in run.tables:
        return
    order, periods = run.tables["period_sequence"], run.tables["periods"]
    known = set(periods["period"])
    unknown = sum(period not in known for period in order["period"])
    unused = len(known - set(order["period"]))
    detail = f"{len(order)} real periods, {unknown} without a typical one, {unused} typical ones stand for none"
    yield Check("each real period has a typical one", unknown == unused == 0, detail)


def storage(run: Evidence) -> Iterator[Check]:
    if "period_sequence" not in run.tables:
        return
    order = run.tables["period_sequence"].sort_values("real_period")["period"].to_numpy()
    levels = run.tables["linked_storage"]
    for key, data in run.of(Battery):
        worst = 0.0
        for year, frame in run.stages[0].years():
            rows = levels[(levels["technology"] == key) & (levels["year"] == year)].sort_values("real_period")
            energy = float(run.capacity[key, year]["usable_mwh"])
            error = _replay(key, data, frame, order, rows["soc_mwh"].to_numpy(), energy)
            worst = max(worst, error / max(energy, 1.0))
        yield small(f"{key}: charge is conserved and in range, stage 1", worst, TOLERANCE, "of energy")


def _replay(key: str, data: Any, frame: pd.DataFrame, order: np.ndarray, level: np.ndarray, energy: float) -> float:
    """Largest error [MWh] of a year played hour by hour from the stored flows."""
    kept = 1 - data.standing_loss_frac_per_h
    stored = data.charge_efficiency_frac * frame[f"{key}_charge_mw"] - (
        frame[f"{key}_discharge_mw"] / data.discharge_efficiency_frac
    )
    by_period = {period: rows.to_numpy() for period, rows in stored.groupby(frame["period"])}
    told = {period: rows.to_numpy() for period, rows in frame.groupby("period")[f"{key}_soc_mwh"]}
    worst = 0.0
    for day, period in enumerate(order):
        held, change = float(level[day]), 0.0
        for hour, flow in enumerate(by_period[period]):
            held, change = kept * held + flow, kept * change + flow
            outside = max(data.soc_min_frac * energy - held, held - energy)
            worst = max(worst, outside, abs(change - told[period][hour]))
        worst = max(worst, abs(held - level[(day + 1) % len(order)]))
    return worst


CHECKS = (
    sequence,
    storage,
)
