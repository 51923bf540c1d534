"""What a draft means for the site, before anything is solved: load by year, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import uploads
from dashboard.forms.spec import field_spec
from engine.errors import InputError, Problem
from engine.profiles.load import growth_multiples, shaped_load_mw
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Load


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
        peak_mw, energy_mwh = _first_year(scenario.load)
    except InputError as error:
        return tuple(error.problems)
    multiple = float(growth_multiples(scenario.load, years=scenario.time.years)[-1])
    hours = 8760
    return LoadSummary(
        first_year=scenario.calendar_years[0],
        last_year=scenario.calendar_years[-1],
        peak_mw=peak_mw,
        last_peak_mw=multiple * peak_mw,
        energy_mwh=energy_mwh,
        last_energy_mwh=multiple * energy_mwh,
        load_factor_frac=energy_mwh / (hours * peak_mw) if peak_mw else 0.0,
    )


def _first_year(load: Load) -> tuple[float, float]:
    """Peak [MW] and energy [MWh] of the first year."""
    if load.series is None:
        hourly = shaped_load_mw(load)
        return float(hourly.max()), float(hourly.sum())
    spec = field_spec("load.series", Load.model_fields["series"])
    taken = uploads.of_value(spec, load.series)
    if taken is None or taken.check is None:
        problems = taken.error.problems if taken and taken.error else [Problem("", "is not there any more.")]
        raise InputError("load", [Problem("load.series", f"reads {load.series}: {problem}") for problem in problems])
    return taken.check.value("peak_mw"), taken.check.value("annual_mwh")
