"""Reading weather files; each reader says what its time stamps mean."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib

from engine.profiles.weather import Weather

PVLIB_DATA = Path(pvlib.__file__).parent / "data"
# A typical year is made of months of different years; 2001 lies midway between two leap days.
TYPICAL_YEAR = 2001


@lru_cache(maxsize=2)
def built_in_weather(name: str) -> Weather:
    """Read one of the two measured typical years that pvlib ships: greensboro-tmy3 or miami-tmy2."""
    if name == "greensboro-tmy3":
        return read_tmy3(PVLIB_DATA / "723170TYA.CSV")
    return read_tmy2(PVLIB_DATA / "12839.tm2")


def read_tmy3(path: Path) -> Weather:
    """Read a TMY3 file. Clock: 01:00 to 24:00, hour ending; irradiance is the hour's sum."""
    data, meta = pvlib.iotools.read_tmy3(path, coerce_year=TYPICAL_YEAR, map_variables=True)
    return Weather(
        ghi_w_m2=_floats(data["ghi"]),
        dni_w_m2=_floats(data["dni"]),
        dhi_w_m2=_floats(data["dhi"]),
        temp_air_c=_floats(data["temp_air"]),
        wind_speed_m_s=_floats(data["wind_speed"]),
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=meta["altitude"],
        utc_offset_h=meta["TZ"],
        sun_offset_h=0.5,
        solar_year=TYPICAL_YEAR,
        source=f"TMY3 {meta['USAF']}, {meta['Name'].strip(chr(34)).title()}",
    )


def read_tmy2(path: Path) -> Weather:
    """Read a TMY2 file. Clock: hours 1 to 24, hour ending; irradiance is the hour's sum."""
    data, meta = pvlib.iotools.read_tmy2(str(path))
    return Weather(
        ghi_w_m2=_floats(data["GHI"]),
        dni_w_m2=_floats(data["DNI"]),
        dhi_w_m2=_floats(data["DHI"]),
        temp_air_c=_floats(data["DryBulb"]) / 10.0,
        wind_speed_m_s=_floats(data["Wspd"]) / 10.0,
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=meta["altitude"],
        utc_offset_h=meta["TZ"],
        sun_offset_h=0.5,
        solar_year=TYPICAL_YEAR,
        source=f"TMY2 {meta['WBAN']}, {meta['City'].title()}",
    )


def _floats(column: pd.Series) -> np.ndarray:
    return column.to_numpy(dtype=float)
