"""The facility's load in the first year of a plan: metered, from utilisation, or made up; and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.profiles.load import shaped_load_mw, utilised_load_mw
from engine.profiles.result import Series
from engine.profiles.series import LOAD_RANGE
from engine.profiles.sources import scenario_series, scenario_trace
from engine.profiles.utilisation import repeat_sentence, year_of_trace
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Load


@dataclass(frozen=True)
class FirstYearLoad:
    """Load of the first year.

    Attributes
    ----------
    mw : array (8760,)
        Facility load [MW].
    made_up : tuple of str
        One sentence for each thing about it that is not measured.
    """

    mw: Series
    made_up: tuple[str, ...]


def first_year_load(loaded: LoadedScenario) -> FirstYearLoad:
    """Hourly load of a scenario's first year.

    Raises
    ------
    InputError
        Everything that keeps the load from being made.
    """
    load = loaded.scenario.load
    if load.series is not None:
        return FirstYearLoad(scenario_series(loaded, load.series, place="load.series", valid=LOAD_RANGE).values, ())
    if load.utilisation_series is not None:
        return _from_utilisation(loaded, load.utilisation_series)
    return FirstYearLoad(shaped_load_mw(load), _shape_sentences(load))


def _from_utilisation(loaded: LoadedScenario, reference: str) -> FirstYearLoad:
    scenario = loaded.scenario
    trace = scenario_trace(loaded, reference, place="load.utilisation_series")
    weekday = date(scenario.time.first_year, 1, 1).weekday()
    mw = utilised_load_mw(year_of_trace(trace, first_weekday=weekday), scenario.load)
    power = (
        "The hourly load follows measured utilisation, not a meter: idle IT is taken to draw "
        f"{scenario.load.idle_frac:.0%} of full power, and the load factor follows from the trace."
    )
    return FirstYearLoad(mw, tuple(said for said in (repeat_sentence(trace), *trace.notes, power) if said))


def _shape_sentences(load: Load) -> tuple[str, ...]:
    if load.it_peak_mw == 0:
        return ()
    how = (
        "flat at its peak" if load.load_factor_frac == 1.0 else "day, season and noise set to the peak and load factor"
    )
    return (f"The hourly load is synthetic: {how}, not metered.",)
