"""What the dispatch finds missing goes back to the sizing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.adequacy import MOST_ROUNDS, weeks_to_add, worst_weeks
from tests.toys import answer, toy, write_series


def shortage(by_day: dict[int, float], years: int = 1) -> pd.DataFrame:
    """An hourly table with energy unserved in the first hour of given days (from 1)."""
    frames = []
    for year in range(2026, 2026 + years):
        unserved = np.zeros(8760)
        for day, mwh in by_day.items():
            unserved[(day - 1) * 24] = mwh
        frames.append(pd.DataFrame({"year": year, "hour": np.arange(8760), "unserved_mw": unserved, "load_mw": 100.0}))
    return pd.concat(frames, ignore_index=True)


def test_the_worst_week_holds_its_day_in_the_middle_and_weeks_do_not_overlap() -> None:
    assert worst_weeks(shortage({100: 5.0})) == [97]
    assert worst_weeks(shortage({100: 5.0, 104: 3.0, 200: 4.0})) == [99, 197]
    assert worst_weeks(shortage({})) == []
    assert worst_weeks(shortage({365: 1.0})) == [359]


def test_at_most_three_weeks_come_back_at_once() -> None:
    assert len(worst_weeks(shortage({50: 1, 100: 2, 150: 3, 200: 4, 250: 5}))) == 3


SEEN = pd.DataFrame({"unserved_mw": [0.0, 0.0], "load_mw": [100.0, 100.0], "weight_h": [4380.0, 4380.0]})


def test_nothing_is_added_when_nothing_is_short_or_time_is_up() -> None:
    scenario = toy({"time": {"method": "calendar"}}).scenario
    short = shortage({100: 5.0})
    assert weeks_to_add(scenario, SEEN, short, 0, ()) == (97,)
    assert weeks_to_add(scenario, SEEN, short, 0, (97,)) == ()
    assert weeks_to_add(scenario, SEEN, short, MOST_ROUNDS, ()) == ()
    # 876,000 MWh required: 0.8 MWh unserved is within a millionth.
    assert weeks_to_add(scenario, SEEN, shortage({100: 0.8}), 0, ()) == ()
    assert weeks_to_add(toy().scenario, SEEN, short, 0, ()) == ()  # the full method has seen every hour


def test_a_sizing_that_sheds_knowingly_is_left_alone() -> None:
    scenario = toy({"time": {"method": "calendar"}}).scenario
    sheds = SEEN.assign(unserved_mw=[1.0, 0.0])
    assert weeks_to_add(scenario, sheds, shortage({100: 5.0}), 0, ()) == ()


def test_a_sunless_week_outside_the_sample_is_found_and_planned_for(tmp_path: Path) -> None:
    # Solar and battery are nearly free, a 10 MW unit is dear; days 300-306 have no sun and are in no sampled week.
    hour = np.arange(8760)
    sun = np.where((hour % 24 < 12) & ((hour // 24 < 299) | (hour // 24 > 305)), 1.0, 0.0)
    technologies: dict[str, Any] = {
        "solar": {"kind": "solar", "overnight_usd_per_kw": 1, "series": write_series(tmp_path, "sun", sun)},
        "battery": {"kind": "battery", "overnight_usd_per_kwh": 1},
        "unit": {
            "kind": "thermal",
            "unit_mw": 10,
            "max_units": 1,
            "overnight_usd_per_kw": 2000,
            "heat_rate_btu_per_kwh": 0,
        },
    }
    changes = {
        "load": {"it_peak_mw": 10},
        "technologies": technologies,
        "time": {"method": "calendar"},
        "limits": {"served_frac": 1.0},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    first, *_, last = solved.manifest["adequacy_trail"]
    assert first["unserved_mwh"] > 1000
    assert any(290 < day < 307 for day in first["added_start_days"])
    assert (last["unserved_mwh"], last["added_start_days"], last["tightened"]) == (0.0, [], [])
    assert solved.capacity_mw("unit") == pytest.approx(10.0)
    assert solved.summary["adequate"]
    assert solved.summary["verified"]
