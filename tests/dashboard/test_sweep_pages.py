"""The pages of sweeps: charts from a known dataset, and one walked in a real browser from its file to a kept case."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app import create_app
from dashboard import sweep_view
from dashboard.figures import sweep_maps as maps
from dashboard.figures.sensitivity import describe_sensitivity, sensitivity_chart
from dashboard.figures.sweep_maps import Axis
from dashboard.formatting import column_decimals, grouped
from dashboard.views import sweep as view
from engine.jobs import JobTable
from engine.library import Library
from engine.scenario.loading import home
from engine.store import Store
from engine.sweep import dataset
from engine.sweep.plan import Plan
from engine.sweep.sensitivity import sensitivity
from engine.sweep.spec import DESIGNS
from engine.sweep.sweeps import Sweeps
from tests.dashboard import browsing
from tests.dashboard.browsing import IN_VIEW, Page
from tests.dashboard.screenshots import STILL_NOW
from tests.unit.job_kit import wait_until
from tests.unit.sweep_kit import COST, PRICE, TOY, toy_plan, work_off

X, Y = Axis("x", "Gas price", "USD/MMBtu", levels=True), Axis("y", "Solar", "USD/kW", levels=True)
LCOE = Axis("lcoe_usd_per_mwh", "Levelised cost", "USD/MWh")


NARROW = "\u202f"  # between a count and what it counts
FROM_TEXT = """name: My sweep
base: {key}
design: grid
parameters: [{{path: fuel.price_usd_per_mmbtu, range: [2, 9], levels: 3}}]
"""


def field(place: str) -> str:
    """Selector of a field of the new sweep's form."""
    return f"""[id='{{"path":"{place}","type":"sweep-field"}}']"""


def add_input(page: Page, words: str) -> None:
    """Find an input by its words, and take it by the keyboard."""
    wait_until(lambda: page.find(".dash-dropdown-search") or page.click("#sweep-new-input"), 30.0)
    search = page.wait(".dash-dropdown-search")
    search.send_keys(words)
    wait_until(lambda: len(page.driver.find_elements("css selector", ".dash-options-list-option-checkbox")) == 1, 30.0)
    search.send_keys(Keys.ARROW_DOWN, Keys.ENTER)


def four_cases() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": [1, 2, 3, 4], "x": [2, 2, 10, 10], "y": [300, 900, 300, 900], "mix": ["Gas", "Gas", "Sun", "Gas"],
            "lcoe_usd_per_mwh": [40.0, 44.0, 70.0, 90.0], "termination": ["optimal"] * 3 + ["time_limit"],
            "adequate": [True, True, True, True],
        }
    )  # fmt: skip


def test_a_grid_is_tiles_with_a_letter_and_a_case_to_press() -> None:
    figure = maps.mix_map(four_cases(), X, Y)
    tiles = figure.data[0]
    assert [list(row) for row in tiles.text] == [["A", "B"], ["A", "A"]]  # rows by solar cost, columns by gas price
    assert sent(figure)[0]["customdata"] == [[1, 3], [2, 4]]
    assert [trace.name for trace in figure.data[1:]] == ["A  Gas", "B  Sun"]


def test_every_point_says_its_case_when_it_is_pressed() -> None:
    told = [trace.get("customdata") for trace in sent(maps.scatter(four_cases(), X, LCOE))]
    assert [one for one in told if one] == [[1, 2, 4], [3]]


def sent(figure: go.Figure) -> list[dict[str, Any]]:
    """Traces as the browser gets them: of packed arrays it tells nothing when a point is pressed."""
    found: list[dict[str, Any]] = json.loads(str(figure.to_json()))["data"]
    return found


def test_a_sampled_map_takes_its_ground_from_the_nearest_case() -> None:
    x, y = Axis("x", "Gas price", "USD/MMBtu"), Axis("y", "Solar", "USD/kW")
    ground = np.asarray(maps.mix_map(four_cases(), x, y).data[0].z)
    # Gas is cheap at the left and dear sun at the top; only the lower right corner is the sun's.
    assert (ground[0, 0], ground[0, -1], ground[-1, -1]) == (0, 1, 0)
    assert ground.mean() == pytest.approx(0.25, abs=0.02)


def test_a_heat_map_has_the_mean_of_each_tile() -> None:
    doubled = pd.concat([four_cases(), four_cases().assign(lcoe_usd_per_mwh=50.0)])
    assert np.asarray(maps.heat_map(doubled, X, Y, LCOE).data[0].z).tolist() == [[45, 60], [47, 70]]
    assert "from 40.0 USD/MWh at Gas price 2, Solar 300" in maps.describe_heat(four_cases(), X, Y, LCOE)


@pytest.mark.parametrize(("times", "written"), [(1.0, ".3g"), (20.0, ",.0f"), (1e6, ".3s")])
def test_the_values_in_tiles_are_written_with_equal_digits(times: float, written: str) -> None:
    frame = four_cases().assign(lcoe_usd_per_mwh=four_cases()["lcoe_usd_per_mwh"] * times)
    assert maps.heat_map(frame, X, Y, LCOE).data[0].texttemplate == f"%{{z:{written}}}"


