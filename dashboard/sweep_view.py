"""What the page of a sweep reads: its dataset, its columns as axes, what the address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.figures.sweep_maps import Axis
from engine.comparison import LCOE_WITHOUT_RESPONSE
from engine.errors import StoreError
from engine.inputs import technology_name
from engine.sweep import dataset
from engine.sweep.plan import Plan
from engine.sweep.sweeps import CASES, SPEC, Status, Sweeps

FIRST_FIGURE = "lcoe_usd_per_mwh"
FEW = 24


@dataclass(frozen=True)
class View:
    """A sweep as its page draws it.

    Attributes
    ----------
    plan : Plan
    frame : DataFrame
        The whole dataset, shared: do not change it.
    inputs, figures : dict of str to Axis
        Columns to choose from; figures that no case has are left out.
    """

    plan: Plan
    frame: pd.DataFrame
    inputs: Mapping[str, Axis]
    figures: Mapping[str, Axis]

    @property
    def axes(self) -> dict[str, Axis]:
        """All columns that can be drawn."""
        return {**self.inputs, **self.figures}

    @property
    def trusted(self) -> pd.DataFrame:
        """Cases with a verified plan."""
        return dataset.trusted(self.frame)


@dataclass(frozen=True)
class Choice:
    """What the address of the page says: figure, the two inputs of the maps, the two axes of the scatter."""

    figure: str
    x: str
    y: str
    across: str
    up: str


def view(sweep_id: str) -> View:
    """Read a sweep; the dataset is read again only when it was written anew. Raises `StoreError`, `InputError`."""
    folder = Sweeps().path(sweep_id)
    return _view(folder, (folder / CASES).stat().st_mtime_ns, (folder / SPEC).stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _view(folder: Path, _cases: int, _spec: int) -> View:
    sweeps = Sweeps(folder.parent)
    plan, frame = sweeps.plan(folder.name), sweeps.cases(folder.name)
    grid = plan.sweep.design == "grid"
    inputs = {
        path: Axis(path, place.title, place.unit, place.numeric, levels=grid or frame[path].nunique() <= 1)
        for path, place in plan.places.items()
    }
    return View(plan, frame, inputs, _figures(frame, plan))


def _figures(frame: pd.DataFrame, plan: Plan) -> dict[str, Axis]:
    found = {
        name: Axis(name, metric.label, metric.unit)
        for name, metric in dataset.FIGURES.items()
        if name in frame and not (frame[name].fillna(0) == 0).all()
    }
    if LCOE_WITHOUT_RESPONSE in found and frame[LCOE_WITHOUT_RESPONSE].equals(frame[FIRST_FIGURE]):
        del found[LCOE_WITHOUT_RESPONSE]  # no case has any response
    found.setdefault(FIRST_FIGURE, Axis(FIRST_FIGURE, "Levelised cost", "USD/MWh"))
    for key, data in plan.base.scenario.model_dump()["technologies"].items():
        column = f"{dataset.CAPACITY}{key}"
        if column in frame and (frame[column].fillna(0) > 0).any():
            found[column] = Axis(column, f"{technology_name(key, data)}, largest", "MW")
    return found


def choice(seen: View, asked: Mapping[str, Any]) -> Choice:
    """What to draw: what is asked for where it is there, else the first of each."""
    inputs = list(seen.inputs)
    figure = _of(asked.get("figure"), seen.figures, FIRST_FIGURE)
    x = _of(asked.get("x"), seen.inputs, inputs[0])
    others = [path for path in inputs if path != x] or inputs
    y = _of(asked.get("y"), seen.inputs, others[0])
    return Choice(figure, x, y, _of(asked.get("across"), seen.axes, x), _of(asked.get("up"), seen.axes, figure))


def _of(asked: Any, known: Mapping[str, Axis], otherwise: str) -> str:
    return asked if asked in known else otherwise


def statuses() -> list[Status]:
    """All sweeps at a glance, newest first."""
    sweeps = Sweeps()
    return [sweeps.status(one) for one in sweeps.ids()]


def run_ids() -> set[str]:
    """Runs that are cases of sweeps: their pages tell of them."""
    sweeps = Sweeps()
    files = [sweeps.path(one) / CASES for one in sweeps.ids()]
    return {run for file in files for run in _runs(file, file.stat().st_mtime_ns)}


@lru_cache(maxsize=64)
def _runs(file: Path, _changed: int) -> frozenset[str]:
    try:
        return frozenset(dataset.read(file)["run_id"]) - {""}
    except StoreError:
        return frozenset()  # its own page says what is wrong with it


def seconds_left(status: Status, frame: pd.DataFrame) -> float | None:
    """Expected seconds until the end, from the sweep's own cases; None before the first."""
    solved = frame.loc[frame["seconds"] > 0, "seconds"]
    return float(solved.median()) * status.left if len(solved) and status.left else None
