"""What a subject is: a kind of view with an address, that can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.takeaway.document import Document


@dataclass(frozen=True)
class Subject:
    """A kind of view that can be taken away.

    Attributes
    ----------
    root : str
        First part of its path: `compare` for /compare, `run` for /run/{run_id}.
    label : str
        What it is, in words: "comparison".
    formats : tuple of str
        Names in `formats.FORMATS` that it has, in the order of the menu.
    build : callable
        Document of an address: (rest of the path, query). Raises `InputError` or `StoreError` with what is missing.
    command : callable
        Arguments of `firmwatt export` that make the same, without format and file.
    """

    root: str
    label: str
    formats: tuple[str, ...]
    build: Callable[[str, Mapping[str, str]], Document]
    command: Callable[[str, Mapping[str, str]], list[str]]
