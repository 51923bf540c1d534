"""Cuts of the site's own choosing, hour by hour, and the work they leave owed.

owed[t] = owed[t-1] + dt (1 + overhead) cut[t] - dt makeup[t]           [MWh]
cut[t] + sum of c / held <= A[t]                                         [MW]
owed at the end of each block <= (1 + overhead) dt (cuts of the last D - block + 1 steps)
sum over sources of makeup[t] <= peak - L[t]                             [MW]
    cooling: owed[t] <= A[t] x time constant;  cut[t] + makeup[t] <= A[t]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from engine.demand_response.commitments import committed_to, steps_in_window
from engine.demand_response.sources import Source, hourly_sources
from engine.formulation import Formulation, Terms, terms
from engine.nomenclature import RESPONSE_PREFIX, SITE
from engine.periods import Index
from engine.profiles.result import Series
from engine.units import HOURS_PER_DAY

BLOCKS_PER_WINDOW = 4


def add_cuts(form: Formulation) -> None:
    """Cuts, make-up and owed work of every callable source; the site's own use of its flexibility."""
    making_up = [makeup for source in hourly_sources(form.scenario).values() if (makeup := _add_source(form, source))]
    if making_up:
        _run_on_idle_machines(form, making_up)


def _add_source(form: Formulation, source: Source) -> pyo.Var | None:
    """One source's variables and rows; its make-up, or None where a cut is lost work."""
    key = f"{RESPONSE_PREFIX}{source.key}"
    cut = form.hourly_variable(f"{key}_cut_mw")
    form.flow(key, "cut_mw", cut, +1)
    _keep_what_is_committed(form, source, cut)
    _book(form, source, cut)
    if source.min_run_h > 0:
        _run_between_cuts(form, source, cut)
    if source.delay_window_h is None:
        return None
    makeup, owed = form.hourly_variable(f"{key}_makeup_mw"), form.hourly_variable(f"{key}_owed_mwh")
    form.flow(key, "makeup_mw", makeup, -1)
    form.flow(key, "owed_mwh", owed, 0)
    _owe(form, source, cut, makeup, owed)
    _make_up_in_time(form, source, cut, owed)
    return makeup


def _keep_what_is_committed(form: Formulation, source: Source, cut: Any) -> None:
    """A cut leaves what is committed in the hours of the products' windows: `cut + sum of c / held <= A`."""
    products, steps, rows = form.scenario.demand_response.products, form.steps, []
    for row, year in enumerate(form.years):
        taken = committed_to(form, source.key, year)
        windows = {key: steps_in_window(products[key], steps) for key in taken}
        # The sampled load may lie a little below the year's lowest hour; what is committed stays possible.
        floor_mw = _lowest_in_steps(form, row)
        for step in range(steps.count):
            available_mw = source.available_frac * float(steps.load_mw[row, step])
            left = terms((1.0, cut[year, step]))
            for key in taken:
                if windows[key][step]:
                    left.add(1.0 / source.held_frac(products[key].event_h), taken[key])
            if len(left.variables) > 1:
                most_mw = max(available_mw, source.available_frac * float(floor_mw[step]))
                rows.append(((year, step), left, "<=", most_mw))
            cut[year, step].setub(max(0.0, available_mw - left.constant))
    if rows:
        form.require(f"{source.key}_keeps_what_is_committed", rows)


def _lowest_in_steps(form: Formulation, row: int) -> Series:
    """Lowest load of the year in the hours of the day that each step covers, array (T,) [MW]."""
    steps, lowest = form.steps, form.steps.lowest_mw_by_hour[row]
    first = steps.hour % HOURS_PER_DAY
    spans = [lowest[(first + later) % HOURS_PER_DAY] for later in range(int(np.ceil(steps.dt_h.max())))]
    return np.min(spans, axis=0)


def _book(form: Formulation, source: Source, cut: Any) -> None:
    for year in form.years:
        curtailed, cost = form.ledgers.curtailed_mwh[year], form.ledgers.cost_usd[year, SITE, "curtailment"]
        for step in range(form.steps.count):
            weight_h = float(form.steps.weight_h[step])
            curtailed.add(weight_h, cut[year, step])
            cost.add(source.own_cut_usd_per_mwh * weight_h, cut[year, step])


