"""One run to take away: what the result page shows, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.figures.common import moment, week_name
from dashboard.figures.dispatch import week_frame
from dashboard.formatting import amount
from dashboard.takeaway import provenance
from dashboard.takeaway.document import Chart, Document, Grid, Sheet, present
from dashboard.takeaway.subject import Subject
from dashboard.views import demand_response, infeasible, operation, plan, reasons
from dashboard.views.diagnosis import diagnosis_card
from dashboard.views.headline import headline, plan_sentence
from dashboard.views.provenance import inputs_card, solve_card
from engine.comparison import METRICS
from engine.diagnosis_words import sentences as diagnosis_sentences
from engine.files import slug

Manifest = Mapping[str, Any]
# Stored tables that go into the workbook whole, in its order.
STORED = {
    "Capacity": "capacity", "Annual": "annual", "Costs by year": "costs", "Limits": "limits", "Load": "load",
    "Shadow prices": "shadow_prices", "Reduced costs": "reduced_costs", "DR products": "dr_products",
}  # fmt: skip


def build(tail: str, query: Mapping[str, str]) -> Document:
    """Document of a run's address."""
    manifest = data.manifest(tail.strip("/"))
    name, run_id = str(manifest["name"]), str(manifest["run_id"])
    named = {name: manifest}
    document = Document(
        title=name, subtitle=str(manifest["description"] or ""), stem=f"firmwatt-{slug(name, 'run')}",
        address=f"/run/{run_id}", warnings=provenance.warnings(named),
        marks=provenance.marks(named),
    )  # fmt: skip
    filled = _planned(document, manifest, query) if manifest["status"] == "done" else _without_plan(document, manifest)
    filled = replace(filled, facts=provenance.facts(named, document.made_words, filled.address))
    stored = {title: table for title, table in STORED.items() if table in manifest["tables"]}
    columns = provenance.columns_sheet(stored | ({"Hours": "hourly"} if "hourly" in manifest["tables"] else {}))
    workbook = (
        provenance.summary_sheet(filled), provenance.runs_sheet(named), _figures_sheet(manifest),
        provenance.inputs_sheet(named),
        *(_stored(run_id, title, table) for title, table in stored.items()), *filled.workbook, columns,
    )  # fmt: skip
    return replace(filled, workbook=workbook)


def _planned(document: Document, manifest: Manifest, query: Mapping[str, str]) -> Document:
    year, week = operation.chosen_hours(manifest, query.get("year", ""), query.get("week", ""))
    return replace(
        document,
        address=f"/run/{manifest['run_id']}?year={year}&week={week}",
        sentences=(plan_sentence(manifest), *_diagnosed(manifest)),
        parts=present(
            headline(manifest, sentence=False), diagnosis_card(manifest), plan.limits_card(manifest),
            *_charts(manifest, year, week, query), plan.present_value_card(manifest), plan.builds_card(manifest),
            *(reasons.printed(manifest)), solve_card(manifest), inputs_card(manifest),
        ),
        grids=(_figures_grid(manifest), _builds_grid(manifest)),
        workbook=(_hours(manifest, year, week),),
    )  # fmt: skip


def _without_plan(document: Document, manifest: Manifest) -> Document:
    said = _diagnosed(manifest) or ("No plan keeps every limit.",)
    cards = infeasible.printed(manifest)
    return replace(document, sentences=said, parts=(*cards, solve_card(manifest), inputs_card(manifest)))


def _diagnosed(manifest: Manifest) -> tuple[str, ...]:
    found = manifest.get("diagnosis")
    return tuple(diagnosis_sentences(found)) if found else ()


def _charts(manifest: Manifest, year: int, week: int, query: Mapping[str, str]) -> list[Chart]:
    week_words = f"{week_name(week)} {year}"
    column = operation.chosen_quantity(manifest, query.get("map", ""))
    group = query.get("costs", "") if query.get("costs", "") in plan.COST_GROUPS else "category"
    found = [
        Chart("capacity", plan.CAPACITY[0], plan.capacity_view(manifest), plan.CAPACITY[1]),
        Chart("week", operation.WEEK_TITLE, operation.week_view(manifest, year, week), week_words),
        Chart(
            "year-map", operation.MAP[0], operation.map_view(manifest, year, column.column),
            f"{column.label}, {column.unit}, {year}. {operation.MAP[1]}",
        ),
        Chart("duration", operation.DURATION[0], operation.duration_view(manifest, year),
              f"{year}. {operation.DURATION[1]}"),
        Chart("costs-by-year", plan.COSTS[0], plan.cost_view(manifest, group), plan.COSTS[1]),
        Chart("limits", plan.LIMITS[0], plan.limits_view(manifest), plan.LIMITS[1]),
    ]  # fmt: skip
    if demand_response.is_part_of(manifest):
        flexible = demand_response.flexibility_view(manifest, year, week)
        cuts = demand_response.cuts_view(manifest, year)
        found += [
            Chart("flexibility", "Flexibility of the load", flexible, f"Callable by source, {week_words}"),
            Chart("cuts", "Cuts over the year", cuts, str(year)),
        ]
    return found


def _figures(manifest: Manifest) -> list[tuple[str, float, str, str]]:
    return [
        (metric.label, float(value), metric.unit, metric.name)
        for metric in METRICS
        if metric.is_shown([manifest]) and (value := metric.value(manifest)) is not None
    ]


def _figures_sheet(manifest: Manifest) -> Sheet:
    frame = pd.DataFrame(_figures(manifest), columns=["figure", "value", "unit", "name"])
    return Sheet("Figures", frame, note="Dispatched over 8,760 h of each year; frac is a share of 1.")


def _figures_grid(manifest: Manifest) -> Grid:
    rows = tuple((label, str(amount(value, unit))) for label, value, unit, _ in _figures(manifest))
    return Grid("Figures", ("", ""), rows)


def _builds_grid(manifest: Manifest) -> Grid:
    table = plan.builds(manifest)
    rows = tuple(
        (
            str(row["year"]), str(row["technology"]), str(amount(row["built_mw"], "MW")),
            str(amount(row["built_mwh"], "MWh")) if pd.notna(row["built_mwh"]) else "",
        )
        for row in table.to_dict(orient="records")
    )  # fmt: skip
    return Grid("New builds", ("Year", "Technology", "Power", "Energy"), rows, "" if rows else "Nothing new is built.")


def _stored(run_id: str, title: str, table: str) -> Sheet:
    frame = data.table(run_id, table)
    return Sheet(title, frame, provenance.units_of(table, frame), f"The stored table {table}.")


def _hours(manifest: Manifest, year: int, week: int) -> Sheet:
    frame = week_frame(data.hours(manifest["run_id"]), year, week).copy()
    frame.insert(0, "date", [f"{moment(int(hour)):%d %b %H:00}" for hour in frame["hour"]])
    note = f"{week_name(week)} {year}, hour beginning, local standard time. All hours: firmwatt export RUN."
    return Sheet("Hours", frame, provenance.units_of("hourly", frame), note)


def command(tail: str, query: Mapping[str, str]) -> list[str]:
    """Arguments of `firmwatt export`."""
    options = [
        part for name in ("year", "week", "map", "costs") if query.get(name) for part in (f"--{name}", query[name])
    ]
    return [tail.strip("/"), *options]


SUBJECT = Subject("run", "run", ("html", "pdf", "pptx", "xlsx", "png", "svg"), build, command)
