"""The list of runs reads what is new and nothing else; the shelf of tables holds what it may and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.listing import Listing
from dashboard.shelf import Shelf
from engine.store import HALF_WRITTEN, WRITING, Store
from tests.dashboard.fake_runs import fake_run


class Counting(Store):
    """A store that notes which manifests are read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: list[str] = []

    def manifest(self, run_id: str) -> dict[str, Any]:
        self.read.append(run_id)
        return super().manifest(run_id)


@pytest.fixture
def store(tmp_path: Path) -> Counting:
    return Counting(tmp_path / "runs")


def names(listing: Listing) -> list[str]:
    listing.refresh()
    return [run["name"] for run in listing.runs]


def test_a_known_run_is_not_read_again_and_a_deleted_one_goes(store: Counting) -> None:
    listing = Listing(store)
    assert names(listing) == []
    first = fake_run(store, "First", created_utc="2026-11-01T00:00:00.000+00:00")
    second = fake_run(store, "Second", created_utc="2026-11-02T00:00:00.000+00:00")
    assert names(listing) == ["Second", "First"]
    third = fake_run(store, "Third", created_utc="2026-11-03T00:00:00.000+00:00")
    assert names(listing) == ["Third", "Second", "First"]
    assert sorted(store.read) == sorted([first, second, third])
    store.delete(first)
    store.read.clear()
    assert names(listing) == ["Third", "Second"]
    assert store.read == []


def test_damaged_and_half_written_runs_are_named_and_looked_at_once(store: Counting) -> None:
    listing = Listing(store)
    cut = fake_run(store, "Cut")
    (store.root / cut / "hourly.parquet").write_bytes(b"PAR1")
    (store.root / f"{WRITING}more").mkdir()
    assert names(listing) == []
    assert listing.damaged == sorted(store.damaged())
    assert dict(listing.damaged)[f"{WRITING}more"] == HALF_WRITTEN
    store.read.clear()
    assert names(listing) == []
    assert store.read == []


def test_a_shelf_lets_go_what_was_not_asked_for_longest() -> None:
    made: list[str] = []
    shelf: Shelf[str] = Shelf(max_bytes=10, size=len)

    def get(value: str) -> str:
        return shelf.get(value, lambda: made.append(value) or value)

    get("aaaa"), get("bbbb"), get("aaaa")
    assert shelf.held_bytes == 8
    get("cccc")  # 12 bytes do not fit: b, asked for before a, goes
    assert shelf.held_bytes == 8
    get("aaaa"), get("bbbb")
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"]
    get("larger than all")
    assert shelf.held_bytes == 8
