"""One claim about a run, and how claims are put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Check:
    """One claim about a run: does it hold, and by how much."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Verification:
    """All checks of a run."""

    passed: bool
    checks: tuple[Check, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        return {"passed": self.passed, "checks": [vars(check) for check in self.checks]}


def small(name: str, value: float, tolerance: float, unit: str) -> Check:
    """Claim that an error is within its tolerance."""
    return Check(name, bool(value <= tolerance), f"largest error {value:.2e} {unit}, allowed {tolerance:.0e}")


def close(name: str, value: float, expected: float, unit: str) -> Check:
    """Claim that two figures agree, relative to the expected one."""
    error = abs(value - expected) / max(abs(expected), 1.0)
    return Check(name, bool(error <= TOLERANCE), f"{value:,.2f} against {expected:,.2f} {unit}")


def at_most(name: str, value: float, ceiling: float) -> Check:
    """Claim that a figure stays under its ceiling."""
    return Check(name, bool(value <= ceiling * (1 + TOLERANCE) + 1e-9), f"{value:,.3f} of {ceiling:,.3f}")
