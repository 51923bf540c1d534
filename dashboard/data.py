"""What pages read: runs of the store, their tables cached.

A stored run never changes, so a table read once serves everybody. Frames handed out are shared: do not change
them, copy first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from flask import Flask, current_app

from dashboard.listing import Listing
from dashboard.response import with_response
from dashboard.shelf import Shelf
from engine.errors import StoreError

_KEY = "firmwatt_store"
_LISTING = "firmwatt_listing"
# Ten years of hours are some 10 MB; forty such tables serve a room, and the process stays small.
_TABLES: Shelf[pd.DataFrame] = Shelf(
    max_bytes=400_000_000, size=lambda frame: int(frame.memory_usage(deep=False).sum())
)


class RunStore(Protocol):
    """The part of `engine.store.Store` that pages use."""

    def runs(self) -> list[dict[str, Any]]: ...

    def damaged(self) -> list[tuple[str, str]]: ...

    def manifest(self, run_id: str) -> dict[str, Any]: ...

    def path(self, run_id: str) -> Path: ...

    def delete(self, run_id: str) -> None: ...

    def table(self, run_id: str, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame: ...


def install(server: Flask, store: RunStore | None = None) -> None:
    """Tell a server where its runs are."""
    server.config[_KEY] = store
    server.config[_LISTING] = None


def store() -> RunStore:
    """Store of the app that answers the current request."""
    chosen: RunStore | None = current_app.config[_KEY]
    if chosen is None:
        from engine.store import Store

        chosen = current_app.config[_KEY] = Store()
    return chosen


def table(run_id: str, name: str) -> pd.DataFrame:
    """One table of a run, read once and shared."""
    source = store()
    return _TABLES.get((source, run_id, name), lambda: source.table(run_id, name))


def hours(run_id: str) -> pd.DataFrame:
    """The `hourly` table of a run with the totals of demand response, read once and shared."""
    return _TABLES.get((store(), run_id, "hours"), lambda: with_response(store().table(run_id, "hourly")))


def manifest(run_id: str) -> dict[str, Any]:
    """Manifest of a run."""
    return store().manifest(run_id)


def stored_file(run_id: str, name: str) -> bytes:
    """A table's file as it is stored.

    Raises
    ------
    StoreError
        No such run or table.
    """
    file = store().path(run_id) / f"{name}.parquet"
    if not file.is_file():
        raise StoreError(f'run {run_id} has no table "{name}".')
    return file.read_bytes()


def runs() -> list[dict[str, Any]]:
    """Manifests of all runs, newest first; of those that are known already nothing is read again."""
    return _listing().runs


def damaged() -> list[tuple[str, str]]:
    """(folder name, what is wrong) of each folder that is no whole run."""
    return _listing().damaged


def _listing() -> Listing:
    config = current_app.config
    if config[_LISTING] is None:
        config[_LISTING] = Listing(store())
    listing: Listing = config[_LISTING]
    listing.refresh()
    return listing
