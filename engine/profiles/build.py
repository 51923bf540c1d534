"""From a scenario and its files to the hourly inputs of a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.profiles.attempts import Attempts
from engine.profiles.derate import availability_pu, heat_derate_frac
from engine.profiles.first_year import first_year_load
from engine.profiles.load import grown_load_mw
from engine.profiles.prices import (
    GridPrices,
    Price,
    as_number,
    filled_sentence,
    flat_price,
    gas_price_multiple,
    synthetic_price,
)
from engine.profiles.result import Profiles, Series
from engine.profiles.series import INTENSITY_RANGE, PER_UNIT_RANGE, PRICE_RANGE
from engine.profiles.solar import photovoltaic_pu
from engine.profiles.sources import scenario_series, scenario_weather
from engine.profiles.tariff import with_price_periods
from engine.profiles.weather import Weather
from engine.profiles.wind import wind_pu
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import SYNTHETIC_PRICE
from engine.scenario.technologies import Grid, Solar, Thermal, Wind
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
    thermal = {key: tech for key, tech in active.items() if isinstance(tech, Thermal)}
    renewable = {key: tech for key, tech in active.items() if isinstance(tech, Solar | Wind)}
    grids = {key: tech for key, tech in active.items() if isinstance(tech, Grid)}
    attempts = Attempts()
    weather = attempts.to(scenario_weather, loaded)
    first_year = attempts.to(first_year_load, loaded)
    solar_pu = {key: attempts.to(_output_pu, loaded, key, tech, weather) for key, tech in renewable.items()}
    prices = {key: attempts.to(_grid_prices, loaded, key, tech) for key, tech in grids.items()}
    intensity = {key: attempts.to(_co2_kg_per_mwh, loaded, key, tech) for key, tech in grids.items()}
    attempts.raise_if_any(loaded.source)
    assert weather is not None
    assert first_year is not None
    good_prices = {key: price for key, price in prices.items() if price is not None}
    derate_frac = {key: heat_derate_frac(tech, weather.temp_air_c) for key, tech in thermal.items()}
    return Profiles(
        years=scenario.calendar_years,
        load_mw=grown_load_mw(first_year.mw, scenario.load, years=scenario.time.years),
        temp_air_c=weather.temp_air_c,
        availability_pu={key: availability_pu(tech, derate_frac[key]) for key, tech in thermal.items()},
        derate_frac=derate_frac,
        solar_pu={key: pu for key, pu in solar_pu.items() if pu is not None},
        import_price_usd_per_mwh={key: price.import_usd_per_mwh for key, price in good_prices.items()},
        export_price_usd_per_mwh={key: price.export_usd_per_mwh for key, price in good_prices.items()},
        co2_kg_per_mwh={key: series for key, series in intensity.items() if series is not None},
        gas_price_multiple=gas_price_multiple(scenario.fuel),
        synthetic=(
            *first_year.made_up,
            *(said for price in good_prices.values() for said in price.made_up),
        ),
    )


def _output_pu(loaded: LoadedScenario, key: str, plant: Solar | Wind, weather: Weather | None) -> Series | None:
    """Output of a plant; None where the weather it needs was refused."""
    place = f"technologies.{key}"
    if plant.series is not None:
        return scenario_series(loaded, plant.series, place=f"{place}.series", valid=PER_UNIT_RANGE).values
    if weather is None:
        return None
    if isinstance(plant, Wind):
        return wind_pu(weather, plant.turbine, place=place)
    return photovoltaic_pu(weather, plant.array)


def _co2_kg_per_mwh(loaded: LoadedScenario, key: str, grid: Grid) -> Series:
    if grid.co2_series is None:
        return np.full(HOURS_PER_YEAR, grid.co2_kg_per_mwh)
    place = f"technologies.{key}.co2_series"
    return scenario_series(loaded, grid.co2_series, place=place, valid=INTENSITY_RANGE).values


def _grid_prices(loaded: LoadedScenario, key: str, grid: Grid) -> GridPrices:
    """Import price with the adder; the export price is the same without it where the scenario states none."""
    place, name = f"technologies.{key}", grid.label or key
    attempts = Attempts()
    market = export = attempts.to(_price, loaded, grid.price, place=f"{place}.price", of=name)
    if grid.export_price is not None:
        export = attempts.to(_price, loaded, grid.export_price, place=f"{place}.export_price", of=f"exports to {name}")
    attempts.raise_if_any(loaded.source)
    assert market is not None
    assert export is not None
    if grid.price_periods:
        first_year = loaded.scenario.time.first_year
        laid = with_price_periods(market.usd_per_mwh, grid.price_periods, first_year)
        export = replace(export, usd_per_mwh=laid) if grid.export_price is None else export
        market = replace(market, usd_per_mwh=laid)
    made_up = tuple(dict.fromkeys(price.made_up for price in (market, export) if price.made_up))
    return GridPrices(market.usd_per_mwh + grid.price_adder_usd_per_mwh, export.usd_per_mwh, made_up)


def _price(loaded: LoadedScenario, price: float | str, *, place: str, of: str) -> Price:
    if price == SYNTHETIC_PRICE:
        return synthetic_price(of=of)
    number = as_number(price)
    if number is not None:
        return flat_price(number, place=place)
    assert isinstance(price, str)
    series = scenario_series(loaded, price, place=place, valid=PRICE_RANGE)
    return Price(series.values, filled_sentence(series.filled_hours, of=of, file=price))
