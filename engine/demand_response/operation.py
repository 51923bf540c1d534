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

from engine.demand_response.commitments import committed_to, steps_in_window
from engine.demand_response.sources import Source, hourly_sources
from engine.formulation import Formulation
from engine.linear import Block
from engine.nomenclature import RESPONSE_PREFIX, SITE
from engine.profiles.result import Series
from engine.terms import Numbers, is_number
from engine.units import HOURS_PER_DAY

BLOCKS_PER_WINDOW = 4


def add_cuts(form: Formulation) -> None:
    """Cuts, make-up and owed work of every callable source; the site's own use of its flexibility."""
    making_up = [makeup for source in hourly_sources(form.scenario).values() if (makeup := _add_source(form, source))]
    if making_up:
        _run_on_idle_machines(form, making_up)


def _add_source(form: Formulation, source: Source) -> Block | None:
    """One source's variables and rows; its make-up, or None where a cut is lost work."""
    key = f"{RESPONSE_PREFIX}{source.key}"
    cut = form.hourly_variable()
    form.flow(key, "cut_mw", cut, +1)
    _keep_what_is_committed(form, source, cut)
    _book(form, source, cut)
    if source.min_run_h > 0:
        _run_between_cuts(form, source, cut)
    if source.delay_window_h is None:
        return None
    makeup, owed = form.hourly_variable(), form.hourly_variable()
    form.flow(key, "makeup_mw", makeup, -1)
    form.flow(key, "owed_mwh", owed, 0)
    _owe(form, source, cut, makeup, owed)
    _make_up_in_time(form, source, cut, owed)
    return makeup


def _keep_what_is_committed(form: Formulation, source: Source, cut: Block) -> None:
    """A cut leaves what is committed in the hours of the products' windows: `cut + sum of c / held <= A`."""
    steps, taken = form.steps, {year: _held_back(form, source, year) for year in form.years}
    for row, year in enumerate(form.years):
        numbers = [held * mw for held, mw in taken[year] if is_number(mw)]
        cut.upper[row] = np.maximum(
            0.0, source.available_frac * steps.load_mw[row] - sum(numbers, np.zeros(steps.count))
        )

    def most_mw(year: int) -> Series:
        # The sampled load may lie a little below the year's lowest hour; what is committed stays possible.
        row = form.row_of(year)
        most: Series = source.available_frac * np.maximum(steps.load_mw[row], _lowest_in_steps(form, row))
        return most

    form.require_hourly(
        f"{source.key}_keeps_what_is_committed",
        lambda year: [(1.0, cut.of(year)), *taken[year]],
        "<=",
        most_mw,
        only=lambda year: sum((held for held, mw in taken[year] if not is_number(mw)), np.zeros(steps.count)) > 0,
    )


def _held_back(form: Formulation, source: Source, year: int) -> list[tuple[Series, Any]]:
    """Of each product, MW held back per MW committed in each step, array (T,), and what is committed."""
    products = form.scenario.demand_response.products
    return [
        (steps_in_window(products[key], form.steps) / source.held_frac(products[key].event_h), mw)
        for key, mw in committed_to(form, source.key, year).items()
    ]


def _lowest_in_steps(form: Formulation, row: int) -> Series:
    """Lowest load of the year in the hours of the day that each step covers, array (T,) [MW]."""
    steps, lowest = form.steps, form.steps.lowest_mw_by_hour[row]
    first = steps.hour % HOURS_PER_DAY
    spans = [lowest[(first + later) % HOURS_PER_DAY] for later in range(int(np.ceil(steps.dt_h.max())))]
    return np.min(spans, axis=0)


def _book(form: Formulation, source: Source, cut: Block) -> None:
    weight_h = form.steps.weight_h
    for year in form.years:
        form.ledgers.curtailed_mwh[year].add_hours(weight_h, cut.of(year))
        cost = form.ledgers.cost_usd[year, SITE, "curtailment"]
        cost.add_hours(source.own_cut_usd_per_mwh * weight_h, cut.of(year))


def _run_between_cuts(form: Formulation, source: Source, cut: Block) -> None:
    """Each day: `sum of dt cut <= sum of dt A x event / (event + least run)`."""
    steps, event_h = form.steps, form.scenario.demand_response.event_h
    share = source.available_frac * event_h / (event_h + source.min_run_h)
    days = int(steps.day.max()) + 1
    index = [(year, day) for year in form.years for day in range(days)]
    entries = [(row * days + steps.day, cut.of(year), steps.dt_h) for row, year in enumerate(form.years)]
    available_mwh = np.array([np.bincount(steps.day, weights=load * steps.dt_h) for load in steps.load_mw])
    name = f"{source.key}_runs_between_cuts"
    form.require_rows(name, index, entries, "<=", (share * available_mwh).ravel())


def _owe(form: Formulation, source: Source, cut: Block, makeup: Block, owed: Block) -> None:
    """Work owed grows by what is cut and its overhead, and falls by what is made up; bounded by what can be stored."""
    steps = form.steps

    form.require_hourly(
        f"{source.key}_owes_what_it_cut",
        lambda year: [
            (1.0, owed.of(year)),
            (-1.0, owed.of(year)[steps.previous]),
            (-steps.dt_h * (1.0 + source.overhead_frac), cut.of(year)),
            (steps.dt_h, makeup.of(year)),
        ],
        "==",
        lambda _: 0.0,
    )
    if np.isfinite(source.store_h):
        _store(form, source, cut, makeup, owed)


def _store(form: Formulation, source: Source, cut: Block, makeup: Block, owed: Block) -> None:
    """Cooling stores `A x time constant`, and an hour is for cutting or for recovering: `cut + makeup <= A`."""
    available_mw = source.available_frac * form.steps.load_mw
    owed.upper[:] = available_mw * source.store_h
    form.require_hourly(
        f"{source.key}_cuts_or_recovers",
        lambda year: [(1.0, cut.of(year)), (1.0, makeup.of(year))],
        "<=",
        lambda year: available_mw[form.row_of(year)],
    )


def _make_up_in_time(form: Formulation, source: Source, cut: Block, owed: Block) -> None:
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

    last_steps = np.array([end for end, _ in rows])
    at = np.repeat(np.arange(len(rows)), [len(recent) for _, recent in rows])
    recent_steps = np.array([step for _, recent in rows for step in recent])
    grown = -(1.0 + source.overhead_frac) * steps.dt_h[recent_steps]
    index = [(year, int(end)) for year in form.years for end in last_steps]
    entries: list[tuple[Numbers, Numbers, Series]] = []
    for number, year in enumerate(form.years):
        first = number * len(rows)
        entries.append((first + np.arange(len(rows)), owed.of(year)[last_steps], np.ones(len(rows))))
        entries.append((first + at, cut.of(year)[recent_steps], grown))
    form.require_rows(f"{source.key}_makes_up_within_its_delay_window", index, entries, "<=", 0.0)


def _run_on_idle_machines(form: Formulation, making_up: list[Block]) -> None:
    """Deferred work runs on machines that stand idle: `sum of makeup <= peak - L`."""
    steps = form.steps
    idle_mw = np.maximum(steps.peak_mw[:, None] - steps.load_mw, 0.0)
    if len(making_up) == 1:
        making_up[0].upper[:] = idle_mw
        return
    form.require_hourly(
        "deferred_work_runs_on_idle_machines",
        lambda year: [(1.0, makeup.of(year)) for makeup in making_up],
        "<=",
        lambda year: idle_mw[form.row_of(year)],
    )
