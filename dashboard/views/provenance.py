"""Where a result comes from: the solve, the inputs, the files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html

from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.numbers import shown
from dashboard.exports import scenario_href, table_href
from dashboard.formatting import NOTHING, grouped, percent, plural, significant
from engine.adequacy import trail_words
from engine.inputs import Input, inputs
from engine.nomenclature import TABLES

Manifest = Mapping[str, Any]

PHASES = {
    "profiles": "Profiles",
    "build": "Build the model",
    "size": "Size",
    "price": "Price",
    "dispatch": "Dispatch 8,760 h",
    "diagnose": "Diagnose",
    "verify": "Verify",
    "store": "Store",
}
TERMINATIONS = {
    "optimal": "Optimal",
    "within_gap": "Within the gap",
    "time_limit": "Stopped at the time limit",
    "infeasible": "Infeasible",
}


def solve_card(manifest: Manifest, className: str = "") -> html.Section:
    """How the solver got here: ending, gap, bound, seconds by phase."""
    gap, gap_asked = manifest.get("mip_gap_frac"), manifest["scenario"]["solver"]["mip_gap_frac"]
    stage_gap = manifest["summary"].get("stage_gap_frac")
    versions = manifest["versions"]
    rows = [
        ("Ended", TERMINATIONS.get(manifest["termination"], manifest["termination"])),
        ("Gap", f"{percent(gap)} of {percent(gap_asked)} asked" if gap is not None else NOTHING),
        ("Cost in the sizing", shown(manifest.get("objective_usd"), "USD", digits=5)),
        ("No plan is below", shown(manifest.get("bound_usd"), "USD", digits=5)),
        ("Rounds", _rounds(manifest.get("adequacy_trail") or [])),
        ("Dispatch against sizing", percent(stage_gap, sign=True) if stage_gap is not None else NOTHING),
        ("Hours seen", _hours_seen(manifest.get("representation"))),
        ("Solved", _moment(str(manifest["created_utc"]))),
        ("Versions", f"Firmwatt {versions['firmwatt']}, engine {versions['engine']}, HiGHS {versions['highs']}"),
        ("Fingerprint", html.Code(manifest["fingerprint"][:16], title=manifest["fingerprint"])),
    ]
    facts = html.Dl([part for name, value in rows for part in (html.Dt(name), html.Dd(value))], className="facts")
    parts = [facts, phase_bars(manifest["seconds"]), _trail(manifest), _errors(manifest.get("representation"))]
    return card("Solve", *(part for part in parts if part is not None), className=className)


def _rounds(trail: Sequence[Mapping[str, Any]]) -> str:
    """Rounds of sizing and dispatch, and what the dispatch sent back."""
    weeks = sum(len(one["added_start_days"]) for one in trail)
    limits = {limit["label"] for one in trail for limit in one.get("tightened", ())}
    if not trail:
        return NOTHING
    cures = [f"{plural(weeks, 'week')} added"] * bool(weeks) + [f"{label} limit tightened" for label in sorted(limits)]
    return ", ".join([str(len(trail)), *cures])


def _trail(manifest: Manifest) -> html.Details | None:
    """Each round in a sentence, where there was more than one."""
    trail = manifest.get("adequacy_trail") or []
    if len(trail) < 2:
        return None
    sentences = [html.Li(sentence) for sentence in trail_words(trail)]
    return html.Details([html.Summary("Rounds of sizing and dispatch"), html.Ul(sentences)], className="fold block")


def _hours_seen(stated: Mapping[str, Any] | None) -> str:
    """How many hours of the year the sizing saw, in how many periods."""
    if stated is None:
        return NOTHING
    hours = f"{grouped(stated['hours_seen'], 0)}\u202fh"
    return hours if stated["method"] == "full" else f"{hours} in {plural(stated['periods'], 'period')}"


def _errors(stated: Mapping[str, Any] | None) -> html.Details | None:
    """How far the hours of the sizing are from the year, series by series; nothing where they are the year."""
    if stated is None or stated["method"] == "full":
        return None
    rows = [_error_row(one) for one in stated["series"]]
    heads = ("Series", "", "Hour by hour", "Duration curve")
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head) for head in heads])), html.Tbody(rows)], className="data small"
    )
    note = html.P(
        "Root mean square error of the hours that the sizing saw against the 8,760 real ones, in the series' unit "
        "and as a share of its mean. Hour by hour only where one hour stands for each.",
        className="note",
    )
    head = html.Summary("How well these hours stand for the year")
    return html.Details([head, table, note], className="fold block")


def _error_row(one: Mapping[str, Any]) -> html.Tr:
    cells = [_error(one["rmse"], one["rmse_frac"]), _error(one["duration_rmse"], one["duration_rmse_frac"])]
    name = one["series"].replace("_", " ").capitalize()
    return html.Tr([html.Td(name), html.Td(one["unit"]), *(html.Td(cell, className="num") for cell in cells)])


def _error(value: float | None, share: float | None) -> str:
    if value is None:
        return NOTHING
    return significant(value, 3) if share is None else f"{significant(value, 3)} ({percent(share)})"


def phase_bars(seconds: Mapping[str, float]) -> html.Div:
    """Seconds of each phase as bars."""
    phases = {key: value for key, value in seconds.items() if key != "total"}
    longest = max(phases.values(), default=0.0) or 1.0
    rows = [
        _phase(PHASES.get(key, key.replace("_", " ").capitalize()), value, value / longest)
        for key, value in phases.items()
    ]
    return html.Div([*rows, _phase("Total", seconds.get("total", 0.0), None)], className="phases")


def _phase(name: str, seconds: float, share: float | None) -> html.Div:
    bar = html.Div(className="phase-fill", style={"width": f"{100 * share:.1f}%"}) if share is not None else None
    time = html.Span([grouped(seconds, 1), html.Span("\u202fs", className="unit")], className="number")
    return html.Div(
        [html.Span(name), html.Div(bar, className="phase-bar" if bar is not None else None), time], className="phase"
    )


def inputs_card(manifest: Manifest, className: str = "") -> html.Section:
    """The resolved scenario, group by group, folded."""
    link = html.A(
        [icon("download"), "Scenario as YAML"], href=scenario_href(manifest["run_id"]), className="link-button"
    )
    return card("Inputs used", input_folds(inputs(manifest)), controls=link, className=className)


def input_folds(rows: Sequence[Input]) -> html.Div:
    """Inputs folded by group."""
    groups: dict[str, list[Input]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return html.Div([_fold(name, found) for name, found in groups.items()], className="folds")


def _fold(name: str, rows: list[Input]) -> html.Details:
    parts = []
    for row in rows:
        parts += [html.Dt(row.label, title=row.place), html.Dd(show_input(row.value, row.unit, row.place))]
    head = html.Summary([name, html.Span(str(len(rows)), className="count")])
    return html.Details([head, html.Dl(parts, className="facts")], className="fold block")


def show_input(value: Any, unit: str, place: str = "", *, with_unit: bool = True) -> html.Span:
    """An input with its unit; fractions as percent, lists shortened."""
    is_share = place.endswith("_frac") and isinstance(value, float | int) and not isinstance(value, bool)
    if is_share:
        value, unit, with_unit = 100 * value, "%", True
    mark = html.Span(f"\u202f{unit}", className="unit") if with_unit and unit not in ("-", "") else None
    if value is None:
        return html.Span(NOTHING)
    if isinstance(value, bool):
        return html.Span("yes" if value else "no")
    if isinstance(value, int | float):
        is_year = unit == "yr" and value > 1900
        return html.Span([str(value) if is_year else _trimmed(value), None if is_year else mark], className="number")
    if isinstance(value, list | tuple):
        return html.Span(f"{len(value)} entries", title=str(value))
    return html.Span([str(value), mark])


def input_text(value: Any, place: str = "") -> str:
    """An input as words, its unit left to the row; fractions as percent."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if place.endswith("_frac"):
            return f"{_trimmed(100 * value)}\u202f%"
        return str(value) if isinstance(value, int) and 1900 < value < 2200 and "year" in place else _trimmed(value)
    return f"{len(value)} entries" if isinstance(value, list | tuple) else str(value)


