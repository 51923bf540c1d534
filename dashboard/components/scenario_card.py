"""A scenario of the library as a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import theme
from dashboard.components.icons import icon
from dashboard.components.job_parts import badge, bar, gap_line, gap_words, happening
from dashboard.components.list_tools import chooser, tag_links
from dashboard.components.numbers import number, shown
from dashboard.formatting import THIN, amount
from dashboard.ids import Library
from dashboard.standing import MAIN_BUILDS, Build, Outlook, Standing
from engine.library import Entry

Part = Any


def card(entry: Entry, standing: Standing, tags: Sequence[str] = (), *, chosen: bool = False) -> html.Article:
    """A whole card; `live` is what changes while a job of it runs."""
    return html.Article(
        [
            html.Div(
                [
                    html.H3(dcc.Link(entry.name, href=f"/edit/{entry.key}")),
                    html.P(entry.description or "No description", className="muted card-line"),
                    html.Div(tag_links(tags, "/"), className="tags") if tags else None,
                ],
                className="card-words",
            ),
            html.Div(live(entry, standing, chosen=chosen), id=Library.card(entry.key), className="card-live"),
            _menu(entry),
        ],
        className="scenario-card",
        **{"data-key": entry.key},
    )


def live(entry: Entry, standing: Standing, *, chosen: bool = False) -> list[Part]:
    """State, figures, main buttons and tick."""
    return [_state(standing), _figures(standing), _actions(entry, standing, chosen=chosen)]


def _state(standing: Standing) -> html.Div:
    parts: list[Part] = [badge(standing.word, standing.tone, standing.sign)]
    if standing.job is not None and standing.is_live:
        job = standing.job
        words = " · ".join(part for part in (happening(job), gap_words(job)) if part)
        parts += [
            bar(job),
            html.Div([html.Span(words, className="small muted"), gap_line(job.gap_trace)], className="card-job"),
        ]
    elif standing.detail:
        first = standing.detail.strip().split("\n")[0]
        parts.append(html.Span(first, className="small muted card-detail", title=standing.detail))
    return html.Div(parts, className="card-state")


def _figures(standing: Standing) -> html.Div:
    if standing.run_id is None:
        return _outlook(standing.outlook)
    lcoe = html.Div(shown(standing.lcoe_usd_per_mwh, "USD/MWh"), className="card-number")
    return _pair("LCOE", lcoe, "Main build", _build_bar(standing.builds))


def _outlook(ahead: Outlook | None) -> html.Div:
    """The question, as long as there is no answer."""
    if ahead is None:
        return html.Div(className="card-figures bare")
    looks = theme.looks({key: kind for key, kind, _ in ahead.candidates})
    names = [
        html.Span([html.Span(className="dot", style={"background": looks[key].colour}), label], className="build")
        for key, _, label in ahead.candidates
    ]
    years = f"{ahead.first_year}" if ahead.first_year == ahead.last_year else f"{ahead.first_year}–{ahead.last_year}"
    peak = html.Div(_peak(ahead), className="card-peak")
    return _pair(f"Peak, {years}", peak, "May be built", html.Div(names or "Nothing", className="builds small"))


def _peak(ahead: Outlook) -> Part:
    if ahead.peak_mw is None or ahead.last_peak_mw is None:
        return "from a file"
    if ahead.last_peak_mw == ahead.peak_mw:
        return number(amount(ahead.peak_mw, "MW"))
    return [amount(ahead.peak_mw).number, " → ", number(amount(ahead.last_peak_mw, "MW"))]


def _pair(label: str, value: Part, other_label: str, other: Part) -> html.Div:
    return html.Div(
        [
            html.Div([html.Div(label, className="stat-label"), value]),
            html.Div([html.Div(other_label, className="stat-label"), other]),
        ],
        className="card-figures",
    )


def _build_bar(builds: tuple[Build, ...]) -> html.Div:
    """The build in one thin stacked bar, its largest parts in words."""
    if not builds:
        return html.Div("Nothing is built", className="small")
    total = sum(build.mw for build in builds)
    looks = theme.looks({build.technology: build.kind for build in builds})
    parts = [
        html.Span(
            style={"width": f"{100 * build.mw / total:.1f}%", "background": looks[build.technology].colour},
            title=f"{build.label}: {amount(build.mw, 'MW')}",
        )
        for build in builds
    ]
    words = [
        html.Span(
            [
                html.Span(className="dot", style={"background": looks[build.technology].colour}),
                f"{build.label} ",
                html.Span([amount(build.mw).number, html.Span(f"{THIN}MW", className="unit")], className="number"),
            ],
            className="build",
        )
        for build in builds[:MAIN_BUILDS]
    ]
    if len(builds) > MAIN_BUILDS:
        words.append(html.Span(f"+{len(builds) - MAIN_BUILDS}", className="muted"))
    return html.Div([html.Div(parts, className="build-bar"), html.Div(words, className="builds small")])


def _actions(entry: Entry, standing: Standing, *, chosen: bool) -> html.Div:
    result = [
        dcc.Link("Open result", href=f"/run/{standing.run_id}", className="btn btn-small btn-primary"),
    ] * (standing.run_id is not None)
    watch = [dcc.Link("Watch", href="/runs", className="btn btn-small btn-quiet")] * standing.is_live
    solve = [_solve(entry, standing)] * (not standing.is_live and not standing.is_final)
    tick = chooser(Library.select(entry.key, standing.run_id or ""), entry.name, chosen=chosen)
    return html.Div([*result, *solve, *watch, tick], className="card-actions")


def _solve(entry: Entry, standing: Standing) -> html.Button:
    again = standing.run_id is not None
    return html.Button(
        [icon("play"), "Solve again" if again else "Solve"],
        id=Library.solve(entry.key),
        className=f"btn btn-small {'btn-quiet' if again else 'btn-primary'}",
        disabled=bool(entry.problems),
        title="Edit it first: it is not valid" if entry.problems else "Queue this scenario",
    )


def _menu(entry: Entry) -> dbc.DropdownMenu:
    """Edit, sweep, duplicate, export; rename and delete what is one's own."""
    items = [
        dbc.DropdownMenuItem("Edit" if not entry.shipped else "Edit a copy", href=f"/edit/{entry.key}"),
        dbc.DropdownMenuItem("Duplicate", id=Library.do("duplicate", entry.key)),
        dbc.DropdownMenuItem("Export YAML", id=Library.do("export", entry.key)),
    ]
    if not entry.problems:
        items.insert(1, dbc.DropdownMenuItem("Sweep its inputs", href=f"/sweeps/new?scenario={entry.key}"))
    if not entry.shipped:
        items += [
            dbc.DropdownMenuItem("Rename", id=Library.do("rename", entry.key)),
            dbc.DropdownMenuItem("Delete", id=Library.do("delete", entry.key), className="danger"),
        ]
    return dbc.DropdownMenu(
        items,
        label=[icon("more"), html.Span(f"More about {entry.name}", className="visually-hidden")],
        align_end=True,
        caret=False,
        className="card-menu",
        toggleClassName="tool",
        toggle_style={"background": "none", "border": 0},
        size="sm",
    )
