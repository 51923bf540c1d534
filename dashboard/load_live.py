"""The open tab of the load page as a draft has it: for the page's callbacks, and for a slider in the hand.

While a slider moves, the browser asks `/load/preview` itself and hands the figures to Plotly: Dash's own way through
every component of the page takes longer than the hand waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go
from dash import dcc
from dash.development.base_component import Component
from flask import Blueprint, Response, request
from plotly.io.json import to_json_plotly

from dashboard.components.problems import listed
from dashboard.editor_actions import browser_draft
from dashboard.forms.draft import Draft
from dashboard.ids import Load
from dashboard.load_preview import Preview, preview
from dashboard.takeaway.static_html import attributes
from dashboard.views import load_charts, load_words
from engine.errors import InputError

Part = Any
WORDS = {
    "basic": {Load.STATS: load_words.stats},
    "mix": {Load.SUM: load_words.sum_words},
    "cooling": {Load.COOLING: load_words.cooling_stats},
    "dr": {Load.POTENTIAL_WORDS: load_words.potential_words, Load.ECONOMICS: load_words.economics},
}
WORD_IDS = [place for words in WORDS.values() for place in words]
live = Blueprint("load_live", __name__)


def seen_by(
    page: Mapping[str, Any], draft: Draft, moving: Mapping[str, float], year: Any, week: Any
) -> Preview | InputError:
    """The draft's load, or why there is none (it may have been deleted meanwhile, by somebody else)."""
    try:
        return preview(page, draft, moving, year=int(year), week=int(week))
    except InputError as error:
        return error


def look(seen: Preview | InputError, tab: str) -> tuple[dict[str, go.Figure], dict[str, Part]]:
    """Figures and words of a tab by their ids; where there is no load, what is in its way."""
    if isinstance(seen, InputError):
        places = list(WORDS[tab])
        return {}, {places[0]: listed("The charts wait until this is valid", seen.problems)}
    return load_charts.drawn(seen, tab), {place: say(seen) for place, say in WORDS[tab].items()}


@live.post("/load/preview")
def _answer() -> Response:
    """What a tab shows for sliders in motion; nothing changes by asking."""
    asked = request.get_json()
    page = asked["page"]
    moving = {str(path): float(value) for path, value in asked["moving"].items()}
    seen = seen_by(page, browser_draft(asked["drafts"], page), moving, asked["year"], asked["week"])
    figures, words = look(seen, asked["tab"])
    body = {"figures": figures, "words": {place: as_html(part) for place, part in words.items()}}
    return Response(to_json_plotly(body), mimetype="application/json")


def as_html(part: Part) -> str:
    """Plain HTML of components that show something, links among them."""
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(as_html(one) for one in part)
    if not isinstance(part, Component):
        return escape(str(part))
    props = part.to_plotly_json()["props"]
    tag = "a" if isinstance(part, dcc.Link) else type(part).__name__.lower()
    href = f' href="{escape(str(props["href"]))}"' if props.get("href") else ""
    return f"<{tag}{attributes(props)}{href}>{as_html(props.get('children'))}</{tag}>"
