"""The equipment pages in a real browser: screening, side by side, own entries, adding to a scenario and an editor."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from selenium.webdriver.common.by import By

from app import create_app
from dashboard import equipment_form as form
from dashboard.equipment_actions import add_to_scenario
from dashboard.equipment_view import costs, looks, read_address
from dashboard.figures.screening import at_factor, screening_curve
from engine.catalogue import Catalogue, Terms
from engine.library import Library
from tests.dashboard.browsing import Page
from tests.unit.job_kit import wait_until


def entries(*keys: str) -> list:
    return [Catalogue().get(key) for key in keys]


def test_a_plant_that_cannot_run_so_much_is_ranked_at_its_most() -> None:
    frame = costs(entries("engine-scr", "solar-one-axis"), Terms())
    ranked = at_factor(frame, 0.8).set_index("key")
    # 0.1018522 x 1,650 + 20 = 188.056 USD/kW-yr over 7,008 h is 26.834; with 26.95 fuel and 8 variable 61.784.
    assert ranked.loc["engine-scr", "usd_per_mwh"] == pytest.approx(61.784, abs=1e-3)
    assert ranked.loc["solar-one-axis", "capacity_factor_frac"] == pytest.approx(0.32)


def test_the_screening_curve_draws_a_line_an_entry_in_its_own_colour() -> None:
    chosen = entries("engine-scr", "engine", "fuel-cell")
    figure = screening_curve(costs(chosen, Terms()), looks(chosen), 0.5)
    drawn = [trace for trace in figure.data if trace.showlegend is not False]
    assert [trace.name for trace in drawn] == [entry.name for entry in chosen]
    # The first engine has the engine's colour, the second another one; the fuel cell keeps its own.
    colours = [trace.line.color for trace in drawn]
    assert (colours[0], colours[2]) == ("#CC6677", "#AA4499")
    assert len(set(colours)) == 3


def test_nothing_that_generates_leaves_an_empty_curve() -> None:
    frame = costs(entries("battery-4h", "grid"), Terms())
    assert frame.empty
    assert isinstance(at_factor(frame, 0.5), pd.DataFrame)
    assert not screening_curve(frame, {}, 0.5).data


def test_an_address_that_cannot_be_read_falls_back_to_the_default() -> None:
    chosen = read_address({"pick": "nothing,engine-scr", "gas": "dear", "cf": "400"})
    assert chosen.keys == ("engine-scr",)
    assert (chosen.terms.gas_usd_per_mmbtu, chosen.factor_frac) == (3.5, 0.8)


def test_the_form_shows_what_the_equipment_is_and_nothing_of_a_site() -> None:
    paths = set(form.specs(Catalogue().get("grid")))
    assert {"name", "description", "technologies.equipment.max_mw"} <= paths
    assert not paths & {"technologies.equipment.price", "technologies.equipment.existing_mw", "load.pue"}


def test_what_is_added_to_a_scenario_stands_in_it_under_a_free_id() -> None:
    library = Library()
    scenario = library.duplicate("light-gas")
    assert add_to_scenario("fuel-cell", scenario) == f"/edit/{scenario}#at-technologies-fuel_cell"
    add_to_scenario("fuel-cell", scenario)
    technologies = library.load(scenario).scenario.technologies
    assert technologies["fuel_cell_2"].heat_rate_btu_per_kwh == 6800


@pytest.fixture
def page(dash_duo) -> Iterator[Page]:
    dash_duo.start_server(create_app())
    yield Page(dash_duo.driver, dash_duo.server_url)
    assert [one for one in dash_duo.driver.get_log("browser") if one["level"] == "SEVERE"] == []


@pytest.mark.browser
def test_ticks_gas_price_and_filter_change_what_is_shown_and_the_address(page: Page) -> None:
    page.open("/equipment?pick=engine-scr,turbine")
    page.wait_text(".ranks", "Gas turbine 50 MW, no SCR")
    assert "0.842" in page.text("#equipment-side-by-side")
    page.click(".equipment-row[data-words*='combined'] input")
    page.wait_text(".ranks", "Combined cycle")
    assert "$44.4" in page.text(".ranks")
    page.type("#equipment-gas", "4.5")
    # 6.316 MMBtu/MWh more at one dollar more: 44.4 + 6.3 = 50.7.
    page.wait_text(".ranks", "$50.7")
    wait_until(lambda: "gas=4.5" in page.driver.current_url, 5)
    assert "pick=engine-scr,turbine,combined-cycle-scr" in page.driver.current_url
    page.type("#equipment-filter", "fuel")
    shown = wait_until(
        lambda: (
            [row.text for row in page.driver.find_elements(By.CSS_SELECTOR, ".equipment-row:not(.filtered)")]
            if page.find(".equipment-row.filtered")
            else None
        ),
        5,
    )
    assert any("Fuel cell" in row for row in shown)
    assert not any("Battery" in row for row in shown)


@pytest.mark.browser
def test_an_entry_is_copied_edited_saved_added_to_a_scenario_and_deleted(page: Page) -> None:
    Library().duplicate("light-gas")
    page.open("/equipment/fuel-cell")
    page.click('[id*=\'"do":"copy"\']')
    page.wait_text("h1", "Fuel cell, solid oxide, 10 MW block copy")
    overnight = '[id=\'{"path":"technologies.equipment.overnight_usd_per_kw","type":"equipment-field"}\']'
    page.wait(overnight)
    page.type(overnight, "x")
    page.wait_text("#equipment-entry-problems", "overnight cost")
    page.type(overnight, "4k")
    page.wait_text("#equipment-entry-state", "1")
    # 0.1018522 x 4,000 = 407 USD/kW-yr.
    page.wait_text("#equipment-entry-screening", "$407")
    wait_until(lambda: page.wait("#equipment-entry-save").is_enabled(), 5)
    page.click("#equipment-entry-save")
    page.wait_text("#equipment-message", "Saved")
    page.wait_text("#equipment-entry-figures", "Own")
    page.click('[id*=\'"do":"add"\']')
    page.wait_text("#equipment-add-words", "joins the scenario")
    page.click("#equipment-add-yes")
    page.wait_text(".form", "Fuel cell")
    assert "/edit/" in page.driver.current_url
    page.open("/equipment/fuel-cell-solid-oxide-10-mw-block-copy")
    page.click('[id*=\'"do":"delete"\']')
    page.wait_text("#equipment-delete-words", "leaves the catalogue")
    page.click("#equipment-delete-yes")
    page.wait("#equipment-lists")
    assert [entry.key for entry in Catalogue().entries() if not entry.shipped] == []


@pytest.mark.browser
def test_the_editor_adds_a_technology_of_the_catalogue_and_takes_it_out_again(page: Page) -> None:
    scenario = Library().duplicate("light-gas")
    page.open(f"/edit/{scenario}")
    script = (
        "const s = document.getElementById('editor-add-choice');"
        "Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(s, 'fuel-cell');"
        "s.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    page.wait("#editor-add-choice")
    page.driver.execute_script(script)
    page.click("#editor-add")
    page.wait_text("#editor-message", "Added “Fuel cell, solid oxide, 10 MW block”")
    page.wait_text("#at-technologies-fuel_cell", "Fuel cell")
    page.wait_text("#editor-state", "1")
    page.click("[id*='\"do\":\"remove\"'][id*='fuel_cell']")
    page.wait_text("#editor-state", "No changes")
