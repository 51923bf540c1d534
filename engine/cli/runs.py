"""Commands on one finished run or the list of them: list, show, verify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from engine.cli.common import AsJson, Exit, Run, emit, reporting, resolve, table
from engine.wording import CO2

LISTED = (
    "run_id", "name", "status", "termination", "adequate", "verified", "mip_gap_frac", "objective_usd",
    "lcoe_usd_per_mwh", "fingerprint",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(list_runs)
    for command in (show, verify):
        app.command()(command)


def list_runs(as_json: AsJson = False) -> None:
    """List the stored runs, newest first, and damaged ones with what is wrong with them."""
    with reporting(as_json):
        from engine.store import Store

        store = Store()
        manifests, damaged = store.runs(), store.damaged()
        if as_json:
            runs = [{**_listed(manifest), "created_utc": manifest["created_utc"]} for manifest in manifests]
            emit({"runs": runs, "damaged": [{"run": run, "reason": reason} for run, reason in damaged]})
            return
        if not manifests and not damaged:
            typer.echo("No runs yet; try: firmwatt solve light-gas")
        if manifests:
            table(("run", "name", "ended", "LCOE [USD/MWh]", "gap", "created"), [_row(one) for one in manifests])
        for run, reason in damaged:
            typer.echo(f"damaged: {run}: {reason}", err=True)


def show(run: Run, as_json: AsJson = False) -> None:
    """Show the headline figures of a run."""
    with reporting(as_json):
        from engine.store import Store

        store = Store()
        summary = store.manifest(resolve(store, run))["summary"]
        if as_json:
            emit(summary)
        else:
            headline(summary)


def verify(run: Run, as_json: AsJson = False) -> None:
    """Prove a stored run again from its tables alone."""
    with reporting(as_json):
        from engine.store import Store
        from engine.verification import verify_run

        store = Store()
        run_id = resolve(store, run)
        verification = verify_run(store, run_id)
        if as_json:
            emit({"run_id": run_id, **verification.to_json()})
        else:
            marks = {True: "ok", False: "FAILED"}
            table(("", "check", "detail"), [(marks[one.passed], one.name, one.detail) for one in verification.checks])
            typer.echo(f"{run_id}: {'verified' if verification.passed else 'NOT verified'}.")
        if not verification.passed:
            raise typer.Exit(Exit.FAILED)


def headline(summary: Mapping[str, Any]) -> None:
    """Print the figures that decide, and what is built."""
    typer.echo(f"{summary['name']}  ({summary['run_id']})")
    if summary["status"] == "infeasible":
        typer.echo("Infeasible: there is no plan.")
        reason(summary.get("diagnosis"))
        return
    adequate = "yes" if summary["adequate"] else f"NO: {summary['unserved_mwh']:,.0f} MWh go unserved"
    lcoe = "-" if summary["lcoe_usd_per_mwh"] is None else f"{summary['lcoe_usd_per_mwh']:,.2f} USD/MWh"
    gap = "-" if summary["mip_gap_frac"] is None else f"{summary['mip_gap_frac']:.2%}"
    rows = [
        ("LCOE", lcoe),
        ("NPV cost", f"{summary['npv_cost_usd'] / 1e6:,.1f} M USD"),
        ("Serves the whole load", adequate),
        ("Ended", f"{summary['termination']}, gap {gap}"),
        ("Hours seen by the sizing", _hours_seen(summary)),
        ("Dispatch against sizing", _stage_gap(summary)),
        ("Verified", "yes" if summary["verified"] else "NO"),
        ("NOx, highest year", f"{summary['nox_peak_year_short_tons']:,.1f} short tons"),
        (CO2, f"{summary['co2_tonnes']:,.0f} t"),
        ("Estimate", summary["estimate_class"]),
    ]
    table(("", ""), rows)
    _built(summary["capacity"])
    _trail(summary)
    if not summary["adequate"]:
        reason(summary.get("diagnosis"))


def reason(diagnosis: Mapping[str, Any] | None) -> None:
    """Print what is in the way of serving all load, and what would have to give way."""
    if diagnosis is None:
        return
    from engine.diagnosis_words import remedy_rows, sentences

    for sentence in sentences(diagnosis):
        typer.echo(sentence)
    rows = [(row.label, row.now, row.alone, row.least) for row in remedy_rows(diagnosis)]
    if rows and diagnosis["outcome"] == "conflict":
        table(("limit", "now", "would do by itself", "in the least change"), rows)


def _hours_seen(summary: Mapping[str, Any]) -> str:
    from engine.representation import representation_words

    stated = summary.get("representation")
    return representation_words(stated) if stated else "-"


def _stage_gap(summary: Mapping[str, Any]) -> str:
    gap = summary["stage_gap_frac"]
    return "-" if gap is None else f"{gap:+.2%}: cost of the 8,760 h over the cost that the sizing saw"


def _trail(summary: Mapping[str, Any]) -> None:
    """What the dispatch sent back to the sizing, where it sent anything."""
    from engine.adequacy import trail_words

    trail = summary["adequacy_trail"]
    for sentence in trail_words(trail) if len(trail) > 1 else ():
        typer.echo(sentence)


def _built(capacity: Mapping[str, Mapping[str, float]]) -> None:
    years = sorted({year for path in capacity.values() for year in path})
    rows = [(key, *(f"{path.get(year, 0.0):,.1f}" for year in years)) for key, path in capacity.items()]
    table(("MW in service", *years), rows)


def _listed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: manifest["summary"].get(key) for key in LISTED}


def _row(manifest: Mapping[str, Any]) -> tuple[Any, ...]:
    summary = manifest["summary"]
    lcoe, gap = summary.get("lcoe_usd_per_mwh"), summary.get("mip_gap_frac")
    shown = ("-" if lcoe is None else f"{lcoe:.2f}", "-" if gap is None else f"{gap:.2%}")
    return (summary["run_id"], summary["name"], summary["termination"], *shown, manifest["created_utc"][:19])
