"""The diagnosis: which limits conflict, what each would have to be alone, and the least change of all together."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.adequacy import is_short, unseen_weeks
from engine.derivation import relaxed
from engine.diagnosis.elastic import SERVED, Elastic, Relaxation
from engine.diagnosis.result import Diagnosis, Outcome, Remedy, Way
from engine.diagnosis.rounding import tidy
from engine.diagnosis.statements import conflicting_statements
from engine.dispatch import run_year
from engine.periods import Steps, coarsened, select_periods
from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario

# Larger models are searched in blocks of four hours; what is found is confirmed on every hour.
COARSE_FROM_COLUMNS = 15_000
COARSE_HOURS = 4
# Weeks that the way out itself falls short in are looked at too, so that what it says holds over the year.
MOST_ROUNDS = 6
# Of each search of whole numbers, as a share of the scenario's own time limit.
TIME_SHARE = 0.1


def diagnose(scenario: Scenario, profiles: Profiles, added: tuple[int, ...] = ()) -> Diagnosis:
    """Say why the plan cannot serve all load within its limits, and what would have to give way.

    Parameters
    ----------
    scenario : Scenario
    profiles : Profiles
    added : tuple of int
        First days of the weeks that the sizing saw beyond its representative ones.
    """
    started = time.perf_counter()
    for _ in range(MOST_ROUNDS):
        search = _Search(scenario, select_periods(scenario, profiles, added))
        least = search.find(search.full.movable)
        days = () if least is None else _unseen_weeks(search, least, profiles, added)
        if not days:
            break
        added = (*added, *days)
    found = search.answer(least)
    return Diagnosis(**{**vars(found), "seconds": round(time.perf_counter() - started, 3)})


@dataclass(frozen=True)
class _Found:
    """A relaxation, and whether it holds on every hour with whole units."""

    relaxation: Relaxation
    confirmed: bool


class _Search:
    """The questions of one diagnosis."""

    def __init__(self, scenario: Scenario, steps: Steps) -> None:
        self.scenario = scenario
        limit_s = max(10.0, TIME_SHARE * scenario.solver.time_limit_s)
        self.full = Elastic(scenario, steps, limit_s)
        large = self.full.matrix.lp.num_col_ > COARSE_FROM_COLUMNS and steps.count % COARSE_HOURS == 0
        self.quick = Elastic(scenario, coarsened(steps, COARSE_HOURS), limit_s) if large else self.full
        # The whole numbers alone can be in the way: then every question is asked of whole units.
        self.whole = False

    def answer(self, least: _Found | None) -> Diagnosis:
        """Ask what remains once the least relaxation of all limits is known."""
        if least is None:
            statements, years = conflicting_statements(self.quick)
            return Diagnosis(Outcome.NO_REMEDY, self._remedies({}, {}), statements=statements, years=years)
        if not least.relaxation.by:
            return Diagnosis(Outcome.BY_CHOICE, overrides=self._serve_all())
        self.whole = self.quick.least([]) is not None
        alone = {name: found for name in self.full.knobs if (found := self.find([name])) is not None}
        conflicts = tuple(self._conflicts(least.relaxation.by, alone))
        return Diagnosis(
            Outcome.CONFLICT,
            self._remedies(self._tidied(least), alone),
            conflicts,
            self.overrides(least),
            least.relaxation.total,
            confirmed=least.confirmed and all(found.confirmed for found in alone.values()),
        )

    def overrides(self, found: _Found) -> dict[str, Any]:
        """What the scenario says once these limits gave way, and all load is asked for."""
        overrides: dict[str, Any] = self._serve_all()
        for name, value in self._tidied(found).items():
            overrides |= self._written(name, value)
        return overrides

    def _tidied(self, found: _Found) -> dict[str, float]:
        return {name: tidy(self.full.knobs[name].relaxable, by) for name, by in found.relaxation.by.items()}

    def find(self, names: Collection[str]) -> _Found | None:
        """The least relaxation of these limits with whole units: found quickly, confirmed on every hour."""
        if self.quick.least(names) is None:
            return None
        found = self.quick.least(names, whole=True)
        if found is None or self.quick is self.full:
            return None if found is None else _Found(found, True)
        confirmed = self.full.least(names, fixed=found.whole_numbers) or self.full.least(names, whole=True)
        return _Found(confirmed or found, confirmed is not None)

    def _conflicts(self, least: Mapping[str, float], alone: Mapping[str, _Found]) -> list[tuple[str, ...]]:
        """Conflicts, one after the other: each an irreducible set of limits, and together all that is in the way.

        After a conflict is found, those of its limits that give way in the least relaxation are lifted; what is still
        impossible holds another one.
        """
        lifted: list[str] = []
        found: list[tuple[str, ...]] = []
        while self.quick.least(lifted, whole=self.whole) is None:
            found.append(self._conflict(lifted, least, alone))
            lifted += [name for name in found[-1] if name in least]
        return found

    def _conflict(
        self, lifted: Collection[str], least: Mapping[str, float], alone: Mapping[str, _Found]
    ) -> tuple[str, ...]:
        """Limits that are together impossible, and possible as soon as one of them is lifted as well.

        A limit that cures alone belongs to every such set. Of the others, technologies' own limits are lifted first,
        then the site's, then those of the least relaxation: the later ones are more likely to stay.
        """
        lifted = list(lifted)
        members = [name for name in alone if name != SERVED]
        others = [name for name in self.full.movable if name not in (*members, *lifted)]
        for name in sorted(others, key=lambda name: (name in least, not self._is_of_technology(name))):
            if self.quick.least([*lifted, name], whole=self.whole) is None:
                lifted.append(name)
            else:
                members.append(name)
        return tuple(name for name in self.full.movable if name in members)

    def _is_of_technology(self, name: str) -> bool:
        return self.full.knobs[name].relaxable.path.startswith("technologies.")

    def _serve_all(self) -> dict[str, Any]:
        """A plan may shed what it promised to serve or not; a relaxed one is asked to serve everything."""
        return {} if self.scenario.limits.served_frac == 1.0 else {"limits.served_frac": 1.0}

    def _written(self, name: str, value: float) -> dict[str, Any]:
        relaxable = self.full.knobs[name].relaxable
        if relaxable.off is not None:
            return dict(relaxable.off)
        return {relaxable.path: int(value) if relaxable.whole else value}

    def _remedies(self, least: Mapping[str, float], alone: Mapping[str, _Found]) -> tuple[Remedy, ...]:
        remedies = []
        for name, knob in self.full.knobs.items():
            relaxable, way = knob.relaxable, None
            if name in alone:
                value = tidy(relaxable, alone[name].relaxation.by.get(name, 0.0))
                served = {} if name == SERVED else self._serve_all()
                way = Way(value, served | self._written(name, value))
            remedies.append(
                Remedy(
                    name, relaxable.label, relaxable.unit, relaxable.path, relaxable.sense, relaxable.now,
                    way, least.get(name),
                )
            )  # fmt: skip
        return tuple(remedies)


def _unseen_weeks(search: _Search, least: _Found, profiles: Profiles, added: tuple[int, ...]) -> tuple[int, ...]:
    """First days of weeks in which the way out, dispatched over the year, still falls short; latest year first."""
    scenario = search.scenario
    if scenario.time.method == "full" or not least.confirmed:
        return ()
    cured = Scenario.model_validate(relaxed(scenario.model_dump(mode="json"), search.overrides(least)))
    capacity, commitments = search.full.plan_tables(least.relaxation)
    for year in reversed(profiles.years):
        hourly, _ = run_year(cured, profiles, capacity, commitments, year)
        if is_short(hourly) and (days := unseen_weeks(scenario, hourly, added)):
            return days
    return ()
