"""Charts of hours: dispatch weeks, year maps, durations, from a run made by arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.figures import dispatch, duration, year_map
from dashboard.figures.common import CALENDAR_START, week_name, week_of_day, week_of_hour, week_start

TECHNOLOGIES = {
    "turbine": {"kind": "thermal", "label": "Gas turbine"},
    "solar": {"kind": "solar", "label": "Solar"},
    "battery": {"kind": "battery", "label": "Battery"},
    "grid": {"kind": "grid", "label": "Grid"},
}
HOUR = np.arange(8760)


def year(number: int = 2026, *, unserved: float = 0.0) -> pd.DataFrame:
    """100 MW all year; solar 30 MW at noon hours, battery moves 10 MW from hour 12 to hour 20; grid never used."""
    day = HOUR % 24
    solar = np.where((day >= 10) & (day < 16), 30.0, 0.0)
    charge, discharge = np.where(day == 12, 10.0, 0.0), np.where(day == 20, 8.0, 0.0)
    load = np.full(8760, 100.0)
    load[4000] = 130.0
    missing = np.where(HOUR == 4000, unserved, 0.0)
    return pd.DataFrame(
        {
            "year": number, "hour": HOUR, "load_mw": load, "unserved_mw": missing, "solar_mw": solar,
            "solar_available_mw": solar, "battery_charge_mw": charge, "battery_discharge_mw": discharge,
            "battery_soc_mwh": np.where((day >= 12) & (day < 20), 10.0, 1.0), "grid_import_mw": 0.0,
            "grid_export_mw": 0.0, "turbine_mw": load - missing - solar + charge - discharge,
            "price_usd_per_mwh": np.where(HOUR == 4000, 10_000.0, 35.0),
        }
    )  # fmt: skip


RUN = dispatch.RunHours(year(), TECHNOLOGIES, "A")
SHORT = dispatch.RunHours(year(unserved=5.0), TECHNOLOGIES, "B")


def test_the_week_stacks_what_occurs_and_draws_the_load_over_it():
    names = [trace.name for trace in dispatch.week_traces(RUN, 2026, 24)]
    assert names == ["Gas turbine", "Solar", "Battery", "Battery, charging", "Load"]


def test_supply_and_draw_of_an_hour_balance_the_load():
    traces = list(dispatch.week_traces(RUN, 2026, 1))
    hour = 12
    total = sum(trace.y[hour] for trace in traces if trace.stackgroup)
    assert total == pytest.approx(traces[-1].y[hour])
    charging = next(trace for trace in traces if trace.name == "Battery, charging")
    assert charging.y[hour] == -10


def test_hours_are_regular_steps_without_a_date_each():
    trace = next(dispatch.week_traces(RUN, 2026, 2))
    assert (trace.x, trace.x0, trace.dx) == (None, "2025-01-08T00:00:00", 3_600_000)
    assert len(trace.y) == 169  # the last hour has a width


def test_unserved_energy_is_hatched_in_the_ink_of_the_theme():
    trace = next(trace for trace in dispatch.week_traces(SHORT, 2026, 24) if trace.name == "Unserved")
    assert max(trace.y) == 5
    assert trace.fillpattern.shape == "/"
    assert trace.fillcolor is None
    assert "Unserved" not in [trace.name for trace in dispatch.week_traces(RUN, 2026, 24)]


def test_one_run_shows_its_state_of_charge_beneath():
    figure = dispatch.dispatch_week(RUN, 2026, 1)
    stored = next(trace for trace in figure.data if trace.name == "Battery, stored")
    assert (stored.yaxis, max(stored.y)) == ("y2", 10)


def test_several_runs_share_one_zoom_one_scale_and_one_legend():
    figure = dispatch.dispatch_weeks([RUN, SHORT], 2026, 24)
    assert {trace.xaxis for trace in figure.data} == {None}  # one time axis: one zoom, one hover
    assert figure.layout.yaxis2.matches == "y"
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    shown = [trace.name for trace in figure.data if trace.showlegend]
    assert len(shown) == len(set(shown))


def test_panels_stack_for_themselves_although_they_share_the_axis():
    figure = dispatch.dispatch_weeks([RUN, SHORT], 2026, 24)
    groups = [{trace.stackgroup for trace in figure.data if trace.yaxis == axis} for axis in ("y", "y2")]
    assert groups[0] & groups[1] == {None}


def test_hovering_tells_what_every_run_does_in_the_hour():
    texts = [trace.text for trace in dispatch.dispatch_weeks([RUN, SHORT], 2026, 24).data if trace.text is not None]
    assert [text[12] for text in texts] == [
        f"{letter}  load 100 MW: Gas turbine 80, Solar 30, Battery charging \u221210" for letter in "AB"
    ]
    assert texts[1][4000 - 23 * 168] == "B  load 130 MW: Gas turbine 125, unserved 5"


def test_a_run_without_the_year_says_so_in_its_panel():
    figure = dispatch.dispatch_weeks([RUN, dispatch.RunHours(year(2030), TECHNOLOGIES, "B")], 2026, 1)
    assert [note.text for note in figure.layout.annotations] == ["A", "B: 2026 is outside its plan"]


def test_weeks_worth_a_look():
    weeks = dispatch.special_weeks(year(unserved=5.0), TECHNOLOGIES)
    assert weeks["Highest load"] == weeks["Most unserved"] == 4000 // 168 + 1
    assert {"Least sun", "Most sun"} <= set(weeks)


def test_the_week_in_words_and_as_daily_energy():
    words = dispatch.describe_week(SHORT, 2026, 24)
    assert words.startswith("B: 11–17 Jun 2026: the load needs 16\u202f800 MWh, at most 130 MW")
    assert "5.00 MWh are not served" in words
    table = dispatch.daily_table(RUN, 2026, 1)
    assert table.loc[0, ["Load", "Solar", "Battery, drawn"]].tolist() == [2400, 180, -10]


def test_the_last_week_ends_with_the_year():
    assert week_start(53) + 168 == 8760
    assert week_of_hour(8759) == 53
    assert [week_of_day(day) for day in ("2025-01-07 23:30", "2025-01-08", "2025-12-31")] == [1, 2, 53]
    assert week_name(53) == "25–31 Dec"


def test_the_map_has_hours_up_and_days_across():
    quantity = next(one for one in year_map.quantities(year(), TECHNOLOGIES) if one.column == "solar_mw")
    heat = year_map.year_map(year(), 2026, quantity).data[0]
    assert np.shape(heat.z) == (24, 365)
    assert (heat.z[12][0], heat.z[2][0]) == (30, 0)
    assert heat.x0 == CALENDAR_START.isoformat()


def test_flows_that_never_occur_are_not_offered():
    offered = [quantity.column for quantity in year_map.quantities(year(), TECHNOLOGIES)]
    assert "battery_charge_mw" in offered
    assert not {"grid_import_mw", "grid_export_mw", "unserved_mw"} & set(offered)


def test_maps_of_several_runs_share_one_scale_and_name_what_is_missing():
    quantity = year_map.Quantity("load_mw", "Load", "MW")
    figure = year_map.year_maps([("A", year()), ("B", year(2030))], 2026, quantity)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (100, 130)
    assert figure.layout.annotations[1].text == "B: has no load in 2026"


def test_one_scarce_hour_does_not_wash_out_the_price_map():
    quantity = year_map.Quantity("price_usd_per_mwh", "Marginal price", "USD/MWh")
    assert year_map.year_map(year(), 2026, quantity).layout.coloraxis.cmax < 100


def test_the_map_in_words_and_by_month():
    quantity = year_map.Quantity("load_mw", "Load", "MW")
    assert "highest 130 on 16 Jun at 16:00" in year_map.describe_map(year(), 2026, quantity)
    assert len(year_map.month_table(year(), 2026, quantity)) == 12


def test_the_duration_curve_falls_from_the_peak_over_its_supply():
    figure = duration.duration_curve(year(), TECHNOLOGIES, 2026)
    assert [trace.name for trace in figure.data] == ["Gas turbine", "Solar", "Battery", "Load"]
    load = figure.data[-1].y
    assert load[0] == 130
    assert (np.diff(load) <= 1e-9).all()
    energy = sum(np.sum(trace.y) * duration.BIN_H for trace in figure.data[:-1])
    assert energy == pytest.approx(year()["load_mw"].sum() + year()["battery_charge_mw"].sum())


def test_durations_in_words_count_running_hours():
    words = duration.describe_duration(year(), TECHNOLOGIES, 2026)
    assert "130 MW in the highest hour, 100 MW in half of all hours" in words
    assert "Solar runs in 2\u202f190 h" in words
