"""The library: scenarios as cards, shipped and own, each with what its latest run says."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from dashboard import data, solve_area
from dashboard.components.empty import empty_state
from dashboard.components.icons import icon
from dashboard.components.page import page, page_head
from dashboard.components.problems import notice, problem_box
from dashboard.components.scenario_card import card, live
from dashboard.ids import Library as Ids
from dashboard.standing import Standing, standing
from engine.errors import InputError, Problem
from engine.jobs import JobTable
from engine.library import Entry, Library

BUSY_MS, IDLE_MS = 600, 3000
JOBS_SEEN = 500

dash.register_page(__name__, path="/", name="Library", title="Library · Firmwatt")


def layout(**_query: str) -> html.Div:
    """The page, drawn as things stand."""
    entries, shown = _standings()
    return html.Div(
        [
            page(
                page_head("Library", actions=[_search(), *_tools()]),
                html.Div(id=Ids.MESSAGE, className="message"),
                html.Div(_grid(entries, shown), id=Ids.GRID, className="library"),
            ),
            html.Div(id=Ids.COMPARE, className="compare-bar", hidden=True),
            solve_area.area(Ids),
            _rename_dialog(),
            _delete_dialog(),
            dcc.Download(id=Ids.DOWNLOAD),
            dcc.Store(id=Ids.SHOWN, data=_digests(entries, shown)),
            dcc.Interval(id=Ids.TICK, interval=_pace(shown)),
        ]
    )


def _search() -> dbc.Input:
    return dbc.Input(
        id=Ids.FILTER, type="search", placeholder="Find a scenario", debounce=False, className="search", size="sm"
    )


def _tools() -> list[Any]:
    return [
        dcc.Upload(
            html.Button([icon("upload"), html.Span("Import YAML", className="wide")], className="btn btn-quiet"),
            id=Ids.IMPORT,
            multiple=True,
            accept=".yaml,.yml",
            className="import",
        ),
        dcc.Link([icon("plus"), "New"], href="/edit?from=base", className="btn btn-primary"),
    ]


def _grid(entries: list[Entry], shown: dict[str, Standing]) -> list[Any]:
    own = [entry for entry in entries if not entry.shipped]
    shipped = [entry for entry in entries if entry.shipped]
    if not entries:
        words = "Scenarios say what a site needs and what may be built there. Import one, or start a new one."
        return [empty_state("No scenarios yet", words, [("New scenario", "/edit")])]
    return [
        *_group("Yours", own, shown, "Nothing of your own yet: edit a shipped scenario, or drop a YAML file here."),
        *_group("Shipped with Firmwatt", shipped, shown, ""),
        html.P("No scenario has these words.", className="muted none-found", hidden=True),
    ]


def _group(title: str, entries: list[Entry], shown: dict[str, Standing], nothing: str) -> list[Any]:
    cards = [card(entry, shown[entry.key]) for entry in entries]
    body = html.Div(cards, className="cards") if cards else html.P(nothing, className="muted drop-hint")
    return [html.Section([html.H2(title, className="group-title"), body])]


def _rename_dialog() -> dbc.Modal:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Rename")),
            dbc.ModalBody(
                [
                    html.Label(["Name", dbc.Input(id=Ids.RENAME_NAME, maxLength=80)], className="dialog-field"),
                    html.Div(id=Ids.RENAME_PROBLEM),
                ]
            ),
            dbc.ModalFooter(html.Button("Rename", id=Ids.RENAME_SAVE, className="btn btn-primary")),
            dcc.Store(id=Ids.RENAME_KEY),
        ],
        id=Ids.RENAME,
        centered=True,
    )


def _delete_dialog() -> dbc.Modal:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Delete this scenario?")),
            dbc.ModalBody(html.P(id=Ids.DELETE_WORDS)),
            dbc.ModalFooter(
                [
                    html.Button("Keep it", id=Ids.DELETE_NO, className="btn btn-quiet"),
                    html.Button("Delete", id=Ids.DELETE_YES, className="btn btn-danger"),
                ]
            ),
            dcc.Store(id=Ids.DELETE_KEY),
        ],
        id=Ids.DELETE,
        centered=True,
    )


def _standings() -> tuple[list[Entry], dict[str, Standing]]:
    entries = Library().entries()
    found, runs = JobTable().list(JOBS_SEEN), data.runs()
    return entries, {entry.key: standing(entry, found, runs) for entry in entries}


def _digests(entries: list[Entry], shown: dict[str, Standing]) -> dict[str, list[Any]]:
    """What each card shows of its latest job, for telling whether it has to be drawn again."""
    jobs = {key: one.job for key, one in shown.items()}
    return {entry.key: [entry.fingerprint, _digest(jobs[entry.key])] for entry in entries}


def _digest(job: Any) -> str:
    if job is None:
        return ""
    shown = (job.job_id, job.state.value, job.message, f"{job.progress_frac:.2f}", job.mip_gap_frac, job.cancelling)
    return "|".join(map(str, shown))


def _pace(shown: dict[str, Standing]) -> int:
    return BUSY_MS if any(one.is_live for one in shown.values()) else IDLE_MS


solve_area.register(Ids)

dash.clientside_callback(
    ClientsideFunction("pages", "solve"),
    Output(Ids.REQUEST, "data"),
    Output(Ids.TICK, "interval"),
    Input({"type": "library-solve", "key": ALL}, "n_clicks"),
    prevent_initial_call=True,
)

dash.clientside_callback(
    ClientsideFunction("pages", "filterCards"), Output(Ids.GRID, "className"), Input(Ids.FILTER, "value")
)

dash.clientside_callback(
    ClientsideFunction("pages", "compareBar"),
    Output(Ids.COMPARE, "children"),
    Output(Ids.COMPARE, "hidden"),
    Input({"type": "library-select", "key": ALL, "run": ALL}, "value"),
    State({"type": "library-select", "key": ALL, "run": ALL}, "id"),
)


@dash.callback(
    Output(Ids.SHOWN, "data"),
    Output(Ids.TICK, "interval", allow_duplicate=True),
    Input(Ids.TICK, "n_intervals"),
    State(Ids.SHOWN, "data"),
    prevent_initial_call=True,
)
def _tick(_ticks: int, before: dict[str, list[Any]]) -> tuple[Any, Any]:
    """Draw again only the cards whose job moved; reading the jobs alone tells which."""
    found = JobTable().list(JOBS_SEEN)
    moved = [key for key, (mark, digest) in before.items() if mark and _digest(_latest(found, mark)) != digest]
    if not moved:
        return dash.no_update, BUSY_MS if any(job.state.live for job in found) else IDLE_MS
    library, runs = Library(), data.runs()
    entries = {entry.key: entry for entry in library.entries() if entry.key in before}
    after = dict(before)
    for key in (key for key in moved if key in entries):
        now = standing(entries[key], found, runs)
        dash.set_props(Ids.card(key), {"children": live(entries[key], now)})
        after[key] = [entries[key].fingerprint, _digest(_latest(found, entries[key].fingerprint))]
    return after, BUSY_MS if any(job.state.live for job in found) else IDLE_MS


def _latest(found: Any, mark: str) -> Any:
    moments = [(job.state.live, job.finished or job.created, job) for job in found if job.fingerprint == mark]
    return max(moments, key=lambda moment: moment[:2])[2] if moments else None


@dash.callback(
    Output(Ids.GRID, "children"),
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Output(Ids.MESSAGE, "children"),
    Output(Ids.DELETE, "is_open"),
    Output(Ids.RENAME, "is_open"),
    Output(Ids.RENAME_PROBLEM, "children"),
    Input({"type": "library-do", "do": "duplicate", "key": ALL}, "n_clicks"),
    Input(Ids.DELETE_YES, "n_clicks"),
    Input(Ids.DELETE_NO, "n_clicks"),
    Input(Ids.RENAME_SAVE, "n_clicks"),
    Input(Ids.IMPORT, "contents"),
    State(Ids.IMPORT, "filename"),
    State(Ids.DELETE_KEY, "data"),
    State(Ids.RENAME_KEY, "data"),
    State(Ids.RENAME_NAME, "value"),
    prevent_initial_call=True,
)
def _change(
    _duplicate: Any, _yes: Any, _no: Any, _save: Any, contents: list[str] | None, names: list[str] | None,
    delete_key: str | None, rename_key: str | None, name: str | None,
) -> tuple[Any, ...]:  # fmt: skip
    """Carry out what changes the library, then draw it again."""
    asked = ctx.triggered_id
    keep = dash.no_update
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        return (keep,) * 6
    if asked == Ids.DELETE_NO:
        return keep, keep, keep, False, keep, keep
    if asked == Ids.RENAME_SAVE:
        try:
            words = _renamed(rename_key or "", name or "")
        except InputError as error:
            return keep, keep, keep, keep, keep, problem_box(error, title="Not renamed")
        return *_drawn(), words, keep, False, None
    if asked == Ids.DELETE_YES:
        message = _deleted(delete_key or "")
    elif asked == Ids.IMPORT:
        message = _imported(contents or [], names or [])
    else:
        message = _duplicated(asked["key"])
    return *_drawn(), message, False, keep, keep


def _drawn() -> tuple[list[Any], dict[str, list[Any]]]:
    entries, shown = _standings()
    return _grid(entries, shown), _digests(entries, shown)


def _duplicated(key: str) -> Any:
    try:
        copy = Library().duplicate(key)
    except InputError as error:
        return problem_box(error, title="Not duplicated")
    return notice(f"Duplicated as “{_name(copy)}”.")


def _deleted(key: str) -> Any:
    name = _name(key)
    try:
        Library().delete(key)
    except InputError as error:
        return problem_box(error, title="Not deleted")
    return notice(f"Deleted “{name}”. Its runs stay on the runs page.")


def _renamed(key: str, name: str) -> Any:
    Library().rename(key, name)
    return notice(f"Renamed to “{name.strip()}”.")


def _name(key: str) -> str:
    return next((entry.name for entry in Library().entries() if entry.key == key), key)


def _imported(contents: list[str], names: list[str]) -> list[Any]:
    """Take every file that is sound, and list every problem of the others."""
    messages = []
    for content, name in zip(contents, names, strict=False):
        try:
            key = Library().import_yaml(_text(content, name), name)
        except InputError as error:
            messages.append(problem_box(error, title=f"{name} was not imported"))
        else:
            messages.append(notice(f"Imported “{_name(key)}” from {name}."))
    return messages


def _text(content: str, name: str) -> str:
    """Text of an upload, `data:...;base64,...`."""
    try:
        return base64.b64decode(content.partition(",")[2], validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        raise InputError(name, [Problem("", "is no text file in UTF-8; save it as plain YAML.")]) from None


@dash.callback(
    Output(Ids.DOWNLOAD, "data"),
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Input({"type": "library-do", "do": "export", "key": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def _export(_clicks: list[int | None]) -> tuple[Any, Any]:
    if not ctx.triggered[0]["value"]:
        return dash.no_update, dash.no_update
    key = ctx.triggered_id["key"]
    try:
        return {"content": Library().export_yaml(key), "filename": f"{key}.yaml", "type": "text/yaml"}, None
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not exported")


@dash.callback(
    Output(Ids.RENAME, "is_open", allow_duplicate=True),
    Output(Ids.RENAME_KEY, "data"),
    Output(Ids.RENAME_NAME, "value"),
    Output(Ids.RENAME_PROBLEM, "children", allow_duplicate=True),
    Input({"type": "library-do", "do": "rename", "key": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def _ask_name(_clicks: list[int | None]) -> tuple[Any, ...]:
    if not ctx.triggered[0]["value"]:
        return (dash.no_update,) * 4
    key = ctx.triggered_id["key"]
    return True, key, _name(key), None


@dash.callback(
    Output(Ids.DELETE, "is_open", allow_duplicate=True),
    Output(Ids.DELETE_KEY, "data"),
    Output(Ids.DELETE_WORDS, "children"),
    Input({"type": "library-do", "do": "delete", "key": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def _ask_delete(_clicks: list[int | None]) -> tuple[Any, ...]:
    if not ctx.triggered[0]["value"]:
        return (dash.no_update,) * 3
    key = ctx.triggered_id["key"]
    return True, key, f"“{_name(key)}” leaves the library for good. Its solved runs stay."
