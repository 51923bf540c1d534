"""The command that takes results away: export."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, reporting, resolve
from engine.files import csv_bytes

if TYPE_CHECKING:
    from engine.store import Store

ROOT = Path(__file__).resolve().parents[2]


class Format(StrEnum):
    """What `export` writes."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"
    PPTX = "pptx"
    PNG = "png"
    SVG = "svg"


# Of one run, as they are stored; every other format is made by the dashboard's own figures.
STORED = (Format.CSV, Format.PARQUET, Format.JSON)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="One run, two to six to compare, or a page's address.")
    ],
    out: Annotated[Path | None, typer.Option(help="File or folder; by default the file's own name, here.")] = None,
    format: Annotated[Format, typer.Option(help="csv, parquet, json of one run: a folder of tables.")] = Format.CSV,
    base: Annotated[str | None, typer.Option(help="Of a comparison: the run that differences are taken from.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of the hourly charts.")] = None,
    week: Annotated[int | None, typer.Option(min=1, max=53, help="Week of the hourly charts.")] = None,
    map: Annotated[str | None, typer.Option(help="Column of the year's map, e.g. solar_mw.")] = None,
    costs: Annotated[str | None, typer.Option(help="Cost by year of one run: category or technology.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take a run, a comparison or any page away: tables, workbook, report, PDF, slides, images."""
    with reporting(as_json):
        options = {"base": base, "year": year, "week": week, "map": map, "costs": costs}
        if len(runs) == 1 and format in STORED and not runs[0].startswith("/"):
            _export_tables(runs[0], out, format, as_json)
            return
        if format is Format.JSON:
            raise Ended(Exit.REFUSED, "json is for one run; of a comparison: firmwatt compare RUN RUN --json")
        document = _make(_address(runs, options), format, out)
        if as_json:
            emit(document)
        else:
            typer.echo(f"{document['file']} ({document['bytes']:,} bytes)")


def _address(runs: list[str], options: Mapping[str, Any]) -> str:
    """Address of the page that shows the same."""
    if any(run.startswith("/") for run in runs):
        if len(runs) > 1 or any(value is not None for value in options.values()):
            raise Ended(Exit.REFUSED, "An address says everything itself: give it alone, without runs or options.")
        return runs[0]
    from engine.store import Store

    store = Store()
    ids = list(dict.fromkeys(resolve(store, run) for run in runs))
    given = {name: value for name, value in options.items() if value is not None}
    if len(ids) == 1:
        if "base" in given:
            raise Ended(Exit.REFUSED, "--base needs two runs or more.")
        return f"/run/{ids[0]}" + (f"?{urlencode(given)}" if given else "")
    if "base" in given:
        given["base"] = resolve(store, given["base"])
        if given["base"] not in ids:
            raise Ended(Exit.REFUSED, f"--base {given['base']} is not among the runs that are compared.")
    return f"/compare?{urlencode({'runs': ','.join(ids), **given}, safe=',')}"


def _make(address: str, format: Format, out: Path | None) -> dict[str, Any]:
    """Let the dashboard make the file, in a process of its own: the engine imports no page."""
    from engine.scenario.loading import home

    target = out.absolute() if out is not None else Path.cwd()
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.takeaway", address, format.value, str(target)],
        cwd=ROOT, env={**os.environ, "FIRMWATT_HOME": str(home().absolute())}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise Ended(Exit.FAILED, f"The file was not made (exit code {done.returncode}); see the lines above.") from None
    if document["status"] != "done":
        code = Exit.REFUSED if document["status"] == "refused" else Exit.FAILED
        raise Ended(code, document["error"], document)
    return document


def _export_tables(run: str, out: Path | None, format: Format, as_json: bool) -> None:
    """Write the tables of a run and its manifest to a folder."""
    from engine.store import MANIFEST, Store

    store = Store()
    run_id = resolve(store, run)
    manifest, folder = store.manifest(run_id), out or Path(run_id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [_write(store, run_id, name, folder, format) for name in manifest["tables"]]
        (folder / MANIFEST).write_bytes((store.path(run_id) / MANIFEST).read_bytes())
    except OSError as error:
        raise Ended(Exit.FAILED, f"Cannot write to {folder}: {error}.") from None
    if as_json:
        emit({"run_id": run_id, "folder": str(folder.resolve()), "files": [*files, MANIFEST]})
    else:
        typer.echo(f"{len(files) + 1} files written to {folder}.")


def _write(store: Store, run_id: str, name: str, folder: Path, format: Format) -> str:
    file = folder / f"{name}.{format.value}"
    if format is Format.PARQUET:
        file.write_bytes((store.path(run_id) / file.name).read_bytes())
    elif format is Format.CSV:
        file.write_bytes(csv_bytes(store.table(run_id, name)))
    else:
        store.table(run_id, name).to_json(file, orient="records", double_precision=12)
    return file.name
