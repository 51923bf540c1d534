"""What docs/extending.md says of a new technology, tried: one as data, one with a behaviour of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import Field

from engine import nomenclature
from engine.diagnosis.technology_limits import MAXIMA
from engine.formulation import Capacity, Formulation
from engine.scenario import technologies
from engine.scenario.schema import Scenario
from engine.scenario.technologies import KINDS, Thermal
from engine.technologies import BEHAVIOURS
from engine.technologies.thermal import ThermalBehaviour
from tests.toys import FREE_FUEL_UNIT, answer, toy, write_series


class Geothermal(Thermal):
    """Heat from the ground: what stands runs, day and night."""

    kind: Literal["geothermal"] = "geothermal"  # type: ignore[assignment]


class GeothermalBehaviour(ThermalBehaviour):
    """A unit that cannot be turned down: `g = n rating availability`."""

    def add_operation(self, form: Formulation, key: str, data: Any, capacity: Capacity) -> None:
        super().add_operation(form, key, data, capacity)
        flow, available = form.flows[f"{key}_mw"], form.steps.availability_pu[key]
        form.require_hourly(
            f"{key}_is_never_turned_down",
            lambda year: [(1.0, flow.of(year)), (-available, capacity.p_mw[year])],
            "==",
            lambda _: 0.0,
        )


@pytest.fixture
def geothermal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The five entries that docs/extending.md asks for; undone afterwards."""
    monkeypatch.setitem(KINDS, "geothermal", Geothermal)
    monkeypatch.setitem(MAXIMA, "geothermal", MAXIMA["thermal"])
    monkeypatch.setitem(BEHAVIOURS, "geothermal", GeothermalBehaviour())
    monkeypatch.setitem(nomenclature.FLOWS, "geothermal", nomenclature.FLOWS["thermal"])
    monkeypatch.setitem(nomenclature.PROFILE_FLOWS, "geothermal", nomenclature.PROFILE_FLOWS["thermal"])
    field = Scenario.model_fields["technologies"]
    before = field.annotation
    union = Annotated[technologies.Technology | Geothermal, Field(discriminator="kind")]
    field.annotation = dict[str, union]  # type: ignore[valid-type]
    Scenario.model_rebuild(force=True)
    yield
    field.annotation = before
    Scenario.model_rebuild(force=True)


def test_a_fuel_cell_is_data_alone(tmp_path: Path) -> None:
    # 100 MW flat: ten blocks of 10 MW, 100,000 USD each MW and year; 8,760 h x 100 MW x 6.8 MMBtu/MWh x 3.5 USD.
    cell = {**FREE_FUEL_UNIT, "label": "Fuel cell", "heat_rate_btu_per_kwh": 6800}
    solved = answer(toy({"technologies": {"fuel_cell": cell}}), tmp_path)
    assert solved.capacity_mw("fuel_cell") == pytest.approx(100)
    assert solved.summary["npv_cost_usd"] == pytest.approx(100 * 100_000 + 8760 * 100 * 6.8 * 3.5)


@pytest.mark.usefixtures("geothermal")
def test_a_behaviour_of_its_own_costs_a_model_a_class_and_a_few_lines(tmp_path: Path) -> None:
    # Load 100 MW by day, 50 MW by night. Energy from the ground is the cheaper plant, but it cannot be turned down and
    # nothing takes its surplus at night: 50 MW of it fit, and engines carry the rest of the day.
    hour = np.arange(8760) % 24
    load = {"series": write_series(tmp_path, "load", np.where((hour >= 8) & (hour < 20), 100.0, 50.0), "mw")}
    ground = {**FREE_FUEL_UNIT, "kind": "geothermal", "overnight_usd_per_kw": 50}
    loaded = toy({"load": load, "technologies": {"ground": ground, "engine": FREE_FUEL_UNIT}}, folder=tmp_path)
    solved = answer(loaded, tmp_path)
    assert solved.capacity_mw("ground") == pytest.approx(50)
    assert solved.capacity_mw("engine") == pytest.approx(50)
    assert solved.tables["hourly"]["ground_mw"].to_numpy() == pytest.approx(50)


def test_without_its_rule_the_new_technology_would_carry_all(tmp_path: Path) -> None:
    # The same plant as an ordinary thermal one is turned down at night and leaves no room for engines.
    ground = {**FREE_FUEL_UNIT, "overnight_usd_per_kw": 50}
    solved = answer(toy({"technologies": {"ground": ground, "engine": FREE_FUEL_UNIT}}), tmp_path)
    assert solved.capacity_mw("ground") == pytest.approx(100)
    assert solved.capacity_mw("engine") == pytest.approx(0)
