"""The result of one run: headline, plan, operation, money, limits, and where it all comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html

from dashboard import data, links, pictures
from dashboard.components.chart import summary_id, table_id
from dashboard.components.empty import empty_page
from dashboard.components.page import page, page_head
from dashboard.components.pickers import week_words
from dashboard.components.problems import notice, problem_box
from dashboard.figures.common import week_of_day
from dashboard.ids import Run
from dashboard.takeaway.menu import menu
from dashboard.views import (
    demand_response,
    derived,
    infeasible,
    operation,
    plan,
    provenance,
    reasons,
    skeleton,
    verdict,
)
from dashboard.views.diagnosis import diagnosis_card
from dashboard.views.headline import headline
from dashboard.views.year_figures import year_figures
from engine.errors import InputError, StoreError


def title(run_id: str = "") -> str:
    """Title of the browser's tab."""
    try:
        return f"{data.manifest(run_id)['name']} · Firmwatt"
    except StoreError:
        return "Run · Firmwatt"


dash.register_page(__name__, path_template="/run/<run_id>", name="Run", title=title)


def layout(
    run_id: str = "", year: str = "", week: str = "", map: str = "", costs: str = "", figures: str = "", **_query: str
) -> html.Div:
    """Page of a run; without one, the skeleton that callbacks are checked against."""
    if not run_id:
        return skeleton.run()
    try:
        manifest = data.manifest(run_id)
    except StoreError as error:
        return _not_shown(run_id, str(error))
    if manifest["status"] == "infeasible":
        return infeasible.infeasible_page(manifest, menu("run"))
    chosen_year, chosen_week = operation.chosen_hours(manifest, year, week)
    return page(
        _head(manifest),
        dcc.Store(id=Run.RUN_ID, data=run_id),
        dcc.Store(id=Run.ADDRESS),
        *pictures.stores(*pictures.OF_RUN),
        html.Div(verdict.badges(manifest), className="marks"),
        *derived.places(),
        diagnosis_card(manifest),
        headline(manifest),
        year_figures(manifest, links.whole(figures, 0, 9999) or chosen_year),
        plan.capacity_card(manifest, "w8"),
        plan.limits_card(manifest, "w4"),
        operation.dispatch_card(manifest, chosen_year, chosen_week),
        operation.map_card(manifest, chosen_year, map, "w7"),
        operation.duration_card(manifest, chosen_year, "w5"),
        *demand_response.cards(manifest, chosen_year, chosen_week),
        plan.costs_card(manifest, costs, "w6"),
        plan.present_value_card(manifest, "w6"),
        *reasons.cards(manifest),
        plan.limits_years_card(manifest),
        plan.builds_card(manifest, "third"),
        provenance.solve_card(manifest, "third"),
        provenance.downloads_card(manifest, "third last"),
        provenance.inputs_card(manifest),
    )


def _head(manifest: Mapping[str, Any]) -> html.Header:
    return page_head(
        manifest["name"],
        kicker=manifest["description"] or None,
        actions=[menu("run"), *provenance.next_steps(manifest)],
    )


def _not_shown(run_id: str, reason: str) -> html.Div:
    steps = [("See all runs", "/runs"), ("Open the library", "/")]
    damaged = dict(data.damaged())
    if run_id in damaged:
        return empty_page("This run is damaged", f"{damaged[run_id]} Its files are left as they are.", steps)
    return empty_page("No such run", f"{reason[:1].upper()}{reason[1:]}", steps)


for chart, choice in pictures.OF_RUN.items():
    pictures.shows(chart, *choice, runs=Run.RUN_ID)


@callback(
    Output(Run.WEEK_WORDS, "children"),
    Output(Run.ADDRESS, "data"),
    Input(pictures.shown_id(Run.DISPATCH), "data"),
    prevent_initial_call=True,
)
def _say_week(shown: dict[str, Any]) -> tuple[str, str]:
    year, week = int(shown["year"]), int(shown["week"])
    return week_words(week, year), links.search(year=year, week=week)


@callback(
    Output(Run.JUMPS, "children"),
    Input(pictures.shown_id(Run.DURATION), "data"),
    State(Run.RUN_ID, "data"),
    prevent_initial_call=True,
)
def _offer_weeks(shown: dict[str, Any], run_id: str) -> list[html.Button]:
    return operation.jumps(data.manifest(run_id), int(shown["year"]))


@callback(
    Output(Run.WEEK, "value"),
    Input(Run.jump(ALL), "n_clicks"),
    Input(Run.MAP, "clickData"),
    prevent_initial_call=True,
)
def _go_to_week(_clicks: list[int | None], point: dict[str, Any] | None) -> Any:
    if ctx.triggered_id == Run.MAP and point:
        return week_of_day(point["points"][0]["x"])
    # Buttons that were only just drawn also report, with no click.
    if isinstance(ctx.triggered_id, dict) and ctx.triggered[0]["value"]:
        return int(str(ctx.triggered_id["week"]).split("-")[0])
    return dash.no_update


@callback(
    Output(Run.COSTS, "figure"),
    Output(summary_id(Run.COSTS), "children"),
    Output(table_id(Run.COSTS), "children"),
    Input(Run.COST_GROUP, "value"),
    State(Run.RUN_ID, "data"),
    prevent_initial_call=True,
)
def _show_costs(group: str, run_id: str) -> tuple:
    return plan.cost_view(data.manifest(run_id), group).outputs()


@callback(
    Output(Run.GO, "href"),
    Output(Run.SAID, "children"),
    Input(Run.remedy(ALL), "n_clicks"),
    State(Run.RUN_ID, "data"),
    prevent_initial_call=True,
)
def _make_relaxed(_clicks: list[int | None], run_id: str) -> tuple[Any, Any]:
    """Make the scenario of a remedy and open it in the editor."""
    if not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
        return dash.no_update, dash.no_update
    try:
        key = derived.make_relaxed(data.manifest(run_id), str(ctx.triggered_id["limit"]))
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not made")
    return f"/edit/{key}", None


@callback(
    Output(Run.EARLIER_SAID, "children"),
    Input(Run.EARLIER_GRID, "n_clicks"),
    State(Run.RUN_ID, "data"),
    prevent_initial_call=True,
)
def _solve_earlier_grid(clicks: int | None, run_id: str) -> Any:
    if not clicks:
        return dash.no_update
    try:
        derived.queue_earlier_grid(data.manifest(run_id))
    except InputError as error:
        return problem_box(error, title="Not queued")
    words = notice("Queued. When it is solved, this page shows the difference.")
    return html.Div([words, dcc.Link("See all runs", href="/runs", className="small")])


for keeping, ids in (("keepMap", Run.QUANTITY), ("keepCosts", Run.COST_GROUP)):
    clientside_callback(
        ClientsideFunction("firmwatt", keeping), Output(ids, "size"), Input(ids, "value"), prevent_initial_call=True
    )
clientside_callback(
    ClientsideFunction("firmwatt", "figuresOf"),
    Output(Run.FIGURES, "title"),
    Input(Run.FIGURES_YEAR, "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("firmwatt", "showWeek"),
    Output(Run.MAP, "responsive"),
    Input(Run.MAP, "clickData"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("firmwatt", "keepAddress"), Output(Run.ADDRESS, "storage_type"), Input(Run.ADDRESS, "data")
)
