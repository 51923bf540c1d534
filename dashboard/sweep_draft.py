"""A sweep that is being written: its text with what it was before, as the browser keeps it."""

from __future__ import annotations

from dashboard.forms.draft import Draft, retype
from dashboard.sweep_document import mapping_of
from engine.errors import InputError

# The text as it stands, and the last one that the form could show where that is another.
_TEXT, _FORM = "text", "form"


def text_of(draft: Draft, origin: str) -> str:
    """The text as it stands; the one that the page began with where nothing was touched."""
    return str(draft.texts.get(_TEXT, origin))


def form_text(draft: Draft, origin: str) -> str:
    """The last text that the form can show."""
    return str(draft.texts.get(_FORM, text_of(draft, origin)))


def is_broken(draft: Draft) -> bool:
    """Whether the form shows an earlier text, because it cannot show this one."""
    return _FORM in draft.texts


def written(draft: Draft, origin: str, text: str) -> Draft:
    """The draft with another text, as one step."""
    texts = {} if text == origin else {_TEXT: text}
    try:
        mapping_of(text)
    except InputError:
        texts = {_TEXT: text, _FORM: form_text(draft, origin)}
    return retype(draft, texts)
