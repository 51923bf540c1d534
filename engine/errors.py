"""Errors that name place, value and remedy; all problems of one input are raised together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where it stands and what would mend it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place} {self.message}" if self.place else self.message


class FirmwattError(Exception):
    """Base of every error that Firmwatt raises on purpose."""


class InputError(FirmwattError):
    """An input (scenario, series, weather file, reference) is refused.

    Parameters
    ----------
    source : str
        What was read: a path or a name.
    problems : list of Problem
        Everything wrong with it, at once.
    """

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = list(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{source} has {count}:\n{lines}")

    def __reduce__(self) -> tuple[type, tuple[str, list[Problem]]]:
        return type(self), (self.source, self.problems)


class SolveFailed(FirmwattError):
    """A solve ended without an answer: the solver's own words are the message."""


class StoreError(FirmwattError):
    """A stored run is missing, half written or damaged; the message says which and where."""
