"""A comparison to take away: what the compare page shows, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from dash import html

from dashboard import data
from dashboard.components.chart import card
from dashboard.components.table import data_table
from dashboard.figures.common import moment, week_name
from dashboard.figures.dispatch import week_frame
from dashboard.takeaway import provenance
from dashboard.takeaway.document import Chart, Document, Grid, Sheet, present
from dashboard.takeaway.subject import Subject
from dashboard.views import attribution, compared
from dashboard.views import compare_charts as charts
from dashboard.views import compare_head as head
from dashboard.views.provenance import input_folds, input_text
from engine.comparison import Comparison, compare
from engine.errors import InputError, Problem
from engine.files import slug
from engine.inputs import Input, inputs

FEWEST = 2


def build(_tail: str, query: Mapping[str, str]) -> Document:
    """Document of a comparison's address."""
    asked = _asked(query)
    comparison = compare(data.store(), asked.runs, asked.base, attribution.explanation)
    if len(comparison.run_ids) < FEWEST:
        problems = [Problem(run_id, reason) for run_id, reason in comparison.missing.items()]
        given = f"names {len(comparison.run_ids)} stored runs; a comparison needs at least {FEWEST}."
        raise InputError("The comparison", [*problems, Problem("runs", given)])
    manifests = {run_id: data.manifest(run_id) for run_id in comparison.run_ids}
    named = {name_of(comparison, run_id): manifest for run_id, manifest in manifests.items()}
    drawn = charts.drawn(list(manifests.values()))
    year, week = charts.chosen_hours(drawn, comparison.base, asked.year, asked.week) if drawn else (None, None)
    names = " · ".join(comparison.names[run_id] for run_id in comparison.run_ids)
    missing = tuple(f"{run_id} is left out: {reason}" for run_id, reason in comparison.missing.items())
    address = head.State(comparison.run_ids, comparison.base, year, week).href()
    document = Document(
        title=_title(comparison), subtitle=f"Differences are to {name_of(comparison, str(comparison.base))}",
        stem=f"firmwatt-{slug(names, 'comparison')}", address=address, sentences=comparison.sentences,
        warnings=(*missing, *provenance.warnings(named)), marks=provenance.marks(named),
        parts=present(
            compared.figures_card(comparison, manifests), compared.inputs_card(comparison),
            *_charts(comparison, drawn, year, week, query.get("map", "")),
            _runs_card(provenance.runs_sheet(named)), _same_inputs_card(comparison, manifests),
        ),
        grids=(_figures_grid(comparison, manifests), _inputs_grid(comparison)),
        tables=_tables(comparison, drawn, year, week),
    )  # fmt: skip
    return _with_provenance(document, comparison, named)


def _asked(query: Mapping[str, str]) -> head.State:
    return head.asked(*(query.get(key, "") for key in ("runs", "base", "year", "week")))


def name_of(comparison: Comparison, run_id: str) -> str:
    """Letter and name, as charts and tables call a run."""
    return f"{comparison.letters[run_id]} {comparison.names[run_id]}"


def _title(comparison: Comparison) -> str:
    count = len(comparison.run_ids)
    words = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}.get(count, str(count))
    return f"{words} plans side by side"


def _with_provenance(document: Document, comparison: Comparison, named: provenance.Named) -> Document:
    runs, every_input = provenance.runs_sheet(named), provenance.inputs_sheet(named)
    facts = provenance.facts(named, document.made_words, document.address)
    summary = provenance.summary_sheet(replace(document, facts=facts))
    workbook = (summary, runs, _figures_sheet(comparison), _inputs_sheet(comparison), every_input, *document.tables[2:])
    used = {"Capacity": "capacity", "Costs by year": "costs", "Limits": "limits", "Hours": "hourly"}
    return replace(
        document, facts=facts, workbook=(*workbook, provenance.columns_sheet(used)),
        tables=(*document.tables, every_input, runs),
    )  # fmt: skip


