"""Adding a limit: one class with a `relaxable` entry, and it is diagnosed and priced like those that ship.

The grid at 10 USD/MWh could carry the flat 100 MW (876,000 MWh a year); `clean` at 50 USD/MWh is the other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest

from engine import limits
from engine.diagnosis import diagnose
from engine.expansion import size
from engine.formulation import Capacity, Formulation, Terms
from engine.limits import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.periods import select_periods
from engine.pricing import price_plan
from engine.profiles import build_profiles
from engine.scenario.schema import Scenario
from tests.toys import toy
from tests.unit.test_limits import CLEAN

module = import_module("engine.diagnosis.diagnose")
MOST_MWH = 438_000.0
GRID = {"kind": "grid", "existing_mw": 200, "max_mw": 200, "price": 10.0}
ONE_WEEK = {"time": {"method": "calendar", "weeks": [{"start_day": 190, "weight": 52}]}}


class ImportedEnergy(Limit):
    """At most so many MWh a year from the grid."""

    name, label, unit = "imports", "Imported energy", "MWh/yr"

    def applies(self, scenario: Scenario) -> bool:
        return "grid" in scenario.active_technologies

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        imports, steps = form.flows["grid_import_mw"], form.steps

        def taken(year: int) -> Terms:
            total = Terms()
            total.add_hours(steps.weight_h, imports.of(year))
            return total

        form.require("imports_stay_within_their_energy", ((y, taken(y), "<=", MOST_MWH) for y in form.years))

    def measure(self, tables: YearOfTables) -> Measured:
        return Measured(tables.annual["grid"].energy_mwh, MOST_MWH)

    def relaxable(self, form: Formulation) -> Relaxable:
        place, statements = "limits.imported_mwh_per_yr", ("imports_stay_within_their_energy",)
        return Relaxable(self.name, self.label, self.unit, place, MOST_MWH, statements)


@pytest.fixture(autouse=True)
def _one_limit_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", (*limits.LIMITS, ImportedEnergy()))


def scenario(**clean: Any) -> Any:
    return toy(ONE_WEEK, {"technologies": {"grid": GRID, "clean": {**CLEAN, **clean}}})


def test_a_new_limit_has_its_price() -> None:
    loaded = scenario()
    steps = select_periods(loaded.scenario, build_profiles(loaded))
    plan = size(loaded.scenario, steps)
    assert plan.capacity is not None
    assert plan.sampled_hourly is not None
    prices = price_plan(loaded.scenario, steps, plan.decisions, plan.capacity, plan.sampled_hourly).shadow_prices
    # One MWh more from the grid saves 50 - 10 USD.
    row = prices.set_index("limit").loc["imports"]
    assert row["usd_per_unit"] == pytest.approx(40.0)
    assert row["unit"] == "USD/MWh"


def test_a_new_limit_is_diagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Its field is not in the schema here, so that the relaxed scenario cannot be dispatched.
    monkeypatch.setattr(module, "_unseen_weeks", lambda *_: ())
    loaded = scenario(max_units=2)
    found = diagnose(loaded.scenario, build_profiles(loaded))
    remedies = {remedy.limit: remedy for remedy in found.remedies}
    # 20 MW of clean leave 80 MW x 8,760 h = 700,800 MWh; or half of 876,000 MWh from 50 MW, 5 units of 10 MW.
    assert found.conflicts == (("imports", "clean.max_units"),)
    assert remedies["imports"].alone is not None
    assert remedies["imports"].alone.value == pytest.approx(701_000.0)
    assert remedies["clean.max_units"].alone is not None
    assert remedies["clean.max_units"].alone.value == 5.0
