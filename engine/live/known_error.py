"""How far a preview is from the full plan of the same scenario, where a full plan is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOT_KNOWN = "Known error: none yet, the base scenario has not been solved fully; take it as a class 5 estimate (±50 %)."


@dataclass(frozen=True)
class KnownError:
    """Preview and full plan of the base scenario.

    Attributes
    ----------
    run_id : str
        The full plan.
    lcoe_frac : float
        (preview - full) / full of the LCOE.
    """

    run_id: str
    lcoe_frac: float

    @property
    def words(self) -> str:
        """As the label says it."""
        way = "above" if self.lcoe_frac > 0 else "below"
        return f"Known error: at the base scenario the preview reads {abs(self.lcoe_frac):.1%} {way} the full plan."


def known_error(preview: Mapping[str, Any], full: Mapping[str, Any] | None) -> KnownError | None:
    """Hold the preview of a scenario against the summary of its stored run; None without one to hold it against."""
    of_preview, of_full = preview.get("lcoe_usd_per_mwh"), (full or {}).get("lcoe_usd_per_mwh")
    if full is None or not of_preview or not of_full:
        return None
    return KnownError(str(full["run_id"]), of_preview / of_full - 1.0)


def words(error: KnownError | None) -> str:
    """The label of a preview."""
    return NOT_KNOWN if error is None else error.words
