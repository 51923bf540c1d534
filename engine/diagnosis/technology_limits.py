"""What a planner could move of a technology: how much of it there may be, and how early.

The model of a diagnosis is built without these limits; each comes back as a row that can give way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.formulation import Capacity, Formulation, Quantity
from engine.limits.relaxable import Relaxable
from engine.scenario.equipment import Equipment
from engine.scenario.schema import Scenario
from engine.technologies.behaviour import first_service_year
from engine.units import MONTHS_PER_YEAR

# Far above what any plan uses, and small enough for a coefficient: multiples of the highest load.
MOST_UNITS = 5000
MOST_CONNECTION_PER_PEAK = 10.0
MOST_PLANT_PER_PEAK = 100.0
MOST_STORAGE_H_OF_PEAK = 2000.0


@dataclass(frozen=True)
class Maximum:
    """How a kind of technology states how much of it there may be.

    Attributes
    ----------
    field, unit : str
    quantity : callable
        What it limits, by year.
    most : callable
        The field once it does not limit any more, for a highest load [MW].
    size : callable
        A relaxation of 1, where the field is zero, for the data and a highest load [MW].
    """

    field: str
    unit: str
    quantity: Callable[[Capacity], Mapping[int, Quantity]]
    most: Callable[[float], float]
    size: Callable[[Any, float], float]
    whole: bool = False


MAXIMA: dict[str, Maximum] = {
    "thermal": Maximum(
        "max_units", "units", lambda c: c.units, lambda _: MOST_UNITS, lambda d, mw: mw / d.unit_mw, whole=True
    ),
    "solar": Maximum(
        "max_mw", "MW", lambda c: c.p_mw, lambda mw: MOST_PLANT_PER_PEAK * mw, lambda _, mw: mw
    ),
    "wind": Maximum(
        "max_mw", "MW", lambda c: c.p_mw, lambda mw: MOST_PLANT_PER_PEAK * mw, lambda _, mw: mw
    ),
    "battery": Maximum(
        "max_mwh", "MWh", lambda c: c.e_mwh, lambda mw: MOST_STORAGE_H_OF_PEAK * mw, lambda _, mw: 4.0 * mw
    ),
    "grid": Maximum(
        "max_mw", "MW", lambda c: c.p_mw, lambda mw: MOST_CONNECTION_PER_PEAK * mw, lambda _, mw: mw
    ),
}  # fmt: skip


@dataclass(frozen=True)
class LeadTime(Relaxable):
    """A lead time gives way in whole years.

    Attributes
    ----------
    start, earliest : int
        First year of service, now and with no lead time at all.
    """

    start: int = 0
    earliest: int = 0
    months_before_earliest: float = 0.0

    @property
    def scale(self) -> float:
        """A relaxation of 1: the whole lead time [yr]."""
        return float(self.start - self.earliest)

    def loosened(self, by: float) -> float:
        """The longest lead time [months] with which service begins `by` years earlier."""
        year = self.start - round(by)
        return min(self.now, MONTHS_PER_YEAR * (year - self.earliest) + self.months_before_earliest)


def without_technology_limits(scenario: Scenario, peak_mw: float) -> Scenario:
    """The scenario with as much of every technology as could be of use, from the first year on."""
    freed = {key: _freed(data, peak_mw) for key, data in scenario.technologies.items()}
    return scenario.model_copy(update={"technologies": freed})


def _freed(data: Any, peak_mw: float) -> Any:
    maximum = MAXIMA[data.kind]
    most = max(getattr(data, maximum.field), maximum.most(peak_mw))
    return data.model_copy(update={maximum.field: most, "lead_time_months": 0.0})


def maxima(scenario: Scenario, form: Formulation) -> Iterator[tuple[Relaxable, Mapping[int, Quantity]]]:
    """Each technology's "at most" and what it limits."""
    peak_mw = float(form.steps.peak_mw.max())
    for key, data in scenario.active_technologies.items():
        maximum = MAXIMA[data.kind]
        now = float(getattr(data, maximum.field))
        relaxable = Relaxable(
            f"{key}.{maximum.field}",
            f"{name_of(key, data)} maximum",
            maximum.unit,
            f"technologies.{key}.{maximum.field}",
            now,
            size=now or maximum.size(data, peak_mw),
            whole=maximum.whole,
        )
        yield relaxable, maximum.quantity(form.capacities[key])


def lead_times(scenario: Scenario, form: Formulation) -> Iterator[tuple[LeadTime, Mapping[int, Quantity]]]:
    """Each lead time that keeps a technology out of a year of the plan, and what is built by year."""
    for key, data in scenario.active_technologies.items():
        start, earliest = first_service_year(scenario, data), _earliest(scenario, data)
        if start <= max(earliest, form.years[0]):
            continue
        relaxable = LeadTime(
            f"{key}.lead_time_months",
            f"{name_of(key, data)} lead time",
            "months",
            f"technologies.{key}.lead_time_months",
            data.lead_time_months,
            sense="at_least",
            start=start,
            earliest=max(earliest, form.years[0]),
            months_before_earliest=_longest_months(scenario, data, max(earliest, form.years[0])),
        )
        yield relaxable, form.capacities[key].built_mw


def name_of(key: str, data: Equipment) -> str:
    """A technology as shown."""
    return data.label or key.replace("_", " ").capitalize()


def _earliest(scenario: Scenario, data: Equipment) -> int:
    return first_service_year(scenario, data.model_copy(update={"lead_time_months": 0.0}))


def _longest_months(scenario: Scenario, data: Equipment, year: int) -> float:
    """The longest lead time [whole months] with which service begins in a year."""
    months = int(data.lead_time_months)
    while (
        months > 0 and first_service_year(scenario, data.model_copy(update={"lead_time_months": float(months)})) > year
    ):
        months -= 1
    return float(months)
