"""Yield of a tracking plant against independently computed figures (known answer 4 of the development data).

One-axis tracking with backtracking, ground coverage 0.3, DC/AC 1.3, losses 14.0757 %, -0.37 %/C, inverter 0.96: 1,542.6
kWh per kWdc and year at Greensboro within 3 %. Output is per MWac: kWh/kWdc = sum over 8,760 h x 1,000 / (1.3 x 1,000).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.profiles import build_profiles
from tests.toys import SHARED_DATA, toy

DC_AC_RATIO = 1.3
ARRAY: dict[str, Any] = {
    "tracking": "one_axis",
    "ground_coverage_frac": 0.3,
    "dc_ac_ratio": DC_AC_RATIO,
    "losses_frac": 0.140757,
    "temperature_coefficient_per_c": -0.0037,
    "inverter_efficiency_frac": 0.96,
}


def yield_kwh_per_kwdc(site: dict[str, Any], folder: Path | None = None) -> float:
    """Yield of the plant through the ordinary scenario interface."""
    loaded = toy({"site": site, "technologies": {"solar": {"kind": "solar", "array": ARRAY}}}, folder=folder)
    return float(build_profiles(loaded).solar_pu["solar"].sum() / DC_AC_RATIO)


def test_greensboro_yields_1542_kwh_per_kwdc() -> None:
    assert yield_kwh_per_kwdc({"weather": "greensboro-tmy3"}) == pytest.approx(1542.6, rel=0.03)


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the development data are not beside the project")
@pytest.mark.parametrize(
    ("file", "latitude_deg", "longitude_deg"),
    [
        ("nsrdb_tx_crockett_30.65_-101.70_2013.csv", 30.65, -101.70),
        ("nsrdb_tx_amarillo_35.21_-101.94_2012.csv", 35.21, -101.94),
    ],
)
def test_west_texas_yields_about_2000(tmp_path: Path, file: str, latitude_deg: float, longitude_deg: float) -> None:
    shutil.copy(SHARED_DATA / "weather" / file, tmp_path)
    site = {"weather": file, "latitude_deg": latitude_deg, "longitude_deg": longitude_deg, "utc_offset_h": -6}
    assert 1950 < yield_kwh_per_kwdc(site, tmp_path) < 2250
