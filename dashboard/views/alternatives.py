"""The result of a search for alternatives: its words, the ranges, the mixes that differ most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard import theme
from dashboard.components.badges import badge
from dashboard.components.chart import Backing, card, chart_card
from dashboard.components.table import data_table
from dashboard.figures.choice import mixes, ranges
from engine.choice.alternatives_words import CHOICE, MUST, OPEN, OUT, QUICK, VERDICTS, sentences
from engine.choice.rows import records
from engine.request import StudyRequest
from engine.wording import significant, usd

TONES = {MUST: "good", CHOICE: "plain", OUT: "plain", OPEN: "warn"}
NOTES = {
    QUICK: "Preview: typical days in blocks of hours, whole units; class 5 (±50 %).",
    "own": "On the steps of the scenario's own sizing; class 3 (±20 %).",
}


def result(
    request: StudyRequest, plans: pd.DataFrame, found: pd.DataFrame | None, summary: Mapping[str, Any] | None
) -> list[Any]:
    """Cards of the alternatives, as far as they have come."""
    (loaded,) = request.load()
    technologies = loaded.scenario.active_technologies
    kinds = {key: data.kind for key, data in technologies.items()}
    labels = {key: data.label or key for key, data in technologies.items()}
    within, note = float(request.options["within_frac"]), NOTES[str(request.options["steps"])]
    parts: list[Any] = []
    if found is not None and len(found):
        if summary is not None:
            first, *rest = sentences(found, within)
            words = [html.P(first, className="verdict"), *(html.P(more, className="verdict-more") for more in rest)]
            parts.append(html.Section(words, className="panel words", **{"aria-label": "In words"}))
        parts += [_ranges(found, kinds, note), _verdicts(found)]
    parts.append(_mixes(plans, kinds, labels, note))
    return parts


def _ranges(found: pd.DataFrame, kinds: Mapping[str, str], note: str) -> html.Section:
    words = "; ".join(
        f"{row['label']} {significant(row['least_mw'])} to {significant(row['most_mw'])} MW, best plan "
        f"{significant(row['best_mw'])} MW" for row in records(found)
    )  # fmt: skip
    table = found[["label", "least_mw", "best_mw", "most_mw", "verdict"]]
    units = {"least_mw": "MW", "best_mw": "MW", "most_mw": "MW"}
    backing = Backing(f"Least to most: {words}.", table, units, "firmwatt-alternatives.csv")
    figure = ranges(
        found.rename(columns={"least_mw": "least", "most_mw": "most", "best_mw": "best"}), kinds, theme.current()
    )
    return chart_card("How much of each", figure, backing, subtitle=f"◇ the best plan. {note}", className="w7")


def _verdicts(found: pd.DataFrame) -> html.Section:
    rows = [
        html.Div(
            [
                html.Div([html.Strong(row["label"]), badge(row["verdict"].capitalize(), TONES[row["verdict"]])]),
                html.Div(VERDICTS[row["verdict"]], className="muted small"),
            ],
            className="verdict-row",
        )
        for row in records(found)
    ]
    return card("Must or choice", html.Div(rows, className="verdict-rows"), className="w5")


def _mixes(plans: pd.DataFrame, kinds: Mapping[str, str], labels: Mapping[str, str], note: str) -> html.Section:
    shown = plans[plans["shown"] > 0].sort_values("shown", kind="stable")
    costs = shown.drop_duplicates("plan")
    table = shown.pivot_table(index="plan", columns="technology", values="built_mw", sort=False)
    table = table.rename(columns=dict(labels)).reset_index()
    table.insert(1, "cost", [usd(value) for value in costs["cost_usd"]])
    table.insert(2, "above the best", [f"{100 * value:.2f} %" for value in costs["above_best_frac"]])
    units = dict.fromkeys(labels.values(), "MW")
    words = f"{len(costs)} plans that differ most, each at most {100 * costs['above_best_frac'].max():.2f} % dearer."
    backing = Backing(words, table, units, "firmwatt-mixes.csv")
    every = plans.drop_duplicates("plan")[["plan", "cost_usd", "above_best_frac"]]
    more = html.Details(
        [
            html.Summary(f"All {len(every)} plans"),
            data_table(every.assign(cost_usd=every["cost_usd"] / 1e6, above_best_frac=100 * every["above_best_frac"]),
                       {"cost_usd": "M USD", "above_best_frac": "%"}, caption="All plans found"),
        ],
        className="fold",
    )  # fmt: skip
    return html.Div(
        [
            chart_card("Mixes that differ most", mixes(shown, kinds, labels, theme.current()), backing, subtitle=note),
            more,
        ],
        className="choice-mixes",
    )
