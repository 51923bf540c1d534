"""What a running solve tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One report of a running solve.

    Attributes
    ----------
    phase : str
        "profiles", "build", "size", "price", "dispatch", "verify" or "store".
    progress_frac : float
        Of the whole solve, 0 to 1; an estimate.
    message : str
        In the planner's words, e.g. "Dispatched 2029 (4 of 10)".
    mip_gap_frac, bound_usd, incumbent_usd : float or None
        Of the sizing, once known.
    """

    phase: str
    progress_frac: float
    message: str
    mip_gap_frac: float | None = None
    bound_usd: float | None = None
    incumbent_usd: float | None = None


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Take a report and do nothing: the default watcher."""