def _charts(
    comparison: Comparison, drawn: Sequence[charts.Drawn], year: int | None, week: int | None, column: str
) -> list[Chart]:
    if not drawn or year is None or week is None:
        return []
    found = [Chart("capacity-by-year", charts.CAPACITY[0], charts.capacity_view(drawn), charts.CAPACITY[1])]
    if (cost := charts.cost_view(comparison)) is not None:
        found.append(Chart("cost-per-mwh", charts.COST[0], cost, charts.COST[1]))
    levels = charts.bridge_levels(comparison)
    for run_id in levels.index[1:]:
        letters = comparison.letters[str(comparison.base)], comparison.letters[run_id]
        view = charts.bridge_view(comparison, run_id, levels)
        title = f"Cost per MWh from {letters[0]} to {letters[1]}"
        found.append(Chart(f"bridge-{letters[0]}-{letters[1]}".lower(), title, view, charts.BRIDGE_NOTE))
    week_words = f"{week_name(week)} {year}"
    found.append(Chart("week", charts.WEEK_TITLE, charts.weeks_view(drawn, year, week), week_words))
    maps = charts.maps_view(drawn, year, charts.chosen_quantity(drawn, column))
    quantity = charts.quantities(drawn)[charts.chosen_quantity(drawn, column)]
    found.append(
        Chart("year-map", charts.MAPS[0], maps, f"{quantity.label}, {quantity.unit}, {year}. {charts.MAPS[1]}")
    )
    return found


def _runs_card(sheet: Sheet) -> html.Section:
    shown = sheet.frame[["run", "ended", "gap", "adequate", "verified", "estimate", "run_id"]].copy()
    shown["gap"] = [provenance.percent(gap) if pd.notna(gap) else "–" for gap in shown["gap"]]
    shown["estimate"] = [str(words).partition(":")[0] for words in shown["estimate"]]
    return card("Where it comes from", data_table(shown, caption="Runs"), note=sheet.note)


def _same_inputs_card(comparison: Comparison, manifests: Mapping[str, provenance.Manifest]) -> html.Section:
    """What was put in alike: with the inputs that differ, all there is."""
    differing = set(comparison.inputs["place"])
    same: dict[str, Input] = {}
    for manifest in manifests.values():
        for row in inputs(manifest):
            if row.place not in differing:
                same.setdefault(row.place, row)
    note = "The resolved scenarios, defaults written out; of equipment, among the plans that may build it"
    return card("Inputs that are the same", input_folds(list(same.values())), note=note)


def _figures_grid(comparison: Comparison, manifests: Mapping[str, provenance.Manifest]) -> Grid:
    names = ("", "", *(name_of(comparison, run_id) for run_id in comparison.run_ids))
    marks = [", ".join(words for words, _, _ in compared.trust_marks(one)) for one in manifests.values()]
    note = "In brackets: the difference to the base"
    return Grid("Figures", names, (("Trust", "", *marks), *compared.figure_texts(comparison)), note)


def _inputs_grid(comparison: Comparison) -> Grid:
    rows = tuple(
        (
            f"{row['group']}: {row['label']}", "" if row["unit"] == "-" else str(row["unit"]),
            *(input_text(row[run_id], row["place"]) for run_id in comparison.run_ids),
        )
        for row in comparison.inputs.to_dict(orient="records")
    )  # fmt: skip
    head_row = ("", "", *(name_of(comparison, run_id) for run_id in comparison.run_ids))
    return Grid("Inputs that differ", head_row, rows, "" if rows else "All inputs are the same.")


def _figures_sheet(comparison: Comparison) -> Sheet:
    """Figures as a person reads them: a row a figure, runs across, differences beside."""
    figures = comparison.figures
    wide = figures[["metric", "label", "unit", "sense"]].drop_duplicates("metric").set_index("metric")
    frame = pd.DataFrame({"figure": wide["label"], "unit": wide["unit"], "better": wide["sense"]})
    units = {}
    for column, title in (("value", "{}"), ("difference", "{} − base"), ("difference_frac", "{} − base, share"),
                          ("ceiling", "{} limit")):  # fmt: skip
        by_run = figures.pivot(index="metric", columns="run_id", values=column)
        for run_id in comparison.run_ids:
            is_difference = column.startswith("difference")
            if by_run[run_id].isna().all() or (is_difference and run_id == comparison.base):
                continue
            name = title.format(name_of(comparison, run_id))
            frame[name] = by_run[run_id].reindex(frame.index)
            if column == "difference_frac":
                units[name] = "frac"
    base = name_of(comparison, str(comparison.base))
    note = f"Base: {base}. Units stand in column B; frac is a share of 1. Better: lower or higher value."
    return Sheet("Figures", frame.reset_index(drop=True), units, note)


