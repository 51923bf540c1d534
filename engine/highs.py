"""The solver itself: how it is set up and asked, and how its answers are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from engine.errors import SolveFailed


@dataclass(frozen=True)
class SolverSettings:
    """What the solver is asked for.

    Attributes
    ----------
    decompose : bool
        Search over decisions and hours apart (`engine.decomposition`) instead of leaving all to HiGHS.
    """

    mip_gap_frac: float = 0.0
    time_limit_s: float = float("inf")
    threads: int = 1
    deterministic: bool = False
    decompose: bool = False


def new_highs(settings: SolverSettings) -> Any:
    """A silent solver with these settings."""
    threads = 1 if settings.deterministic else settings.threads
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("mip_rel_gap", settings.mip_gap_frac)
    highs.setOptionValue("mip_abs_gap", 0.0)
    if np.isfinite(settings.time_limit_s) and not settings.deterministic:
        highs.setOptionValue("time_limit", settings.time_limit_s)
    return highs


def run(highs: Any) -> None:
    """Let a solver work.

    HiGHS refuses another number of threads than its scheduler began with, whichever solver began it: it begins anew.

    Raises
    ------
    SolveFailed
        HiGHS stops with an error.
    """
    if highs.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        check(highs.run(), "HiGHS stopped with an error")


def check(status: Any, words: str) -> None:
    """Refuse to go on after an error of the solver."""
    if status == highspy.HighsStatus.kError:
        raise SolveFailed(f"{words}.")


def is_optimal(highs: Any) -> bool:
    """Whether the last run ended with an optimum.

    Where costs are all but zero HiGHS doubts an optimum for the relative distance of its two objectives alone.
    """
    status, info = highs.getModelStatus(), highs.getInfo()
    has_basis = info.basis_validity == highspy.BasisValidity.kBasisValidityValid
    no_violation = info.num_primal_infeasibilities == 0 and info.num_dual_infeasibilities == 0
    doubted = status == highspy.HighsModelStatus.kUnknown and has_basis and no_violation
    return bool(status == highspy.HighsModelStatus.kOptimal or doubted)
