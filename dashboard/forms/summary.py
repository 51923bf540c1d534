"""What a draft means for the site, before anything is solved: load by year, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import InputError, Problem
from engine.profiles import first_year_load
from engine.profiles.load import growth_multiples
from engine.scenario.loading import LoadedScenario
from engine.units import HOURS_PER_YEAR


@dataclass(frozen=True)
class LoadSummary:
    """Load of the first and the last year.

    Attributes
    ----------
    first_year, last_year : int
    peak_mw, last_peak_mw : float
    energy_mwh, last_energy_mwh : float
    load_factor_frac : float
    problems : tuple of Problem
        What keeps the hourly load from being made.
    """

    first_year: int
    last_year: int
    peak_mw: float
    last_peak_mw: float
    energy_mwh: float
    last_energy_mwh: float
    load_factor_frac: float
    problems: tuple[Problem, ...] = ()


def load_summary(loaded: LoadedScenario) -> LoadSummary | tuple[Problem, ...]:
    """Peak and energy of a valid scenario's first and last year, or why its load cannot be made."""
    scenario = loaded.scenario
    try:
        hourly_mw = first_year_load(loaded).mw
    except InputError as error:
        return tuple(error.problems)
    multiple = float(growth_multiples(scenario.load, years=scenario.time.years)[-1])
    peak_mw, energy_mwh = float(hourly_mw.max()), float(hourly_mw.sum())
    return LoadSummary(
        first_year=scenario.calendar_years[0],
        last_year=scenario.calendar_years[-1],
        peak_mw=peak_mw,
        last_peak_mw=multiple * peak_mw,
        energy_mwh=energy_mwh,
        last_energy_mwh=multiple * energy_mwh,
        load_factor_frac=energy_mwh / (HOURS_PER_YEAR * peak_mw) if peak_mw else 0.0,
    )
