"""Charts of the futures page by their values."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from dashboard.figures.choice import regret_discs


@pytest.mark.parametrize("plans", [2, 3, 6])
def test_no_disc_of_a_row_hides_another_and_what_falls_short_stands_apart(plans: int) -> None:
    futures, letters = ["Gas +50 %", "Growth +30 %"], {f"run-{letter}": letter for letter in "ABCDEF"[:plans]}
    cells = pd.DataFrame(
        [
            {"run_id": run, "future": future, "regret_usd": 4e6, "serves": future == "Gas +50 %"}
            for run, future in itertools.product(letters, futures)
        ]
    )
    figure = regret_discs(cells, letters)
    bottom, top = figure.layout.yaxis.range
    row_px = (figure.layout.height - 60) / (bottom - top)  # less the axis and its title
    heights = [trace.y[0] * row_px for trace in figure.data]
    size = figure.data[0].marker.size
    assert min(high - low for low, high in itertools.pairwise(heights)) > 0.9 * size
    assert heights[-1] - heights[0] + size < row_px
    # 4 M USD of regret; what falls short stands at 1.16 of the highest.
    assert [(trace.x[0], round(trace.x[1], 6)) for trace in figure.data] == [(4.0, 4.64)] * plans
