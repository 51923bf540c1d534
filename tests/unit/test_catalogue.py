"""The catalogue: every figure has a unit and a source, and an entry is an ordinary technology of a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.catalogue import Catalogue, Terms, add_to_mapping, figures, screen, to_technology
from engine.catalogue.catalogue import shipped
from engine.cli import app
from engine.errors import InputError
from engine.scenario.loading import SHIPPED_SCENARIOS, read_mapping, validate_scenario

SHIPPED = shipped()


def stated_numbers(technology: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for name, value in technology.items():
        if isinstance(value, Mapping):
            yield from stated_numbers(value, f"{within}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{within}{name}"


@pytest.mark.parametrize("key", SHIPPED)
def test_every_number_that_a_shipped_entry_states_has_one_source_and_no_source_stands_without_a_number(
    key: str,
) -> None:
    assert set(stated_numbers(SHIPPED[key].stated)) == set(SHIPPED[key].origins)


@pytest.mark.parametrize("key", SHIPPED)
def test_every_figure_has_a_label_a_unit_and_money_the_year_of_its_dollars(key: str) -> None:
    entry = SHIPPED[key]
    assert entry.summary
    assert len(entry.technology.label) <= 40
    for figure in figures(entry):
        assert figure.label
        assert figure.unit
        assert figure.origin.name
        stated_money = figure.is_money and figure.path in entry.origins
        assert not stated_money or figure.origin.dollar_year or figure.origin.status == "secondary"


@pytest.mark.parametrize("key", SHIPPED)
def test_an_entry_is_an_ordinary_technology_of_a_scenario(key: str) -> None:
    base = read_mapping(SHIPPED_SCENARIOS / "base.yaml")
    mapping, technology = add_to_mapping(base, SHIPPED[key])
    assert technology not in base["technologies"]
    scenario = validate_scenario(mapping, source=key).scenario
    assert scenario.technologies[technology].kind == SHIPPED[key].kind


def test_the_base_scenario_takes_its_equipment_from_the_catalogue() -> None:
    base = validate_scenario(read_mapping(SHIPPED_SCENARIOS / "base.yaml"), source="base").scenario
    for technology, key in {
        "engine": "engine-scr", "turbine": "turbine-scr", "solar": "solar-one-axis", "battery": "battery-4h",
        "grid": "grid",
    }.items():  # fmt: skip
        ours = base.technologies[technology].model_dump(exclude={"source"})
        assert ours == SHIPPED[key].technology.model_dump(exclude={"source"})


def test_a_second_technology_of_the_same_id_gets_the_next_number() -> None:
    once, first = add_to_mapping({"name": "x"}, SHIPPED["fuel-cell"])
    _, second = add_to_mapping(once, SHIPPED["fuel-cell"])
    assert (first, second) == ("fuel_cell", "fuel_cell_2")


def test_the_source_of_a_technology_names_sources_dollar_years_and_assumptions() -> None:
    source = to_technology(SHIPPED["frame-turbine-scr"])["source"]
    assert source.startswith("NREL ATB 2024 moderate, 2025, via ReEDS-2.0 (2022 USD); ")
    assert source.endswith("assumptions: life, unit size, at most")


def test_nox_per_mwh_is_nox_per_mmbtu_times_the_heat_rate() -> None:
    # 0.099 lb/MMBtu x 8.5 MMBtu/MWh = 0.8415 lb/MWh; with SCR 0.010 x 8.5 = 0.085.
    assert screen(SHIPPED["turbine"], Terms()).nox_lb_per_mwh == pytest.approx(0.8415)
    assert screen(SHIPPED["turbine-scr"], Terms()).nox_lb_per_mwh == pytest.approx(0.085)


def test_the_screening_curve_adds_yearly_cost_over_hours_fuel_and_variable_cost() -> None:
    found = screen(SHIPPED["engine-scr"], Terms(gas_usd_per_mmbtu=3.5, discount_rate_frac=0.08))
    # Annuity of 20 years at 8 %: 0.1018522 x 1,650 = 168.056 USD/kW-yr; fuel 7.7 x 3.5 = 26.95 USD/MWh.
    assert found.annuity_usd_per_kw_yr == pytest.approx(168.056, abs=1e-3)
    assert found.fuel_usd_per_mwh == pytest.approx(26.95)
    # At 50 %: 1000 x (168.056 + 20) / 4,380 = 42.935; with fuel and 8 variable 77.885 USD/MWh.
    assert found.energy_usd_per_mwh(0.5) == pytest.approx(77.885, abs=1e-3)


def test_a_dearer_gas_lifts_what_burns_it_and_leaves_the_sun_alone() -> None:
    def cost(key: str, gas: float) -> float:
        return float(screen(SHIPPED[key], Terms(gas_usd_per_mmbtu=gas)).energy_usd_per_mwh(0.3))

    assert cost("turbine", 4.5) - cost("turbine", 3.5) == pytest.approx(8.5)
    assert cost("solar-fixed", 4.5) == cost("solar-fixed", 3.5)


def test_an_entry_with_a_fuel_of_its_own_does_not_follow_the_gas_price() -> None:
    catalogue = Catalogue()
    key = catalogue.add("Oil engine", to_technology(SHIPPED["engine-scr"]) | {"fuel_price_usd_per_mmbtu": 20.0})
    # 7.7 MMBtu/MWh x 20 = 154 USD/MWh, whatever gas costs.
    assert screen(catalogue.get(key), Terms(gas_usd_per_mmbtu=1.0)).fuel_usd_per_mwh == pytest.approx(154.0)


def test_the_power_and_energy_parts_of_the_battery_give_the_totals_of_their_source() -> None:
    # 931.22, 1,551.07 and 2,790.78 USD/kW for 2, 4 and 8 h.
    for key, total in {"battery-2h-atb": 931.22, "battery-4h-atb": 1551.07, "battery-8h-atb": 2790.78}.items():
        assert screen(SHIPPED[key], Terms()).capital_usd_per_kw == pytest.approx(total, abs=0.05)


def test_an_own_entry_is_copied_edited_and_deleted_and_only_the_changed_figure_becomes_own() -> None:
    catalogue = Catalogue()
    key = catalogue.copy("engine-scr")
    technology = to_technology(catalogue.get(key)) | {"overnight_usd_per_kw": 1500, "source": "Quote of May 2026"}
    catalogue.edit(key, "Our engine", technology, summary="As offered.")
    entry = catalogue.get(key)
    origins = {figure.path: figure.origin for figure in figures(entry)}
    assert (entry.name, entry.summary, entry.technology_id) == ("Our engine", "As offered.", "engine")
    assert (origins["overnight_usd_per_kw"].name, origins["overnight_usd_per_kw"].status) == (
        "Quote of May 2026",
        "own",
    )
    assert origins["heat_rate_btu_per_kwh"] == SHIPPED["engine-scr"].origins["heat_rate_btu_per_kwh"]
    assert [one.key for one in catalogue.entries() if not one.shipped] == [key]
    catalogue.delete(key)
    assert all(one.shipped for one in catalogue.entries())


def test_a_new_own_entry_never_takes_a_key_that_is_taken() -> None:
    catalogue = Catalogue()
    block = to_technology(SHIPPED["fuel-cell"])
    assert [catalogue.add("Fuel cell", block) for _ in range(2)] == ["fuel-cell-2", "fuel-cell-3"]


def test_a_shipped_entry_cannot_be_changed_and_an_unknown_one_names_its_neighbour() -> None:
    catalogue = Catalogue()
    with pytest.raises(InputError, match="comes with Firmwatt and cannot be deleted; copy it"):
        catalogue.delete("fuel-cell")
    with pytest.raises(InputError, match='did you mean "fuel-cell"'):
        catalogue.get("fuel-cel")


def test_an_own_entry_that_is_not_valid_is_refused_with_every_problem_and_not_written() -> None:
    catalogue = Catalogue()
    block = to_technology(SHIPPED["fuel-cell"]) | {"availability_frac": 1.2, "unit_mw": 0}
    with pytest.raises(InputError) as refused:
        catalogue.add("Too good", block)
    assert len(refused.value.problems) == 2
    assert not catalogue.folder.exists()


def test_a_damaged_own_file_is_named_and_hides_nothing_else() -> None:
    catalogue = Catalogue()
    key = catalogue.copy("fuel-cell")
    (catalogue.folder / "broken.yaml").write_text("name: Broken\ntechnology: {kind: thermal}\n", encoding="utf-8")
    assert [one.key for one in catalogue.entries() if not one.shipped] == [key]
    assert [name for name, _ in catalogue.damaged()] == ["broken"]


def test_the_command_line_lists_and_shows_the_catalogue() -> None:
    listed = CliRunner().invoke(app, ["equipment", "list", "--json", "--capacity-factor", "0.5"])
    first = json.loads(listed.stdout)["equipment"][0]
    assert (first["key"], round(first["energy_usd_per_mwh"], 3)) == ("engine-scr", 77.885)
    shown = CliRunner().invoke(app, ["equipment", "show", "turbine", "--json"])
    nox = next(one for one in json.loads(shown.stdout)["figures"] if one["path"] == "nox_lb_per_mmbtu")
    assert (nox["value"], nox["unit"], nox["status"]) == (0.099, "lb/MMBtu", "verified")
    assert CliRunner().invoke(app, ["equipment", "show", "nothing"]).exit_code == 2
    assert "Fuel cell, solid oxide" in CliRunner().invoke(app, ["equipment", "list"]).stdout
