"""How much constant load fits under a demand series if it may be cut now and then: what a utility asks.

The method of Norris and others, Rethinking Load Growth (Duke University, Nicholas Institute, 2025): a new constant load
runs under the demand of a balancing area and is cut wherever both together would pass the ceiling, so that it adds to
no peak. The load that loses a given share of its own energy by it is the headroom at that share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.units import HOURS_PER_YEAR

Series = NDArray[np.float64]
KEPT_FRACS = (0.50, 0.75, 0.90)
SUMMER_MONTHS = (4, 5, 6, 7, 8, 9)


@dataclass(frozen=True)
class Headroom:
    """A constant new load under a demand series, and what it gives up.

    Attributes
    ----------
    load_mw : float
        The new load [MW].
    curtailed_frac : float
        Share of its energy that is cut [-].
    curtailed_mwh : float
        Energy that is cut [MWh].
    curtailed_hours : int
        Hours with a cut, however small [h].
    events : int
        Stretches of hours with a cut.
    mean_event_h, longest_event_h : float
        Their mean and longest length [h].
    kept_frac : dict of float to float
        Share of the hours with a cut in which at least 50, 75, 90 % of the new load runs on.
    """

    load_mw: float
    curtailed_frac: float
    curtailed_mwh: float
    curtailed_hours: int
    events: int
    mean_event_h: float
    longest_event_h: float
    kept_frac: Mapping[float, float]

    def to_json(self) -> dict[str, object]:
        """As plain data; shares kept are keyed by percent."""
        return {**asdict(self), "kept_frac": {f"{kept:.0%}": share for kept, share in self.kept_frac.items()}}


def headroom(demand_mw: Series, *, share_frac: float, ceiling_mw: float | Series | None = None) -> Headroom:
    """Constant load of which a share of the energy is cut.

    With `g` the room under the ceiling in each of `N` hours, never below 0, a load `L` loses `sum max(0, L - g)`.
    With the `k` smallest rooms, together `G`, in its way, `k L - G = share N L`, so `L = G / (k - share N)`.

    Parameters
    ----------
    demand_mw : array (hours,)
        Demand that is there already [MW].
    share_frac : float
        Share of the new load's energy that may be cut, from 0 to below 1 [-].
    ceiling_mw : float or array (hours,), optional
        What both together may reach [MW]; by default the demand's own peak.

    Raises
    ------
    InputError
        The share is none.
    """
    if not 0.0 <= share_frac < 1.0:
        message = f"is {share_frac:g}; it must be at least 0 and below 1, e.g. 0.01 for one percent."
        raise InputError("headroom", [Problem("share", message)])
    room_mw = np.sort(_room_mw(demand_mw, ceiling_mw))
    hours_in_the_way = np.arange(1, len(room_mw) + 1) - share_frac * len(room_mw)
    enough = hours_in_the_way > 1e-9
    load_mw = np.cumsum(room_mw)[enough] / hours_in_the_way[enough]
    # Among the loads that k hours would stop, the true one passes none of the next rooms: it is the smallest.
    return under(demand_mw, load_mw=float(load_mw.min()), ceiling_mw=ceiling_mw)


def under(demand_mw: Series, *, load_mw: float, ceiling_mw: float | Series | None = None) -> Headroom:
    """What a constant load of a given size gives up (the inverse of `headroom`; parameters as there).

    Raises
    ------
    InputError
        The load is negative.
    """
    if not load_mw >= 0.0:
        raise InputError("headroom", [Problem("load", f"is {load_mw:g} MW; it must be 0 or more.")])
    cut_mw = curtailed_mw(demand_mw, load_mw=load_mw, ceiling_mw=ceiling_mw)
    # An hour that is cut by a rounding error alone is none.
    is_cut = cut_mw > 1e-9 * max(load_mw, 1.0)
    lengths_h = _stretches_h(is_cut)
    energy_mwh = load_mw * len(cut_mw)
    kept = 1.0 - cut_mw[is_cut] / load_mw if load_mw else np.empty(0)
    return Headroom(
        load_mw=load_mw,
        curtailed_frac=float(cut_mw.sum() / energy_mwh) if energy_mwh else 0.0,
        curtailed_mwh=float(cut_mw.sum()),
        curtailed_hours=int(is_cut.sum()),
        events=len(lengths_h),
        mean_event_h=float(lengths_h.mean()) if len(lengths_h) else 0.0,
        longest_event_h=float(lengths_h.max()) if len(lengths_h) else 0.0,
        kept_frac={least: float((kept >= least - 1e-9).mean()) if len(kept) else 1.0 for least in KEPT_FRACS},
    )


def curtailed_mw(demand_mw: Series, *, load_mw: float, ceiling_mw: float | Series | None = None) -> Series:
    """Cut of a constant load in each hour, array (hours,) [MW] (parameters as in `headroom`)."""
    return np.maximum(load_mw - _room_mw(demand_mw, ceiling_mw), 0.0)


def half_year_ceiling_mw(demand_mw: Series) -> Series:
    """Ceiling of each hour of a year, [MW]: the half-year's own peak, April to September and October to March."""
    if len(demand_mw) != HOURS_PER_YEAR:
        message = f"has {len(demand_mw):,} hours; ceilings by half-year need the 8,760 of a year."
        raise InputError("headroom", [Problem("demand", message)])
    is_summer = np.isin(pd.date_range("2001-01-01", periods=HOURS_PER_YEAR, freq="h").month, SUMMER_MONTHS)
    return np.where(is_summer, demand_mw[is_summer].max(), demand_mw[~is_summer].max())


def _room_mw(demand_mw: Series, ceiling_mw: float | Series | None) -> Series:
    """Room under the ceiling in each hour; none where demand is above it already."""
    ceiling = demand_mw.max() if ceiling_mw is None else ceiling_mw
    return np.maximum(ceiling - np.asarray(demand_mw, dtype=float), 0.0)


def _stretches_h(is_cut: NDArray[np.bool_]) -> NDArray[np.intp]:
    edges = np.diff(np.r_[0, is_cut.astype(int), 0])
    return np.flatnonzero(edges < 0) - np.flatnonzero(edges > 0)
