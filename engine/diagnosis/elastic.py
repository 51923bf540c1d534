"""The sizing model with all load served and every named limit able to give way: one matrix, solved again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.diagnosis.technology_limits import lead_times, maxima, without_technology_limits
from engine.highs import SolverSettings
from engine.limits import limits_of
from engine.limits.relaxable import Relaxable
from engine.matrix import compile_model, dense
from engine.model import Reading, build
from engine.periods import Steps
from engine.scenario.schema import Scenario
from engine.solver import Solution, Termination
from engine.solver_session import INFINITY, Point, Session
from engine.technologies.one_direction import HOURLY_CHOICE
from engine.terms import Terms

SERVED = "served"
# Whole numbers are looked for to this share of the least relaxation; they are rounded to three digits afterwards.
GAP_FRAC = 1e-3
SWITCH = "switch."
# A relaxation below this share of its limit is the solver's tolerance.
NOTHING = 1e-7
# What being short of a rule that is given up counts beside giving it up: enough to say by how much at least.
TIE = 1e-3


@dataclass(frozen=True)
class Grip:
    """One row that a limit holds, in the matrix.

    Attributes
    ----------
    row, year : int
    day : int or None
        Representative day, where each has a row.
    per_unit : float
        What one unit more of the limit takes from (ceiling, negative) or adds to (floor, positive) the row.
    """

    row: int
    year: int
    day: int | None
    per_unit: float


@dataclass
class Knob:
    """One relaxation in the matrix.

    Attributes
    ----------
    relaxable : Relaxable
    column : int
        How far it gives way, in shares of its scale.
    costs : dict of int to float
        What giving way counts, by column.
    grips : list of Grip
        Rows it holds; none for lead times.
    switches : dict of int to int
        Column of what is all or nothing: early builds by year, or (under 0) the whole limit.
    """

    relaxable: Relaxable
    column: int
    grips: list[Grip] = field(default_factory=list)
    switches: dict[int, int] = field(default_factory=dict)
    costs: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Relaxation:
    """A way out.

    Attributes
    ----------
    by : dict of str to float
        How far each limit gives way, in its own unit; those that do not are left out.
    total : float
        Sum of the relaxations, each as a share of its limit.
    whole_numbers : dict of str to float
        Values of the integer variables, by name.
    values : array
        Of every column.
    """

    by: Mapping[str, float]
    total: float
    whole_numbers: Mapping[str, float]
    values: NDArray[np.float64]


class Elastic:
    """Asks of one scenario and its steps what would make it feasible.

    Parameters
    ----------
    scenario : Scenario
    steps : Steps
    time_limit_s : float
        For each search of whole numbers.
    """

    def __init__(self, scenario: Scenario, steps: Steps, time_limit_s: float) -> None:
        self.form = build(without_technology_limits(scenario, float(steps.peak_mw.max())), steps)
        self.matrix = compile_model(self.form)
        settings = SolverSettings(GAP_FRAC, time_limit_s, scenario.solver.threads, scenario.solver.deterministic)
        self.session = Session(self.matrix, settings)
        self._range = list(zip(self.session.lower, self.session.upper, strict=True))
        self.knobs: dict[str, Knob] = {}
        for limit in limits_of(scenario):
            relaxable = limit.relaxable(self.form)
            if relaxable is not None:
                self._loosen_rows(relaxable)
        for relaxable, quantities in maxima(scenario, self.form):
            self._hold_below(relaxable, quantities)
        for relaxable, built in lead_times(scenario, self.form):
            self._forbid_early_builds(relaxable, built)
        unserved = self.form.flows["unserved_mw"]
        self._unserved = [int(column) for year in self.form.years for column in unserved.of(year)]
        self._most_unserved = [self.session.upper[column] for column in self._unserved]

    def _loosen_rows(self, relaxable: Relaxable) -> None:
        entries = {}
        grips = []
        for held in relaxable.rows(self.form):
            sign = -1.0 if self.session.row_upper[held.row] < INFINITY else 1.0
            entries[held.row] = sign * held.per_unit * relaxable.scale
            grips.append(Grip(held.row, held.year, held.day, sign * held.per_unit))
        # A limit without rows (NOx where nothing burns) is in nobody's way.
        if not entries:
            return
        knob = self._add_knob(relaxable, entries)
        knob.grips = grips
        if relaxable.off is not None:
            # A rule is kept or given up: it counts whole, however little it is short of.
            given_up = self.session.add_column(0.0, 0.0, {}, whole=True)
            self.session.add_row(-INFINITY, 0.0, {knob.column: 1.0, given_up: -1.0})
            knob.switches[0] = given_up
            knob.costs = {given_up: 1.0, knob.column: TIE}

    def _add_knob(self, relaxable: Relaxable, entries: Mapping[int, float]) -> Knob:
        column = self.session.add_column(0.0, 0.0, entries)
        knob = self.knobs[relaxable.limit] = Knob(relaxable, column, costs={column: 1.0})
        return knob

    def _hold_below(self, relaxable: Relaxable, quantities: Mapping[int, Any]) -> None:
        knob = self._add_knob(relaxable, {})
        for year, quantity in quantities.items():
            entries, constant = self.entries(quantity)
            held = {**entries, knob.column: -relaxable.scale}
            row = self.session.add_row(-INFINITY, relaxable.now - constant, held)
            knob.grips.append(Grip(row, year, None, -1.0))

    def _forbid_early_builds(self, relaxable: Any, built: Mapping[int, Any]) -> None:
        """`built[v] <= most x early[v]`, and the relaxation is at least the years by which v is early."""
        knob = self._add_knob(relaxable, {})
        for year, quantity in built.items():
            if year >= relaxable.start:
                continue
            entries, constant = self.entries(quantity)
            most = sum(factor * self.session.upper[column] for column, factor in entries.items()) + constant
            early = self.session.add_column(0.0, 0.0, {}, whole=True)
            self.session.add_row(-INFINITY, -constant, {**entries, early: -most})
            share = (relaxable.start - year) / relaxable.scale
            self.session.add_row(-INFINITY, 0.0, {early: share, knob.column: -1.0})
            knob.switches[year] = early

    def entries(self, quantity: Any) -> tuple[dict[int, float], float]:
        """Coefficient by column, and constant, of a variable or a sum."""
        if isinstance(quantity, Terms):
            by_column = dense(quantity, self.form.column_count)
            return {int(column): float(by_column[column]) for column in np.flatnonzero(by_column)}, quantity.constant
        return {int(quantity): 1.0}, 0.0

    @property
    def movable(self) -> list[str]:
        """Limits that can give way while all load is served."""
        return [name for name in self.knobs if name != SERVED]

    def least(
        self, names: Collection[str], *, whole: bool = False, fixed: Mapping[str, float] | None = None
    ) -> Relaxation | None:
        """The least total relaxation when these limits alone may give way; None: they do not suffice.

        Parameters
        ----------
        whole : bool
            Ask for whole units; else a bound from below.
        fixed : mapping, optional
            Whole numbers to keep, by name.
        """
        self._open(names)
        self.session.price({column: cost for name in names for column, cost in self.knobs[name].costs.items()})
        self._free_integers()
        found = None
        if fixed is not None:
            self._fix(fixed)
        elif whole:
            found = self._solve_whole()
            if found is None:
                return None
            self._fix(self._whole_numbers(found))
        self.session.relax()
        # On the very edge of a row the whole numbers may only fit within the tolerance of their own search.
        point = self.session.solve() or found
        return None if point is None else self._read(point, names)

    def hold_plan(self, whole_numbers: Mapping[str, float]) -> None:
        """Keep every limit as it is and these whole numbers; load may go unserved, and costs are the model's own."""
        self._open([])
        self._allow_unserved(True)
        self._free_integers()
        self._fix(whole_numbers, hourly=True)

    def free(self, column: int) -> None:
        """Give a column of the model the bounds it was built with."""
        self.session.bound([column], *self._range[column])

    def plan_tables(self, relaxation: Relaxation) -> tuple[pd.DataFrame, pd.DataFrame]:
        """A way out as the `capacity` and `commitments` tables."""
        ending = Solution(Termination.OPTIMAL, relaxation.total, None, None, relaxation.values, None, 0.0)
        reading = Reading(self.form, ending)
        return reading.capacity_table(), reading.commitments_table()

    def _solve_whole(self) -> Point | None:
        self.session.require_whole()
        return self.session.solve()

    def _open(self, names: Collection[str]) -> None:
        for name, knob in self.knobs.items():
            upper = 1.0 if knob.switches else INFINITY
            self.session.bound([knob.column], 0.0, upper if name in names else 0.0)
            for column in knob.switches.values():
                self.session.bound([column], 0.0, float(name in names))
        self._allow_unserved(SERVED in names)

    def _allow_unserved(self, allowed: bool) -> None:
        for column, most in zip(self._unserved, self._most_unserved, strict=True):
            upper = most if allowed else 0.0
            if self.session.upper[column] != upper:
                self.session.bound([column], 0.0, upper)

    def _free_integers(self) -> None:
        for name, column in self.integers().items():
            if not name.startswith(SWITCH):
                self.session.bound([column], *self._range[column])

    def _fix(self, values: Mapping[str, float], *, hourly: bool = False) -> None:
        for name, column in self.integers().items():
            # Hourly choices differ between a coarse model and the full one, and no relaxation depends on them.
            if name in values and (hourly or HOURLY_CHOICE not in name):
                self.session.bound([column], values[name], values[name])

    def integers(self) -> dict[str, int]:
        """Column of each integer, by a name that coarse and full models share."""
        named = {self.matrix.names[int(column)]: int(column) for column in self.matrix.integers}
        switches = {
            f"{SWITCH}{name}.{of}": column for name, knob in self.knobs.items() for of, column in knob.switches.items()
        }
        return named | switches

    def _whole_numbers(self, point: Point) -> dict[str, float]:
        return {name: float(round(point.values[column])) for name, column in self.integers().items()}

    def _read(self, point: Point, names: Iterable[str]) -> Relaxation:
        by = {}
        for name in names:
            knob = self.knobs[name]
            share = float(point.values[knob.column])
            if share > NOTHING:
                by[name] = share * knob.relaxable.scale
        return Relaxation(by, point.objective, self._whole_numbers(point), point.values)
