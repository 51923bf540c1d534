"""Badges, letter discs and limit bars: small marks that say what a figure is worth."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.icons import icon
from dashboard.components.numbers import number
from dashboard.formatting import THIN, amount, significant

TONES = {"good": "check", "warn": "warning", "bad": "warning", "plain": ""}


def badge(text: str, tone: str = "plain", title: str | None = None) -> html.Span:
    """Short state in words, with an icon so that colour is not alone.

    Parameters
    ----------
    tone : {"good", "warn", "bad", "plain"}
    """
    mark = icon(TONES[tone]) if TONES[tone] else None
    return html.Span([mark, text], className=f"mark mark-{tone}", title=title)


def opening_badge(text: str, tone: str, content: Any, title: str | None = None) -> html.Details:
    """Badge that opens what stands behind it."""
    return html.Details(
        [html.Summary([badge(text, tone, title), icon("down")]), html.Div(content, className="mark-panel")],
        className="mark-open",
    )


def disc(letter: str) -> html.Span:
    """Letter of a run in a comparison."""
    return html.Span(letter, className=f"disc disc-{letter.lower()}")


def limit_bar(value: float, ceiling: float, sense: str = "at_most", *, binding: bool = False) -> html.Div:
    """Bar of a value against its ceiling (or floor), the ceiling as a tick at the same place in every bar."""
    used = value / ceiling if ceiling > 0 else (0.0 if value <= 0 else 1.0)
    # The ceiling stands at 80 % of the width, so that what exceeds a floor still fits.
    width = max(0.0, min(1.25, used)) * 80
    words = f"{significant(100 * used)}{THIN}% of {'the limit' if sense == 'at_most' else 'the floor'}"
    return html.Div(
        [html.Div(className="limit-fill", style={"width": f"{width:.2f}%"}), html.Div(className="limit-tick")],
        className=f"limit-bar {sense}{' binding' if binding else ''}",
        role="img",
        **{"aria-label": words},
    )


def limit_row(
    label: str, value: float, ceiling: float, unit: str, sense: str, year: int, *, binding: bool,
    worth: str | None = None,
) -> html.Div:  # fmt: skip
    """One limit: name, value of its tightest year, bar, ceiling, share used, and what one unit more is worth."""
    used = value / ceiling if ceiling > 0 else 0.0
    if unit == "of energy":
        value, ceiling, unit = 100 * value, 100 * ceiling, "%"
    against = "of" if sense == "at_most" else "for at least"
    return html.Div(
        [
            html.Div(
                [
                    html.Span(label, className="limit-name"),
                    html.Span(
                        [number(amount(value)), f" {against} ", number(amount(ceiling, unit))], className="limit-value"
                    ),
                ],
                className="limit-head",
            ),
            limit_bar(value, ceiling, sense, binding=binding),
            html.Div(
                [
                    html.Span(f"{significant(100 * used)}{THIN}% in {year}"),
                    html.Span("binding", className="limit-binding") if binding else None,
                ],
                className="limit-foot",
            ),
            html.Div(worth, className="limit-worth") if worth else None,
        ],
        className="limit",
    )
