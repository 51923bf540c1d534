"""Parts of the frontier page: what is asked, how far it is, the front, one plan, pinned plans, the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import frontier_data, links, theme
from dashboard.components.badges import badge, disc
from dashboard.components.chart import Backing, View, card, chart_card
from dashboard.components.icons import icon
from dashboard.components.job_parts import bar, duration, gap_text, happening, job_badge
from dashboard.components.numbers import number, stat
from dashboard.figures import capacity as capacity_figures
from dashboard.figures import costs as cost_figures
from dashboard.figures import frontier as figures
from dashboard.formatting import amount
from dashboard.frontier_data import Shown
from dashboard.frontier_state import State
from dashboard.ids import Frontier as Ids
from engine.job import JobState
from engine.objectives import OBJECTIVES

STAGE = "A plan of the sizing (class 3, ±20 %): verified from its tables, not yet dispatched over 8,760 hours."
BAND = "Shaded: the front is certain to lie here. Below it no plan exists, above it one stands. Draw a box to select."
COLOUR = "Three objectives: the third is the colour. Draw a box to select."
PARALLEL = "Each line is a plan. Draw a box over an axis to keep what lies within; the front follows."


def figure_text(key: str, value: float) -> Any:
    """A value of an objective, as a headline shows it."""
    return number(amount(value, OBJECTIVES[key].unit))


def status(one: Shown) -> list[Any]:
    """How far a frontier is, and what can be done about it; nothing to see once it is done."""
    again = html.Button([icon("play"), "Go on"], id=Ids.AGAIN, className="btn btn-small btn-primary")
    cancel = html.Button("Cancel", id=Ids.CANCEL, className="btn btn-small btn-quiet")
    if one.done:
        return [_hidden(again), _hidden(cancel)]
    job = one.job
    if job is None or job.state in (JobState.CANCELLED, JobState.DONE):
        words = f"Stopped with {len(one.points)} of {_wanted(one)} points. What is there is kept."
        return [html.Div([html.Span(words), again, _hidden(cancel)], className="frontier-status")]
    if job.state is JobState.FAILED:
        return [
            html.Div([job_badge(job), html.Span(happening(job)), again, _hidden(cancel)], className="frontier-status")
        ]
    return [
        html.Div([job_badge(job), html.Span(happening(job)), cancel, _hidden(again)], className="frontier-status"),
        bar(job),
    ]


def _wanted(one: Shown) -> int:
    return one.asked.points * len(one.names)


def _hidden(button: html.Button) -> html.Span:
    return html.Span(button, hidden=True)


def words(one: Shown) -> list[Any]:
    """The finding in sentences."""
    sentences = one.sentences
    if not sentences:
        return [html.P("The first point is on its way; points show here as they come.", className="verdict")]
    first, *rest = sentences
    made_up = html.P(f"Made up, for want of data: {one.synthetic}", className="small muted") if one.synthetic else None
    return [
        html.P(first, className="verdict"), *(html.P(line, className="verdict-more") for line in rest), made_up
    ]  # fmt: skip


def front_view(one: Shown, state: State) -> View:
    """The front, its words and its table."""
    marked = _marked(state)
    drawn = figures.front(one.points, one.keys, one.names, marked, theme.current()) if len(one.found) else _blank()
    if one.points.empty:
        return View(drawn, Backing("No plan yet.", pd.DataFrame()))
    table, units = figures.points_table(one.points, one.keys)
    text = figures.describe_front(one.points, one.keys, one.sentences)
    return View(
        drawn, Backing(text, table, units, f"{one.study_id}.csv", links.study_table_href(one.study_id, "points", "csv"))
    )


def _marked(state: State) -> figures.Marked:
    return figures.Marked(state.ranges, state.point, state.pins)


def _blank() -> Any:
    return figures.canvas(theme.current(), 460, xaxis={"visible": False}, yaxis={"visible": False})


def parallel_view(one: Shown, state: State) -> View:
    """All that differs among the plans, its words and its table."""
    points, axes = with_capacity(one)
    if points.empty or len(axes) < 2:
        return View(_blank(), Backing("No plan yet.", pd.DataFrame()))
    drawn = figures.parallel(points, axes, _marked(state), theme.current())
    table = pd.DataFrame({"point": points["point"], **{axis.label: points[axis.key] / axis.factor for axis in axes}})
    text = figures.describe_parallel(points, axes, state.ranges)
    return View(drawn, Backing(text, table, {axis.label: axis.unit for axis in axes}, f"{one.study_id}-axes.csv"))


def with_capacity(one: Shown) -> tuple[pd.DataFrame, list[figures.Axis]]:
    """The plans with their capacity of the last year beside the objectives, and the axes of all that differs."""
    points = one.found
    if points.empty:
        return points, []
    wide = one.capacity_at_the_end()
    points = points.merge(wide, left_on="point", right_index=True, how="left") if len(wide) else points
    labels = {str(row["technology"]): str(row["label"]) for row in one.scenarios.to_dict("records")}
    known = {str(key): f"{labels.get(str(key), str(key))}" for key in wide if str(key) in points}
    points = points.fillna(dict.fromkeys(known, 0.0))
    return points, figures.axes_of(points, one.axes(), known)


def selected_words(one: Shown, state: State) -> list[Any]:
    """What is selected, and the way back."""
    show_all = html.Button("Show all", id=Ids.SHOW_ALL, className="btn btn-small btn-quiet", hidden=not state.ranges)
    if not state.ranges:
        return [show_all]
    points, axes = with_capacity(one)
    kept = points[figures.selected(points, state.ranges)]["point"] if len(points) else []
    by_key = {axis.key: axis for axis in axes}
    spans = [
        f"{by_key[key].label} {figures.significant(low / by_key[key].factor)}–"
        f"{figures.significant(high / by_key[key].factor)} {by_key[key].unit}"
        for key, (low, high) in state.ranges.items()
        if key in by_key
    ]
    return [html.Span(f"{len(kept)} of {len(points)} plans: {'; '.join(spans)}", className="small"), show_all]


def plan(one: Shown, state: State) -> list[Any]:
    """The open plan beside the front: its figures, and what can be done with it."""
    point = one.point(state.point) if state.point else None
    if point is None:
        if one.found.empty:
            return []
        return [html.P("Click on a point to open its plan.", className="muted frontier-hint screen-only")]
    name, scenario = str(point["point"]), int(point["scenario"])
    return [
        html.Header(
            [
                html.Div([html.H2([f"Plan {name} ", html.Span(one.names[scenario], className="muted")]),
                          html.Div(_trust(point), className="frontier-trust")]),
                html.Div(_actions(one, state, name), className="card-controls"),
            ],
            className="card-head",
        ),
        html.P(STAGE, className="small muted"),
        html.Div(_figures_of(one, point), className="stats"),
    ]  # fmt: skip


def plan_charts(one: Shown, state: State) -> list[Any]:
    """The open plan further down: its capacity, and its cost against the cheapest."""
    point = one.point(state.point) if state.point else None
    if point is None:
        return []
    name, scenario = str(point["point"]), int(point["scenario"])
    return [
        html.H2(f"Plan {name}: what is built and what it costs"),
        html.Div(
            [_inner("Capacity", capacity_view(one, name, scenario)),
             _inner("Cost per MWh", costs_view(one, state, name))], className="frontier-charts",
        ),
    ]  # fmt: skip


def _trust(point: Any) -> list[Any]:
    marks = []
    if not point["verified"]:
        marks.append(badge("Not verified", "bad", str(point["failed"])))
    if point["termination"] == "time_limit":
        marks.append(badge("Time-limited", "warn", "Stopped at its time limit: a better plan may exist"))
    if not point["adequate"]:
        marks.append(badge("Inadequate", "bad", "Leaves load unserved"))
    if point["dominated_by"]:
        marks.append(
            badge(f"Dominated by {point['dominated_by']}", "warn", "Another plan is no worse in all and better")
        )
    if point["knee"]:
        marks.append(badge("Knee", "plain", "Furthest from the straight line between the ends"))
    gap = float(point["gap_frac"])
    proven = gap_text(gap) if math.isfinite(gap) else "nothing proven yet"
    return [*(marks or [badge("Verified", "good", STAGE)]), html.Span(proven, className="small muted")]


def _actions(one: Shown, state: State, name: str) -> list[Any]:
    run = frontier_data.full_run(one, name)
    action = "unpin" if name in state.pins else "pin"
    pin = html.Button(
        action.capitalize(), id=Ids.do(action, name), className="btn btn-small btn-quiet",
        title="Keep this plan beside others below",
    )  # fmt: skip
    if run is not None:
        return [
            pin,
            dcc.Link("Open the full solve", href=links.run_href(run["run_id"]), className="btn btn-small btn-primary"),
        ]
    solve = html.Button(
        "Solve fully", id=Ids.do("solve", name), className="btn btn-small btn-primary",
        title="Save a scenario whose yearly limits stand at this plan's highest year, and queue it for all 8,760 hours",
    )  # fmt: skip
    return [pin, solve]


def _figures_of(one: Shown, point: Any) -> list[Any]:
    return [
        html.Div(stat(OBJECTIVES[key].label, figure_text(key, float(point[key]))), title=OBJECTIVES[key].description)
        for key in one.axes()
    ]


def _inner(title: str, shown: View) -> html.Section:
    return chart_card(title, shown.figure, shown.backing, className="inner")


def capacity_view(one: Shown, name: str, scenario: int) -> View:
    """Capacity of a plan by year."""
    own = one.capacity[one.capacity["point"] == name]
    load = one.loads[one.loads["scenario"] == scenario]
    technologies = one.technologies(scenario)
    wide = capacity_figures.capacity_table(own, technologies)
    text = capacity_figures.describe_capacity(wide, load, technologies)
    drawn = capacity_figures.capacity_by_year(wide, load, technologies, theme.current(), height=300)
    table = wide.reset_index()
    units = {str(column): "MW" for column in table if column != "year"}
    return View(drawn, Backing(text, table, units, f"{one.study_id}-{name}-capacity.csv"))


def costs_view(one: Shown, state: State, name: str) -> View:
    """Cost per MWh of the cheapest plan of the scenario, this one, and the pins."""
    cheapest = str(one.found.iloc[int(one.found["npv_cost"].argmin())]["point"])
    titles = {
        key: f"{key} (cheapest)" if key == cheapest else key for key in dict.fromkeys([cheapest, name, *state.pins])
    }
    parts = _per_mwh(one, list(titles))
    wide = parts.pivot_table(index="run_id", columns="category", values="usd_per_mwh", aggfunc="sum").fillna(0.0)
    text = f"Levelised cost of {', '.join(titles.values())} by category."
    units = {str(column): "USD/MWh" for column in wide}
    table = wide.reset_index().rename(columns={"run_id": "point"})
    drawn = cost_figures.stack_per_mwh(parts, titles, theme.current(), height=300)
    return View(drawn, Backing(text, table, units, f"{one.study_id}-costs.csv"))


def _per_mwh(one: Shown, names: Sequence[str]) -> pd.DataFrame:
    rows = []
    for name in names:
        point = one.point(name)
        if point is None or not point["lcoe"]:
            continue
        present_mwh = float(point["npv_cost"]) / float(point["lcoe"])
        own = one.costs[one.costs["point"] == name].groupby("category")["present_value_usd"].sum()
        rows += [
            {"run_id": name, "category": str(key), "usd_per_mwh": float(usd) / present_mwh} for key, usd in own.items()
        ]
    return pd.DataFrame(rows, columns=["run_id", "category", "usd_per_mwh"])


def pinned(one: Shown, state: State) -> list[Any]:
    """Pinned plans side by side; those solved fully can be compared hour by hour."""
    points = [point for name in state.pins if (point := one.point(name)) is not None]
    if not points:
        return []
    keys = one.axes()
    head = html.Tr(
        [html.Th(), *(html.Th(_pin_head(one, str(p["point"])), scope="col", className="num") for p in points)]
    )
    body = [
        html.Tr(
            [
                html.Th([OBJECTIVES[key].label], scope="row"),
                *(html.Td(figure_text(key, float(point[key])), className="num") for point in points),
            ]
        )
        for key in keys
    ]
    return [
        card(
            "Pinned plans",
            html.Div(html.Table([html.Thead(head), html.Tbody(body)], className="data figures"), className="scroll",
                     tabIndex=0, role="region", **{"aria-label": "Pinned plans"}),
            note="Sizing only; a full solve may differ",
            controls=_compare_link(one, [str(point["point"]) for point in points]),
        )
    ]  # fmt: skip


def _pin_head(one: Shown, name: str) -> html.Div:
    unpin = html.Button(
        icon("close"), id=Ids.do("drop", name), className="chip-close", **{"aria-label": f"Unpin {name}"}
    )
    return html.Div([html.Button(name, id=Ids.do("show", name), className="link-button"), unpin], className="pin-head")


def _compare_link(one: Shown, names: Sequence[str]) -> Any:
    runs = [run["run_id"] for name in names if (run := frontier_data.full_run(one, name)) is not None]
    if len(runs) >= 2:
        return dcc.Link("Compare the full solves", href=links.compare_href(runs), className="btn btn-small btn-primary")
    return html.Span("Solve two of them fully to compare them hour by hour", className="small muted")


def table(one: Shown, state: State) -> list[Any]:
    """Every point that was asked for, also those without a plan or off the front."""
    if one.points.empty:
        return []
    shown_table, units = figures.points_table(one.points, one.keys)
    columns = [column for column in shown_table if column not in ("point", "standing")]
    heads = [
        html.Th([one_of, html.Span(units[one_of], className="unit")], scope="col", className="num")
        for one_of in columns
    ]
    head = html.Tr([html.Th("Point", scope="col"), *heads, html.Th("Standing", scope="col")])
    rows = [_table_row(one, row, columns, state) for row in shown_table.to_dict("records")]
    inside = html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="data"), className="scroll", tabIndex=0,
        role="region", **{"aria-label": "Points"},
    )  # fmt: skip
    downloads = html.Div(
        [html.A([icon("download"), f"{name}.{ending}"], href=links.study_table_href(one.study_id, name, ending),
                className="link-button", download=f"{one.study_id}-{name}.{ending}")
         for name, ending in (("points", "csv"), ("points", "parquet"), ("capacity", "csv"), ("costs", "csv"))],
        className="backing",
    )  # fmt: skip
    return [card("Points", inside, downloads, html.P(command(one), className="small muted command"))]


def _table_row(one: Shown, row: Any, columns: Sequence[str], state: State) -> html.Tr:
    name = str(row["point"])
    opens = html.Button(name, id=Ids.do("open", name), className="link-button")
    has_plan = one.point(name) is not None
    cells = [
        html.Td(figures.significant(float(row[column]), 2 if column == "gap" else 4), className="num")
        for column in columns
    ]
    first = html.Th(opens if has_plan else name, scope="row")
    return html.Tr([first, *cells, html.Td(str(row["standing"]))], className="chosen" if name == state.point else None)


def command(one: Shown) -> list[Any]:
    """The same from a terminal."""
    sources = " ".join(
        str(parcel["source"]).rsplit("/", 1)[-1].removesuffix(".yaml") for parcel in one.request.scenarios
    )
    text = f"firmwatt frontier {sources} --objectives {','.join(one.keys)} --points {one.asked.points}"
    return ["The same from a terminal: ", html.Code(text)]


def chips(one: Shown) -> html.Div:
    """The scenarios in view."""
    letters = frontier_data.letters(one)
    return html.Div(
        [
            html.Span([disc(letter), html.Span(name, className="chip-name")], className="chip")
            for letter, name in zip(letters, one.names, strict=True)
        ],
        className="chips",
    )


def earlier_list() -> list[Any]:
    """Frontiers of before, each to be opened or deleted."""
    found = frontier_data.earlier()
    if not found:
        return [html.P("None yet. The first one is kept here for everybody.", className="muted")]
    return [
        html.Ul(
            [
                html.Li(
                    [
                        dcc.Link(line.name, href=links.study_href("frontier", line.study_id), className="offer-name"),
                        html.Span(line.words, className="small muted"),
                        html.Button(icon("close"), id=Ids.delete(line.study_id), className="chip-close",
                                    title="Delete this frontier", **{"aria-label": f"Delete {line.name}"}),
                    ]
                )
                for line in found
            ],
            className="frontier-list",
        )
    ]  # fmt: skip


def expected_words(seconds: float | None, count: int) -> str:
    """How long it may take."""
    if not count:
        return "Choose a scenario."
    if seconds is None:
        return "How long is not known yet: each point takes about as long as one sizing. Points show as they come."
    return f"About {duration(seconds)}, judged by earlier solves. Points show as they come."
