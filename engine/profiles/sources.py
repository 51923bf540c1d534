"""Where the inputs of a scenario come from: its files, with problems told in the scenario's terms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.errors import InputError, Problem
from engine.profiles.series import HourlySeries, Range, read_hourly
from engine.profiles.utilisation import Trace, read_trace
from engine.profiles.weather import Weather
from engine.profiles.weather_files import built_in_weather, read_weather
from engine.scenario.loading import LoadedScenario, split_reference
from engine.scenario.schema import BUILT_IN_WEATHER

T = TypeVar("T")


def scenario_weather(loaded: LoadedScenario) -> Weather:
    """Read the weather year that `site.weather` names."""
    site = loaded.scenario.site
    if site.weather in BUILT_IN_WEATHER:
        return built_in_weather(site.weather)
    return _in_terms_of("site.weather", lambda: read_weather(_path(loaded, site.weather), site=site), site.weather)


def scenario_series(loaded: LoadedScenario, reference: str, *, place: str, valid: Range) -> HourlySeries:
    """Read the hourly column `file:column` that the field `place` refers to."""
    file, column = split_reference(reference)
    return _in_terms_of(place, lambda: read_hourly(_path(loaded, file), column=column, valid=valid), file)


def scenario_trace(loaded: LoadedScenario, reference: str, *, place: str) -> Trace:
    """Read the utilisation column `file:column` that the field `place` refers to."""
    file, column = split_reference(reference)
    return _in_terms_of(place, lambda: read_trace(_path(loaded, file), column=column), file)


def _path(loaded: LoadedScenario, reference: str) -> Path:
    return loaded.files[reference].path


def _in_terms_of(place: str, read: Callable[[], T], file: str) -> T:
    """Read, and lay problems of the file at the door of the scenario's field."""
    try:
        return read()
    except InputError as error:
        problems = [
            problem if problem.place.startswith("site.") else Problem(place, f"reads {file}: {problem}")
            for problem in error.problems
        ]
        raise InputError(error.source, problems) from None
