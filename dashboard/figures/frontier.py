"""A front of plans: the points, what is certain between them, and the same plans in parallel coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import canvas
from dashboard.formatting import THIN, significant
from engine.frontier.asked import SCENARIO_LETTERS
from engine.frontier.front import certain_band, found
from engine.frontier.words import figure as said
from engine.objectives import OBJECTIVES

# Scenarios have colour and marker; technologies keep theirs.
COLOURS = ("#3f7fd6", "#c8682f", "#5a9a45", "#9a6cc4")
FILLS = ("rgba(63,127,214,.16)", "rgba(200,104,47,.16)", "rgba(90,154,69,.16)", "rgba(154,108,196,.16)")
MARKERS = ("circle", "square", "diamond", "triangle-up")
FADED = 0.18
NO_GAP_FRAC = 1e-6
# Of more axes than this, every second head stands higher: they would touch on paper.
CROWDED, LIFT_PX = 9, 60
SCALES = {"USD": (1e6, "M USD"), "MMBtu": (1e6, "million MMBtu"), "frac": (0.01, "%")}

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Marked:
    """What of the front is marked.

    Attributes
    ----------
    ranges : mapping
        Selected range of objectives and technologies, in their own units.
    point : str
        The open one.
    pins : sequence of str
    """

    ranges: Ranges = field(default_factory=dict)
    point: str = ""
    pins: Sequence[str] = ()


def scale_of(key: str) -> tuple[float, str]:
    """Divisor and unit of an objective's axis."""
    unit = OBJECTIVES[key].unit
    return SCALES.get(unit, (1.0, unit))


def selected(points: pd.DataFrame, ranges: Ranges) -> np.ndarray:
    """Which points lie in all selected ranges."""
    inside = np.ones(len(points), dtype=bool)
    for key, (low, high) in ranges.items():
        if key in points:
            inside &= points[key].between(low, high).to_numpy()
    return inside


def front(
    points: pd.DataFrame, keys: Sequence[str], names: Sequence[str], marked: Marked | None = None,
    theme: str = "light", height: int = 460,
) -> go.Figure:  # fmt: skip
    """The plans of each scenario by two objectives, a third as colour; for two, what is certain as a shaded band.

    Parameters
    ----------
    points : DataFrame
        Table `points` of a frontier, classified.
    keys : sequence of str
        Objectives; the first stands upright.
    names : sequence of str
        Of the scenarios.
    """
    marked = marked or Marked()
    drawn = canvas(theme, height, hovermode="closest", dragmode="select", clickmode="event")
    own = found(points)
    inside = selected(own, marked.ranges)
    for number, name in enumerate(names):
        of_one = (own["scenario"] == number).to_numpy()
        if not of_one.any():
            continue
        if len(keys) == 2:
            _add_band(drawn, own[of_one], keys, number, name)
        _add_plans(drawn, own[of_one], keys, number, name, inside[of_one])
    _add_marks(drawn, own, keys, marked)
    (_, x_unit), (_, y_unit) = scale_of(keys[1]), scale_of(keys[0])
    drawn.update_xaxes(title_text=f"{OBJECTIVES[keys[1]].label} [{x_unit}]", showgrid=True)
    drawn.update_yaxes(title_text=f"{OBJECTIVES[keys[0]].label} [{y_unit}]")
    if len(keys) == 3:
        unit = scale_of(keys[2])[1]
        title = {"text": f"{OBJECTIVES[keys[2]].label}<br>[{unit}]", "font": {"size": 12}}
        drawn.update_layout(coloraxis={"colorbar": {"title": title, "len": 0.9}})
    # A box that was drawn belongs to the selection it made: with another selection it goes.
    drawn.update_layout(uirevision="front", selectionrevision=str(marked.ranges))
    return drawn


