"""The result of a regret: its words, the matrix, and the chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import links, theme
from dashboard.components.badges import badge, disc
from dashboard.components.chart import Backing, card, chart_card
from dashboard.components.icons import icon
from dashboard.components.table import csv_link
from dashboard.figures.choice import describe_regret, regret_discs
from dashboard.formatting import NOTHING, usd
from engine.choice.regret_words import OPTIMUM, reason, sentences
from engine.choice.rows import records
from engine.comparison import LETTERS
from engine.wording import missing, percent

HOURS = {
    "exact": "All 8,760 hours of every year; class 3 (±15 %).",
    "weeks": "Quick: only the weeks that the sizing sees; what happens in other hours is not seen. Class 3 (±20 %).",
}
UNITS = {"cost": "M USD", "regret": "M USD", "unserved": "MWh"}


def result(cells: pd.DataFrame, plans: pd.DataFrame | None, names: Mapping[str, str], hours: str) -> list[Any]:
    """Cards of a regret, as far as it has come; without `plans` it is on its way."""
    letters = dict(zip(names, LETTERS, strict=False))
    if plans is None:
        return [card("As it arrives", _partial(cells, letters), note=HOURS[hours])]
    first, *rest = sentences(cells, plans, letters)
    words = html.Section(
        [html.P(first, className="verdict"), *(html.P(more, className="verdict-more") for more in rest)],
        className="panel words", **{"aria-label": "In words"},
    )  # fmt: skip
    backing = Backing(describe_regret(cells, letters), _table(cells, letters), UNITS, "firmwatt-regret.csv")
    chart = chart_card(
        "Regret by future", regret_discs(cells, letters, theme.current()), backing,
        subtitle="How much dearer than the best known in each future",
    )  # fmt: skip
    return [words, _matrix(cells, plans, names, letters, hours), chart]


def _partial(cells: pd.DataFrame, letters: Mapping[str, str]) -> html.Ul:
    rows = [
        html.Li(
            f"{letters.get(row['run_id'], 'Best plan')} in {row['future']}: "
            + (usd(row["cost_usd"]) if row["serves"] else reason(row))
        )
        for row in records(cells)
    ]
    return html.Ul(rows, className="plain-list")


def _matrix(
    cells: pd.DataFrame, plans: pd.DataFrame, names: Mapping[str, str], letters: Mapping[str, str], hours: str
) -> html.Section:
    by_future = {str(key): rows for key, rows in cells.groupby("future", sort=False)}
    highest = float(cells[cells["serves"] & cells["run_id"].isin(names)]["regret_usd"].max())
    head = [html.Th("Future", scope="col"), *(_plan_head(run_id, names, letters, plans) for run_id in names)]
    body = [_future_row(name, rows, names, letters, highest) for name, rows in by_future.items()]
    foot = [
        _foot("Worst regret", plans, names, lambda row: _money(row["worst_usd"]), lambda row: row["worst_future"]),
        _foot("Mean regret", plans, names, lambda row: _money(row["mean_usd"]), lambda row: ""),
        _foot("Falls short in", plans, names, lambda row: str(int(row["fails"])) if row["fails"] else "none",
              lambda row: ""),
    ]  # fmt: skip
    table = html.Table(
        [html.Thead(html.Tr([*head, html.Th("Best known", scope="col")])), html.Tbody(body), html.Tfoot(foot)],
        className="data regret-matrix",
    )
    scrolling = html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": "Regret matrix"})
    export = html.A(
        [icon("download"), "CSV"], href=csv_link(cells), download="firmwatt-regret-cells.csv", className="link-button"
    )
    notes = _notes(cells, letters)
    return card("Cost and regret", scrolling, notes, html.Div(export, className="backing"), note=HOURS[hours])


def _plan_head(run_id: str, names: Mapping[str, str], letters: Mapping[str, str], plans: pd.DataFrame) -> html.Th:
    least = plans.iloc[0]["run_id"] == run_id
    mark = badge("Least regret", "good") if least else None
    name = dcc.Link(names[run_id], href=links.run_href(run_id))
    return html.Th(
        html.Div([disc(letters[run_id]), html.Div([html.Div(name), mark])]), className="num run-head", scope="col"
    )


def _future_row(
    name: str, rows: pd.DataFrame, names: Mapping[str, str], letters: Mapping[str, str], highest: float
) -> html.Tr:
    by_run = {row["run_id"]: row for row in records(rows)}
    best = next((row["best"] for row in by_run.values() if not missing(row["best"]) and row["best"]), None)
    optimum = by_run.get(OPTIMUM)
    known = letters.get(str(best), "its own best plan") if best else "nobody serves it"
    cost = next((row["best_usd"] for row in by_run.values() if not missing(row["best_usd"])), None)
    parts = [html.Div(known), html.Div(_money(cost), className="muted small") if cost is not None else None]
    title = str(optimum["notes"]) if optimum is not None else "The cheapest of these plans"
    cells = [_cell(by_run.get(run_id), highest) for run_id in names]
    return html.Tr([html.Th(name, scope="row"), *cells, html.Td(parts, title=title)])


def _cell(row: Mapping[str, Any] | None, highest: float) -> html.Td:
    if row is None:
        return html.Td(NOTHING, className="num")
    if not row["serves"]:
        words = [badge("Falls short", "bad"), html.Div(reason(row), className="small short-why"),
                 html.Div(f"{_money(row['cost_usd'])} with the penalty", className="muted small")]  # fmt: skip
        return html.Td(words, className="num short")
    regret = float(row["regret_usd"])
    heat = regret / highest if highest > 0 else 0.0
    share = "" if missing(row["regret_frac"]) or regret < 1 else f" ({percent(float(row['regret_frac']))})"
    parts = [
        html.Div([html.Span("0" if regret < 1 else f"+{usd(regret)}", className="figure-value"),
                  html.Span(share, className="unit small")]),
        html.Div(f"cost {_money(row['cost_usd'])}", className="muted small"),
    ]  # fmt: skip
    return html.Td(parts, className="num heat", style={"--heat": f"{heat:.3f}"}, title=str(row["notes"] or ""))


def _foot(label: str, plans: pd.DataFrame, names: Mapping[str, str], value: Any, note: Any) -> html.Tr:
    by_run = {row["run_id"]: row for row in records(plans)}
    cells = [
        html.Td([html.Div(value(by_run[run_id]), className="figure-value"),
                 html.Div(note(by_run[run_id]), className="muted small")], className="num")
        for run_id in names
    ]  # fmt: skip
    return html.Tr([html.Th(label, scope="row"), *cells, html.Td()])


def _notes(cells: pd.DataFrame, letters: Mapping[str, str]) -> html.Ul | None:
    """What could not be as planned."""
    rows = [row for row in records(cells) if row["notes"] and row["run_id"] in letters]
    words = [html.Li(f"{letters[row['run_id']]} in {row['future']}: {row['notes']}.") for row in rows]
    return html.Ul(words, className="plain-list small muted regret-notes") if words else None


def _money(value: Any) -> str:
    return NOTHING if missing(value) else usd(float(value))


def _table(cells: pd.DataFrame, letters: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            "future": row["future"], "plan": letters.get(row["run_id"], "best plan"), "cost": row["cost_usd"] / 1e6,
            "regret": row["regret_usd"] / 1e6, "serves": "yes" if row["serves"] else "no",
            "unserved": row["unserved_mwh"], "limits broken": row["broken"] or "none",
        }
        for row in records(cells)
    ]  # fmt: skip
    return pd.DataFrame(rows)
