"""A study: a question asked of several solves (a frontier, a regret matrix), done as one job of the queue.

    page or command line -> StudyRequest (kind, scenarios, options) -> JobTable.submit_study
        -> worker -> solve process -> run_study -> the kind's run(request, workspace, on_progress)
        -> studies/{study_id}/ with request.json, one Parquet file a table and manifest.json, written last

A table may be written again and again while the study runs: pages show what has arrived, and a study that was cancelled
or killed finds its tables again and goes on from them. The folder's name follows from the question, so the same
question asked twice is answered from the store. A new kind is a module with `run`, and a line in `KINDS`.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import StoreError
from engine.files import write_whole
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.fingerprint import ENGINE_VERSION
from engine.scenario.loading import home

STUDIES = "studies"
MANIFEST, REQUEST = "manifest.json", "request.json"
_STUDY_ID = re.compile(r"^[a-z][a-z0-9_-]{0,80}$")


@dataclass(frozen=True)
class Kind:
    """A kind of study.

    Attributes
    ----------
    label : str
        As people see it: "Frontier".
    target : str
        `module:function` that does it, imported in the solve process only:
        `run(request, workspace, on_progress) -> summary` (JSON-ready; `status` is added as "done" where it says none).
    """

    label: str
    target: str


KINDS: dict[str, Kind] = {
    "alternatives": Kind("Alternatives", "engine.choice.alternatives:run"),
    "attribution": Kind("Difference by input", "engine.choice.attribution:run"),
    "break_even": Kind("Break-even", "engine.choice.break_even:run"),
    "frontier": Kind("Frontier", "engine.frontier.study:run"),
    "regret": Kind("Regret", "engine.choice.regret:run"),
}


@dataclass(frozen=True)
class StudyRun:
    """A finished study, as the solve process reports it."""

    run_id: str
    summary: Mapping[str, Any]
    reused: bool = False


class Workspace:
    """The folder of one study while it is worked on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, frame: pd.DataFrame, units: Mapping[str, str] | None = None) -> None:
        """Write a table whole; readers see the earlier one or this one."""
        table = pa.Table.from_pandas(frame, preserve_index=False)
        fields = [field.with_metadata({"unit": (units or {}).get(field.name, "-")}) for field in table.schema]
        buffer = pa.BufferOutputStream()
        pq.write_table(table.cast(pa.schema(fields, metadata=table.schema.metadata)), buffer, compression="zstd")
        write_whole(self.folder / f"{name}.parquet", buffer.getvalue().to_pybytes())

    def table(self, name: str) -> pd.DataFrame | None:
        """A table that this or an earlier attempt wrote; None where there is none."""
        return _read(self.folder / f"{name}.parquet")


class Studies:
    """The folder of studies: finished ones, and those on their way.

    Parameters
    ----------
    root : pathlib.Path, optional
        Default: `studies` in the Firmwatt home folder.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root if root is not None else home() / STUDIES

    def ids(self) -> list[str]:
        """All studies, newest first."""
        if not self.root.is_dir():
            return []
        folders = [folder for folder in self.root.iterdir() if (folder / REQUEST).is_file()]
        return [folder.name for folder in sorted(folders, key=lambda one: -(one / REQUEST).stat().st_mtime)]

    def path(self, study_id: str) -> Path:
        """Folder of a study.

        Raises
        ------
        StoreError
            The id is malformed or no such study exists.
        """
        folder = self.root / study_id
        if not _STUDY_ID.match(study_id) or not (folder / REQUEST).is_file():
            raise StoreError(f'there is no study "{study_id}" in {self.root}.')
        return folder

    def announce(self, request: StudyRequest) -> None:
        """Write down what is asked, so that its page opens while it still waits."""
        write_whole(self.root / request.study_id / REQUEST, json.dumps(asdict(request)).encode())

    def request(self, study_id: str) -> StudyRequest:
        """What was asked."""
        return StudyRequest(**_json(self.path(study_id) / REQUEST))

    def manifest(self, study_id: str) -> dict[str, Any] | None:
        """Of a finished study: study_id, kind, name, created_utc, engine, summary, seconds, tables; else None."""
        file = self.path(study_id) / MANIFEST
        return _json(file) if file.is_file() else None

    def done(self, study_id: str) -> bool:
        """Whether a study is finished and can be read."""
        try:
            return self.manifest(study_id) is not None
        except StoreError:
            return False

    def table(self, study_id: str, name: str) -> pd.DataFrame | None:
        """A table as far as it has been written; None where there is none yet."""
        return _read(self.path(study_id) / f"{name}.parquet")

    def tables(self, study_id: str) -> list[str]:
        """Names of the tables that are there."""
        return sorted(file.stem for file in self.path(study_id).glob("*.parquet"))

    def delete(self, study_id: str) -> None:
        """Remove a study; its request goes first, so that it stops existing at once."""
        folder = self.path(study_id)
        (folder / REQUEST).unlink()
        shutil.rmtree(folder)


def run_study(request: StudyRequest, on_progress: OnProgress) -> StudyRun:
    """Do a study and store it, or find it stored.

    Raises
    ------
    InputError, SolveFailed
        As its kind does.
    """
    studies = Studies(Path(request.studies))
    if not request.force and studies.done(request.study_id):
        manifest = studies.manifest(request.study_id)
        assert manifest is not None
        return StudyRun(request.study_id, manifest["summary"], reused=True)
    workspace = Workspace(studies.root / request.study_id)
    _begin(workspace, request)
    studies.announce(request)
    started = time.perf_counter()
    summary = {"status": "done", **_target(request.kind)(request, workspace, on_progress)}
    on_progress(Progress("store", 1.0, "Storing the study"))
    _close(workspace, request, summary, time.perf_counter() - started)
    return StudyRun(request.study_id, summary)


def _target(kind: str) -> Callable[[StudyRequest, Workspace, OnProgress], Mapping[str, Any]]:
    module, _, function = KINDS[kind].target.partition(":")
    target: Callable[..., Mapping[str, Any]] = getattr(importlib.import_module(module), function)
    return target


def _begin(workspace: Workspace, request: StudyRequest) -> None:
    """By force, nothing of an earlier answer stays."""
    if request.force:
        for file in [workspace.folder / MANIFEST, *workspace.folder.glob("*.parquet")]:
            file.unlink(missing_ok=True)


def _close(workspace: Workspace, request: StudyRequest, summary: Mapping[str, Any], seconds: float) -> None:
    tables = {
        file.stem: {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in sorted(workspace.folder.glob("*.parquet"))
    }
    manifest = {
        "study_id": request.study_id, "kind": request.kind, "name": request.name, "engine": ENGINE_VERSION,
        "created_utc": datetime.now(UTC).isoformat(timespec="milliseconds"), "options": request.options,
        "scenarios": [parcel["scenario"]["name"] for parcel in request.scenarios],
        "summary": summary, "seconds": round(seconds, 3), "tables": tables,
    }  # fmt: skip
    write_whole(workspace.folder / MANIFEST, json.dumps(manifest, indent=1, allow_nan=False).encode())


def _json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"study {file.parent.name}: {file.name} is damaged ({error}); do the study again.") from None
    return content


def _read(file: Path) -> pd.DataFrame | None:
    if not file.is_file():
        return None
    try:
        # Its bytes at once: by its path pyarrow opens it twice, and finds two versions while a study writes it anew.
        return pq.read_table(pa.BufferReader(file.read_bytes())).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"study {file.parent.name}: {file.name} is damaged ({error}); do the study again.") from None
