"""Addresses that name what is not there: each page says what, why, and where to go on."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app


@pytest.fixture(autouse=True, scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRMWATT_HOME", str(tmp_path_factory.mktemp("home")))
        with create_app().server.test_request_context():
            yield


def words_of(part: Any) -> str:
    """Everything a part says, in order."""
    if isinstance(part, (list, tuple)):
        return " ".join(words_of(one) for one in part)
    if isinstance(part, (str, int, float)):
        return str(part)
    return words_of(part.children) if getattr(part, "children", None) is not None else ""


def said(page: str, **query: str) -> str:
    layout = importlib.import_module(f"dashboard.pages.{page}").layout
    return words_of(layout(**query))


@pytest.mark.parametrize(
    ("page", "query", "words"),
    [
        ("frontier", {"scenarios": "light-gas,gone"}, "gone is not shown: it is no readable scenario of the library"),
        ("frontier", {"objectives": "lcoe,beauty"}, "beauty is not shown: there is no such objective"),
        ("frontier", {"study": "frontier-gone"}, 'there is no study "frontier-gone"'),
        ("choice", {"runs": "gone"}, 'gone is not shown: there is no run "gone"'),
        ("choice", {"tab": "break-even", "scenario": "gone"}, "gone is not shown: it is not in the library"),
        ("editor", {"key": "gone"}, 'Scenario "gone" is not in the library'),
        ("load", {"scenario": "gone"}, 'Scenario "gone" is not in the library'),
        ("live", {"scenario": "gone"}, "is not in the library"),
        ("equipment_entry", {"key": "gone"}, 'Equipment "gone" is not in the catalogue'),
        ("run", {"run_id": "gone"}, 'There is no run "gone"'),
        ("compare", {"runs": "gone"}, 'gone is not shown: there is no run "gone"'),
        ("sweep", {"sweep_id": "gone"}, 'No sweep has the name "gone" here'),
    ],
)
def test_a_page_says_what_its_address_names_and_is_not_there(page: str, query: dict[str, str], words: str) -> None:
    assert " ".join(words.split()) in " ".join(said(page, **query).split())


def test_what_is_there_is_not_called_missing() -> None:
    assert "is not shown" not in said("frontier", scenarios="light-gas", objectives="lcoe,co2,")
    assert "is not shown" not in said("choice", tab="alternatives", scenario="light-gas")
    assert "is not shown" not in said("choice")
