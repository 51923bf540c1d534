"""The commands that ask what would change the choice: regret, alternatives, break-even, and a difference by input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.common import AsJson, Ended, Exit, File, emit, number, reporting, resolve, table
from engine.cli.progress import watching
from engine.cli.scenarios import find

if TYPE_CHECKING:
    from engine.choice.explained import Explained
    from engine.request import StudyRequest

Force = Annotated[bool, typer.Option("--force", help="Work it out again although it is stored.")]
LETTERS = "ABCDEF"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(regret)
    app.command()(alternatives)
    app.command("break-even")(break_even)
    app.command()(attribute)


def regret(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN RUN...", help="Two to six plans; futures change the first.")
    ],
    futures: Annotated[
        Path | None, typer.Option(help="YAML list of {name, values: {place: value}, weight}; else the usual ones.")
    ] = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Quick: the sizing's weeks instead of 8,760 hours.")] = False,
    optima: Annotated[bool, typer.Option("--optima", help="Also plan for each future (one solve each).")] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Run each plan's fixed builds in each future: cost, regret, and the plan of least regret."""
    with reporting(as_json):
        from engine.choice.futures import default_futures, read_futures
        from engine.choice.questions import regret_question
        from engine.choice.regret_words import sentences
        from engine.choice.variants import scenario_of_run
        from engine.store import Store

        store = Store()
        ids = list(dict.fromkeys(resolve(store, run) for run in runs))
        reference = scenario_of_run(store.manifest(ids[0]))
        chosen = read_futures(_rows(futures), reference) if futures else default_futures(reference.scenario)
        hours = "weeks" if weeks else "exact"
        question = regret_question(store, ids, chosen, hours=hours, optima=optima, force=force)
        summary, tables = _answer(question, ("cells", "plans"), quiet=as_json)
        letters = dict(zip(ids, LETTERS, strict=False))
        words = sentences(tables["cells"], tables["plans"], letters)
        if as_json:
            emit({**summary, "words": words, **{name: _rows_of(frame) for name, frame in tables.items()}})
            return
        for run_id, letter in letters.items():
            typer.echo(f"{letter}  {summary['plans'][run_id]}  {run_id}")
        _print_matrix(tables["cells"], letters)
        typer.echo("\n" + "\n".join(words))


def _print_matrix(cells: Any, letters: dict[str, str]) -> None:
    from engine.choice.regret_words import OPTIMUM, reason

    names = {**letters, OPTIMUM: "best plan"}
    rows = []
    for future, group in cells.groupby("future", sort=False):
        by_run = {row["run_id"]: row for row in group.to_dict(orient="records")}
        row: list[Any] = [future]
        for run_id in letters:
            cell = by_run[run_id]
            cost = f"{number(cell['cost_usd'] / 1e6)}"
            regret_words = f"+{number(cell['regret_usd'] / 1e6)}" if cell["serves"] else f"FAILS: {reason(cell)}"
            row += [cost, regret_words]
        best = group["best"].dropna()
        rows.append([*row, names.get(str(best.iloc[0]), "-") if len(best) else "nobody"])
    head = [part for letter in letters.values() for part in (f"{letter} cost, M USD", f"{letter} regret, M USD")]
    table(("future", *head, "best known"), rows)


