"""Colours, dashes and type of every chart; one Plotly template for light and one for dark.

Technologies have fixed colours in both themes (Paul Tol's muted set, safe for colour-blind readers). What must
change with the theme (load line, unserved energy, axes, text) takes its colour from the template, so that the
browser switches a chart by swapping the template alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import plotly.graph_objects as go
from flask import has_request_context, request

COOKIE = "firmwatt_theme"  # the theme in effect, kept by assets/firmwatt.js

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'
)


@dataclass(frozen=True)
class Palette:
    """Colours of the frame in one theme; assets/firmwatt.css holds the same values."""

    background: str
    surface: str
    ink: str
    muted: str
    line: str
    grid: str
    accent: str


LIGHT = Palette("#f4f5f7", "#ffffff", "#16191f", "#59616e", "#d9dde3", "#eceef1", "#1b5fc1")
DARK = Palette("#0e1115", "#181c22", "#e9ebef", "#a2abb8", "#333a45", "#262c35", "#7fb0ff")
PALETTES = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True)
class Look:
    """How a technology is drawn."""

    colour: str
    dash: str


LOOKS: dict[str, Look] = {
    "engine": Look("#CC6677", "solid"),
    "turbine": Look("#882255", "dash"),
    "fuel_cell": Look("#AA4499", "dot"),
    "solar": Look("#DDCC77", "solid"),
    "wind": Look("#88CCEE", "solid"),
    "battery": Look("#117733", "dashdot"),
    "grid": Look("#332288", "longdash"),
    "demand_response": Look("#44AA99", "dot"),
}

# Further technologies of a kind take these in turn: near the kind's own colour, yet distinct from it.
_BY_KIND: dict[str, tuple[Look, ...]] = {
    "thermal": (
        Look("#CC6677", "solid"),
        Look("#882255", "dash"),
        Look("#AA4499", "dot"),
        Look("#E0A3AD", "dashdot"),
        Look("#B0708F", "longdash"),
    ),
    "solar": (Look("#DDCC77", "solid"), Look("#999933", "dash"), Look("#EFE6B8", "dot")),
    "wind": (Look("#88CCEE", "solid"), Look("#5FA8CF", "dash")),
    "battery": (Look("#117733", "dashdot"), Look("#5BA874", "dot"), Look("#A5CFB2", "dash")),
    "grid": (Look("#332288", "longdash"), Look("#7A70B8", "dot")),
}
_OTHER = (Look("#7D8696", "solid"), Look("#A9B0BC", "dash"), Look("#5A6270", "dot"))

# Cost categories: what belongs to a fuel or a grid keeps the hue of it; the rest are greys and neutral tints.
COST_COLOURS: dict[str, str] = {
    "capital": "#4B5F86",
    "fixed": "#93A4C3",
    "fuel": "#CC6677",
    "variable": "#E3AFB7",
    "grid_energy": "#332288",
    "demand_charge": "#8F87C9",
    "export_revenue": "#B9B4DE",
    "carbon": "#8C6D4F",
    "augmentation": "#5BA874",
    "curtailment": "#A6D8CF",
    "dr_revenue": "#44AA99",
    "unserved": "#8A8A8A",
}

# The load as such: the frame's own blue-grey, no technology's colour.
LOAD_COLOUR = "#7f90ae"
# Parts of the load, apart from every technology: blues and greys that keep their order without colour.
_WORKLOAD_COLOURS = ("#2f5f8f", "#4f9bc1", "#9fd0de", "#8b86a8", "#c3bcd6", "#5d6f66", "#a9b99c")
_PART_COLOURS = {"it": "#4f7fb0", "cooling": "#b7d3ee", "other": "#9aa2ae"}

# Light to dark, readable in grey too. On dark paper it runs the other way: what is little stays near the paper.
SEQUENTIAL = [
    [0.0, "#f3f0d8"],
    [0.2, "#c6dcb4"],
    [0.4, "#83bfa6"],
    [0.6, "#3f93a2"],
    [0.8, "#2b5f8c"],
    [1.0, "#221d52"],
]


def looks(technologies: dict[str, str]) -> dict[str, Look]:
    """Colour and dash of each technology.

    Parameters
    ----------
    technologies : dict of str to str
        Kind by technology id.

    Returns
    -------
    dict of str to Look
        A known id always has its own look; an unknown one takes the next free of its kind.
    """
    chosen = {key: LOOKS[key] for key in technologies if key in LOOKS}
    for key, kind in technologies.items():
        if key in chosen:
            continue
        used = {look.colour for look in chosen.values()}
        options = _BY_KIND.get(kind, _OTHER)
        chosen[key] = next((look for look in options if look.colour not in used), options[-1])
    return {key: chosen[key] for key in technologies}


def source_colours(parts: list[str]) -> dict[str, str]:
    """Colour of each part of the load: workloads in their order, IT, cooling and other always the same."""
    workloads = [part for part in parts if part not in _PART_COLOURS]
    chosen = {part: _WORKLOAD_COLOURS[place % len(_WORKLOAD_COLOURS)] for place, part in enumerate(workloads)}
    return {part: chosen.get(part) or _PART_COLOURS[part] for part in parts}


_ON_PAPER: ContextVar[bool] = ContextVar("on_paper", default=False)


@contextmanager
def on_paper() -> Iterator[None]:
    """What is drawn inside is for paper, slides and other readers: light, whatever the browser shows."""
    token = _ON_PAPER.set(True)
    try:
        yield
    finally:
        _ON_PAPER.reset(token)


def current() -> str:
    """Theme of the browser that asks, `light` or `dark`; light outside a request and on paper."""
    if _ON_PAPER.get():
        return "light"
    name = request.cookies.get(COOKIE, "light") if has_request_context() else "light"
    return name if name in PALETTES else "light"


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "gridcolor": palette.grid,
        "gridwidth": 1,
        "linecolor": palette.line,
        "zerolinecolor": palette.muted,
        "zerolinewidth": 1,
        "tickcolor": palette.line,
        "ticks": "outside",
        "ticklen": 4,
        "tickfont": {"size": 12, "color": palette.muted},
        "title": {"font": {"size": 12, "color": palette.muted}, "standoff": 8},
        "automargin": True,
        "spikecolor": palette.muted,
        "spikethickness": 1,
        "spikedash": "solid",
    }


@cache
def template(theme: str) -> go.layout.Template:
    """Plotly template of a theme: transparent paper, quiet axes, unified hover, the ink as only default colour."""
    palette = PALETTES[theme]
    axis = _axis(palette)
    colours = [colour for _, colour in SEQUENTIAL]
    scale = [
        [place, colour]
        for (place, _), colour in zip(SEQUENTIAL, colours[:: 1 if theme == "light" else -1], strict=True)
    ]
    layout = {
        "font": {"family": FONT, "size": 12, "color": palette.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [palette.ink],
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.line,
            "font": {"family": FONT, "size": 12, "color": palette.ink},
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": 12, "color": palette.muted},
            "itemsizing": "trace",
            "traceorder": "normal",
            "bgcolor": "rgba(0,0,0,0)",
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "showline": False, "ticks": "", "ticklabelstandoff": 4},
        "colorscale": {"sequential": scale},
        "coloraxis": {
            "colorscale": scale,
            "colorbar": {
                "outlinewidth": 0,
                "thickness": 12,
                "tickfont": {"color": palette.muted},
                "title": {"font": {"size": 12, "color": palette.muted}},
            },
        },
        "annotationdefaults": {"font": {"size": 12, "color": palette.muted}, "showarrow": False},
        "shapedefaults": {"line": {"color": palette.muted, "width": 1}},
        "separators": ".\u2009",
    }
    # Thin outlines keep the dark colours of the set apart from dark paper.
    outline = {"color": palette.surface if theme == "light" else "rgba(255,255,255,0.45)", "width": 0.5}
    data = {
        "bar": [{"marker": {"line": outline}}],
        "waterfall": [{"connector": {"line": {"color": palette.line, "width": 1}}}],
    }
    return go.layout.Template(layout=layout, data=data)


def templates() -> dict[str, Any]:
    """Both templates as plain data, for the browser to swap."""
    return {name: template(name).to_plotly_json() for name in PALETTES}
