"""Charts of a comparison, every one on the same axes for all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import data, theme
from dashboard.components.badges import disc
from dashboard.components.chart import Backing, View, backing_view, card, chart_card
from dashboard.components.graph import Graph
from dashboard.components.pickers import select, week_picker, week_words, year_picker
from dashboard.figures import capacity, costs, dispatch, year_map
from dashboard.figures.common import CONFIG, week_of_hour, year_hours
from dashboard.formatting import amount
from dashboard.ids import Compare
from dashboard.views.operation import years_of
from engine.comparison import LETTERS, Comparison
from engine.nomenclature import COST_CATEGORIES

Manifest = Mapping[str, Any]
# Quantities that every run has come first in the choice of the maps.
COMMON = ("load_mw", "unserved_mw", "price_usd_per_mwh")


@dataclass(frozen=True)
class Drawn:
    """A run that has a plan to draw.

    Attributes
    ----------
    letter : str
        Its place among all runs in view, those without a plan included.
    manifest : mapping
    """

    letter: str
    manifest: Manifest

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return str(self.manifest["run_id"])

    @property
    def name(self) -> str:
        """Letter and name, for tables and words."""
        return f"{self.letter} {self.manifest['name']}"

    @property
    def title(self) -> str:
        """Letter and name, for charts."""
        return f"<b>{self.letter}</b>  {escape(self.manifest['name'])}"

    def table(self, name: str) -> pd.DataFrame:
        """One table of the run."""
        return data.hours(self.run_id) if name == "hourly" else data.table(self.run_id, name)


def drawn(manifests: Sequence[Manifest]) -> list[Drawn]:
    """Runs with a plan, of all those in view."""
    lettered = zip(LETTERS, manifests, strict=False)
    return [Drawn(letter, manifest) for letter, manifest in lettered if manifest["status"] == "done"]


def common_years(runs: Sequence[Drawn]) -> list[int]:
    """All years that any run plans, in order."""
    return sorted({year for run in runs for year in years_of(run.manifest)})


def first_year_to_show(runs: Sequence[Drawn]) -> int:
    """Last year that all plans share; the last of any where they share none."""
    shared = set.intersection(*(set(years_of(run.manifest)) for run in runs))
    return max(shared or common_years(runs))


def chosen_hours(runs: Sequence[Drawn], base: str | None, year: int | None, week: int | None) -> tuple[int, int]:
    """Year and week to show: those asked for; else the last common year, and the base's week of highest load."""
    shown = year if year is not None and year in common_years(runs) else first_year_to_show(runs)
    leading = next((run for run in runs if run.run_id == base), runs[0])
    return shown, week or peak_week(leading, shown)


def peak_week(run: Drawn, year: int) -> int:
    """Week of the highest load; the first where the run does not plan the year."""
    frame = year_hours(run.table("hourly"), year)
    return week_of_hour(int(frame["load_mw"].to_numpy().argmax())) if len(frame) else 1


def capacity_view(runs: Sequence[Drawn]) -> View:
    """Capacity by year, small multiples."""
    frames, words, panels = [], [], []
    for run in runs:
        technologies, load = run.manifest["technologies"], run.table("load")
        wide = capacity.capacity_table(run.table("capacity"), technologies)
        panels.append((run.title, wide, load, technologies))
        named = wide.rename(columns={key: technologies[key]["label"] for key in wide}).reset_index()
        named.insert(0, "run", run.name)
        frames.append(named)
        words.append(f"{run.name}: {capacity.describe_capacity(wide, load, technologies)}")
    together = pd.concat(frames).fillna(0.0)
    units = {column: "MW" for column in together if column not in ("run", "year")}
    figure = capacity.capacity_multiples(panels, theme.current())
    return View(figure, Backing(" ".join(words), together, units, "firmwatt-capacity.csv"))


CAPACITY = ("Built capacity by year", "Same axes; the line is the peak load")
COST = ("Cost per MWh", "Net present cost over the energy required")
BRIDGE_NOTE = "Where the difference in cost per MWh comes from"
WEEK_TITLE = "The same week, hour by hour"
MAPS = ("The whole year", "Days across, hours of the day up; one colour scale")


def capacity_card(runs: Sequence[Drawn], className: str = "") -> html.Section:
    """Capacity by year with its table."""
    view, (title, subtitle) = capacity_view(runs), CAPACITY
    return chart_card(
        title, view.figure, view.backing, className=className, subtitle=subtitle, min_width=max(420, 200 * len(runs))
    )