def _run_between_cuts(form: Formulation, source: Source, cut: Any) -> None:
    """Each day: `sum of dt cut <= sum of dt A x event / (event + least run)`."""
    steps, event_h = form.steps, form.scenario.demand_response.event_h
    share = source.available_frac * event_h / (event_h + source.min_run_h)
    days = [np.flatnonzero(steps.day == day) for day in np.unique(steps.day)]

    def cut_of(year: int, day: Index) -> Terms:
        return terms(*((float(steps.dt_h[step]), cut[year, int(step)]) for step in day))

    form.require(
        f"{source.key}_runs_between_cuts",
        (
            ((year, number), cut_of(year, day), "<=", share * float(steps.load_mw[row, day] @ steps.dt_h[day]))
            for row, year in enumerate(form.years)
            for number, day in enumerate(days)
        ),
    )


def _owe(form: Formulation, source: Source, cut: Any, makeup: Any, owed: Any) -> None:
    """Work owed grows by what is cut and its overhead, and falls by what is made up; bounded by what can be stored."""
    steps = form.steps

    def row(year: int, step: int) -> Terms:
        dt_h = float(steps.dt_h[step])
        left = terms((1.0, owed[year, step]), (-1.0, owed[year, int(steps.previous[step])]))
        left.add(-dt_h * (1.0 + source.overhead_frac), cut[year, step])
        left.add(dt_h, makeup[year, step])
        return left

    form.require(
        f"{source.key}_owes_what_it_cut",
        (((year, step), row(year, step), "==", 0.0) for year in form.years for step in range(steps.count)),
    )
    if np.isfinite(source.store_h):
        _store(form, source, cut, makeup, owed)


def _store(form: Formulation, source: Source, cut: Any, makeup: Any, owed: Any) -> None:
    """Cooling stores `A x time constant`, and an hour is for cutting or for recovering: `cut + makeup <= A`."""
    available_mw = source.available_frac * form.steps.load_mw
    rows = []
    for number, year in enumerate(form.years):
        for step in range(form.steps.count):
            most_mw = float(available_mw[number, step])
            owed[year, step].setub(most_mw * source.store_h)
            rows.append(((year, step), terms((1.0, cut[year, step]), (1.0, makeup[year, step])), "<=", most_mw))
    form.require(f"{source.key}_cuts_or_recovers", rows)


def _make_up_in_time(form: Formulation, source: Source, cut: Any, owed: Any) -> None:
    """At each block's end no work is owed that was cut longer ago than the delay window less the block allows.

    The next block's end makes up what this one leaves, at most a window after its cut. Rows at every step would
    say the same with four to six times as many entries.
    """
    steps = form.steps
    rows = []
    for period in np.unique(steps.period):
        inside = np.flatnonzero(steps.period == period)
        window = max(1, int(source.delay_window_h / steps.dt_h[inside[0]]))
        block = max(1, window // BLOCKS_PER_WINDOW)
        back = min(window - block + 1, len(inside))
        ends = sorted({*range(block - 1, len(inside), block), len(inside) - 1})
        for end in ends:
            recent = [int(inside[(end - ago) % len(inside)]) for ago in range(back)]
            rows.append((int(inside[end]), recent))

    def left(year: int, end: int, recent: list[int]) -> Terms:
        grown = ((-(1.0 + source.overhead_frac) * float(steps.dt_h[step]), cut[year, step]) for step in recent)
        return terms((1.0, owed[year, end]), *grown)

    form.require(
        f"{source.key}_makes_up_within_its_delay_window",
        (((year, end), left(year, end, recent), "<=", 0.0) for year in form.years for end, recent in rows),
    )


def _run_on_idle_machines(form: Formulation, making_up: list[Any]) -> None:
    """Deferred work runs on machines that stand idle: `sum of makeup <= peak - L`."""
    steps = form.steps
    idle_mw = np.maximum(steps.peak_mw[:, None] - steps.load_mw, 0.0)
    if len(making_up) == 1:
        for row, year in enumerate(form.years):
            for step in range(steps.count):
                making_up[0][year, step].setub(float(idle_mw[row, step]))
        return
    form.require(
        "deferred_work_runs_on_idle_machines",
        (
            ((year, step), terms(*((1.0, makeup[year, step]) for makeup in making_up)), "<=", float(idle_mw[row, step]))
            for row, year in enumerate(form.years)
            for step in range(steps.count)
        ),
    )
