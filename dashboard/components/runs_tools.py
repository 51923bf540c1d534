"""Around the list of runs: what filters it and what turns its pages."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components.list_tools import QUIET, choice, find, tag_options
from dashboard.formatting import THIN
from dashboard.ids import Runs as Ids
from dashboard.runs_list import GROUPS, PAGE_ROWS, SORTS, STATES, Page, View


def filters(view: View, tags: Sequence[str]) -> html.Div:
    """Words, state, tag, order and groups."""
    states = {"": "Any state", **{key: words for key, (words, _) in STATES.items()}}
    return html.Div(
        [
            find(Ids.FILTER, view.q, "Find a run", "Find a run by name, state or tag"),
            choice(Ids.STATE, "State", states, view.state),
            choice(Ids.TAG, "Tag", tag_options(tags, view.tag), view.tag),
            choice(Ids.SORT, "Order", {key: words for key, (words, _) in SORTS.items()}, view.sort),
            choice(Ids.GROUP, "Groups", {key: words for key, (words, _) in GROUPS.items()}, view.group),
        ],
        className="list-tools",
        role="search",
    )


def pager() -> html.Div:
    """Which rows are in view, and the way to the others; filled by `count_words`."""
    return html.Div(
        [
            html.Button("Previous", id=Ids.PREVIOUS, className=QUIET),
            html.Span(id=Ids.COUNT, className="muted small", role="status"),
            html.Button("Next", id=Ids.NEXT, className=QUIET),
        ],
        className="pager",
    )


def count_words(page: Page) -> str:
    """`51\u2013100 of 500 runs`, and how many there are when some are filtered away."""
    if not page.total:
        return ""
    all_words = f"{page.total} run{'s' if page.total != 1 else ''}"
    if not page.found:
        return f"None of {all_words}"
    first = (page.view.page - 1) * PAGE_ROWS + 1
    last = first + len(page.items) - 1
    span = f"{first}\u2013{last} of " if page.pages > 1 else ""
    return f"{span}{page.found} of {all_words}" if page.found < page.total else f"{span}{all_words}"


def heading(name: str, size: int) -> html.H2:
    """Name of a group, and how many it has on all pages."""
    return html.H2([name, html.Span(f"{THIN}{size}", className="count")], className="group-title")
