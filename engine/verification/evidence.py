"""What a run states of itself, read for the checks: scenario, tables, manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.scenario.schema import Scenario
from engine.verification.stage import Stage, Tables


class Evidence:
    """A run's resolved scenario and tables.

    Attributes
    ----------
    capacity : dict of (str, int) to dict
        Row of the `capacity` table by technology and year.
    stages : list of Stage
        The hourly tables that are verified: of both stages, or of the sizing alone.
    hours : Stage
        All 8,760 hours; where the sizing alone is verified, their load.
    """

    def __init__(
        self, scenario: Scenario, tables: Tables, manifest: Mapping[str, Any], *, sizing_only: bool = False
    ) -> None:
        self.scenario, self.tables, self.manifest = scenario, tables, manifest
        self.technologies = scenario.active_technologies
        self.capacity = {
            (str(row["technology"]), int(row["year"])): {str(name): value for name, value in row.items()}
            for row in tables["capacity"].to_dict("records")
        }
        self.hours = Stage(2, scenario, tables)
        self.stages = [Stage(1, scenario, tables), *([] if sizing_only else [self.hours])]

    def load_mw(self, year: int) -> np.ndarray:
        """Load in all 8,760 hours of a year [MW]."""
        table = self.hours.table
        return table.loc[table["year"] == year, "load_mw"].to_numpy()

    def peak_mw(self, year: int) -> float:
        """Highest hour of a year [MW]."""
        return float(self.load_mw(year).max())

    def required_mwh(self, year: int) -> float:
        """Energy that a year requires [MWh]."""
        return float(self.load_mw(year).sum())

    def lowest_mw_by_hour(self, year: int) -> np.ndarray:
        """Lowest load of a year in each hour of the day [MW]."""
        return np.array([self.load_mw(year)[hour::24].min() for hour in range(24)])

    def of(self, kind: type) -> list[tuple[str, Any]]:
        """Technologies of a kind of data, by id."""
        return [(key, data) for key, data in self.technologies.items() if isinstance(data, kind)]
