"""Around a list of what can be found, sorted, tagged and chosen: fields above it, bar and dialogs for the chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.links import search

Part = Any
# A select shows no label for an empty value.
NOT_ASKED = "-"
QUIET = "btn btn-small btn-quiet"


class Ids(Protocol):
    """Ids of a page with such a list.

    Attributes
    ----------
    COMPARE, CHOSEN, CHOSEN_WORDS, COMPARE_LINK, CHOOSE_SHOWN, CHOOSE_NONE : str
        The bar, the store of what is chosen (in the order of choosing), and the parts of the bar.
    TAG_OPEN : str
        Button that opens the dialog of tags; the other `TAG_...` are its parts.
    DELETE, DELETE_OPEN, DELETE_WORDS, DELETE_YES, DELETE_NO : str
        The dialog that asks before anything goes for good.
    CHANGED, ADDRESS : str
        Stores that say when the list has to be read again, and what of it the address asks for.
    """

    COMPARE: str
    CHOSEN: str
    CHOSEN_WORDS: str
    COMPARE_LINK: str
    CHOOSE_SHOWN: str
    CHOOSE_NONE: str
    TAG_OPEN: str
    TAG_DIALOG: str
    TAG_WORDS: str
    TAG_ADD: str
    TAG_KNOWN: str
    TAG_REMOVE: str
    TAG_SAVE: str
    TAG_PROBLEM: str
    DELETE: str
    DELETE_OPEN: str
    DELETE_WORDS: str
    DELETE_YES: str
    DELETE_NO: str
    CHANGED: str
    ADDRESS: str


def find(identity: str, value: str, words: str, label: str) -> html.Label:
    """Where words to look for are typed."""
    field = dbc.Input(
        id=identity, type="search", value=value, placeholder=words, debounce=250, className="search", size="sm"
    )
    return _labelled(label, field)


def choice(identity: str, label: str, choices: Mapping[str, str], value: str) -> html.Label:
    """One of some choices; the empty key is what holds when nothing is asked for."""
    return _labelled(label, dbc.Select(id=identity, options=options(choices), value=value or NOT_ASKED, size="sm"))


def options(choices: Mapping[str, str]) -> list[dict[str, str]]:
    """Choices as a select takes them."""
    return [{"value": key or NOT_ASKED, "label": words} for key, words in choices.items()]


def tag_options(tags: Sequence[str], chosen: str) -> dict[str, str]:
    """Every tag in use; the one asked for is offered even when nothing has it."""
    offered = [*tags, *([chosen] if chosen and chosen not in tags else [])]
    return {"": "Any tag", **{tag: tag for tag in offered}}


def wanted(texts: Iterable[str], tags: Sequence[str], words: str, tag: str) -> bool:
    """Whether something with these texts and tags has every word that is looked for, and the tag."""
    if tag and tag.casefold() not in (one.casefold() for one in tags):
        return False
    text = " ".join((*texts, *tags)).casefold()
    return all(word in text for word in words.casefold().split())


def in_use(tags: Iterable[Sequence[str]]) -> list[str]:
    """Each tag once, in alphabetical order."""
    return sorted({tag for those in tags for tag in those}, key=str.casefold)


def tag_links(tags: Sequence[str], path: str) -> list[Part]:
    """Tags as links to all that have them."""
    return [
        dcc.Link(tag, href=f"{path}{search(tag=tag)}", className="tag", title=f"All that are tagged {tag}")
        for tag in tags
    ]


def chooser(identity: Mapping[str, str], name: str, *, chosen: bool) -> dbc.Checkbox:
    """The tick of what can be chosen."""
    words = ["Choose", html.Span(f" {name}", className="visually-hidden")]
    return dbc.Checkbox(id=identity, label=words, value=chosen, className="card-select")


def _labelled(words: str, control: Part) -> html.Label:
    """A control that says by itself what it does, with its name for those who do not see it."""
    return html.Label([html.Span(words, className="visually-hidden"), control])


def chosen_bar(ids: Ids, *more: Part) -> html.Div:
    """What can be done with the chosen; a function of assets/pages.js fills it.

    Parameters
    ----------
    *more : component
        Buttons that this list has beside comparing, tagging and deleting.
    """
    return html.Div(
        [
            html.Span(id=ids.CHOSEN_WORDS, role="status"),
            dcc.Link("Compare", id=ids.COMPARE_LINK, href="/compare", className="btn btn-primary"),
            *more,
            html.Button("Tag", id=ids.TAG_OPEN, className=QUIET),
            html.Button("Delete", id=ids.DELETE_OPEN, className=QUIET),
            html.Button("Choose all shown", id=ids.CHOOSE_SHOWN, className=f"{QUIET} wide"),
            html.Button("Clear", id=ids.CHOOSE_NONE, className=QUIET),
        ],
        id=ids.COMPARE,
        className="compare-bar",
        hidden=True,
    )


def tag_dialog(ids: Ids) -> dbc.Modal:
    """Hang tags on what is chosen, or take them off."""
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle("Tags")),
            dbc.ModalBody(
                [
                    html.P(id=ids.TAG_WORDS, className="muted"),
                    html.Label(
                        ["Add, with commas between", dbc.Input(id=ids.TAG_ADD, list=ids.TAG_KNOWN, maxLength=200)],
                        className="dialog-field",
                    ),
                    html.Datalist(id=ids.TAG_KNOWN),
                    dbc.Checklist(id=ids.TAG_REMOVE, options=[], value=[], inline=True, className="tag-remove"),
                    html.Div(id=ids.TAG_PROBLEM),
                ]
            ),
            dbc.ModalFooter(html.Button("Save tags", id=ids.TAG_SAVE, className="btn btn-primary")),
        ],
        id=ids.TAG_DIALOG,
        centered=True,
    )


def delete_dialog(ids: Ids, title: str, keep: str, *more: Part) -> dbc.Modal:
    """Ask before anything goes for good."""
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle(title)),
            dbc.ModalBody(html.P(id=ids.DELETE_WORDS)),
            *more,
            dbc.ModalFooter(
                [
                    html.Button(keep, id=ids.DELETE_NO, className="btn btn-quiet"),
                    html.Button("Delete", id=ids.DELETE_YES, className="btn btn-danger"),
                ]
            ),
        ],
        id=ids.DELETE,
        centered=True,
    )
