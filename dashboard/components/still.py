"""Parts of a page that no callback can touch, handed to the browser as one component.

Dash watches each component of a page by itself, and every new one tells all others of its coming: a table of some
hundred cells makes a page slow to open and slow to answer. What holds no id can neither ask nor be changed, so
`still` makes each such part one `Still`, which `assets/still.js` draws as the same elements.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

_HTML = html.Div._namespace


class Still(Component):
    """A part that stays as it is. In Python it keeps its children; the browser gets them as one text.

    Parameters
    ----------
    children : component, str, number, list or None
        Plain HTML and links, none of them with an id.
    """

    _namespace = "firmwatt"
    _type = "Still"

    def __init__(self, children: Any = None) -> None:
        self._prop_names = ["children"]
        self._valid_wildcard_attributes = []
        self.children = children

    def to_plotly_json(self) -> dict[str, Any]:
        """Namespace, type and the text: plotly's encoder would walk into anything else."""
        parts = json.dumps(_drawn(self.children), ensure_ascii=False, separators=(",", ":"))
        return {"namespace": self._namespace, "type": self._type, "props": {"parts": parts}}


def still(part: Any) -> Any:
    """A part of a page in which all that no callback can touch is one component a piece.

    Parameters
    ----------
    part : component, str, number, list or None
        Components that hold still parts get them in place of their children.
    """
    settled, spared = _settled(part)
    return settled if spared is None else _wrapped([settled], spared)


def _settled(part: Any) -> tuple[Any, int | None]:
    """The part, and how many components it is; None where some callback can touch it, and its parts are settled."""
    if isinstance(part, Still):
        return part, 2
    if isinstance(part, list | tuple):
        return _neighbours([_settled(one) for one in part])
    if not isinstance(part, Component):
        return part, 0
    calm = isinstance(part, dcc.Link) or part._namespace == _HTML
    if not calm and not isinstance(part, dcc.Loading):
        return part, None
    children, size = _settled(getattr(part, "children", None))
    if calm and size is not None and getattr(part, "id", None) is None:
        return part, size + 1
    if children is not None:
        part.children = children if size is None else _wrapped([children], size)
    return part, None


def _neighbours(found: list[tuple[Any, int | None]]) -> tuple[list[Any], int | None]:
    if all(size is not None for _, size in found):
        return [part for part, _ in found], sum(size or 0 for _, size in found)
    parts: list[Any] = []
    for calm, group in groupby(found, lambda one: one[1] is not None):
        members = list(group)
        own = [part for part, _ in members]
        together = _wrapped(own, sum(size or 0 for _, size in members)) if calm else own
        parts += together if isinstance(together, list) else [together]
    return parts, None


def _wrapped(parts: list[Any], size: int) -> Any:
    """Neighbours as one component where that spares any; one alone is not a list."""
    content = parts[0] if len(parts) == 1 else parts
    return Still(content) if size > 1 and not isinstance(content, Still) else content


def _drawn(part: Any) -> Any:
    """What the browser needs: lists, words, and [element, its properties, what is in it]."""
    if isinstance(part, Still):
        return _drawn(part.children)
    if isinstance(part, list | tuple):
        return [None, None, [_drawn(one) for one in part]]
    if not isinstance(part, Component):
        return part
    props = part.to_plotly_json()["props"]
    inside = _drawn(props.pop("children", None))
    tag = "" if isinstance(part, dcc.Link) else part._type.removesuffix("El").lower()
    return [tag, props, [] if inside is None else [inside]]
