"""The load composer: how big the load is and how it grows, what it does, and what of it can give way."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import dash
import numpy as np
from dash import ALL, ClientsideFunction, Input, Output, State, dcc, html

from dashboard import editor_frame, links, load_actions, load_live, sheets, theme, uploads
from dashboard.components.chart import backing_view, chart_card, summary_id, table_id
from dashboard.components.empty import empty_page
from dashboard.components.page import page
from dashboard.components.pickers import select, week_picker, week_words, year_picker
from dashboard.components.problems import listed, problem_box
from dashboard.editing import View, base_mapping, origin, view
from dashboard.editor_actions import browser_draft
from dashboard.figures.common import WEEKS, week_of_hour
from dashboard.forms.draft import Draft
from dashboard.forms.spec import field_spec
from dashboard.ids import Editor, Load
from dashboard.load_preview import Preview
from dashboard.sheets import Sheet
from dashboard.views import load_charts, load_form, load_headroom
from engine.errors import InputError, Problem
from engine.library import Library
from engine.profiles.series import LOAD_RANGE, read_hourly
from engine.scenario.schema import Load as LoadModel

dash.register_page(__name__, path="/load", name="Load", title="Load · Firmwatt")

FIRST_SCENARIO = "base"
GRAPHS = [chart.graph_id for chart in load_charts.CHARTS]
ASSUMED = "* Costs of a cut are assumptions. Each product is taken alone, and as if its market were open: a plan earns "
ASSUMED += "only in years with a grid connection, and at most for the import it can drop."


def layout(scenario: str = "", tab: str = "", year: str = "", week: str = "", **_query: str) -> html.Div:
    """The page of one scenario's load, on the same draft as its editor."""
    start = origin(scenario or FIRST_SCENARIO, "")
    try:
        seen = view(base_mapping(start), Draft())
    except InputError as error:
        words = html.Div([problem_box(error, title="There is no such scenario")])
        return empty_page("Load", words, [("Open the library", "/"), ("Open the base scenario", "/load")])
    years = _years(seen.checked.edited.mapping)
    chosen_year = links.whole(year, years[0], years[-1]) or years[0]
    chosen_week = links.whole(week, 1, WEEKS) or week_of_hour(24 * 199)
    chosen_tab = tab if tab in load_form.TABS else next(iter(load_form.TABS))
    picker = html.Div(
        [
            select(Load.SCENARIO, _scenarios(), start.key, "Scenario"),
            html.Div(load_form.navigation(seen), id=Editor.NAV),
        ],
        className="load-bar",
    )
    body = _body(seen, years, chosen_year, chosen_week)
    return html.Div(
        [
            page(
                editor_frame.head(start, seen, chips=picker),
                html.Div(id=Editor.MESSAGE, className="message"),
                html.Div(body, id=Load.BODY, className=f"load-body tab-{chosen_tab}"),
            ),
            *editor_frame.tail(start, seen, "load"),
            dcc.Store(id=Load.TAB, data=chosen_tab),
            dcc.Store(id=Load.ANSWERED),
            dcc.Store(id=Load.ADDRESS),
        ]
    )  # fmt: skip


def _body(seen: View, years: list[int], year: int, week: int) -> list[Any]:
    left = [
        html.Div(load_form.form(seen), id=Editor.FORM, className="load-form"),
        *_words(Load.SUM, "on-tab on-mix", role="status"),
        html.Aside(load_form.summary(seen), id=Editor.SUMMARY, className="form-summary load-summary"),
    ]
    clock = html.Div(
        [
            html.Div([html.Span(week_words(week, year), id=Load.WEEK_WORDS), year_picker(Load.YEAR, years, year)]),
            week_picker(Load.WEEK, week),
        ],
        className="panel load-clock",
    )
    charts = {chart.graph_id: _card(chart) for chart in load_charts.CHARTS}
    tables = html.Section(
        [
            html.H2("What each product would pay, alone"),
            *_words(Load.ECONOMICS, ""),
            html.P(ASSUMED, className="card-note"),
        ],
        className="panel on-tab on-dr wide",
    )
    right = [
        *_words(Load.STATS, "panel stats five on-tab on-basic wide"),
        *_words(Load.COOLING, "panel on-tab on-cooling wide"),
        *_words(Load.POTENTIAL_WORDS, "panel on-tab on-dr"),
        charts.pop(Load.POTENTIAL),
        tables,
        clock,
        *charts.values(),
        load_headroom.card(),
    ]
    return [html.Div(left, className="load-left"), html.Div(right, className="load-right")]