def alternatives(
    file: File,
    within: Annotated[float, typer.Option(help="Slack over the least cost, as a fraction.")] = 0.02,
    own_steps: Annotated[bool, typer.Option("--full", help="On the sizing's own steps; else typical days.")] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Find plans that cost nearly as little: least and most of each technology, and the mixes that differ most."""
    with reporting(as_json):
        from engine.choice.alternatives_words import OWN, QUICK, alternatives_question, sentences

        question = alternatives_question(find(file), within, steps=OWN if own_steps else QUICK, force=force)
        summary, tables = _answer(question, ("ranges", "plans"), quiet=as_json)
        words = sentences(tables["ranges"], within)
        if as_json:
            emit({**summary, "words": words, **{name: _rows_of(frame) for name, frame in tables.items()}})
            return
        columns = ("label", "least_mw", "best_mw", "most_mw", "verdict")
        lines = zip(*(tables["ranges"][column] for column in columns), strict=True)
        table(("technology", "least, MW", "best plan, MW", "most, MW", ""), lines)
        typer.echo("\n" + "\n".join(words))


def break_even(
    file: File,
    place: Annotated[str, typer.Argument(help="Input, e.g. fuel.price_usd_per_mmbtu.")],
    low: Annotated[float | None, typer.Option("--from", help="Where the range begins; else half the value.")] = None,
    high: Annotated[float | None, typer.Option("--to", help="Where it ends; else twice the value.")] = None,
    points: Annotated[int, typer.Option(help="Solves along the range before breaks are narrowed down.")] = 9,
    confirm: Annotated[bool, typer.Option(help="Size fully on both sides of each break.")] = True,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Find the values of an input at which the best plan's mix changes."""
    with reporting(as_json):
        from engine.choice.break_even_words import break_even_question, sensible_range, sentences
        from engine.choice.variants import mapping_of, unknown_places, value_at
        from engine.errors import InputError
        from engine.inputs import inputs

        loaded = find(file)
        if problems := unknown_places(loaded, [place]):
            raise InputError("break-even", problems)
        if low is None or high is None:
            usual = sensible_range(loaded, place)
            low, high = usual[0] if low is None else low, usual[1] if high is None else high
        question = break_even_question(loaded, place, low, high, points=points, confirm=confirm, force=force)
        summary, tables = _answer(question, ("points", "breaks", "builds"), quiet=as_json)
        row = next(row for row in inputs({"scenario": mapping_of(loaded)}) if row.place == place)
        now = float(value_at(mapping_of(loaded), place))
        words = sentences(tables["points"], tables["breaks"], row.label, row.unit, now)
        if as_json:
            emit({**summary, "words": words, **{name: _rows_of(frame) for name, frame in tables.items()}})
            return
        lines = zip(*(tables["points"][column] for column in ("value", "usd_per_mwh", "mix")), strict=True)
        table((f"{row.label}, {row.unit}", "LCOE, USD/MWh", "mix"), lines)
        typer.echo("\n" + "\n".join(words))


def attribute(
    base: Annotated[str, typer.Argument(metavar="RUN", help="The run that the difference is taken from.")],
    other: Annotated[str, typer.Argument(metavar="RUN", help="The other run.")],
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Say how much of the difference between two runs each changed input causes."""
    with reporting(as_json):
        from engine.choice.explained import attribution_question, stored_explanation
        from engine.store import Store

        store = Store()
        ids = resolve(store, base), resolve(store, other)
        _answer(attribution_question(store, *ids, force=force), (), quiet=as_json)
        found = stored_explanation(store, *ids)
        if found is None:
            raise Ended(Exit.FAILED, "the study was removed while it was read; ask again.")
        if as_json:
            emit(found.to_json())
        else:
            _print_parts(found)


def _print_parts(found: Explained) -> None:
    columns = ("label", "words", "npv_usd", "usd_per_mwh")
    rows = [
        (a, b, f"{c / 1e6:+,.3f}", f"{d:+,.3f}") for a, b, c, d in zip(*(found.parts[c] for c in columns), strict=True)
    ]
    total = ("Difference", "", f"{found.full['npv_usd'] / 1e6:+,.3f}", f"{found.full['usd_per_mwh']:+,.3f}")
    table(("input", "change", "M USD", "USD/MWh"), [*rows, total])
    typer.echo(f"\n{found.note}")


def _answer(request: StudyRequest, names: tuple[str, ...], *, quiet: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Summary and tables of a study, done now or found in the store."""
    from engine.study import Studies, run_study

    with watching(request.name, quiet=quiet) as on_progress:
        done = run_study(request, on_progress)
    studies = Studies(Path(request.studies))
    return {"study_id": done.run_id, **done.summary}, {name: studies.table(done.run_id, name) for name in names}


def _rows_of(frame: Any) -> list[dict[str, Any]]:
    from engine.choice.rows import records

    return records(frame)


def _rows(file: Path) -> Any:
    """A YAML file's content, which need be no mapping."""
    import yaml

    from engine.errors import InputError, Problem

    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(file), [Problem("", f"cannot be read ({error.strerror}).")]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(str(file), [Problem("", f"is not valid YAML: {error}.")]) from None
