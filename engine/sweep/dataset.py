"""The dataset of a sweep: one row a case, one Parquet file with units.

    case, varied, one column an input (named by its path), state, reason, job_id, run_id, fingerprint, seconds,
    termination, adequate, verified, mix, the figures of `engine.comparison.METRICS`, mw_{technology}

It is also the sweep's memory: what is pending, what is queued under which job, what has ended and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.comparison import METRICS
from engine.diagnosis_words import sentences
from engine.errors import StoreError
from engine.files import write_whole
from engine.inputs import available, technology_name
from engine.nomenclature import SWEEP_CAPACITY, SWEEP_CASES, Column
from engine.sweep.places import Place

PENDING, QUEUED, DONE, INFEASIBLE, FAILED, CANCELLED = (
    "pending", "queued", "done", "infeasible", "failed", "cancelled",
)  # fmt: skip
ENDED = (DONE, INFEASIBLE, FAILED, CANCELLED)
CAPACITY = "mw_"
FIGURES = {metric.name: metric for metric in METRICS}
# A technology is in the mix from this share of the peak load on: a token megawatt does not make another plan.
IN_THE_MIX_FRAC = 0.01
NOTHING_BUILT = "nothing built"
_NUMBERS = ("seconds", *FIGURES)
_TEXTS = ("reason", "job_id", "run_id", "fingerprint", "termination", "mix")


def fresh(cases: pd.DataFrame, scenario: Mapping[str, Any]) -> pd.DataFrame:
    """The dataset before anything is solved."""
    frame = cases.copy()
    frame["state"] = PENDING
    for name in _TEXTS:
        frame[name] = ""
    for name in ("adequate", "verified"):
        frame[name] = pd.array([None] * len(frame), dtype="boolean")
    empty = {name: float("nan") for name in (*_NUMBERS, *(f"{CAPACITY}{key}" for key in scenario["technologies"]))}
    return pd.concat([frame, pd.DataFrame(empty, index=frame.index)], axis=1)


def result(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a run says for its case's row."""
    summary, scenario = manifest["summary"], manifest["scenario"]
    infeasible = manifest["status"] == "infeasible"
    capacity = {key: max(by_year.values(), default=0.0) for key, by_year in summary.get("capacity", {}).items()}
    return {
        "state": INFEASIBLE if infeasible else DONE,
        "reason": _why_infeasible(manifest) if infeasible else "",
        "run_id": manifest["run_id"],
        "termination": manifest["termination"],
        "adequate": None if infeasible else bool(summary.get("adequate")),
        "verified": bool(manifest["verification"]["passed"]),
        "mix": "" if infeasible else mix(capacity, scenario, summary.get("peak_mw") or 0.0),
        **{metric.name: None if infeasible else metric.value(manifest) for metric in METRICS},
        **({} if infeasible else {f"{CAPACITY}{key}": mw for key, mw in capacity.items()}),
    }


def mix(capacity_mw: Mapping[str, float], scenario: Mapping[str, Any], peak_mw: float) -> str:
    """Technologies that a plan has, as words: from a hundredth of the peak load on, at their largest."""
    least_mw = max(IN_THE_MIX_FRAC * peak_mw, 1e-6)
    known = available(scenario)
    names = [technology_name(key, known.get(key, {})) for key, mw in capacity_mw.items() if mw >= least_mw]
    return " + ".join(names) or NOTHING_BUILT


def columns(known: Mapping[str, Place], scenario: Mapping[str, Any]) -> dict[str, Column]:
    """Unit and meaning of every column of a sweep's dataset."""
    inputs = {path: Column(place.unit, f"input that moves: {place.title}") for path, place in known.items()}
    figures = {name: Column(metric.unit, metric.label) for name, metric in FIGURES.items()}
    capacity = {
        f"{CAPACITY}{key}": Column(SWEEP_CAPACITY.unit, f"{technology_name(key, data)}: {SWEEP_CAPACITY.description}")
        for key, data in scenario["technologies"].items()
    }
    return {**SWEEP_CASES, **inputs, **figures, **capacity}


def write(file: Path, frame: pd.DataFrame, named: Mapping[str, Column]) -> None:
    """Write the dataset whole; readers see the earlier one or this one."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata({"unit": named[field.name].unit, "description": named[field.name].description})
        for field in table.schema
    ]
    buffer = pa.BufferOutputStream()
    pq.write_table(table.cast(pa.schema(fields, metadata=table.schema.metadata)), buffer, compression="zstd")
    write_whole(file, buffer.getvalue().to_pybytes())


def read(file: Path) -> pd.DataFrame:
    """Read a dataset.

    Raises
    ------
    StoreError
        It is missing or damaged.
    """
    try:
        # Its bytes at once: by its path pyarrow would open it twice, and find two versions while a sweep runs.
        return pq.read_table(pa.BufferReader(file.read_bytes())).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise StoreError(
            f"sweep {file.parent.name}: {file.name} is damaged ({error}); launch the sweep again."
        ) from None


def put(frame: pd.DataFrame, row: Any, values: Mapping[str, Any]) -> None:
    """Write values into the row of an index label; figures that are missing stay missing numbers."""
    for name, value in values.items():
        if name in frame.columns:
            frame.at[row, name] = float("nan") if value is None and name in _NUMBERS else value


def trusted(frame: pd.DataFrame) -> pd.DataFrame:
    """The cases whose figures can be used: done and verified."""
    return frame[(frame["state"] == DONE) & frame["verified"].fillna(False).astype(bool)]


def _why_infeasible(manifest: Mapping[str, Any]) -> str:
    diagnosis = manifest.get("diagnosis")
    said = sentences(diagnosis) if diagnosis else []
    return said[0] if said else "No plan meets every limit at once."
