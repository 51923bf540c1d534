"""A yearly limit that the sizing takes too easily is sized for with a margin.

10 MW all year, solar and batteries to build, and a 10 MW unit that stands and emits a tonne of CO2 for each MWh. The
sun shines half of each day, but in four spells of twenty days only a fifth as much; the sizing's weeks are all alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.adequacy import trail_words
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario
from engine.tightening import overshoot
from engine.wording import CO2
from tests.toys import Answer, answer, toy, write_series

# 10 MMBtu/MWh at this content is one tonne a MWh.
CO2_LB_PER_MMBTU = 220.46226218487757
DARK_FROM_DAY = (60, 120, 240, 300)


def plant(folder: Path, co2_tonnes: float, *changes: dict[str, Any]) -> LoadedScenario:
    hour = np.arange(8760)
    sun = np.where(hour % 24 < 12, 1.0, 0.0)
    for day in DARK_FROM_DAY:
        sun[(day - 1) * 24 : (day + 19) * 24] *= 0.2
    solar = {"kind": "solar", "overnight_usd_per_kw": 100, "life_years": 1, "series": write_series(folder, "sun", sun)}
    unit = {
        "kind": "thermal", "unit_mw": 10, "existing_units": 1, "max_units": 1, "overnight_usd_per_kw": 0,
        "heat_rate_btu_per_kwh": 10_000,
    }  # fmt: skip
    battery = {"kind": "battery", "overnight_usd_per_kwh": 20, "life_years": 1, "soc_min_frac": 0.0}
    site = {
        "load": {"it_peak_mw": 10},
        "technologies": {"solar": solar, "battery": battery, "unit": unit},
        "time": {"method": "calendar"},
        "fuel": {"price_usd_per_mmbtu": 1.0, "co2_lb_per_mmbtu": CO2_LB_PER_MMBTU},
        "limits": {"co2_tonnes_per_yr": co2_tonnes},
    }
    return toy(site, *changes, folder=folder)


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder = tmp_path_factory.mktemp("tight")
    return answer(plant(folder, 30_000), folder)


def test_a_limit_that_the_dispatch_would_overshoot_shrinks_by_the_same_ratio(tight: Answer) -> None:
    first = tight.manifest["adequacy_trail"][0]
    # Each MWh left unserved is one that the idle unit could have given for a tonne.
    ratio = 30_000 / (30_000 + first["unserved_mwh"])
    assert first["unserved_mwh"] > 1000
    assert first["tightened"] == [{"limit": "co2", "label": CO2, "of_limit_frac": pytest.approx(ratio, rel=1e-6)}]
    assert first["added_start_days"] == []


def test_a_few_rounds_later_the_plan_serves_every_hour_under_the_true_limit(tight: Answer) -> None:
    *_, last = tight.manifest["adequacy_trail"]
    assert len(tight.manifest["adequacy_trail"]) <= 4
    assert (last["unserved_mwh"], last["tightened"]) == (0.0, [])
    assert tight.summary["adequate"]
    limits = tight.tables["limits"].query("stage == 2 and limit == 'co2'")
    assert limits["ceiling"].tolist() == [30_000]
    assert limits["value"].iloc[0] <= 30_000 * (1 + 1e-6)
    words = trail_words(tight.manifest["adequacy_trail"])
    assert any(f"{CO2} limit" in sentence for sentence in words), words


def test_load_that_no_idle_unit_could_serve_is_the_capacitys_fault(tight: Answer, tmp_path: Path) -> None:
    hourly, capacity = tight.tables["hourly"], tight.tables["capacity"]
    emitted = float(tight.tables["annual"].query("stage == 2")["co2_tonnes"].sum())
    loaded = plant(tmp_path, emitted)  # the limit binds
    profiles = build_profiles(loaded)
    full, idle = hourly["unit_mw"] > 9.999, hourly["unit_mw"] < 1e-6
    for hours, factor in ((full, None), (idle, emitted / (emitted + 5.0 * idle.sum()))):
        short = hourly.assign(unserved_mw=np.where(hours, 5.0, 0.0))
        over = overshoot(loaded.scenario, profiles, capacity, tight.tables["commitments"], short)
        assert over.factors.get("co2") == (None if factor is None else pytest.approx(max(0.5, factor)))
        assert over.withheld_mwh == pytest.approx(0.0 if factor is None else 5.0 * idle.sum(), abs=1e-6)
    assert full.sum() > 100


def test_a_slack_limit_stays_as_it_is(tmp_path: Path) -> None:
    # Served by the unit alone, the load emits 10 MW x 8,760 h = 87,600 t.
    slack = answer(plant(tmp_path, 87_600), tmp_path)
    assert [one["tightened"] for one in slack.manifest["adequacy_trail"]] == [[]]
    assert slack.summary["adequate"]


def test_where_the_margin_leaves_no_plan_the_one_without_it_stands_and_says_it_is_short(tmp_path: Path) -> None:
    # Nothing to build; 20 MWac of sun stand. The sizing's days are all alike, 0.82 pu: the unit gives the nights,
    # 4,380 h x 10 MW = 43,800 t. The real dark spells leave 10 - 20 x 0.2 = 6 MW more in 80 x 12 h: 5,760 t. Of the
    # 49,560 t the limit lets 45,000 pass; at 45,000 x 45,000 / 49,560 = 40,860 t not even the nights can be served.
    fixed = {
        "technologies": {
            "solar": {"existing_mw": 20, "max_mw": 20},
            "battery": {"enabled": False},
        },
        "limits": {"served_frac": 1.0},
    }
    solved = answer(plant(tmp_path, 45_000, fixed), tmp_path)
    assert solved.manifest["status"] == "done"
    assert not solved.summary["adequate"]
    assert solved.summary["unserved_mwh"] == pytest.approx(4_560, rel=1e-6)
    (only,) = solved.manifest["adequacy_trail"]
    assert only["tightened"][0]["of_limit_frac"] == pytest.approx(45_000 / 49_560)
