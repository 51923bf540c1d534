"""The equipment catalogue: what can be built, with figures, units and sources, and what a MWh of each costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html

from dashboard import equipment_actions, links
from dashboard.components.chart import card, summary_id, table_id
from dashboard.components.equipment_dialogs import dialogs
from dashboard.components.page import page, page_head
from dashboard.components.problems import notice
from dashboard.equipment_view import MOST, Chosen, by_kind, read_address
from dashboard.forms.spec import KIND_LABELS
from dashboard.ids import Equipment as Ids
from dashboard.views import equipment as view
from engine.catalogue import Catalogue, Entry, Terms

dash.register_page(__name__, path="/equipment", name="Equipment", title="Equipment · Firmwatt")

LEGEND = "Point at a figure for its source. Underlined with dots: an assumption. Dollars are of the source's year."


def layout(**query: str) -> html.Div:
    """The page, as its address asks."""
    catalogue = Catalogue()
    entries, chosen = catalogue.entries(), read_address(query)
    return html.Div(
        [
            page(
                page_head("Equipment", actions=[_search()]),
                html.Div(_damaged(catalogue), id=Ids.MESSAGE, className="message"),
                view.screening_card(entries, chosen),
                view.ranking_card(entries, chosen),
                card(
                    "Side by side",
                    html.Div(view.side_by_side(entries, chosen), id=Ids.SIDE_BY_SIDE),
                    note=[LEGEND, html.Span(id=Ids.CHOSEN, className="wrong")],
                ),
                html.Div(_kinds(entries, chosen.kind), className="filters"),
                html.Div(view.lists(entries, chosen), id=Ids.LISTS, className="equipment"),
            ),
            *dialogs(),
            dcc.Store(id=Ids.ADDRESS),
        ]
    )


def _search() -> dbc.Input:
    return dbc.Input(
        id=Ids.FILTER, type="search", placeholder="Find equipment", debounce=False, className="search", size="sm"
    )


def _kinds(entries: Sequence[Entry], kind: str) -> dbc.RadioItems:
    options = [{"label": "All", "value": ""}]
    options += [{"label": KIND_LABELS.get(one, one), "value": one} for one in by_kind(entries)]
    options.append({"label": "Yours", "value": "own"})
    return dbc.RadioItems(
        id=Ids.KIND, options=options, value=kind, className="segments", inputClassName="btn-check", inline=True,
        labelClassName="segment", labelCheckedClassName="on",
    )  # fmt: skip


def _damaged(catalogue: Catalogue) -> list[Any]:
    return [notice(f"Own entry {key} is left out: {reason}", "bad") for key, reason in catalogue.damaged()]


equipment_actions.register()

clientside_callback(
    ClientsideFunction("pages", "filterEquipment"),
    Output(Ids.LISTS, "className"),
    Input(Ids.FILTER, "value"),
    Input(Ids.KIND, "value"),
)

clientside_callback(
    ClientsideFunction("firmwatt", "keepAddress"), Output(Ids.ADDRESS, "storage_type"), Input(Ids.ADDRESS, "data")
)


@callback(
    Output(Ids.CURVE, "figure"),
    Output(summary_id(Ids.CURVE), "children"),
    Output(table_id(Ids.CURVE), "children"),
    Output(Ids.RANKING, "children"),
    Output(Ids.SIDE_BY_SIDE, "children"),
    Output(Ids.CHOSEN, "children"),
    Output(Ids.ADDRESS, "data"),
    Output({"type": "equipment-cost", "key": ALL}, "children"),
    Input({"type": "equipment-pick", "key": ALL}, "value"),
    Input(Ids.GAS, "value"),
    Input(Ids.FACTOR, "value"),
    Input(Ids.KIND, "value"),
    State({"type": "equipment-pick", "key": ALL}, "id"),
    prevent_initial_call=True,
)
def _choose(
    ticks: list[bool | None], gas: float | None, factor: int, kind: str, ids: list[dict[str, str]]
) -> tuple[Any, ...]:
    """Draw what is chosen, at the chosen gas price and capacity factor."""
    picked = [identity["key"] for identity, on in zip(ids, ticks, strict=True) if on]
    keys = tuple(picked[:MOST])
    terms = Terms(gas_usd_per_mmbtu=3.5 if gas is None else gas)
    chosen = Chosen(keys, kind or "", terms, factor / 100)
    entries = Catalogue().entries()
    by_key = {entry.key: entry for entry in entries}
    shown = [identity["id"]["key"] for identity in ctx.outputs_list[-1]]
    # The costs of the lists follow price and factor alone; ticking an entry leaves them as they are.
    moved = ctx.triggered_id in (Ids.GAS, Ids.FACTOR)
    cells = [
        view.cost_words(by_key[key], replace(chosen, keys=())) if moved and key in by_key else dash.no_update
        for key in shown
    ]
    return (
        *view.screening_view(entries, chosen).outputs(),
        view.ranking(entries, chosen),
        view.side_by_side(entries, chosen),
        f" {view.too_many(picked)}",
        _address(chosen),
        cells,
    )


def _address(chosen: Chosen) -> str:
    return links.search(
        kind=chosen.kind,
        pick=",".join(chosen.keys),
        gas=f"{chosen.terms.gas_usd_per_mmbtu:g}",
        cf=f"{100 * chosen.factor_frac:.0f}",
    )
