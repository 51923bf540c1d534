"""The result of a break-even: its words, cost and builds along the input, and the breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard import theme
from dashboard.components.chart import Backing, card, chart_card
from dashboard.components.table import data_table
from dashboard.figures.choice import builds_along, cost_along
from engine.choice.break_even_words import sentences
from engine.choice.variants import mapping_of, value_at
from engine.inputs import Input, inputs
from engine.request import StudyRequest

PREVIEW = "Preview: a small model, class 5 (±50 %); breaks say whether the full sizing confirms them."


def result(
    request: StudyRequest, points: pd.DataFrame, builds: pd.DataFrame, breaks: pd.DataFrame | None,
    summary: Mapping[str, Any] | None,
) -> list[Any]:  # fmt: skip
    """Cards of a break-even, as far as it has come."""
    (loaded,) = request.load()
    row, now = asked_input(request)
    unit = "" if row.unit in ("-", "") else f", {row.unit}"
    axis = f"{row.group}: {row.label}{unit}"
    technologies = loaded.scenario.active_technologies
    kinds = {key: data.kind for key, data in technologies.items()}
    labels = {key: data.label or key for key, data in technologies.items()}
    found = breaks if breaks is not None else pd.DataFrame(columns=["value"])
    parts: list[Any] = []
    if breaks is not None and summary is not None:
        first, *rest = sentences(points, breaks, row.label, row.unit, now)
        words = [html.P(first, className="verdict"), *(html.P(more, className="verdict-more") for more in rest)]
        parts.append(html.Section(words, className="panel words", **{"aria-label": "In words"}))
    cost = Backing(
        f"Levelised cost from {points['usd_per_mwh'].min():,.2f} to {points['usd_per_mwh'].max():,.2f} USD/MWh "
        f"along {axis}.",
        points, {"usd_per_mwh": "USD/MWh", "npv_usd": "USD", "unserved_mwh": "MWh", "value": row.unit},
        "firmwatt-break-even.csv",
    )  # fmt: skip
    built = Backing(
        f"MW built of each technology along {axis}.",
        builds.pivot_table(index="value", columns="technology", values="built_mw").reset_index(),
        dict.fromkeys(kinds, "MW"), "firmwatt-break-even-builds.csv",
    )  # fmt: skip
    parts += [
        chart_card("Cost along the input", cost_along(points, found, now, axis, theme.current()), cost,
                   subtitle=PREVIEW, className="w6"),
        chart_card("Builds along the input", builds_along(builds, kinds, labels, axis, theme.current()), built,
                   subtitle="Dashes tell the technologies apart as well as colours", className="w6"),
    ]  # fmt: skip
    if breaks is not None and len(breaks):
        parts.append(card("Breaks", data_table(_breaks(breaks), {"between": row.unit}, caption="Breaks"), note=PREVIEW))
    return parts


def asked_input(request: StudyRequest) -> tuple[Input, float]:
    """The input that was asked about, and its value in the scenario."""
    (loaded,) = request.load()
    mapping, place = mapping_of(loaded), str(request.options["place"])
    row = next(row for row in inputs({"scenario": mapping}) if row.place == place)
    return row, float(value_at(mapping, place))


def _breaks(breaks: pd.DataFrame) -> pd.DataFrame:
    asked = {True: "yes", False: "no", None: "not asked"}
    return pd.DataFrame(
        {
            "between": [f"{low:,.4g} and {high:,.4g}" for low, high in zip(breaks["low"], breaks["high"], strict=True)],
            "below": breaks["below"],
            "above": breaks["above"],
            "confirmed": [asked[None if one is None else bool(one)] for one in breaks["confirmed"]],
            "full plans": breaks["full_plans"],
        }
    )
