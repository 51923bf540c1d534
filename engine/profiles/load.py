"""The facility's load: a made-up shape or a measured series, grown over the years, and how it splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.scenario.schema import Load
from engine.units import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR

# Of what is not IT, cooling takes this share; losses and lighting take the rest (domain figures).
COOLING_SHARE_OF_OVERHEAD_FRAC = 0.8


@dataclass(frozen=True)
class LoadSplit:
    """Facility load by use; the parts sum to the facility's load.

    Attributes
    ----------
    it_mw : array
        IT load [MW].
    workloads_mw : dict of str to array
        IT load of each workload [MW]; empty where the scenario names none.
    cooling_mw, other_mw : array
        Cooling; losses and lighting [MW].
    """

    it_mw: Series
    workloads_mw: Mapping[str, Series]
    cooling_mw: Series
    other_mw: Series


def shaped_load_mw(load: Load) -> Series:
    """Facility load of the first year from peak, load factor and shape.

    Day x season x noise, then one affine map that puts the mean at load factor x peak and the highest hour
    at the peak (IT peak x PUE).

    Returns
    -------
    array (8760,)
        [MW].

    Raises
    ------
    InputError
        The load factor is so low that the map would push the lowest hour below zero.
    """
    peak_mw = load.it_peak_mw * load.pue
    shape = day_shape(load) * season_shape(load) * noise_shape(load)
    lowest, mean, highest = shape.min(), shape.mean(), shape.max()
    if highest - lowest < 1e-12:
        return _flat_load_mw(load, peak_mw)
    least_factor = 1.0 - (highest - mean) / (highest - lowest)
    if load.load_factor_frac < least_factor:
        raise _load_factor_error(
            load, f"needs at least {np.ceil(least_factor * 1e4) / 1e4:.4g}, where the lowest hour reaches 0"
        )
    slope_mw = peak_mw * (1.0 - load.load_factor_frac) / (highest - mean)
    return peak_mw - slope_mw * (highest - shape)


def utilised_load_mw(utilisation: Series, load: Load) -> Series:
    """Facility load of the first year from the IT's utilisation.

    Power follows utilisation by a straight line, `idle + (1 - idle) x utilisation` of full power (Fan, Weber and
    Barroso, Power provisioning for a warehouse-sized computer, ISCA 2007); its highest hour is the IT peak.

    Parameters
    ----------
    utilisation : array (8760,)
        0 to 1, not 0 throughout [-].
    load : Load
        IT peak, PUE and idle share.
    """
    power_pu = load.idle_frac + (1.0 - load.idle_frac) * utilisation
    return load.it_peak_mw * load.pue * power_pu / power_pu.max()


def _flat_load_mw(load: Load, peak_mw: float) -> Series:
    if load.load_factor_frac < 1.0:
        raise _load_factor_error(load, "is flat, its mean equals its peak: needs 1")
    return np.full(HOURS_PER_YEAR, peak_mw)


def _load_factor_error(load: Load, need: str) -> InputError:
    message = (
        f"is {load.load_factor_frac:g}; this load shape {need} "
        "(or give the shape more swing: load.night_level_frac, load.season_amplitude_frac)."
    )
    return InputError("load", [Problem("load.load_factor_frac", message)])


def day_shape(load: Load) -> Series:
    """Day and night: 1 from the first to the last hour of the day, else the night level, array (8760,) [-].

    A day whose last hour comes before its first runs over midnight.
    """
    hour = np.arange(HOURS_PER_YEAR) % HOURS_PER_DAY
    first, last = load.day_first_hour, load.day_last_hour
    is_day = (hour >= first) & (hour <= last) if first <= last else (hour >= first) | (hour <= last)
    return np.where(is_day, 1.0, load.night_level_frac)


def season_shape(load: Load) -> Series:
    """Season: `1 + amplitude x cos(2 pi (day - peak day) / 365)`, days from 1, array (8760,) [-]."""
    day = np.arange(HOURS_PER_YEAR) // HOURS_PER_DAY + 1
    return 1.0 + load.season_amplitude_frac * np.cos(2.0 * np.pi * (day - load.season_peak_day) / DAYS_PER_YEAR)


def noise_shape(load: Load) -> Series:
    """Noise: uniform between 1 - noise and 1 + noise, the same for the same seed, array (8760,) [-]."""
    random = np.random.default_rng(load.noise_seed)
    return 1.0 + load.noise_frac * random.uniform(-1.0, 1.0, HOURS_PER_YEAR)


def growth_multiples(load: Load, *, years: int) -> Series:
    """Load of each year over the first year's.

    The load path if there is one, else `min(1 + growth x k, cap)` for year k = 0, 1, ..., never below 0.

    Returns
    -------
    array (years,)
        [-].
    """
    if load.multiples_by_year is not None:
        return np.array(load.multiples_by_year, dtype=float)
    linear = 1.0 + load.growth_frac_per_yr * np.arange(years)
    return np.clip(linear, 0.0, load.growth_cap_multiple)


def grown_load_mw(first_year_mw: Series, load: Load, *, years: int) -> Series:
    """Load of every year, array (years, 8760) [MW]."""
    return np.outer(growth_multiples(load, years=years), first_year_mw)


def split_load(facility_mw: Series, load: Load) -> LoadSplit:
    """Split facility load into IT by workload, cooling, and losses and lighting.

    `IT = facility / PUE`; cooling is 0.8 of what is not IT.

    Parameters
    ----------
    facility_mw : array, any shape
        Facility load [MW].
    load : Load
        PUE and workload shares.
    """
    it_mw = facility_mw / load.pue
    overhead_mw = facility_mw - it_mw
    cooling_mw = COOLING_SHARE_OF_OVERHEAD_FRAC * overhead_mw
    workloads_mw = {name: workload.share_frac * it_mw for name, workload in load.workloads.items()}
    return LoadSplit(it_mw=it_mw, workloads_mw=workloads_mw, cooling_mw=cooling_mw, other_mw=overhead_mw - cooling_mw)
