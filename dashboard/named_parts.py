"""What the browser checks callbacks against: the ids of all pages, without the pages.

Dash sends every page along with each one that is opened, a megabyte, for the sake of the ids in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import html
from dash.development.base_component import Component


class Named(Component):
    """The name of a component: its kind and id, nothing of what it shows."""

    def __init__(self, part: Component) -> None:
        self._type, self._namespace = part._type, part._namespace
        self._prop_names, self._valid_wildcard_attributes = ["id"], []
        self.id: Any = part.id  # type: ignore[attr-defined]


def names_only(layout: Component) -> html.Div:
    """Everything of a layout that has an id, each once, side by side."""
    return html.Div(list({(str(part.id), part._type): Named(part) for part in _named(layout)}.values()))


def _named(layout: Component) -> Iterator[Any]:
    return (part for part in layout._traverse() if getattr(part, "id", None) is not None)
