"""The weather file formats: how each is recognised, read, and what its time stamps mean."""

from __future__ import annotations

import io
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
from numpy.typing import NDArray

from engine.errors import InputError, Problem
from engine.profiles.clock import Placement, place_by_stamps
from engine.profiles.result import Series
from engine.profiles.table import THE_FILE

# Irradiance as an hour's sum or mean, and stamps at the half hour, both mean the sun at the middle of the hour.
MID_HOUR = 0.5
_ONE_HOUR = pd.Timedelta(hours=1)
_TMY2_HEAD = re.compile(
    r"\s*(?P<wban>\d{5})\s+(?P<city>\S.*?)\s+(?P<rest>[A-Z]{2}\s+-?\d+\s+[NS]\s*\d+\s+\d+\s+[EW]\s*\d+\s+\d+\s+-?\d+)\s*$"
)
# What pvlib's readers raise on files that are not what they claim.
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration, OverflowError)


@dataclass(frozen=True)
class RawWeather:
    """A weather file as read, not yet checked.

    Attributes
    ----------
    quantities : dict of str to array (rows,)
        ghi_w_m2, dni_w_m2, dhi_w_m2, temp_air_c, wind_speed_m_s; NaN where a cell is no number.
    placement : Placement
        Which rows are the hours of the year.
    row_names : callable
        Position to the row's name in messages.
    latitude_deg, longitude_deg, elevation_m, utc_offset_h : float or None
        As the file states; None where it does not.
    sun_offset_h : float
        When within the hour the sun stands where the irradiance belongs [h].
    source : str
        In words.
    notes : tuple of str
        What the reader assumed.
    """

    quantities: Mapping[str, Series]
    placement: Placement
    row_names: Callable[[int], str]
    latitude_deg: float | None
    longitude_deg: float | None
    elevation_m: float | None
    utc_offset_h: float | None
    sun_offset_h: float
    source: str
    notes: tuple[str, ...] = ()


def recognise(text: str) -> str:
    """Tell the format from the first lines: tmy3, tmy2, epw, psm3 or csv."""
    first, second, third, *_ = [*text.split("\n", 3), "", "", ""]
    if first.upper().startswith("LOCATION,"):
        return "epw"
    if "Time Zone" in first and third.lstrip('"').startswith("Year"):
        return "psm3"
    if second.lower().startswith("date (mm/dd/yyyy)"):
        return "tmy3"
    if _TMY2_HEAD.match(first) and len(second) > 100 and second[:9].strip().isdigit():
        return "tmy2"
    return "csv"


def read_format(text: str, *, kind: str, name: str) -> RawWeather:
    """Read the text of a TMY3, TMY2, EPW or PSM3 file through pvlib.

    Raises
    ------
    InputError
        The text is not what its first lines claim.
    """
    reader = {"tmy3": _read_tmy3, "tmy2": _read_tmy2, "epw": _read_epw, "psm3": _read_psm3}[kind]
    try:
        with warnings.catch_warnings():
            # A word among the numbers makes pandas warn inside pvlib; our own check names the row instead.
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            return reader(text, name)
    except _UNREADABLE as error:
        message = f"begins like {kind.upper()}, but cannot be read as such ({str(error).strip()}); download it again."
        raise InputError(name, [Problem(THE_FILE, message)]) from None


def _read_tmy3(text: str, name: str) -> RawWeather:
    """TMY3. Clock: 01:00 to 24:00, hour ending, local standard time; irradiance is the hour's sum."""
    data, meta = pvlib.iotools.read_tmy3(io.StringIO(text), map_variables=True)
    date, time = data["Date (MM/DD/YYYY)"], data["Time (HH:MM)"]
    hours = pd.to_datetime(date, format="%m/%d/%Y") + pd.to_timedelta(time.str[:2].astype(int), unit="h") - _ONE_HOUR
    return RawWeather(
        quantities=_quantities(data, wind="wind_speed"),
        **_placed(pd.DatetimeIndex(hours), first_row=3, labels=date + " " + time),
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=meta["altitude"],
        utc_offset_h=meta["TZ"],
        sun_offset_h=MID_HOUR,
        source=f"TMY3 {meta['USAF']}, {meta['Name'].strip(chr(34)).title()}",
    )