def _add_band(drawn: go.Figure, own: pd.DataFrame, keys: Sequence[str], number: int, name: str) -> None:
    """Steps between which the front lies: below them no plan exists, above them one stands."""
    y_key, x_key = keys
    if len(own) < 2:
        return
    ceilings = own[f"ceiling_{x_key}"].fillna(np.inf).to_numpy(dtype=float)
    bounds = own["bound"].fillna(-np.inf).to_numpy(dtype=float)
    values, costs = own[x_key].to_numpy(dtype=float), own[y_key].to_numpy(dtype=float)
    places, lowest, highest = certain_band(ceilings, bounds, values, costs)
    (x_scale, _), (y_scale, _) = scale_of(x_key), scale_of(y_key)
    shared = {"x": places / x_scale, "mode": "lines", "hoverinfo": "skip", "legendgroup": str(number)}
    known = np.where(np.isfinite(lowest), lowest, np.nan)
    drawn.add_trace(
        go.Scatter(
            **shared, y=known / y_scale, line={"width": 0, "shape": "vh"}, showlegend=False, name=f"{name}: least"
        )
    )
    drawn.add_trace(
        go.Scatter(
            **shared, y=highest / y_scale, line={"width": 1.25, "shape": "hv", "color": COLOURS[number]},
            fill="tonexty", fillcolor=FILLS[number], name=f"{name}: certain to lie here", showlegend=False,
        )
    )  # fmt: skip


