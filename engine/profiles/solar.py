"""Photovoltaic output per MWac from a weather year, by pvlib with the PVWatts loss and inverter models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pvlib

from engine.profiles.result import Series
from engine.profiles.weather import Weather, solar_position
from engine.scenario.renewables import PhotovoltaicArray

STANDARD_IRRADIANCE_W_M2 = 1000.0
STANDARD_CELL_C = 25.0
# A tracker turns 60 degrees to either side (PVWatts v8 default).
TRACKER_LIMIT_DEG = 60.0
NORTH_SOUTH_AXIS_DEG = 180.0
# Open rack, glass and polymer back: the mounting that PVWatts assumes for ground-mounted plants.
CELL_MODEL = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"]


def photovoltaic_pu(weather: Weather, array: PhotovoltaicArray) -> Series:
    """Output of a photovoltaic plant in each hour.

    Hay-Davies transposition, reflection at the glass (physical IAM, beam only), SAPM cell temperature,
    `p_dc = dc_ac x poa / 1000 x (1 + gamma (t_cell - 25)) x (1 - losses)`, PVWatts inverter that clips at 1.

    Parameters
    ----------
    weather : Weather
    array : PhotovoltaicArray

    Returns
    -------
    array (8760,)
        [MW per MWac], 0 to 1; exactly 0 while the sun is down.

    References
    ----------
    Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014).
    """
    sun = solar_position(weather)
    surface = _surface(sun, weather, array)
    poa_w_m2, poa_at_cell_w_m2 = _plane_irradiance(sun, weather, surface)
    cell_c = pvlib.temperature.sapm_cell(poa_w_m2, weather.temp_air_c, weather.wind_speed_m_s, **CELL_MODEL)
    per_dc = poa_at_cell_w_m2 / STANDARD_IRRADIANCE_W_M2
    per_dc = per_dc * (1.0 + array.temperature_coefficient_per_c * (cell_c - STANDARD_CELL_C))
    p_dc = array.dc_ac_ratio * np.maximum(per_dc, 0.0) * (1.0 - array.losses_frac)
    p_ac = pvlib.inverter.pvwatts(
        p_dc, pdc0=1.0 / array.inverter_efficiency_frac, eta_inv_nom=array.inverter_efficiency_frac
    )
    is_up = sun["apparent_zenith"].to_numpy() < 90.0
    return np.where(is_up, np.clip(p_ac, 0.0, 1.0), 0.0)


def _surface(sun: pd.DataFrame, weather: Weather, array: PhotovoltaicArray) -> tuple[Series, Series]:
    """Tilt and azimuth of the modules in each hour, two arrays (8760,) [deg]."""
    if array.tracking == "fixed":
        tilt_deg = abs(weather.latitude_deg) if array.tilt_deg is None else array.tilt_deg
        return np.full(len(sun), tilt_deg), np.full(len(sun), array.azimuth_deg)
    tracker = pvlib.tracking.singleaxis(
        apparent_zenith=sun["apparent_zenith"],
        solar_azimuth=sun["azimuth"],
        axis_tilt=0.0,
        axis_azimuth=NORTH_SOUTH_AXIS_DEG,
        max_angle=TRACKER_LIMIT_DEG,
        backtrack=True,
        gcr=array.ground_coverage_frac,
    )
    # pvlib leaves the tracker undefined while the sun is down; lying flat does no harm then.
    tilt, azimuth = tracker["surface_tilt"].fillna(0.0), tracker["surface_azimuth"].fillna(NORTH_SOUTH_AXIS_DEG)
    return tilt.to_numpy(), azimuth.to_numpy()


def _plane_irradiance(sun: pd.DataFrame, weather: Weather, surface: tuple[Series, Series]) -> tuple[Series, Series]:
    """Irradiance on the modules, and what of it passes the glass: two arrays (8760,) [W/m2]."""
    tilt_deg, azimuth_deg = surface
    zenith_deg, sun_azimuth_deg = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
    total = pvlib.irradiance.get_total_irradiance(
        surface_tilt=tilt_deg,
        surface_azimuth=azimuth_deg,
        solar_zenith=zenith_deg,
        solar_azimuth=sun_azimuth_deg,
        dni=weather.dni_w_m2,
        ghi=weather.ghi_w_m2,
        dhi=weather.dhi_w_m2,
        dni_extra=pvlib.irradiance.get_extra_radiation(sun.index).to_numpy(),
        model="haydavies",
    )
    incidence_deg = pvlib.irradiance.aoi(tilt_deg, azimuth_deg, zenith_deg, sun_azimuth_deg)
    reflected = np.asarray(total["poa_direct"]) * (1.0 - pvlib.iam.physical(incidence_deg))
    poa = np.asarray(total["poa_global"])
    return poa, poa - reflected