def cost_view(comparison: Comparison) -> View | None:
    """Levelised cost by category; None where no run has a load."""
    priced = comparison.costs.dropna(subset="usd_per_mwh")  # a run without load has no cost per MWh
    letters = {run_id: comparison.letters[run_id] for run_id in priced["run_id"].unique()}
    if not letters:
        return None
    wide = priced.pivot_table(index="category", columns="run_id", values="usd_per_mwh", aggfunc="sum")
    wide = wide.reindex([key for key in COST_CATEGORIES if wide.loc[key].abs().max() > 1e-6])[list(letters)]
    table = wide.rename(columns=letters).reset_index()
    table.columns.name = None
    table["category"] = [COST_CATEGORIES[key] for key in table["category"]]
    totals = {letter: float(table[letter].sum()) for letter in letters.values()}
    words = "Levelised cost: " + ", ".join(f"{letter} {amount(usd, 'USD/MWh')}" for letter, usd in totals.items()) + "."
    units = dict.fromkeys(letters.values(), "USD/MWh")
    figure = costs.stack_per_mwh(priced, letters, theme.current())
    return View(figure, Backing(words, table, units, "firmwatt-cost-per-mwh.csv"))


def cost_card(comparison: Comparison, className: str = "") -> html.Section:
    """Levelised cost by category with its table."""
    view, (title, subtitle) = cost_view(comparison), COST
    if view is None:
        return card(title, html.P("No run has a load to serve.", className="muted"), className=className)
    return chart_card(title, view.figure, view.backing, className=className, subtitle=subtitle)


def bridge_levels(comparison: Comparison) -> pd.Series:
    """Levelised cost [USD/MWh] by run, the base first where it has one and another run too; else empty."""
    levels = comparison.costs.dropna(subset="usd_per_mwh").groupby("run_id", sort=False)["usd_per_mwh"].sum()
    if comparison.base not in levels or len(levels) < 2:
        return levels.iloc[:0]
    others = [key for key in comparison.run_ids if key in levels and key != comparison.base]
    return levels.reindex([comparison.base, *others])


def bridge_view(comparison: Comparison, run_id: str, levels: pd.Series) -> View:
    """Bridge from the base to one run."""
    letters, base = comparison.letters, str(comparison.base)
    steps = comparison.bridges[comparison.bridges["run_id"] == run_id]
    ends = [(letters[key], float(levels[key])) for key in (base, run_id)]
    table = steps[["label", "usd_per_mwh", "npv_usd"]].rename(
        columns={"label": "category", "usd_per_mwh": "per MWh", "npv_usd": "net present cost"}
    )
    words = f"{letters[base]} {levels[base]:.2f} to {letters[run_id]} {levels[run_id]:.2f} USD/MWh"
    backing = Backing(words, table, {"per MWh": "USD/MWh", "net present cost": "USD"}, "firmwatt-bridge.csv")
    return View(costs.bridge(steps, *ends, theme.current(), 300), backing)


def bridges_card(comparison: Comparison, className: str = "") -> html.Section:
    """Cost bridge from the base to each other run."""
    letters, levels = comparison.letters, bridge_levels(comparison)
    if levels.empty:
        text = "A bridge needs two runs with a cost per MWh, the base among them."
        return card("From the base to each", html.P(text, className="muted"), className=className)
    base, *others = levels.index
    views = {run_id: bridge_view(comparison, run_id, levels) for run_id in others}
    tables = [view.backing.table.assign(run=letters[run_id]) for run_id, view in views.items()]
    table = pd.concat(tables)[["run", "category", "per MWh", "net present cost"]]
    words = "; ".join(view.backing.summary for view in views.values())
    backing = replace(views[others[0]].backing, summary=words, table=table)
    title = f"From {letters[base]} to {letters[others[0]]}" if len(others) == 1 else "From the base to each"
    return card(
        title,
        html.Div([_bridge(comparison, run_id, view.figure) for run_id, view in views.items()], className="bridges"),
        html.P(words, className="visually-hidden"), html.Div(backing_view(backing), className="backing"),
        note=BRIDGE_NOTE, className=className,
    )  # fmt: skip


def _bridge(comparison: Comparison, run_id: str, figure: go.Figure) -> html.Div:
    letters, base = comparison.letters, str(comparison.base)
    title = [disc(letters[base]), html.Span("→", className="muted"), disc(letters[run_id]), comparison.names[run_id]]
    return html.Div(
        [html.H3(title, className="bridge-title"), Graph(figure=figure, config=CONFIG, style={"height": "300px"})],
        className="chart",
    )


