"""Finished runs: a folder each, of Parquet tables and a manifest, written whole or not at all.

A run exists when its manifest, written last, exists. Half-written and damaged folders are reported and left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import StoreError
from engine.nomenclature import FLOWS, PROFILE_FLOWS, TABLES, Column, flow_columns, response_columns
from engine.scenario.loading import home

MANIFEST = "manifest.json"
WRITING = ".writing-"
HALF_WRITTEN = "half written: its solve ended, or still runs, before the run was complete"
_RUN_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,80}$")


class Store:
    """The folder of finished runs.

    Parameters
    ----------
    root : pathlib.Path, optional
        Default: `runs` in the Firmwatt home folder.
    """

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = Path(root) if root is not None else home() / "runs"

    def write(self, name: str, tables: dict[str, pd.DataFrame], manifest: dict[str, Any]) -> str:
        """Store a run and return its id.

        Parameters
        ----------
        name : str
            Scenario name; the id is a readable form of it and a random part.
        tables : dict of str to DataFrame
            By name, as in the nomenclature.
        manifest : dict
            JSON-ready; `run_id` and `tables` are added here.
        """
        run_id = f"{slug(name)}-{uuid.uuid4().hex[:8]}"
        folder = self.root / f"{WRITING}{run_id}"
        folder.mkdir(parents=True)
        kinds = {key: entry["kind"] for key, entry in manifest["technologies"].items()}
        sources = manifest.get("response_sources", [])
        written = {table: _write_table(folder, table, frame, kinds, sources) for table, frame in tables.items()}
        complete = {"run_id": run_id, **manifest, "tables": written}
        complete["summary"] = {"run_id": run_id, **manifest.get("summary", {})}
        _write_synced(folder / MANIFEST, json.dumps(complete, indent=1, allow_nan=False).encode())
        folder.rename(self.root / run_id)
        return run_id

    def runs(self) -> list[dict[str, Any]]:
        """Manifests of all whole runs, newest first."""
        manifests = []
        for folder in self._folders():
            try:
                manifests.append(self.manifest(folder.name))
            except StoreError:
                continue  # reported by `damaged`
        return sorted(manifests, key=lambda manifest: str(manifest["created_utc"]), reverse=True)

    def damaged(self) -> list[tuple[str, str]]:
        """(folder name, what is wrong) of each folder that is no whole run."""
        found = []
        for folder in self._folders():
            try:
                self.manifest(folder.name)
            except StoreError as error:
                found.append((folder.name, str(error)))
        half = sorted(self.root.glob(f"{WRITING}*")) if self.root.is_dir() else []
        return found + [(folder.name, HALF_WRITTEN) for folder in half]

    def path(self, run_id: str) -> Path:
        """Folder of a run.

        Raises
        ------
        StoreError
            The id is malformed or no such run exists.
        """
        folder = self.root / run_id
        if not _RUN_ID.match(run_id) or not folder.is_dir():
            raise StoreError(f'there is no run "{run_id}" in {self.root}; `firmwatt list` shows the runs.')
        return folder

    def manifest(self, run_id: str) -> dict[str, Any]:
        """The manifest of a run, after checking that its tables are there in full length.

        Raises
        ------
        StoreError
            Naming what is missing or damaged.
        """
        folder = self.path(run_id)
        try:
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
            tables = manifest["tables"]
        except FileNotFoundError:
            raise StoreError(f"run {run_id} has no {MANIFEST}: it was not written to the end.") from None
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
            raise StoreError(f"run {run_id}: {MANIFEST} is damaged ({error}); solve the scenario again.") from None
        for name, entry in tables.items():
            file = folder / f"{name}.parquet"
            if not file.is_file() or file.stat().st_size != entry["bytes"]:
                raise StoreError(f"run {run_id}: {file.name} is missing or cut short; solve the scenario again.")
        return manifest

    def table(self, run_id: str, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table of a run.

        Raises
        ------
        StoreError
            No such table, or its file is damaged.
        """
        file = self.path(run_id) / f"{name}.parquet"
        if not file.is_file():
            raise StoreError(f'run {run_id} has no table "{name}".')
        try:
            return pq.read_table(file, columns=columns, memory_map=True).to_pandas()
        except (pa.ArrowException, OSError) as error:
            raise StoreError(f"run {run_id}: {file.name} is damaged ({error}); solve the scenario again.") from None

    def changed_tables(self, run_id: str) -> list[str]:
        """Names of tables whose content is not what was written."""
        folder = self.path(run_id)
        tables = self.manifest(run_id)["tables"]
        return [name for name, entry in tables.items() if _sha256(folder / f"{name}.parquet") != entry["sha256"]]

    def find(self, fingerprint: str, mip_gap_frac: float) -> str | None:
        """Newest verified run of these inputs, solved to at least this gap; None if there is none."""
        for manifest in self.runs():
            gap = manifest.get("mip_gap_frac")
            if (
                manifest["fingerprint"] == fingerprint
                and manifest["termination"] in ("optimal", "within_gap")
                and manifest["verification"]["passed"]
                and gap is not None
                and gap <= mip_gap_frac + 1e-9
            ):
                return str(manifest["run_id"])
        return None

    def resolve(self, prefix: str) -> str:
        """Full run id of a unique beginning.

        Raises
        ------
        StoreError
            None, or more than one, begins so.
        """
        matches = [folder.name for folder in self._folders() if folder.name.startswith(prefix)]
        if prefix in matches:
            return prefix
        if len(matches) != 1:
            reason = "no run begins so" if not matches else f"{len(matches)} runs begin so: {', '.join(matches[:5])}"
            raise StoreError(f'"{prefix}" names no run: {reason}; `firmwatt list` shows the runs.')
        return matches[0]

    def delete(self, run_id: str) -> None:
        """Remove a run; its manifest goes first, so that it stops existing at once."""
        folder = self.path(run_id)
        (folder / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return sorted(folder for folder in self.root.iterdir() if folder.is_dir() and _RUN_ID.match(folder.name))


def slug(name: str) -> str:
    """Readable lower-case form of a name for ids and file names."""
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return text or "scenario"


def _write_table(
    folder: Path, name: str, frame: pd.DataFrame, kinds: dict[str, str], sources: list[str]
) -> dict[str, Any]:
    known = {**TABLES[name], **_flow_columns(name, kinds, sources)}
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = []
    for field in table.schema:
        column = known.get(field.name)
        if column is None:
            raise StoreError(f'table {name} has a column "{field.name}" that engine/nomenclature.py does not name.')
        fields.append(field.with_metadata({"unit": column.unit, "description": column.description}))
    schema = pa.schema(fields, metadata=table.schema.metadata)
    file = folder / f"{name}.parquet"
    pq.write_table(table.cast(schema), file, compression="zstd")
    return {"rows": len(frame), "bytes": file.stat().st_size, "sha256": _sha256(file)}


def _flow_columns(name: str, kinds: dict[str, str], sources: list[str]) -> dict[str, Column]:
    flows = {
        "hourly": FLOWS,
        "sampled_hourly": FLOWS,
        "profiles": PROFILE_FLOWS,
        "sampled_profiles": PROFILE_FLOWS,
    }.get(name)
    if flows is None:
        return {}
    columns = flow_columns(kinds, flows)
    if flows is FLOWS:
        columns |= response_columns(sources)
    return {column: Column(flow.unit, flow.description) for column, flow in columns.items()}


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _write_synced(file: Path, content: bytes) -> None:
    with file.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
