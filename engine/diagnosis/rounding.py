"""A figure that is easy to say and still suffices: rounded to three digits, always to the loose side."""

from __future__ import annotations

from math import ceil, floor, log10

from engine.limits.relaxable import Relaxable

DIGITS = 3
# The solver holds rows to some 1e-7: a figure on the edge must not be rounded to its tight side.
EDGE = 1e-6


def tidy(relaxable: Relaxable, by: float) -> float:
    """The limit after it gave way by at least `by`."""
    if relaxable.whole:
        return float(ceil(relaxable.now + by - EDGE))
    edge = by * (1 + EDGE) + EDGE * relaxable.scale * EDGE
    value = relaxable.loosened(edge)
    if relaxable.sense == "at_most":
        return _rounded(value, ceil)
    return max(0.0, _rounded(value, floor))


def _rounded(value: float, to: object) -> float:
    if value == 0:
        return 0.0
    step = 10.0 ** (floor(log10(abs(value))) - DIGITS + 1)
    return float(round(to(value / step - (EDGE if to is ceil else -EDGE)) * step, 9))  # type: ignore[operator]
