"""The form of an own entry: the scenario form's fields of one technology, without what belongs to a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dash import html

from dashboard.components import form_fields
from dashboard.forms.check import Checked, check
from dashboard.forms.draft import Draft, read, value_at
from dashboard.forms.spec import FieldSpec, fields_by_path
from dashboard.forms.values import show
from dashboard.ids import EquipmentEntry
from engine.catalogue import Catalogue, Entry
from engine.errors import InputError, Problem

PART = "technologies.equipment"
_OF_A_SITE = {"enabled"}
# The form of a whole scenario has one name; this one has that of the entry and that of the technology.
_LABELS = {"description": "Summary", f"{PART}.label": "Name in charts"}


@dataclass(frozen=True)
class Seen:
    """A form as it was typed.

    Attributes
    ----------
    draft : Draft
    checked : Checked
    name : str
    entry : Entry or None
        As it would be saved; None while it is not valid.
    """

    draft: Draft
    checked: Checked
    name: str
    entry: Entry | None

    @property
    def unsaved(self) -> bool:
        """Something differs from what is kept."""
        return bool(self.checked.edited.changes or self.checked.edited.unreadable)


def base(entry: Entry) -> dict[str, Any]:
    """An entry as a scenario mapping of one technology: what the form's machinery reads."""
    technology = entry.technology.model_dump(mode="json")
    return {"name": entry.name, "description": entry.summary, "technologies": {"equipment": technology}}


def specs(entry: Entry) -> dict[str, FieldSpec]:
    """Fields of the form by path."""
    return {
        path: replace(spec, label=_LABELS.get(path, spec.label))
        for path, spec in fields_by_path(base(entry)).items()
        if path in {"name", "description"} or (path.startswith(f"{PART}.") and _of_equipment(spec))
    }


def _of_equipment(spec: FieldSpec) -> bool:
    """Whether a field says what the equipment is, not what a site has or measures."""
    return spec.name not in _OF_A_SITE and not spec.name.startswith("existing_") and spec.control != "file"


def bases(entry: Entry) -> dict[str, Any]:
    """What each field shows before it is changed."""
    mapping = base(entry)
    return {path: show(spec, value_at(mapping, spec)) for path, spec in specs(entry).items()}


def look(entry: Entry, typed: Mapping[str, Any]) -> Seen:
    """Lay what was typed over the entry and check it."""
    before = bases(entry)
    texts = {path: text for path, text in typed.items() if path in before and (text or "") != (before[path] or "")}
    draft = Draft(texts=texts)
    checked = check(base(entry), draft, source=entry.name)
    mapping = checked.edited.mapping
    name = str(mapping.get("name") or "No name")
    would = None
    if checked.loaded:
        would = replace(entry, name=name, technology=checked.loaded.scenario.technologies["equipment"])
    return Seen(draft, checked, name, would)


def save(key: str, typed: Mapping[str, Any]) -> Entry:
    """Keep what was typed.

    Raises
    ------
    InputError
        With every problem; nothing is written.
    """
    catalogue = Catalogue()
    seen = look(catalogue.get(key), typed)
    if seen.checked.problems:
        found = [Problem(problem.where, problem.message) for problem in seen.checked.problems]
        raise InputError(seen.name, found)
    mapping = seen.checked.edited.mapping
    summary = str(mapping.get("description") or "")
    catalogue.edit(key, seen.name, mapping["technologies"]["equipment"], summary=summary)
    return catalogue.get(key)


def draw(entry: Entry) -> list[Any]:
    """The fields, the advanced ones under More."""
    edited = read(base(entry), Draft())
    found = specs(entry)

    def fields(chosen: list[FieldSpec]) -> html.Div:
        return html.Div(
            [form_fields.field(spec, Draft(), edited, lambda _: None, EquipmentEntry) for spec in chosen],
            className="fields",
        )

    first = [spec for spec in found.values() if not spec.advanced]
    more = [spec for spec in found.values() if spec.advanced]
    fold = html.Details([html.Summary(f"More ({len(more)})"), fields(more)], className="fold more")
    return [fields(first), fold if more else None]
