"""What a page asks the live process, and what it is told: plain JSON, no solver."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# A first answer searches for whole numbers of units this long [s]; one that is refined, this long.
FIRST_PATIENCE_S = 0.05
REFINED_PATIENCE_S = 4.0

CLASS_5 = "class 5 (±50 %): a preview"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    page : str
        Who asks: a later question of the same page overtakes an earlier one.
    number : int
        Grows from question to question of a page.
    overrides : dict of str to value
        Values by place in the scenario, e.g. `{"fuel.price_usd_per_mmbtu": 4.0}`.
    patience_s : float
        How long the whole numbers may be searched for [s].
    """

    page: str
    number: int
    overrides: Mapping[str, Any]
    patience_s: float = FIRST_PATIENCE_S

    @property
    def state(self) -> tuple[tuple[str, Any], ...]:
        """The overrides in order: equal states have equal answers."""
        return tuple(sorted(self.overrides.items()))

    def to_json(self) -> dict[str, Any]:
        """As it goes to the process."""
        return dataclasses.asdict(self) | {"overrides": dict(self.overrides)}


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes
    ----------
    page, number
        Of the question.
    status : str
        "plan", "infeasible" (no plan meets every limit), "no_plan_yet" (none was found in time), "refused" (the
        changes make no valid scenario), "overtaken" (a later question came) or "failed".
    problems : list of [place, message]
        Of a refused question; of a failed one, what happened.
    summary : dict
        Headline figures, as in the summary of a run, of the preview.
    tables : dict
        `capacity`, `costs`, `annual`, `limits`, `load` of the preview: {column: list}.
    technologies : dict
        {id: {kind, label}}.
    gap_frac : float or None
        Proven distance of the whole numbers from the best of the coarse model; None for an infeasible one.
    rounding_usd : float
        What whole numbers of units cost beyond fractions of units [USD, present value].
    model : dict
        columns, rows, steps, `reused` (the held model took the change), seconds by phase.
    fingerprint : str
        Of the changed scenario: a stored run of it is the full answer.
    synthetic : list of str
        What is made up.
    """

    page: str
    number: int
    status: str
    problems: list[list[str]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    technologies: dict[str, dict[str, str]] = field(default_factory=dict)
    gap_frac: float | None = None
    rounding_usd: float = 0.0
    model: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    synthetic: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As it leaves the process."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` wrote."""
        return cls(**fields)
