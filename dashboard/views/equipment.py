"""Parts of the equipment page: lists by kind, the screening chart, entries side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import theme
from dashboard.components.chart import Backing, View, card, chart_card
from dashboard.components.icons import icon
from dashboard.equipment_view import (
    COLUMNS,
    MOST,
    Chosen,
    Column,
    by_kind,
    cell_value,
    chosen_entries,
    costs,
    figure_of,
    kind_title,
    looks,
    source_words,
)
from dashboard.figures.screening import at_factor, describe_screening, screening_curve
from dashboard.formatting import NOTHING, amount, grouped
from dashboard.forms.values import format_number
from dashboard.ids import Equipment as Ids
from engine.catalogue import Entry, Figure, figures, screen

Part = Any


def screening_view(entries: Sequence[Entry], chosen: Chosen) -> View:
    """The chart of the chosen entries, its words and its table."""
    frame = costs(chosen_entries(entries, chosen.keys), chosen.terms)
    look = looks(chosen_entries(entries, chosen.keys))
    figure = screening_curve(frame, look, chosen.factor_frac, theme.current())
    table = frame[["name", "capacity_factor_frac", "usd_per_mwh"]]
    every = table[(100 * table["capacity_factor_frac"]).round().astype(int) % 10 == 0]
    units = {"capacity_factor_frac": "-", "usd_per_mwh": "USD/MWh"}
    return View(figure, Backing(describe_screening(frame, chosen.factor_frac), every, units, "screening.csv"))


def screening_card(entries: Sequence[Entry], chosen: Chosen) -> html.Section:
    """Chart with what it is screened at, and the ranking beside it."""
    view = screening_view(entries, chosen)
    return chart_card(
        "Cost of energy by capacity factor",
        view.figure,
        view.backing,
        graph_id=Ids.CURVE,
        subtitle="Capital as annuity at 8 %, fixed and variable O&M, and fuel; before any plan, without derates.",
        controls=_terms(chosen),
        className="w8",
    )


def _terms(chosen: Chosen) -> list[Part]:
    gas = dbc.Input(
        id=Ids.GAS, type="number", min=0, max=50, step="any", value=chosen.terms.gas_usd_per_mmbtu, debounce=True,
        size="sm",
    )  # fmt: skip
    return [html.Label(["Gas", gas, html.Span("$/MMBtu", className="unit")], className="inline-field")]


def ranking_card(entries: Sequence[Entry], chosen: Chosen) -> html.Section:
    """The chosen entries at one capacity factor, cheapest first."""
    slider = dcc.Slider(
        id=Ids.FACTOR, min=5, max=100, step=1, value=round(100 * chosen.factor_frac), updatemode="drag",
        marks={5: "5", 25: "25", 50: "50", 75: "75", 100: "100 %"}, allow_direct_input=False,
    )  # fmt: skip
    return card(
        "At one capacity factor",
        html.Div(slider, className="factor", role="group", **{"aria-label": "Capacity factor, percent"}),
        html.Div(ranking(entries, chosen), id=Ids.RANKING),
        className="w4",
    )


def ranking(entries: Sequence[Entry], chosen: Chosen) -> list[Part]:
    """Cost of each chosen entry at the chosen factor, as bars."""
    picked = chosen_entries(entries, chosen.keys)
    look, ranked = looks(picked), at_factor(costs(picked, chosen.terms), chosen.factor_frac)
    percent = f"{100 * chosen.factor_frac:.0f}"
    if ranked.empty:
        return [html.P("Tick entries that generate energy to rank them.", className="muted")]
    dearest = float(ranked["usd_per_mwh"].max())
    rows = []
    for row in ranked.itertuples(index=False):
        less = row.capacity_factor_frac < chosen.factor_frac - 0.006
        note = f"at its most, {100 * row.capacity_factor_frac:.0f} %" if less else None
        rows.append(_rank(row.name, float(row.usd_per_mwh), dearest, look[row.key].colour, note))
    return [html.P(f"Running {percent} % of the year", className="card-note"), html.Ul(rows, className="ranks")]


def _rank(name: str, cost: float, dearest: float, colour: str, note: str | None) -> html.Li:
    bar = html.Div(html.Span(style={"width": f"{100 * cost / dearest:.1f}%", "background": colour}), className="rank")
    head = [html.Span([name, html.Span(f" {note}", className="muted") if note else None])]
    return html.Li([html.Div([*head, html.Strong(_money(cost))], className="rank-head small"), bar])


def _money(cost: float) -> list[Part]:
    shown = amount(cost, "USD/MWh")
    return [shown.number, html.Span(f" {shown.unit}", className="unit")]


def side_by_side(entries: Sequence[Entry], chosen: Chosen) -> Part:
    """Chosen entries in columns, every figure that any of them has in rows."""
    picked = chosen_entries(entries, chosen.keys)
    if not picked:
        return html.P("Tick up to four entries below to see them side by side.", className="muted")
    look = looks(picked)
    head = [html.Th("Figure", scope="col")]
    for entry in picked:
        dot = html.Span(className="dot", style={"background": look[entry.key].colour})
        head.append(html.Th([dot, dcc.Link(entry.name, href=f"/equipment/{entry.key}")], className="num", scope="col"))
    named: dict[str, Figure] = {}
    for entry in picked:
        for figure in figures(entry):
            named.setdefault(figure.path, figure)
    rows = [*_screened_rows(picked, chosen), *(_compared_row(figure, picked) for figure in named.values())]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="data sources")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Chosen equipment"})


def _screened_rows(picked: Sequence[Entry], chosen: Chosen) -> list[html.Tr]:
    found = [screen(entry, chosen.terms) for entry in picked]
    rows = {
        "Capital a year": ("$/kW-yr", [one.annuity_usd_per_kw_yr for one in found]),
        "Fuel": ("$/MWh", [one.fuel_usd_per_mwh or None for one in found]),
        "NOx": ("lb/MWh", [one.nox_lb_per_mwh or None for one in found]),
    }
    return [
        html.Tr([_row_head(label, unit), *(html.Td(_three(value), className="num") for value in values)])
        for label, (unit, values) in rows.items()
    ]


def _compared_row(figure: Figure, picked: Sequence[Entry]) -> html.Tr:
    cells = []
    for entry in picked:
        own = figure_of(entry, figure.path)
        cells.append(html.Td(NOTHING, className="num") if own is None else sourced(own, own.value))
    return html.Tr([_row_head(figure.label, figure.unit.replace("USD", "$")), *cells])


def _row_head(label: str, unit: str) -> html.Th:
    return html.Th([label, html.Span(f" {unit}", className="unit") if unit != "-" else None], scope="row")


def sourced(figure: Figure, value: float) -> html.Td:
    """A cell that tells its source when pointed at; an assumption is underlined with dots."""
    mark = html.Span(format_number(round(value, 6)), className=f"sourced {figure.origin.status}")
    return html.Td(mark, className="num", title=source_words(figure))


def _three(value: float | None) -> str:
    return NOTHING if value is None else str(amount(value))


def lists(entries: Sequence[Entry], chosen: Chosen) -> list[Part]:
    """The catalogue, a table a kind."""
    parts = [_list(kind, found, chosen) for kind, found in by_kind(entries).items()]
    nothing = html.P("No equipment has these words.", className="muted none-found", hidden=True)
    return [*parts, nothing]


def _list(kind: str, entries: Sequence[Entry], chosen: Chosen) -> html.Section:
    columns = COLUMNS.get(kind, ())
    generates = kind not in {"battery", "grid"}
    heads = [html.Th(html.Span("Show", className="visually-hidden"), scope="col"), html.Th("Name", scope="col")]
    heads += [_head(column.label, column.unit) for column in columns]
    heads += [_head("Energy", "$/MWh")] * generates
    heads += [html.Th(html.Span("Actions", className="visually-hidden"), scope="col")]
    rows = [_row(entry, columns, chosen, generates) for entry in entries]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="data sources equipment-table")
    region = {"role": "region", "aria-label": kind_title(kind), "tabIndex": 0}
    inside = [html.H2(kind_title(kind)), html.Div(table, className="scroll", **region)]
    return html.Section(inside, className="panel equipment-kind", **{"data-kind": kind})


def _head(label: str, unit: str) -> html.Th:
    return html.Th([label, html.Span(unit, className="unit")], className="num", scope="col")


def _row(entry: Entry, columns: Sequence[Column], chosen: Chosen, generates: bool) -> html.Tr:
    tick = dbc.Checkbox(id=Ids.pick(entry.key), value=entry.key in chosen.keys, className="pick")
    name = [
        dcc.Link(entry.name, href=f"/equipment/{entry.key}"),
        html.Div([_own_mark(entry), entry.summary], className="muted small summary"),
    ]
    cells = [_cell(entry, column) for column in columns]
    cost = html.Td(cost_words(entry, chosen), id=Ids.cost(entry.key), className="num")
    words = f"{entry.name} {entry.summary} {entry.kind} {entry.technology_id}".lower()
    return html.Tr(
        [html.Td(html.Label([tick, html.Span(f"Show {entry.name}", className="visually-hidden")])),
         html.Td(name, className="name"), *cells, *([cost] * generates), html.Td(_menu(entry), className="menu-cell")],
        className="equipment-row", **{"data-words": words, "data-own": "no" if entry.shipped else "yes"},
    )  # fmt: skip


def cost_words(entry: Entry, chosen: Chosen) -> str:
    """Cost of energy at the chosen factor, or at the most that the entry can run."""
    frame = costs([entry], chosen.terms)
    ranked = at_factor(frame, chosen.factor_frac)
    return grouped(float(ranked["usd_per_mwh"].iloc[0]), 1) if len(ranked) else NOTHING


def _own_mark(entry: Entry) -> Part:
    return None if entry.shipped else html.Span("Yours", className="mark mark-live own-mark")


def _cell(entry: Entry, column: Column) -> html.Td:
    value, figure = cell_value(entry, column), figure_of(entry, column.path)
    if value is None:
        return html.Td(NOTHING, className="num")
    value = float(f"{value:.4g}") if column.value is not None else value
    if figure is None:
        return html.Td(format_number(value), className="num", title="computed" if column.value else "by default")
    return sourced(figure, value)


def _menu(entry: Entry) -> dbc.DropdownMenu:
    items = [
        dbc.DropdownMenuItem("Add to a scenario", id=Ids.do("add", entry.key)),
        dbc.DropdownMenuItem("Copy and edit", id=Ids.do("copy", entry.key)),
        dbc.DropdownMenuItem("Open" if entry.shipped else "Edit", href=f"/equipment/{entry.key}"),
    ]
    if not entry.shipped:
        items.append(dbc.DropdownMenuItem("Delete", id=Ids.do("delete", entry.key), className="danger"))
    more = [icon("more"), html.Span(f"More about {entry.name}", className="visually-hidden")]
    return dbc.DropdownMenu(
        items, label=more, align_end=True, caret=False, toggleClassName="tool", size="sm",
        toggle_style={"background": "none", "border": 0},
    )  # fmt: skip


def too_many(keys: Sequence[str]) -> str:
    """What to say of more ticks than fit."""
    return f"{MOST} entries fit side by side; the first {MOST} are shown." if len(keys) > MOST else ""
