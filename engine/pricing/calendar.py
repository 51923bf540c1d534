"""Days and hours of the reference year in words."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from engine.profiles.result import Series
from engine.units import HOURS_PER_DAY

# A year without a leap day, as the model's years are.
FIRST_DAY = date(2025, 1, 1)
MOST_SPANS = 4


def days_in_words(first_hours: list[int]) -> str:
    """`10–16 Jan, 18 Jul`: the days that begin at these hours of the year."""
    days = sorted({hour // HOURS_PER_DAY for hour in first_hours})
    spans: list[list[int]] = []
    for day in days:
        if spans and day == spans[-1][1] + 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    words = [_span(*span) for span in spans[:MOST_SPANS]]
    left = len(spans) - MOST_SPANS
    return ", ".join(words) + (f" and {left} more" if left > 0 else "")


def hours_in_words(hours: Series, weight_h: Series) -> str:
    """`most in July and August, 14–20 h`: the months and hours of the day that hold most of these hours."""
    if not len(hours):
        return ""
    of_day = np.bincount((hours % HOURS_PER_DAY).astype(int), weights=weight_h, minlength=HOURS_PER_DAY)
    busy = np.flatnonzero(of_day >= 0.5 * of_day.max())
    if len(busy) == HOURS_PER_DAY:
        return "at all hours of the day"
    return f"most between {busy.min()} and {busy.max() + 1} h"


def _span(first: int, last: int) -> str:
    begin, end = FIRST_DAY + timedelta(days=first), FIRST_DAY + timedelta(days=last)
    if first == last:
        return f"{begin.day} {begin:%b}"
    if begin.month == end.month:
        return f"{begin.day}–{end.day} {end:%b}"
    return f"{begin.day} {begin:%b} – {end.day} {end:%b}"
