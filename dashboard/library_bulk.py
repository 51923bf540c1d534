"""What is done with one scenario or with all that are chosen: queue, duplicate, export, delete."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import dash
from dash import ALL, Input, Output, State, ctx, dcc, html

from dashboard import jobs
from dashboard.components.problems import notice, problem_box
from dashboard.formatting import plural
from dashboard.ids import Library as Ids
from engine.errors import InputError
from engine.library import Library
from engine.tags import Tagged, Tags

ZIP_NAME = "scenarios.zip"
Found = TypeVar("Found")


def register() -> None:
    """Wire the bar of the chosen scenarios."""

    @dash.callback(
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Output(Ids.CHANGED, "data", allow_duplicate=True),
        Input(Ids.QUEUE, "n_clicks"),
        Input(Ids.DUPLICATE, "n_clicks"),
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _do(queue: int | None, duplicate: int | None, chosen: list[str] | None) -> tuple[Any, Any]:
        if not (queue or duplicate) or not chosen:
            return dash.no_update, dash.no_update
        return (queued if ctx.triggered_id == Ids.QUEUE else duplicated)(chosen), time.time()

    @dash.callback(
        Output(Ids.DOWNLOAD, "data"),
        Output(Ids.MESSAGE, "children", allow_duplicate=True),
        Input(Ids.EXPORT, "n_clicks"),
        Input({"type": "library-do", "do": "export", "key": ALL}, "n_clicks"),
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _export(_all: int | None, _one: list[int | None], chosen: list[str] | None) -> tuple[Any, Any]:
        content, problems = exported(_asked_for(Ids.EXPORT, chosen))
        return content or dash.no_update, problems or dash.no_update

    @dash.callback(
        Output(Ids.DELETE, "is_open", allow_duplicate=True),
        Output(Ids.DELETE_KEY, "data"),
        Output(Ids.DELETE_WORDS, "children"),
        Output(Ids.DELETE_YES, "hidden"),
        Input(Ids.DELETE_OPEN, "n_clicks"),
        Input({"type": "library-do", "do": "delete", "key": ALL}, "n_clicks"),
        State(Ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def _ask(_all: int | None, _one: list[int | None], chosen: list[str] | None) -> tuple[Any, ...]:
        keys = _asked_for(Ids.DELETE_OPEN, chosen)
        if not keys:
            return (dash.no_update,) * 4
        own = own_keys(keys)
        return True, own, delete_words(own, len(keys)), not own


def _asked_for(bar_button: str, chosen: Sequence[str] | None) -> Sequence[str]:
    """The chosen ones when the bar's button was pressed, else the one whose menu was used; none without a press."""
    if not ctx.triggered[0]["value"]:
        return []
    return (chosen or []) if ctx.triggered_id == bar_button else [ctx.triggered_id["key"]]


def own_keys(keys: Sequence[str]) -> list[str]:
    """Those that can be deleted: shipped scenarios stay."""
    own = {entry.key for entry in Library().entries() if not entry.shipped}
    return [key for key in keys if key in own]


def delete_words(own: Sequence[str], asked: int) -> str:
    """What deleting would do."""
    if not own:
        return "All of them come with Firmwatt: they stay in the library."
    some = f"“{name(own[0])}” leaves" if len(own) == 1 else f"{plural(len(own), 'scenario')} leave"
    kept = f" {plural(asked - len(own), 'scenario')} shipped with Firmwatt will stay." if asked > len(own) else ""
    return f"{some} the library for good. Solved runs stay.{kept}"


def queued(keys: Sequence[str]) -> list[Any]:
    """Queue scenarios and say so; what is solved already gives its run at once."""
    done, problems = _each(keys, jobs.submit, "was not queued")
    live = [job for job in done if job.state.live]
    words = [f"Queued {plural(len(live), 'scenario')}"] if live else []
    if len(done) > len(live):
        words.append(f"{plural(len(done) - len(live), 'scenario')} had a result already")
    news = notice(f"{'; '.join(words)}.") if words else None
    return [
        *([html.Div([news, dcc.Link("Watch the runs", href="/runs", className="small")])] if news else []),
        *problems,
    ]


def duplicated(keys: Sequence[str]) -> list[Any]:
    """Copy scenarios to own ones."""
    done, problems = _each(keys, Library().duplicate, "was not duplicated")
    if len(done) == 1:
        return [notice(f"Duplicated as “{name(done[0])}”."), *problems]
    return [*([notice(f"Duplicated {plural(len(done), 'scenario')}.")] if done else []), *problems]


def deleted(keys: Sequence[str]) -> list[Any]:
    """Delete own scenarios, with their tags."""
    names = {key: name(key) for key in keys}

    def delete(key: str) -> str:
        Library().delete(key)
        return key

    done, problems = _each(keys, delete, "was not deleted")
    Tags().forget(Tagged.SCENARIO, done)
    what = f"“{names[done[0]]}”" if len(done) == 1 else plural(len(done), "scenario")
    return [*([notice(f"Deleted {what}. Solved runs stay on the runs page.")] if done else []), *problems]


def exported(keys: Sequence[str]) -> tuple[dict[str, Any] | None, list[Any]]:
    """One scenario as YAML, several as a zip of them."""
    texts, problems = _each(keys, lambda key: (f"{key}.yaml", Library().export_yaml(key)), "was not exported")
    if len(texts) < 2:
        return ({"content": texts[0][1], "filename": texts[0][0], "type": "text/yaml"} if texts else None), problems
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for filename, text in texts:
            archive.writestr(filename, text)
    return dcc.send_bytes(packed.getvalue(), ZIP_NAME), problems


def name(key: str) -> str:
    """Name of a scenario; its key when it is gone."""
    return next((entry.name for entry in Library().entries() if entry.key == key), key)


def _each(keys: Sequence[str], act: Callable[[str], Found], refused: str) -> tuple[list[Found], list[Any]]:
    """Do it to each; one that is refused does not keep the others from it."""
    done, problems = [], []
    for key in keys:
        try:
            done.append(act(key))
        except InputError as error:
            problems.append(problem_box(error, title=f"“{name(key)}” {refused}"))
    return done, problems
