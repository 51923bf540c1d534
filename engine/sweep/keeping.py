"""A case of a sweep becomes a scenario of the library."""

from __future__ import annotations

from engine.errors import InputError, Problem
from engine.library import Library
from engine.sweep.plan import row_values
from engine.sweep.sweeps import Sweeps


def keep_case(sweeps: Sweeps, sweep_id: str, case: int) -> str:
    """Save a case's scenario in the library and return its key.

    Raises
    ------
    InputError
        No such case, or the library refuses it.
    """
    plan, frame = sweeps.plan(sweep_id), sweeps.cases(sweep_id)
    rows = frame[frame["case"] == case]
    if rows.empty:
        raise InputError(
            f"Sweep {sweep_id}", [Problem("", f"has no case {case}; its cases go from 1 to {len(frame)}.")]
        )
    return Library().save(plan.scenario(row_values(rows.iloc[0], plan.places), case))
