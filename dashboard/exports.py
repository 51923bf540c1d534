"""Downloads: tables of a run as CSV or Parquet, and its scenario as YAML. Plain links, no callbacks."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode

import pandas as pd
from flask import Blueprint, Response, abort, request

from dashboard import data
from engine.errors import StoreError
from engine.files import csv_bytes
from engine.scenario.loading import to_yaml
from engine.scenario.schema import Scenario
from engine.study import Studies

_PARQUET = "application/vnd.apache.parquet"
_NAME = re.compile(r"^[a-z_]{1,40}$")

exports = Blueprint("exports", __name__, url_prefix="/export")


def table_href(run_id: str, name: str, ending: str, **only: int) -> str:
    """Address of a table, optionally of some `year`, or of `hours` from `first` on."""
    query = f"?{urlencode(only)}" if only else ""
    return f"/export/{run_id}/{name}.{ending}{query}"


def scenario_href(run_id: str) -> str:
    """Address of a run's resolved scenario."""
    return f"/export/{run_id}/scenario.yaml"


@exports.get("/<run_id>/scenario.yaml")
def scenario(run_id: str) -> Response:
    """Resolved scenario of a run: nothing extended, defaults written out."""
    try:
        resolved = data.manifest(run_id)["scenario"]
    except StoreError as error:
        abort(404, str(error))
    return _file(to_yaml(Scenario.model_validate(resolved)).encode(), "application/yaml", f"{run_id}.yaml")


@exports.get("/<run_id>/<name>.<ending>")
def table(run_id: str, name: str, ending: str) -> Response:
    """One table, or the hours of it that the query asks for."""
    if not _NAME.match(name) or ending not in ("csv", "parquet"):
        abort(404)
    try:
        if ending == "parquet" and not request.args:
            # The stored file itself: its schema carries the units.
            return _file(data.stored_file(run_id, name), _PARQUET, f"{run_id}-{name}.parquet")
        frame = _only(data.table(run_id, name))
    except StoreError as error:
        abort(404, str(error))
    suffix = "".join(f"-{request.args[key]}" for key in ("year", "first") if request.args.get(key, "").isdigit())
    filename = f"{run_id}-{name}{suffix}.{ending}"
    if ending == "csv":
        return _file(csv_bytes(frame), "text/csv", filename)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return _file(buffer.getvalue(), _PARQUET, filename)


@exports.get("/study/<study_id>/<name>.<ending>")
def study_table(study_id: str, name: str, ending: str) -> Response:
    """One table of a study, as far as it has come."""
    if not _NAME.match(name) or ending not in ("csv", "parquet"):
        abort(404)
    try:
        file = Studies().path(study_id) / f"{name}.parquet"
        frame = Studies().table(study_id, name)
    except StoreError as error:
        abort(404, str(error))
    if frame is None:
        abort(404, f'study {study_id} has no table "{name}" yet.')
    filename = f"{study_id}-{name}.{ending}"
    if ending == "csv":
        return _file(csv_bytes(frame), "text/csv", filename)
    return _file(file.read_bytes(), _PARQUET, filename)


def _only(frame: pd.DataFrame) -> pd.DataFrame:
    year, first, hours = (request.args.get(key, type=int) for key in ("year", "first", "hours"))
    if year is not None and "year" in frame:
        frame = frame[frame["year"] == year]
    if first is not None and "hour" in frame:
        frame = frame[(frame["hour"] >= first) & (frame["hour"] < first + (hours or 1))]
    return frame


def _file(content: bytes, mimetype: str, filename: str) -> Response:
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )  # fmt: skip
