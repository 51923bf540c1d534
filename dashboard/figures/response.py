"""What the load can give in a week: technical potential, what can be called, what is committed, what is cut."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.common import week_name
from dashboard.figures.load import stacked_week, week_of
from dashboard.formatting import significant
from dashboard.response import source_words
from engine.units import HOURS_PER_YEAR

COMMITTED, POTENTIAL, CUT = "Committed", "Technical potential", "Cut"


def flexibility_week(
    able: Mapping[str, np.ndarray], lines: Mapping[str, np.ndarray], week: int, theme: str = "light", height: int = 320
) -> go.Figure:
    """Callable MW of each source in a week, stacked, under what is committed, the technical potential and the cuts.

    Parameters
    ----------
    able : mapping of str to array (8760,)
        By source, from the axis upwards [MW].
    lines : mapping of str to array (8760,)
        By name, in the order in which solid, dotted and dashed lines are given out [MW].
    """
    labels = {key: source_words(key) for key in able}
    return stacked_week(able, week, theme, lines=lines, labels=labels, height=height)


def week_table(able: Mapping[str, np.ndarray], lines: Mapping[str, np.ndarray], week: int) -> pd.DataFrame:
    """Least and most MW of the week of each part."""
    named = {**{source_words(key): values for key, values in able.items()}, **lines}
    weeks = {name: week_of(values, week) for name, values in named.items()}
    rows = [(name, float(values.min()), float(values.max())) for name, values in weeks.items()]
    return pd.DataFrame(rows, columns=["part", "least", "most"])


def describe_flexibility(
    able: Mapping[str, np.ndarray], lines: Mapping[str, np.ndarray], week: int, year: int
) -> str:  # fmt: skip
    """The chart in words."""
    total = sum(able.values(), np.zeros(HOURS_PER_YEAR))
    shown = {"callable": total, **lines}
    most = {name: significant(float(week_of(values, week).max())) for name, values in shown.items()}
    parts = [f"{name.lower()} {mw} MW" for name, mw in most.items()]
    return f"{week_name(week)} {year}, at most: {', '.join(parts)}."