def test_a_case_that_is_not_to_be_trusted_in_full_is_hollow() -> None:
    figure = maps.scatter(four_cases(), X, LCOE)
    symbols = {trace.name: list(trace.marker.symbol) for trace in figure.data if trace.showlegend is False}
    assert symbols == {"Gas": ["circle", "circle", "circle-open"], "Sun": ["square"]}


def test_more_mixes_than_letters_end_in_one_of_the_rest() -> None:
    frame = pd.DataFrame({"mix": [f"Mix {number}" for number in range(12)]})
    assert maps.main_mixes(frame)[-1] == maps.OTHER_MIXES
    assert len(maps.main_mixes(frame)) == len(maps.LETTERS)


def solved(plan: Plan) -> str:
    sweep_id = Sweeps().launch(plan)
    work_off()
    return sweep_id


def test_a_tornado_runs_from_low_to_high_around_the_base(tmp_path: Path) -> None:
    sweep_id = solved(toy_plan(tmp_path, design="one_at_a_time"))
    seen = sweep_view.view(sweep_id)
    found = sensitivity(seen.plan.sweep, seen.plan.places, seen.frame, LCOE.name)
    figure = sensitivity_chart(found, LCOE.label, LCOE.unit)
    # 8 x 3.5 + 10 = 38; gas at 2 and 10 gives 26 and 90, the plant at 80 and 120 gives 36 and 40. The widest on top.
    low, high = figure.data
    assert (list(low.y), list(low.x), list(high.x)) == (["Plant: Overnight cost", "Gas price"], [-2, -12], [2, 52])
    assert "Gas price moves it most, by 64.0" in describe_sensitivity(found, LCOE.label)


@pytest.mark.parametrize("design", list(DESIGNS))
def test_a_sweep_none_of_whose_cases_has_ended_can_be_opened(tmp_path: Path, design: str) -> None:
    seen = sweep_view.view(Sweeps().launch(toy_plan(tmp_path, design=design)))
    assert len(seen.trusted) == 0
    assert view.cards(seen, sweep_view.choice(seen, {}))


def test_every_case_is_a_row_and_what_does_not_verify_has_no_figures(tmp_path: Path) -> None:
    sweep_id = solved(toy_plan(tmp_path))
    with Sweeps().changing(sweep_id) as (frame, _):
        frame.loc[1, "verified"] = False
        dataset.put(frame, 2, {"state": dataset.INFEASIBLE, "reason": "Gas runs out.", "lcoe_usd_per_mwh": None})
        Sweeps().save(toy_plan(tmp_path), frame)
    rows = view.rows(sweep_view.view(sweep_id))
    assert [row["lcoe_usd_per_mwh"] for row in rows] == [24.0, None, None, 92.0]
    assert [row["note"] for row in rows] == ["", "Not verified: its figures are left out", "Gas runs out.", ""]


def test_five_hundred_cases_are_drawn_from_one_dataset(tmp_path: Path) -> None:
    plan = toy_plan(tmp_path, design="latin_hypercube", samples=500)
    sweep_id = Sweeps().launch(plan)
    with Sweeps().changing(sweep_id) as (frame, _):
        frame["state"], frame["verified"], frame["adequate"], frame["mix"] = dataset.DONE, True, True, "Plant"
        frame["lcoe_usd_per_mwh"] = 8 * frame[PRICE] + frame[COST] / 10
        Sweeps().save(plan, frame)
    seen = sweep_view.view(sweep_id)
    drawn = view.views(seen, sweep_view.choice(seen, {}))
    assert sum(len(trace.x) for trace in drawn["sweep-scatter"].figure.data if trace.showlegend is False) == 500
    assert all(isinstance(one.figure, go.Figure) for one in drawn.values())
    assert len(view.rows(seen)) == 500


