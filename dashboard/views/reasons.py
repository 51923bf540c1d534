"""Why this plan: which limits bind and what they are worth, what is not built, what energy costs, an earlier grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import data, theme
from dashboard.components.chart import Backing, card, chart_card
from dashboard.components.numbers import shown
from dashboard.components.table import data_table
from dashboard.figures import prices
from dashboard.ids import Run
from dashboard.views.derived import earlier_run
from engine.derivation import with_earlier_grid
from engine.price_words import binding_limits, cost, describe_prices, enters_at
from engine.wording import percent, usd

Manifest = Mapping[str, Any]
MONTHS = 12


def has_prices(manifest: Manifest) -> bool:
    """Whether the run was priced; runs of earlier versions were not."""
    return "shadow_prices" in manifest["tables"]


def cards(manifest: Manifest) -> list[html.Section]:
    """All of "Why this plan", as far as the run holds it."""
    found = []
    if has_prices(manifest):
        found = [_worth_card(manifest), _left_out_card(manifest, "w6"), _duration_card(manifest, "w6")]
    earlier = _earlier_grid_card(manifest)
    return [*found, earlier] if earlier is not None else found


def printed(manifest: Manifest) -> list[html.Section]:
    """What of it is worth paper: what is not built, and what would bring it in."""
    return [_left_out_card(manifest, "")] if has_prices(manifest) else []


def worth_of(manifest: Manifest, limit: str, year: int) -> str | None:
    """What one unit more of a limit is worth in a year, for the limits card; None where it is worth nothing."""
    if not has_prices(manifest):
        return None
    table = data.table(manifest["run_id"], "shadow_prices")
    rows = table[(table["limit"] == limit) & (table["year"] == year) & (table["usd_per_unit"] > 0)]
    if rows.empty:
        return None
    return f"One {_per(str(rows['unit'].iloc[0]))} more is worth {usd(float(rows['usd_per_unit'].iloc[0]))} a year"


def _per(unit: str) -> str:
    """`USD/(Mcf/day)` -> `Mcf/day`."""
    return unit.removeprefix("USD/").strip("()")


def _worth_card(manifest: Manifest) -> html.Section:
    table = data.table(manifest["run_id"], "shadow_prices")
    summary = describe_prices(table)
    if not binding_limits(table):
        return card("Why this plan: what limits are worth", html.P(summary, className="muted"))
    shown_rows = table[table["usd_per_unit"] > 0][["year", "label", "usd_per_unit", "unit", "binding_frac", "when"]]
    shown_rows = shown_rows.rename(columns={"label": "limit", "usd_per_unit": "worth", "binding_frac": "binds"})
    shown_rows["binds"] = [percent(float(share)) for share in shown_rows["binds"]]
    backing = Backing(summary, shown_rows, {"binds": "of the year"}, f"{manifest['run_id']}-shadow-prices.csv")
    title = "Why this plan: what one more unit of each binding limit is worth"
    figure = prices.prices_by_year(table, theme.current())
    return chart_card(title, figure, backing, subtitle=summary, min_width=560)


def _left_out_card(manifest: Manifest, className: str) -> html.Section:
    table = data.table(manifest["run_id"], "reduced_costs")
    title = "What is not built, and what would bring it in"
    if table.empty:
        words = "Everything that could be built is built, or could not come in time."
        return card(title, html.P(words, className="muted"), className=className)
    rows = pd.DataFrame(
        {
            "technology": [manifest["technologies"][key]["label"] for key in table["technology"]],
            "overnight cost": [cost(value, unit) for value, unit in zip(table["now_usd"], table["unit"], strict=True)],
            "enters at": [enters_at(row) for row in table.to_dict("records")],
            "cheaper by": [cost(value, unit) for value, unit in zip(table["cheaper_usd"], table["unit"], strict=True)],
            "earliest in": [str(year) for year in table["year"]],
        }
    )
    note = "Overnight cost at which a first megawatt pays, in the year of build that comes closest"
    return card(title, data_table(rows, caption=title), note=note, className=className)


def _duration_card(manifest: Manifest, className: str) -> html.Section:
    hourly = data.table(manifest["run_id"], "hourly")
    table = prices.price_table(hourly)
    units = {column: "USD/MWh" for column in table if column != "year"}
    backing = Backing(prices.describe_price_duration(hourly), table, units, f"{manifest['run_id']}-price-duration.csv")
    return chart_card(
        "What one more MWh costs, hour by hour", prices.price_duration(hourly, theme.current()), backing,
        subtitle="Hours sorted from the dearest down; capacities as planned", className=className,
    )  # fmt: skip


def _earlier_grid_card(manifest: Manifest) -> html.Section | None:
    if with_earlier_grid(manifest["scenario"]) is None:
        return None
    title = "What a grid one year earlier is worth"
    earlier = earlier_run(manifest)
    said = html.Div(id=Run.EARLIER_SAID, **{"aria-live": "polite"})
    if earlier is None:
        words = "No dual says it: the same scenario is solved with the connection 12 months earlier."
        button = html.Button("Solve with the grid a year earlier", id=Run.EARLIER_GRID, className="btn btn-quiet make")
        return card(title, html.P(words, className="muted"), button, said)
    return card(title, *_difference(manifest, earlier), said)


def _difference(manifest: Manifest, earlier: Manifest) -> list[Any]:
    link = dcc.Link(earlier["name"], href=f"/run/{earlier['run_id']}")
    now, then = manifest["summary"]["npv_cost_usd"], earlier["summary"]["npv_cost_usd"]
    if then is None or not earlier["summary"]["adequate"]:
        return [html.P(["The run with the earlier grid serves not all load: ", link])]
    saved = now - then
    gaps = (manifest.get("mip_gap_frac") or 0.0) * now + (earlier.get("mip_gap_frac") or 0.0) * then
    words = f"{'saves' if saved >= 0 else 'costs'} {usd(abs(saved))} of net present cost, "
    doubt = f" Both plans are proven within {usd(gaps)} together; differences below that may be chance."
    return [
        html.P(["A grid 12 months earlier ", words, shown(abs(saved) / MONTHS, "USD"), " a month: ", link, "."]),
        html.P(doubt, className="muted"),
    ]
