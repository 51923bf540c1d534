"""From an address to a file: the one way for page, command line and Python."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, has_app_context

from dashboard import data
from dashboard.takeaway.browser import CannotMake
from dashboard.takeaway.formats import FORMATS, Format
from dashboard.takeaway.subjects import arguments, document, find
from engine.errors import InputError, Problem

__all__ = ["CannotMake", "Made", "command_line", "make", "take_away"]


@dataclass(frozen=True)
class Made:
    """A file that was made, and what to call it."""

    content: bytes
    filename: str
    mimetype: str


def make(address: str, format: str) -> Made:
    """A view in a format.

    Parameters
    ----------
    address : str
        Path and query of the page, or its short link.
    format : str
        One of `FORMATS`.

    Raises
    ------
    InputError
        The address or the format is none.
    StoreError
        A run is missing or damaged.
    CannotMake
        The format needs a browser that is not there, or has no time now.
    """
    chosen = _format(address, format)
    made = document(address)
    return Made(chosen.make(made), made.stem + chosen.ending, chosen.mimetype)


def take_away(address: str, format: str, out: str | Path | None = None) -> Path:
    """Write a view to a file, from the store of FIRMWATT_HOME.

    Parameters
    ----------
    out : path, optional
        File, or folder for a file of its own name; by default the current folder.

    Returns
    -------
    Path
        The file written.
    """
    with nullcontext() if has_app_context() else _context():
        made = make(address, format)
    target = Path(out) if out is not None else Path.cwd()
    target = target / made.filename if target.is_dir() else target
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made.content)
    return target


def command_line(address: str, format: str) -> str:
    """The command that makes the same file."""
    chosen = _format(address, format)
    name = next(key for key, entry in FORMATS.items() if entry is chosen)
    return shlex.join(["firmwatt", "export", *arguments(address), "--format", name])


def _format(address: str, format: str) -> Format:
    subject, _, _ = find(address)
    if format not in subject.formats:
        offered = ", ".join(subject.formats)
        raise InputError(f"The {subject.label}", [Problem("format", f'is "{format}"; it comes as {offered}.')])
    return FORMATS[format]


def _context() -> object:
    server = Flask("dashboard.takeaway")
    data.install(server)
    return server.app_context()
