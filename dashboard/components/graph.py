"""A chart that waits for its turn: the browser draws one after another, what is in view first.

A chart takes Plotly a tenth of a second to draw, and a page has a dozen. Drawn together they would hold up the
screen until the last one is finished; `assets/graph.js` draws those in view first and lets each be painted before
the next. All are drawn in the end, so that printing and looking for a word find the whole page.
"""

from __future__ import annotations

from dash import dcc


class Graph(dcc.Graph):
    """`dcc.Graph` as it is, only drawn in its turn."""

    _namespace = "firmwatt"
