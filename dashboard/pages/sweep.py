"""One sweep: how far it is, what its cases say, and what to do with them."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html

from dashboard import links, sweep_view
from dashboard.components.chart import chart_card, summary_id, table_id
from dashboard.components.empty import empty_page
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.pickers import select
from dashboard.components.problems import notice, problem_box
from dashboard.ids import Sweep as Ids
from dashboard.takeaway.menu import menu
from dashboard.views import sweep as view
from dashboard.views import sweep_progress
from engine.errors import InputError, StoreError
from engine.jobs import JobTable
from engine.sweep import sweeps as standing
from engine.sweep.keeping import keep_case
from engine.sweep.sweeps import Sweeps

dash.register_page(__name__, path_template="/sweep/<sweep_id>", name="Sweep", title="Sweep · Firmwatt")

BUSY_MS, IDLE_MS = 1500, 6000
TICKED = 10  # outputs of a tick
CHARTS = (Ids.INDICES, Ids.MIXES, Ids.HEAT, Ids.SCATTER, Ids.PARALLEL)


def layout(sweep_id: str = "", **query: str) -> html.Div:
    """The page, as its address asks."""
    if not sweep_id:
        return _skeleton()
    try:
        status, seen = Sweeps().status(sweep_id), sweep_view.view(sweep_id)
    except StoreError:
        words = f'No sweep has the name "{sweep_id}" here. It may have been deleted.'
        return html.Div([empty_page("This sweep is not here", words, [("All sweeps", "/sweeps")]), _hidden()])
    except InputError as error:
        return html.Div([_unreadable(sweep_id, error), _hidden()])
    chosen = sweep_view.choice(seen, query)
    case = links.whole(query.get("case"), 1, len(seen.frame))
    edit = dcc.Link([icon("copy"), "Edit a copy"], href=f"/sweeps/new?sweep={sweep_id}", className="btn btn-quiet")
    head = page_head(
        status.name,
        kicker=_back(),
        actions=[
            html.Div(sweep_progress.actions(status), className="sweep-actions"),
            menu("sweep"),
            edit,
        ],
    )
    return html.Div(
        [
            page(
                head,
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Section(
                    [
                        html.P(status.description, className="lead-sentence") if status.description else None,
                        html.Div(_progress(status, seen), id=Ids.PROGRESS, className="sweep-progress"),
                        view.figure_picker(seen, chosen),
                    ],
                    className="panel sweep-head",
                ),
                *view.cards(seen, chosen),
                view.table_card(seen, sweep_id),
                html.Div(view.without_plan(seen), id=Ids.WITHOUT),
                _case_section(seen, case),
            ),
            *_stores(sweep_id, _mark(sweep_id), case, BUSY_MS if _busy(status) else IDLE_MS),
        ]
    )


def _unreadable(sweep_id: str, error: InputError) -> html.Div:
    """A sweep that cannot go on here (another version, a file that changed): what it found can still be taken away."""
    again = dcc.Link(
        [icon("copy"), "Launch it anew"], href=f"/sweeps/new?sweep={sweep_id}", className="btn btn-primary"
    )
    table = html.A(
        [icon("download"), "Its cases as CSV"], href=f"/sweep-export/{sweep_id}.csv", download=f"{sweep_id}.csv",
        className="btn btn-quiet",
    )  # fmt: skip
    box = problem_box(error, title="This sweep cannot be shown or go on")
    return page(page_head(sweep_id, kicker=_back()), box, html.Div([again, table], className="sweep-actions"))


def _case_section(seen: sweep_view.View, case: int | None) -> html.Section:
    """The case that was pressed, over the lower edge of the window wherever on the page that was."""
    inside = view.case_panel(seen, case) if case else []
    keep = html.Button([icon("plus"), "Keep as scenario"], id=Ids.KEEP, className="btn btn-small btn-quiet")
    close = html.Button(
        icon("close"), id=Ids.CLOSE, className="tool", title="Close the case", **{"aria-label": "Close"}
    )
    return html.Section(
        [html.Div(inside, id=Ids.CASE), html.Div([keep, close], className="sweep-keep"), html.Div(id=Ids.KEPT)],
        className="panel sweep-case", **{"aria-live": "polite"},
    )  # fmt: skip


def _stores(sweep_id: str, mark: str, case: int | None, pace: int) -> list[Any]:
    return [
        dcc.Store(id=Ids.SWEEP_ID, data=sweep_id),
        dcc.Store(id=Ids.ADDRESS),
        dcc.Store(id=Ids.SHOWN, data=mark),
        dcc.Store(id=Ids.CHOSEN, data=case),
        dcc.Interval(id=Ids.TICK, interval=pace),
    ]


def _hidden() -> html.Div:
    return html.Div(_skeleton(), hidden=True)


def _skeleton() -> html.Div:
    """Every id and no content: Dash checks callbacks against them when the server starts."""
    import dash_ag_grid as dag

    places = (Ids.MESSAGE, Ids.PROGRESS, Ids.CASE, Ids.KEPT, Ids.WITHOUT)
    return html.Div(
        [
            *(html.Div(id=place) for place in places),
            *(select(one, {}, "", "") for one in (Ids.FIGURE, Ids.X, Ids.Y, Ids.ACROSS, Ids.UP)),
            *(chart_card("", None, None, graph_id=chart) for chart in CHARTS),
            html.Button(id=Ids.KEEP),
            html.Button(id=Ids.CLOSE),
            *sweep_progress.actions(),
            dag.AgGrid(id=Ids.TABLE),
            *_stores("", "", None, 3_600_000),
        ]
    )


def _back() -> Any:
    return dcc.Link("Sweeps", href="/sweeps")


def _busy(status: standing.Status) -> bool:
    return status.state.state == standing.RUNNING


def _mark(sweep_id: str) -> str:
    """Of the dataset as it stands: another mark, another content."""
    return str((Sweeps().path(sweep_id) / standing.CASES).stat().st_mtime_ns)


def _progress(status: standing.Status, seen: sweep_view.View) -> list[Any]:
    return sweep_progress.panel(status, sweep_view.seconds_left(status, seen.frame))


@callback(
    Output(Ids.PROGRESS, "children"),
    *(Output(what, "hidden") for what in sweep_progress.ACTIONS),
    Output(Ids.RETRY_WORDS, "children"),
    Output(Ids.TABLE, "columnDefs"),
    Output(Ids.TABLE, "rowData"),
    Output(Ids.WITHOUT, "children"),
    Output(Ids.SHOWN, "data"),
    Output(Ids.TICK, "interval"),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.SWEEP_ID, "data"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, sweep_id: str, before: str) -> tuple[Any, ...]:
    """Follow the sweep; table and charts are drawn again only when cases have ended."""
    keep = dash.no_update
    if not sweep_id:
        return (keep,) * TICKED
    try:
        status, seen, mark = Sweeps().status(sweep_id), sweep_view.view(sweep_id), _mark(sweep_id)
    except (StoreError, InputError):
        return (keep,) * TICKED
    pace = BUSY_MS if _busy(status) else IDLE_MS
    hidden, again = sweep_progress.standing_of_actions(status)
    changed = (keep,) * 4 if mark == before else (view.columns(seen), view.rows(seen), view.without_plan(seen), mark)
    return _progress(status, seen), *hidden, again, *changed, pace


@callback(
    *(
        Output(place, prop)
        for one in CHARTS
        for place, prop in ((one, "figure"), (summary_id(one), "children"), (table_id(one), "children"))
    ),
    Output(Ids.ADDRESS, "data"),
    Input(Ids.FIGURE, "value"),
    Input(Ids.X, "value"),
    Input(Ids.Y, "value"),
    Input(Ids.ACROSS, "value"),
    Input(Ids.UP, "value"),
    Input(Ids.SHOWN, "data"),
    State(Ids.SWEEP_ID, "data"),
    prevent_initial_call=True,
)
def _draw(figure: str, x: str, y: str, across: str, up: str, _shown: str, sweep_id: str) -> tuple[Any, ...]:
    if not sweep_id:
        return (dash.no_update,) * (3 * len(CHARTS) + 1)
    seen = sweep_view.view(sweep_id)
    chosen = sweep_view.choice(seen, {"figure": figure, "x": x, "y": y, "across": across, "up": up})
    drawn = view.views(seen, chosen)
    return *(part for one in CHARTS for part in drawn[one].outputs()), links.search(**vars(chosen))


@callback(
    Output(Ids.CASE, "children"),
    Output(Ids.CHOSEN, "data"),
    Output(Ids.ADDRESS, "data", allow_duplicate=True),
    Output(Ids.KEPT, "children"),
    Input(Ids.SCATTER, "clickData"),
    Input(Ids.MIXES, "clickData"),
    Input(Ids.TABLE, "selectedRows"),
    State(Ids.SWEEP_ID, "data"),
    prevent_initial_call=True,
)
def _choose(scatter: Any, mixes: Any, chosen: list[dict[str, Any]] | None, sweep_id: str) -> tuple[Any, ...]:
    """Show the case that was pressed, in a chart or in the table."""
    if ctx.triggered_id == Ids.TABLE:
        case = int(chosen[0]["case"]) if chosen else None
    else:
        point = ((scatter if ctx.triggered_id == Ids.SCATTER else mixes) or {}).get("points", [{}])[0]
        case = point.get("customdata")
    if case is None or not sweep_id:
        return (dash.no_update,) * 4
    return view.case_panel(sweep_view.view(sweep_id), case), case, links.search(case=case), None


@callback(
    Output(Ids.CASE, "children", allow_duplicate=True),
    Output(Ids.CHOSEN, "data", allow_duplicate=True),
    Output(Ids.ADDRESS, "data", allow_duplicate=True),
    Output(Ids.KEPT, "children", allow_duplicate=True),
    Output(Ids.TABLE, "selectedRows"),
    Input(Ids.CLOSE, "n_clicks"),
    prevent_initial_call=True,
)
def _close(clicks: int | None) -> tuple[Any, ...]:
    return ([], None, "?case=", None, []) if clicks else (dash.no_update,) * 5


@callback(
    Output(Ids.KEPT, "children", allow_duplicate=True),
    Input(Ids.KEEP, "n_clicks"),
    State(Ids.CHOSEN, "data"),
    State(Ids.SWEEP_ID, "data"),
    prevent_initial_call=True,
)
def _keep(clicks: int | None, case: int | None, sweep_id: str) -> Any:
    if not clicks or not case:
        return (
            notice("Choose a case first: press a row of the table or a point.", "plain") if clicks else dash.no_update
        )
    try:
        key = keep_case(Sweeps(), sweep_id, case)
    except (InputError, StoreError) as error:
        return problem_box(error) if isinstance(error, InputError) else notice(str(error), "bad")
    return notice(["Kept in the library. ", dcc.Link("Open the scenario", href=f"/edit/{key}")])


@callback(
    Output(Ids.MESSAGE, "children"),
    Output(Ids.TICK, "interval", allow_duplicate=True),
    *(Input(what, "n_clicks") for what in sweep_progress.ACTIONS),
    State(Ids.SWEEP_ID, "data"),
    prevent_initial_call=True,
)
def _act(*pressed: Any) -> tuple[Any, Any]:
    """Cancel, resume, try again; the next tick shows what became of it."""
    *_clicks, sweep_id = pressed
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return dash.no_update, dash.no_update
    sweeps = Sweeps()
    try:
        if ctx.triggered_id == Ids.CANCEL:
            return notice(sweeps.cancel(sweep_id, JobTable()), "plain"), 400
        sweeps.resume(sweep_id, failed=ctx.triggered_id == Ids.RETRY)
    except (StoreError, InputError) as error:
        return notice(str(error), "bad"), BUSY_MS
    return notice("Goes on where it stopped.", "good"), 400


clientside_callback(
    ClientsideFunction("firmwatt", "keepAddress"), Output(Ids.ADDRESS, "storage_type"), Input(Ids.ADDRESS, "data")
)
