"""The list of what can be taken away, and how an address finds its entry. A new subject is one line here."""

from __future__ import annotations

import difflib
from urllib.parse import parse_qsl, urlsplit

from dashboard import theme
from dashboard.short_links import PREFIX, ShortLinks
from dashboard.takeaway import comparison, front, futures, one_run, swept
from dashboard.takeaway.document import Document
from dashboard.takeaway.subject import Subject
from engine.errors import InputError, Problem

SUBJECTS: dict[str, Subject] = {one.SUBJECT.root: one.SUBJECT for one in (comparison, one_run, front, futures, swept)}


def document(address: str) -> Document:
    """Document of a view, drawn for paper.

    Parameters
    ----------
    address : str
        Path and query of the page, or its short link `/s/{token}`.

    Raises
    ------
    InputError
        Nothing can be taken away there, or the address lacks something.
    StoreError
        A run is missing or damaged.
    """
    subject, tail, query = find(address)
    with theme.on_paper():
        return subject.build(tail, query)


def arguments(address: str) -> list[str]:
    """Arguments of `firmwatt export` that make the same view again, without format and file."""
    subject, tail, query = find(address)
    return subject.command(tail, query)


def find(address: str) -> tuple[Subject, str, dict[str, str]]:
    """Subject of an address, the rest of its path, and its query."""
    parts = urlsplit(_followed(address))
    root, _, tail = parts.path.strip("/").partition("/")
    subject = SUBJECTS.get(root)
    if subject is None:
        known = ", ".join(f"/{name}" for name in SUBJECTS)
        near = difflib.get_close_matches(root, SUBJECTS, 1)
        hint = f'; did you mean "/{near[0]}"?' if near else "."
        raise InputError(address, [Problem("address", f"names nothing to take away ({known} can be){hint}")])
    return subject, tail, dict(parse_qsl(parts.query))


def _followed(address: str) -> str:
    if not address.startswith(PREFIX):
        return address
    found = ShortLinks().address(address.removeprefix(PREFIX).strip("/"))
    if found is None:
        raise InputError(address, [Problem("short link", "is not known on this server; ask for it again.")])
    return found
