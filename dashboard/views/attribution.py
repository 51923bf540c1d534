"""The difference of two runs by input, on the comparison: asked for with a button, kept once it is worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import Input, Output, State, callback, html

from dashboard import data, study_watch, theme
from dashboard.components.chart import Backing, card, chart_card
from dashboard.components.problems import notice, problem_box
from dashboard.figures.choice import input_bridge
from dashboard.ids import Attribution as Ids
from engine.choice.explained import UNEXPLAINED, Explained, attribution_question, stored_explanation
from engine.comparison import Comparison
from engine.errors import InputError, StoreError
from engine.study import Studies
from engine.wording import usd

NOTE = (
    "How much each changed input causes: solved with every mixture of the inputs, each its mean effect over all "
    "orders. A preview on a small model, scaled to the full plans."
)
ASK = "Explain the difference by input"


def explanation(base: str, other: str) -> Explained | None:
    """What is stored of a pair; nothing is solved."""
    if not any(study.startswith("attribution-") for study in Studies().ids()):
        return None
    return stored_explanation(data.store(), base, other)


def attribution_card(comparison: Comparison, manifests: Mapping[str, Mapping[str, Any]]) -> html.Section:
    """Card of the base against one other run; several others can be chosen from."""
    letters, base = comparison.letters, str(comparison.base)
    solved = [key for key in comparison.run_ids if manifests[key]["status"] == "done"]
    others = [key for key in solved if key != base] if base in solved else []
    options = [{"label": f"{letters[base]} → {letters[key]}", "value": key} for key in others]
    picker = dbc.RadioItems(
        id=Ids.OTHER, options=options, value=others[0] if others else None, className="segments",
        inputClassName="btn-check", labelClassName="segment", labelCheckedClassName="on", inline=True,
    )  # fmt: skip
    kept, problem = _kept(base, others[0]) if others else ({"base": base}, None)
    ask = html.Button(
        ASK, id=Ids.ASK, className="btn btn-small btn-primary", hidden=bool(kept.get("study")) or not others
    )
    controls = html.Div([html.Div(picker, hidden=len(others) < 2), ask], className="card-controls")
    words = problem or (None if others else notice("It takes a base and another run with a plan.", "plain"))
    return card(
        "Difference by input",
        html.Div(words, id=Ids.MESSAGE, **{"aria-live": "polite"}),
        study_watch.area(Ids, kept, show),
        note=NOTE,
        controls=controls,
    )


def _kept(base: str, other: str) -> tuple[dict[str, Any], Any]:
    """What the card follows: the pair, and its study if it was ever asked; and what keeps it from being asked."""
    kept = {"base": base, "other": other, "study": ""}
    try:
        study = attribution_question(data.store(), base, other).study_id
    except InputError as error:
        return kept, notice("; ".join(str(problem) for problem in error.problems), "plain")
    if Studies().done(study) or study_watch.job_of(study) is not None:
        kept["study"] = study
    return kept, None


def show(kept: Mapping[str, Any]) -> Any:
    """The bridge, once it is there."""
    try:
        found = explanation(kept["base"], kept["other"])
        manifests = [data.manifest(kept[key]) for key in ("base", "other")]
    except StoreError:
        return None
    if found is None:
        return None
    ends = [(str(one["name"]), float(one["summary"]["lcoe_usd_per_mwh"] or 0.0)) for one in manifests]
    parts = found.parts
    said = "; ".join(
        f"{row.phrase} {'adds' if row.npv_usd > 0 else 'saves'} {usd(abs(row.npv_usd))}" for row in parts.itertuples()
    )
    table = parts[["label", "words", "npv_usd", "usd_per_mwh"]].rename(
        columns={"label": "input", "words": "change", "npv_usd": "net present cost", "usd_per_mwh": "per MWh"}
    )
    units = {"net present cost": "USD", "per MWh": "USD/MWh"}
    rows = [
        html.Li([html.Strong(row.label), html.Span(f" {row.words}", className="muted")])
        for row in parts.itertuples()
        if row.label != UNEXPLAINED
    ]
    chart = chart_card(
        "", input_bridge(parts, *ends, theme.current()), Backing(said, table, units, "firmwatt-difference.csv"),
        className="bare",
    )  # fmt: skip
    return [html.Ul(rows, className="attribution-inputs"), chart, html.P(found.note, className="card-note")]


def register() -> None:
    """Wire the card; called by its page, which every app of a process loads anew."""
    study_watch.register(Ids, show)

    @callback(
        Output(Ids.STUDY, "data"),
        Output(Ids.MESSAGE, "children"),
        Output(Ids.TICK, "disabled", allow_duplicate=True),
        Output(Ids.ASK, "hidden"),
        Output(Ids.CANCEL, "hidden", allow_duplicate=True),
        Input(Ids.ASK, "n_clicks"),
        State(Ids.STUDY, "data"),
        prevent_initial_call=True,
    )
    def _ask(clicks: int | None, kept: dict[str, Any] | None) -> tuple[Any, ...]:
        if not clicks or not kept or not kept.get("other"):
            return (dash.no_update,) * 5
        try:
            request = attribution_question(data.store(), kept["base"], kept["other"])
            study_watch.submit(request)
        except InputError as error:
            return dash.no_update, problem_box(error, title="Not asked"), True, False, True
        return {**kept, "study": request.study_id}, None, False, True, False

    @callback(
        Output(Ids.STUDY, "data", allow_duplicate=True),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Output(Ids.RESULT, "children", allow_duplicate=True),
        Output(Ids.FOLLOW, "children", allow_duplicate=True),
        Output(Ids.TICK, "disabled", allow_duplicate=True),
        Output(Ids.ASK, "hidden", allow_duplicate=True),
        Input(Ids.OTHER, "value"),
        State(Ids.STUDY, "data"),
        prevent_initial_call=True,
    )
    def _other(other: str | None, kept: dict[str, Any] | None) -> tuple[Any, ...]:
        if not other or not kept or other == kept.get("other"):
            return (dash.no_update,) * 6
        found, problem = _kept(kept["base"], other)
        asked = bool(found["study"])
        return found, problem, show(found) if asked else None, None, not asked, asked or problem is not None
