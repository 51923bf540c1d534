"""A figure that is easy to say and still suffices: rounded to three digits, always to the loose side."""

from __future__ import annotations

from math import ceil, floor, log10

from engine.limits.relaxable import Relaxable

DIGITS = 3
# In steps of the last digit: what the solver leaves open of a figure that is round already.
EDGE = 1e-4


def tidy(relaxable: Relaxable, by: float) -> float:
    """The limit after it gave way by at least `by`."""
    if relaxable.whole:
        return float(ceil(relaxable.now + by - EDGE))
    value = relaxable.loosened(by)
    if value == 0:
        return 0.0
    step = 10.0 ** (floor(log10(abs(value))) - DIGITS + 1)
    steps = ceil(value / step - EDGE) if relaxable.sense == "at_most" else floor(value / step + EDGE)
    # Powers of ten below one are no exact numbers: 4.1 comes back as 4.1, not as 4.1000000000000005.
    return max(0.0, round(steps * step, 9))
