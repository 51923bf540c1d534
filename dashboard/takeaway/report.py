"""A document as one HTML file that opens anywhere, without a server and without the internet."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from pathlib import Path

import plotly.graph_objects as go
from dash import html
from plotly.offline import get_plotlyjs

from dashboard.components.chart import backing_view
from dashboard.components.table import csv_link
from dashboard.figures.common import CONFIG
from dashboard.takeaway.document import Chart, Document
from dashboard.takeaway.static_html import static

ASSETS = Path(__file__).resolve().parents[2] / "assets"
STYLES = ("firmwatt-1-base.css", "firmwatt-3-parts.css", "firmwatt-9-choice.css", "report.css")
SCREEN_WIDTH_PX = 1040
# Letter or A4 less margins of half an inch, and the heads of a chart, in the browser's pixels.
PAPER_WIDTH_PX, PAPER_HEIGHT_PX = 720, 820
_ICON = re.compile(r"url\((icons/[\w-]+\.svg)\)")
DRAW = "for (const [id, figure] of Object.entries(FIGURES)) Plotly.newPlot(id, figure.data, figure.layout, CONFIG);"


def report(document: Document, *, paper: bool = False) -> bytes:
    """The report.

    Parameters
    ----------
    paper : bool
        For printing as it is: charts as wide as paper, nothing folded, no downloads.
    """
    figures: dict[str, go.Figure] = {}

    def place(figure: go.Figure) -> str:
        name = f"plot-{len(figures) + 1}"
        figures[name] = figure
        return f'<div id="{name}" class="plot" style="height: {figure.layout.height}px"></div>'

    width = PAPER_WIDTH_PX if paper else SCREEN_WIDTH_PX
    body = [
        _chart(part, place, width, paper=paper) if isinstance(part, Chart)
        else static(part, lambda graph: place(go.Figure(graph.figure)), opened=paper)
        for part in document.parts
    ]  # fmt: skip
    config = {**CONFIG, "responsive": False, "displayModeBar": False if paper else "hover"}
    script = f"const CONFIG = {_json(config)}; const FIGURES = {_figures(figures)}; {DRAW}"
    page = f"""<!DOCTYPE html>
<html lang="en" data-bs-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(document.title)} · Firmwatt</title>
<style>{styles()}</style></head>
<body class="report{" paper" if paper else ""}"><main>
{_head(document)}
{"".join(body)}
{_foot(document)}
</main><script>{get_plotlyjs()}</script><script>{script}</script><script>{_printing()}</script></body></html>"""
    return page.encode()


def _head(document: Document) -> str:
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    first, *rest = document.sentences or ("",)
    more = "".join(f'<p class="verdict-more">{escape(sentence)}</p>' for sentence in rest)
    minded = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    mind = f'<section class="mind"><h2>Mind when reading</h2><ul>{minded}</ul></section>' if minded else ""
    return (
        f'<header><p class="kicker">Firmwatt · {escape(document.made_words)}</p>'
        f"<h1>{escape(document.title)}</h1>{subtitle}</header>"
        f'<section class="panel words"><p class="verdict">{escape(first)}</p>{more}</section>{mind}'
    )


def _chart(chart: Chart, place: object, width: int, *, paper: bool) -> str:
    assert callable(place)
    backing = chart.view.backing
    own = chart.view.figure.layout.height
    figure = chart.figure(width, min(own or PAPER_HEIGHT_PX, PAPER_HEIGHT_PX)) if paper else chart.figure(width - 44)
    folded = html.Details(backing_view(backing)[0].children, className="fold")
    download = html.A("CSV", href=csv_link(backing.table), download=backing.filename, className="link-button")
    behind = "" if paper else static(html.Div([folded, download], className="backing"), lambda _: "")
    return (
        f'<section class="panel chart-panel"><header class="card-head"><div><h2>{escape(chart.title)}</h2>'
        f'<div class="card-note">{escape(chart.subtitle)}</div></div></header>'
        f'<div class="chart">{place(figure)}</div>'
        f'<p class="chart-words">{escape(backing.summary)}</p>{behind}</section>'
    )


def _foot(document: Document) -> str:
    lines = "".join(f"<dt>{escape(subject)}</dt><dd>{escape(words)}</dd>" for subject, words in document.facts)
    return f'<footer><h2>Provenance</h2><dl class="facts">{lines}</dl></footer>'


def _json(value: object) -> str:
    """JSON that cannot end a script element."""
    return json.dumps(value).replace("</", "<\\/").replace("<!--", "<\\!--")


def _figures(figures: dict[str, go.Figure]) -> str:
    parts = ",".join(f'"{name}": {figure.to_json()}' for name, figure in figures.items())
    return "{" + parts.replace("</", "<\\/").replace("<!--", "<\\!--") + "}"


@cache
def _printing() -> str:
    return (ASSETS / "print.js").read_text(encoding="utf-8")


@cache
def styles() -> str:
    """The house's own style sheets in one text, icons inside."""
    return _ICON.sub(_inlined, "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLES))


def _inlined(match: re.Match[str]) -> str:
    content = base64.b64encode((ASSETS / match.group(1)).read_bytes()).decode()
    return f"url(data:image/svg+xml;base64,{content})"
