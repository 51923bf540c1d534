"""Known answer: demand spread uniformly over [a, P] leaves L = 2 rho (P - a) under the ceiling P.

The cut is (d + L - P) for demand d above P - L: over a uniform spread its mean is L^2 / (2 (P - a)), and as a
share of L it is L / (2 (P - a)) = rho.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.headroom import headroom, under

LOW_MW, PEAK_MW = 600.0, 1000.0


def uniform_mw(seed: int | None = None) -> np.ndarray:
    """Demand at the midpoints of 8,760 equal steps of [a, P], in order or shuffled."""
    demand_mw = LOW_MW + (PEAK_MW - LOW_MW) * (np.arange(8760) + 0.5) / 8760
    return demand_mw if seed is None else np.random.default_rng(seed).permutation(demand_mw)


@pytest.mark.parametrize("share_frac", [0.0025, 0.005, 0.01, 0.05, 0.25, 0.5])
def test_headroom_under_uniform_demand_is_twice_the_share_times_the_spread(share_frac: float) -> None:
    found = headroom(uniform_mw(seed=9), share_frac=share_frac, ceiling_mw=PEAK_MW)
    assert found.load_mw == pytest.approx(2 * share_frac * (PEAK_MW - LOW_MW), rel=1e-4)
    assert found.curtailed_frac == pytest.approx(share_frac, rel=1e-12)


def test_hours_events_and_what_is_kept_can_be_worked_out() -> None:
    # L = 0.5 % x 2 x 400 = 4 MW is cut in 4 / 400 of the hours, 88 of 8,760, all in one stretch as demand only rises;
    # the cut spreads evenly from 0 to 4 MW: half the hours keep half of it, a quarter three quarters, a tenth 90 %.
    found = headroom(uniform_mw(), share_frac=0.005, ceiling_mw=PEAK_MW)
    assert found.load_mw == pytest.approx(4.0, rel=1e-4)
    assert (found.curtailed_hours, found.events, found.mean_event_h, found.longest_event_h) == (88, 1, 88.0, 88.0)
    assert [found.kept_frac[kept] for kept in (0.5, 0.75, 0.9)] == pytest.approx([0.5, 0.25, 0.1], abs=1 / 88)
    assert found.curtailed_mwh == pytest.approx(0.005 * 8760 * found.load_mw)


def test_the_share_for_a_load_is_the_inverse() -> None:
    # 12 MW under a spread of 400 MW: 12 / 800 = 1.5 %.
    demand_mw = uniform_mw(seed=1)
    share_frac = under(demand_mw, load_mw=12.0, ceiling_mw=PEAK_MW).curtailed_frac
    assert share_frac == pytest.approx(0.015, rel=1e-4)
    assert headroom(demand_mw, share_frac=share_frac, ceiling_mw=PEAK_MW).load_mw == pytest.approx(12.0, rel=1e-9)
