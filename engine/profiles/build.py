"""From a scenario and its files to the hourly inputs of a plan."""

from __future__ import annotations

import numpy as np

from engine.errors import InputError, Problem
from engine.profiles.attempts import Attempts
from engine.profiles.derate import availability_pu, heat_derate_frac
from engine.profiles.load import grown_load_mw, shaped_load_mw
from engine.profiles.prices import SYNTHETIC_MEAN_USD_PER_MWH, synthetic_price_usd_per_mwh
from engine.profiles.result import Profiles, Series
from engine.profiles.solar import photovoltaic_pu
from engine.profiles.weather import Weather
from engine.profiles.weather_files import built_in_weather
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import BUILT_IN_WEATHER, SYNTHETIC_PRICE, Load
from engine.scenario.technologies import Grid, Solar, Thermal
from engine.units import HOURS_PER_YEAR


def build_profiles(loaded: LoadedScenario) -> Profiles:
    """Hourly weather, load, solar output, availability and prices of a scenario's enabled technologies.

    Parameters
    ----------
    loaded : LoadedScenario
        A validated scenario with its files.

    Returns
    -------
    Profiles

    Raises
    ------
    InputError
        With the problems of all inputs together.
    """
    scenario = loaded.scenario
    active = scenario.active_technologies
    attempts = Attempts()
    weather = attempts.to(_weather, loaded)
    first_year_mw = attempts.to(_first_year_load_mw, loaded)
    solar = {
        key: attempts.to(_solar_pu, loaded, key, tech, weather)
        for key, tech in active.items()
        if isinstance(tech, Solar)
    }
    grids = {key: tech for key, tech in active.items() if isinstance(tech, Grid)}
    prices = {key: attempts.to(_grid_prices, loaded, key, tech) for key, tech in grids.items()}
    attempts.raise_if_any(loaded.source)
    assert weather is not None
    assert first_year_mw is not None
    thermal = {key: tech for key, tech in active.items() if isinstance(tech, Thermal)}
    derates = {key: heat_derate_frac(tech, weather.temp_air_c) for key, tech in thermal.items()}
    return Profiles(
        years=scenario.calendar_years,
        load_mw=grown_load_mw(first_year_mw, scenario.load, years=scenario.time.years),
        temp_air_c=weather.temp_air_c,
        availability_pu={key: availability_pu(tech, derates[key]) for key, tech in thermal.items()},
        derate_frac=derates,
        solar_pu={key: pu for key, pu in solar.items() if pu is not None},
        import_price_usd_per_mwh={key: pair[0] for key, pair in prices.items() if pair is not None},
        export_price_usd_per_mwh={key: pair[1] for key, pair in prices.items() if pair is not None},
        synthetic=_made_up(scenario.load, grids),
    )


def _weather(loaded: LoadedScenario) -> Weather:
    name = loaded.scenario.site.weather
    if name in BUILT_IN_WEATHER:
        return built_in_weather(name)
    raise InputError(loaded.source, [Problem("site.weather", f'is "{name}"; weather files are not read yet.')])


def _first_year_load_mw(loaded: LoadedScenario) -> Series:
    load = loaded.scenario.load
    return shaped_load_mw(load) if load.series is None else _series(loaded, load.series, place="load.series")


def _solar_pu(loaded: LoadedScenario, key: str, solar: Solar, weather: Weather | None) -> Series | None:
    if solar.series is not None:
        return _series(loaded, solar.series, place=f"technologies.{key}.series")
    return None if weather is None else photovoltaic_pu(weather, solar.array)


def _grid_prices(loaded: LoadedScenario, key: str, grid: Grid) -> tuple[Series, Series]:
    """Import price with the adder, and export price, two arrays (8760,) [USD/MWh]."""
    market = _price(loaded, grid.price, place=f"technologies.{key}.price")
    export = market
    if grid.export_price is not None:
        export = _price(loaded, grid.export_price, place=f"technologies.{key}.export_price")
    return market + grid.price_adder_usd_per_mwh, export


def _price(loaded: LoadedScenario, price: float | str, *, place: str) -> Series:
    if isinstance(price, float | int):
        return np.full(HOURS_PER_YEAR, float(price))
    if price == SYNTHETIC_PRICE:
        return synthetic_price_usd_per_mwh()
    return _series(loaded, price, place=place)


def _series(loaded: LoadedScenario, reference: str, *, place: str) -> Series:
    raise InputError(loaded.source, [Problem(place, f'is "{reference}"; hourly files are not read yet.')])


def _made_up(load: Load, grids: dict[str, Grid]) -> tuple[str, ...]:
    """One sentence for each input that is made up, not measured."""
    sentences = []
    if load.series is None and load.it_peak_mw > 0:
        sentences.append(
            "The hourly load is synthetic: a day, season and noise shape set to the peak and load factor, not metered."
        )
    for key, grid in grids.items():
        if SYNTHETIC_PRICE in (grid.price, grid.export_price):
            sentences.append(
                f"The hourly price of {grid.label or key} is synthetic: a made-up day-ahead year with a mean of "
                f"{SYNTHETIC_MEAN_USD_PER_MWH:g} USD/MWh, measured nowhere."
            )
    return tuple(sentences)
