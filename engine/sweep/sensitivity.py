"""How much each input moves a figure: tornado, Sobol and Morris indices, rank correlations, as the design allows.

Indices are taken from the dataset: the design's points come again from its seed, the figures from the cases. A
missing case (infeasible, failed, still to come) takes its whole block or trajectory out, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.sweep import dataset, designs
from engine.sweep.places import Place
from engine.sweep.spec import Sweep
from engine.wording import plural

CONFIDENCE = 0.95
RESAMPLES = 200
# Below so many blocks, trajectories or cases an index says nothing.
LEAST = 4
METHODS = {
    "one_at_a_time": "tornado", "sobol": "sobol", "morris": "morris", "latin_hypercube": "rank", "grid": "rank",
}  # fmt: skip


@dataclass(frozen=True)
class Sensitivity:
    """How much each input moves a figure.

    Attributes
    ----------
    method : str
        tornado, sobol, morris or rank.
    table : DataFrame
        One row an input, the strongest first: `path`, `label`, `unit` and
        tornado: low_input, high_input, low, high (figures; NaN without a plan), base, swing;
        sobol: first, first_conf, total, total_conf (95 %);
        morris: mu, mu_star, mu_star_conf, sigma, in the figure's unit over the input's whole range;
        rank: rho (Spearman), p.
    used, left_out : int
        Cases that count, and cases without a figure (with their blocks).
    words : str
        What to make of it.
    """

    method: str
    table: pd.DataFrame
    used: int
    left_out: int
    words: str


def sensitivity(sweep: Sweep, known: Mapping[str, Place], frame: pd.DataFrame, figure: str) -> Sensitivity:
    """Analyse a dataset.

    Raises
    ------
    InputError
        The figure is no number of the dataset.
    """
    if figure not in frame.columns or not pd.api.types.is_numeric_dtype(frame[figure]):
        numbers = [name for name in frame.columns if name in dataset.FIGURES or str(name).startswith(dataset.CAPACITY)]
        raise InputError(
            sweep.name, [Problem(figure, f"is no figure of the dataset; take one of: {', '.join(numbers)}.")]
        )
    y = figures(frame, figure)
    method = METHODS[sweep.design]
    analyse = {"tornado": _tornado, "sobol": _sobol, "morris": _morris, "rank": _rank}[method]
    found = analyse(sweep, known, frame, y)
    names = pd.DataFrame(
        {
            "path": list(known),
            "label": [one.title for one in known.values()],
            "unit": [one.unit for one in known.values()],
        }
    )
    table = names.merge(found.table, on="path", how="right") if len(found.table) else names.iloc[:0]
    return Sensitivity(method, table, found.used, found.left_out, found.words)


def figures(frame: pd.DataFrame, figure: str) -> NDArray[np.float64]:
    """A figure of every case, in their order; NaN where there is no verified plan."""
    kept = frame["case"].isin(dataset.trusted(frame)["case"])
    return np.asarray(frame[figure].astype(float).where(kept).to_numpy(), dtype=np.float64)


def _tornado(
    sweep: Sweep, known: Mapping[str, Place], frame: pd.DataFrame, y: NDArray[np.float64]
) -> Sensitivity:  # fmt: skip
    base, rows = float(y[0]), []
    for path in known:
        own = np.flatnonzero(frame[designs.VARIED].to_numpy() == path)
        if not len(own):
            continue
        inputs, values = frame[path].iloc[own].tolist(), y[own]
        ends = (0, len(own) - 1) if known[path].numeric else (_at(values, np.nanargmin), _at(values, np.nanargmax))
        # An end that is the base value itself has no case of its own.
        single = len(own) == 1
        low, high = (base, values[0]) if single else (values[ends[0]], values[ends[1]])
        low_input = known[path].base if single else inputs[ends[0]]
        both = [value for value in (low, high, base) if np.isfinite(value)]
        rows.append(
            {"path": path, "low_input": str(_tidy(low_input)), "high_input": str(_tidy(inputs[ends[1]])),
             "low": float(low), "high": float(high), "base": base, "swing": max(both) - min(both) if both else 0.0}
        )  # fmt: skip
    table = pd.DataFrame(rows).sort_values("swing", ascending=False, ignore_index=True) if rows else pd.DataFrame(rows)
    missing = int(np.isnan(y).sum())
    words = "Each input alone between its ends, all others at their base value."
    return Sensitivity("tornado", table, len(y) - missing, missing, words + _missing(missing, "have no plan"))


def _sobol(sweep: Sweep, known: Mapping[str, Place], frame: pd.DataFrame, y: NDArray[np.float64]) -> Sensitivity:
    block, k = len(known) + 2, len(known)
    whole = _whole(y, block)
    used = len(whole) * block
    if len(whole) < LEAST or np.ptp(whole) == 0:
        return _nothing("sobol", whole, used, len(y) - used, "blocks")
    from SALib.analyze import sobol

    found = sobol.analyze(
        designs.problem(sweep), whole.ravel(), calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=sweep.seed,
    )  # fmt: skip
    table = pd.DataFrame(
        {"path": list(known), "first": found["S1"], "first_conf": found["S1_conf"], "total": found["ST"],
         "total_conf": found["ST_conf"]}
    ).sort_values("total", ascending=False, ignore_index=True)  # fmt: skip
    words = (
        f"Share of the figure's variance: first order by the input alone, total with its interactions; ± "
        f"{CONFIDENCE:.0%} confidence from {plural(len(whole), 'block')} of {k + 2} cases."
    )
    return Sensitivity(
        "sobol", table, used, len(y) - used, words + _missing(len(y) - used, "are left out in whole blocks")
    )


def _morris(sweep: Sweep, known: Mapping[str, Place], frame: pd.DataFrame, y: NDArray[np.float64]) -> Sensitivity:
    block = len(known) + 1
    complete = ~np.isnan(y.reshape(-1, block)).any(axis=1)
    whole = y.reshape(-1, block)[complete]
    used = len(whole) * block
    if len(whole) < LEAST:
        return _nothing("morris", whole, used, len(y) - used, "trajectories")
    from SALib.analyze import morris

    points = designs.unit_points(sweep).reshape(-1, block, len(known))[complete]
    found = morris.analyze(
        designs.problem(sweep), points.reshape(-1, len(known)), whole.ravel(), num_levels=designs.MORRIS_LEVELS,
        num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=sweep.seed,
    )  # fmt: skip
    table = pd.DataFrame(
        {"path": list(known), "mu": np.asarray(found["mu"]), "mu_star": np.asarray(found["mu_star"]),
         "mu_star_conf": np.asarray(found["mu_star_conf"]), "sigma": np.asarray(found["sigma"])}
    ).sort_values("mu_star", ascending=False, ignore_index=True)  # fmt: skip
    words = (
        "mu*: mean size of the change over the input's whole range; sigma: how much that depends on the other inputs; "
        f"± {CONFIDENCE:.0%} confidence from {plural(len(whole), 'trajectory', 'trajectories')}."
    )
    left = len(y) - used
    return Sensitivity("morris", table, used, left, words + _missing(left, "are left out in whole trajectories"))


def _rank(sweep: Sweep, known: Mapping[str, Place], frame: pd.DataFrame, y: NDArray[np.float64]) -> Sensitivity:
    from scipy.stats import spearmanr

    finite = np.isfinite(y)
    used = int(finite.sum())
    if used < LEAST:
        return _nothing("rank", y[finite], used, len(y) - used, "cases")
    rows = []
    for path, place in known.items():
        x = frame[path].to_numpy()[finite]
        codes = x.astype(float) if place.numeric else pd.factorize(x)[0].astype(float)
        same = np.ptp(codes) == 0 or np.ptp(y[finite]) == 0
        rho, p = (0.0, 1.0) if same else spearmanr(codes, y[finite])
        rows.append({"path": path, "rho": float(rho), "p": float(p)})
    table = pd.DataFrame(rows).sort_values("rho", key=abs, ascending=False, ignore_index=True)
    words = (
        "Rank correlation (Spearman) over all cases: +1, the figure always rises with the input; 0, no order; it sees "
        "no effect that rises and falls. A Sobol or Morris design says more."
    )
    return Sensitivity("rank", table, used, len(y) - used, words + _missing(len(y) - used, "have no plan"))


def _whole(y: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    """Blocks of a Saltelli design in which every case has a figure."""
    blocks = y.reshape(-1, block)
    kept: NDArray[np.float64] = blocks[~np.isnan(blocks).any(axis=1)]
    return kept


def _nothing(method: str, whole: NDArray[np.float64], used: int, left: int, what: str) -> Sensitivity:
    if len(whole) >= LEAST:
        words = "The figure is the same in every case: no input moves it."
    else:
        words = f"{len(whole)} complete {what} so far; indices need at least {LEAST}."
    return Sensitivity(method, pd.DataFrame(), used, left, words)


def _missing(number: int, what: str) -> str:
    return f" {plural(number, 'case')} {what}." if number else ""


def _at(values: NDArray[np.float64], find: object) -> int:
    return int(find(values)) if np.isfinite(values).any() else 0  # type: ignore[operator]


def _tidy(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
