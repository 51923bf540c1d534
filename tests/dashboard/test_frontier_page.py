"""The frontier page: figures by their values, the form, following a study, what clicks and boxes do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app import create_app
from dashboard import frontier_actions as actions
from dashboard import frontier_data
from dashboard.components import job_row
from dashboard.figures import frontier as figures
from dashboard.frontier_state import State
from dashboard.ids import Frontier as Ids
from dashboard.views import frontier as view
from engine.errors import InputError
from engine.frontier.asked import Asked
from engine.frontier.front import classified
from engine.job import JobState
from engine.jobs import JobTable
from engine.library import Library
from engine.study import Studies
from tests.dashboard.fake_frontier import fake_frontier


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def served() -> Iterator[Any]:
    app = create_app()
    with app.server.test_request_context():
        yield app


def three_points() -> pd.DataFrame:
    """Costs 10, 12, 20 at 3, 2, 1 t, proven to 9, 12, 18; the ceilings were none, 2.5 and 1."""
    points = pd.DataFrame(
        {
            "scenario": 0, "point": ["A1", "A2", "A3"], "state": "found", "verified": True, "adequate": True,
            "lcoe": [10.0, 12.0, 20.0], "nox": [3.0, 2.0, 1.0],
            "bound": [9.0, 12.0, 18.0], "gap_frac": [0.1, 0.0, 0.1], "ceiling_nox": [np.nan, 2.5, 1.0],
            "termination": ["within_gap", "optimal", "time_limit"],
        }
    )  # fmt: skip
    return classified(points, ["lcoe", "nox"])


def test_the_band_shows_between_which_steps_the_front_lies() -> None:
    drawn = figures.front(three_points(), ["lcoe", "nox"], ["Toy"])
    least = next(trace for trace in drawn.data if trace.name == "Toy: least")
    most = next(trace for trace in drawn.data if trace.name == "Toy: certain to lie here")
    assert list(most.x) == [1.0, 2.0, 2.5, 3.0]
    assert list(most.y) == [20.0, 12.0, 12.0, 10.0]  # at 2.5 t the plan of 12 still stands
    assert list(least.y) == [18.0, 12.0, 12.0, 9.0]  # the bound of ceiling 2.5 holds below it too
    assert (most.line.shape, least.line.shape, most.fill) == ("hv", "vh", "tonexty")


def test_plans_stand_at_their_values_and_a_time_limited_one_looks_it() -> None:
    drawn = figures.front(three_points(), ["lcoe", "nox"], ["Toy"])
    by_name = {trace.name: trace for trace in drawn.data}
    assert list(by_name["A Toy"].x) == [3.0, 2.0]
    late = by_name["A Toy, time-limited"]
    assert (list(late.y), late.marker.symbol) == ([20.0], "circle-open-dot")
    assert "stopped by the time limit" in late.text[0]


def test_a_third_objective_is_the_colour_and_there_is_no_band() -> None:
    points = three_points().assign(land=[100.0, 200.0, 300.0])
    drawn = figures.front(points, ["lcoe", "nox", "land"], ["Toy"])
    assert list(drawn.data[0].marker.color) == [100.0, 200.0]
    assert not any(trace.fill for trace in drawn.data)


def test_what_is_not_selected_fades_on_the_front_and_on_the_axes() -> None:
    points, marked = three_points(), figures.Marked({"lcoe": (9.0, 13.0)})
    drawn = figures.front(points, ["lcoe", "nox"], ["Toy"], marked)
    assert list(next(t for t in drawn.data if t.name == "A Toy").marker.opacity) == [1.0, 1.0]
    assert list(next(t for t in drawn.data if t.name == "A Toy, time-limited").marker.opacity) == [figures.FADED]
    axes = figures.axes_of(points, ["lcoe", "nox"], {})
    lines = {trace.name: trace for trace in figures.parallel(points, axes, marked).data}
    assert {name: line.opacity for name, line in lines.items()} == {"A1": 1.0, "A2": 1.0, "A3": figures.FADED}
    assert list(lines["A2"].y) == [pytest.approx(0.2), pytest.approx(0.5)]  # 12 of 10..20, 2 of 1..3


def test_the_table_says_of_each_point_what_to_know() -> None:
    points = three_points()
    points.loc[3] = {**points.loc[0], "point": "A4", "state": "infeasible", "knee": False, "dominated_by": ""}
    table, units = figures.points_table(points, ["lcoe", "nox"])
    assert list(table["standing"]) == ["on the front", "knee", "time-limited", "no plan exists"]
    assert (units["LCOE"], units["NOx"], units["LCOE at least"]) == ("USD/MWh", "short tons", "USD/MWh")


def test_a_state_survives_the_address() -> None:
    state = State("frontier-1", "A3", ("A1", "A3"), {"lcoe": (60.0, 65.5)})
    assert state.search == "?study=frontier-1&point=A3&pins=A1,A3&select=lcoe%3A60%3A65.5"
    assert State.read("frontier-1", "A3", "A1,A3", "lcoe:60:65.5") == state == State.of(state.data())
    assert State.read(select="nonsense,lcoe:a:b,nox:1").ranges == {}


def test_the_sixth_pin_pushes_out_the_first() -> None:
    state = State("s", pins=("A1", "A2", "A3", "A4", "A5")).with_pin("A6")
    assert state.pins == ("A2", "A3", "A4", "A5", "A6")
    assert state.without_pin("A3").pins == ("A2", "A4", "A5", "A6")


def test_a_box_on_the_front_is_a_range_of_both_objectives_and_one_on_an_axis_of_that_axis(served: Any) -> None:
    state = State(fake_frontier().study_id)
    box = {"range": {"x": [50.0, 40.0], "y": [63.0, 66.0]}}
    assert actions.boxed(state, Ids.FRONT, box) == {"nox": (40.0, 50.0), "lcoe": (63.0, 66.0)}
    # The second axis is NOx, from 42 to 55 t: its lower half.
    on_axis = actions.boxed(state, Ids.PARALLEL, {"range": {"x": [0.8, 1.2], "y": [0.0, 0.5]}})
    assert on_axis == {"nox": (pytest.approx(42.0), pytest.approx(48.5))}


def test_clicks_open_pin_and_clear(served: Any) -> None:
    state = State("s", ranges={"lcoe": (1.0, 2.0)})
    clicked = {"points": [{"customdata": "A7"}]}
    assert actions._next_state(state, Ids.FRONT, f"{Ids.FRONT}.clickData", clicked).point == "A7"
    assert actions._next_state(state, Ids.SHOW_ALL, f"{Ids.SHOW_ALL}.n_clicks", 1).ranges == {}
    pinned = actions._next_state(state, Ids.do("pin", "A2"), "x.n_clicks", 1)
    assert pinned.pins == ("A2",)
    assert {actions._next_state(pinned, Ids.do(do, "A2"), "x.n_clicks", 1).pins for do in ("unpin", "drop")} == {()}
    assert {actions._next_state(state, Ids.do(do, "A2"), "x.n_clicks", 1).point for do in ("open", "show")} == {"A2"}
    assert actions._next_state(state, Ids.FRONT, f"{Ids.FRONT}.selectedData", None) == state


def test_the_form_queues_a_study_that_the_page_then_follows(served: Any) -> None:
    request = actions.request_of(["light-gas"], "nox", "lcoe", "none", 5)
    assert (request.options["objectives"], request.options["points"]) == (["lcoe", "nox"], 5)
    actions.submit(request)
    job = JobTable().latest(request.mark)
    assert job is not None
    assert (job.state, job.kind) == (JobState.WAITING, "frontier")
    row = str(job_row.row(job, "", 0.0, None))
    assert f"/frontier?study={request.study_id}" in row  # its page can be followed while it waits and runs


def test_a_refused_form_says_everything_at_once(served: Any) -> None:
    with pytest.raises(InputError) as refused:
        actions.request_of([], "lcoe", "npv_cost", None, 2)
    assert len(refused.value.problems) == 3


def test_half_of_a_study_is_shown_with_a_way_to_go_on(served: Any) -> None:
    one = frontier_data.shown(fake_frontier(arrived=5).study_id)
    assert (len(one.points), one.done, one.live) == (5, False, False)
    said = str(view.status(one))
    assert "Stopped with 5 of 12 points" in said
    assert "Go on" in said
    assert view.front_view(one, State(one.study_id)).figure.data


def test_a_finished_study_says_its_knee_its_dominated_point_and_what_is_made_up(served: Any) -> None:
    one = frontier_data.shown(fake_frontier().study_id)
    said = str(view.words(one))
    assert "Knee at A" in said
    assert "A5 (by" in said
    assert "1 stopped by the time limit" in said
    assert "The load shape is made up." in said
    assert "Stopped" not in str(view.status(one))


def test_an_open_plan_shows_each_figure_with_its_unit_its_trust_and_what_to_do(served: Any) -> None:
    one = frontier_data.shown(fake_frontier().study_id)
    said = str(view.plan(one, State(one.study_id, "A8")))
    for words in ("Time-limited", "not yet dispatched", "short tons", "Solve fully", "Pin"):
        assert words in said, words
    assert "Dominated by" in str(view.plan(one, State(one.study_id, "A5")))
    assert "Click on a point" in str(view.plan(one, State(one.study_id)))


def test_solving_fully_saves_the_scenario_that_holds_the_point_once_and_queues_it(served: Any) -> None:
    one = frontier_data.shown(fake_frontier().study_id)
    actions._solve_fully(one, "A8")
    actions._solve_fully(one, "A8")
    own = [entry for entry in Library().entries() if not entry.shipped]
    assert [entry.name for entry in own] == ["Light, with solar, frontier A8"]
    nox = float(one.points[one.points["point"] == "A8"]["nox"].iloc[0])
    assert Library().load(own[0].key).scenario.limits.nox_short_tons_per_yr == pytest.approx(nox)
    assert [job.name for job in JobTable().list()] == ["Light, with solar, frontier A8"]


def test_tables_are_downloaded_as_they_stand(served: Any) -> None:
    request = fake_frontier(arrived=4)
    client = served.server.test_client()
    csv = client.get(f"/export/study/{request.study_id}/points.csv")
    assert csv.status_code == 200
    assert len(csv.text.strip().splitlines()) == 5
    assert client.get(f"/export/study/{request.study_id}/points.parquet").data[:4] == b"PAR1"
    assert client.get("/export/study/frontier-none/points.csv").status_code == 404
    assert client.get(f"/export/study/{request.study_id}/nothing.csv").status_code == 404


def test_every_address_of_the_page_answers(served: Any) -> None:
    from dashboard.pages.frontier import layout

    one = fake_frontier().study_id
    queries: tuple[dict[str, str], ...] = (
        {}, {"scenarios": "light-gas", "objectives": "lcoe,co2", "points": "7"}, {"study": one},
        {"study": one, "point": "A99", "pins": "A99", "select": "nothing:1:2"}, {"study": "frontier-gone"},
    )  # fmt: skip
    for query in queries:
        assert layout(**query) is not None


def test_no_two_parts_of_a_page_with_pins_share_an_id(served: Any) -> None:
    from dashboard.pages.frontier import layout

    drawn = layout(study=fake_frontier().study_id, point="A2", pins="A1,A2")
    ids = [str(part.id) for part in drawn._traverse() if getattr(part, "id", None) is not None]
    assert str(Ids.do("show", "A2")) in ids
    assert str(Ids.do("open", "A2")) in ids
    assert [one for one in ids if ids.count(one) > 1] == []


def test_a_study_is_deleted_from_the_list(served: Any) -> None:
    request = fake_frontier()
    assert [line.study_id for line in frontier_data.earlier()] == [request.study_id]
    Studies().delete(request.study_id)
    assert frontier_data.earlier() == []


def test_expected_time_comes_from_earlier_frontiers(served: Any) -> None:
    loaded = Library().load("light-solar")
    assert frontier_data.expected_seconds([loaded], 10) is None
    fake_frontier()  # four seconds a point
    assert frontier_data.expected_seconds([loaded], 10) == pytest.approx(40.0)
    assert Asked(("lcoe", "nox")).points == 12
