"""Operation of one run: a week hour by hour, the year as a map, the durations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard import data, links, theme
from dashboard.components.chart import Backing, View, chart_card
from dashboard.components.pickers import select, week_picker, week_words, year_picker
from dashboard.exports import table_href
from dashboard.figures import dispatch, duration, year_map
from dashboard.figures.common import WEEK_HOURS, WEEKS, week_of_hour, week_start, year_hours
from dashboard.ids import Run

Manifest = Mapping[str, Any]


def years_of(manifest: Manifest) -> list[int]:
    """Years of the plan."""
    time = manifest["scenario"]["time"]
    return list(range(time["first_year"], time["first_year"] + time["years"]))


def hours(manifest: Manifest) -> dispatch.RunHours:
    """Hourly table and technologies of a run."""
    return dispatch.RunHours(data.hours(manifest["run_id"]), manifest["technologies"])


def peak_week(manifest: Manifest, year: int) -> int:
    """Week with the highest load of a year."""
    frame = year_hours(data.hours(manifest["run_id"]), year)
    return week_of_hour(int(frame["load_mw"].to_numpy().argmax()))


def chosen_hours(manifest: Manifest, year: str = "", week: str = "") -> tuple[int, int]:
    """Year and week of an address; by default the last year, and its week of highest load."""
    years = years_of(manifest)
    chosen = links.whole(year, years[0], years[-1]) or years[-1]
    return chosen, links.whole(week, 1, WEEKS) or peak_week(manifest, chosen)


WEEK_TITLE = "Hour by hour"
MAP = ("The whole year", "Days across, hours of the day up")
DURATION = ("Duration", "Hours sorted by load, and what supplies them")


def week_view(manifest: Manifest, year: int, week: int) -> View:
    """One week of dispatch."""
    run, run_id, look = hours(manifest), manifest["run_id"], theme.current()

    def backing() -> Backing:
        table = dispatch.daily_table(run, year, week)
        href = table_href(run_id, "hourly", "csv", year=year, first=week_start(week), hours=WEEK_HOURS)
        units = {column: "MWh" for column in table if column != "day"}
        return Backing(dispatch.describe_week(run, year, week), table, units, f"{run_id}-week.csv", href)

    return View(lambda: dispatch.dispatch_week(run, year, week, look), backing)


def map_view(manifest: Manifest, year: int, column: str) -> View:
    """The year as a map of one quantity."""
    run_id, quantity = manifest["run_id"], chosen_quantity(manifest, column)
    hourly, look = data.hours(run_id), theme.current()

    def backing() -> Backing:
        words, table = year_map.describe_map(hourly, year, quantity), year_map.month_table(hourly, year, quantity)
        units = dict.fromkeys(("mean", "min", "max"), quantity.unit)
        return Backing(words, table, units, f"{run_id}-year.csv", table_href(run_id, "hourly", "csv", year=year))

    return View(lambda: year_map.year_map(hourly, year, quantity, look), backing)


def duration_view(manifest: Manifest, year: int) -> View:
    """Duration curves of a year."""
    hourly, technologies, look = data.hours(manifest["run_id"]), manifest["technologies"], theme.current()

    def backing() -> Backing:
        table = duration.duration_table(hourly, technologies, year)
        units = {column: "MW" for column in table if column != "reached in"}
        words = duration.describe_duration(hourly, technologies, year)
        return Backing(words, table, units, f"{manifest['run_id']}-duration.csv")

    return View(lambda: duration.duration_curve(hourly, technologies, year, look), backing)


def chosen_quantity(manifest: Manifest, column: str) -> year_map.Quantity:
    """The quantity of a column; load when the run does not have it."""
    offered = year_map.quantities(data.hours(manifest["run_id"]), manifest["technologies"])
    return next((one for one in offered if one.column == column), offered[0])


def jumps(manifest: Manifest, year: int) -> list[html.Button]:
    """Buttons to the weeks worth a look."""
    frame = year_hours(data.hours(manifest["run_id"]), year)
    weeks = dispatch.special_weeks(frame, manifest["technologies"])
    return [
        html.Button(name, id=Run.jump(f"{week}-{place}"), className="btn btn-quiet btn-small")
        for place, (name, week) in enumerate(weeks.items())
    ]


def dispatch_card(manifest: Manifest, year: int, week: int) -> html.Section:
    """The week with its pickers."""
    view = week_view(manifest, year, week)
    words = html.Span(week_words(week, year), id=Run.WEEK_WORDS)
    controls = [
        year_picker(Run.YEAR, years_of(manifest), year),
        html.Div(jumps(manifest, year), id=Run.JUMPS, className="jumps"),
    ]
    return chart_card(
        WEEK_TITLE, view.figure, view.backing, graph_id=Run.DISPATCH, subtitle=words, controls=controls,
        below_head=week_picker(Run.WEEK, week), className="dispatch-panel", min_width=560,
    )  # fmt: skip


def map_card(manifest: Manifest, year: int, column: str = "", className: str = "") -> html.Section:
    """The year's map with its picker."""
    offered = year_map.quantities(data.hours(manifest["run_id"]), manifest["technologies"])
    chosen = chosen_quantity(manifest, column).column
    view = map_view(manifest, year, chosen)
    picker = select(Run.QUANTITY, {one.column: one.label for one in offered}, chosen, "Quantity")
    return chart_card(
        MAP[0], view.figure, view.backing, graph_id=Run.MAP, controls=picker, className=className,
        subtitle=f"{MAP[1]}; press a day to see its week", min_width=480,
    )  # fmt: skip


def duration_card(manifest: Manifest, year: int, className: str = "") -> html.Section:
    """Duration curves."""
    view, (title, subtitle) = duration_view(manifest, year), DURATION
    return chart_card(
        title, view.figure, view.backing, graph_id=Run.DURATION, className=className, subtitle=subtitle
    )  # fmt: skip
