"""The dataset of a sweep as a plain link: CSV, or the Parquet file itself with its units."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from engine.errors import StoreError
from engine.files import csv_bytes
from engine.sweep.sweeps import CASES, Sweeps

sweep_exports = Blueprint("sweep_exports", __name__, url_prefix="/sweep-export")


@sweep_exports.get("/<sweep_id>.<ending>")
def cases(sweep_id: str, ending: str) -> Response:
    """One row a case."""
    try:
        sweeps = Sweeps()
        if ending == "csv":
            content, kind = csv_bytes(sweeps.cases(sweep_id)), "text/csv"
        elif ending == "parquet":
            content, kind = (sweeps.path(sweep_id) / CASES).read_bytes(), "application/vnd.apache.parquet"
        else:
            abort(404)
    except StoreError as error:
        abort(404, str(error))
    return Response(
        content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{sweep_id}.{ending}"'}
    )
