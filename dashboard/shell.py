"""The frame around every page: rail, queue indicator, theme, help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Input, Output, State, dcc, html

from dashboard import help_text, solve_area, theme, tour
from dashboard.components.icons import icon
from dashboard.ids import CONTENT, LOCATION, Editor, Library, Shell
from engine.jobs import JobState, JobTable
from engine.scenario.loading import home

QUEUE_TICK_MS = 2000

# The theme is set before the first paint, and what a polyfill would replace is kept (assets/native.js); the rest waits
# for assets/firmwatt.js.
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
<meta name="color-scheme" content="light dark">
{%favicon%}
<script>(function(){var k=null;try{k=localStorage.getItem("firmwatt-theme")}catch(e){}
var d=k==="dark"||(k!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-bs-theme",d?"dark":"light");
var t=String.prototype;window.firmwattNative={parseInt:parseInt,parseFloat:parseFloat,
text:{trim:t.trim,trimStart:t.trimStart,trimEnd:t.trimEnd,trimLeft:t.trimLeft,trimRight:t.trimRight}}})()</script>
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


@dataclass(frozen=True)
class Entry:
    """One entry of the rail: shown once a page stands at its path."""

    name: str
    path: str
    icon: str
    roots: tuple[str, ...]


ENTRIES = (
    Entry("Library", "/", "library", ("/", "/edit")),
    Entry("Load", "/load", "load", ("/load",)),
    Entry("Equipment", "/equipment", "equipment", ("/equipment",)),
    Entry("Runs", "/runs", "runs", ("/runs", "/run")),
    Entry("Compare", "/compare", "compare", ("/compare",)),
    Entry("Frontier", "/frontier", "frontier", ("/frontier",)),
    Entry("Futures", "/choice", "futures", ("/choice",)),
    Entry("Sweeps", "/sweeps", "sweeps", ("/sweeps", "/sweep")),
    Entry("Live", "/live", "play", ("/live",)),
)


def rail() -> html.Nav:
    """Links to the pages that exist."""
    paths = {page["path"] for page in dash.page_registry.values()}
    entries = [
        html.Li(
            dcc.Link([icon(entry.icon), html.Span(entry.name, className="rail-name")], href=entry.path),
            className="rail-entry",
            **{"data-roots": " ".join(entry.roots)},
        )
        for entry in ENTRIES
        if entry.path in paths
    ]
    mark = dcc.Link(
        [html.Img(src=dash.get_asset_url("favicon.svg"), alt="", width=26, height=26), html.Span("Firmwatt")],
        href="/",
        className="rail-mark",
    )
    return html.Nav([mark, html.Ul(entries)], id=Shell.RAIL, className="rail", **{"aria-label": "Pages"})


def tools() -> html.Div:
    """Queue, sharing, theme and help, at the right of the top bar."""
    return html.Div(
        [
            dcc.Link(
                queue_view(queue()), id=Shell.QUEUE, href="/runs", className="queue", title="Runs in the queue"
            ),
            html.Button(
                [icon("share"), html.Span("Share", className="tool-word")], id=Shell.SHARE, className="tool share-tool",
                title="Share this view (s)",
                **{"aria-label": "Share this view: copies a short link"},
            ),
            html.Button(
                [icon("sun"), icon("moon"), icon("auto")], id=Shell.THEME, className="tool theme-tool", title="Theme"
            ),
            html.Button(
                icon("help"), id=Shell.HELP, className="tool", title="Help (?)", **{"aria-label": "Help"}
            ),
        ],
        className="tools",
    )  # fmt: skip


def layout() -> html.Div:
    """Shell with the current page inside."""
    return html.Div(
        [
            html.A("Skip to content", href=f"#{Shell.PAGE}", className="skip"),
            rail(),
            tools(),
            html.Main(dash.page_container, id=Shell.PAGE, className="page"),
            dbc.Offcanvas(
                html.Div(id=Shell.HELP_BODY), id=Shell.HELP_PANEL, title="Help", placement="end", is_open=False
            ),
            tour.tour(),
            # Here and not on their pages: words may still be on their way when a page is left.
            *(solve_area.area(ids) for ids in (Library, Editor)),
            dcc.Store(id=Shell.TEMPLATES, data=theme.templates()),
            dcc.Store(id=Shell.THEME_STORE),
            dcc.Interval(id=Shell.QUEUE_TICK, interval=QUEUE_TICK_MS),
        ],
        className="shell",
    )


@dataclass(frozen=True)
class Queue:
    """What the queue indicator shows.

    Attributes
    ----------
    running, waiting : int
    progress_frac : float
        Mean progress of the running jobs.
    """

    running: int = 0
    waiting: int = 0
    progress_frac: float = 0.0


def queue() -> Queue:
    """State of the job table, as everybody sees it."""
    table = _job_table(home())
    counts = table.counts()
    running = counts[JobState.RUNNING]
    # Progress is asked for only while something runs: this is called every two seconds by every open page.
    live = [job.progress_frac for job in table.list(running)] if running else []
    return Queue(running, counts[JobState.WAITING], sum(live) / len(live) if live else 0.0)


@lru_cache(maxsize=4)
def _job_table(folder: Path) -> JobTable:
    return JobTable(folder / "jobs.sqlite")


def queue_view(state: Queue) -> list[html.Span]:
    """Children of the queue indicator."""
    parts = [f"{state.running} running"] if state.running else []
    parts += [f"{state.waiting} waiting"] if state.waiting else []
    kind = "busy" if state.running else "idle"
    line = html.Span(style={"width": f"{100 * state.progress_frac:.0f}%"}) if state.running else None
    return [
        html.Span(className=f"queue-dot {kind}"),
        html.Span(" · ".join(parts) or "Queue empty", className="queue-words"),
        html.Span(
            str(state.running + state.waiting) if parts else "", className="queue-short", **{"aria-hidden": "true"}
        ),
        html.Span(line, className=f"queue-line {kind}"),
    ]


def register_callbacks(app: dash.Dash) -> None:
    """Wire the shell. On the app, not globally: an app created later in the same process needs them too."""
    client = "firmwatt"

    @app.callback(Output(Shell.QUEUE, "children"), Input(Shell.QUEUE_TICK, "n_intervals"), prevent_initial_call=True)
    def _queue(_ticks: int) -> list[html.Span]:
        return queue_view(queue())

    @app.callback(
        Output(Shell.HELP_PANEL, "is_open"),
        Output(Shell.HELP_BODY, "children"),
        Input(Shell.HELP, "n_clicks"),
        State(LOCATION, "pathname"),
        State(Shell.HELP_PANEL, "is_open"),
        prevent_initial_call=True,
    )
    def _help(_clicks: int, pathname: str, is_open: bool) -> tuple[bool, list]:
        return not is_open, help_text.panel(pathname or "/")

    app.clientside_callback(
        ClientsideFunction(client, "start"), Output(Shell.TEMPLATES, "storage_type"), Input(Shell.TEMPLATES, "data")
    )
    app.clientside_callback(
        ClientsideFunction(client, "nextTheme"), Output(Shell.THEME_STORE, "data"), Input(Shell.THEME, "n_clicks")
    )
    app.clientside_callback(
        ClientsideFunction(client, "rail"), Output(Shell.RAIL, "className"), Input(LOCATION, "pathname")
    )
    app.clientside_callback(
        ClientsideFunction(client, "arrived"),
        Output(Shell.RAIL, "className", allow_duplicate=True),
        Input(CONTENT, "children"),
        prevent_initial_call=True,
    )
