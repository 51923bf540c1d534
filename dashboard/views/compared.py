"""Tables of a comparison: sentences, figures with differences, the inputs that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import links
from dashboard.components.badges import badge, disc, limit_bar
from dashboard.components.chart import card
from dashboard.components.icons import icon
from dashboard.components.numbers import judge
from dashboard.components.table import csv_link
from dashboard.formatting import MINUS, NOTHING, THIN, decimals_for, grouped, missing, share, shows_something
from dashboard.views.provenance import show_input
from engine.comparison import Comparison

Manifest = Mapping[str, Any]
# Units that are scaled so that a row's largest value has at most four digits before the point.
_SCALES = {
    "USD": ((1e9, "B USD"), (1e6, "M USD"), (1e3, "k USD"), (1.0, "USD")),
    "MWh": ((1e6, "TWh"), (1e3, "GWh"), (1.0, "MWh")),
    "t": ((1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
}


def sentences_card(comparison: Comparison) -> html.Section:
    """The comparison in words."""
    first, *rest = comparison.sentences or ("",)
    return html.Section(
        [html.P(first, className="verdict"), *(html.P(sentence, className="verdict-more") for sentence in rest)],
        className="panel words",
        **{"aria-label": "In words"},
    )


def figures_card(comparison: Comparison, manifests: Mapping[str, Manifest], className: str = "") -> html.Section:
    """Figures of each run, with the difference to the base beneath."""
    letters = comparison.letters
    head = html.Tr([html.Th(), *(_run_head(comparison, letters[run_id], run_id) for run_id in comparison.run_ids)])
    trust = html.Tr(
        [
            html.Th("Trust", scope="row"),
            *(html.Td(_trust(manifests[key]), className="num") for key in comparison.run_ids),
        ]
    )
    groups = [rows for _, rows in comparison.figures.groupby("metric", sort=False)]
    body = [trust, *(_figure_row(rows, comparison) for rows in groups if _worth_showing(rows))]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="data figures")
    csv = csv_link(comparison.figures)
    export = html.A([icon("download"), "CSV"], href=csv, download="firmwatt-comparison.csv", className="link-button")
    scrolling = html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Figures"})
    foot = html.Div(export, className="backing")
    return card("Figures", scrolling, foot, note="Differences are to the base", className=className)


def _worth_showing(rows: pd.DataFrame) -> bool:
    """Everything but a cost of unserved energy that nobody has."""
    return not (rows["metric"].iloc[0] == "unserved_cost_usd" and (rows["value"].fillna(0).abs() < 0.5).all())


def _run_head(comparison: Comparison, letter: str, run_id: str) -> html.Th:
    is_base = run_id == comparison.base
    name = dcc.Link(comparison.names[run_id], href=links.run_href(run_id))
    return html.Th(
        html.Div([disc(letter), html.Div([name, html.Span("base", className="chip-base") if is_base else None])]),
        className="num run-head", scope="col",
    )  # fmt: skip


def trust_marks(manifest: Manifest) -> list[tuple[str, str, str | None]]:
    """What speaks against a run as (words, tone, reason); that it is sound, if nothing does."""
    if manifest["status"] != "done":
        return [("Infeasible", "bad", None)]
    marks: list[tuple[str, str, str | None]] = []
    if not manifest["summary"].get("adequate"):
        marks.append(("Inadequate", "bad", "Leaves load unserved; its cost includes the penalty"))
    if manifest["termination"] == "time_limit":
        marks.append(("Time-limited", "warn", "Stopped at its time limit: a better plan may exist"))
    if not manifest["verification"]["passed"]:
        marks.append(("Not verified", "bad", None))
    return marks or [("Sound", "good", "Adequate, verified, solved to its gap")]


def _trust(manifest: Manifest) -> html.Div:
    return html.Div([badge(*mark) for mark in trust_marks(manifest)], className="trust")


def figure_texts(comparison: Comparison) -> list[tuple[str, ...]]:
    """The figures as words: label, unit, then each run's value with its difference to the base in brackets."""
    found = []
    for _, rows in comparison.figures.groupby("metric", sort=False):
        if not _worth_showing(rows):
            continue
        factor, unit, decimals = _digits(rows)
        by_run = {row["run_id"]: row for row in rows.to_dict(orient="records")}
        cells = [_cell_text(by_run[run_id], factor, decimals, comparison.base) for run_id in comparison.run_ids]
        found.append((str(rows["label"].iloc[0]), unit, *cells))
    return found


def _cell_text(row: Mapping[str, Any], factor: float, decimals: int, base: str | None) -> str:
    if missing(row["value"]):
        return NOTHING
    text = _value_text(row, factor, decimals)
    if row["run_id"] == base or missing(row["difference"]):
        return text
    amount, percent_words, _ = _difference_words(row, factor, decimals)
    return f"{text} ({amount}{percent_words.replace(' (', ', ').rstrip(')')})" if amount else f"{text} (same)"


def _digits(rows: pd.DataFrame) -> tuple[float, str, int]:
    """Factor, unit and decimals of a row of figures.

    Money and quantities keep one number of decimals in a row, so that their points align.
    """
    unit = str(rows["unit"].iloc[0])
    factor, name = _scale(unit, rows["value"])
    decimals = max((decimals_for(value / factor) for value in rows["value"] if not missing(value)), default=0)
    return factor, name, 0 if unit == "yr" else min(decimals, 3)


def _figure_row(rows: pd.DataFrame, comparison: Comparison) -> html.Tr:
    first = rows.iloc[0]
    by_run = {row["run_id"]: row for row in rows.to_dict(orient="records")}
    factor, unit, decimals = _digits(rows)
    cells = [_figure_cell(by_run[run_id], factor, decimals, comparison.base) for run_id in comparison.run_ids]
    name = html.Th([first["label"], html.Span(unit, className="unit")], scope="row")
    return html.Tr([name, *cells], className="first" if first["metric"] == "lcoe_usd_per_mwh" else None)


