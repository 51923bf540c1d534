"""What no callback can touch reaches the browser as few components, and looks the same."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from dash import dcc, html
from dash.development.base_component import Component

from app import create_app
from dashboard.components.still import Still, still
from dashboard.takeaway.static_html import static
from engine.store import Store
from tests.dashboard.fake_runs import fake_run

# A page of one run had 2,500, most of them cells and words: Dash's work grows with their square.
MOST_COMPONENTS = 150


def live(part: Any) -> list[Component]:
    """Components that the browser's Dash has to watch."""
    if isinstance(part, list | tuple):
        return [found for one in part for found in live(one)]
    if not isinstance(part, Component):
        return []
    return [part] if isinstance(part, Still) else [part, *live(getattr(part, "children", None))]


def table(rows: int) -> html.Table:
    return html.Table([html.Tr([html.Td("a & b"), html.Td(row, className="num", colSpan=2)]) for row in range(rows)])


def mixed() -> html.Div:
    """Still parts on both sides of one that a callback fills, words between them."""
    words = html.P(["Figures, ", html.Em("all of them"), "."], **{"data-kind": "words"}, hidden=False)
    return html.Div([words, table(3), "between", html.Div(html.Div("filled"), id="target"), table(2)], id="root")


def test_neighbours_without_an_id_are_one_component_and_what_has_an_id_stays_itself():
    found = still(mixed())
    before, target, after = found.children
    assert [type(part) for part in (before, target, after)] == [Still, html.Div, Still]
    assert target.id == "target"
    assert [getattr(part, "id", "") for part in live(found)] == ["root", "", "target", "", ""]


def test_a_still_part_is_read_and_written_as_what_is_in_it():
    assert static(still(mixed()), str) == static(mixed(), str)
    cells = [part.children for part in still(table(3))._traverse() if isinstance(part, html.Td)]
    assert cells == ["a & b", 0, "a & b", 1, "a & b", 2]


def test_the_browser_gets_elements_with_their_properties_and_no_components():
    sent = still(html.Div([dcc.Link("all", href="/runs"), html.Br(), 5, None], className="row", **{"aria-label": "x"}))
    told = sent.to_plotly_json()
    assert (told["namespace"], told["type"], list(told["props"])) == ("firmwatt", "Still", ["parts"])
    link = '["",{"href":"/runs"},["all"]]'
    inside = f'[null,null,[{link},["br",{{}},[]],5,null]]'
    assert told["props"]["parts"] == f'["div",{{"className":"row","aria-label":"x"}},[{inside}]]'


def test_inputs_and_charts_are_never_still():
    for part in (dcc.Graph(), dcc.Dropdown(["a"]), html.Button("Solve", id="solve")):
        found = still(html.Div([part, table(1)]))
        assert part in found.children
        assert isinstance(found.children[1], Still)


@pytest.mark.usefixtures("in_an_app")
def test_a_page_of_many_figures_is_few_components():
    create_app()
    store = Store()
    runs = [fake_run(store, f"Plan {letter}", solar_mw=60.0) for letter in "AB"]
    pages = {name: importlib.import_module(f"dashboard.pages.{name}") for name in ("run", "compare")}
    shown = [pages["run"].layout(runs[0]), pages["compare"].layout(runs=",".join(runs))]
    for page in shown:
        assert len(list(page._traverse())) > 4 * MOST_COMPONENTS
        assert len(live(page)) < MOST_COMPONENTS
