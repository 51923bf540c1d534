"""Looking an uploaded file over before a scenario refers to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from engine.errors import InputError, Problem
from engine.profiles.result import Series
from engine.profiles.series import (
    FILLED_COLUMN,
    INTENSITY_RANGE,
    LOAD_RANGE,
    PER_UNIT_RANGE,
    PRICE_RANGE,
    HourlySeries,
    Range,
    hourly_column,
    missing_column,
)
from engine.profiles.stamps import Stamps, find_moments, read_stamps
from engine.profiles.table import THE_FILE, Table, parse_table, read_text
from engine.profiles.utilisation import repeat_sentence, trace_column
from engine.profiles.weather import Weather, closure_error_frac
from engine.profiles.weather_files import hourly_quantities, raw_problems, read_raw, read_weather
from engine.profiles.weather_formats import RawWeather
from engine.scenario.schema import Site
from engine.units import KW_PER_MW

UploadKind = Literal["load", "utilisation", "price", "solar", "wind", "carbon", "weather"]
# A closure error above this deserves a word; half an hour off costs some 5 %.
_NOTED_CLOSURE_FRAC = 0.02
# No site takes more; the form refuses an IT peak above it.
_MOST_LIKELY_MW = 20_000.0


@dataclass(frozen=True)
class UploadFigure:
    """One figure of an uploaded file, ready to show."""

    key: str
    label: str
    value: float
    unit: str


@dataclass(frozen=True)
class UploadCheck:
    """What an uploaded file holds.

    Attributes
    ----------
    kind : str
        "load", "utilisation", "price", "solar", "wind", "carbon" or "weather".
    rows : int
        Rows of data in the file.
    columns : tuple of str
        Columns that can be chosen; empty for weather, which takes the whole file.
    column : str or None
        The column that was checked; None for weather.
    figures : tuple of UploadFigure
        What tells a planner that it is the right file.
    notes : tuple of str
        What was left out, filled in or assumed.
    """

    kind: UploadKind
    rows: int
    columns: tuple[str, ...]
    column: str | None
    figures: tuple[UploadFigure, ...]
    notes: tuple[str, ...]

    def value(self, key: str) -> float:
        """Return a figure by its key, e.g. `annual_mwh`."""
        return next(figure.value for figure in self.figures if figure.key == key)


def check_upload(path: Path, kind: UploadKind, *, column: str | None = None, site: Site | None = None) -> UploadCheck:
    """Read a file as a scenario would, and tell what it holds.

    Parameters
    ----------
    path : pathlib.Path
    kind : str
        "load", "utilisation", "price", "solar", "wind", "carbon" or "weather".
    column : str, optional
        Column to check; by default the one whose name fits the kind best.
    site : Site, optional
        Place and clock of plain CSV weather; without them the clock of a plain CSV is not checked against the sun.

    Raises
    ------
    InputError
        Everything that is wrong with the file.
    """
    if kind not in get_args(UploadKind):
        raise ValueError(f'kind is "{kind}"; it must be one of {get_args(UploadKind)}')
    if kind == "weather":
        return _check_weather(path, site or Site())
    return _check_utilisation(path, column) if kind == "utilisation" else _check_series(path, kind, column)


@dataclass(frozen=True)
class _SeriesKind:
    """How one kind of series is chosen, bounded and summed up."""

    words: tuple[str, ...]  # of the column's name, the best fit first
    valid: Range
    figures: Callable[[Series], tuple[UploadFigure, ...]]


def _load_figures(mw: Series) -> tuple[UploadFigure, ...]:
    mean_mw, peak_mw = float(mw.mean()), float(mw.max())
    return (
        UploadFigure("annual_mwh", "Energy of the year", float(mw.sum()), "MWh"),
        UploadFigure("peak_mw", "Highest hour", peak_mw, "MW"),
        UploadFigure("load_factor_frac", "Load factor", mean_mw / peak_mw if peak_mw else 0.0, "-"),
    )


def _price_figures(usd_per_mwh: Series) -> tuple[UploadFigure, ...]:
    return (
        UploadFigure("mean_usd_per_mwh", "Mean", float(usd_per_mwh.mean()), "USD/MWh"),
        UploadFigure("min_usd_per_mwh", "Lowest hour", float(usd_per_mwh.min()), "USD/MWh"),
        UploadFigure("max_usd_per_mwh", "Highest hour", float(usd_per_mwh.max()), "USD/MWh"),
        UploadFigure("negative_hours", "Negative hours", float((usd_per_mwh < 0).sum()), "h"),
    )


def _per_unit_figures(pu: Series) -> tuple[UploadFigure, ...]:
    return (
        UploadFigure("capacity_factor_frac", "Capacity factor", float(pu.mean()), "-"),
        UploadFigure("peak_pu", "Highest hour", float(pu.max()), "MW per MW"),
    )


def _carbon_figures(kg_per_mwh: Series) -> tuple[UploadFigure, ...]:
    return (
        UploadFigure("mean_kg_per_mwh", "Mean", float(kg_per_mwh.mean()), "kg/MWh"),
        UploadFigure("max_kg_per_mwh", "Highest hour", float(kg_per_mwh.max()), "kg/MWh"),
    )


_KINDS: Mapping[str, _SeriesKind] = {
    "load": _SeriesKind(("load", "demand", "facility", "power", "mw"), LOAD_RANGE, _load_figures),
    "price": _SeriesKind(("price", "lmp", "usd", "spp"), PRICE_RANGE, _price_figures),
    "solar": _SeriesKind(
        ("pu", "solar", "pv", "output", "factor", "cf", "generation"), PER_UNIT_RANGE, _per_unit_figures
    ),
    "wind": _SeriesKind(("pu", "wind", "output", "factor", "cf"), PER_UNIT_RANGE, _per_unit_figures),
    "carbon": _SeriesKind(("co2", "carbon", "intensity", "kg"), INTENSITY_RANGE, _carbon_figures),
}

_UTILISATION_WORDS = ("util", "utilisation", "utilization", "load", "cpu", "gpu")
# Names of a column that counts hours, where a file has no dates.
_HOUR_COLUMNS = ("hour", "hour_of_year")


def _check_series(path: Path, kind: UploadKind, column: str | None) -> UploadCheck:
    table = parse_table(read_text(path), name=path.name)
    if column is not None and column not in table.cells:
        raise InputError(path.name, [missing_column(table, column)])
    stamps = read_stamps(table)
    usable = _usable_columns(table, stamps.columns)
    if not usable:
        message = f"has no column of numbers beside the time; it has: {', '.join(table.columns)}."
        raise InputError(path.name, [*stamps.placement.problems, Problem(THE_FILE, message)])
    rules = _KINDS[kind]
    chosen = column or _best_column(usable, rules.words)
    series = hourly_column(table, stamps, column=chosen, valid=rules.valid)
    notes = (*_reading_notes(table, stamps), *series.notes, *_kind_notes(kind, series))
    return UploadCheck(kind, table.rows, usable, chosen, rules.figures(series.values), notes)


def _check_utilisation(path: Path, column: str | None) -> UploadCheck:
    table = parse_table(read_text(path), name=path.name)
    if column is not None and column not in table.cells:
        raise InputError(path.name, [missing_column(table, column)])
    found = find_moments(table)
    usable = _usable_columns(table, found[0] if found else _HOUR_COLUMNS)
    if not usable:
        message = f"has no column of numbers beside the time; it has: {', '.join(table.columns)}."
        raise InputError(path.name, [Problem(THE_FILE, message)])
    trace = trace_column(table, column=column or _best_column(usable, _UTILISATION_WORDS))
    said = tuple(words for words in (repeat_sentence(trace), *trace.notes) if words)
    figures = (
        UploadFigure("mean_utilisation_frac", "Mean utilisation", float(trace.values.mean()), "-"),
        UploadFigure("max_utilisation_frac", "Highest hour", float(trace.values.max()), "-"),
        UploadFigure("trace_hours", "Measured", float(len(trace.values) - trace.filled_hours), "h"),
    )
    return UploadCheck("utilisation", table.rows, usable, trace.column, figures, said)


def _usable_columns(table: Table, time_columns: tuple[str, ...]) -> tuple[str, ...]:
    """Columns that mostly hold numbers and are neither time nor the mark of filled hours."""

    def mostly_numbers(column: str) -> bool:
        return bool(np.isfinite(table.numbers(column)).mean() > 0.5)

    apart = {*time_columns, FILLED_COLUMN}
    return tuple(column for column in table.columns if column not in apart and mostly_numbers(column))


def _best_column(usable: tuple[str, ...], words: tuple[str, ...]) -> str:
    """The first column whose name holds the best-fitting word, else the first of all."""
    for word in words:
        for column in usable:
            if word in re.findall(r"[a-z]+", column.lower()):
                return column
    return usable[0]


def _reading_notes(table: Table, stamps: Stamps) -> tuple[str, ...]:
    notes = []
    if table.columns[0] == "column_1":
        notes.append("The file has no header; its columns are named column_1, column_2, ...")
    if table.decimal_comma:
        notes.append("Decimal commas were read as such.")
    if not stamps.columns:
        notes.append("There is no time column; the rows are taken as the hours from 1 January 00:00 on.")
    if stamps.meaning == "hour_ending":
        notes.append("The stamps are the hours' ends; each row was placed an hour earlier.")
    return tuple(notes)


def _kind_notes(kind: UploadKind, series: HourlySeries) -> tuple[str, ...]:
    """A suspicion worth a look, though nothing is wrong for certain."""
    name = series.column.lower()
    if kind == "load" and "kw" in name:
        return (f'The column "{series.column}" may be in kW; it is read as MW.',)
    if kind == "load" and series.values.max() > _MOST_LIKELY_MW:
        return (f"The highest hour is {series.values.max():,.0f} MW; a file in kW must be divided by 1,000.",)
    if kind == "load" and series.values.max() <= 1.0:
        return ("The highest hour is 1 MW or less; a load per unit must be multiplied by its peak in MW.",)
    if kind == "solar" and series.values.mean() > 0.5:
        return ("A capacity factor above 50 % is more than any solar plant has.",)
    return ()


def _check_weather(path: Path, site: Site) -> UploadCheck:
    raw = read_raw(path, site=site)
    problems = raw_problems(raw)
    if problems:
        raise InputError(path.name, problems)
    notes = (*raw.placement.notes, *raw.notes, *_sun_notes(path, raw, site))
    rows = len(raw.quantities["ghi_w_m2"])
    return UploadCheck("weather", rows, (), None, _weather_figures(hourly_quantities(raw)), notes)


def _weather_figures(hourly: Mapping[str, Series]) -> tuple[UploadFigure, ...]:
    ghi_kwh_m2 = float(hourly["ghi_w_m2"].sum()) / KW_PER_MW
    return (
        UploadFigure("annual_ghi_kwh_m2", "Global horizontal irradiation", ghi_kwh_m2, "kWh/m2 and year"),
        UploadFigure("mean_temp_air_c", "Mean temperature", float(hourly["temp_air_c"].mean()), "C"),
        UploadFigure("max_temp_air_c", "Hottest hour", float(hourly["temp_air_c"].max()), "C"),
    )


def _sun_notes(path: Path, raw: RawWeather, site: Site) -> tuple[str, ...]:
    """Whether irradiance and sun keep the same clock, as far as the place is known."""
    unknown = [
        field
        for field in ("latitude_deg", "longitude_deg", "utc_offset_h")
        if getattr(raw, field) is None and getattr(site, field) is None
    ]
    if unknown:
        return (f"The file does not state its place: give {', '.join(f'site.{field}' for field in unknown)}.",)
    return clock_notes(read_weather(path, site=site))


def clock_notes(weather: Weather) -> tuple[str, ...]:
    """Say how far GHI is from DHI + DNI cos(zenith), if it is, and which shift of the stamps would bring it closer."""
    errors = {
        shift_h: closure_error_frac(replace(weather, sun_offset_h=weather.sun_offset_h + shift_h))
        for shift_h in (-1.0, -0.5, 0.0, 0.5, 1.0)
    }
    if errors[0.0] < _NOTED_CLOSURE_FRAC:
        return ()
    best_h = min(errors, key=lambda shift_h: errors[shift_h])
    note = f"GHI misses DHI + DNI cos(zenith) by {errors[0.0]:.1%} over the year"
    if errors[best_h] > 0.5 * errors[0.0]:
        return (f"{note}: the three come from different models, or the stamps are off.",)
    direction = "later" if best_h > 0 else "earlier"
    return (
        f"{note}, but by {errors[best_h]:.1%} with the sun {abs(best_h):g} h {direction}: "
        "check site.weather_stamp, site.longitude_deg and site.utc_offset_h.",
    )
