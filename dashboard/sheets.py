"""How a page shows a draft: the editor the whole form, the load page the load; buttons and saving are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.editing import View

Part = Any


@dataclass(frozen=True)
class Sheet:
    """One way to show a draft.

    Attributes
    ----------
    form : callable
        Its fields, drawn as the draft stands.
    navigation : callable
        The list of its sections, with what was changed and what is wrong.
    summary : callable
        What the draft means, what is wrong with it, what was changed.
    address : callable
        Address of the page for a scenario's key.
    """

    form: Callable[[View], list[Part]]
    navigation: Callable[[View], Part]
    summary: Callable[[View], list[Part]]
    address: Callable[[str], str]


_SHEETS: dict[str, Sheet] = {}


def register(name: str, sheet: Sheet) -> None:
    """Make a page known under the name that its store carries."""
    _SHEETS[name] = sheet


def sheet_of(page: Mapping[str, Any]) -> Sheet:
    """The sheet of the page that asks."""
    return _SHEETS[str(page["sheet"])]
