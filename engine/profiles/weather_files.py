"""From a weather file, or the name of a built-in one, to a checked weather year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pvlib

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.profiles.series import missing_column
from engine.profiles.stamps import read_stamps
from engine.profiles.table import THE_FILE, count, parse_table, read_text, some
from engine.profiles.weather import Weather, closure_error_frac
from engine.profiles.weather_formats import MID_HOUR, RawWeather, read_format, recognise
from engine.scenario.schema import Site

_BUILT_IN = {"greensboro-tmy3": "723170TYA.CSV", "miami-tmy2": "12839.tm2"}
# Beyond these a value is a code for "missing" (9999, 99.9, -9900) or in another unit.
_VALID = {
    "ghi_w_m2": (0.0, 1600.0),
    "dni_w_m2": (0.0, 1600.0),
    "dhi_w_m2": (0.0, 1600.0),
    "temp_air_c": (-90.0, 60.0),
    "wind_speed_m_s": (0.0, 110.0),
}
_CSV_NAMES = {
    "ghi_w_m2": ("ghi", "ghi_w_m2"),
    "dni_w_m2": ("dni", "dni_w_m2"),
    "dhi_w_m2": ("dhi", "dhi_w_m2"),
    "temp_air_c": ("temp_air_c", "temp_air", "temperature_c", "air_temperature_c", "temperature", "drybulb_c"),
    "wind_speed_m_s": ("wind_speed_ms", "wind_speed_m_s", "wind_speed", "wind_ms"),
}
# Taken where a plain CSV has no wind: the wind of PVWatts' nominal cell temperature.
_CALM_M_S = 1.0
# Wrong by hours, not by how the data was made: half an hour costs 5 %, an hour some 15 %.
_WORST_CLOSURE_FRAC = 0.25
# Weather of a place this far from the stated one belongs to another site.
_FAR_DEG = 0.5


@lru_cache(maxsize=2)
def built_in_weather(name: str) -> Weather:
    """Read one of the two measured typical years that pvlib ships: greensboro-tmy3 or miami-tmy2."""
    return read_weather(Path(pvlib.__file__).parent / "data" / _BUILT_IN[name], site=Site())


def read_weather(path: Path, *, site: Site) -> Weather:
    """Read a weather year: TMY3, TMY2, EPW, NSRDB PSM3 or plain CSV, recognised from its content.

    Parameters
    ----------
    path : pathlib.Path
    site : Site
        Place and clock, for a plain CSV, which states neither.

    Raises
    ------
    InputError
        Every problem of the file (rows and time stamps named) and of the site's place.
    """
    raw = read_raw(path, site=site)
    problems = [*raw_problems(raw), *_place_problems(raw, site, path.name)]
    if problems:
        raise InputError(path.name, problems)
    weather = _weather(raw, site)
    _refuse_impossible_sun(weather, path.name)
    return weather


def read_raw(path: Path, *, site: Site) -> RawWeather:
    """Read a weather file in whatever format it is, without checking values or place."""
    text = read_text(path)
    kind = recognise(text)
    return _read_csv(text, path.name, site) if kind == "csv" else read_format(text, kind=kind, name=path.name)


def raw_problems(raw: RawWeather) -> list[Problem]:
    """What is wrong with clock and values, with rows and time stamps."""
    problems = list(raw.placement.problems)
    for quantity, values in raw.quantities.items():
        least, most = _VALID[quantity]
        missing = [raw.row_names(int(i)) for i in np.flatnonzero(np.isnan(values))]
        if missing:
            message = f"has {count(len(missing), 'cell')} without a finite number: {some(missing)}; fill them."
            problems.append(Problem(quantity, message))
        outside = [
            f"{values[i]:g} in {raw.row_names(int(i))}" for i in np.flatnonzero((values < least) | (values > most))
        ]
        if outside:
            message = (
                f"has {count(len(outside), 'value')} outside {least:g} to {most:g}: {some(outside)}; replace them."
            )
            problems.append(Problem(quantity, message))
    return problems


def hourly_quantities(raw: RawWeather) -> Mapping[str, Series]:
    """Quantities in the order of the year's hours, each array (8760,), read-only (a built-in year is shared)."""
    ordered = {quantity: values[raw.placement.rows] for quantity, values in raw.quantities.items()}
    for values in ordered.values():
        values.setflags(write=False)
    return ordered


