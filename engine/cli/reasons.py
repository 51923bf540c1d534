"""Commands that give reasons: why there is no plan that serves all load, and why a plan is as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, File, emit, reporting
from engine.cli.runs import reason
from engine.cli.scenarios import find

if TYPE_CHECKING:
    from engine.scenario.loading import LoadedScenario


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(diagnose)


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
