"""What studies and sweeps keep: their tables as sheets, with the units that their files carry; and who made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from dashboard import data
from dashboard.takeaway import provenance
from dashboard.takeaway.document import Document, Sheet
from engine.errors import InputError, Problem, StoreError
from engine.request import StudyRequest
from engine.study import Studies


def asked_study(query: Mapping[str, str], kinds: Sequence[str]) -> str:
    """Study that an address names.

    Raises
    ------
    InputError
        It names none, or one of another kind.
    StoreError
        There is none of this id.
    """
    study_id = query.get("study", "")
    if not study_id:
        raise InputError("The address", [Problem("study", "is missing; open a stored result first.")])
    if Studies().request(study_id).kind not in kinds:
        raise InputError("The address", [Problem("study", f"is {study_id}, which this page does not show.")])
    return study_id


def study_sheet(study_id: str, table: str, title: str, note: str) -> Sheet | None:
    """A table of a study as far as it has come; None where there is none yet."""
    frame = Studies().table(study_id, table)
    if frame is None:
        return None
    return Sheet(title, frame, units_of(Studies().path(study_id) / f"{table}.parquet"), note)


def units_of(file: Path) -> dict[str, str]:
    """Unit of each column, as the file itself says."""
    units = {field.name: (field.metadata or {}).get(b"unit", b"-").decode() for field in pq.read_schema(file)}
    return {name: unit for name, unit in units.items() if unit not in ("", "-")}


def scenarios_sheet(request: StudyRequest) -> Sheet:
    """All inputs of the scenarios that a study was asked of."""
    scenarios = [parcel["scenario"] for parcel in request.scenarios]
    return provenance.inputs_sheet({str(one["name"]): {"scenario": one} for one in scenarios})


def study_facts(document: Document, request: StudyRequest) -> tuple[tuple[str, str], ...]:
    """Lines of provenance of a study."""
    names = ", ".join(str(parcel["scenario"]["name"]) for parcel in request.scenarios)
    found = [*_view(document), ("Asked of", names)]
    manifest = Studies().manifest(request.study_id)
    made = f"study {request.study_id}"
    if manifest is not None:
        solved = str(manifest["created_utc"])[:19].replace("T", " ")
        made += f"; engine {manifest['engine']}; solved {solved} UTC in {manifest['seconds']:,.0f} s"
    return (*found, ("Result", made))


def _view(document: Document) -> tuple[tuple[str, str], ...]:
    return ("View", document.address), ("Made", document.made_words)


def sweep_facts(document: Document, sweep_id: str, base: str, cases: str) -> tuple[tuple[str, str], ...]:
    """Lines of provenance of a sweep."""
    return (*_view(document), ("Asked of", base), ("Result", f"sweep {sweep_id}; {cases}"))


def with_sheets(
    document: Document, facts: tuple[tuple[str, str], ...], sheets: Sequence[Sheet | None], inputs: Sheet
) -> Document:
    """The document with its sheets: the same in workbook and tidy tables, a summary before, all inputs behind."""
    kept = [sheet for sheet in sheets if sheet is not None and len(sheet.frame)]
    told = replace(document, facts=facts)
    return replace(told, workbook=(provenance.summary_sheet(told), *kept, inputs), tables=(*kept, inputs))


def unfinished(study_id: str) -> tuple[str, ...]:
    """What to mind of a study that is still on its way, or was stopped."""
    if Studies().done(study_id):
        return ()
    return ("The study is not finished: only what has been found so far is shown.",)


def name_of_run(run_id: str) -> str:
    """Name of a run, or its id where it is gone."""
    try:
        return str(data.manifest(run_id)["name"])
    except StoreError:
        return run_id
