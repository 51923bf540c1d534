"""The battery gives back what it took, less its losses, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.toys import answer, toy, write_series

BATTERY: dict[str, Any] = {
    "kind": "battery",
    "existing_mw": 50,
    "existing_mwh": 200,
    "max_mwh": 200,
    "charge_efficiency_frac": 0.9,
    "discharge_efficiency_frac": 0.8,
    "soc_min_frac": 0.1,
}
DAY = np.arange(8760) % 24


def test_a_battery_alone_serves_nothing(tmp_path: Path) -> None:
    # Cyclic over the year: every hour obeys the same equation, the first too, so that no energy is free.
    changes = {"load": {"it_peak_mw": 10}, "technologies": {"battery": BATTERY}}
    solved = answer(toy(changes), tmp_path)
    assert solved.summary["unserved_mwh"] == pytest.approx(10 * 8760)
    assert solved.summary["served_frac"] == pytest.approx(0.0)
    assert not solved.summary["adequate"]


def test_night_load_takes_the_round_trip_in_solar(tmp_path: Path) -> None:
    # 10 MW flat, sun in 12 of 24 hours: 120 MWh by day directly, 120 MWh at night through 0.9 x 0.8 = 0.72:
    # 120 + 166.67 = 286.67 MWh in 12 h = 23.889 MW of solar.
    sun = (DAY < 12).astype(float)
    solar = {
        "kind": "solar",
        "max_mw": 500,
        "overnight_usd_per_kw": 1000,
        "acres_per_mw": 0,
        "series": write_series(tmp_path, "sun", sun),
    }
    changes = {"load": {"it_peak_mw": 10}, "technologies": {"battery": BATTERY, "solar": solar}}
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    assert solved.capacity_mw("solar") == pytest.approx((120 + 120 / 0.72) / 12, rel=1e-6)
    assert solved.summary["adequate"]
    assert solved.summary["verified"]


def test_usable_energy_stops_at_the_least_charge(tmp_path: Path) -> None:
    # One dark hour a day of 200 MW: the battery can give (1 - 0.1) x 200 x 0.8 = 144 MWh in an hour of 150 MW power.
    battery = {**BATTERY, "existing_mw": 150}
    load = np.where(DAY == 23, 200.0, 0.0)
    supply = {"kind": "solar", "existing_mw": 40, "max_mw": 40, "series": write_series(tmp_path, "s", (DAY < 20) * 1.0)}
    changes = {
        "load": {"series": write_series(tmp_path, "load", load)},
        "technologies": {"battery": battery, "solar": supply},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    hourly = solved.tables["hourly"]
    assert hourly.loc[DAY == 23, "unserved_mw"].to_numpy() == pytest.approx(np.full(365, 56.0))
    assert hourly["battery_soc_mwh"].min() == pytest.approx(20.0)


@pytest.mark.parametrize(("shortest_h", "longest_h", "energy_mwh"), [(4, 4, 80.0), (1, 4, 20.0)])
def test_duration_ties_power_to_energy(tmp_path: Path, shortest_h: float, longest_h: float, energy_mwh: float) -> None:
    # The load asks 20 MW for one hour a day and the rest is free: 20 MWh of energy (loss-free, whole range usable).
    # At a fixed 4 h, 20 MW of power means 80 MWh; free to 1 h it is 20 MWh. Energy alone costs money.
    new = {
        "kind": "battery",
        "duration_min_h": shortest_h,
        "duration_max_h": longest_h,
        "max_mwh": 400,
        "overnight_usd_per_kwh": 100,
        "charge_efficiency_frac": 1.0,
        "discharge_efficiency_frac": 1.0,
        "soc_min_frac": 0.0,
        "acres_per_mwh": 0,
    }
    sun = {"kind": "solar", "existing_mw": 10, "max_mw": 10, "series": write_series(tmp_path, "s", (DAY < 12) * 1.0)}
    changes = {
        "load": {"series": write_series(tmp_path, "load", np.where(DAY == 20, 20.0, 0.0))},
        "technologies": {"battery": new, "solar": sun},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    row = solved.tables["capacity"].set_index("technology").loc["battery"]
    assert row["p_nom_mw"] == pytest.approx(20.0)
    assert row["e_nom_mwh"] == pytest.approx(energy_mwh)


def test_standing_loss_is_paid_for_every_hour_of_waiting(tmp_path: Path) -> None:
    # Sun in hour 0, load of 10 MW in hour 12, otherwise lossless: 12 hours at 1 % ask for 10 / 0.99^12 = 11.2817 MW.
    battery = {
        **BATTERY,
        "charge_efficiency_frac": 1.0,
        "discharge_efficiency_frac": 1.0,
        "soc_min_frac": 0.0,
        "standing_loss_frac_per_h": 0.01,
    }
    solar = {
        "kind": "solar",
        "overnight_usd_per_kw": 1000,
        "series": write_series(tmp_path, "sun", (DAY == 0).astype(float)),
    }
    changes = {
        "load": {"series": write_series(tmp_path, "load", np.where(DAY == 12, 10.0, 0.0))},
        "technologies": {"battery": battery, "solar": solar},
    }
    solved = answer(toy(changes, folder=tmp_path), tmp_path)
    assert solved.capacity_mw("solar") == pytest.approx(10 / 0.99**12)
