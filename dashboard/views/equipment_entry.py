"""Parts of an entry's page: its figures with their sources, what it costs at a glance, and its form."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import equipment_form as form
from dashboard.components.badges import badge
from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.numbers import stat
from dashboard.components.page import page_head
from dashboard.components.problems import listed
from dashboard.equipment_form import Seen
from dashboard.equipment_view import STATUS_WORDS, kind_title
from dashboard.formatting import amount, plural
from dashboard.forms.values import format_number
from dashboard.ids import Equipment as Ids
from dashboard.ids import EquipmentEntry
from engine.catalogue import Entry, Figure, Terms, figures, screen
from engine.errors import Problem

Part = Any
FACTOR_FRAC = 0.8
TONES = {"verified": "good", "secondary": "plain", "assumption": "warn", "own": "plain"}


def head(entry: Entry) -> html.Header:
    """Name and actions."""
    quiet = "btn btn-quiet"
    actions = [
        dcc.Link("Catalogue", href="/equipment", className=quiet),
        html.Button([icon("copy"), "Copy and edit"], id=Ids.do("copy", entry.key), className=quiet),
        html.Button([icon("plus"), "Add to a scenario"], id=Ids.do("add", entry.key), className="btn btn-primary"),
    ]
    if not entry.shipped:
        delete = html.Button("Delete", id=Ids.do("delete", entry.key), className=f"{quiet} wide")
        save = html.Button("Save", id=EquipmentEntry.SAVE, className=quiet, disabled=True)
        state_mark = html.Span(state(None), id=EquipmentEntry.STATE)
        actions = [state_mark, delete, actions[1], save, actions[2]]
    kicker = f"{'Shipped' if entry.shipped else 'Your'} equipment · {kind_title(entry.kind).lower()}"
    return page_head(html.Span(entry.name, id=EquipmentEntry.TITLE), kicker=kicker, actions=actions)


def shipped(entry: Entry) -> list[Part]:
    """Figures, and what they come to."""
    return [
        card("Figures", figure_table(entry), note=entry.summary, className="w8"),
        card("At a glance", html.Div(screened(entry)), note=_terms(), className="w4"),
    ]


def own(entry: Entry) -> list[Part]:
    """The form, what is wrong with it, what it comes to, and the figures that are kept."""
    return [
        html.Section([html.Div(form.draw(entry), id=EquipmentEntry.FORM)], className="panel w8 equipment-form"),
        html.Div(
            [
                html.Div(id=EquipmentEntry.PROBLEMS),
                card("At a glance", html.Div(screened(entry), id=EquipmentEntry.SCREENING), note=_terms()),
            ],
            className="w4 stack",
        ),
        card("Figures as kept", html.Div(figure_table(entry), id=EquipmentEntry.FIGURES)),
    ]


def skeleton() -> list[Part]:
    """Every id of an entry's page."""
    plain = (EquipmentEntry.FORM, EquipmentEntry.TITLE, EquipmentEntry.STATE, EquipmentEntry.PROBLEMS)
    return [
        dcc.Store(id=EquipmentEntry.KEY),
        dcc.Store(id=EquipmentEntry.BASES),
        html.Button(id=EquipmentEntry.SAVE),
        *(html.Div(id=one) for one in (*plain, EquipmentEntry.FIGURES, EquipmentEntry.SCREENING)),
    ]


def _terms() -> str:
    return f"Gas at 3.50 $/MMBtu, 8 % interest, {100 * FACTOR_FRAC:.0f} % of the year."


def screened(entry: Entry) -> list[Part]:
    """Annuity, fuel, cost of energy and NOx."""
    found = screen(entry, Terms())
    values = [("Capital", amount(found.capital_usd_per_kw, "USD/kW"))]
    values.append(("Capital a year", amount(found.annuity_usd_per_kw_yr, "USD/kW-yr")))
    if found.fuel_usd_per_mwh:
        values.append(("Fuel", amount(found.fuel_usd_per_mwh, "USD/MWh")))
    if found.generates and entry.kind == "thermal":
        values.append(("Energy", amount(float(found.energy_usd_per_mwh(FACTOR_FRAC)), "USD/MWh")))
        data: Any = entry.technology
        values.append(("NOx per fuel", amount(data.nox_lb_per_mmbtu, "lb/MMBtu")))
        values.append(("NOx per energy", amount(found.nox_lb_per_mwh, "lb/MWh")))
    return [html.Div([stat(label, _number(value)) for label, value in values], className="glance")]


def _number(value: Any) -> html.Span:
    return html.Span([value.number, html.Span(f" {value.unit}", className="unit")], className="number")


def figure_table(entry: Entry) -> html.Div:
    """Every figure with unit, source, year of its dollars and status."""
    heads = ["Figure", "Value", "Unit", "Source", "Dollars of", "Status"]
    head = html.Tr([html.Th(one, scope="col", className="num" if one == "Value" else None) for one in heads])
    rows = [_figure_row(figure) for figure in figures(entry)]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="data figure-table")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Figures"})


def _figure_row(figure: Figure) -> html.Tr:
    origin = figure.origin
    source = [origin.name, html.Div(origin.locator, className="muted small") if origin.locator else None]
    unit = "" if figure.unit == "-" else figure.unit.replace("USD", "$")
    year = str(origin.dollar_year) if figure.is_money and origin.dollar_year else ""
    mark = badge(origin.status.capitalize(), TONES[origin.status], f"This figure is {STATUS_WORDS[origin.status]}")
    return html.Tr(
        [
            html.Th(figure.label, scope="row", title=figure.description),
            html.Td(format_number(figure.value, grouped=figure.unit != "yr"), className="num"),
            html.Td(unit, className="unit"),
            html.Td(source, className="source"),
            html.Td(year),
            html.Td(mark),
        ]
    )


def problems(seen: Seen) -> Part:
    """Everything that is not yet valid."""
    found = [Problem(problem.where, problem.message) for problem in seen.checked.problems]
    return listed("Not yet valid", found) if found else None


def state(seen: Seen | None) -> html.Span:
    """Unsaved changes in words; the browser reads from it whether to warn before leaving."""
    edited = seen.checked.edited if seen else None
    count = len(edited.changes) + len(edited.unreadable) if edited else 0
    words = plural(count, "unsaved change") if count else "No changes"
    tone = "bad" if seen and seen.checked.problems else "live" if count else "plain"
    return html.Span(words, className=f"mark mark-{tone}", **{"data-unsaved": "yes" if count else "no"})
