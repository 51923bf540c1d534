"""Words that people hang on runs and scenarios: a small SQLite table beside the jobs, shared by everybody.

A run never changes once it is stored, so its tags stand outside it.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path

from engine.errors import InputError, Problem
from engine.scenario.loading import home

MAX_LENGTH = 30
BUSY_S = 20.0
# Upper and lower case name the same tag; the first writing stays.
SCHEMA = """
CREATE TABLE IF NOT EXISTS tags (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    tag TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (kind, key, tag)
) WITHOUT ROWID
"""


class Tagged(StrEnum):
    """What a tag hangs on."""

    RUN = "run"
    SCENARIO = "scenario"


class Tags:
    """The tags of a Firmwatt home folder.

    Parameters
    ----------
    path : pathlib.Path, optional
        By default `home() / "tags.sqlite"`; made when missing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else home() / "tags.sqlite"

    def of(self, kind: Tagged) -> dict[str, tuple[str, ...]]:
        """Tags by run id or scenario key, in alphabetical order; nothing for what has none."""
        found: dict[str, list[str]] = {}
        with self._open() as db:
            for key, tag in db.execute("SELECT key, tag FROM tags WHERE kind = ? ORDER BY tag, key", (kind,)):
                found.setdefault(key, []).append(tag)
        return {key: tuple(tags) for key, tags in found.items()}

    def change(
        self, kind: Tagged, keys: Collection[str], *, add: Collection[str] = (), remove: Collection[str] = ()
    ) -> None:
        """Hang tags on some runs or scenarios and take others off them.

        Raises
        ------
        InputError
            A tag that is too long; nothing is changed then.
        """
        clean = cleaned(add)
        with self._open() as db:
            for key in keys:
                db.executemany("DELETE FROM tags WHERE kind = ? AND key = ? AND tag = ?", _rows(kind, key, remove))
                db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?, ?)", _rows(kind, key, clean))

    def forget(self, kind: Tagged, keys: Collection[str]) -> None:
        """Take all tags off what is deleted."""
        with self._open() as db:
            db.executemany("DELETE FROM tags WHERE kind = ? AND key = ?", [(kind, key) for key in keys])

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=BUSY_S)
        try:
            with db:  # one transaction
                db.execute(SCHEMA)
                yield db
        finally:
            db.close()


def cleaned(tags: Collection[str]) -> tuple[str, ...]:
    """Tags without outer and doubled spaces, each once; an empty one is none.

    Raises
    ------
    InputError
        Naming every tag that is longer than `MAX_LENGTH` characters.
    """
    found = {" ".join(tag.split()).casefold(): " ".join(tag.split()) for tag in tags}
    long = [tag for tag in found.values() if len(tag) > MAX_LENGTH]
    if long:
        reason = f"has more than {MAX_LENGTH} characters; shorten it."
        raise InputError("Tags", [Problem("", f'"{tag}" {reason}') for tag in long])
    return tuple(tag for tag in found.values() if tag)


def split(text: str) -> list[str]:
    """Tags that somebody typed, with commas or semicolons between them."""
    return re.split(r"[,;\n]", text)


def _rows(kind: Tagged, key: str, tags: Collection[str]) -> list[tuple[str, str, str]]:
    return [(kind, key, tag) for tag in tags]
