"""Wind output per MW from a weather year, by a generic power curve."""

from __future__ import annotations

import numpy as np

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.profiles.weather import Weather
from engine.scenario.renewables import WindTurbine

# Weather stations measure wind 10 m above ground (WMO Guide to Instruments and Methods of Observation, No. 8).
MEASURED_AT_M = 10.0


def wind_pu(weather: Weather, turbine: WindTurbine, *, place: str) -> Series:
    """Output of a wind plant in each hour.

    `v = v10 (hub / 10 m)^shear`; nothing below cut-in and above cut-out, full from the rated wind on, between them
    `(v^3 - v_in^3) / (v_rated^3 - v_in^3)`, because the power of wind grows with its cube; less the losses. Air
    density is taken as standard.

    Parameters
    ----------
    weather : Weather
    turbine : WindTurbine
    place : str
        Technology in the scenario, for problems.

    Returns
    -------
    array (8760,)
        [MW per MW], 0 to 1.

    Raises
    ------
    InputError
        The weather year has no wind.
    """
    if np.ptp(weather.wind_speed_m_s) == 0:
        message = "needs wind, and the weather year has none; give an hourly output, series: file.csv:column."
        raise InputError(weather.source, [Problem(place, message)])
    hub_m_s = weather.wind_speed_m_s * (turbine.hub_height_m / MEASURED_AT_M) ** turbine.shear_exponent
    cube_in, cube_rated = turbine.cut_in_m_s**3, turbine.rated_m_s**3
    output = np.clip((hub_m_s**3 - cube_in) / (cube_rated - cube_in), 0.0, 1.0)
    return np.where(hub_m_s > turbine.cut_out_m_s, 0.0, output) * (1.0 - turbine.losses_frac)
