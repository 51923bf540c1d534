"""Cases of a sweep: any two columns, a figure over two inputs, which mix wins where, all inputs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.spatial import cKDTree
from scipy.stats import binned_statistic_2d

from dashboard import theme as themes
from dashboard.figures.common import canvas
from dashboard.formatting import plural, significant
from engine.sweep.plan import shown

# Mixes are no technologies: a palette of their own (Paul Tol's light set), and a letter and a mark each.
MIX_COLOURS = ("#77AADD", "#EE8866", "#EEDD88", "#44BB99", "#FFAABB", "#99DDFF", "#BBCC33", "#AAAA00", "#C9CDD3")
MIX_MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "pentagon", "star", "hexagon", "x")
LETTERS = "ABCDEFGHI"
OTHER_MIXES = "Other mixes"
BINS = 8
GROUND = 60  # points a side of the ground that nearest cases colour
MOST_TILES_WRITTEN = 64
HEIGHT = 400


@dataclass(frozen=True)
class Axis:
    """A column as shown.

    Attributes
    ----------
    name, label, unit : str
    numeric : bool
    levels : bool
        Its few values are levels of a grid.
    """

    name: str
    label: str
    unit: str
    numeric: bool = True
    levels: bool = False

    @property
    def title(self) -> str:
        """Label with unit."""
        return self.label if self.unit in ("-", "") else f"{self.label}, {self.unit}"


def main_mixes(frame: pd.DataFrame) -> list[str]:
    """Mixes by how often they occur; beyond nine the rest is one."""
    found = [str(name) for name in frame["mix"].value_counts().index]
    return found if len(found) <= len(LETTERS) else [*found[: len(LETTERS) - 1], OTHER_MIXES]


def scatter(frame: pd.DataFrame, x: Axis, y: Axis, theme: str = "light") -> go.Figure:
    """Cases over any two columns, a colour and a mark for each mix; hollow where not to be trusted in full.

    Parameters
    ----------
    frame : DataFrame
        Cases with a verified plan.
    """
    figure = canvas(theme, HEIGHT, hovermode="closest")
    mixes = main_mixes(frame)
    named = frame["mix"].where(frame["mix"].isin(mixes), OTHER_MIXES)
    for place, mix in enumerate(mixes):
        rows = frame[named == mix]
        figure.add_trace(_points(rows, x, y, mix, place))
        figure.add_trace(_key(f"{LETTERS[place]}  {mix}", place, MIX_MARKS[place]))
    _axes(figure, x, y)
    return figure


def heat_map(frame: pd.DataFrame, x: Axis, y: Axis, value: Axis, theme: str = "light") -> go.Figure:
    """A figure over two inputs: mean of the cases in each tile."""
    figure = canvas(theme, HEIGHT, hovermode="closest")
    tiles = _tiles(frame, x, y, value.name)
    trace = go.Heatmap(
        z=tiles.to_numpy(dtype=float), x=_centres(tiles.columns, x), y=_centres(tiles.index, y), coloraxis="coloraxis",
        hovertemplate=f"{x.label} %{{x}}<br>{y.label} %{{y}}<br>{value.label} %{{z:,.4~g}} {value.unit}<extra></extra>",
        xgap=1, ygap=1, hoverongaps=False,
        texttemplate=f"%{{z:{_digits(tiles)}}}" if tiles.size <= MOST_TILES_WRITTEN else None,
    )  # fmt: skip
    figure.add_trace(trace)
    figure.update_layout(coloraxis={"colorbar": {"title": {"text": value.title, "side": "right"}}})
    _axes(figure, x, y, tiles)
    return figure


def _digits(tiles: pd.DataFrame) -> str:
    """How the values in tiles are written: three digits, and alike in all of them."""
    largest = float(np.nanmax(np.abs(tiles.to_numpy(dtype=float)), initial=0.0))
    return ".3s" if largest >= 1e5 else ",.0f" if largest >= 1e3 else ".3g"


def mix_map(frame: pd.DataFrame, x: Axis, y: Axis, theme: str = "light") -> go.Figure:
    """Which technology mix wins where: tiles of a grid, or the ground coloured by the nearest case."""
    figure = canvas(theme, HEIGHT, hovermode="closest")
    mixes = main_mixes(frame)
    codes = frame["mix"].where(frame["mix"].isin(mixes), OTHER_MIXES).map({mix: i for i, mix in enumerate(mixes)})
    if x.levels and y.levels and len(frame):
        place_of = {"index": y.name, "columns": x.name}
        ground = frame.assign(code=codes).pivot_table(**place_of, values="code", aggfunc=_most_often)
        numbers = frame.pivot_table(**place_of, values="case", aggfunc="first")
        tiles = _ground(ground, _centres(ground.columns, x), _centres(ground.index, y), len(mixes), numbers)
        figure.add_trace(tiles)
        _axes(figure, x, y, ground)
        for place, mix in enumerate(mixes):
            figure.add_trace(_key(f"{LETTERS[place]}  {mix}", place, "square"))
    elif len(frame):
        xs, ys, z = _nearest(frame, x, y, codes.to_numpy(dtype=float))
        figure.add_trace(_ground(pd.DataFrame(z), xs, ys, len(mixes), None))
        for place, mix in enumerate(mixes):
            figure.add_trace(_points(frame[codes == place], x, y, mix, place))
            figure.add_trace(_key(f"{LETTERS[place]}  {mix}", place, MIX_MARKS[place]))
        _axes(figure, x, y)
    return figure


def parallel(frame: pd.DataFrame, axes: Sequence[Axis], colour: Axis, theme: str = "light") -> go.Figure:
    """Every case as a line over its inputs and figures; a range drawn on an axis keeps the lines within."""
    figure = canvas(theme, HEIGHT)
    dimensions = []
    for axis in axes:
        if axis.numeric:
            dimensions.append({"label": _two_lines(axis), "values": frame[axis.name].astype(float)})
        else:
            codes, names = pd.factorize(frame[axis.name].astype(str), sort=True)
            dimensions.append(
                {
                    "label": _two_lines(axis),
                    "values": codes,
                    "tickvals": list(range(len(names))),
                    "ticktext": list(names),
                }
            )
    scale = themes.template(theme).layout.coloraxis.colorscale
    figure.add_trace(
        go.Parcoords(
            dimensions=dimensions, labelside="top", labelfont={"size": 11}, tickfont={"size": 11},
            rangefont={"size": 1},
            line={"color": frame[colour.name].astype(float), "colorscale": scale, "showscale": True,
                  "colorbar": {"title": {"text": colour.title, "side": "right"}, "thickness": 12, "outlinewidth": 0}},
        )
    )  # fmt: skip
    figure.update_layout(margin={"l": 84, "r": 20, "t": 70, "b": 24})
    return figure


def describe_scatter(frame: pd.DataFrame, x: Axis, y: Axis) -> str:
    """The scatter in words."""
    if frame.empty:
        return "No case has a plan yet."
    words = f"{plural(len(frame), 'case')}: {_range(frame, x)}; {_range(frame, y)}."
    return f"{words} Hollow marks: time-limited, or some load is not served."


def describe_heat(frame: pd.DataFrame, x: Axis, y: Axis, value: Axis) -> str:
    """The heat map in words."""
    if frame.empty or frame[value.name].isna().all():
        return "No case has a plan yet."
    low, high = frame.loc[frame[value.name].idxmin()], frame.loc[frame[value.name].idxmax()]
    at = [f"{x.label} {_value(row[x.name])}, {y.label} {_value(row[y.name])}" for row in (low, high)]
    return (
        f"{value.label} from {significant(float(low[value.name]))} {value.unit} at {at[0]} to "
        f"{significant(float(high[value.name]))} {value.unit} at {at[1]}. Each tile is the mean of its cases."
    )


def describe_mixes(frame: pd.DataFrame) -> str:
    """The mixes in words."""
    if frame.empty:
        return "No case has a plan yet."
    shares = frame["mix"].value_counts(normalize=True).head(4)
    return "; ".join(f"{mix} wins {100 * share:.0f} % of the cases" for mix, share in shares.items()) + "."


def _range(frame: pd.DataFrame, axis: Axis) -> str:
    if not axis.numeric:
        return axis.label
    unit = "" if axis.unit == "-" else f" {axis.unit}"
    low, high = (significant(float(value)) for value in (frame[axis.name].min(), frame[axis.name].max()))
    return f"{axis.label} {low} to {high}{unit}"


def _value(value: object) -> str:
    return shown(value.item() if isinstance(value, np.generic) else value)


def _plain(numbers: pd.DataFrame) -> list[list[int | None]]:
    """Cases of tiles, one number each: of a packed array, or of several, Dash says nothing when a tile is pressed."""
    return [[int(case) if np.isfinite(case) else None for case in row] for row in numbers.to_numpy(dtype=float)]


def _points(rows: pd.DataFrame, x: Axis, y: Axis, name: str, place: int) -> go.Scatter:
    mark = MIX_MARKS[place]
    doubtful = (rows["termination"] == "time_limit") | ~rows["adequate"].fillna(True).astype(bool)
    return go.Scatter(
        x=rows[x.name], y=rows[y.name], mode="markers", name=name, customdata=rows["case"].tolist(),
        legendgroup=str(place), showlegend=False,
        marker={
            "color": MIX_COLOURS[place], "size": 9, "line": {"width": 1, "color": "#33475f"},
            "symbol": [f"{mark}-open" if doubt else mark for doubt in doubtful],
        },
        hovertemplate=f"Case %{{customdata}}<br>{x.label} %{{x}} {_unit(x)}<br>{y.label} %{{y:,.4~g}} {_unit(y)}",
    )  # fmt: skip


def _unit(axis: Axis) -> str:
    return "" if axis.unit == "-" else axis.unit


def _key(name: str, place: int, mark: str) -> go.Scatter:
    """An entry of the legend alone."""
    marker = {"color": MIX_COLOURS[place], "size": 11, "symbol": mark, "line": {"width": 1, "color": "#33475f"}}
    return go.Scatter(
        x=[None], y=[None], mode="markers", name=name, marker=marker, legendgroup=str(place), hoverinfo="skip"
    )  # fmt: skip


def _ground(codes: pd.DataFrame, xs: list, ys: list, count: int, numbers: pd.DataFrame | None) -> go.Heatmap:
    """The mixes as areas; with the number of a case in each they are tiles with letters, to be pressed."""
    z, tiles = codes.to_numpy(dtype=float), numbers is not None
    steps = [[edge / count, MIX_COLOURS[i]] for i in range(count) for edge in (i, i + 1)]
    text = [[LETTERS[int(code)] if np.isfinite(code) else "" for code in row] for row in z]
    return go.Heatmap(
        z=z, x=xs, y=ys, zmin=-0.5, zmax=count - 0.5, colorscale=steps, showscale=False, opacity=1 if tiles else 0.45,
        xgap=int(tiles), ygap=int(tiles), text=text if tiles else None, hoverongaps=False,
        customdata=_plain(numbers) if numbers is not None else None,
        texttemplate="%{text}" if tiles else None, textfont={"color": "#16191f", "size": 14},
        hoverinfo="x+y+text" if tiles else "skip",
    )  # fmt: skip


def _nearest(frame: pd.DataFrame, x: Axis, y: Axis, codes: np.ndarray) -> tuple[list, list, np.ndarray]:
    """Mix of the nearest case, with both inputs brought to the same span."""
    points = frame[[x.name, y.name]].to_numpy(dtype=float)
    low, span = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-12)
    unit = np.linspace(0, 1, GROUND)
    grid = np.stack(np.meshgrid(unit, unit), axis=-1).reshape(-1, 2)
    _, nearest = cKDTree((points - low) / span).query(grid)
    z = codes[nearest].reshape(GROUND, GROUND)
    return list(low[0] + unit * span[0]), list(low[1] + unit * span[1]), z


def _tiles(frame: pd.DataFrame, x: Axis, y: Axis, value: str) -> pd.DataFrame:
    if x.levels and y.levels and len(frame):
        return frame.pivot_table(index=y.name, columns=x.name, values=value, aggfunc="mean")
    kept = frame[frame[value].notna()]
    if len(kept) < 2:
        return pd.DataFrame()
    mean, xs, ys, _ = binned_statistic_2d(kept[x.name], kept[y.name], kept[value], "mean", bins=BINS)
    return pd.DataFrame(mean.T, index=(ys[1:] + ys[:-1]) / 2, columns=(xs[1:] + xs[:-1]) / 2)


def _centres(values: pd.Index, axis: Axis) -> list:
    return [_value(value) for value in values] if axis.levels else list(values)


def _most_often(values: pd.Series) -> float:
    return float(values.mode().iloc[0])


def _axes(figure: go.Figure, x: Axis, y: Axis, tiles: pd.DataFrame | None = None) -> None:
    figure.update_xaxes(title_text=x.title, showgrid=False)
    figure.update_yaxes(title_text=y.title, showgrid=tiles is None)
    if tiles is not None and x.levels and y.levels:
        figure.update_xaxes(type="category")
        figure.update_yaxes(type="category")
    elif y.unit == "USD":
        figure.update_yaxes(tickformat="~s")


def _two_lines(axis: Axis) -> str:
    group, _, label = axis.label.rpartition(": ")
    unit = _unit(axis)
    return f"{group}<br>{label}{f', {unit}' if unit else ''}" if group else f"{label}<br>{unit}"