def _inputs_sheet(comparison: Comparison) -> Sheet:
    names = {run_id: name_of(comparison, run_id) for run_id in comparison.run_ids}
    frame = comparison.inputs.rename(columns=names)
    for name in names.values():
        # As objects: a 3 among 3.5 stays a 3.
        frame[name] = pd.Series([provenance.plain(value) for value in frame[name]], index=frame.index, dtype=object)
    return Sheet("Inputs that differ", frame, note="Place is the path in the scenario's YAML.")


def _tables(
    comparison: Comparison, drawn: Sequence[charts.Drawn], year: int | None, week: int | None
) -> tuple[Sheet, ...]:
    """Tidy tables: figures, differing inputs, then what the workbook takes over as it is."""
    names = {run_id: name_of(comparison, run_id) for run_id in comparison.run_ids}
    tidy_inputs = comparison.inputs.melt(
        id_vars=["place", "group", "label", "unit"], var_name="run_id", value_name="value"
    )
    tidy_inputs["value"] = ["" if value is None else str(value) for value in tidy_inputs["value"]]
    costs = comparison.costs.merge(
        comparison.bridges[["run_id", "category", "npv_usd", "usd_per_mwh"]], how="left", on=["run_id", "category"],
        suffixes=("", "_over_base"),
    )  # fmt: skip
    costs.insert(0, "run", [names[run_id] for run_id in costs["run_id"]])
    money = {"npv_usd": "USD", "usd_per_mwh": "USD/MWh", "npv_usd_over_base": "USD", "usd_per_mwh_over_base": "USD/MWh"}
    note = "Present value of the dispatched plan; per MWh of energy required, both discounted; difference to the base."
    return (
        Sheet("Figures", comparison.figures, note="One row a metric and run."),
        Sheet("Inputs that differ", tidy_inputs, note="One row a place and run."),
        Sheet("Costs", costs, money, note),
        _stacked("Capacity", drawn, "capacity"),
        _stacked("Costs by year", drawn, "costs"),
        _stacked("Limits", drawn, "limits"),
        *([_hours(drawn, year, week)] if year is not None and week is not None else []),
    )


def _stacked(title: str, drawn: Sequence[charts.Drawn], table: str) -> Sheet:
    """A stored table of all runs, one below the other."""
    frames = [run.table(table).assign(run=run.name, run_id=run.run_id) for run in drawn]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"run": []})
    first = [column for column in ("run", "run_id") if column in frame]
    frame = frame[[*first, *(column for column in frame if column not in first)]]
    return Sheet(title, frame, provenance.units_of(table, frame), f"The stored table {table} of each run.")


def _hours(drawn: Sequence[charts.Drawn], year: int, week: int) -> Sheet:
    frames = []
    for run in drawn:
        frame = week_frame(run.table("hourly"), year, week).copy()
        frame.insert(0, "date", [f"{moment(int(hour)):%d %b %H:00}" for hour in frame["hour"]])
        frame.insert(0, "run", run.name)
        frames.append(frame)
    frame = pd.concat(frames, ignore_index=True)
    note = f"{week_name(week)} {year}, hour beginning, local standard time; a run that does not plan the year has none."
    return Sheet("Hours", frame, provenance.units_of("hourly", frame), note)


def command(_tail: str, query: Mapping[str, str]) -> list[str]:
    """Arguments of `firmwatt export`."""
    asked = _asked(query)
    given = {"base": asked.base if asked.base in asked.runs else None, "year": asked.year, "week": asked.week,
             "map": query.get("map")}  # fmt: skip
    options = [part for name, value in given.items() if value for part in (f"--{name}", str(value))]
    return [*asked.runs, *options]


SUBJECT = Subject(
    "compare", "comparison", ("html", "pdf", "pptx", "xlsx", "csv", "parquet", "png", "svg"), build, command
)
