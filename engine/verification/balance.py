"""Energy: weights, load, balance, storage, flows and directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.scenario.technologies import Battery, Grid
from engine.verification.check import TOLERANCE, Check, close, small
from engine.verification.evidence import Evidence


def weights(run: Evidence) -> Iterator[Check]:
    periods = run.tables["periods"]
    total = float((periods["hours"] * periods["weight"]).sum())
    yield close("weights sum to 8,760 h", total, 8760.0, "h")


def load(run: Evidence) -> Iterator[Check]:
    path, base = _multiples(run), run.tables["profiles"]["load_mw"].to_numpy()
    for stage in run.stages:
        worst = 0.0
        for year, frame in stage.years():
            expected = base.sum() * path[year]
            worst = max(worst, abs(float(frame["load_mw"] @ stage.weight_h) - expected) / max(expected, 1.0))
        yield small(f"stage {stage.number} carries each year's energy", worst, TOLERANCE, "relative")


def _multiples(run: Evidence) -> dict[int, float]:
    load, years = run.scenario.load, run.scenario.calendar_years
    if load.multiples_by_year is not None:
        return dict(zip(years, load.multiples_by_year, strict=True))
    return {y: min(1 + load.growth_frac_per_yr * k, load.growth_cap_multiple) for k, y in enumerate(years)}


def balance(run: Evidence) -> Iterator[Check]:
    for stage in run.stages:
        worst = 0.0
        for _, frame in stage.years():
            supply = frame["unserved_mw"].to_numpy() + stage.response.injection_mw(frame)
            for key, data in run.technologies.items():
                for suffix, sign in _injections(data):
                    supply += sign * frame[f"{key}_{suffix}"].to_numpy()
            error = np.abs(supply - frame["load_mw"].to_numpy()).max()
            worst = max(worst, float(error) / max(float(frame["load_mw"].max()), 1.0))
        yield small(f"balance closes in every hour of stage {stage.number}", worst, TOLERANCE, "of peak")


def storage(run: Evidence) -> Iterator[Check]:
    for key, data in run.of(Battery):
        for stage in run.stages:
            if stage.number == 1 and "period_sequence" in run.tables:
                continue  # linked between periods: linked_storage.py
            worst = 0.0
            for year, frame in stage.years():
                soc = frame[f"{key}_soc_mwh"].to_numpy()
                kept = (1 - data.standing_loss_frac_per_h) * soc[stage.previous]
                stored = data.charge_efficiency_frac * frame[f"{key}_charge_mw"].to_numpy()
                taken = frame[f"{key}_discharge_mw"].to_numpy() / data.discharge_efficiency_frac
                energy = run.capacity[key, year]["usable_mwh"]
                low, high = data.soc_min_frac * energy, energy
                miss = np.abs(soc - kept - stored + taken).max()
                outside = max(float((low - soc).max()), float((soc - high).max()), 0.0)
                worst = max(worst, float(max(miss, outside)) / max(energy, 1.0))
            yield small(f"{key}: charge is conserved and in range, stage {stage.number}", worst, TOLERANCE, "of energy")


def flows(run: Evidence) -> Iterator[Check]:
    for stage in run.stages:
        worst, where = 0.0, "none"
        for year, frame in stage.years():
            for key, data in run.technologies.items():
                row = run.capacity[key, year]
                for column, most in stage.bounds(key, data, row):
                    values = frame[column].to_numpy()
                    excess = max(float((values - most).max()), float(-values.min()))
                    relative = excess / max(row["p_nom_mw"], 1.0)
                    if relative > worst:
                        worst, where = relative, f"{column} in {year}"
        yield small(f"flows stay within capacity, stage {stage.number}", worst, TOLERANCE, f"of capacity ({where})")


def one_direction(run: Evidence) -> Iterator[Check]:
    pairs = [(k, "charge_mw", "discharge_mw") for k, _ in run.of(Battery)]
    pairs += [(k, "import_mw", "export_mw") for k, d in run.of(Grid) if d.export_max_mw > 0]
    for key, first, second in pairs:
        worst = 0.0
        for stage in run.stages:
            risky = stage.hours_where_both_could_pay()
            for _, frame in stage.years():
                both = np.minimum(frame[f"{key}_{first}"].to_numpy(), frame[f"{key}_{second}"].to_numpy())
                worst = max(worst, float(both[risky].max(initial=0.0)))
        yield small(f"{key}: never both directions at once where that could pay", worst, 1e-4, "MW")


def _injections(data: Any) -> tuple[tuple[str, int], ...]:
    if isinstance(data, Battery):
        return (("discharge_mw", 1), ("charge_mw", -1))
    if isinstance(data, Grid):
        return (("import_mw", 1), ("export_mw", -1))
    return (("mw", 1),)


CHECKS = (
    weights,
    load,
    balance,
    storage,
    flows,
    one_direction,
)
