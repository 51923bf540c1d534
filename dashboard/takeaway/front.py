"""A frontier to take away: what its page shows, and every point behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import frontier_data
from dashboard.components.chart import card
from dashboard.components.table import data_table
from dashboard.figures.frontier import points_table
from dashboard.formatting import amount, plural
from dashboard.frontier_data import Shown
from dashboard.frontier_state import State
from dashboard.takeaway import stored
from dashboard.takeaway.document import Chart, Document, Grid, Sheet, present
from dashboard.takeaway.subject import Subject
from dashboard.views import frontier as view
from engine.files import slug
from engine.frontier.asked import KIND
from engine.objectives import OBJECTIVES

TABLES = (
    ("points", "Points", "One row a point that was asked for; ceilings are what the other objectives were held under."),
    ("capacity", "Capacity", "Of each plan, by year and technology."),
    ("costs", "Costs", "Present value of each plan, by technology and category."),
    ("loads", "Loads", "Highest load of each year."),
    ("scenarios", "Technologies", "What each scenario could build, and what of its inputs is made up."),
)


def build(_tail: str, query: Mapping[str, str]) -> Document:
    """Document of a frontier's address."""
    one = frontier_data.shown(stored.asked_study(query, (KIND,)))
    state = _state(query)
    grid = _grid(one, state)
    document = Document(
        title=one.request.name, stem=f"firmwatt-{slug(one.request.name, 'frontier')}",
        subtitle=f"{plural(len(one.found), 'plan')} of {', '.join(one.names)}",
        address=f"/frontier{state.search}",
        sentences=tuple(one.sentences) or ("No plan has been found yet.",), warnings=_warnings(one),
        marks="sizing only, class 3", parts=present(*_charts(one, state), *_cards(one, grid)),
        grids=present(grid),
    )  # fmt: skip
    sheets = [_with_bounds(one, stored.study_sheet(one.study_id, *table)) for table in TABLES]
    facts = stored.study_facts(document, one.request)
    return stored.with_sheets(document, facts, sheets, stored.scenarios_sheet(one.request))


def _state(query: Mapping[str, str]) -> State:
    return State.read(*(query.get(key, "") for key in ("study", "point", "pins", "select")))


def _warnings(one: Shown) -> tuple[str, ...]:
    found = one.found
    unproven = list(found.loc[~found["verified"].astype(bool), "point"]) if len(found) else []
    stopped = list(found.loc[found["termination"] == "time_limit", "point"]) if len(found) else []
    return present(
        *stored.unfinished(one.study_id),
        f"Not verified: {', '.join(unproven)}." if unproven else None,
        f"Stopped at their time limit, a better plan may exist: {', '.join(stopped)}." if stopped else None,
        view.STAGE,
        f"Made up: {one.synthetic}" if one.synthetic else None,
    )


def _charts(one: Shown, state: State) -> list[Chart]:
    if one.found.empty:
        return []
    note = view.BAND if len(one.keys) == 2 else view.COLOUR
    found = [
        Chart("front", "The front", view.front_view(one, state), note.partition(" Draw a box")[0]),
        Chart("what-differs", "What differs", view.parallel_view(one, state), "One line a plan"),
    ]
    point = one.point(state.point)
    if point is not None:
        name = str(point["point"])
        capacity = view.capacity_view(one, name, int(point["scenario"]))
        found += [
            Chart("capacity", f"Capacity of plan {name}", capacity, view.STAGE),
            Chart("cost-per-mwh", "Cost per MWh", view.costs_view(one, state, name), "Beside the cheapest plan"),
        ]
    return found


def _cards(one: Shown, grid: Grid | None) -> list[Any]:
    if one.points.empty:
        return []
    chosen = pd.DataFrame(grid.rows, columns=list(grid.head)) if grid else None
    table, units = points_table(one.points, one.keys)
    return [
        None if chosen is None else card(grid.title, data_table(chosen, caption=grid.title), note=grid.note),
        card("Points", data_table(table, units, caption="Points")),
    ]  # fmt: skip


def _grid(one: Shown, state: State) -> Grid | None:
    """The open plan and the pinned ones, figure by figure; without any, the ends and the knee."""
    names = list(dict.fromkeys(name for name in (state.point, *state.pins) if one.point(name))) or _landmarks(one)
    points = [point for name in names if (point := one.point(name)) is not None]
    if not points:
        return None
    rows = tuple(
        (OBJECTIVES[key].label, *(str(amount(float(point[key]), OBJECTIVES[key].unit)) for point in points))
        for key in one.axes()
    )
    return Grid("Plans side by side", ("Figure", *(f"Plan {name}" for name in names)), rows, "Of the sizing alone")


def _landmarks(one: Shown) -> list[str]:
    found = one.found
    if found.empty:
        return []
    marked = found[(found["role"] == "end") | found["knee"].astype(bool)]
    return [str(name) for name in marked["point"]]


def _with_bounds(one: Shown, sheet: Sheet | None) -> Sheet | None:
    """Bounds are in the unit of what is minimised, ceilings in that of what is held."""
    if sheet is None or sheet.name != "Points":
        return sheet
    objective = {key: OBJECTIVES[key].unit for key in OBJECTIVES}
    units = {**objective, **{f"ceiling_{key}": unit for key, unit in objective.items()}}
    bounds = dict.fromkeys(("bound", "best_bound"), objective[one.keys[0]])
    known = {name: unit for name, unit in (units | bounds).items() if name in sheet.frame and unit not in ("", "-")}
    frame = one.points if "on_front" in one.points else sheet.frame
    return Sheet(sheet.name, pd.DataFrame(frame), {**sheet.units, **known, "seconds": "s", "gap_frac": "frac"},
                 sheet.note)  # fmt: skip


def command(_tail: str, query: Mapping[str, str]) -> list[str]:
    """Arguments of `firmwatt export`."""
    return [f"/frontier{_state(query).search}"]


SUBJECT = Subject(
    "frontier", "frontier", ("html", "pdf", "pptx", "xlsx", "csv", "parquet", "png", "svg"), build, command
)
