"""Commands on the equipment catalogue: list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, emit, number, reporting, table

if TYPE_CHECKING:
    from engine.catalogue import Entry, Terms

Gas = Annotated[float, typer.Option(help="Gas price for the screening, USD/MMBtu.", min=0)]
Factor = Annotated[float, typer.Option(help="Capacity factor for the screening, 0-1.", min=0.01, max=1)]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="The equipment catalogue: figures with units and sources.", no_args_is_help=True)
    group.command("list")(list_equipment)
    group.command("show")(show_equipment)
    app.add_typer(group, name="equipment")


def list_equipment(as_json: AsJson = False, gas_price: Gas = 3.5, capacity_factor: Factor = 0.8) -> None:
    """List the catalogue, shipped and own, screened at a gas price and a capacity factor."""
    with reporting(as_json):
        from engine.catalogue import Catalogue, Terms

        catalogue, terms = Catalogue(), Terms(gas_usd_per_mmbtu=gas_price)
        entries = [_screened(entry, terms, capacity_factor) for entry in catalogue.entries()]
        if as_json:
            damaged = [{"key": key, "reason": reason} for key, reason in catalogue.damaged()]
            emit({"equipment": entries, "damaged": damaged})
            return
        shown = ("key", "name", "kind", "annuity_usd_per_kw_yr", "fuel_usd_per_mwh", "energy_usd_per_mwh")
        heads = ("key", "name", "kind", "USD/kW-yr", "fuel USD/MWh", "USD/MWh", "NOx lb/MWh")
        table(heads, [(*(one[name] for name in shown), one["nox_lb_per_mwh"] or None) for one in entries])
        typer.echo(f"USD/kW-yr: capital as annuity at 8 %; USD/MWh at a capacity factor of {capacity_factor:.0%}.")
        for key, reason in catalogue.damaged():
            typer.echo(f"damaged: {key}: {reason}", err=True)


def show_equipment(key: Annotated[str, typer.Argument(metavar="KEY")], as_json: AsJson = False) -> None:
    """Show every figure of one entry with its unit and source."""
    with reporting(as_json):
        from engine.catalogue import Catalogue, figures, to_technology

        entry = Catalogue().get(key)
        rows = [{**_origin(one), "path": one.path, "value": one.value, "unit": one.unit} for one in figures(entry)]
        if as_json:
            emit({**_head(entry), "figures": rows, "technology": to_technology(entry)})
            return
        typer.echo(f"{entry.name}: {entry.summary}")
        cells = [
            (one["path"], number(one["value"]), one["unit"], one["source"], one["dollar_year"] or "", one["status"])
            for one in rows
        ]
        table(("figure", "value", "unit", "source", "dollars of", "status"), cells)


def _head(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key, "name": entry.name, "summary": entry.summary, "kind": entry.kind, "shipped": entry.shipped,
    }  # fmt: skip


def _screened(entry: Entry, terms: Terms, capacity_factor: float) -> dict[str, Any]:
    from engine.catalogue import screen

    found = screen(entry, terms)
    energy = float(found.energy_usd_per_mwh(capacity_factor)) if found.generates else None
    return {
        **_head(entry),
        "annuity_usd_per_kw_yr": found.annuity_usd_per_kw_yr,
        "fuel_usd_per_mwh": found.fuel_usd_per_mwh,
        "energy_usd_per_mwh": energy,
        "nox_lb_per_mwh": found.nox_lb_per_mwh,
    }


def _origin(figure: Any) -> dict[str, Any]:
    origin = figure.origin
    source = f"{origin.name}, {origin.locator}" if origin.locator else origin.name
    return {"source": source, "dollar_year": origin.dollar_year if figure.is_money else None, "status": origin.status}
