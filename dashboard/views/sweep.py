"""The cards of a sweep: sensitivity, maps, scatter, parallel coordinates, the table, one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_ag_grid as dag
import pandas as pd
from dash import dcc, html

from dashboard import theme
from dashboard.components.badges import badge
from dashboard.components.chart import Backing, View, card, chart_card
from dashboard.components.icons import icon
from dashboard.components.numbers import number
from dashboard.components.pickers import select
from dashboard.figures import sensitivity as sensitivity_figures
from dashboard.figures import sweep_maps as maps
from dashboard.figures.sweep_maps import Axis
from dashboard.formatting import amount, column_decimals
from dashboard.ids import Sweep as Ids
from dashboard.links import run_href
from dashboard.sweep_view import Choice
from dashboard.sweep_view import View as Seen
from engine.sweep import dataset
from engine.sweep.plan import row_values, shown
from engine.sweep.sensitivity import METHODS, sensitivity

_GRID_THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', "
    "headerBackgroundColor: 'var(--surface)', headerTextColor: 'var(--muted)', borderColor: 'var(--line)', "
    "rowHoverColor: 'var(--soft)', selectedRowBackgroundColor: 'var(--accent-soft)', accentColor: 'var(--accent)', "
    "fontFamily: 'inherit', fontSize: 13, headerFontSize: 12, spacing: 6, wrapperBorder: false, "
    "browserColorScheme: 'inherit'})"
)
DIGITS = 4  # of the largest figure of a column
AXIS_PX = 160  # an axis of the parallel coordinates with its two lines of words
_STATES = {
    dataset.DONE: "Plan", dataset.INFEASIBLE: "Infeasible", dataset.FAILED: "Failed", dataset.CANCELLED: "Cancelled",
    dataset.QUEUED: "In the queue", dataset.PENDING: "To come",
}  # fmt: skip


def mappable(seen: Seen) -> list[str]:
    """Inputs that a map can have as an axis; none where cases do not spread over two."""
    if seen.plan.sweep.design == "one_at_a_time":
        return []
    found = [path for path, axis in seen.inputs.items() if axis.numeric or axis.levels]
    return found if len(found) > 1 else []


def figure_picker(seen: Seen, chosen: Choice) -> html.Div:
    """The figure that all charts tell of."""
    options = {name: axis.title for name, axis in seen.figures.items()}
    return html.Div(
        [html.Span("Figure", className="muted small"), select(Ids.FIGURE, options, chosen.figure, "Figure")]
    )


def cards(seen: Seen, chosen: Choice) -> list[Any]:
    """All charts, and the table."""
    drawn = views(seen, chosen)
    inputs = {path: axis.title for path, axis in seen.inputs.items() if path in mappable(seen)} or {
        path: axis.title for path, axis in seen.inputs.items()
    }
    axes = {name: axis.title for name, axis in seen.axes.items()}
    pair = [
        select(Ids.X, inputs, chosen.x, "Input across"),
        html.Span("by"),
        select(Ids.Y, inputs, chosen.y, "Input up"),
    ]
    both = [select(Ids.ACROSS, axes, chosen.across, "Across"), html.Span("by"), select(Ids.UP, axes, chosen.up, "Up")]
    title = sensitivity_figures.TITLES[METHODS[seen.plan.sweep.design]]
    mixes = chart_card(
        "Which mix wins where", *_parts(drawn[Ids.MIXES]), graph_id=Ids.MIXES, className="w6",
        subtitle="Technologies with at least 1 % of the peak load; press a point to see its case",
    )  # fmt: skip
    heat = chart_card("Over two inputs", *_parts(drawn[Ids.HEAT]), graph_id=Ids.HEAT, className="w6")
    hidden = not mappable(seen)
    return [
        html.Div(pair, className="sweep-pair w12", hidden=hidden),
        html.Div([mixes, heat], className="sweep-maps", hidden=hidden),
        chart_card(title, *_parts(drawn[Ids.INDICES]), graph_id=Ids.INDICES, className="w6"),
        chart_card(
            "Any two columns", *_parts(drawn[Ids.SCATTER]), graph_id=Ids.SCATTER, className="w6",
            controls=html.Div(both, className="sweep-pair"),
        ),
        chart_card(
            "All inputs at once", *_parts(drawn[Ids.PARALLEL]), graph_id=Ids.PARALLEL,
            min_width=AXIS_PX * (len(seen.inputs) + 3),
            subtitle="Draw along an axis to keep the lines within a range",
        ),
    ]  # fmt: skip


def views(seen: Seen, chosen: Choice) -> dict[str, View]:
    """Every chart with its words and table, by id."""
    frame, name = seen.trusted, theme.current()
    x, y, figure = seen.inputs[chosen.x], seen.inputs[chosen.y], seen.figures[chosen.figure]
    across, up = seen.axes[chosen.across], seen.axes[chosen.up]
    found = sensitivity(seen.plan.sweep, seen.plan.places, seen.frame, chosen.figure)
    drawn = frame if mappable(seen) and chosen.x != chosen.y else frame.iloc[:0]
    kept = frame[frame[chosen.figure].notna()]
    lines = [*seen.inputs.values(), *list(dict.fromkeys([figure, *list(seen.figures.values())[:3]]))[:3]]
    return {
        Ids.INDICES: View(
            sensitivity_figures.sensitivity_chart(found, figure.label, figure.unit, name),
            Backing(
                sensitivity_figures.describe_sensitivity(found, figure.label),
                sensitivity_figures.sensitivity_table(found), filename="indices.csv",
            ),
        ),
        Ids.MIXES: View(
            maps.mix_map(drawn, x, y, name),
            _backing(maps.describe_mixes(drawn), drawn, seen, [x.name, y.name, "mix"]),
        ),
        Ids.HEAT: View(
            maps.heat_map(drawn, x, y, figure, name),
            _backing(maps.describe_heat(drawn, x, y, figure), drawn, seen, [x.name, y.name, figure.name]),
        ),
        Ids.SCATTER: View(
            maps.scatter(frame, across, up, name),
            _backing(maps.describe_scatter(frame, across, up), frame, seen, [across.name, up.name, "mix"]),
        ),
        Ids.PARALLEL: View(
            maps.parallel(kept, lines, figure, name),
            _backing(f"{len(kept)} cases over {len(lines)} axes.", kept, seen, [axis.name for axis in lines]),
        ),
    }  # fmt: skip


def table_card(seen: Seen, sweep_id: str) -> html.Section:
    """Every case: filter, sort, choose one; the whole dataset to take away."""
    links = [
        html.A([icon("download"), ending.upper() if ending == "csv" else "Parquet"], className="link-button",
               href=f"/sweep-export/{sweep_id}.{ending}", download=f"{sweep_id}.{ending}")
        for ending in ("csv", "parquet")
    ]  # fmt: skip
    grid = dag.AgGrid(
        id=Ids.TABLE, rowData=rows(seen), columnDefs=columns(seen), className="sweep-grid", getRowId="params.data.id",
        defaultColDef={"sortable": True, "filter": True, "resizable": True, "wrapHeaderText": True,
                       "autoHeaderHeight": True, "minWidth": 96},
        dashGridOptions={"theme": {"function": _GRID_THEME}, "rowSelection": {"mode": "singleRow", "checkboxes": False,
                         "enableClickSelection": True}, "domLayout": "normal", "animateRows": False,
                         # Tab leaves the table, arrows move within: 500 rows are no way through for the keyboard.
                         "tabToNextCell": {"function": "false"}},
        style={"height": "460px"},
    )  # fmt: skip
    return card(
        "Cases", grid, controls=links,
        note="One row a case: press one (Space on the keyboard) to see it; filter and sort in the heads",
        className="screen-only",
    )  # fmt: skip


def columns(seen: Seen) -> list[dict[str, Any]]:
    """Columns of the table, with units."""
    plain = {"case": ("Case", 80), "state": ("State", 116)}
    found: list[dict[str, Any]] = [
        {
            "field": name,
            "headerName": words,
            "width": width,
            "minWidth": width,
            "pinned": "left" if name == "case" else None,
        }
        for name, (words, width) in plain.items()
    ]
    for axis in seen.axes.values():
        found.append(_column(axis, seen.frame[axis.name]))
    found.append({"field": "mix", "headerName": "Mix", "minWidth": 220, "flex": 1})
    found.append({"field": "note", "headerName": "Note", "minWidth": 180, "flex": 1, "tooltipField": "note"})
    return found


def rows(seen: Seen) -> list[dict[str, Any]]:
    """Rows of the table; figures of a plan that does not verify are left out."""
    frame = seen.frame.copy()
    frame.loc[~frame.index.isin(seen.trusted.index), list(seen.figures)] = float("nan")
    frame["note"] = [
        _note(row) for row in frame[["state", "reason", "termination", "adequate", "verified"]].to_dict("records")
    ]
    frame["state"] = frame["state"].map(_STATES)
    kept = frame[["case", "state", *seen.axes, "mix", "note"]].astype(object)
    records: list[dict[str, Any]] = kept.where(kept.notna(), None).to_dict("records")
    return [{"id": str(record["case"]), **{_key(name): value for name, value in record.items()}} for record in records]


def without_plan(seen: Seen) -> Any:
    """Cases without a plan, by reason."""
    found = seen.frame[seen.frame["reason"] != ""]
    if found.empty:
        return None
    lines = [
        html.Li([html.Strong(_STATES[state]), f": {reason} ", html.Span(_numbers(group), className="muted")])
        for (state, reason), group in found.groupby(["state", "reason"], sort=False)
    ]
    return card(f"Cases without a plan: {len(found)}", html.Ul(lines, className="sweep-reasons"))


def case_panel(seen: Seen, case: int) -> list[Any]:
    """One case: its inputs, what came out, and where to go."""
    found = seen.frame[seen.frame["case"] == case]
    if found.empty:
        return []
    row = found.iloc[0]
    inputs = [
        html.Li(
            [
                html.Span(seen.inputs[path].label, className="muted"),
                html.Strong(f"{shown(value)} {_unit(seen.inputs[path])}"),
            ]
        )
        for path, value in row_values(row, seen.plan.places).items()
    ]
    trusted = case in set(seen.trusted["case"])
    figures = [
        html.Li([html.Span(axis.label, className="muted"), html.Strong(number(amount(float(row[name]), axis.unit)))])
        for name, axis in list(seen.figures.items())[:6]
        if trusted and pd.notna(row[name])
    ]
    note = _note(row.to_dict())
    return [
        html.Div(
            [html.H2(f"Case {case}"), badge(_STATES[row["state"]], "good" if trusted else "plain"),
             html.Span(str(row["mix"]), className="muted"), _run_link(str(row["run_id"]))], className="sweep-line",
        ),
        html.P(note, className="muted") if note else None,
        html.Ul([*inputs, *figures], className="sweep-facts"),
    ]  # fmt: skip


def _run_link(run_id: str) -> Any:
    return dcc.Link("Open the run", href=run_href(run_id), className="btn btn-primary btn-small") if run_id else None


def _parts(view: View) -> tuple[Any, Backing]:
    return view.figure, view.backing


def _backing(words: str, frame: pd.DataFrame, seen: Seen, names: list[str]) -> Backing:
    names = list(dict.fromkeys(["case", *names]))
    titles = {name: axis.label for name, axis in seen.axes.items()}
    units = {titles[name]: seen.axes[name].unit for name in names if name in titles and seen.axes[name].unit != "-"}
    return Backing(words, frame[names].rename(columns=titles), units, "cases.csv")


def _column(axis: Axis, values: pd.Series) -> dict[str, Any]:
    unit = {"USD": "million USD"}.get(axis.unit, axis.unit)
    head = axis.label if unit in ("-", "") else f"{axis.label}, {unit}"
    column = {"field": _key(axis.name), "headerName": head}
    if not axis.numeric:
        return column
    words = {"function": "params.value"}
    if axis.unit != "yr":
        scale = 1e6 if axis.unit == "USD" else 1.0
        decimals = column_decimals(list(values / scale), DIGITS)
        words = {"function": f"decimals(params.value, {decimals}, {scale:.0f})"}
    return {**column, "type": "rightAligned", "filter": "agNumberColumnFilter", "valueFormatter": words}


def _key(name: str) -> str:
    """The grid reads a dot as a step into an object."""
    return str(name).replace(".", "__")


def _note(row: Mapping[Any, Any]) -> str:
    if row["reason"]:
        return str(row["reason"])
    if row["state"] != dataset.DONE:
        return ""
    found = []
    if not bool(row["verified"]):
        found.append("Not verified: its figures are left out")
    if pd.notna(row["adequate"]) and not row["adequate"]:
        found.append("Inadequate: leaves some load unserved")
    if row["termination"] == "time_limit":
        found.append("Time-limited: a better plan may exist")
    return "; ".join(found)


def _numbers(group: pd.DataFrame) -> str:
    cases = group["case"].tolist()
    listed = ", ".join(str(case) for case in cases[:12])
    return f"case {listed}" if len(cases) == 1 else f"cases {listed}{' …' if len(cases) > 12 else ''}"


def _unit(axis: Axis) -> str:
    return "" if axis.unit == "-" else axis.unit
