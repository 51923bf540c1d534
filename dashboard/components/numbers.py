"""Numbers on a page: the unit lighter beside the figure, differences with arrow and words."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.formatting import THIN, Amount, amount


def number(value: Amount, className: str = "") -> html.Span:
    """A formatted number with its unit set lighter."""
    unit = html.Span(f"{THIN}{value.unit}", className="unit") if value.unit else None
    return html.Span([value.number, unit], className=f"number {className}".strip())


def shown(value: float | None, unit: str, *, digits: int = 3) -> html.Span:
    """A raw value with its unit; full precision on hover."""
    title = "" if value is None or unit == "yr" else f"{value:,.10g} {unit}".strip()
    return html.Span(number(amount(value, unit, digits=digits)), title=title or None)


def stat(label: str, value: Any, note: Any = None, *, large: bool = False, extra: Any = None) -> html.Div:
    """A headline figure.

    Parameters
    ----------
    label : str
    value : component
        From `number` or `shown`.
    note : optional
        Small words beneath.
    large : bool
        One of the few largest figures of the page.
    extra : component, optional
        For example a limit bar.
    """
    return html.Div(
        [
            html.Div(label, className="stat-label"),
            html.Div(value, className="stat-value"),
            extra,
            html.Div(note, className="stat-note") if note else None,
        ],
        className="stat large" if large else "stat",
    )


def difference(change: float | None, unit: str, sense: str, relative: float | None = None) -> html.Span:
    """A difference from the base: arrow, number, percent, and in words whether it is better.

    Parameters
    ----------
    change : float or None
        Value minus the base's value.
    unit : str
    sense : {"lower", "higher", "neutral"}
        Which way is better.
    relative : float, optional
        Change over the base's value.
    """
    if change is None:
        return html.Span()
    text = amount(change, unit, sign=True)
    if not any(digit in text.number for digit in "123456789"):
        return html.Span("same", className="difference same")
    word = judge(change, sense)
    arrow = "▲" if change > 0 else "▼"
    return html.Span(
        [
            html.Span(arrow, className="arrow", **{"aria-hidden": "true"}),
            number(text),
            html.Span(f"{THIN}({abs(100 * relative):.0f}{THIN}%)", className="unit") if relative is not None else None,
            html.Span(word, className="word") if word else None,
        ],
        className=f"difference {word}".strip(),
    )


def judge(change: float, sense: str) -> str:
    """`better`, `worse` or nothing."""
    if sense == "neutral" or change == 0:
        return ""
    return "better" if (change < 0) == (sense == "lower") else "worse"
