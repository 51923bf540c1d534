"""Components as plain HTML: a card of the page in a file that knows no server.

What needs the server or a hand goes: buttons, pickers, links to other pages (their words stay).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.still import Still

_VOID = {"br", "hr", "img", "input", "col"}
_NEED_A_HAND = (html.Button, html.Label, dcc.Store, dcc.Loading, dcc.Slider, dcc.Interval)
_ATTRIBUTES = {"className": "class", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan",
               "htmlFor": "for", "title": "title", "role": "role", "scope": "scope", "alt": "alt", "src": "src",
               "download": "download", "lang": "lang"}  # fmt: skip

DrawGraph = Callable[[dcc.Graph], str]


def static(component: Any, draw: DrawGraph, *, opened: bool = False) -> str:
    """HTML of a component and all within.

    Parameters
    ----------
    component : component, str, number, list or None
    draw : callable
        HTML of a `dcc.Graph`.
    opened : bool
        What is folded stands open: on paper nobody can open it.
    """
    if component is None or isinstance(component, _NEED_A_HAND):
        return ""
    if isinstance(component, list | tuple):
        return "".join(static(one, draw, opened=opened) for one in component)
    if not isinstance(component, Component):
        return escape(str(component), quote=False)
    if isinstance(component, Still):
        return static(component.children, draw, opened=opened)
    if isinstance(component, dcc.Graph):
        return draw(component)
    props = component.to_plotly_json()["props"]
    inside = static(props.get("children"), draw, opened=opened)
    tag, href = _tag(component, props)
    if tag is None:
        return ""
    written = attributes(props)
    written += f' href="{escape(href)}"' if href else ""
    written += " open" if tag == "details" and (opened or props.get("open")) else ""
    return f"<{tag}{written}>" + ("" if tag in _VOID else f"{inside}</{tag}>")


def _tag(component: Component, props: Mapping[str, Any]) -> tuple[str | None, str]:
    """Tag and address; a link that the server would have to answer is its words alone, a download goes."""
    href = str(props.get("href") or "")
    if isinstance(component, dcc.Link | html.A):
        if href.startswith(("data:", "#")):
            return "a", href
        is_download = "download" in props or href.startswith("/export/")
        return (None if is_download else "span"), ""
    return type(component).__name__.lower(), ""


def attributes(props: Mapping[str, Any]) -> str:
    """Properties of a component that plain HTML has too, as it writes them."""
    found = {name: props[key] for key, name in _ATTRIBUTES.items() if props.get(key) is not None}
    found |= {key: value for key, value in props.items() if key.startswith(("data-", "aria-"))}
    if isinstance(props.get("style"), Mapping):
        found["style"] = "; ".join(f"{_css(name)}: {value}" for name, value in props["style"].items())
    text = "".join(f' {name}="{escape(str(value))}"' for name, value in found.items())
    return text + (" hidden" if props.get("hidden") else "")


def _css(name: str) -> str:
    """`minWidth` -> `min-width`."""
    return re.sub(r"[A-Z]", lambda match: f"-{match.group().lower()}", name)
