"""What is wrong with an input: every problem at once, with its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.icons import icon
from engine.errors import InputError, Problem


def problem_box(error: InputError, *, title: str | None = None) -> html.Div:
    """A refused input."""
    return listed(title or f"{error.source} was not taken", error.problems, error.source)


def listed(title: str, problems: Sequence[Problem], subject: str = "") -> html.Div:
    """Problems under a heading that counts them; `subject` is what those without a place speak of."""
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    return html.Div(
        [
            html.Div(
                [icon("warning"), html.Strong(title), html.Span(count, className="muted")], className="notice-head"
            ),
            html.Ul([_line(problem, subject) for problem in problems]),
        ],
        className="notice bad",
        role="alert",
    )


def notice(words: str | list[Any], tone: str = "good") -> html.Div:
    """One sentence of news, perhaps with a link in it."""
    sign = {"good": "check", "bad": "warning"}.get(tone, "flag")
    return html.Div([icon(sign), html.Span(words)], className=f"notice {tone}", role="status")


def _line(problem: Problem, subject: str) -> html.Li:
    if problem.place:
        return html.Li([html.Code(problem.place), " ", problem.message])
    speaks_of_it = subject and problem.message[:1].islower()
    return html.Li(f"{subject} {problem.message}" if speaks_of_it else problem.message)
