"""Futures: how the world may turn out, as other values at some places of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.choice.variants import unknown_places, variant
from engine.errors import InputError, Problem
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Scenario
from engine.wording import plural

CARBON_USD_PER_TONNE = 50.0
GRID_MONTHS = 24.0
MOST = 24


@dataclass(frozen=True)
class Future:
    """A way the world may turn out.

    Attributes
    ----------
    name : str
        "Gas +50 %".
    values : mapping
        Value by place of the scenario; none: as the scenario says.
    weight : float
        How much it counts in the mean regret.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """As in the options of a study and in a file of futures."""
        return {"name": self.name, "values": dict(self.values), "weight": self.weight}

    def world(self, reference: LoadedScenario) -> LoadedScenario:
        """The scenario of this future."""
        return variant(reference, self.values, f"{reference.scenario.name}, {self.name}")


def read_futures(rows: Any, reference: LoadedScenario) -> tuple[Future, ...]:
    """Futures from plain data (a YAML or JSON list of name, values, weight).

    Raises
    ------
    InputError
        Every problem at once: form, unknown places, refused values.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InputError("futures", [Problem("", "is not a list; each entry has name, values and, if any, weight.")])
    problems: list[Problem] = []
    found: list[Future] = []
    for number, row in enumerate(rows, start=1):
        future = _read(row, f"future {number}", problems)
        if future is None:
            continue
        if future.name in [other.name for other in found]:
            problems.append(Problem(f'future {number} "{future.name}"', "has the name of an earlier one; rename it."))
        problems += _problems(future, reference)
        found.append(future)
    if len(found) > MOST:
        problems.append(Problem("", f"{len(found)} futures are given; at most {MOST} are weighed at once."))
    if problems:
        raise InputError("futures", problems)
    return tuple(found)


def _read(row: Any, place: str, problems: list[Problem]) -> Future | None:
    before = len(problems)
    if not isinstance(row, Mapping) or not str(row.get("name") or "").strip():
        problems.append(Problem(place, "needs a name and values, e.g. {name: Dear gas, values: {place: 5.0}}."))
        return None
    if unknown := set(row) - {"name", "values", "weight"}:
        problems.append(Problem(f"{place}.{min(unknown)}", "is not known; an entry has name, values and weight."))
    if not isinstance(row.get("values", {}), Mapping):
        problems.append(Problem(f"{place}.values", "is no mapping of place to value."))
    weight = row.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
        problems.append(Problem(f"{place}.weight", f"is {weight!r}; it must be a number above 0."))
    if len(problems) > before:
        return None
    return Future(str(row["name"]).strip(), dict(row.get("values", {})), float(weight))


def _problems(future: Future, reference: LoadedScenario) -> list[Problem]:
    place = f'"{future.name}"'
    if unknown := unknown_places(reference, future.values):
        return [Problem(f"{place}: {problem.place}", problem.message) for problem in unknown]
    try:
        future.world(reference)
    except InputError as error:
        return [Problem(f"{place}: {problem.place}", problem.message) for problem in error.problems]
    return []


def default_futures(scenario: Scenario) -> tuple[Future, ...]:
    """Futures that a planner of this scenario would ask about first."""
    return (*_gas(scenario), *_load(scenario), *_grid(scenario), *_limits(scenario), *_carbon(scenario))


def _gas(scenario: Scenario) -> Iterator[Future]:
    fuel = scenario.fuel
    for factor, name in ((0.7, "Gas −30 %"), (1.5, "Gas +50 %")):
        if fuel.price_path is not None:
            yield Future(name, {"fuel.price_path": [round(price * factor, 4) for price in fuel.price_path]})
        elif fuel.price_usd_per_mmbtu > 0:
            yield Future(name, {"fuel.price_usd_per_mmbtu": round(fuel.price_usd_per_mmbtu * factor, 4)})


def _load(scenario: Scenario) -> Iterator[Future]:
    load = scenario.load
    if scenario.time.years > 1 and load.multiples_by_year is None and load.growth_frac_per_yr > 0:
        place = "load.growth_frac_per_yr"
        yield Future("Growth halved", {place: round(load.growth_frac_per_yr / 2, 4)})
        yield Future("Growth +30 %", {place: round(load.growth_frac_per_yr * 1.3, 4)})
    elif load.series is None and load.it_peak_mw > 0:
        yield Future("Load −10 %", {"load.it_peak_mw": round(load.it_peak_mw * 0.9, 4)})
        yield Future("Load +10 %", {"load.it_peak_mw": round(load.it_peak_mw * 1.1, 4)})


def _grid(scenario: Scenario) -> Iterator[Future]:
    leads = {
        f"technologies.{key}.lead_time_months": data.lead_time_months
        for key, data in scenario.active_technologies.items()
        if data.kind == "grid" and data.lead_time_months > 0
    }
    if not leads or scenario.time.years < 2:
        return
    months = plural(int(GRID_MONTHS), "month")
    yield Future(f"Grid {months} late", {place: lead + GRID_MONTHS for place, lead in leads.items()})
    yield Future(f"Grid {months} early", {place: max(0.0, lead - GRID_MONTHS) for place, lead in leads.items()})


def _limits(scenario: Scenario) -> Iterator[Future]:
    nox = scenario.limits.nox_short_tons_per_yr
    if nox:
        yield Future("NOx limit −20 %", {"limits.nox_short_tons_per_yr": round(nox * 0.8, 4)})


def _carbon(scenario: Scenario) -> Iterator[Future]:
    if not scenario.prices_carbon:
        name = f"Carbon at {CARBON_USD_PER_TONNE:g} USD/t"
        yield Future(name, {"money.carbon_price_usd_per_tonne": CARBON_USD_PER_TONNE})
