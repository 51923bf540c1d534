"""Around the list of runs: what filters it, what turns its pages, and what is done with the chosen ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.formatting import THIN
from dashboard.ids import Runs as Ids
from dashboard.runs_list import GROUPS, NOT_ASKED, PAGE_ROWS, SORTS, STATES, Page, View

Part = Any


def filters(view: View, tags: Sequence[str]) -> html.Div:
    """Words, state, tag, order and groups."""
    states = {"": "Any state", **{key: words for key, (words, _) in STATES.items()}}
    find = dbc.Input(
        id=Ids.FILTER,
        type="search",
        value=view.q,
        placeholder="Find a run",
        debounce=250,
        className="search",
        size="sm",
    )
    return html.Div(
        [
            _labelled("Find a run by name, state or tag", find),
            _choice(Ids.STATE, "State", states, view.state),
            _choice(Ids.TAG, "Tag", tag_options(tags, view.tag), view.tag),
            _choice(Ids.SORT, "Order", {key: words for key, (words, _) in SORTS.items()}, view.sort),
            _choice(Ids.GROUP, "Groups", {key: words for key, (words, _) in GROUPS.items()}, view.group),
        ],
        className="list-tools",
        role="search",
    )


def tag_options(tags: Sequence[str], chosen: str) -> dict[str, str]:
    """Every tag in use; the one asked for is offered even when nothing has it."""
    offered = [*tags, *([chosen] if chosen and chosen not in tags else [])]
    return {"": "Any tag", **{tag: tag for tag in offered}}


def options(choices: Mapping[str, str]) -> list[dict[str, str]]:
    """Choices as a select takes them."""
    return [{"value": key or NOT_ASKED, "label": words} for key, words in choices.items()]


def _choice(identity: str, label: str, choices: Mapping[str, str], value: str) -> html.Label:
    return _labelled(label, dbc.Select(id=identity, options=options(choices), value=value or NOT_ASKED, size="sm"))


def _labelled(words: str, control: Part) -> html.Label:
    """A control that says by itself what it does, with its name for those who do not see it."""
    return html.Label([html.Span(words, className="visually-hidden"), control])


def pager() -> html.Div:
    """Which rows are in view, and the way to the others; filled by `count_words`."""
    quiet = "btn btn-small btn-quiet"
    return html.Div(
        [
            html.Button("Previous", id=Ids.PREVIOUS, className=quiet),
            html.Span(id=Ids.COUNT, className="muted small", role="status"),
            html.Button("Next", id=Ids.NEXT, className=quiet),
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


def chosen_bar() -> html.Div:
    """What can be done with the chosen runs; `pages.chosenBar` in assets/pages.js fills it."""
    quiet = "btn btn-small btn-quiet"
    return html.Div(
        [
            html.Span(id=Ids.CHOSEN_WORDS, role="status"),
            dcc.Link("Compare", id=Ids.COMPARE_LINK, href="/compare", className="btn btn-primary"),
            html.Button("Tag", id=Ids.TAG_OPEN, className=quiet),
            html.Button("Delete", id=Ids.DELETE_OPEN, className=quiet),
            html.Button("Choose all shown", id=Ids.CHOOSE_SHOWN, className=f"{quiet} wide"),
            html.Button("Clear", id=Ids.CHOOSE_NONE, className=quiet),
        ],
        id=Ids.COMPARE,
        className="compare-bar",
        hidden=True,
    )


def tag_dialog() -> dbc.Modal:
    """Hang tags on the chosen runs, or take them off."""
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Tags")),
            dbc.ModalBody(
                [
                    html.P(id=Ids.TAG_WORDS, className="muted"),
                    html.Label(
                        ["Add, with commas between", dbc.Input(id=Ids.TAG_ADD, list=Ids.TAG_KNOWN, maxLength=200)],
                        className="dialog-field",
                    ),
                    html.Datalist(id=Ids.TAG_KNOWN),
                    dbc.Checklist(id=Ids.TAG_REMOVE, options=[], value=[], inline=True, className="tag-remove"),
                    html.Div(id=Ids.TAG_PROBLEM),
                ]
            ),
            dbc.ModalFooter(html.Button("Save tags", id=Ids.TAG_SAVE, className="btn btn-primary")),
        ],
        id=Ids.TAG_DIALOG,
        centered=True,
    )


def delete_dialog() -> dbc.Modal:
    """Ask before runs go for good."""
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Delete these runs?")),
            dbc.ModalBody(html.P(id=Ids.DELETE_WORDS)),
            dbc.ModalFooter(
                [
                    html.Button("Keep them", id=Ids.DELETE_NO, className="btn btn-quiet"),
                    html.Button("Delete", id=Ids.DELETE_YES, className="btn btn-danger"),
                ]
            ),
        ],
        id=Ids.DELETE,
        centered=True,
    )
