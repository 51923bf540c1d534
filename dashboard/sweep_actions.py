"""What typing and pressing on the page of a new sweep does to its draft."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard import sweep_draft as drafting
from dashboard.forms import draft as drafts
from dashboard.forms.draft import Draft
from dashboard.ids import SweepNew as Ids
from dashboard.sweep_document import SOURCE, added, dropped
from dashboard.sweep_fields import read
from dashboard.sweep_form import laid_over
from dashboard.sweep_text import inputs_of, moving
from engine.errors import InputError, Problem

_STEPS = {Ids.UNDO: drafts.undo, Ids.REDO: drafts.redo, Ids.DISCARD: drafts.discard}


@dataclass(frozen=True)
class Event:
    """What the page holds at the moment of an event.

    Attributes
    ----------
    asked : str, dict or None
        Id of what was typed in or pressed.
    typed : dict
        What each field of the form holds, by place.
    text : str
        What the text box holds.
    path : str, optional
        Input that was chosen to be added.
    contents : str, optional
        File that was opened, as the browser sends it.
    going_on : bool
        The text was typed in last time too: one step for Undo, not one a key.
    """

    asked: Any
    typed: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    path: str | None = None
    contents: str | None = None
    going_on: bool = False


def is_field(asked: Any) -> bool:
    """Whether a field of the form was typed in."""
    return isinstance(asked, Mapping) and asked["type"] == "sweep-field"


def happened(draft: Draft, origin: str, event: Event) -> Draft:
    """The draft after an event; what was typed before it and is still on its way is taken along.

    Raises
    ------
    InputError
        The file is no text, or the text cannot be changed from the form.
    """
    if event.asked == Ids.DRAFTS:
        return draft
    if event.text != drafting.text_of(draft, origin):
        after = drafting.written(draft, origin, event.text)
        draft = replace(after, history=draft.history) if event.going_on and draft.history else after
    elif not drafting.is_broken(draft):
        draft = drafting.written(draft, origin, laid_over(event.text, event.typed))
    if isinstance(event.asked, str) and event.asked in _STEPS:
        return _STEPS[event.asked](draft)
    return drafting.written(draft, origin, _pressed(drafting.text_of(draft, origin), event))


def _pressed(text: str, event: Event) -> str:
    """The text after a press that changes it."""
    if event.asked == Ids.UPLOAD and event.contents:
        return _opened(event.contents)
    if event.asked == Ids.INPUT and event.path:
        return added(text, moving(inputs_of(str(read(text).mapping.get("base")))[event.path]))
    if isinstance(event.asked, Mapping) and event.asked["type"] == "sweep-remove":
        return dropped(text, int(event.asked["path"].rpartition(".")[2]))
    return text


def _opened(contents: str) -> str:
    try:
        text = base64.b64decode(contents.partition(",")[2], validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        message = "is no text in UTF-8; choose a YAML file."
        raise InputError(SOURCE, [Problem("The file", message)]) from None
    return text.replace("\r\n", "\n")
