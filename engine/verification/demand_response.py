"""Demand response: what was cut, made up, promised and paid, held to the scenario's words hour by hour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from engine.scenario.demand_response import Product
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Grid
from engine.verification.check import TOLERANCE, Check, at_most, close, small
from engine.verification.evidence import Evidence
from engine.verification.response import Flexible, Response, window_of
from engine.verification.stage import Stage


def owed(run: Evidence) -> Iterator[Check]:
    """Deferred work is conserved, stored no longer than it may, and made up in time on idle machines."""
    for stage in run.stages:
        for key, source in stage.response.cuttable().items():
            if source.window_h is None:
                gone = float(stage.table[[f"dr_{key}_makeup_mw", f"dr_{key}_owed_mwh"]].abs().to_numpy().max())
                yield small(f"lost work is not made up: {key}, stage {stage.number}", gone, TOLERANCE, "MW")
                continue
            missed, late, too_much = 0.0, 0.0, 0.0
            for _, frame in stage.years():
                cut, made, left = (frame[f"dr_{key}_{name}"].to_numpy() for name in ("cut_mw", "makeup_mw", "owed_mwh"))
                grown = (1 + source.overhead) * cut
                missed = max(missed, float(np.abs(left - left[stage.previous] - grown + made).max()), -made.min())
                late = max(late, float((left - _recent(stage, grown, source.window_h)).max()))
                stored = source.share * frame["load_mw"].to_numpy() * source.store_h
                too_much = max(too_much, float((left - stored).max()))
                if np.isfinite(source.store_h):
                    both = cut + made - source.share * frame["load_mw"].to_numpy()
                    too_much = max(too_much, float(both.max()))
            peak = run.peak_mw(run.scenario.time.first_year)
            words = f"{key}, stage {stage.number}"
            yield small(
                f"work owed is what was cut less what was made up: {words}", missed / peak, TOLERANCE, "of peak"
            )
            yield small(f"work is made up within its delay window: {words}", late / peak, TOLERANCE, "of peak")
            yield small(
                f"work is stored and made up no faster than it can be: {words}", too_much / peak, TOLERANCE, "of peak"
            )


def _recent(stage: Stage, grown: np.ndarray, window_h: float) -> np.ndarray:
    """Energy that was cut in the last `window` steps, at least one: all that may still be owed."""
    total, step = np.zeros(len(grown)), np.arange(len(grown))
    for _ in range(min(max(1, int(window_h)), len(grown))):
        total += grown[step]
        step = stage.previous[step]
    return total


def idle(run: Evidence) -> Iterator[Check]:
    for stage in run.stages:
        if not stage.response.cuttable():
            continue
        worst = 0.0
        for year, frame in stage.years():
            made = sum(frame[f"dr_{key}_makeup_mw"].to_numpy() for key in stage.response.cuttable())
            worst = max(
                worst, float((made + np.minimum(frame["load_mw"], run.peak_mw(year)) - run.peak_mw(year)).max())
            )
        peak = run.peak_mw(run.scenario.time.first_year)
        yield small(f"deferred work runs on idle machines, stage {stage.number}", worst / peak, TOLERANCE, "of peak")


def availability(run: Evidence) -> Iterator[Check]:
    """In every hour a source gives no more than it has: own cuts and what is promised, never the same MW twice."""
    for stage in run.stages:
        worst, where = 0.0, "none"
        for year, frame in stage.years():
            load, hour = frame["load_mw"].to_numpy(), frame["hour"].to_numpy() % 24
            lowest = run.lowest_mw_by_hour(year)[hour]
            for key, source in stage.response.sources.items():
                promised = _promised(run.scenario, stage.response, key, source, year)[hour]
                cut = frame[f"dr_{key}_cut_mw"].to_numpy() if key in stage.response.cuttable() else 0.0
                # Sampled load may lie below every real one of its hour of the day; promises are held to real hours.
                most = source.share * np.where(promised > 0, np.maximum(load, lowest), load)
                excess = float(np.max(cut + promised - most)) / max(float(load.max()), 1.0)
                excess = max(excess, -float(np.min(cut)))
                if excess > worst:
                    worst, where = excess, f"{key} in {year}"
        yield small(f"no source gives more than it has, stage {stage.number}", worst, TOLERANCE, f"of peak ({where})")


def _promised(scenario: Scenario, response: Response, key: str, source: Flexible, year: int) -> np.ndarray:
    """MW of a source taken by promises in each hour of the day; an event that it cannot hold takes more of it."""
    products = scenario.demand_response.products
    taken = np.zeros(24)
    for product, mw in response.promises(year, source=key):
        hours = set(window_of(products[product]))
        group = products[product].exclusive_group
        for other in products.values():
            if group is not None and other.enabled and other.exclusive_group == group:
                hours |= set(window_of(other))
        taken[sorted(hours)] += mw / source.held(products[product].event_h)
    return taken


def eligibility(run: Evidence) -> Iterator[Check]:
    response, products = run.hours.response, run.scenario.demand_response.products
    wrong, short = [], 0.0
    for year in run.scenario.calendar_years:
        for key, product in products.items():
            promises = response.promises(year, product=key)
            wrong += [
                f"{source} to {key} in {year}" for source, _ in promises if not _may_serve(response, product, source)
            ]
            total = sum(mw for _, mw in promises)
            if total > 0:
                short = max(short, product.min_bid_mw - total)
    if run.scenario.demand_response.enabled or len(response.table):
        yield Check("only who may serve a product is committed to it", not wrong, ", ".join(wrong) or "all may")
        yield small("who enrols bids at least the minimum", short, 1e-5, "MW")


def _may_serve(response: Response, product: Product, source: str) -> bool:
    if not (response.enabled and product.enabled and source in product.sources and source in response.sources):
        return False
    wait = response.sources[source].response_min
    return wait is not None and wait <= product.response_min


def market(run: Evidence) -> Iterator[Check]:
    """In every hour of its window what is sold can be dropped from import or sent out under the export right."""
    products = run.scenario.demand_response.products
    if not any(products[key].market for key in run.hours.response.table["product"]):
        return
    for stage in run.stages:
        worst = 0.0
        for year, frame in stage.years():
            hour, sold, room = frame["hour"].to_numpy() % 24, np.zeros(24), np.zeros(len(frame))
            for key, mw in stage.response.promises(year):
                if products[key].market:
                    sold[list(window_of(products[key]))] += mw
            for key, data in run.of(Grid):
                room += frame[f"{key}_import_mw"].to_numpy() - frame[f"{key}_export_mw"].to_numpy()
                room += data.export_max_mw if run.capacity[key, year]["p_nom_mw"] > 0 else 0.0
            worst = max(worst, float(np.where(sold[hour] > 0, sold[hour] - room, 0.0).max()))
        yield small(f"what is sold can be dropped from the grid, stage {stage.number}", worst, 1e-4, "MW")


def budgets(run: Evidence) -> Iterator[Check]:
    limits = run.scenario.demand_response
    if not limits.enabled:
        return
    for stage in run.stages:
        used: dict[str, list[tuple[float, float]]] = {}
        for year, frame in stage.years():
            cut = stage.response.curtailed_mwh(year, frame, stage.weight_h)
            most_mw = run.peak_mw(year) * sum(
                s.share for s in stage.response.sources.values() if s.response_min is not None
            )
            used.setdefault("energy", []).append((cut, limits.budget_energy_frac * run.required_mwh(year)))
            if limits.budget_hours_per_yr is not None:
                used.setdefault("hours", []).append((cut, limits.budget_hours_per_yr * most_mw))
            if limits.budget_events_per_yr is not None:
                used.setdefault("events", []).append((cut, limits.budget_events_per_yr * limits.event_h * most_mw))
        for name, pairs in used.items():
            cut, allowed = max(pairs, key=lambda pair: pair[0] - pair[1])
            yield at_most(f"curtailment stays within its {name} budget, stage {stage.number}", cut, allowed + 1e-4)


def runs_between_cuts(run: Evidence) -> Iterator[Check]:
    event_h = run.scenario.demand_response.event_h
    for stage in run.stages:
        for key, source in stage.response.cuttable().items():
            if source.min_run_h == 0:
                continue
            worst = 0.0
            for _, frame in stage.years():
                cut = np.bincount(stage.day, weights=frame[f"dr_{key}_cut_mw"])
                most = source.share * np.bincount(stage.day, weights=frame["load_mw"])
                worst = max(worst, float((cut - most * event_h / (event_h + source.min_run_h)).max() / most.max()))
            yield small(f"{key} runs between cuts, stage {stage.number}", worst, TOLERANCE, "of a day's flexibility")


def product_table(run: Evidence) -> Iterator[Check]:
    stored = run.tables.get("dr_products", pd.DataFrame())
    if not len(stored):
        return
    products, response = run.scenario.demand_response.products, run.hours.response
    worst = 0.0
    for row in stored.to_dict("records"):
        product = products[str(row["product"])]
        promises = response.promises(int(row["year"]), product=str(row["product"]))
        called = min(100.0, 2 * product.events_per_yr)
        total = sum(mw for _, mw in promises)
        pay = 365 * len(window_of(product)) * product.capacity_usd_per_mw_h + called * product.activation_usd_per_mwh
        lost = sum(mw * called * response.sources[source].cut_usd_per_mwh for source, mw in promises)
        worst = max(worst, abs(row["net_revenue_usd"] - pay * total + lost) / max(abs(pay * total), 1.0))
        worst = max(worst, abs(row["guaranteed_mw"] - total))
    yield small("economics of the products follow from what is committed", worst, TOLERANCE, "relative")
    revenue = stored["capacity_payment_usd"].sum() + stored["activation_payment_usd"].sum()
    booked = -run.tables["costs"].query("stage == 2 and category == 'dr_revenue'")["cost_usd"].sum()
    yield close("products are paid what the costs book", revenue, booked, "USD")


CHECKS = (
    owed,
    idle,
    availability,
    eligibility,
    market,
    budgets,
    runs_between_cuts,
    product_table,
)
