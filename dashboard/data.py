"""What pages read: runs of the store, their tables cached.

A stored run never changes, so a table read once serves everybody. Frames handed out are shared: do not change
them, copy first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from flask import Flask, current_app

from dashboard.response import with_response
from engine.errors import StoreError

_KEY = "firmwatt_store"


class RunStore(Protocol):
    """The part of `engine.store.Store` that pages use."""

    def runs(self) -> list[dict[str, Any]]: ...

    def damaged(self) -> list[tuple[str, str]]: ...

    def manifest(self, run_id: str) -> dict[str, Any]: ...

    def path(self, run_id: str) -> Path: ...

    def table(self, run_id: str, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame: ...


def install(server: Flask, store: RunStore | None = None) -> None:
    """Tell a server where its runs are."""
    server.config[_KEY] = store


def store() -> RunStore:
    """Store of the app that answers the current request."""
    chosen: RunStore | None = current_app.config[_KEY]
    if chosen is None:
        from engine.store import Store

        chosen = current_app.config[_KEY] = Store()
    return chosen


@lru_cache(maxsize=96)
def _table(source: RunStore, run_id: str, name: str) -> pd.DataFrame:
    return source.table(run_id, name)


def table(run_id: str, name: str) -> pd.DataFrame:
    """One table of a run, read once and shared."""
    return _table(store(), run_id, name)


def hours(run_id: str) -> pd.DataFrame:
    """The `hourly` table of a run with the totals of demand response, read once and shared."""
    return _hours(store(), run_id)


@lru_cache(maxsize=32)
def _hours(source: RunStore, run_id: str) -> pd.DataFrame:
    return with_response(_table(source, run_id, "hourly"))


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
    """Manifests of all runs, newest first; read again only when a run came or went."""
    source = store()
    folder = getattr(source, "root", None)
    if folder is None or not folder.is_dir():
        return source.runs()
    return _runs(source, folder.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _runs(source: RunStore, _changed: int) -> list[dict[str, Any]]:
    return source.runs()
