"""A plan's fixed builds as they stand in another world: what that world delivers late comes late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.choice.rows import records
from engine.periods import Steps
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Scenario
from engine.technologies import BEHAVIOURS
from engine.technologies.behaviour import first_service_year

NOTHING_MW = 1e-6
# What of a row shrinks with its power where only what stood before the plan is left of it.
_AMOUNTS = ("p_nom_mw", "e_nom_mwh", "usable_mw", "usable_mwh", "units")
_BUILT = ("built_mw", "built_mwh")


@dataclass(frozen=True)
class PlanInHand:
    """A plan whose builds are decided.

    Attributes
    ----------
    run_id, name : str
    loaded : LoadedScenario
        What it was planned for.
    capacity, commitments : pandas.DataFrame
        Its tables.
    gap_frac : float
        How far it may be from the optimum of its own scenario.
    """

    run_id: str
    name: str
    loaded: LoadedScenario
    capacity: pd.DataFrame
    commitments: pd.DataFrame
    gap_frac: float


@dataclass(frozen=True)
class Fitted:
    """A plan in a world.

    Attributes
    ----------
    scenario : Scenario
        The world's, with the equipment that only the plan has.
    capacity, commitments : pandas.DataFrame
    notes : tuple of str
        What could not be as planned.
    """

    scenario: Scenario
    capacity: pd.DataFrame
    commitments: pd.DataFrame
    notes: tuple[str, ...]


def scenario_in(plan: PlanInHand, world: Scenario) -> Scenario:
    """The world's scenario, with the plan's own data for equipment that the world does not offer."""
    own = plan.loaded.scenario.technologies
    missing = {key: own[key] for key in _in_use(plan.capacity) if key not in world.active_technologies}
    return world.model_copy(update={"technologies": {**world.technologies, **missing}}) if missing else world


def fitted(plan: PlanInHand, scenario: Scenario, steps: Steps) -> Fitted:
    """The plan's tables for a world.

    Parameters
    ----------
    scenario : Scenario
        As `scenario_in` makes it.
    steps : Steps
        Of the world, all years.
    """
    notes: list[str] = []
    tables = []
    for key, data in scenario.active_technologies.items():
        rows = _rows_of(plan.capacity, key, data.kind, steps.years)
        start = first_service_year(scenario, data)
        late = rows[(rows["year"] < start) & (rows["built_mw"] > NOTHING_MW)]
        if len(late):
            notes.append(f"{data.label or key} planned for {int(late['year'].min())} arrives in {start}")
            rows = _arriving(rows, start)
        tables.append(_described(rows, data, steps))
    capacity = pd.concat(tables, ignore_index=True).sort_values("year", kind="stable", ignore_index=True)
    return Fitted(scenario, capacity, _commitments(plan.commitments, scenario, capacity, notes), tuple(notes))


def _in_use(capacity: pd.DataFrame) -> list[str]:
    used = capacity.groupby("technology", sort=False)["p_nom_mw"].max()
    return [str(key) for key, most in used.items() if most > NOTHING_MW]


def _rows_of(capacity: pd.DataFrame, key: str, kind: str, years: tuple[int, ...]) -> pd.DataFrame:
    """A technology's rows; zeros where the plan does not know it."""
    rows = capacity[capacity["technology"] == key]
    if len(rows):
        return rows.sort_values("year")
    zeros = {column: 0.0 for column in capacity.columns if column not in ("year", "technology", "kind")}
    return pd.DataFrame([{"year": year, "technology": key, "kind": kind, **zeros} for year in years])


def _arriving(rows: pd.DataFrame, start: int) -> pd.DataFrame:
    """Builds of the years before `start` stand and are paid from then on; what stood before the plan stays."""
    moved = rows.copy()
    before = moved["year"] < start
    kept = (moved["existing_mw"] / moved["p_nom_mw"].where(moved["p_nom_mw"] > NOTHING_MW)).fillna(0.0).clip(0.0, 1.0)
    for column in _AMOUNTS:
        moved.loc[before, column] *= kept[before]
    for column in _BUILT:
        moved.loc[moved["year"] == start, column] += float(moved.loc[before, column].sum())
        moved.loc[before, column] = 0.0
    return moved


def _described(rows: pd.DataFrame, data: Any, steps: Steps) -> pd.DataFrame:
    """Firm MW and acres as the world's data and its peak hours make them."""
    behaviour, described = BEHAVIOURS[data.kind], []
    for row in records(rows):
        derates = steps.derate_at_peak_frac.get(str(row["technology"]))
        derate = 0.0 if derates is None else float(derates[steps.years.index(int(row["year"]))])
        amounts: Mapping[str, float] = {name: float(row[name]) for name in (*_AMOUNTS, *_BUILT, "existing_mw")}
        described.append({**row, **behaviour.describe_capacity(data, amounts, derate)})
    return pd.DataFrame(described)


def _commitments(rows: pd.DataFrame, scenario: Scenario, capacity: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """What was promised, without products that the world does not know and market products without a market."""
    response = scenario.demand_response
    known = {key: product for key, product in response.products.items() if product.enabled} if response.enabled else {}
    grids = capacity[(capacity["kind"] == "grid") & (capacity["p_nom_mw"] > NOTHING_MW)]["year"]
    connected = set(grids)
    held = [
        product in known
        and source in known[product].sources
        and (not known[product].market or year in connected)
        for product, source, year in zip(rows["product"], rows["source"], rows["year"], strict=True)
    ]  # fmt: skip
    if not all(held):
        notes.append("demand response sold in years without a market is left out")
    return rows[np.array(held, dtype=bool)].reset_index(drop=True)
