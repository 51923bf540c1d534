"""Runs are written whole or not at all, found again, and never shown when damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engine.errors import StoreError
from engine.nomenclature import FLOWS, PROFILE_FLOWS, TABLES, flow_columns
from engine.pipeline import Run, solve
from engine.store import Store
from engine.verification import verify_run
from tests.toys import FREE_FUEL_UNIT, toy

LOADED = toy({"technologies": {"plant": FREE_FUEL_UNIT}, "time": {"method": "calendar"}})


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    root = tmp_path_factory.mktemp("store")
    return root, solve(LOADED, store=Store(root))


@pytest.fixture
def copied(solved: tuple[Path, Run], tmp_path: Path) -> tuple[Store, str]:
    """A copy of the store that a test may damage."""
    root, run = solved
    shutil.copytree(root, tmp_path / "runs")
    return Store(tmp_path / "runs"), run.run_id


def test_a_run_opens_from_its_folder_alone(copied: tuple[Store, str], tmp_path: Path) -> None:
    store, run_id = copied
    moved = tmp_path / "elsewhere"
    shutil.copytree(store.path(run_id), moved / run_id)
    assert verify_run(Store(moved), run_id).passed


def test_every_column_says_its_unit(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    kinds = {"plant": "thermal"}
    further = {"hourly": FLOWS, "sampled_hourly": FLOWS, "profiles": PROFILE_FLOWS, "sampled_profiles": PROFILE_FLOWS}
    for name in store.manifest(run_id)["tables"]:
        known = {column: entry.unit for column, entry in TABLES[name].items()}
        if name in further:
            known |= {column: flow.unit for column, flow in flow_columns(kinds, further[name]).items()}
        schema = pq.read_schema(store.path(run_id) / f"{name}.parquet")
        for field in schema:
            assert field.metadata[b"unit"].decode() == known[field.name], f"{name}.{field.name}"


def test_the_same_inputs_are_not_solved_twice(solved: tuple[Path, Run]) -> None:
    root, run = solved
    renamed = toy({"name": "Another name", "technologies": {"plant": FREE_FUEL_UNIT}, "time": {"method": "calendar"}})
    again = solve(renamed, store=Store(root))
    assert again.reused
    assert again.run_id == run.run_id


@pytest.mark.parametrize(
    ("key", "value"), [("termination", "time_limit"), ("mip_gap_frac", 0.2), ("verification", {"passed": False})]
)
def test_only_proven_and_verified_runs_are_reused(copied: tuple[Store, str], key: str, value: object) -> None:
    store, run_id = copied
    fingerprint = store.manifest(run_id)["fingerprint"]
    assert store.find(fingerprint, 0.01) == run_id
    manifest = json.loads((store.path(run_id) / "manifest.json").read_text())
    manifest[key] = value
    (store.path(run_id) / "manifest.json").write_text(json.dumps(manifest))
    assert store.find(fingerprint, 0.01) is None


def test_a_folder_without_manifest_is_no_run_and_is_left_alone(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    (store.path(run_id) / "manifest.json").unlink()
    assert store.runs() == []
    [(name, reason)] = store.damaged()
    assert name == run_id
    assert "not written to the end" in reason
    assert (store.path(run_id) / "hourly.parquet").exists()


def test_a_half_written_run_is_reported(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    store.path(run_id).rename(store.root / f".writing-{run_id}")
    assert store.runs() == []
    assert [name for name, _ in store.damaged()] == [f".writing-{run_id}"]


def test_a_cut_table_is_reported_by_name(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    file = store.path(run_id) / "hourly.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(StoreError, match=r"hourly\.parquet is missing or cut short"):
        store.manifest(run_id)
    assert [name for name, _ in store.damaged()] == [run_id]


def test_a_changed_table_fails_verification(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    file = store.path(run_id) / "costs.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    verification = verify_run(store, run_id)
    assert not verification.passed
    assert verification.checks[0].detail == "changed: costs"


@pytest.mark.parametrize("run_id", ["../etc", "..", "", "no-such-run", "a/b", ".writing-x"])
def test_unknown_or_malformed_ids_are_refused(copied: tuple[Store, str], run_id: str) -> None:
    with pytest.raises(StoreError):
        copied[0].manifest(run_id)


def test_a_beginning_names_a_run_when_it_is_unique(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    assert store.resolve(run_id[:6]) == run_id
    shutil.copytree(store.path(run_id), store.root / f"{run_id}x")
    with pytest.raises(StoreError, match="2 runs begin so"):
        store.resolve(run_id[:6])


def test_delete_removes_the_run(copied: tuple[Store, str]) -> None:
    store, run_id = copied
    store.delete(run_id)
    assert store.runs() == []
    assert store.damaged() == []
