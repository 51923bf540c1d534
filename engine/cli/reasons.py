"""Commands that give reasons: why there is no plan that serves all load, and why a plan is as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from engine.cli.common import AsJson, Ended, Exit, File, Run, emit, reporting, resolve, table
from engine.cli.runs import reason
from engine.cli.scenarios import find, run_in_process

if TYPE_CHECKING:
    import pandas as pd

    from engine.scenario.loading import LoadedScenario

MONTHS = 12


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (diagnose, explain):
        app.command()(command)


def diagnose(
    file: File,
    out: Annotated[Path | None, typer.Option(help="Write the scenario of the least change to this YAML file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which limits keep a scenario from serving all its load, and what would have to give way."""
    with reporting(as_json):
        loaded = find(file)
        found = _diagnosed(loaded)
        if as_json:
            emit({"name": loaded.scenario.name, **found})
        else:
            typer.echo(f"{loaded.scenario.name}  (diagnosed in {found['seconds']:.1f} s)")
            reason(found)
        if out is not None:
            _write_relaxed(loaded, found, out)


def explain(
    run: Run,
    earlier_grid: Annotated[bool, typer.Option(help="Also solve with the grid 12 months earlier.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say why a plan is as it is: what limits are worth, what is not built, what an earlier grid is worth."""
    with reporting(as_json):
        from engine.store import Store

        store = Store()
        run_id = resolve(store, run)
        manifest = store.manifest(run_id)
        if "shadow_prices" not in manifest["tables"]:
            raise Ended(Exit.FAILED, f"{run_id} has no prices: solve it again, or see: firmwatt show {run_id}.")
        prices, left_out = store.table(run_id, "shadow_prices"), store.table(run_id, "reduced_costs")
        earlier = _earlier_grid(manifest, as_json) if earlier_grid else None
        if as_json:
            found = {"shadow_prices": prices.to_dict("records"), "reduced_costs": left_out.to_dict("records")}
            emit({"run_id": run_id, **found, "earlier_grid": earlier})
        else:
            _say(prices, left_out, earlier)


def _say(prices: pd.DataFrame, left_out: pd.DataFrame, earlier: dict[str, Any] | None) -> None:
    from engine.price_words import cost, describe_prices, enters_at

    typer.echo(describe_prices(prices))
    bound = prices[prices["usd_per_unit"] > 0]
    if len(bound):
        columns = ("year", "label", "usd_per_unit", "unit", "binding_frac", "when")
        rows = [tuple(row[name] for name in columns) for row in bound.to_dict("records")]
        table(("year", "limit", "worth of one more", "unit", "binds [of the year]", "when"), rows)
    if len(left_out):
        rows = [
            (row["technology"], cost(row["now_usd"], row["unit"]), enters_at(row), str(row["year"]))
            for row in left_out.to_dict("records")
        ]
        table(("not built", "overnight cost", "would be built at", "year of build"), rows)
    if earlier is not None:
        typer.echo(
            f"A grid 12 months earlier saves {earlier['saved_usd'] / 1e6:,.2f} M USD of net present cost, "
            f"{earlier['saved_usd_per_month'] / 1e3:,.1f} k USD a month ({earlier['run_id']})."
        )


def _earlier_grid(manifest: dict[str, Any], as_json: bool) -> dict[str, Any]:
    """Solve the scenario with the earlier grid (or find it solved), and take the difference."""
    from engine.derivation import with_earlier_grid
    from engine.scenario.loading import validate_scenario

    mapping = with_earlier_grid(manifest["scenario"])
    if mapping is None:
        raise Ended(Exit.REFUSED, "The scenario has no grid connection that has to wait: nothing can come earlier.")
    outcome = run_in_process(validate_scenario(mapping, source=str(mapping["name"])), as_json, force=False)
    if outcome.run_id is None:
        raise Ended(Exit.FAILED, outcome.reason)
    then = outcome.summary["npv_cost_usd"]
    if then is None:
        raise Ended(Exit.INFEASIBLE, f"There is no plan with the earlier grid: firmwatt show {outcome.run_id}.")
    saved = float(cast(float, manifest["summary"]["npv_cost_usd"])) - float(then)
    return {"run_id": outcome.run_id, "saved_usd": saved, "saved_usd_per_month": saved / MONTHS}


def _diagnosed(loaded: LoadedScenario) -> dict[str, Any]:
    from engine.diagnosis import diagnose as diagnosis_of
    from engine.profiles import build_profiles

    return diagnosis_of(loaded.scenario, build_profiles(loaded)).to_json()


def _write_relaxed(loaded: LoadedScenario, found: dict[str, Any], out: Path) -> None:
    from engine.derivation import relaxed
    from engine.scenario.loading import to_yaml, validate_scenario

    if not found["overrides"]:
        raise Ended(Exit.FAILED, "There is nothing to write: no change of these limits cures it.")
    mapping = relaxed(loaded.scenario.model_dump(mode="json"), found["overrides"])
    folders = tuple({file.path.parent for file in loaded.files.values()})
    scenario = validate_scenario(mapping, source=str(out), folders=folders).scenario
    try:
        out.write_text(to_yaml(scenario), encoding="utf-8")
    except OSError as error:
        raise Ended(Exit.FAILED, f"Cannot write {out}: {error.strerror}; choose another folder.") from None
    typer.echo(f"The scenario of the least change is in {out}.", err=True)
