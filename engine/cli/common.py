"""What the commands share: exit codes, one JSON document, errors as words, tables."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import FirmwattError, InputError, StoreError

if TYPE_CHECKING:
    from engine.store import Store


class Exit(IntEnum):
    """Exit codes, for scripts."""

    OK = 0
    FAILED = 1
    REFUSED = 2
    INFEASIBLE = 3
    NO_PLAN_IN_TIME = 5
    CANCELLED = 130


EXIT_CODES = (
    "Exit codes: 0 done, 1 failed, 2 wrong usage or a refused input, 3 infeasible, "
    "5 time limit without a plan, 130 cancelled."
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, or a unique beginning of it.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or a key of the library.")]


class Ended(Exception):
    """A command has an answer, and it is not success."""

    def __init__(self, code: Exit, reason: str, document: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.code, self.reason, self.document = code, reason, document


def application(help_text: str) -> typer.Typer:
    """An empty `firmwatt`."""
    app = typer.Typer(help=help_text, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

    @app.callback()
    def firmwatt(
        version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version, help="Show it.")] = False,
    ) -> None: ...

    firmwatt.__doc__ = help_text
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"firmwatt {version('firmwatt')}")
        raise typer.Exit


@contextlib.contextmanager
def reporting(as_json: bool) -> Iterator[None]:
    """Turn errors that Firmwatt raises on purpose into words and an exit code; others keep their traceback."""
    try:
        yield
    except Ended as ended:
        _complain(ended.reason, ended.document or {"status": ended.code.name.lower(), "error": ended.reason}, as_json)
        raise typer.Exit(ended.code) from None
    except InputError as error:
        problems = [{"place": problem.place, "message": problem.message} for problem in error.problems]
        document = {"status": "refused", "error": str(error), "source": error.source, "problems": problems}
        _complain(str(error), document, as_json)
        raise typer.Exit(Exit.REFUSED) from None
    except FirmwattError as error:
        _complain(str(error), {"status": "failed", "error": str(error)}, as_json)
        raise typer.Exit(Exit.FAILED) from None
    except KeyboardInterrupt:
        _complain("Cancelled.", {"status": "cancelled", "error": "cancelled"}, as_json)
        raise typer.Exit(Exit.CANCELLED) from None


def _complain(words: str, document: Mapping[str, Any], as_json: bool) -> None:
    typer.echo(words, err=True)
    if as_json:
        emit(document)


def emit(document: Any) -> None:
    """Write one JSON document; what is no number in JSON (NaN, infinity) becomes null."""
    typer.echo(json.dumps(_plain(document), indent=2, allow_nan=False, ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; into a pipe it is as wide as it needs to be."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    grid = Table(*head, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for row in rows:
        grid.add_row(*(_cell(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 240, markup=False, highlight=False).print(grid)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return number(value) if isinstance(value, float) else str(value)


def number(value: float, sign: str = "") -> str:
    """A number with some four significant digits, never in powers of ten: 65.41, 1,314,000."""
    size = abs(value)
    digits = 0 if size >= 1000 or value == 0 else max(0, 3 - math.floor(math.log10(size)))
    return f"{value:{sign},.{min(digits, 8)}f}"


def resolve(store: Store, run: str) -> str:
    """Full id of a run; an unknown one is wrong usage."""
    try:
        return store.resolve(run)
    except StoreError as error:
        raise Ended(Exit.REFUSED, str(error)) from None
