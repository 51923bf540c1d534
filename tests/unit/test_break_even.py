"""Break-even: engine against turbine by gas price has a closed form (`choice_kit`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from choice_kit import BREAK_EVEN_USD_PER_MMBTU, engine_musd, turbine_musd, two_ways

from engine.choice.break_even import Point, breaks_of, trace
from engine.choice.break_even_words import break_even_question, numeric_inputs, sensible_range, sentences
from engine.errors import InputError
from engine.progress import ignore
from engine.study import Studies, run_study

GAS = "fuel.price_usd_per_mmbtu"


def test_the_mix_changes_at_the_closed_form_and_the_full_sizing_agrees(tmp_path: Path) -> None:
    request = break_even_question(two_ways(3.5), GAS, 2.0, 10.0, points=3, studies=tmp_path)
    summary = run_study(request, ignore).summary
    points, breaks = (Studies(tmp_path).table(request.study_id, name) for name in ("points", "breaks"))
    assert points is not None
    assert breaks is not None
    assert (summary["breaks"], summary["confirmed"]) == (1, 1)
    row = breaks.iloc[0]
    assert row["low"] <= BREAK_EVEN_USD_PER_MMBTU <= row["high"]
    assert row["high"] - row["low"] <= 8.0 / 256
    assert (row["below"], row["above"]) == ("turbine", "engine")
    for value, cost in zip(points["value"], points["npv_usd"], strict=True):
        assert cost / 1e6 == pytest.approx(min(engine_musd(value), turbine_musd(value)), rel=1e-6)
    words = " ".join(sentences(points, breaks, "Gas price", "USD/MMBtu", 3.5))
    assert "changes 1 time for gas price" in words.replace("\u202f", " ")
    assert "below it turbine; above it engine (confirmed by the full sizing)" in words


def test_no_break_is_said(tmp_path: Path) -> None:
    request = break_even_question(two_ways(3.5), GAS, 2.0, 4.0, points=3, confirm=False, studies=tmp_path)
    run_study(request, ignore)
    points, breaks = (Studies(tmp_path).table(request.study_id, name) for name in ("points", "breaks"))
    assert points is not None
    assert breaks is not None
    assert breaks.empty
    assert sentences(points, breaks, "Gas price", "USD/MMBtu", 3.5) == [
        "From 2.00 to 4.00 USD/MMBtu the best plan's mix stays the same: turbine."
    ]


def test_every_change_of_mix_is_narrowed_down_also_one_that_only_halving_finds() -> None:
    points: list[Point] = []

    class Mixes:
        """A below 3.3, B from there to 3.6, C beyond."""

        peak_mw = 1.0

        def __init__(self, value: float) -> None:
            self.built_mw = {"A" if value < 3.3 else "B" if value < 3.6 else "C": 1.0}

    trace(lambda value: Mixes(value), 0.0, 8.0, 3, points.append)  # type: ignore[arg-type, return-value]
    values = [(left.value + right.value) / 2 for left, right in breaks_of(points)]
    assert np.allclose(values, [3.3, 3.6], atol=8.0 / 256)


def test_what_cannot_be_asked_is_refused_with_every_problem() -> None:
    loaded = two_ways(3.5)
    with pytest.raises(InputError, match=r"did you mean fuel\.price_usd_per_mmbtu"):
        break_even_question(loaded, "fuel.price_usd_per_mmbt", 1, 2)
    with pytest.raises(InputError, match=r"range runs from 4 to 2.*\n.*points is 2"):
        break_even_question(loaded, GAS, 4, 2, points=2)
    with pytest.raises(InputError, match="price_usd_per_mmbtu is 900"):
        break_even_question(loaded, GAS, 4, 900)
    with pytest.raises(InputError, match="is no number"):
        break_even_question(loaded, "limits.n_minus_1", 0, 1)
    assert GAS in [row.place for row in numeric_inputs(loaded)]
    assert sensible_range(loaded, GAS) == (1.75, 7.0)