def _scale(unit: str, values: pd.Series) -> tuple[float, str]:
    # The middle value decides: one run out of scale must not turn the others into 0.001.
    sizes = values.abs()[values.abs() > 0]
    middle = float(sizes.median()) if len(sizes) else 0.0
    for factor, name in _SCALES.get(unit, ()):
        if middle >= factor:
            return factor, name
    return 1.0, {"frac": "%", "yr": "", "USD/MWh": "$/MWh"}.get(unit, unit)


def _figure_cell(row: Mapping[str, Any], factor: float, decimals: int, base: str | None) -> html.Td:
    value, unit = row["value"], row["unit"]
    if missing(value):
        return html.Td(NOTHING, className="num")
    text = _value_text(row, factor, decimals)
    parts: list[Any] = [html.Div(text, className="figure-value", title=f"{value:,.10g} {unit}")]
    if row["run_id"] != base and not missing(row["difference"]):
        parts.append(_difference(row, factor, decimals))
    if not missing(row["ceiling"]):
        parts.append(limit_bar(value, row["ceiling"]))
        used = f"{100 * value / row['ceiling']:.0f}{THIN}% of limit" if row["ceiling"] else "none allowed"
        parts.append(html.Div(used, className="muted small"))
    return html.Td(parts, className="num")


def _value_text(row: Mapping[str, Any], factor: float, decimals: int) -> str:
    value, unit = row["value"], row["unit"]
    if unit == "frac":
        return share(value)
    return f"{value:.0f}" if unit == "yr" else grouped(value / factor, decimals)


def _difference_words(row: Mapping[str, Any], factor: float, decimals: int) -> tuple[str, str, str]:
    """Signed number, percent in brackets, and better or worse; no number where nothing would be seen."""
    change, unit = row["difference"], row["unit"]
    amount = 100 * change if unit == "frac" else change / factor
    places = 0 if unit == "yr" else max(decimals, min(4, decimals_for(amount, 2))) if unit == "frac" else decimals
    text = grouped(abs(amount), places)
    if not shows_something(text):
        return "", "", ""
    relative = row["difference_frac"]
    percent = "" if missing(relative) or unit == "frac" else f" ({_relative(relative)})"
    return f"{'+' if change > 0 else MINUS}{text}", percent, judge(change, row["sense"])


def _difference(row: Mapping[str, Any], factor: float, decimals: int) -> html.Div:
    """Arrow, number, percent, and better or worse in words."""
    text, percent, word = _difference_words(row, factor, decimals)
    if not text:
        return html.Div("same", className="difference same")
    return html.Div(
        [
            html.Span("▲" if row["difference"] > 0 else "▼", className="arrow", **{"aria-hidden": "true"}),
            html.Span([text, html.Span(percent, className="unit")], className="number"),
            html.Span(word, className="word") if word else None,
        ],
        className=f"difference {word}".strip(),
    )


def _relative(change: float) -> str:
    """8 %; for what grew more than tenfold, how many times it is."""
    return f"{abs(100 * change):.0f}{THIN}%" if abs(change) < 9 else f"{1 + change:,.0f}×".replace(",", THIN)


def inputs_card(comparison: Comparison, className: str = "") -> html.Section:
    """What was put in differently."""
    rows, run_ids = comparison.inputs, comparison.run_ids
    if rows.empty:
        text = "All inputs are the same." if len(run_ids) > 1 else ""
        return card("Inputs that differ", html.P(text, className="muted"), className=className)
    head = html.Tr(
        [html.Th(), *(html.Th(disc(comparison.letters[key]), className="num", scope="col") for key in run_ids)]
    )
    body = [
        html.Tr(
            [
                _input_head(row),
                *(html.Td(_input(row, key, comparison.base), className="num") for key in run_ids),
            ]
        )
        for row in rows.to_dict(orient="records")
    ]  # fmt: skip
    table = html.Table([html.Thead(head), html.Tbody(body)], className="data inputs")
    scrolling = html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Inputs"})
    return card("Inputs that differ", scrolling, className=className)


def _input_head(row: Mapping[str, Any]) -> html.Th:
    group = html.Span(f"{row['group']} ", className="input-group-name")
    unit = "" if row["unit"] == "-" or row["place"].endswith("_frac") else row["unit"]
    mark = html.Span(f" {unit}", className="unit small") if unit else None
    return html.Th([group, str(row["label"]), mark], scope="row", title=str(row["place"]))


def _input(row: Mapping[str, Any], run_id: str, base: str | None) -> html.Span:
    """A value; set stronger where it is not the base's."""
    value = show_input(row[run_id], row["unit"], row["place"], with_unit=False)
    return html.Span(value, className="changed" if run_id != base and row[run_id] != row.get(base) else "")


def missing_notes(missing_runs: Mapping[str, str]) -> list[html.P]:
    """Runs asked for that cannot be shown, each with its reason."""
    return [
        html.P([html.Strong(f"{run_id} is not shown: "), reason], className="note")
        for run_id, reason in missing_runs.items()
    ]


def offer(runs: Sequence[Manifest], describe: Any, href: Any) -> html.Div:
    """Newest runs to start or fill a comparison with.

    Parameters
    ----------
    runs : sequence of manifests
    describe, href : callables
        Of a manifest.
    """
    return html.Div(
        [
            dcc.Link(
                [html.Span(run["name"], className="offer-name"), html.Span(describe(run), className="muted small")],
                href=href(run), className="offer",
            )
            for run in runs
        ],
        className="offers",
    )  # fmt: skip
