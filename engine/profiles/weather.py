"""A weather year on the clock of the plan: 8,760 hours, local standard time, hour beginning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pvlib

from engine.profiles.result import Series


@dataclass(frozen=True)
class Weather:
    """One year of weather at a site.

    Hour h of each series covers [h, h + 1) of the year in local standard time.

    Attributes
    ----------
    ghi_w_m2, dni_w_m2, dhi_w_m2 : array (8760,)
        Global horizontal, direct normal and diffuse horizontal irradiance [W/m2].
    temp_air_c : array (8760,)
        Dry-bulb temperature [C].
    wind_speed_m_s : array (8760,)
        Wind speed [m/s].
    latitude_deg, longitude_deg : float
        Positive north and east [deg].
    elevation_m : float
        Above sea level [m].
    utc_offset_h : float
        Local standard time minus UTC [h].
    sun_offset_h : float
        When within the hour the sun stands where the irradiance belongs [h]: 0.5 for hourly means and
        half-hour stamps, 0 for values at the full hour.
    solar_year : int
        Calendar year for the sun's position; a typical year, whose months come from many years, takes 2001.
    source : str
        In words, for messages and labels.
    notes : tuple of str
        What reading changed, e.g. a leap day that was dropped.
    """

    ghi_w_m2: Series
    dni_w_m2: Series
    dhi_w_m2: Series
    temp_air_c: Series
    wind_speed_m_s: Series
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_h: float
    sun_offset_h: float
    solar_year: int
    source: str
    notes: tuple[str, ...] = ()


def hours_of_year(year: int) -> pd.DatetimeIndex:
    """Return the beginnings of the 8,760 hours of a year, without a 29 February."""
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    return hours[~((hours.month == 2) & (hours.day == 29))]


def solar_position(weather: Weather) -> pd.DataFrame:
    """Where the sun stands in each hour, by NREL's algorithm.

    Returns
    -------
    pandas.DataFrame (8760 rows)
        Columns zenith, apparent_zenith, azimuth and more [deg], as `pvlib.solarposition` names them.
    """
    shift = pd.Timedelta(hours=weather.sun_offset_h - weather.utc_offset_h)
    moments = (hours_of_year(weather.solar_year) + shift).tz_localize("UTC")
    return pvlib.solarposition.get_solarposition(
        moments, latitude=weather.latitude_deg, longitude=weather.longitude_deg, altitude=weather.elevation_m
    )


def closure_error_frac(weather: Weather) -> float:
    """How far GHI is from DHI + DNI cos(zenith), over the year, as a fraction of GHI.

    `sum |GHI - DHI - DNI cos(zenith)| / sum GHI` [-]. Right time stamps give some 0.1-1 %;
    half an hour off gives 5 % and more, because morning and evening both go wrong.
    """
    zenith_deg = solar_position(weather)["zenith"].to_numpy()
    cos_zenith = np.cos(np.radians(zenith_deg)).clip(min=0.0)
    gap_w_m2 = weather.ghi_w_m2 - weather.dhi_w_m2 - weather.dni_w_m2 * cos_zenith
    total = weather.ghi_w_m2.sum()
    return float(np.abs(gap_w_m2).sum() / total) if total > 0 else 0.0
