"""What the live page's server answers: previews with their tables, full plans in their place, named sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from dashboard import live
from dashboard.live_controls import controls
from dashboard.live_sets import SHIPPED, ControlSets
from engine.courtesy import page_is_open
from engine.errors import InputError
from engine.frontier import Asked, frontier_request
from engine.job import JobState
from engine.jobs import JobTable
from engine.library import Library
from engine.live.previewer import Previewer
from engine.live.question import Answer, Question
from engine.pipeline import solve
from engine.progress import ignore
from engine.scenario.loading import LoadedScenario
from engine.store import Store
from engine.study import Studies, run_study

GAS = "fuel.price_usd_per_mmbtu"


class Here:
    """Answers in this process, as the live process would."""

    def __init__(self) -> None:
        self._previewers: dict[str, Previewer] = {}

    def ask(self, loaded: LoadedScenario, question: Question) -> Answer:
        return self._previewers.setdefault(loaded.source, Previewer(loaded)).answer(question)

    def base(self, loaded: LoadedScenario) -> Answer:
        return self.ask(loaded, Question("", 1, {}))


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path))
    monkeypatch.setattr(live, "PROCESSES", Here())
    with create_app().server.test_client() as client:
        yield client


def ask(client: FlaskClient, overrides: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    body = {"scenario": "light-gas", "overrides": overrides or {}, "page": "p", "number": 1, **more}
    answer: dict[str, Any] = client.post("/live/ask", json=body).get_json()
    return answer


def test_a_preview_comes_with_figures_and_a_table_behind_each_and_says_that_a_page_is_open(client: FlaskClient) -> None:
    assert not page_is_open()
    answer = ask(client, {GAS: 4.5}, pins=[{}, {"name": "as  it is"}])
    assert page_is_open()
    assert "<b>Preview</b>" in answer["words"]["live-said"]
    assert "against no change" in answer["words"]["live-stats"]
    assert "Pin A, preview" in answer["words"]["live-pinned"]
    assert "B: as it is, preview" in answer["words"]["live-pinned"]
    for chart in ("live-capacity", "live-costs", "live-limits"):
        assert answer["figures"][chart]["data"]
        assert "<table" in answer["words"][f"{chart}-table"]
        assert 'href="data:text/csv' in answer["words"][f"{chart}-table"]


def test_the_state_and_its_pins_stand_beside_the_newest_frontier_of_the_unchanged_scenario(client: FlaskClient) -> None:
    bare = ask(client)
    assert "live-front" not in bare["figures"]
    assert 'href="/frontier?scenarios=light-gas"' in bare["words"]["live-front-note"]
    request = frontier_request((Library().load("light-gas"),), Asked(("lcoe", "nox"), 3), Studies().root)
    run_study(request, ignore)
    dearer = ask(client, {GAS: 4.5}, pins=[{"values": {}}])
    assert f'href="/frontier?study={request.study_id}"' in dearer["words"]["live-front-note"]
    marks = {one["name"]: one for one in dearer["figures"]["live-front"]["data"] if one["mode"] == "markers+text"}
    assert list(marks) == ["Now", "Pin A"]
    # The cheapest point is the unchanged scenario's plan: the pin lies there, within the preview's error.
    points = Studies().table(request.study_id, "points")
    assert points is not None
    cheapest = points.loc[points["lcoe"].idxmin()]
    assert marks["Pin A"]["y"][0] == pytest.approx(cheapest["lcoe"], rel=0.02)
    assert marks["Pin A"]["x"][0] == pytest.approx(cheapest["nox"], rel=0.02)
    assert marks["Now"]["y"][0] > 1.05 * marks["Pin A"]["y"][0]  # gas costs more
    assert marks["Now"]["x"][0] == pytest.approx(marks["Pin A"]["x"][0], rel=0.02)
    assert dearer["words"]["live-front-summary"].startswith("Now: LCOE ")
    assert "this page" in dearer["words"]["live-front-table"]
    # A full plan stands at its own figures, those of its 8,760 hours.
    summary = solve(Library().load("light-gas"), store=Store()).summary
    (now,) = (one for one in ask(client)["figures"]["live-front"]["data"] if one["mode"] == "markers+text")
    assert now["y"][0] == pytest.approx(summary["lcoe_usd_per_mwh"], rel=1e-9)
    assert now["x"][0] == pytest.approx(summary["nox_short_tons"], rel=1e-9)


def test_a_full_plan_takes_the_place_of_the_preview_of_its_state_and_of_no_other(client: FlaskClient) -> None:
    run = solve(Library().load("light-gas"), store=Store())
    full = ask(client)
    said = full["words"]["live-said"]
    assert "<b>Full plan</b>" in said
    assert f'href="/run/{run.run_id}"' in said
    assert "Preview" not in said
    assert full["settled"]
    # Its figures are the run's, to the last digit.
    of_run = f"{run.summary['lcoe_usd_per_mwh']:,.10g} USD/MWh"
    assert f'title="{of_run}"' in full["words"]["live-stats"]
    assert f"{run.run_id}-costs.csv" in full["words"]["live-costs-table"]
    changed = ask(client, {GAS: 4.5}, pins=[{}])
    assert "Known error: at the base scenario" in changed["words"]["live-said"]
    assert "Pin A, full plan" in changed["words"]["live-pinned"]


def test_solving_a_state_twice_joins_the_job_and_its_page_follows_cancels_and_tells(client: FlaskClient) -> None:
    body = {"scenario": "light-gas", "overrides": {GAS: 4.5}}
    job_id, again = (client.post("/live/solve", json=body).get_json()["job"] for _ in range(2))
    assert job_id == again
    own = [entry for entry in Library().entries() if entry.name == "Light, gas only, live"]
    assert len(own) == 1
    assert "Fuel, gas price [USD/MMBtu] 4.5" in Library().load(own[0].key).scenario.description
    # Whoever comes to that state finds the solve under way.
    assert ask(client, {GAS: 4.5})["job"] == job_id
    assert ask(client)["job"] is None
    following = client.get(f"/live/job/{job_id}").get_json()
    assert following["live"]
    assert "Full solve" in following["said"]
    assert f'data-cancel-job="{job_id}"' in following["said"]
    assert "Cancelled" in client.post(f"/live/job/{job_id}/cancel").get_json()["said"]
    assert JobTable().get(job_id).state is JobState.CANCELLED
    assert not client.get(f"/live/job/{job_id}").get_json()["live"]
    assert "not in the job table" in client.get("/live/job/nothing").get_json()["said"]


def test_a_state_that_is_no_scenario_is_refused_with_its_place(client: FlaskClient) -> None:
    answer = client.post("/live/solve", json={"scenario": "light-gas", "overrides": {GAS: -1.0}}).get_json()
    assert GAS in answer["said"]


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)
def test_every_control_of_a_shipped_set_is_one_that_base_offers(one: Any) -> None:
    known = controls(Library().load("base").scenario.model_dump(mode="json"))
    assert set(one.controls) <= set(known)


def test_sets_are_saved_for_everybody_replaced_by_name_and_deleted(client: FlaskClient, tmp_path: Path) -> None:
    def own(answer: Any) -> dict[str, list[str]]:
        return {one["name"]: one["controls"] for one in answer.get_json()["sets"] if one["own"]}

    assert own(client.get("/live/sets")) == {}
    client.post("/live/sets", json={"name": "Board meeting", "controls": [GAS]})
    saved = client.post("/live/sets", json={"name": "Board  meeting", "controls": [GAS, "limits.land_acres"]})
    assert own(saved) == {"Board meeting": [GAS, "limits.land_acres"]}
    assert own(client.post("/live/sets/delete", json={"name": "Board meeting"})) == {}
    for name, places, problem in (("First", [GAS], "ships"), ("", [GAS], "characters"), ("Empty", [], "controls")):
        assert problem in client.post("/live/sets", json={"name": name, "controls": places}).get_json()["said"]
    (tmp_path / "live-sets" / "broken.json").write_text("{")
    with pytest.raises(InputError, match=r"broken\.json"):
        ControlSets().all()
    # A file that cannot be read keeps nobody from the others.
    client.post("/live/sets", json={"name": "Money talks", "controls": [GAS]})
    answer = client.get("/live/sets")
    assert "broken.json" in answer.get_json()["said"]
    assert own(answer) == {"Money talks": [GAS]}
    assert len(answer.get_json()["sets"]) == len(SHIPPED) + 1


def test_labels_keep_names_that_are_not_words_and_a_value_of_nothing_can_be_moved_far() -> None:
    known = controls(Library().load("base").scenario.model_dump(mode="json"))
    assert known["limits.nox_short_tons_per_yr"]["label"] == "Limits, NOx"
    assert known["limits.land_acres"]["label"] == "Limits, land"
    assert known["money.carbon_price_usd_per_tonne"]["high"] == 200
