"""Where a state of the live page lies beside the frontier of its unchanged scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.components.chart import Backing, View
from dashboard.figures import frontier as figures
from dashboard.figures.common import recomposed
from dashboard.frontier_data import Shown as Front
from dashboard.frontier_data import shown
from dashboard.views.plan import Tables
from dashboard.views.year_figures import DISPATCHED
from engine.errors import InputError, StoreError
from engine.frontier.asked import KIND
from engine.frontier.words import figure as said
from engine.objectives import OBJECTIVES, Sized
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario
from engine.scenario.schema import Scenario
from engine.study import Studies
from engine.wording import grouped

HEIGHT = 320
# So many of the newest frontiers are looked through.
LOOKED_THROUGH = 40


@dataclass(frozen=True)
class Place:
    """A state in the picture.

    Attributes
    ----------
    name : str
        "now", or the pin's letter.
    scenario : Scenario
        As changed.
    tables : Tables
    capital_usd : float
    """

    name: str
    scenario: Scenario
    tables: Tables
    capital_usd: float

    def value(self, key: str) -> float:
        """Its value in an objective, as the frontier's points have theirs."""
        load = self.tables.table("load")
        # Hours are summed up already: the year's energy as one hour of it.
        unserved = pd.DataFrame({"year": load["year"], "unserved_mw": load["unserved_mwh"], "weight_h": 1.0})
        frames = (_dispatched(self.tables.table(name)) for name in ("capacity", "costs", "annual", "limits"))
        last = self.scenario.calendar_years[-1]
        return OBJECTIVES[key].value(Sized(self.scenario, *frames, load, unserved, {last: self.capital_usd}))


def _dispatched(frame: pd.DataFrame) -> pd.DataFrame:
    """The second stage of a table that holds both: of a full plan its dispatch, of a preview all there is."""
    return frame[frame["stage"] == DISPATCHED] if "stage" in frame else frame


@dataclass(frozen=True)
class Position:
    """The front of one scenario, newest first, and the number of the scenario in it."""

    front: Front
    number: int

    @property
    def keys(self) -> tuple[str, ...]:
        """Its objectives."""
        return self.front.keys

    @property
    def points(self) -> pd.DataFrame:
        """Its points of this scenario."""
        return self.front.points[self.front.points["scenario"] == self.number]


def position_of(loaded: LoadedScenario) -> Position | None:
    """The newest frontier with plans of a scenario, as far as it has come; None where there is none."""
    mark = fingerprint(loaded)
    ids = [study_id for study_id in Studies().ids() if study_id.startswith(f"{KIND}-")]
    for study_id in ids[:LOOKED_THROUGH]:
        marks = _marks(study_id)
        if mark not in marks:
            continue
        try:
            position = Position(shown(study_id), marks.index(mark))
        except StoreError:
            continue  # its own page says what is wrong with it
        if len(position.front.found) and len(position.points):
            return position
    return None


@lru_cache(maxsize=256)
def _marks(study_id: str) -> tuple[str, ...]:
    """Fingerprint of each scenario of a frontier, whose question never changes."""
    try:
        return tuple(fingerprint(loaded) for loaded in Studies().request(study_id).load())
    except (InputError, StoreError):
        return ()  # a file of a scenario has changed since: it is no longer the front of any scenario as it stands


def view_of(position: Position, places: Sequence[Place]) -> View:
    """The front with the states beside it: the chart, its words and its table."""
    keys, front = position.keys, position.front
    before = _front(front.study_id, position.number, len(position.points), theme.current())
    values = [{key: place.value(key) for key in keys} for place in places]
    marks = [_mark(keys, place.name, at) for place, at in zip(places, values, strict=True)]
    figure = recomposed(before.traces, marks, before.layout)
    table, units = before.table, before.units
    for place, at in zip(reversed(places), reversed(values), strict=True):
        row = {OBJECTIVES[key].label: at[key] / figures.scale_of(key)[0] for key in keys}
        table = pd.concat([pd.DataFrame([{"point": place.name, **row, "standing": "this page"}]), table])
    words = _words(position, values[0])
    return View(figure, Backing(words, table.reset_index(drop=True), units, "live-frontier.csv"))


@dataclass(frozen=True)
class _Before:
    """The front alone, ready for the browser, with its table."""

    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    table: pd.DataFrame
    units: Mapping[str, str]


@lru_cache(maxsize=8)
def _front(study_id: str, number: int, _points: int, named: str) -> _Before:
    """The front of a scenario; drawn again when it has more points."""
    front = shown(study_id)
    points = front.points[front.points["scenario"] == number]
    figure = figures.front(points, front.keys, front.names, None, named, HEIGHT)
    figure.update_layout(dragmode=False, clickmode="none")
    drawn = figure.to_plotly_json()
    return _Before(drawn["data"], drawn["layout"], *figures.points_table(points, front.keys))


def _mark(keys: Sequence[str], name: str, at: Mapping[str, float]) -> dict[str, Any]:
    """One state: now as a star, pins as their letters."""
    x, y = (at[key] / figures.scale_of(key)[0] for key in (keys[1], keys[0]))
    now = name == "now"
    text = f"<b>{name}</b><br>" + "<br>".join(f"{OBJECTIVES[key].label} {said(key, at[key])}" for key in keys)
    return {
        "type": "scatter", "x": [x], "y": [y], "mode": "markers+text", "text": ["Now" if now else name],
        "name": "Now" if now else f"Pin {name}", "textposition": "middle right" if now else "middle left",
        "cliponaxis": False, "showlegend": False,
        "marker": {"symbol": "star" if now else "circle-open", "size": 18 if now else 14, "line": {"width": 2}},
        "hovertext": [text], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def _words(position: Position, now: Mapping[str, float]) -> str:
    """Where the state lies, in words."""
    keys, front = position.keys, position.front
    own = front.found[front.found["scenario"] == position.number]
    here = " and ".join(f"{OBJECTIVES[key].label} {said(key, now[key])}" for key in keys)
    ranges = " and ".join(
        f"{OBJECTIVES[key].label} {said(key, float(own[key].min()))} to {said(key, float(own[key].max()))}"
        for key in keys
    )
    count = grouped(len(own), 0)
    return f"Now: {here}. The frontier of the unchanged scenario, {count} plans, spans {ranges}."