def _trimmed(value: float) -> str:
    """Up to six digits, without zeros at the end."""
    if float(value).is_integer():
        return grouped(value, 0)
    return significant(value, 6).rstrip("0").rstrip(".")


def downloads_card(manifest: Manifest, className: str = "") -> html.Section:
    """Every stored table, to take away."""
    run_id = manifest["run_id"]
    rows = [
        html.Tr(
            [
                html.Td(name.replace("_", " "), title=", ".join(TABLES.get(name, {}))),
                html.Td(grouped(entry["rows"], 0), className="num"),
                html.Td(
                    [
                        html.A(label, href=table_href(run_id, name, ending), download="")
                        for label, ending in (("CSV", "csv"), ("Parquet", "parquet"))
                    ],
                    className="links",
                ),
            ]
        )
        for name, entry in manifest["tables"].items()
    ]
    head = html.Thead(html.Tr([html.Th("Table"), html.Th("Rows", className="num"), html.Th()]))
    table = html.Div(html.Table([head, html.Tbody(rows)], className="data"), className="scroll")
    return card("Tables", table, className=f"{className} screen-only".strip())


def next_steps(manifest: Manifest) -> list:
    """Actions at the head of a result page."""
    return [
        dcc.Link([icon("compare"), "Compare"], href=f"/compare?runs={manifest['run_id']}", className="btn btn-primary"),
    ]


def _moment(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{when.day} {when:%b %Y, %H:%M} UTC"