def test_the_dataset_is_served_as_csv_and_as_parquet_with_units(tmp_path: Path) -> None:
    sweep_id = solved(toy_plan(tmp_path))
    client = create_app().server.test_client()
    lines = client.get(f"/sweep-export/{sweep_id}.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 5
    assert lines[0].startswith(f"case,varied,{PRICE},{COST},state")
    assert client.get(f"/sweep-export/{sweep_id}.parquet").data[:4] == b"PAR1"
    assert client.get("/sweep-export/none.csv").status_code == 404


def test_the_runs_of_a_sweep_are_not_listed_among_the_runs_again(tmp_path: Path) -> None:
    sweep_id = solved(toy_plan(tmp_path))
    assert sweep_view.run_ids() == set(Sweeps().cases(sweep_id)["run_id"]) == {run["run_id"] for run in Store().runs()}


@pytest.fixture
def page(dash_duo: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # The page waits for 23 cases to end and for the table's own script: on a busy machine longer than for most.
    monkeypatch.setattr(browsing, "WAIT_S", 90.0)
    dash_duo.start_server(create_app())
    yield Page(dash_duo.driver, dash_duo.server_url)
    assert [one for one in dash_duo.driver.get_log("browser") if one["level"] == "SEVERE"] == []


def pressed(page: Page, point: str) -> bool:
    """Press a point, and tell whether a case is seen; charts that are still being drawn may push it away."""
    target = page.wait(point)
    page.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", target)
    ActionChains(page.driver).move_to_element(target).click().perform()
    time.sleep(1.0)
    return "Case " in page.text("#sweep-case")


@pytest.mark.browser
def test_a_sweep_is_launched_cancelled_resumed_read_and_a_case_kept(page: Page) -> None:
    key = Library().save(TOY)
    page.open(f"/sweeps/new?scenario={key}")
    page.wait_text("#sweep-new-state", "24")
    page.click(f"{field('design')} input[value=grid]")
    page.wait_text("#sweep-new-state", "25")
    add_input(page, "plant overnight")
    page.wait_text("#sweep-new-state", "125")
    # A mistake stands beside its field and closes the launch; the text follows; Undo brings back what it was.
    page.type(field("parameters.3.range.1"), "1,5")
    page.wait_text("#at-parameters-3-range-1", "Write a decimal point")
    page.wait("#sweep-new-launch[disabled]")
    assert "['1,5', 130]" in page.value("#sweep-new-text")
    page.click("#sweep-new-undo")
    page.wait_text("#sweep-new-state", "125")
    # What is typed into the text is in the form.
    page.type("#sweep-new-text", FROM_TEXT.format(key=key))
    page.wait_text("#sweep-new-state", "3 cases".replace(" ", NARROW))
    assert page.value(field("parameters.1.range.2")) == "9"
    page.type(field("parameters.1.levels"), "23")
    page.wait_text("#sweep-new-state", "23")
    page.driver.refresh()  # nothing typed is lost
    page.wait_text("#sweep-new-state", "23")
    assert page.value(field("name")) == "My sweep"
    page.click("#sweep-new-launch")
    page.wait_text("h1", "My sweep")
    wait_until(lambda: page.driver.execute_script("return window.scrollY") == 0)
    page.wait_text("#sweep-progress", "Running")
    (sweep_id,) = Sweeps().ids()

    page.click("#sweep-cancel")
    page.wait_text("#sweep-progress", "Cancelled")
    page.wait_text("#sweep-message", "resume goes on")
    page.click("#sweep-resume")
    page.wait_text("#sweep-progress", "Running")
    work_off()
    page.wait_text("#sweep-progress", "23 with a plan")
    assert JobTable().list() == ()

    page.open(f"/sweep/{sweep_id}?case=1")
    page.wait_text("#sweep-case", "Case 1")
    # A point that is pressed is the case that is seen.
    page.click("#sweep-close")
    wait_until(lambda: not page.text("#sweep-case"))
    wait_until(lambda: page.driver.execute_script(STILL_NOW), browsing.WAIT_S)
    wait_until(lambda: pressed(page, "#sweep-scatter .points path:last-child"), browsing.WAIT_S)
    cell = page.wait("#sweep-table .ag-center-cols-container .ag-row[row-index='1'] [col-id='lcoe_usd_per_mwh']")
    figures = Sweeps().cases(sweep_id)["lcoe_usd_per_mwh"]
    assert cell.text == grouped(figures[1], column_decimals(figures, view.DIGITS))
    # By the keyboard alone: an arrow down, and the case is seen where one is.
    page.driver.execute_script("arguments[0].focus()", cell)
    ActionChains(page.driver).send_keys(Keys.ARROW_DOWN, Keys.SPACE).perform()
    page.wait_text("#sweep-case", "Case 3")
    assert page.driver.execute_script(IN_VIEW, ".sweep-case")
    page.click("#sweep-keep")
    page.wait_text("#sweep-kept", "Kept in the library")
    page.click("#sweep-close")
    wait_until(lambda: not page.text("#sweep-case") and "case=" not in page.driver.current_url)
    assert not page.find("#sweep-table .ag-row-selected")
    wait_until(lambda: len(list((home() / "scenarios").glob("*.yaml"))) == 2)

    page.open("/sweeps")
    page.wait_text("#sweeps-list", "23 of 23")


def test_a_scenario_leads_to_a_sweep_of_its_inputs() -> None:
    with create_app().server.test_request_context("/"):
        library = str(importlib.import_module("dashboard.pages.library").layout())
        new = str(importlib.import_module("dashboard.pages.sweep_new").layout(scenario="light-gas"))
    assert "/sweeps/new?scenario=light-gas" in library
    assert "base: light-gas" in new


def test_a_sweep_of_another_version_can_still_be_taken_away(tmp_path: Path) -> None:
    sweep_id = solved(toy_plan(tmp_path))
    file = Sweeps().path(sweep_id) / "sweep.json"
    file.write_text(file.read_text().replace('"engine": "', '"engine": "0.'))
    app = create_app()
    with app.server.test_request_context("/"):
        shown = str(importlib.import_module("dashboard.pages.sweep").layout(sweep_id))
    assert "was launched by another version of Firmwatt" in shown
    assert f"/sweep-export/{sweep_id}.csv" in shown
