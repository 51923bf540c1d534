"""A scenario being edited: where it came from, what a draft makes of it, how it is saved."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.forms.check import Checked, FieldProblem, check, place_all
from dashboard.forms.draft import Draft, complete, value_at
from dashboard.forms.spec import fields_by_path
from dashboard.forms.summary import LoadSummary, load_summary
from dashboard.forms.values import show
from engine.errors import Problem
from engine.library import Library

NEW_NAME = "New scenario"


@dataclass(frozen=True)
class Origin:
    """Where an edit starts.

    Attributes
    ----------
    key : str
        Scenario of the library that is edited; empty for a new one.
    copied : str
        For a new one: the scenario whose figures it starts from; empty for the schema's defaults.
    shipped : bool
        It can only be saved as a new one.
    """

    key: str
    copied: str
    shipped: bool

    @property
    def draft_key(self) -> str:
        """Name of its draft in the browser."""
        return self.key or f"new:{self.copied}"

    @property
    def saves_in_place(self) -> bool:
        """An own scenario is replaced; anything else is saved as a new one."""
        return bool(self.key) and not self.shipped

    def to_page(self, sheet: str) -> dict[str, Any]:
        """For the store of a page with that sheet; the nonce tells one visit of the page from the next."""
        fields = {"key": self.key, "copied": self.copied, "shipped": self.shipped}
        return {**fields, "draft": self.draft_key, "nonce": secrets.token_hex(6), "sheet": sheet}

    @classmethod
    def from_page(cls, page: Mapping[str, Any]) -> Origin:
        """Read back what `to_page` wrote."""
        return cls(str(page["key"]), str(page["copied"]), bool(page["shipped"]))


@dataclass(frozen=True)
class View:
    """A draft with everything the page says about it."""

    draft: Draft
    checked: Checked
    load: LoadSummary | None
    problems: tuple[FieldProblem, ...]

    @property
    def unsaved(self) -> bool:
        """Something differs from what is saved."""
        edited = self.checked.edited
        return bool(edited.changes or edited.unreadable or self.draft.parts)


def origin(key: str, copied: str) -> Origin:
    """Where an edit of a scenario, or of a copy of one, starts."""
    shipped = any(entry.shipped for entry in Library().entries() if entry.key == key)
    return Origin(key, "" if key else copied, shipped)


def base_mapping(start: Origin) -> dict[str, Any]:
    """The scenario before any change.

    Raises
    ------
    InputError
        It is not in the library, or is no readable YAML.
    """
    library = Library()
    if start.key:
        return complete(library.mapping(start.key))
    if start.copied:
        return complete({**library.mapping(start.copied), "name": NEW_NAME, "description": ""})
    return complete({"name": NEW_NAME})


def view(base: Mapping[str, Any], draft: Draft) -> View:
    """Look at a draft from all sides."""
    checked = check(base, draft)
    summary = load_summary(checked.loaded) if checked.loaded else None
    if isinstance(summary, tuple):
        return View(draft, checked, None, place_all(list(summary), checked.edited.mapping))
    return View(draft, checked, summary, checked.problems)


def moved(shown: Mapping[str, Any] | None, seen: View) -> list[Problem]:
    """Fields of a draft whose saved value is no longer the one that the page shows: somebody else saved meanwhile."""
    specs, now = fields_by_path(seen.checked.edited.started), bases(seen)
    return [
        Problem(
            path, f"was {_said(shown[path])} when you changed it and is now {_said(now[path])} ({specs[path].label})."
        )
        for path in seen.checked.edited.changes
        if shown and path in shown and path in now and shown[path] != now[path]
    ]


def _said(value: Any) -> str:
    return f'"{value}"' if value not in (None, "") else "empty"


def bases(seen: View) -> dict[str, Any]:
    """What each field shows before it is changed."""
    started = seen.checked.edited.started
    return {path: show(spec, value_at(started, spec)) for path, spec in fields_by_path(started).items()}
