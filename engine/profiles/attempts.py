"""Collecting the problems of several inputs, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from engine.errors import InputError, Problem

P = ParamSpec("P")
T = TypeVar("T")


class Attempts:
    """Tries one input after another and keeps the problems of those that fail.

    Attributes
    ----------
    problems : list of Problem
        In the order in which they were met.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def to(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what `read` returns; where it refuses its input, keep the problems and return None."""
        try:
            return read(*args, **kwargs)
        except InputError as error:
            self.problems += error.problems
            return None

    def raise_if_any(self, source: str) -> None:
        """Raise one `InputError` with every problem kept so far."""
        if self.problems:
            raise InputError(source, self.problems)
