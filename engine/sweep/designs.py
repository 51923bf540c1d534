"""From a sweep to its cases: points of the unit cube, then values of the inputs.

Every sampled design is drawn in the unit cube first, so that analysis finds the very same points again from the seed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.sweep.places import Place
from engine.sweep.spec import Parameter, Sweep

MORRIS_LEVELS = 4
VARIED = "varied"


def count(sweep: Sweep, known: Mapping[str, Place]) -> int:
    """Cases that the design makes, without making them."""
    k, n = len(sweep.parameters), sweep.samples
    if sweep.design == "grid":
        return math.prod(len(levels(one, known[one.path])) for one in sweep.parameters)
    if sweep.design == "one_at_a_time":
        return 1 + sum(len(_others(one, known[one.path])) for one in sweep.parameters)
    return {"latin_hypercube": n, "sobol": n * (k + 2), "morris": n * (k + 1)}[sweep.design]


def cases(sweep: Sweep, known: Mapping[str, Place]) -> pd.DataFrame:
    """The cases.

    Returns
    -------
    DataFrame
        One row a case: `case` (from 1), `varied` (of one at a time: the path that moves, empty for the base case),
        then a column for each path.
    """
    paths = [one.path for one in sweep.parameters]
    varied: Sequence[str] | str = ""
    if sweep.design == "grid":
        rows = list(itertools.product(*(levels(one, known[one.path]) for one in sweep.parameters)))
    elif sweep.design == "one_at_a_time":
        rows, varied = _one_at_a_time(sweep, known)
    else:
        unit = unit_points(sweep)
        columns = [[value(one, known[one.path], u) for u in unit[:, j]] for j, one in enumerate(sweep.parameters)]
        rows = list(zip(*columns, strict=True))
    frame = pd.DataFrame(rows, columns=paths)
    frame.insert(0, "case", range(1, len(frame) + 1))
    frame.insert(1, VARIED, varied)
    return frame


def unit_points(sweep: Sweep) -> NDArray[np.float64]:
    """Points of a sampled design in the unit cube, shape (cases, inputs); the same for the same seed.

    Sources: scipy.stats.qmc; Saltelli (2010) and Morris (1991) as in SALib.
    """
    k = len(sweep.parameters)
    if sweep.design == "latin_hypercube":
        from scipy.stats import qmc

        points: NDArray[np.float64] = qmc.LatinHypercube(d=k, seed=sweep.seed).random(sweep.samples)
        return points
    cube = problem(sweep)
    if sweep.design == "sobol":
        from SALib.sample import sobol

        return np.asarray(sobol.sample(cube, sweep.samples, calc_second_order=False, seed=sweep.seed))
    from SALib.sample import morris

    return np.asarray(morris.sample(cube, sweep.samples, num_levels=MORRIS_LEVELS, seed=sweep.seed))


def problem(sweep: Sweep) -> dict[str, Any]:
    """The unit cube as SALib describes a problem."""
    paths = [one.path for one in sweep.parameters]
    return {"num_vars": len(paths), "names": paths, "bounds": [[0.0, 1.0]] * len(paths)}


def value(parameter: Parameter, place: Place, u: float) -> Any:
    """Value of an input at a coordinate of the unit cube, 0 to 1."""
    if parameter.values is not None:
        return parameter.values[min(int(u * len(parameter.values)), len(parameter.values) - 1)]
    assert parameter.range is not None
    low, high = parameter.range
    if place.kind == "integer":
        # Every whole number of the range has the same share of the cube.
        first, last = math.ceil(low), math.floor(high)
        return min(first + int(u * (last - first + 1)), last)
    return float(low * (high / low) ** u) if parameter.scale == "log" else float(low + u * (high - low))


def levels(parameter: Parameter, place: Place) -> list[Any]:
    """Values of an input in a grid: its list, or the range's levels with both ends."""
    if parameter.values is not None:
        return list(parameter.values)
    assert parameter.range is not None
    low, high = parameter.range
    spaced = np.geomspace if parameter.scale == "log" else np.linspace
    points = [float(point) for point in spaced(low, high, parameter.levels)]
    points[-1] = high  # to the last digit
    return sorted({round(point) for point in points}) if place.kind == "integer" else points


def _others(parameter: Parameter, place: Place) -> list[Any]:
    """What one at a time sets an input to, beside its base value."""
    ends: list[Any] = list(parameter.values) if parameter.values is not None else list(parameter.range or ())
    whole = [round(end) for end in ends] if place.kind == "integer" else ends
    return [end for end in whole if end != place.base]


def _one_at_a_time(sweep: Sweep, known: Mapping[str, Place]) -> tuple[list[tuple[Any, ...]], list[str]]:
    base = {one.path: known[one.path].base for one in sweep.parameters}
    rows, varied = [tuple(base.values())], [""]
    for one in sweep.parameters:
        for end in _others(one, known[one.path]):
            rows.append(tuple({**base, one.path: end}.values()))
            varied.append(one.path)
    return rows, varied
