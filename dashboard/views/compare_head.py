"""Head of a comparison: runs as chips, the base, adding and removing, sharing. Every choice is a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard import links
from dashboard.components.badges import disc
from dashboard.components.icons import icon
from dashboard.views.verdict import one_line
from engine.comparison import LETTERS, MOST

MOST_OFFERED = 40
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """What a comparison's address says.

    Attributes
    ----------
    runs : tuple of str
    base : str or None
    year, week : int or None
    """

    runs: tuple[str, ...]
    base: str | None = None
    year: int | None = None
    week: int | None = None

    def href(self, runs: Sequence[str] | None = None, base: str | None = None) -> str:
        """Address with other runs or another base, year and week kept."""
        return links.compare_href(self.runs if runs is None else runs, base or self.base, self.year, self.week)

    @property
    def search(self) -> str:
        """Query of this very state."""
        return links.compare_search(self.runs, self.base, self.year, self.week)


def asked(runs: str, base: str, year: str, week: str) -> State:
    """State of an address; what is not well-formed is left out."""
    ids = tuple(dict.fromkeys(run_id.strip() for run_id in runs.split(",") if run_id.strip()))
    return State(ids, base or None, links.whole(year, 1900, 2200), links.whole(week, 1, 53))


def chips(state: State, names: Mapping[str, str], manifests: Sequence[Manifest]) -> list:
    """Chips of the runs, the menu that adds one and the choice of the base.

    Parameters
    ----------
    names : mapping
        Scenario name of each run in view.
    manifests : sequence of dict
        All runs, newest first.
    """
    found = [_chip(state, letter, run_id, names[run_id]) for letter, run_id in zip(LETTERS, names, strict=False)]
    return [*found, add_menu(state, manifests), _base_menu(state, names) if len(names) > 1 else None]


def _chip(state: State, letter: str, run_id: str, name: str) -> html.Span:
    rest = [other for other in state.runs if other != run_id]
    is_base = run_id == state.base
    return html.Span(
        [
            disc(letter),
            dcc.Link(name, href=links.run_href(run_id), className="chip-name", title=f"{name} ({run_id})"),
            html.Span("base", className="chip-base") if is_base else None,
            dcc.Link(
                [icon("close"), html.Span(f"Remove {name}", className="visually-hidden")],
                href=state.href(rest, None if is_base else state.base), className="chip-close", title="Remove",
            ),
        ],
        className="chip base" if is_base else "chip",
    )  # fmt: skip


def _base_menu(state: State, names: Mapping[str, str]) -> dbc.DropdownMenu:
    letters = dict(zip(names, LETTERS, strict=False))
    items = [
        dbc.DropdownMenuItem(
            [disc(letters[run_id]), html.Span(name)], href=state.href(base=run_id), active=run_id == state.base
        )
        for run_id, name in names.items()
    ]
    label = f"Base: {letters.get(state.base or '', '–')}"
    return dbc.DropdownMenu(
        items, label=label, size="sm", color="link", toggleClassName="menu-button", className="menu"
    )


def add_menu(state: State, manifests: Sequence[Manifest]) -> dbc.DropdownMenu | None:
    """Menu of the newest runs that are not in view; nothing when the comparison is full or nothing is left.

    Parameters
    ----------
    manifests : sequence of dict
        All runs, newest first.
    """
    others = [manifest for manifest in manifests if manifest["run_id"] not in state.runs][:MOST_OFFERED]
    if not others or len(state.runs) >= MOST:
        return None
    items = [
        dbc.DropdownMenuItem(
            [html.Span(manifest["name"]), html.Span(one_line(manifest), className="muted small")],
            href=state.href([*state.runs, manifest["run_id"]]),
        )
        for manifest in others
    ]
    return dbc.DropdownMenu(
        items, label=html.Span([icon("plus"), "Add"]), size="sm", color="link", toggleClassName="menu-button",
        className="menu wide",
    )  # fmt: skip
