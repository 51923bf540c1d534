"""Headline figures of a run and its plan in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.badges import limit_bar
from dashboard.components.numbers import shown, stat
from dashboard.formatting import NOTHING, significant
from engine.wording import CO2, listed, percent

Manifest = Mapping[str, Any]


def headline(manifest: Manifest, *, sentence: bool = True) -> html.Section:
    """The first thing on a result page; without its sentence where that stands already."""
    return html.Section(
        [
            html.P(plan_sentence(manifest), className="lead-sentence") if sentence else None,
            html.Div(_large_figures(manifest), className="stats large-stats"),
            html.Div(_small_figures(manifest), className="stats"),
        ],
        className="panel headline",
        **{"aria-label": "Headline figures"},
    )


def _large_figures(manifest: Manifest) -> list[html.Div]:
    summary = manifest["summary"]
    return [
        stat("Levelised cost", shown(summary["lcoe_usd_per_mwh"], "USD/MWh"), _unserved(summary), large=True),
        stat("Net present cost", shown(summary["npv_cost_usd"], "USD"), _years(manifest), large=True),
        stat("Overnight capital", shown(summary["capital_overnight_usd"], "USD"), "new builds", large=True),
        stat("Load served", shown(summary["served_frac"], "frac"), _required(summary), large=True),
    ]


def _small_figures(manifest: Manifest) -> list[html.Div]:
    summary, limits = manifest["summary"], manifest["scenario"]["limits"]
    nox, gas = summary["nox_peak_year_short_tons"], summary.get("gas_peak_mcf_per_day")
    grid = summary.get("first_grid_year")
    has_grid = any(entry["kind"] == "grid" for entry in manifest["technologies"].values())
    no_grid = html.Span("never" if has_grid else "not an option")
    return [
        _limited("NOx, highest year", nox, "short tons", limits.get("nox_short_tons_per_yr")),
        _limited("Land", summary["land_acres"], "acres", limits.get("land_acres")),
        _limited("Gas, highest day", gas, "Mcf/day", limits.get("gas_mcf_per_day")),
        stat(f"{CO2}, all years", _tonnes(summary["co2_tonnes"]), _per_mwh(summary)),
        stat("Peak load", shown(summary["peak_mw"], "MW"), "highest hour of the plan"),
        stat("Grid from", shown(grid, "yr") if grid else no_grid, "first year with imports" if grid else None),
        *_response(summary),
    ]


def _response(summary: Mapping[str, Any]) -> list[html.Div]:
    """What demand response does, where there is any; older runs say nothing of it."""
    if not any(summary.get(key) for key in ("dr_revenue_usd", "dr_cost_usd", "curtailed_mwh")):
        return []
    without = summary.get("lcoe_without_dr_usd_per_mwh")
    return [
        stat("Without demand response", shown(without, "USD/MWh"), "the same plan's levelised cost"),
        stat("Demand response", shown(summary.get("dr_revenue_usd"), "USD"), "revenue, present value"),
        stat("Curtailed", shown(summary.get("curtailed_mwh"), "MWh"), "all years, expected calls included"),
    ]


def plan_sentence(manifest: Manifest) -> str:
    """What is built, and what carries the energy."""
    summary, technologies = manifest["summary"], manifest["technologies"]
    builds = []
    for key, by_year in summary["capacity"].items():
        year, mw = max(by_year.items(), key=lambda item: int(item[0]))
        if mw < 0.05:
            continue
        words = f"{significant(mw)} MW of {_lower(technologies[key]['label'])}"
        stored = summary.get("capacity_mwh", {}).get(key, {}).get(year)
        builds.append(f"{words} ({significant(stored)} MWh)" if stored else words)
    years = sorted(int(year) for by_year in summary["capacity"].values() for year in by_year)
    shares = sorted(summary.get("energy_share_frac", {}).items(), key=lambda item: -item[1])
    carriers = [f"{_lower(technologies[key]['label'])} {percent(value)}" for key, value in shares if value >= 0.005][:3]
    first = f"By {years[-1]}" if years and len(set(years)) > 1 else f"In {years[0]}" if years else "In all"
    sentence = f"{first} the site has {listed(builds)}." if builds else "Nothing is built."
    if shares and shares[0][1] >= 0.9995:
        return f"{sentence} All energy comes from {_lower(technologies[shares[0][0]]['label'])}."
    return f"{sentence} Energy comes from {listed(carriers)}." if carriers else sentence


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _limited(label: str, value: float | None, unit: str, ceiling: float | None) -> html.Div:
    if value is None:
        return stat(label, html.Span(NOTHING), "no limit set" if ceiling is None else None)
    if ceiling is None:
        return stat(label, shown(value, unit), "no limit set")
    binding = abs(value - ceiling) <= 1e-4 * max(ceiling, 1e-9)
    note = f"{percent(value / ceiling)} of {significant(ceiling)} allowed" if ceiling else "none allowed"
    return stat(label, shown(value, unit), note, extra=limit_bar(value, ceiling, binding=binding))


def _unserved(summary: Mapping[str, Any]) -> Any:
    cost = summary.get("unserved_cost_usd") or 0.0
    if cost < 0.5 or not summary["npv_cost_usd"]:
        return "per MWh required"
    return html.Span([shown(cost, "USD"), " of it for unserved energy"])


def _years(manifest: Manifest) -> str:
    time, money = manifest["scenario"]["time"], manifest["scenario"]["money"]
    last = time["first_year"] + time["years"] - 1
    span = f"{time['first_year']}" if time["years"] == 1 else f"{time['first_year']}–{last}"
    return f"{span}, at {percent(money['discount_rate_frac'])}"


def _required(summary: Mapping[str, Any]) -> Any:
    required = summary["required_mwh"]
    return html.Span(["of ", shown(required / 1e6, "TWh") if required >= 1e7 else shown(required / 1e3, "GWh")])


def _tonnes(value: float) -> Any:
    return shown(value / 1e6, "Mt") if value >= 1e6 else shown(value, "t")


def _per_mwh(summary: Mapping[str, Any]) -> Any:
    if not summary["required_mwh"]:
        return None
    return html.Span([shown(1000 * summary["co2_tonnes"] / summary["required_mwh"], "kg/MWh")])
