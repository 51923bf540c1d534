"""The plan of one run: what is built, what it costs, how close it comes to its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from dashboard import data, theme
from dashboard.components.badges import limit_row
from dashboard.components.chart import Backing, View, card, chart_card
from dashboard.components.pickers import select
from dashboard.components.table import data_table
from dashboard.figures import capacity, costs, limits
from dashboard.ids import Run
from dashboard.views import reasons

Manifest = Mapping[str, Any]
COST_GROUPS = {"category": "By category", "technology": "By technology"}


CAPACITY = ("Built capacity", "Power in service each year, and the peak it must meet")
COSTS = ("Cost by year", "Undiscounted; capital as annuities")
LIMITS = ("Emissions, gas, land and firm capacity by year", "Dashed: the limit")


@dataclass(frozen=True)
class Tables:
    """A plan's tables: of a stored run, or of a preview.

    Attributes
    ----------
    name : str
        Of its downloads.
    technologies : mapping
        {id: {kind, label}}, as in the manifest.
    table : callable
        A table by its name.
    """

    name: str
    technologies: Mapping[str, Mapping[str, str]]
    table: Callable[[str], pd.DataFrame]

    @classmethod
    def of_run(cls, manifest: Manifest) -> Tables:
        """Of a stored run."""
        run_id = manifest["run_id"]
        return cls(run_id, manifest["technologies"], lambda name: data.table(run_id, name))


def capacity_view(manifest: Manifest) -> View:
    """Capacity by year under the peak load."""
    return capacity_of(Tables.of_run(manifest))


def capacity_of(plan: Tables, height: int = 340) -> View:
    """Capacity by year under the peak load, of any plan."""
    technologies, table, load = plan.technologies, plan.table("capacity"), plan.table("load")
    wide = capacity.capacity_table(table, technologies)
    named = wide.rename(columns={key: technologies[key]["label"] for key in wide}).reset_index()
    named.columns.name = None
    units = {column: "MW" for column in named if column != "year"}
    backing = Backing(
        capacity.describe_capacity(wide, load, technologies), named, units, f"{plan.name}-capacity.csv"
    )  # fmt: skip
    return View(capacity.capacity_by_year(wide, load, technologies, theme.current(), height), backing)


def capacity_card(manifest: Manifest, className: str = "") -> html.Section:
    """Capacity by year with its table."""
    view, (title, subtitle) = capacity_view(manifest), CAPACITY
    return chart_card(title, view.figure, view.backing, subtitle=subtitle, className=className)


def builds(manifest: Manifest) -> pd.DataFrame:
    """What is built new, year by year: year, technology, built_mw, built_mwh."""
    return capacity.builds_table(data.table(manifest["run_id"], "capacity"), manifest["technologies"])


def builds_card(manifest: Manifest, className: str = "") -> html.Section:
    """When what is built."""
    table = builds(manifest)
    shown = table.rename(columns={"built_mw": "power", "built_mwh": "energy"})
    if shown["energy"].isna().all():
        shown = shown.drop(columns="energy")
    content = data_table(shown, {"power": "MW", "energy": "MWh"}, caption="New builds by year")
    if table.empty:
        content = html.P("Nothing new is built.", className="muted")
    return card("New builds", content, className=className)


def limits_card(manifest: Manifest, className: str = "") -> html.Section:
    """Each limit in the year that comes closest to it."""
    rows = limits.tightest(data.table(manifest["run_id"], "limits"))
    bars = [
        limit_row(
            row.label,
            row.value,
            row.ceiling,
            row.unit,
            row.sense,
            row.year,
            binding=bool(row.binding),
            worth=reasons.worth_of(manifest, str(row.limit), int(row.year)),
        )
        for row in rows.itertuples()
    ]
    content = html.Div(bars or html.P("This scenario sets no limits.", className="muted"), className="limits")
    return card("Limits", content, note="Each in the year that comes closest to it", className=className)


def limits_view(manifest: Manifest) -> View:
    """Every limit, year by year."""
    return limits_of(Tables.of_run(manifest))


def limits_of(plan: Tables, height: int = 260) -> View:
    """Every limit, year by year, of any plan."""
    table = plan.table("limits")
    final = limits.final_limits(table)
    columns = ["year", "label", "value", "ceiling", "unit", "used_frac", "binding"]
    shown = final[columns].rename(columns={"label": "limit", "used_frac": "used"}) if len(final) else final
    backing = Backing(limits.describe_limits(table), shown, {}, f"{plan.name}-limits.csv")
    return View(limits.limits_by_year(table, theme.current(), height), backing)


def limits_years_card(manifest: Manifest, className: str = "") -> html.Section:
    """Every limit, year by year, with its table."""
    view, (title, subtitle) = limits_view(manifest), LIMITS
    return chart_card(title, view.figure, view.backing, subtitle=subtitle, className=className, min_width=760)


def cost_view(manifest: Manifest, group: str) -> View:
    """Cost of each year by category or technology."""
    return cost_of(Tables.of_run(manifest), group)


def cost_of(plan: Tables, group: str, height: int = 320) -> View:
    """Cost of each year by category or technology, of any plan."""
    technologies, table = plan.technologies, plan.table("costs")
    names = costs.group_names(technologies, group)
    wide = costs.costs_by_year(table, group).rename(columns=names).reset_index()
    wide.columns.name = None
    for column in wide.columns[1:]:
        wide[column] = wide[column] / costs.MILLION
    units = {column: "M USD" for column in wide if column != "year"}
    return View(
        costs.cost_stack(table, technologies, group, theme.current(), height),
        Backing(costs.describe_costs(table), wide, units, f"{plan.name}-costs.csv"),
    )


def costs_card(manifest: Manifest, group: str = "", className: str = "") -> html.Section:
    """Cost by year with the choice of grouping."""
    group = group if group in COST_GROUPS else next(iter(COST_GROUPS))
    view = cost_view(manifest, group)
    title, subtitle = COSTS
    return chart_card(
        title, view.figure, view.backing, graph_id=Run.COSTS, className=className, subtitle=subtitle,
        controls=select(Run.COST_GROUP, COST_GROUPS, group, "Grouping"),
    )  # fmt: skip


def present_value_card(manifest: Manifest, className: str = "") -> html.Section:
    """Net present cost by technology and category."""
    technologies = manifest["technologies"]
    wide = costs.present_values(data.table(manifest["run_id"], "costs")) / costs.MILLION
    names = costs.group_names(technologies, "technology") | {"total": "Total"}
    wide.insert(0, "component", [names.get(str(key), str(key)) for key in wide.index])
    wide = wide.rename(columns={**costs.group_names(technologies, "category"), "total": "Total"})
    # What does not occur is a dash: zeros hide the figures that matter.
    wide = wide.mask(wide.apply(pd.to_numeric, errors="coerce").abs() < 5e-7)
    table = data_table(wide, caption="Net present cost by component and category, in million USD")
    return card("Net present cost by component", table, note="Million USD", className=f"totals {className}".strip())
