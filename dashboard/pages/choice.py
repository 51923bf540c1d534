"""Futures: which plan would be regretted least, what is a must, and where the best mix changes.

The address is the state: the tab, the plans or the scenario, and the study in view.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Input, Output, State, callback, ctx, dcc, html

from dashboard import data, links, study_watch
from dashboard.choice_state import FIRST_SCENARIO, Asked, read, reference_of
from dashboard.components.empty import empty_state
from dashboard.components.page import page, page_head
from dashboard.components.problems import notice, problem_box
from dashboard.forms.values import Unreadable, parse_number
from dashboard.ids import Futures as Ids
from dashboard.takeaway.menu import menu
from dashboard.views import alternatives, break_even, futures_form, regret
from dashboard.views import futures_forms as forms
from dashboard.views.compared import missing_notes
from engine.choice import alternatives_words, break_even_words
from engine.choice.futures import Future, default_futures, read_futures
from engine.choice.questions import FEWEST_PLANS, regret_question
from engine.choice.variants import scenario_of_run
from engine.errors import InputError, Problem, StoreError
from engine.job import Job
from engine.library import Library
from engine.request import StudyRequest, study_id
from engine.scenario.loading import LoadedScenario
from engine.study import Studies

dash.register_page(__name__, path=forms.PATH, name="Futures", title="Futures · Firmwatt")

PURPOSE = (
    "Each plan's builds are run in other futures (dearer gas, a later grid, more load): what each costs there, and "
    "which plan would be regretted least."
)


def layout(tab: str = "", runs: str = "", scenario: str = "", study: str = "", **_query: str) -> html.Div:
    """The page; without a question it offers the first."""
    asked = read(tab, runs, scenario, study)
    manifests = {run_id: data.manifest(run_id) for run_id in asked.runs}
    chips = forms.plan_chips(asked.runs, {key: one["name"] for key, one in manifests.items()}, data.runs())
    on_regret = asked.tab == "regret"
    enough = len(asked.runs) >= FEWEST_PLANS
    head = page_head("Futures", chips=html.Div([forms.tabs(asked.tab, asked.runs, asked.scenario),
                                                chips if on_regret else None], className="choice-head"),
                     actions=menu("choice") if asked.question else None)  # fmt: skip
    kept = {"study": asked.study, "runs": list(asked.runs), "scenario": asked.scenario, "tab": asked.tab}
    reference = reference_of(asked.runs) if on_regret else None
    return html.Div(
        [
            page(
                head,
                html.Div(_refused(asked), id=Ids.MESSAGE, className="message", **{"aria-live": "polite"}),
                None if not on_regret or enough else _first_step(asked),
                html.Div(_regret_form(asked, reference), hidden=not (on_regret and enough)),
                html.Div(_scenario_forms(asked), className="choice-scenario-forms", hidden=on_regret),
                study_watch.area(Ids, kept, show),
            ),
            dcc.Store(id=Ids.KEPT, data=kept),
            dcc.Location(id=Ids.GO, refresh="callback-nav"),
        ]
    )


def _refused(asked: Asked) -> list[Any]:
    """What the address names that is not there."""
    if asked.tab == "regret":
        return missing_notes(asked.missing)
    keys = [entry.key for entry in Library().entries()]
    absent = asked.question is None and asked.scenario not in keys
    return missing_notes({asked.scenario: "it is not in the library; choose another below."} if absent else {})


def _first_step(asked: Asked) -> html.Div:
    newest = [one for one in data.runs() if one["status"] == "done" and one["run_id"] not in asked.runs]
    if not newest:
        return empty_state("No plans to hold against the future yet", f"{PURPOSE} Solve two scenarios first.",
                           [("Open the library", "/")])  # fmt: skip
    two = [*asked.runs, *(str(one["run_id"]) for one in newest)][:2]
    steps = [("Take the two newest plans", forms.href("regret", two))] if len(two) == 2 else [("Open the library", "/")]
    return empty_state("Choose two to six plans", PURPOSE, steps)


def _regret_form(asked: Asked, reference: LoadedScenario | None) -> html.Section:
    options = asked.question.options if asked.question and asked.question.kind == "regret" else {}
    if options:
        futures = [Future(row["name"], row["values"], row["weight"]) for row in options["futures"]]
    else:
        futures = list(default_futures(reference.scenario)) if reference else []
    rows = futures_form.rows_of(futures)
    hours, optima = str(options.get("hours", "weeks")), bool(options.get("optima", False))
    return forms.regret_form(reference, rows, hours, optima=optima, folded=bool(options))


def _scenario_forms(asked: Asked) -> list[Any]:
    """Forms of the two questions that are asked of a scenario; the one out of view only holds its ids."""
    entries = {entry.key: entry.name for entry in Library().entries()}
    question = asked.question
    loaded = question.load()[0] if question and asked.tab != "regret" else _library(asked.scenario)
    chosen = asked.scenario if question is None else _key_of(loaded, entries)
    options = question.options if question else {}
    found = asked.tab == "break-even"
    within = 100 * float(options.get("within_frac", 0.02))
    break_form = forms.break_even_form(
        loaded if found else None, str(options.get("place", "")), options.get("low"), options.get("high")
    )
    return [
        forms.scenario_bar(entries, chosen),
        html.Div(
            forms.alternatives_form(within, str(options.get("steps", "quick"))), hidden=asked.tab != "alternatives"
        ),
        html.Div(break_form, hidden=not found),
    ]


def _library(key: str) -> LoadedScenario | None:
    try:
        return Library().load(key)
    except InputError:
        return None


def _key_of(loaded: LoadedScenario | None, entries: dict[str, str]) -> str:
    name = loaded.scenario.name if loaded else ""
    return next((key for key, entry in entries.items() if entry == name), FIRST_SCENARIO)


def show(kept: dict[str, Any]) -> Any:
    """The result of the study in view, as far as it has come."""
    study, studies = kept["study"], Studies()
    question = study_watch.question_of(study)
    try:
        manifest = studies.manifest(study)
    except StoreError:
        return None
    if question is None:
        return None
    summary = manifest["summary"] if manifest else None
    read = {name: studies.table(study, name) for name in studies.tables(study)}
    if question.kind == "regret" and (cells := read.get("cells")) is not None:
        names = {run_id: _name(run_id) for run_id in question.options["plans"]}
        done = read.get("plans") if manifest else None
        return regret.result(cells, done, names, str(question.options["hours"]))
    if question.kind == break_even_words.KIND and (points := read.get("points")) is not None:
        breaks = read.get("breaks") if manifest else None
        return html.Div(break_even.result(question, points, read["builds"], breaks, summary), className="choice-grid")
    if question.kind == alternatives_words.KIND and (plans := read.get("plans")) is not None:
        return html.Div(alternatives.result(question, plans, read.get("ranges"), summary), className="choice-grid")
    return None


def _name(run_id: str) -> str:
    try:
        return str(data.manifest(run_id)["name"])
    except StoreError:
        return run_id


study_watch.register(Ids, show)

_FIELDS = ("name", "place", "value", "weight")
_ROW_STATES = [State({"type": f"futures-{field}", "row": ALL}, "value") for field in _FIELDS]


@callback(
    Output(Ids.ROWS, "children"),
    Input(Ids.ADD, "n_clicks"),
    Input(Ids.USUAL, "n_clicks"),
    Input({"type": "futures-drop", "row": ALL}, "n_clicks"),
    *_ROW_STATES,
    State(Ids.KEPT, "data"),
    prevent_initial_call=True,
)
def _edit(add: int | None, usual: int | None, drops: list[int | None], *rest: Any) -> Any:
    *columns, kept = rest
    if not (add or usual or any(drops)):
        return dash.no_update
    reference, rows = reference_of(kept["runs"]), futures_form.typed(*columns)
    if ctx.triggered_id == Ids.ADD:
        rows = [*rows, futures_form.Row(name=f"Future {len(rows) + 1}")]
    elif ctx.triggered_id == Ids.USUAL and reference is not None:
        rows = futures_form.rows_of(default_futures(reference.scenario))
    elif isinstance(ctx.triggered_id, dict) and ctx.triggered[0]["value"]:
        rows = [row for number, row in enumerate(rows) if number != ctx.triggered_id["row"]]
    return futures_form.table(rows, reference)


@callback(
    Output(Ids.GO, "href"),
    Output(Ids.MESSAGE, "children"),
    Input(Ids.ASK_REGRET, "n_clicks"),
    *_ROW_STATES,
    State(Ids.HOURS, "value"),
    State(Ids.OPTIMA, "value"),
    State(Ids.KEPT, "data"),
    prevent_initial_call=True,
)
def _ask_regret(clicks: int | None, *rest: Any) -> tuple[Any, Any]:
    *columns, hours, optima, kept = rest
    if not clicks:
        return dash.no_update, dash.no_update

    def question() -> StudyRequest:
        reference = scenario_of_run(data.manifest(kept["runs"][0]))
        rows = futures_form.futures_of(futures_form.typed(*columns), reference)
        futures = read_futures(rows, reference)
        return regret_question(data.store(), kept["runs"], futures, hours=hours, optima=bool(optima))

    return _ask(question)


@callback(
    Output(Ids.GO, "href", allow_duplicate=True),
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Input(Ids.ASK_BREAK_EVEN, "n_clicks"),
    State(Ids.SCENARIO, "value"),
    State(Ids.PLACE, "value"),
    State(Ids.LOW, "value"),
    State(Ids.HIGH, "value"),
    State(Ids.POINTS, "value"),
    State(Ids.CONFIRM, "value"),
    prevent_initial_call=True,
)
def _ask_break_even(
    clicks: int | None, scenario: str, place: str, low: str, high: str, points: str, confirm: bool
) -> tuple[Any, Any]:
    if not clicks:
        return dash.no_update, dash.no_update

    def question() -> StudyRequest:
        numbers = _numbers("break-even", {"from": low, "to": high, "points": points})
        return break_even_words.break_even_question(
            Library().load(scenario), place or "", numbers["from"], numbers["to"], points=int(numbers["points"]),
            confirm=bool(confirm),
        )  # fmt: skip

    return _ask(question)


@callback(
    Output(Ids.GO, "href", allow_duplicate=True),
    Output(Ids.MESSAGE, "children", allow_duplicate=True),
    Input(Ids.ASK_ALTERNATIVES, "n_clicks"),
    State(Ids.SCENARIO, "value"),
    State(Ids.WITHIN, "value"),
    State(Ids.STEPS, "value"),
    prevent_initial_call=True,
)
def _ask_alternatives(clicks: int | None, scenario: str, within: str, steps: str) -> tuple[Any, Any]:
    if not clicks:
        return dash.no_update, dash.no_update

    def question() -> StudyRequest:
        within_frac = _numbers("alternatives", {"percentage": str(within).rstrip("% ")})["percentage"] / 100
        return alternatives_words.alternatives_question(Library().load(scenario), within_frac, steps=steps)

    return _ask(question)


@callback(
    Output(Ids.GO, "href", allow_duplicate=True),
    Input(Ids.SCENARIO, "value"),
    State(Ids.KEPT, "data"),
    prevent_initial_call=True,
)
def _other_scenario(scenario: str, kept: dict[str, Any]) -> Any:
    return forms.href(kept["tab"], kept["runs"], scenario) if scenario != kept["scenario"] else dash.no_update


@callback(
    Output(Ids.LOW, "value"),
    Output(Ids.HIGH, "value"),
    Input(Ids.PLACE, "value"),
    State(Ids.SCENARIO, "value"),
    prevent_initial_call=True,
)
def _usual_range(place: str | None, scenario: str) -> tuple[Any, Any]:
    loaded = _library(scenario)
    if not place or loaded is None:
        return dash.no_update, dash.no_update
    low, high = break_even_words.sensible_range(loaded, place)
    return f"{low:g}", f"{high:g}"


def _ask(question: Any) -> tuple[Any, Any]:
    """Queue a question and go to the study; what is wrong with it is said."""
    try:
        request = question()
        job: Job = study_watch.submit(request)
    except InputError as error:
        return dash.no_update, problem_box(error, title="Not asked")
    except StoreError as error:
        return dash.no_update, notice(str(error), "bad")
    return links.study_href(job.kind, study_id(job.kind, job.fingerprint)), None


def _numbers(source: str, texts: dict[str, str]) -> dict[str, float]:
    """Read typed numbers, every problem at once.

    Raises
    ------
    InputError
    """
    found: dict[str, float] = {}
    problems = []
    for name, text in texts.items():
        try:
            found[name] = float(parse_number(str(text)))
        except Unreadable as error:
            problems.append(Problem(name, f'is "{text}"; {error}'))
    if problems:
        raise InputError(source, problems)
    return found