def _read_tmy2(text: str, name: str) -> RawWeather:
    """TMY2. Clock: hours 1 to 24, hour ending, local standard time; irradiance is the hour's sum.

    Temperature and wind are in tenths of C and of m/s.
    """
    head, body = text.split("\n", 1)
    station = _TMY2_HEAD.match(head)
    assert station is not None
    city = station["city"]
    # pvlib takes a path only, and stumbles over city names of several words.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weather.tm2"
        path.write_text(f" {station['wban']} {city.replace(' ', '_')} {station['rest']}\n{body}", encoding="utf-8")
        data, meta = pvlib.iotools.read_tmy2(str(path))
    data = data.rename(columns={"GHI": "ghi", "DNI": "dni", "DHI": "dhi"})
    data["temp_air"], data["wind_speed"] = data["DryBulb"] / 10.0, data["Wspd"] / 10.0
    parts = data[["year", "month", "day", "hour"]].astype(int).assign(year=1900 + data["year"].astype(int))
    return RawWeather(
        quantities=_quantities(data, wind="wind_speed"),
        **_placed(pd.DatetimeIndex(_hours(parts)) - _ONE_HOUR, first_row=2, labels=_hour_labels(parts)),
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=meta["altitude"],
        utc_offset_h=meta["TZ"],
        sun_offset_h=MID_HOUR,
        source=f"TMY2 {meta['WBAN']}, {city.title()}",
    )


def _read_epw(text: str, name: str) -> RawWeather:
    """EPW. Clock: hours 1 to 24, hour ending, local standard time; irradiance is the hour's sum.

    The minute (0 or 60, as the maker liked) says nothing.
    """
    data, meta = pvlib.iotools.read_epw(io.StringIO(text))
    parts = data[["year", "month", "day", "hour"]]
    return RawWeather(
        quantities=_quantities(data, wind="wind_speed"),
        **_placed(pd.DatetimeIndex(_hours(parts)) - _ONE_HOUR, first_row=9, labels=_hour_labels(parts)),
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=meta["altitude"],
        utc_offset_h=meta["TZ"],
        sun_offset_h=MID_HOUR,
        source=f"EPW {meta['WMO_code']}, {meta['city']}",
    )


def _read_psm3(text: str, name: str) -> RawWeather:
    """NSRDB PSM3 (and 4). Clock: local standard time by its `Time Zone`; values at the stamp, usually the half hour."""
    data, meta = pvlib.iotools.read_nsrdb_psm4(io.StringIO(text), map_variables=True)
    zone_h, local_h = meta["Time Zone"], meta["Local Time Zone"]
    if zone_h != local_h:
        message = f"counts its hours from UTC{zone_h:+d}, its place from UTC{local_h:+d}; download it with utc=false."
        raise InputError(name, [Problem(THE_FILE, message)])
    minutes = data["Minute"].to_numpy()
    is_hourly = bool((minutes == minutes[0]).all())
    moments = pd.DatetimeIndex(data.index.tz_localize(None))
    return RawWeather(
        quantities=_quantities(data, wind="wind_speed"),
        **_placed(moments.floor("h") if is_hourly else moments, first_row=4, labels=_moment_labels(moments)),
        latitude_deg=meta["latitude"],
        longitude_deg=meta["longitude"],
        elevation_m=float(meta["altitude"]),
        utc_offset_h=float(zone_h),
        sun_offset_h=float(minutes[0]) / 60.0,
        source=f"NSRDB {meta.get('Location ID', '')} at {meta['latitude']:.2f}, {meta['longitude']:.2f}",
    )


def _quantities(data: pd.DataFrame, *, wind: str) -> dict[str, Series]:
    columns = {
        "ghi_w_m2": "ghi",
        "dni_w_m2": "dni",
        "dhi_w_m2": "dhi",
        "temp_air_c": "temp_air",
        "wind_speed_m_s": wind,
    }
    return {
        quantity: pd.to_numeric(data[column], errors="coerce").to_numpy(dtype=float)
        for quantity, column in columns.items()
    }


def _hours(parts: pd.DataFrame) -> pd.Series:
    """Moments from year, month, day and an hour up to 24."""
    return pd.to_datetime(parts[["year", "month", "day"]]) + pd.to_timedelta(parts["hour"], unit="h")


def _hour_labels(parts: pd.DataFrame) -> list[str]:
    return [f"{y}-{m:02d}-{d:02d} hour {h}" for y, m, d, h in parts.itertuples(index=False)]


def _moment_labels(moments: pd.DatetimeIndex) -> list[str]:
    return list(moments.strftime("%Y-%m-%d %H:%M"))


def _placed(hours: pd.DatetimeIndex, *, first_row: int, labels: pd.Series | list[str]) -> dict:
    """Placement of the rows and their names; `first_row` is the file's line of the first hour."""
    row_numbers: NDArray[np.intp] = np.arange(len(hours)) + first_row
    texts = list(labels)

    def row_name(position: int) -> str:
        return f"row {row_numbers[position]} ({texts[position]})"

    return {"placement": place_by_stamps(hours, row_numbers), "row_names": row_name}
