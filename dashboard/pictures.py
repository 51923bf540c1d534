"""Charts of stored runs for the browser that asks for them by itself: `/pictures/<chart>?runs=...&year=...`.

A year or a week is changed in the hand, and Dash's own way through its callbacks takes longer than the hand waits.
The browser (`assets/pictures.js`) asks here for the figure alone, keeps what it got and fetches the other years ahead;
when the hand rests it puts the choice into the chart's store (`shown_id`), whose callback writes the words
and the table behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc
from flask import Blueprint, Response, abort, request
from plotly.io.json import to_json_plotly

from dashboard import data, links, theme
from dashboard.components.chart import View, summary_id, table_id
from dashboard.figures.common import WEEKS
from dashboard.ids import Compare, Run
from dashboard.shelf import Shelf
from dashboard.views import compare_charts, demand_response, operation
from engine.comparison import LETTERS
from engine.errors import StoreError


class NothingToDraw(LookupError):
    """No plan has the hours that are asked for; the message says which and what can be asked instead."""


pictures = Blueprint("pictures", __name__, url_prefix="/pictures")
# A comparison's ten years take some 3 MB: a dozen of them serve a room.
_DRAWN: Shelf[bytes] = Shelf(max_bytes=40_000_000, size=len)


@dataclass(frozen=True)
class Choice:
    """What is to be drawn.

    Attributes
    ----------
    runs : tuple of str
        Ids, in the order of their letters.
    year, week : int
    quantity : str
        Hourly column of a map.
    """

    runs: tuple[str, ...]
    year: int
    week: int
    quantity: str

    @classmethod
    def of(cls, runs: Sequence[str], query: Mapping[str, Any]) -> Choice:
        """Of an address or a store.

        Raises
        ------
        ValueError
            There is no run, or no year.
        """
        year = links.whole(query.get("year"), 1900, 2200)
        if not runs or year is None:
            raise ValueError("runs (ids with commas between them) and year are needed.")
        return cls(tuple(runs), year, links.whole(query.get("week"), 1, WEEKS) or 1, str(query.get("quantity") or ""))

    @property
    def plans(self) -> list[compare_charts.Drawn]:
        """Runs with a plan; one at least has the year.

        Raises
        ------
        NothingToDraw
        StoreError
        """
        found = compare_charts.drawn([data.manifest(run_id) for run_id in self.runs])
        if not found:
            raise NothingToDraw(f"None of {', '.join(self.runs)} has a plan: there are no hours to draw.")
        years = compare_charts.common_years(found)
        if self.year not in years:
            raise NothingToDraw(f"{self.year} is in none of the plans; choose one of {years[0]} to {years[-1]}.")
        return found

    @property
    def plan(self) -> dict[str, Any]:
        """Manifest of the first run, whose plan has the year.

        Raises
        ------
        NothingToDraw
        StoreError
        """
        return dict(replace(self, runs=self.runs[:1]).plans[0].manifest)


# Charts of a run's page, with the pickers that change them.
OF_RUN: dict[str, tuple[str, ...]] = {
    Run.DISPATCH: (Run.YEAR, Run.WEEK),
    Run.MAP: (Run.YEAR, Run.QUANTITY),
    Run.DURATION: (Run.YEAR,),
    Run.FLEXIBILITY: (Run.YEAR, Run.WEEK),
    Run.CUTS: (Run.YEAR,),
}
CHARTS: dict[str, Callable[[Choice], View]] = {
    Compare.DISPATCH: lambda of: compare_charts.weeks_view(of.plans, of.year, of.week),
    Compare.MAPS: lambda of: compare_charts.maps_view(of.plans, of.year, of.quantity),
    Run.DISPATCH: lambda of: operation.week_view(of.plan, of.year, of.week),
    Run.MAP: lambda of: operation.map_view(of.plan, of.year, of.quantity),
    Run.DURATION: lambda of: operation.duration_view(of.plan, of.year),
    Run.FLEXIBILITY: lambda of: demand_response.flexibility_view(of.plan, of.year, of.week),
    Run.CUTS: lambda of: demand_response.cuts_view(of.plan, of.year),
}


def shown_id(chart: str) -> str:
    """Id of the store that holds the choice a chart shows, once the hand rests."""
    return f"{chart}-shown"


def stores(*charts: str) -> list[dcc.Store]:
    """The stores of charts, for their page."""
    return [dcc.Store(id=shown_id(chart)) for chart in charts]


def shows(chart: str, *choice: str, runs: str) -> None:
    """Let pickers change a chart of stored runs, and its words and table follow.

    Parameters
    ----------
    chart : str
        Id of the chart; one of `CHARTS`.
    choice : str
        Ids of the pickers, the year first; what follows their last hyphen is the name in the address.
    runs : str
        Id of the store with the run's id, or with `runs`.
    """
    clientside_callback(
        ClientsideFunction("pictures", "show"),
        Output(chart, "figure"),
        *[Input(picker, "value") for picker in choice],
        State(runs, "data"),
        State(choice[0], "options"),
    )

    @callback(
        Output(summary_id(chart), "children"),
        Output(table_id(chart), "children"),
        Input(shown_id(chart), "data"),
        State(runs, "data"),
        prevent_initial_call=True,
    )
    def _say(shown: dict[str, Any], kept: Any) -> tuple[str, Any]:
        ids = [kept] if isinstance(kept, str) else kept["runs"]
        return CHARTS[chart](Choice.of(ids, shown)).backing.outputs()


@pictures.get("/<chart>")
def _picture(chart: str) -> Response:
    """The figure of a chart."""
    if chart not in CHARTS:
        abort(404)
    runs = [run_id for run_id in request.args.get("runs", "").split(",") if run_id][: len(LETTERS)]
    try:
        choice = Choice.of(runs, request.args)
    except ValueError as error:
        abort(400, str(error))
    try:
        figure = _DRAWN.get((data.store(), theme.current(), chart, choice), lambda: _drawn(chart, choice))
    except (StoreError, NothingToDraw) as error:
        abort(404, str(error))
    return Response(figure, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _drawn(chart: str, choice: Choice) -> bytes:
    return str(to_json_plotly(CHARTS[chart](choice).figure)).encode()
