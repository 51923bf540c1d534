"""Short links: every view of the dashboard as `/s/{token}`, the same for everybody on the server, also tomorrow.

A view is its address (path and query). The token is the beginning of the address's hash, so that the same view always
has the same link; which address a token stands for is kept in `links.sqlite` of FIRMWATT_HOME.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, Flask, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import InputError, Problem
from engine.scenario.loading import home

PREFIX = "/s/"
# Without letters that are easily taken for one another when a link is read aloud.
_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789"
_SHORTEST, _WHOLE = 7, 50
_LONGEST_ADDRESS = 4000
_BUSY_S = 10.0

short_links = Blueprint("short_links", __name__)


class ShortLinks:
    """Addresses by token, in one SQLite file that any number of processes may share.

    Parameters
    ----------
    path : Path, optional
        Made when the first link is; by default `links.sqlite` of FIRMWATT_HOME.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or home() / "links.sqlite"

    def token(self, address: str) -> str:
        """Token of an address, kept from now on.

        Raises
        ------
        InputError
            It is no address of this dashboard.
        """
        check(address)
        name = _hashed(address)
        with self._open() as rows:
            for length in range(_SHORTEST, _WHOLE + 1):
                rows.execute("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", (name[:length], address, time.time()))
                if _kept(rows, name[:length]) == address:
                    return name[:length]
        raise AssertionError("two addresses have one hash")

    def address(self, token: str) -> str | None:
        """Address that a token stands for; None if nobody made it."""
        if not self._path.exists():
            return None
        with self._open() as rows:
            return _kept(rows, token.lower())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_S)
        try:
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS links (token TEXT PRIMARY KEY, address TEXT, made REAL)")
                yield connection
        finally:
            connection.close()


def check(address: str) -> None:
    """Raise `InputError` unless an address stays within this dashboard: a link must never lead elsewhere."""
    wrong = None
    if len(address) > _LONGEST_ADDRESS:
        wrong = f"has {len(address):,} characters; at most {_LONGEST_ADDRESS:,} can be shared."
    elif not address.startswith("/") or address[1:2] in ("/", "\\") or "\\" in address or not address.isprintable():
        wrong = 'is no address of this dashboard: it must begin with one "/".'
    elif address.startswith(PREFIX):
        wrong = "is a short link already."
    if wrong:
        raise InputError("The view", [Problem("address", wrong)])


def _hashed(address: str) -> str:
    digest = int.from_bytes(hashlib.sha256(address.encode()).digest(), "big")
    return "".join(_LETTERS[(digest >> (5 * place)) % len(_LETTERS)] for place in range(_WHOLE))


def _kept(rows: sqlite3.Connection, token: str) -> str | None:
    found = rows.execute("SELECT address FROM links WHERE token = ?", (token,)).fetchone()
    return str(found[0]) if found else None


@short_links.post("/s")
def make() -> tuple[Response, int] | Response:
    """Make the short link of `{"address": ...}`."""
    given = request.get_json(silent=True)
    address = given.get("address") if isinstance(given, dict) else None
    try:
        token = ShortLinks().token(str(address or ""))
    except InputError as error:
        return jsonify(error=str(error)), 400
    return jsonify(path=PREFIX + token)


def install(server: Flask) -> None:
    """Let a server make short links and follow them; an unknown one goes on to the page that says so."""
    server.register_blueprint(short_links)

    @server.before_request
    def _follow() -> AnyResponse | None:
        if request.method not in ("GET", "HEAD") or not request.path.startswith(PREFIX):
            return None
        address = ShortLinks().address(request.path.removeprefix(PREFIX).strip("/"))
        return redirect(address) if address else None
