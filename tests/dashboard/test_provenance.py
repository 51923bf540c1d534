"""What a run says of its solve: rounds, the hours that the sizing saw, and how well they stand for the year."""

from __future__ import annotations

import json
from typing import Any

import plotly

from dashboard.views.provenance import solve_card

TRAIL = [
    {
        "objective_usd": 1e6, "unserved_mwh": 1234.0, "added_start_days": [97],
        "tightened": [{"limit": "nox", "label": "NOx", "of_limit_frac": 0.968}],
    },
    {"objective_usd": 1e6, "unserved_mwh": 0.0, "added_start_days": [], "tightened": []},
]  # fmt: skip
SERIES = [
    {
        "series": "load", "unit": "MW", "mean": 150.0, "rmse": 3.0, "mae": 2.0, "duration_rmse": 1.5,
        "rmse_frac": 0.02, "mae_frac": 0.0133, "duration_rmse_frac": 0.01,
    }
]  # fmt: skip
REPRESENTATION = {"method": "clustered", "periods": 12, "hours_seen": 288.0, "series": SERIES}


def shown(**changes: Any) -> str:
    manifest: dict[str, Any] = {
        "mip_gap_frac": 0.01, "scenario": {"solver": {"mip_gap_frac": 0.01}}, "summary": {"stage_gap_frac": 0.012},
        "versions": {"firmwatt": "0", "engine": "2", "highs": "1"}, "termination": "within_gap", "objective_usd": 1e6,
        "bound_usd": 9.9e5, "created_utc": "2026-11-20T11:00:00.000+00:00", "fingerprint": "0" * 64, "seconds": {},
    }  # fmt: skip
    return json.dumps(solve_card({**manifest, **changes}), cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


def test_rounds_and_their_cures_are_told_in_sentences() -> None:
    text = shown(adequacy_trail=TRAIL)
    assert "2, 1\u202fweek added, NOx limit tightened" in text
    assert "Round 1: 1,234 MWh unserved in 8,760 h; the next sizing sees the week from day 97 and a NOx limit" in text
    assert "Round 2: every hour served in 8,760 h." in text
    assert "+1.2\u202f%" in text  # dispatch against sizing


def test_the_error_of_each_series_is_shown_in_its_unit_and_as_a_share() -> None:
    text = shown(representation=REPRESENTATION)
    assert "288\u202fh in 12\u202fperiods" in text
    assert "3.00 (2.0\u202f%)" in text
    assert "1.50 (1.0\u202f%)" in text


def test_a_sizing_that_saw_the_whole_year_has_no_error_to_show() -> None:
    text = shown(representation={**REPRESENTATION, "method": "full", "hours_seen": 8760.0})
    assert "8\u202f760\u202fh" in text
    assert "How well these hours stand" not in text
    assert "How well these hours stand" not in shown()  # a run of before