def weeks_view(runs: Sequence[Drawn], year: int, week: int) -> View:
    """The same week of all runs."""
    look = theme.current()

    def figure() -> go.Figure:
        panels = [dispatch.RunHours(run.table("hourly"), run.manifest["technologies"], run.title) for run in runs]
        return dispatch.dispatch_weeks(panels, year, week, look)

    return View(figure, lambda: _weeks_backing(runs, year, week))


def _weeks_backing(runs: Sequence[Drawn], year: int, week: int) -> Backing:
    frames, words = [], []
    for run in runs:
        named = dispatch.RunHours(run.table("hourly"), run.manifest["technologies"], run.name)
        words.append(dispatch.describe_week(named, year, week))
        if len(year_hours(named.hourly, year)):
            daily = dispatch.daily_table(named, year, week)
            daily.insert(0, "run", run.name)
            frames.append(daily)
    table = pd.concat(frames).fillna(0.0) if frames else pd.DataFrame({"run": []})
    units = {column: "MWh" for column in table if column not in ("run", "day")}
    return Backing(" ".join(words), table, units, "firmwatt-week.csv")


def quantities(runs: Sequence[Drawn]) -> dict[str, year_map.Quantity]:
    """What any run can map, by column; what all have first."""
    found: dict[str, year_map.Quantity] = {}
    for run in runs:
        for quantity in year_map.quantities(run.table("hourly"), run.manifest["technologies"]):
            found.setdefault(quantity.column, quantity)
    return dict(sorted(found.items(), key=lambda item: item[0] not in COMMON))


def maps_view(runs: Sequence[Drawn], year: int, column: str) -> View:
    """The year of all runs as maps on one scale."""
    offered, look = quantities(runs), theme.current()
    quantity = offered.get(column) or next(iter(offered.values()))

    def figure() -> go.Figure:
        hours = [(run.title, run.table("hourly")) for run in runs]
        return year_map.year_maps(hours, year, quantity, look)

    return View(figure, lambda: _maps_backing(runs, year, quantity))


def _maps_backing(runs: Sequence[Drawn], year: int, quantity: year_map.Quantity) -> Backing:
    frames, words = [], []
    for run in runs:
        hourly = run.table("hourly")
        words.append(f"{run.name}: {year_map.describe_map(hourly, year, quantity)}")
        if quantity.column in hourly and len(year_hours(hourly, year)):
            months = year_map.month_table(hourly, year, quantity)
            months.insert(0, "run", run.name)
            frames.append(months)
    table = pd.concat(frames) if frames else pd.DataFrame({"run": []})
    units = dict.fromkeys(("mean", "min", "max"), quantity.unit)
    return Backing(" ".join(words), table, units, "firmwatt-months.csv")


def weeks_card(runs: Sequence[Drawn], year: int, week: int) -> html.Section:
    """Dispatch of the same week, one above the other, with its pickers."""
    view = weeks_view(runs, year, week)
    return chart_card(
        WEEK_TITLE, view.figure, view.backing, graph_id=Compare.DISPATCH,
        subtitle=html.Span(week_words(week, year), id=Compare.WEEK_WORDS),
        controls=year_picker(Compare.YEAR, common_years(runs), year), below_head=week_picker(Compare.WEEK, week),
        min_width=560,
    )  # fmt: skip


def chosen_quantity(runs: Sequence[Drawn], column: str = "") -> str:
    """The column asked for, where some run has it; else the first that tells the runs apart."""
    offered = quantities(runs)
    if column in offered:
        return column
    # What tells runs apart is more worth seeing than the load they share.
    return next((key for key in offered if key not in COMMON), next(iter(offered)))


def maps_card(runs: Sequence[Drawn], year: int, column: str = "") -> html.Section:
    """Whole year of all runs, with the choice of the quantity."""
    offered, chosen = quantities(runs), chosen_quantity(runs, column)
    view, (title, subtitle) = maps_view(runs, year, chosen), MAPS
    labels = {key: quantity.label for key, quantity in offered.items()}
    return chart_card(
        title, view.figure, view.backing, graph_id=Compare.MAPS, subtitle=subtitle,
        controls=select(Compare.QUANTITY, labels, chosen, "Quantity"), min_width=560,
    )  # fmt: skip
