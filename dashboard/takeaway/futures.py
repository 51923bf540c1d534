"""The questions of the futures page to take away: regret, alternatives, break-even."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import data
from dashboard.takeaway import provenance, stored
from dashboard.takeaway.document import Document, present
from dashboard.takeaway.subject import Subject
from dashboard.views import alternatives, break_even, regret
from engine.choice import alternatives_words, break_even_words, regret_words
from engine.comparison import LETTERS
from engine.errors import StoreError
from engine.files import slug
from engine.request import StudyRequest
from engine.study import Studies

Tables = Mapping[str, Any]
_NOT_YET = "The result is on its way; nothing can be said yet."


@dataclass(frozen=True)
class Question:
    """A question of the page.

    Attributes
    ----------
    sheets : tuple of (table, title, note)
    sentences : callable
        Of the request and its tables, once all have come.
    cards : callable
        Of the request and its tables, as far as they have come.
    mind : callable
        What a reader must know.
    """

    sheets: tuple[tuple[str, str, str], ...]
    sentences: Callable[[StudyRequest, Tables], list[str]]
    cards: Callable[[StudyRequest, Tables], list[Any]]
    mind: Callable[[StudyRequest], tuple[str, ...]]


def build(_tail: str, query: Mapping[str, str]) -> Document:
    """Document of an address of the futures page."""
    study_id = stored.asked_study(query, tuple(QUESTIONS))
    request, studies = Studies().request(study_id), Studies()
    question = QUESTIONS[request.kind]
    tables = {name: studies.table(study_id, name) for name in studies.tables(study_id)}
    done = studies.done(study_id)
    document = Document(
        title=request.name, stem=f"firmwatt-{slug(request.name, request.kind)}", address=_address(query),
        sentences=tuple(question.sentences(request, tables)) if done else (_NOT_YET,),
        warnings=(*stored.unfinished(study_id), *question.mind(request)),
        parts=present(*(question.cards(request, tables) if done else ())),
    )  # fmt: skip
    sheets = [stored.study_sheet(study_id, *sheet) for sheet in question.sheets]
    return stored.with_sheets(
        document, stored.study_facts(document, request), sheets, stored.scenarios_sheet(request)
    )  # fmt: skip


def _names(request: StudyRequest) -> dict[str, str]:
    return {run_id: stored.name_of_run(run_id) for run_id in request.options["plans"]}


def _regret_sentences(request: StudyRequest, tables: Tables) -> list[str]:
    letters = dict(zip(_names(request), LETTERS, strict=False))
    return regret_words.sentences(tables["cells"], tables["plans"], letters)


def _regret_cards(request: StudyRequest, tables: Tables) -> list[Any]:
    # Without its first card: the words stand at the head of the document.
    return regret.result(tables["cells"], tables["plans"], _names(request), str(request.options["hours"]))[1:]


def _regret_mind(request: StudyRequest) -> tuple[str, ...]:
    known = {}
    for letter, (run_id, name) in zip(LETTERS, _names(request).items(), strict=False):
        try:
            known[f"{letter} {name}"] = data.manifest(run_id)
        except StoreError:
            continue  # the matrix stands without it; its id names it
    return (regret.HOURS[str(request.options["hours"])], *provenance.warnings(known))


def _alternatives_sentences(request: StudyRequest, tables: Tables) -> list[str]:
    return alternatives_words.sentences(tables["ranges"], float(request.options["within_frac"]))


def _alternatives_cards(request: StudyRequest, tables: Tables) -> list[Any]:
    return alternatives.result(request, tables["plans"], tables["ranges"], None)


def _break_even_sentences(request: StudyRequest, tables: Tables) -> list[str]:
    asked, now = break_even.asked_input(request)
    return break_even_words.sentences(tables["points"], tables["breaks"], asked.label, asked.unit, now)


def _break_even_cards(request: StudyRequest, tables: Tables) -> list[Any]:
    return break_even.result(request, tables["points"], tables["builds"], tables["breaks"], None)


QUESTIONS = {
    "regret": Question(
        (("cells", "Cells", "One row a plan and future: cost, regret, and what falls short."),
         ("plans", "Plans", "One row a plan, the least regret first."),
         ("futures", "Futures", "What each future changes.")),
        _regret_sentences, _regret_cards, _regret_mind,
    ),
    alternatives_words.KIND: Question(
        (("ranges", "Ranges", "Least and most of each technology within the slack."),
         ("plans", "Plans", "One row a plan and technology; shown says which differ most.")),
        _alternatives_sentences, _alternatives_cards,
        lambda request: (alternatives.NOTES[str(request.options["steps"])],),
    ),
    break_even_words.KIND: Question(
        (("points", "Points", "One row a value of the input that was solved."),
         ("builds", "Builds", "What is built at each value."),
         ("breaks", "Breaks", "Where the best mix changes, and whether the full sizing confirms it.")),
        _break_even_sentences, _break_even_cards, lambda _request: (break_even.PREVIEW,),
    ),
}  # fmt: skip


def _address(query: Mapping[str, str]) -> str:
    return f"/choice?study={query.get('study', '')}"


def command(_tail: str, query: Mapping[str, str]) -> list[str]:
    """Arguments of `firmwatt export`."""
    return [_address(query)]


SUBJECT = Subject("choice", "study", ("html", "pdf", "xlsx", "csv", "parquet"), build, command)
