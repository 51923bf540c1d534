"""Charts of capacity, cost and limits: trace names and values from frames that a reader can add up."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import capacity, common, costs, limits
from dashboard.figures.common import stack_order
from dashboard.theme import LOOKS, looks, template, templates

TECHNOLOGIES = {
    "battery": {"kind": "battery", "label": "Battery"},
    "solar": {"kind": "solar", "label": "Solar"},
    "turbine": {"kind": "thermal", "label": "Gas turbine"},
    "grid": {"kind": "grid", "label": "Grid"},
}


def capacity_frame() -> pd.DataFrame:
    standing = {"battery": (10.0, 10.0), "solar": (0.0, 0.0), "turbine": (100.0, 150.0), "grid": (0.0, 40.0)}
    rows = [(2026, key, first, first) for key, (first, _) in standing.items()]
    rows += [(2027, key, second, second - first) for key, (first, second) in standing.items()]
    frame = pd.DataFrame(rows, columns=["year", "technology", "p_nom_mw", "built_mw"])
    return frame.assign(built_mwh=np.where(frame["technology"] == "battery", 4 * frame["built_mw"], 0.0))


LOAD = pd.DataFrame({"year": [2026, 2027], "peak_mw": [90.0, 120.0]})


def capacity_table() -> pd.DataFrame:
    return capacity.capacity_table(capacity_frame(), TECHNOLOGIES)


def test_technologies_stack_from_steady_to_filling():
    assert stack_order(TECHNOLOGIES) == ["turbine", "grid", "solar", "battery"]


def test_capacity_shows_what_is_built_and_the_peak_over_it():
    figure = capacity.capacity_by_year(capacity_table(), LOAD, TECHNOLOGIES)
    assert [trace.name for trace in figure.data] == ["Gas turbine", "Grid", "Battery", "Peak load"]
    assert list(figure.data[0].y) == [100, 150]
    assert list(figure.data[-1].y) == [90, 120]
    assert figure.layout.barmode == "stack"


def test_each_technology_keeps_its_colour_and_the_load_takes_the_themes():
    figure = capacity.capacity_by_year(capacity_table(), LOAD, TECHNOLOGIES, "dark")
    assert figure.data[0].marker.color == LOOKS["turbine"].colour
    assert figure.data[-1].line.color is None


def test_capacity_in_words_names_years_and_parts():
    words = capacity.describe_capacity(capacity_table(), LOAD, TECHNOLOGIES)
    assert "from 110 MW in 2026 to 200 MW in 2027" in words
    assert "peak load of 120 MW" in words


def test_builds_are_listed_year_by_year():
    builds = capacity.builds_table(capacity_frame(), TECHNOLOGIES)
    assert builds["technology"].tolist() == ["Battery", "Gas turbine", "Gas turbine", "Grid"]
    assert builds["built_mw"].tolist() == [10, 100, 50, 40]
    assert builds["built_mwh"].iloc[0] == 40


def test_small_multiples_share_axes_and_one_legend():
    run = (capacity_table(), LOAD, TECHNOLOGIES)
    short = capacity_table().query("year == 2026"), LOAD.query("year == 2026"), TECHNOLOGIES
    figure = capacity.capacity_multiples([("A", *run), ("B", *short)])
    shown = [trace.name for trace in figure.data if trace.showlegend]
    assert sorted(shown) == ["Battery", "Gas turbine", "Grid", "Peak load"]
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range == (-0.5, 1.5)
    assert figure.layout.yaxis2.matches == "y"


def cost_frame() -> pd.DataFrame:
    rows = [
        (1, 2026, "turbine", "fuel", 999e6), (2, 2026, "turbine", "capital", 10e6), (2, 2026, "turbine", "fuel", 20e6),
        (2, 2026, "grid", "export_revenue", -3e6), (2, 2026, "site", "unserved", 0.0),
        (2, 2027, "turbine", "capital", 10e6), (2, 2027, "turbine", "fuel", 25e6),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["stage", "year", "technology", "category", "cost_usd"])
    return frame.assign(present_value_usd=frame["cost_usd"] / np.where(frame["year"] == 2026, 1.0, 1.08))


def test_cost_by_year_is_the_dispatchs_in_order_of_category():
    figure = costs.cost_stack(cost_frame(), TECHNOLOGIES)
    assert [trace.name for trace in figure.data] == ["Capital", "Fuel", "Exports"]
    assert list(figure.data[1].y) == [20, 25]
    assert figure.data[2].y[0] == -3
    assert figure.layout.barmode == "relative"


def test_cost_by_technology_uses_the_technologies_colours():
    figure = costs.cost_stack(cost_frame(), TECHNOLOGIES, "technology")
    colours = {trace.name: trace.marker.color for trace in figure.data}
    assert colours == {"Gas turbine": LOOKS["turbine"].colour, "Grid": LOOKS["grid"].colour}


def test_present_values_end_with_totals():
    table = costs.present_values(cost_frame())
    assert table.loc["total", "total"] == pytest.approx(10e6 + 20e6 - 3e6 + 35e6 / 1.08)
    assert table.loc["turbine", "capital"] == pytest.approx(10e6 + 10e6 / 1.08)


def test_a_bridge_goes_from_the_base_through_its_steps_to_the_run():
    steps = pd.DataFrame({"category": ["capital", "fuel", "fixed"], "usd_per_mwh": [4.0, -10.0, 0.01]})
    bar = costs.bridge(steps, ("A", 70.0), ("B", 64.01)).data[0]
    assert list(bar.x) == ["A", "Capital", "Fuel", "Other", "B"]
    assert list(bar.measure) == ["absolute", "relative", "relative", "relative", "total"]
    assert sum(bar.y[:-1]) == pytest.approx(bar.y[-1])


def test_a_bridge_with_a_cut_axis_says_so():
    steps = pd.DataFrame({"category": ["capital"], "usd_per_mwh": [1.0]})
    cut = costs.bridge(steps, ("A", 70.0), ("B", 71.0)).layout.yaxis
    assert cut.range[0] > 60
    assert "axis cut" in cut.title.text
    whole = costs.bridge(steps.assign(usd_per_mwh=60.0), ("A", 10.0), ("B", 70.0)).layout.yaxis
    assert (whole.range[0], whole.title.text) == (0, "USD/MWh")


def test_cost_per_mwh_stacks_to_the_figure_above_it():
    parts = pd.DataFrame(
        {
            "run_id": ["a", "a", "b", "b"],
            "category": ["capital", "fuel"] * 2,
            "npv_usd": 0.0,
            "usd_per_mwh": [30.0, 40.0, 50.0, 10.5],
        }
    )
    figure = costs.stack_per_mwh(parts, {"a": "A", "b": "B"})
    assert [trace.name for trace in figure.data[:-1]] == ["Capital", "Fuel"]
    assert list(figure.data[-1].text) == ["$70.0", "$60.5"]


def limit_frame() -> pd.DataFrame:
    rows = [
        (1, 2026, "nox", "NOx", 50.0, 99.0, "t/yr", "at_most"), (2, 2026, "nox", "NOx", 60.0, 99.0, "t/yr", "at_most"),
        (2, 2027, "nox", "NOx", 99.0, 99.0, "t/yr", "at_most"),
        (1, 2026, "n_minus_1", "N-1", 300.0, 200.0, "MW", "at_least"),
        (1, 2027, "n_minus_1", "N-1", 220.0, 200.0, "MW", "at_least"),
    ]  # fmt: skip
    columns = ["stage", "year", "limit", "label", "value", "ceiling", "unit", "sense"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(used_frac=frame["value"] / frame["ceiling"], binding=frame["value"] == frame["ceiling"])


def test_the_tightest_year_of_a_ceiling_is_its_highest_and_of_a_floor_its_lowest():
    rows = limits.tightest(limit_frame()).set_index("limit")
    assert rows.loc["nox", ["year", "value", "binding"]].tolist() == [2027, 99.0, True]
    assert rows.loc["n_minus_1", ["year", "value"]].tolist() == [2027, 220.0]


def test_limits_by_year_draw_value_and_ceiling():
    figure = limits.limits_by_year(limit_frame())
    assert [(trace.name, list(trace.y)) for trace in figure.data[:2]] == [
        ("NOx", [60.0, 99.0]),
        ("At most", [99.0, 99.0]),
    ]
    assert figure.data[3].name == "At least"


def test_no_limits_is_no_error():
    assert limits.tightest(pd.DataFrame()).empty
    assert len(limits.limits_by_year(pd.DataFrame()).data) == 0


def test_unknown_technologies_get_free_colours_of_their_kind():
    found = looks({"engine": "thermal", "chp": "thermal", "boiler": "thermal", "site_pv": "solar", "hydrogen": "other"})
    assert found["engine"] == LOOKS["engine"]
    assert len({look.colour for look in found.values()}) == 5
    assert found["chp"].colour == "#882255"


def test_both_themes_differ_in_ink_and_nothing_comes_from_outside():
    assert template("light").layout.colorway != template("dark").layout.colorway
    assert set(templates()) == {"light", "dark"}


def drawn_json(*, checked: bool) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common, "CHECKED", checked)
        return json.loads(capacity.capacity_by_year(capacity_table(), LOAD, TECHNOLOGIES).to_json())


def test_an_unchecked_figure_is_the_checked_one() -> None:
    assert drawn_json(checked=False) == drawn_json(checked=True)


def test_checked_figures_refuse_what_plotly_does_not_know() -> None:
    with pytest.raises(ValueError, match="colour"):
        common.composed([{"type": "bar", "y": [1.0], "colour": "red"}], "light", 300)
