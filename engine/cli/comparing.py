"""The command that lays runs side by side: compare."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, number, reporting, resolve, table

if TYPE_CHECKING:
    from engine.comparison import Comparison

FEWEST, MOST = 2, 6


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    runs: Annotated[list[str], typer.Argument(metavar="RUN RUN...", help="Two to six runs.")],
    base: Annotated[str | None, typer.Option(help="Run to take differences from; by default the first.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare runs: figures with their differences, inputs that differ, and the verdict in words."""
    with reporting(as_json):
        from functools import partial

        from engine.choice.explained import stored_explanation
        from engine.comparison import compare as compare_runs
        from engine.store import Store

        store = Store()
        ids = list(dict.fromkeys(resolve(store, run) for run in runs))
        chosen = resolve(store, base) if base else ids[0]
        if not FEWEST <= len(ids) <= MOST:
            raise Ended(Exit.REFUSED, f"compare takes {FEWEST} to {MOST} different runs; {len(ids)} given.")
        if chosen not in ids:
            raise Ended(Exit.REFUSED, f"--base {chosen} is not among the runs that are compared.")
        comparison = compare_runs(store, ids, chosen, partial(stored_explanation, store))
        if as_json:
            emit(comparison.to_json())
        else:
            _print(comparison)
        if comparison.missing:
            typer.echo("\n".join(comparison.missing.values()), err=True)
            raise typer.Exit(Exit.FAILED)


def _print(comparison: Comparison) -> None:
    for run_id, letter in comparison.letters.items():
        mark = "  (base)" if run_id == comparison.base else ""
        typer.echo(f"{letter}  {comparison.names[run_id]}  {run_id}{mark}")
    letters = list(comparison.letters.values())
    typer.echo()
    table(("", "unit", *letters), _figures(comparison))
    if len(comparison.inputs):
        typer.echo("\nInputs that differ:")
        table(("", "unit", *letters), _inputs(comparison))
    typer.echo()
    for sentence in comparison.sentences:
        typer.echo(sentence)


def _figures(comparison: Comparison) -> list[list[str]]:
    """A row a metric: its value in each run, and how far that is from the base."""
    rows = []
    for _, group in comparison.figures.groupby("metric", sort=False):
        by_run = group.set_index("run_id").to_dict("index")
        first = next(iter(by_run.values()))
        cells = [_figure(by_run[run], run == comparison.base) for run in comparison.run_ids]
        rows.append([str(first["label"]), "-" if first["unit"] == "frac" else str(first["unit"]), *cells])
    return rows


def _figure(row: dict[Any, Any], is_base: bool) -> str:
    value, change = row["value"], row["difference_frac"]
    if math.isnan(value):
        return "-"
    shown = f"{value:.0f}" if row["unit"] == "yr" else number(value)
    return shown if is_base or math.isnan(change) else f"{shown} ({change:+.1%})"


def _inputs(comparison: Comparison) -> list[list[Any]]:
    return [
        [f"{row['group']}: {row['label']}", row["unit"], *(row[run] for run in comparison.run_ids)]
        for row in comparison.inputs.to_dict("records")
    ]