def _words(place: str, css: str, **properties: str) -> list[html.Div]:
    """A place for words, and one over it that the browser fills while a slider moves."""
    moving = html.Div(className=f"{css} moving-words", **{"data-moving": place})
    return [moving, html.Div(id=place, className=f"{css} awaits", **properties)]


def _card(chart: load_charts.Chart) -> html.Section:
    return chart_card(
        chart.title,
        None,
        None,
        graph_id=chart.graph_id,
        subtitle=chart.subtitle,
        className=f"on-tab on-{chart.tab}",
        min_width=chart.least_px,
    )


def _years(mapping: Mapping[str, Any]) -> list[int]:
    time = mapping.get("time") or {}
    first, count = time.get("first_year"), time.get("years")
    whole = isinstance(first, int) and isinstance(count, int) and 0 < count <= 40
    return list(range(first, first + count)) if whole else [2026]


def _scenarios() -> dict[str, str]:
    return {entry.key: entry.name if not entry.shipped else f"{entry.name} (shipped)" for entry in Library().entries()}


sheets.register(
    "load",
    Sheet(
        form=load_form.form,
        navigation=load_form.navigation,
        summary=load_form.summary,
        address=lambda key: f"/load{links.search(scenario=key)}",
    ),
)
load_actions.register()

_FIELDS = {"type": "editor-field", "path": ALL}

dash.clientside_callback(
    ClientsideFunction("load", "tab"),
    Output(Load.BODY, "className"),
    Input(Load.TAB, "data"),
    Input(Editor.NAV, "children"),
)
dash.clientside_callback(
    ClientsideFunction("load", "here"),
    Output(Load.TAB, "storage_type"),
    Input(Editor.PAGE, "data"),
    Input(Editor.DRAFTS, "data"),
    Input(Load.TAB, "data"),
    Input(Load.YEAR, "value"),
    Input(Load.WEEK, "value"),
)
dash.clientside_callback(
    ClientsideFunction("load", "answered"), Output(Load.ANSWERED, "storage_type"), Input(Load.ANSWERED, "data")
)
dash.clientside_callback(
    ClientsideFunction("load", "follow"),
    Output(Load.SCENARIO, "className"),
    Input(_FIELDS, "value"),
    Input(Editor.FORM, "children"),
    State(_FIELDS, "id"),
)
dash.clientside_callback(
    ClientsideFunction("firmwatt", "keepAddress"), Output(Load.ADDRESS, "storage_type"), Input(Load.ADDRESS, "data")
)


@dash.callback(
    Output(Editor.GO, "href", allow_duplicate=True),
    Input(Load.SCENARIO, "value"),
    State(Editor.PAGE, "data"),
    State(Load.TAB, "data"),
    prevent_initial_call=True,
)
def _other_scenario(key: str, page_data: Mapping[str, Any], tab: str) -> Any:
    return dash.no_update if key == page_data["key"] else f"/load{links.search(scenario=key, tab=tab)}"


@dash.callback(
    *[Output(graph, "figure") for graph in GRAPHS],
    *[Output(place, "children") for place in load_live.WORD_IDS],
    Output(Load.ANSWERED, "data"),
    Input(Editor.DRAFTS, "data"),
    Input(Load.TAB, "data"),
    Input(Load.YEAR, "value"),
    Input(Load.WEEK, "value"),
    State(Editor.PAGE, "data"),
)
def _show(drafts: Any, tab: str, year: str, week: int, page_data: dict[str, Any]) -> tuple[Any, ...]:
    """The open tab, as the draft has it."""
    figures, words = load_live.look(_seen(drafts, year, week, page_data), tab)
    found = {**figures, **words}
    return *(found.get(place, dash.no_update) for place in [*GRAPHS, *load_live.WORD_IDS]), secrets.token_hex(4)


