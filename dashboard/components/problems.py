"""What is wrong with an input: every problem at once, with its place."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components.icons import icon
from engine.errors import InputError, Problem


def problem_box(error: InputError, *, title: str | None = None) -> html.Div:
    """A refused input."""
    return listed(title or f"{error.source} was not taken", error.problems)


def listed(title: str, problems: Sequence[Problem]) -> html.Div:
    """Problems under a heading that counts them."""
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    return html.Div(
        [
            html.Div(
                [icon("warning"), html.Strong(title), html.Span(count, className="muted")], className="notice-head"
            ),
            html.Ul([_line(problem) for problem in problems]),
        ],
        className="notice bad",
        role="alert",
    )


def notice(words: str, tone: str = "good") -> html.Div:
    """One sentence of news."""
    sign = {"good": "check", "bad": "warning"}.get(tone, "flag")
    return html.Div([icon(sign), html.Span(words)], className=f"notice {tone}", role="status")


def _line(problem: Problem) -> html.Li:
    place = html.Code(problem.place) if problem.place else None
    return html.Li([place, " " if place else None, problem.message])
