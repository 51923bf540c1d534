"""The gallery shows every page of the app, and shows what it links to."""

from __future__ import annotations

import re
from pathlib import Path

import dash
import pytest

from app import create_app
from engine.scenario.loading import validate_scenario
from tests.dashboard import gallery

DOCS = Path(__file__).resolve().parents[2] / "docs"
MADE = dict.fromkeys(
    (*gallery.DATA["scenarios"], "sweep", "equipment", "frontier", "regret", "alternatives", "break_even"), "x"
)
# Pages that only lead elsewhere, or say that there is nothing.
PLAIN = {"/s/<token>", None}


def test_every_page_of_the_app_is_in_the_gallery():
    create_app()
    roots = {shot.path.partition("?")[0].strip("/").partition("/")[0] for shot in gallery.shots(MADE)}
    pages = {one.get("path_template") or one["path"] for one in dash.page_registry.values()}
    known = {page.strip("/").partition("/")[0] for page in pages - PLAIN if not page.startswith("/not-found")}
    assert known - roots == set()


def test_the_document_links_to_pictures_that_are_there_and_no_others_lie_about():
    text = (DOCS / gallery.DOCUMENT).read_text(encoding="utf-8")
    assert text == gallery.document(gallery.shots(MADE))
    linked = set(re.findall(r'src="([^"]+)"', text))
    assert linked == {f"{gallery.FOLDER}/{file.name}" for file in (DOCS / gallery.FOLDER).iterdir()}
    assert sum(file.stat().st_size for file in (DOCS / gallery.FOLDER).iterdir()) < 4_000_000


@pytest.mark.parametrize("name", sorted(gallery.DATA["scenarios"]))
def test_the_light_examples_are_valid(name):
    from engine.library import Library
    from engine.scenario.loading import merge

    one = dict(gallery.DATA["scenarios"][name])
    parent = Library().mapping(one.pop("extends"))
    assert validate_scenario(merge(parent, one), source=name).scenario.time.years <= 3