def _add_plans(
    drawn: go.Figure, own: pd.DataFrame, keys: Sequence[str], number: int, name: str, inside: np.ndarray
) -> None:
    once = (own["repeats"] == "").to_numpy()  # a plan that was found again stands there already
    own, inside = own[once], inside[once]
    on_front = own["on_front"].to_numpy(dtype=bool)
    letter = f"{SCENARIO_LETTERS[number]} " if own["scenario"].nunique() else ""
    late = (own["termination"] == "time_limit").to_numpy()
    for kept, label, symbol in (
        (on_front & ~late, f"{letter}{name}", MARKERS[number]),
        (on_front & late, f"{letter}{name}, time-limited", f"{MARKERS[number]}-open-dot"),
        (~on_front, f"{letter}{name}, dominated", "x-thin-open"),
    ):
        if not kept.any():
            continue
        rows, bright = own[kept], inside[kept]
        colour: dict[str, object] = {"color": COLOURS[number]}
        if len(keys) == 3:
            colour = {"color": rows[keys[2]].to_numpy() / scale_of(keys[2])[0], "coloraxis": "coloraxis"}
        drawn.add_trace(
            go.Scatter(
                x=rows[keys[1]].to_numpy() / scale_of(keys[1])[0], y=rows[keys[0]].to_numpy() / scale_of(keys[0])[0],
                mode="markers", name=label, legendgroup=str(number), customdata=rows["point"].to_numpy(),
                marker={"symbol": symbol, "size": 11, "opacity": np.where(bright, 1.0, FADED),
                        "line": {"width": 2 if symbol.startswith("x") else 1, "color": _edge(number, keys)}, **colour},
                # The fading says what is selected; Plotly's own would fade once more.
                selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
                text=[_hover(row, keys) for row in rows.to_dict("records")], hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip


def _edge(number: int, keys: Sequence[str]) -> str:
    return "rgba(128,128,128,.6)" if len(keys) == 3 else COLOURS[number]


def _hover(row: Mapping, keys: Sequence[str]) -> str:
    lines = [f"<b>{row['point']}</b>", *(f"{OBJECTIVES[key].label} {said(key, row[key])}" for key in keys)]
    if np.isfinite(row["bound"]) and row["gap_frac"] > NO_GAP_FRAC:
        lines.append(f"proven: not below {said(keys[0], row['bound'])}")
    if row["dominated_by"]:
        lines.append(f"dominated by {row['dominated_by']}")
    if row["termination"] == "time_limit":
        lines.append("stopped by the time limit")
    if not row["verified"]:
        lines.append("NOT verified")
    return "<br>".join(lines)


def _add_marks(drawn: go.Figure, own: pd.DataFrame, keys: Sequence[str], marked: Marked) -> None:
    """Rings around knees, the open point and the pins, with their names."""
    rings = [(row["point"], f"Knee {row['point']}", 18) for row in own[own["knee"].astype(bool)].to_dict("records")]
    rings += [(name, name, 18) for name in marked.pins]
    rings += [(marked.point, marked.point, 22)] if marked.point else []
    words: dict[str, str] = {}
    for point, text, size in rings:
        row = own[own["point"] == point]
        if row.empty:
            continue
        x, y = (float(row[key].iloc[0]) / scale_of(key)[0] for key in (keys[1], keys[0]))
        words.setdefault(str(point), text)
        drawn.add_trace(
            go.Scatter(
                x=[x], y=[y], mode="markers", showlegend=False, hoverinfo="skip",
                # No colour of its own: the ink of the theme.
                marker={"symbol": "circle-open", "size": size, "line": {"width": 2 if size > 20 else 1.25}},
            )
        )  # fmt: skip
        if words[str(point)] == text:
            drawn.add_annotation(
                x=x, y=y, text=text, showarrow=False, xanchor="left", yanchor="bottom", xshift=10, yshift=6
            )


def describe_front(points: pd.DataFrame, keys: Sequence[str], sentences: Sequence[str]) -> str:
    """The chart in words."""
    if found(points).empty:
        return "No plan yet."
    axes = f"{OBJECTIVES[keys[0]].label} by {OBJECTIVES[keys[1]].label}"
    colour = f", {OBJECTIVES[keys[2]].label} as colour" if len(keys) == 3 else ""
    return " ".join([f"{axes}{colour}.", *sentences])


@dataclass(frozen=True)
class Axis:
    """One axis of the parallel coordinates: an objective, or capacity of a technology."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    factor: float = 1.0

    def share(self, values: np.ndarray) -> np.ndarray:
        """Values as a share of the axis."""
        span = self.high - self.low
        return (values - self.low) / span if span > 0 else np.full(len(values), 0.5)

    def value(self, share: float) -> float:
        """What stands at a share of the axis."""
        return self.low + share * (self.high - self.low)


def axes_of(
    points: pd.DataFrame, objectives: Sequence[str], technologies: Mapping[str, str]
) -> list[Axis]:  # fmt: skip
    """Axes over the points that have a plan.

    Parameters
    ----------
    points : DataFrame
        With a column for each objective and technology.
    technologies : mapping
        Label by technology.
    """
    axes = []
    for key in objectives:
        factor, unit = scale_of(key)
        axes.append(Axis(key, OBJECTIVES[key].label, unit, float(points[key].min()), float(points[key].max()), factor))
    for key, label in technologies.items():
        axes.append(Axis(key, label, "MW", float(points[key].min()), float(points[key].max())))
    return axes


def parallel(
    points: pd.DataFrame, axes: Sequence[Axis], marked: Marked | None = None, theme: str = "light", height: int = 380
) -> go.Figure:
    """Each plan a line over all that differs; a box drawn on an axis keeps the plans within it.

    Parameters
    ----------
    points : DataFrame
        Points that have a plan, with a column for each axis.
    """
    marked = marked or Marked()
    drawn = canvas(
        theme, height, hovermode="closest", dragmode="select", clickmode="event", showlegend=False,
        margin={"l": 36, "r": 36, "t": 84 + (LIFT_PX if len(axes) > CROWDED else 0), "b": 32},
    )  # fmt: skip
    inside = selected(points, marked.ranges)
    places = np.arange(len(axes))
    order = np.argsort(inside, kind="stable")  # what is selected lies on top
    shares = np.column_stack([axis.share(points[axis.key].to_numpy(dtype=float)) for axis in axes])
    records, lines = points.to_dict("records"), []
    for row in order:
        record = records[row]
        number, is_open = int(record["scenario"]), record["point"] == marked.point
        dash = "solid" if record["on_front"] else "dot"
        lines.append(
            go.Scatter(
                x=places, y=shares[row], mode="lines+markers", name=str(record["point"]),
                customdata=[record["point"]] * len(axes), opacity=1.0 if inside[row] or is_open else FADED,
                line={"width": 3.5 if is_open else 1.75, "color": COLOURS[number], "dash": dash},
                marker={"size": 8 if is_open else 5, "symbol": MARKERS[number], "color": COLOURS[number]},
                selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
                text=[_reading(record, axis) for axis in axes], hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    drawn.add_traces(lines)
    _draw_axes(drawn, axes, marked)
    drawn.update_layout(uirevision="parallel", selectionrevision=str(marked.ranges))
    return drawn


def _reading(record: Mapping, axis: Axis) -> str:
    return f"<b>{record['point']}</b><br>{axis.label} {significant(record[axis.key] / axis.factor)}{THIN}{axis.unit}"


def _draw_axes(drawn: go.Figure, axes: Sequence[Axis], marked: Marked) -> None:
    shapes, words = [], []
    for place, axis in enumerate(axes):
        shapes.append({"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "layer": "below"})
        top, bottom = significant(axis.high / axis.factor), significant(axis.low / axis.factor)
        label, unit = axis.label.replace(" ", "<br>", 1), axis.unit.replace("million", "M")
        head = f"<b>{label}</b><br>{unit}<br>{top}"
        lifted = LIFT_PX if len(axes) > CROWDED and place % 2 else 0
        words.append({"x": place, "y": 1, "text": head, "yanchor": "bottom", "yshift": 4 + lifted, "showarrow": False})
        words.append({"x": place, "y": 0, "text": bottom, "yanchor": "top", "yshift": -4, "showarrow": False})
        if axis.key in marked.ranges:
            low, high = (float(share) for share in axis.share(np.array(marked.ranges[axis.key])))
            shapes.append(
                {"type": "rect", "x0": place - 0.06, "x1": place + 0.06, "y0": max(low, -0.03), "y1": min(high, 1.03),
                 "fillcolor": "rgba(128,128,128,.25)", "line": {"width": 1}}
            )  # fmt: skip
    drawn.update_layout(shapes=shapes, annotations=words)
    drawn.update_xaxes(visible=False, range=[-0.35, len(axes) - 0.65])
    drawn.update_yaxes(visible=False, range=[-0.04, 1.04])


def describe_parallel(points: pd.DataFrame, axes: Sequence[Axis], ranges: Ranges) -> str:
    """The chart in words."""
    spans = [
        f"{axis.label} {significant(axis.low / axis.factor)} to {significant(axis.high / axis.factor)} {axis.unit}"
        for axis in axes
    ]
    kept = int(selected(points, ranges).sum())
    chosen = f" {kept} of them are selected." if ranges else ""
    return f"{len(points)} plans over {len(axes)} axes: {'; '.join(spans)}.{chosen}"


def points_table(points: pd.DataFrame, keys: Sequence[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The points as a table, with the unit of each column."""
    table = pd.DataFrame({"point": points["point"]})
    units = {}
    for key in keys:
        table[OBJECTIVES[key].label], units[OBJECTIVES[key].label] = points[key] / scale_of(key)[0], scale_of(key)[1]
    at_least = f"{OBJECTIVES[keys[0]].label} at least"
    table[at_least], units[at_least] = points["bound"] / scale_of(keys[0])[0], scale_of(keys[0])[1]
    # As everywhere: below a ten-thousandth of a percent there is none left to speak of.
    table["gap"], units["gap"] = 100 * points["gap_frac"].where(~(points["gap_frac"] < NO_GAP_FRAC), 0.0), "%"
    table["standing"] = [standing(row) for row in points.to_dict("records")]
    return table, units


def standing(row: Mapping) -> str:
    """What to know about a point, the worst first."""
    if row["state"] != "found":
        return {"infeasible": "no plan exists", "time_limit": "no plan in time"}[row["state"]]
    marks = [
        "not verified" if not row["verified"] else "",
        "time-limited" if row["termination"] == "time_limit" else "",
        "leaves load unserved" if not row["adequate"] else "",
        f"dominated by {row['dominated_by']}" if row["dominated_by"] else "",
        f"the plan of {row['repeats']} again" if row["repeats"] else "",
        "knee" if row["knee"] else "",
    ]
    return ", ".join(mark for mark in marks if mark) or "on the front"