def _seen(drafts: Any, year: str, week: int, page_data: dict[str, Any]) -> Preview | InputError:
    return load_live.seen_by(page_data, browser_draft(drafts, page_data), {}, year, week)


@dash.callback(
    *[Output(summary_id(graph), "children") for graph in GRAPHS],
    *[Output(table_id(graph), "children") for graph in GRAPHS],
    Output(Load.WEEK_WORDS, "children"),
    Output(Load.ADDRESS, "data"),
    Input(Editor.DRAFTS, "data"),
    Input(Load.TAB, "data"),
    Input(Load.YEAR, "value"),
    Input(Load.WEEK, "value"),
    State(Editor.PAGE, "data"),
)
def _say(drafts: Any, tab: str, year: str, week: int, page_data: dict[str, Any]) -> tuple[Any, ...]:
    """Words and tables behind the charts, once the hand has left the slider."""
    seen = _seen(drafts, year, week, page_data)
    address = links.search(scenario=page_data["key"], tab=tab, year=int(year), week=int(week))
    backings = {} if isinstance(seen, InputError) else load_charts.backed(seen, tab)
    summaries = [backings[graph].summary if graph in backings else dash.no_update for graph in GRAPHS]
    tables = [backing_view(backings[graph]) if graph in backings else dash.no_update for graph in GRAPHS]
    return *summaries, *tables, week_words(int(week), int(year)), address


@dash.callback(
    Output(Load.DEMAND, "data"),
    Output(Load.DEMAND_WORDS, "children"),
    Input(Load.DEMAND_FILE, "contents"),
    State(Load.DEMAND_FILE, "filename"),
    prevent_initial_call=True,
)
def _demand(content: str | None, filename: str) -> tuple[Any, Any]:
    """Keep an uploaded demand and look it over."""
    if not content:
        return dash.no_update, dash.no_update
    taken = uploads.take(field_spec("load.series", LoadModel.model_fields["series"]), content, filename)
    if taken.error is not None or taken.check is None:
        problems = taken.error.problems if taken.error else [Problem("", "cannot be read.")]
        return dash.no_update, listed(f"{taken.name} cannot be used", problems)
    words = f"{taken.name}, column “{taken.check.column}”: peak {taken.check.value('peak_mw'):,.0f} MW, "
    words += f"{taken.check.value('annual_mwh') / 1000:,.0f} GWh a year."
    return {"reference": taken.reference, "column": taken.check.column}, words


@dash.callback(
    Output(Load.HEADROOM_CHART, "figure"),
    Output(Load.HEADROOM, "children"),
    Output(Load.SHARE_WORDS, "children"),
    Input(Load.SHARE, "value"),
    Input(Load.HALF_YEARS, "value"),
    Input(Load.DEMAND, "data"),
    Input(Load.TAB, "data"),
    Input(Editor.DRAFTS, "data"),
    State(Load.YEAR, "value"),
    State(Editor.PAGE, "data"),
)
def _headroom(
    share: float, half_years: bool, demand: Any, tab: str, drafts: Any, year: str, page_data: dict[str, Any]
) -> tuple[Any, ...]:  # fmt: skip
    """How much fits under the demand, while the hand is on the share."""
    if tab != "dr":
        return (dash.no_update,) * 3
    demand_mw = _demand_mw(demand, drafts, year, page_data)
    if demand_mw is None:
        return (dash.no_update,) * 3
    return load_headroom.answer(demand_mw, float(share), half_years=bool(half_years), theme=theme.current())


def _demand_mw(demand: Any, drafts: Any, year: str, page_data: dict[str, Any]) -> np.ndarray | None:
    """The uploaded demand; without one, the scenario's own load."""
    path = uploads.find(demand["reference"]) if demand else None
    if path is not None:
        return _read_demand(str(path), demand["column"])
    seen = _seen(drafts, year, 1, page_data)
    return None if isinstance(seen, InputError) else seen.load_mw


@lru_cache(maxsize=4)
def _read_demand(path: str, column: str) -> np.ndarray:
    """Uploads are named by their content: what was read once stays right."""
    return read_hourly(Path(path), column=column, valid=LOAD_RANGE).values
