"""A document's tidy tables in one ZIP, as CSV or Parquet, with the units of every column."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.takeaway.document import Document, Sheet
from engine.files import csv_bytes, slug


def csv_files(document: Document) -> bytes:
    """Every table as CSV; `units.csv` names the unit of each column, `read-me.txt` says where it all comes from."""
    files = {f"{slug(sheet.name, 'table')}.csv": csv_bytes(sheet.frame) for sheet in document.tables}
    files["units.csv"] = csv_bytes(_units(document))
    return zipped({**files, "read-me.txt": read_me(document)})


def parquet_files(document: Document) -> bytes:
    """Every table as Parquet; units stand in the metadata of its columns."""
    files = {f"{slug(sheet.name, 'table')}.parquet": _parquet(sheet) for sheet in document.tables}
    return zipped({**files, "read-me.txt": read_me(document)})


def zipped(files: dict[str, bytes]) -> bytes:
    """Files in one ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read_me(document: Document) -> bytes:
    """Finding, warnings and provenance as plain text."""
    lines = [document.title, document.subtitle, "", *document.sentences]
    lines += ["", "Mind:", *(f"- {warning}" for warning in document.warnings)] if document.warnings else []
    lines += ["", *(f"{subject}: {words}" for subject, words in document.facts)]
    lines += ["", "Tables:", *(f"- {sheet.name}: {sheet.note}" for sheet in document.tables if sheet.note)]
    return "\n".join(lines).encode()


def _units(document: Document) -> pd.DataFrame:
    rows = [
        {"table": slug(sheet.name, "table"), "column": column, "unit": unit}
        for sheet in document.tables
        for column, unit in sheet.units.items()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit"])


def _parquet(sheet: Sheet) -> bytes:
    # Inputs are numbers in one row and words in the next: as text they keep every digit.
    mixed = {column: sheet.frame[column].map(_text) for column in sheet.frame if sheet.frame[column].dtype == object}
    table = pa.Table.from_pandas(sheet.frame.assign(**mixed), preserve_index=False)
    fields = [
        field.with_metadata({"unit": sheet.units[field.name]}) if field.name in sheet.units else field
        for field in table.schema
    ]
    buffer = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields, metadata=table.schema.metadata)), buffer, compression="zstd")
    return buffer.getvalue()


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA else str(value)
