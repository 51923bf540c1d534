"""The library as a list: found, sorted, tagged; the chosen scenarios queued, duplicated, exported, deleted."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import pytest
import yaml

from app import create_app
from dashboard import library_bulk
from dashboard.library_view import View, look, standings, tags_in_use
from engine.jobs import JobTable
from engine.library import Library
from engine.store import Store
from engine.tags import Tagged, Tags
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run


def test_words_and_a_tag_narrow_together_and_the_cheapest_stands_first() -> None:
    mark = {entry.key: entry.fingerprint for entry in Library().entries()}
    fake_run(Store(), "Gas only", fingerprint=mark["gas-only"])
    Tags().change(Tagged.SCENARIO, ["gas-only", "light-gas", "gone"], add=["Board"])
    with create_app().server.test_request_context("/"):
        entries, shown = standings()
    tags = Tags().of(Tagged.SCENARIO)
    found = look(entries, shown, tags, View(q="gas only", tag="board", sort="lcoe"))
    assert [entry.key for entry in found] == ["gas-only", "light-gas"]
    assert look(entries, shown, tags, View(sort="lcoe"))[0].key == "gas-only"
    assert look(entries, shown, tags, View(q="board solar")) == []
    assert tags_in_use(entries) == ["Board"]


def test_an_address_gives_the_view_of_the_library_and_the_view_its_address() -> None:
    view = View.of({"q": "grid", "tag": "board", "sort": "nonsense"})
    assert view == View(q="grid", tag="board")
    assert view.search() == "?q=grid&tag=board"
    assert View.of({"tag": "-", "sort": "-"}).search() == ""
    assert View.of({"tag": "-urgent"}).tag == "-urgent"


def test_chosen_scenarios_are_duplicated_and_only_own_ones_deleted_with_their_tags() -> None:
    library_bulk.duplicated(["base", "light-gas"])
    own = [entry.key for entry in Library().entries() if not entry.shipped]
    assert len(own) == 2
    Tags().change(Tagged.SCENARIO, own, add=["board"])
    asked = ["base", *own]
    assert library_bulk.own_keys(asked) == own
    assert "1\u202fscenario shipped with Firmwatt will stay" in library_bulk.delete_words(own, len(asked))
    assert "they stay" in library_bulk.delete_words([], 1)
    words = words_of(library_bulk.deleted([*own, "base"]))
    assert "Deleted 2\u202fscenarios" in words
    assert "cannot be deleted" in words
    assert [entry.key for entry in Library().entries() if not entry.shipped] == []
    assert Tags().of(Tagged.SCENARIO) == {}


def test_what_cannot_be_queued_keeps_nothing_else_from_the_queue() -> None:
    with create_app().server.test_request_context("/"):
        words = words_of(library_bulk.queued(["light-gas", "gone", "light-solar"]))
    assert "Queued 2\u202fscenarios" in words
    assert "is not in the library" in words
    assert len(JobTable().list()) == 2


def test_one_scenario_is_exported_as_yaml_and_several_as_a_zip_of_them() -> None:
    one, _ = library_bulk.exported(["light-gas"])
    assert one is not None
    assert one["filename"] == "light-gas.yaml"
    many, problems = library_bulk.exported(["light-gas", "base", "gone"])
    assert many is not None
    assert len(problems) == 1
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(many["content"]))) as archive:
        assert sorted(archive.namelist()) == ["base.yaml", "light-gas.yaml"]
        assert yaml.safe_load(archive.read("light-gas.yaml"))["name"] == "Light, gas only"


def words_of(parts: Any) -> str:
    """Text of components, as it is written rather than as Python shows it."""
    return str(parts).replace("\\u202f", "\u202f")


@pytest.mark.browser
def test_scenarios_are_found_chosen_and_tagged_and_the_address_forgets_what_is_cleared(dash_duo: Any) -> None:
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open("/?q=light&sort=name")
    page.wait(".scenario-card[data-key='light-gas']")
    assert page.find(".scenario-card[data-key='base']") is None
    page.click("#library-choose-shown")
    page.wait_text("#library-chosen-words", "scenarios chosen")
    page.click("#library-tag-open")
    page.wait_text("#library-tag-words", "scenarios")
    page.type("#library-tag-add", "quick")
    page.click("#library-tag-save")
    page.wait_text(".scenario-card[data-key='light-gas'] .tags", "quick")
    page.type("#library-filter", "")
    page.wait(".scenario-card[data-key='base']")
    assert dash_duo.driver.current_url.endswith("/?sort=name")
    page.wait_text("#library-chosen-words", "scenarios chosen")
    page.click("#library-choose-none")
    page.click(".scenario-card[data-key='base'] .card-select input")
    page.wait_text("#library-chosen-words", "1 scenario chosen")
    page.click("#library-duplicate")
    page.wait_text("#library-message", "Duplicated as")
    page.wait(".scenario-card[data-key='base-copy']")
    assert page.severe() == []