def _read_csv(text: str, name: str, site: Site) -> RawWeather:
    """Plain CSV. Clock: by `site.weather_stamp`, or as names and minutes of its time columns tell; hourly means."""
    table = parse_table(text, name=name)
    by_plain_name = {column.lower(): column for column in table.columns}
    found = {
        quantity: next((by_plain_name[alias] for alias in aliases if alias in by_plain_name), None)
        for quantity, aliases in _CSV_NAMES.items()
    }
    lacking = [quantity for quantity, column in found.items() if column is None and quantity != "wind_speed_m_s"]
    if lacking:
        raise InputError(name, [missing_column(table, _CSV_NAMES[quantity][0]) for quantity in lacking])
    stamps = read_stamps(table, meaning=site.weather_stamp)
    quantities = {quantity: table.numbers(column) for quantity, column in found.items() if column is not None}
    notes: tuple[str, ...] = ()
    if "wind_speed_m_s" not in quantities:
        quantities["wind_speed_m_s"] = np.full(table.rows, _CALM_M_S)
        notes = ("There is no wind column; 1 m/s is taken for the temperature of the solar cells.",)
    return RawWeather(
        quantities=quantities,
        placement=stamps.placement,
        row_names=lambda position: stamps.row_name(table, position),
        latitude_deg=None,
        longitude_deg=None,
        elevation_m=None,
        utc_offset_h=None,
        sun_offset_h=MID_HOUR,
        source=name,
        notes=notes,
    )


def _place_problems(raw: RawWeather, site: Site, name: str) -> list[Problem]:
    """A place that neither file nor scenario states, or that both state differently."""
    problems = []
    for field, tolerance in (("latitude_deg", _FAR_DEG), ("longitude_deg", _FAR_DEG), ("utc_offset_h", 0.0)):
        stated, given = getattr(raw, field), getattr(site, field)
        if stated is None and given is None:
            problems.append(
                Problem(f"site.{field}", f"is missing; {name} does not state it: give the weather's place.")
            )
        elif stated is not None and given is not None and abs(stated - given) > tolerance:
            message = (
                f"is {given:g}, but the weather {name} is of {stated:g}; leave it empty, or take weather of the site."
            )
            problems.append(Problem(f"site.{field}", message))
    return problems


def _weather(raw: RawWeather, site: Site) -> Weather:
    def stated(field: str, otherwise: float | None = None) -> float:
        return next(
            float(value) for value in (getattr(raw, field), getattr(site, field), otherwise) if value is not None
        )

    return Weather(
        **hourly_quantities(raw),
        latitude_deg=stated("latitude_deg"),
        longitude_deg=stated("longitude_deg"),
        elevation_m=stated("elevation_m", 0.0),
        utc_offset_h=stated("utc_offset_h"),
        sun_offset_h=raw.sun_offset_h,
        solar_year=raw.placement.year,
        source=raw.source,
        notes=(*raw.placement.notes, *raw.notes),
    )


def _refuse_impossible_sun(weather: Weather, name: str) -> None:
    """Refuse a year whose irradiance and sun are hours apart: a wrong sign of the longitude, a clock in UTC."""
    error_frac = closure_error_frac(weather)
    if error_frac > _WORST_CLOSURE_FRAC:
        place = f"{weather.latitude_deg:g} N, {weather.longitude_deg:g} E, UTC{weather.utc_offset_h:+g}"
        message = (
            f"does not fit the sun at {place}: GHI misses DHI + DNI cos(zenith) by {error_frac:.0%} over the year; "
            "check site.longitude_deg (west is negative), site.utc_offset_h, site.weather_stamp and the columns."
        )
        raise InputError(name, [Problem(THE_FILE, message)])
