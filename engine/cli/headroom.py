"""The command that asks what fits under a demand series: headroom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.common import AsJson, Ended, Exit, emit, number, reporting, table

if TYPE_CHECKING:
    from engine.headroom import Headroom, Series

DEFAULT_SHARE_FRAC = 0.01


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(headroom)


def headroom(
    demand: Annotated[str, typer.Argument(metavar="FILE[:COLUMN]", help="Hourly demand of a year, MW.")],
    share: Annotated[
        float | None,
        typer.Option(help=f"Share of the new load's energy that may be cut; {DEFAULT_SHARE_FRAC} if none."),
    ] = None,
    load: Annotated[float | None, typer.Option(help="Instead: a new load, MW; says the share that is cut.")] = None,
    ceiling: Annotated[float | None, typer.Option(help="Most that both may reach, MW; else the demand's peak.")] = None,
    half_years: Annotated[
        bool, typer.Option("--half-years", help="Ceilings are the peaks of April-September and October-March.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how much constant load fits under a demand series when a share of its energy may be cut."""
    with reporting(as_json):
        from engine import headroom as rooms

        if (share is not None and load is not None) or (ceiling is not None and half_years):
            given = "--share or --load" if load is not None and share is not None else "--ceiling or --half-years"
            raise Ended(Exit.REFUSED, f"Give either {given}, not both.")
        demand_mw, column = _demand_mw(demand)
        limit_mw = rooms.half_year_ceiling_mw(demand_mw) if half_years else ceiling
        if load is not None:
            found = rooms.under(demand_mw, load_mw=load, ceiling_mw=limit_mw)
        else:
            share_frac = DEFAULT_SHARE_FRAC if share is None else share
            found = rooms.headroom(demand_mw, share_frac=share_frac, ceiling_mw=limit_mw)
        highest_mw = float(demand_mw.max()) if ceiling is None else ceiling
        if as_json:
            emit({"column": column, "peak_mw": demand_mw.max(), "ceiling_mw": highest_mw, **found.to_json()})
        else:
            _print(found, float(demand_mw.max()), highest_mw)


def _demand_mw(reference: str) -> tuple[Series, str]:
    """Demand of a CSV column; without a column, of the one whose name fits best."""
    from engine.profiles.series import LOAD_RANGE, read_hourly
    from engine.profiles.upload import check_upload
    from engine.scenario.loading import split_reference

    file, column = split_reference(reference)
    if not column or Path(reference).is_file():
        file, column = reference, check_upload(Path(reference), "load").column or ""
    return read_hourly(Path(file), column=column, valid=LOAD_RANGE).values, column


def _print(found: Headroom, peak_mw: float, ceiling_mw: float) -> None:
    kept = ", ".join(f"{share:.0%} keep {least:.0%}" for least, share in found.kept_frac.items())
    rows = [
        ("Constant load that fits", f"{number(found.load_mw)} MW"),
        ("Demand's peak, ceiling", f"{number(peak_mw)} MW, {number(ceiling_mw)} MW"),
        ("Share of its energy cut", f"{found.curtailed_frac:.3%}"),
        ("Hours with a cut", f"{found.curtailed_hours:,} h a year"),
        ("Events", f"{found.events:,}, {found.mean_event_h:.1f} h on average, at most {found.longest_event_h:.0f} h"),
        ("Of the hours with a cut", f"{kept} of the load or more"),
    ]
    table(("", ""), rows)
