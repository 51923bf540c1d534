"""The same site sized by a peer, PyPSA, which shares no line with the engine (https://pypsa.org).

One site, one year, 8,760 h from CSV columns, N-1 off: battery, solar, thermal units, a grid at an hourly price, and a
ceiling on gas or CO2. Linear cases agree to 1e-4 in cost, whole units within the gap that was asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario, merge
from tests.toys import Answer, answer, toy

pytest.importorskip("pypsa", reason="PyPSA is installed with the test extra")
from tests.known_answer.pypsa_peer import PeerAnswer, peer_answer

WITHIN_FRAC = 1e-4
GAP_FRAC = 2e-3
SITE: dict[str, Any] = {
    "load": {"series": "hourly.csv:load_mw"},
    "technologies": {
        "engine": {
            "kind": "thermal", "unit_mw": 18.3, "max_units": 20, "integer": False, "overnight_usd_per_kw": 1650,
            "fixed_usd_per_kw_yr": 20, "variable_usd_per_mwh": 8, "heat_rate_btu_per_kwh": 7700,
            "availability_frac": 0.97, "life_years": 25,
        },
        "solar": {
            "kind": "solar", "max_mw": 800, "overnight_usd_per_kw": 800, "fixed_usd_per_kw_yr": 15, "life_years": 30,
            "series": "hourly.csv:sun_pu",
        },
        "battery": {
            "kind": "battery", "max_mwh": 3000, "overnight_usd_per_kwh": 150, "fixed_usd_per_kw_yr": 6,
            "life_years": 15,
        },
        "grid": {
            "kind": "grid", "max_mw": 60, "lead_time_months": 0, "connection_usd": 0, "overnight_usd_per_kw": 200,
            "life_years": 30, "price": "hourly.csv:price_usd_per_mwh",
        },
    },
    "limits": {"gas_mmbtu_per_yr": 1.6e6},
    "money": {"discount_rate_frac": 0.08},
}  # fmt: skip
TURBINE = {
    "kind": "thermal", "unit_mw": 50, "max_units": 5, "integer": False, "overnight_usd_per_kw": 900,
    "heat_rate_btu_per_kwh": 9800, "availability_frac": 0.95, "life_years": 20,
}  # fmt: skip


def site(folder: Path, *changes: dict[str, Any]) -> LoadedScenario:
    """A 100 MW site with its hourly file; the numbers are drawn once and stay the same."""
    random, hour = np.random.default_rng(7), np.arange(8760)
    of_day, of_year = 2 * np.pi * hour / 24, 2 * np.pi * hour / 8760
    sun = np.clip(-np.cos(of_day), 0, 1) * (0.8 - 0.2 * np.cos(of_year)) * np.repeat(random.uniform(0.3, 1, 365), 24)
    price = 45 + 20 * np.sin(of_day + 4) + random.normal(0, 8, 8760)
    columns = {
        "load_mw": 90 - 8 * np.cos(of_day) + random.uniform(-2, 2, 8760),
        "sun_pu": sun,
        "price_usd_per_mwh": np.maximum(price, 1),
        "export_usd_per_mwh": np.maximum(price, 1) * 0.7,
    }
    pd.DataFrame(columns).round(5).to_csv(folder / "hourly.csv", index=False)
    return toy(SITE, *changes, folder=folder)


def both(folder: Path, *changes: dict[str, Any], gap_frac: float = 0.0) -> tuple[Answer, PeerAnswer]:
    loaded = site(folder, *changes)
    return answer(loaded, folder), peer_answer(loaded.scenario, build_profiles(loaded), gap_frac=gap_frac)


def assert_same_plan(ours: Answer, peer: PeerAnswer, within_mw: float = 0.05) -> None:
    assert ours.summary["objective_usd"] == pytest.approx(peer.objective_usd, rel=WITHIN_FRAC)
    for key, mw in peer.capacity_mw.items():
        assert ours.capacity_mw(key) == pytest.approx(mw, abs=within_mw), key
    for key, mwh in peer.capacity_mwh.items():
        assert ours.summary["capacity_mwh"][key]["2026"] == pytest.approx(mwh, abs=within_mw), key


@pytest.mark.heavy
def test_the_linear_plan_costs_and_builds_what_the_peers_does(tmp_path: Path) -> None:
    ours, peer = both(tmp_path)
    assert_same_plan(ours, peer)
    # The case is worth its time: everything is built, and the gas of the year binds.
    assert min(peer.capacity_mw.values()) > 1
    assert ours.tables["limits"].query("limit == 'gas_year' and stage == 1")["binding"].all()


WHOLE = {
    "technologies": {"engine": {"integer": True}, "battery": {"enabled": False}},
    "limits": {"gas_mmbtu_per_yr": None},
    "solver": {"mip_gap_frac": GAP_FRAC},
}


def test_whole_units_agree_within_the_gap(tmp_path: Path) -> None:
    ours, peer = both(tmp_path, WHOLE, gap_frac=GAP_FRAC / 10)
    assert ours.summary["objective_usd"] == pytest.approx(peer.objective_usd, rel=GAP_FRAC)
    units = ours.tables["capacity"].set_index("technology")["units"]["engine"]
    assert units == pytest.approx(round(units), abs=1e-6)
    assert units == pytest.approx(peer.capacity_mw["engine"] / 18.3, abs=1.01)


MORE: dict[str, dict[str, Any]] = {
    "brownfield and export": {
        "technologies": {
            "engine": {"existing_units": 2},
            "solar": {"existing_mw": 30},
            "battery": {"existing_mw": 10, "existing_mwh": 40},
            "grid": {"existing_mw": 20, "export_max_mw": 25, "export_price": "hourly.csv:export_usd_per_mwh"},
        },
    },
    "free duration and losses": {
        "technologies": {
            "battery": {
                "duration_min_h": 1, "duration_max_h": 24, "standing_loss_frac_per_h": 0.0005, "soc_min_frac": 0.2,
                "overnight_usd_per_kw": 80, "overnight_usd_per_kwh": 60, "variable_usd_per_mwh": 1.5,
            },
        },
    },
    "two thermals under CO2": {
        "technologies": {"turbine": TURBINE, "grid": {"enabled": False}},
        "limits": {"gas_mmbtu_per_yr": None, "co2_tonnes_per_yr": 180_000},
    },
    "energy of the engines": {"technologies": {"engine": {"max_mwh_per_yr": 300_000}}},
    "no discounting": {"money": {"discount_rate_frac": 0.0}},
}  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("name", MORE)
def test_further_linear_sites_agree_too(tmp_path: Path, name: str) -> None:
    assert_same_plan(*both(tmp_path, merge({}, MORE[name])))
