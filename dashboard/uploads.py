"""Files that people bring: kept by content, looked over at once, described in a few figures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dashboard.forms.spec import FieldSpec
from engine.errors import InputError, Problem
from engine.library import Library
from engine.profiles.upload import UploadCheck, check_upload
from engine.scenario.loading import default_folders, split_reference
from engine.scenario.schema import BUILT_IN_WEATHER, SYNTHETIC_PRICE, Site


@dataclass(frozen=True)
class Taken:
    """What became of a file.

    Attributes
    ----------
    reference : str
        As a scenario writes it, without the column.
    name : str
        As people know it.
    check : UploadCheck or None
        When it can be used.
    error : InputError or None
        Otherwise: every problem.
    """

    reference: str
    name: str
    check: UploadCheck | None = None
    error: InputError | None = None

    @property
    def value(self) -> str:
        """What the field holds: the reference, with the column where there is one."""
        column = self.check.column if self.check else None
        return f"{self.reference}:{column}" if column else self.reference


def take(spec: FieldSpec, content: str, filename: str, site: Mapping[str, Any] | None = None) -> Taken:
    """Keep an uploaded file and look it over.

    Parameters
    ----------
    spec : FieldSpec
        The field it is for.
    content : str
        As the browser sends it, `data:...;base64,...`.
    filename : str
    site : mapping, optional
        The draft's site: place and clock of plain CSV weather.
    """
    try:
        reference = Library().save_upload(filename, decoded(content, filename))
    except InputError as error:
        return Taken("", filename, error=error)
    return look(spec, reference, filename, site=site)


def look(
    spec: FieldSpec, reference: str, name: str = "", *, column: str | None = None, site: Mapping[str, Any] | None = None
) -> Taken:
    """Look a file over that is there already."""
    name = name or shown_name(reference)
    path = find(reference)
    if path is None:
        problem = Problem("", "is not there any more; upload it again.")
        return Taken(reference, name, error=InputError(name, [problem]))
    try:
        check = check_upload(path, spec.upload, column=column, site=_site(site))  # type: ignore[arg-type]
    except InputError as error:
        return Taken(reference, name, error=InputError(name, error.problems))
    return Taken(reference, name, check=check)


def of_value(spec: FieldSpec, value: Any, site: Mapping[str, Any] | None = None) -> Taken | None:
    """Look over the file that a field names already; None where it names none."""
    if not isinstance(value, str) or not value or value in (*BUILT_IN_WEATHER, SYNTHETIC_PRICE):
        return None
    reference, column = split_reference(value) if spec.upload != "weather" else (value, "")
    if find(reference) is None:
        return None
    return look(spec, reference, column=column or None, site=site)


def find(reference: str) -> Path | None:
    """Path of a file that a scenario may name; nothing outside the folders for it."""
    for folder in (*default_folders(), Library().uploads):
        path = (folder / reference).resolve()
        if reference and path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    return None


def shown_name(reference: str) -> str:
    """Name of an upload without the hash in front."""
    head, _, rest = reference.partition("-")
    return rest if rest and len(head) == 12 and all(digit in "0123456789abcdef" for digit in head) else reference


def decoded(content: str, filename: str) -> bytes:
    """Bytes of an upload."""
    try:
        return base64.b64decode(content.partition(",")[2], validate=True)
    except binascii.Error:
        raise InputError(filename, [Problem("", "did not arrive whole; upload it again.")]) from None


def _site(mapping: Mapping[str, Any] | None) -> Site | None:
    try:
        return Site.model_validate(dict(mapping or {}))
    except ValidationError:
        return None
