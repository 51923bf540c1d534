"""Weather and series files of every format, written from the measured Greensboro year, for the tests of the readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib

from engine.profiles.weather import Weather
from engine.profiles.weather_files import built_in_weather
from engine.scenario.schema import Site

PVLIB_DATA = Path(pvlib.__file__).parent / "data"
GREENSBORO_TMY3 = PVLIB_DATA / "723170TYA.CSV"
MIAMI_TMY2 = PVLIB_DATA / "12839.tm2"
GREENSBORO = Site(latitude_deg=36.1, longitude_deg=-79.95, utc_offset_h=-5.0, elevation_m=273.0)


def greensboro() -> Weather:
    """The measured year that the written files carry."""
    return built_in_weather("greensboro-tmy3")


def hours(year: int = 2001) -> pd.DatetimeIndex:
    """Beginnings of a year's hours, 29 February included."""
    return pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")


def write_csv(path: Path, table: pd.DataFrame, **options: object) -> Path:
    """Write a table without its index."""
    table.to_csv(path, index=False, **options)
    return path


def weather_table() -> pd.DataFrame:
    """Greensboro's quantities under the names of a plain CSV."""
    year = greensboro()
    return pd.DataFrame(
        {
            "ghi": year.ghi_w_m2,
            "dni": year.dni_w_m2,
            "dhi": year.dhi_w_m2,
            "temp_air_c": year.temp_air_c,
            "wind_speed_ms": year.wind_speed_m_s,
        }
    )


def half_hour_csv(path: Path) -> Path:
    """Plain CSV in the manner of NSRDB extracts: stamps at the half hour."""
    at = hours()
    stamps = {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": 30}
    return write_csv(path, pd.concat([pd.DataFrame(stamps), weather_table()], axis=1))


def hour_ending_csv(path: Path) -> Path:
    """Plain CSV in the manner of typical years: month, day, hour_ending 1 to 24."""
    at = hours()
    stamps = {"month": at.month, "day": at.day, "hour_ending": at.hour + 1}
    return write_csv(path, pd.concat([pd.DataFrame(stamps), weather_table()], axis=1))


def hour_beginning_csv(path: Path) -> Path:
    """Plain CSV with one column of hour beginnings."""
    return write_csv(path, weather_table().assign(hour_beginning_lst=hours().strftime("%Y-%m-%d %H:%M")))


def epw(path: Path) -> Path:
    """EnergyPlus weather: eight lines of head, hours 1 to 24, months of different years."""
    at, year = hours(), greensboro()
    columns = {number: np.zeros(8760, dtype=int) for number in range(35)}
    columns |= {0: np.where(at.month < 7, 1988, 1995), 1: at.month, 2: at.day, 3: at.hour + 1, 4: np.full(8760, 60)}
    columns |= {6: year.temp_air_c, 13: year.ghi_w_m2, 14: year.dni_w_m2, 15: year.dhi_w_m2, 21: year.wind_speed_m_s}
    body = pd.DataFrame(columns).to_csv(index=False, header=False)
    head = ["LOCATION,Greensboro,NC,USA,TMY3,723170,36.1,-79.95,-5.0,273.0"]
    head += ["DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0", "HOLIDAYS,No,0,0,0"]
    head += ["COMMENTS 1,S\u00e3o Jos\u00e9", "COMMENTS 2,", "DATA PERIODS,1,1,Data,Sunday,1/1,12/31"]
    path.write_text("\n".join([*head, body]), encoding="latin-1")
    return path


def psm3(path: Path, *, minute: int = 30, time_zone: int = -5) -> Path:
    """NSRDB PSM3: two lines of metadata, values at the stamp."""
    at, year = hours(), greensboro()
    table = pd.DataFrame(
        {
            "Year": at.year, "Month": at.month, "Day": at.day, "Hour": at.hour, "Minute": minute,
            "DHI": year.dhi_w_m2, "DNI": year.dni_w_m2, "GHI": year.ghi_w_m2,
            "Temperature": year.temp_air_c, "Wind Speed": year.wind_speed_m_s,
        }
    )  # fmt: skip
    head = "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone\n"
    head += f"NSRDB,1234,-,-,-,36.1,-79.95,{time_zone},273,-5\n"
    path.write_text(head + table.to_csv(index=False), encoding="utf-8")
    return path


def greensboro_tmy3(path: Path) -> Path:
    """The measured file itself."""
    path.write_bytes(GREENSBORO_TMY3.read_bytes())
    return path


# Every way in which one and the same year can come.
WRITERS: dict[str, Callable[[Path], Path]] = {
    "tmy3": greensboro_tmy3,
    "epw": epw,
    "psm3": psm3,
    "csv_half_hour": half_hour_csv,
    "csv_hour_ending": hour_ending_csv,
    "csv_hour_beginning": hour_beginning_csv,
}
