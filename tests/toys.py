"""Small scenarios whose answers a reader can work out, built through the ordinary scenario interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.pipeline import solve
from engine.scenario.loading import LoadedScenario, merge, validate_scenario
from engine.store import Store

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# One year, all hours, nothing that limits and nothing to build: tests add what they are about.
BARE: dict[str, Any] = {
    "name": "Toy",
    "load": {"it_peak_mw": 100, "pue": 1.0, "load_factor_frac": 1.0, "growth_frac_per_yr": 0, "noise_frac": 0},
    "limits": {"nox_short_tons_per_yr": None, "gas_mcf_per_day": None, "land_acres": None, "n_minus_1": False},
    "money": {"discount_rate_frac": 0.0},
    "time": {"years": 1, "method": "full"},
    "solver": {"mip_gap_frac": 0.0, "threads": 1},
}

# 1 MW units that burn nothing and cost 100 USD/kW over one year: 100,000 USD per MW and year.
FREE_FUEL_UNIT: dict[str, Any] = {
    "kind": "thermal",
    "unit_mw": 10,
    "max_units": 100,
    "overnight_usd_per_kw": 100,
    "heat_rate_btu_per_kwh": 0,
    "life_years": 1,
}


@dataclass(frozen=True)
class Answer:
    """A solved toy."""

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def capacity_mw(self, technology: str, year: int = 2026) -> float:
        """Capacity in service [MW]."""
        rows = self.tables["capacity"]
        rows = rows[(rows["technology"] == technology) & (rows["year"] == year)]
        return float(rows["p_nom_mw"].iloc[0])


def toy(*changes: Mapping[str, Any], folder: Path | None = None) -> LoadedScenario:
    """`BARE` with changes laid over it; series files resolve in `folder`."""
    data: dict[str, Any] = BARE
    for change in changes:
        data = merge(data, change)
    return validate_scenario(data, source="toy", folders=(folder,) if folder else ())


def answer(loaded: LoadedScenario, folder: Path) -> Answer:
    """Solve through the ordinary pipeline, store, and read back; a plan that does not verify is no answer."""
    store = Store(folder / "runs")
    run = solve(loaded, store=store)
    failed = [check for check in run.manifest["verification"]["checks"] if not check["passed"]]
    assert failed == []
    tables = {name: store.table(run.run_id, name) for name in run.manifest["tables"]}
    return Answer(run.summary, run.manifest, tables)


def write_series(folder: Path, name: str, values: np.ndarray, column: str = "value") -> str:
    """Write an hourly CSV and return its `file:column` reference."""
    pd.DataFrame({column: values}).to_csv(folder / f"{name}.csv", index=False)
    return f"{name}.csv:{column}"
