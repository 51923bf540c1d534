"""Headroom: small series whose answer a reader can work out, and what holds for all of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from profiles_kit import write_csv
from typer.testing import CliRunner

from engine.cli import app
from engine.errors import InputError
from engine.headroom import half_year_ceiling_mw, headroom, under

FOUR_HOURS_MW = np.array([60.0, 100.0, 90.0, 70.0])


def test_four_hours_by_hand() -> None:
    # Rooms under the peak of 100: 40, 0, 10, 30. A load of 20 is cut by 20 and 10: 30 of 80 MWh, 37.5 %.
    found = under(FOUR_HOURS_MW, load_mw=20.0)
    assert found.curtailed_frac == pytest.approx(0.375)
    assert (found.curtailed_hours, found.events, found.mean_event_h) == (2, 1, 2.0)
    # One hour keeps nothing, the other half.
    assert found.kept_frac == {0.5: 0.5, 0.75: 0.0, 0.9: 0.0}
    assert headroom(FOUR_HOURS_MW, share_frac=0.375).load_mw == pytest.approx(20.0)


def test_nothing_cut_leaves_the_room_of_the_tightest_hour() -> None:
    assert headroom(FOUR_HOURS_MW, share_frac=0.0).load_mw == 0.0
    found = headroom(FOUR_HOURS_MW, share_frac=0.0, ceiling_mw=105.0)
    assert (found.load_mw, found.curtailed_hours, found.events) == (5.0, 0, 0)
    assert found.kept_frac == {0.5: 1.0, 0.75: 1.0, 0.9: 1.0}


def test_an_hour_above_the_ceiling_cuts_the_whole_load_and_no_more() -> None:
    # One of four hours is 10 MW over: a load of 8 loses 8 there, a quarter of its energy, and not 18.
    found = under(np.array([110.0, 50.0, 50.0, 50.0]), load_mw=8.0, ceiling_mw=100.0)
    assert (found.curtailed_mwh, found.curtailed_frac) == (8.0, 0.25)
    assert headroom(np.array([110.0, 50.0, 50.0, 50.0]), share_frac=0.2, ceiling_mw=100.0).load_mw == 0.0


def test_events_are_stretches_of_hours() -> None:
    found = under(np.array([100.0, 0, 100, 100, 100, 0, 0, 100]), load_mw=1.0)
    assert (found.curtailed_hours, found.events) == (5, 3)
    assert (found.mean_event_h, found.longest_event_h) == (pytest.approx(5 / 3), 3.0)


@pytest.mark.parametrize("seed", range(5))
def test_more_may_be_cut_more_fits_and_share_and_load_are_inverse(seed: int) -> None:
    random = np.random.default_rng(seed)
    demand_mw = 500.0 + 300.0 * random.beta(2, 4, 2000)
    shares = [0.0, 0.001, 0.0025, 0.01, 0.05, 0.2, 0.6, 0.95]
    found = [headroom(demand_mw, share_frac=share) for share in shares]
    loads_mw = [one.load_mw for one in found]
    assert loads_mw == sorted(loads_mw)
    assert len(set(loads_mw)) == len(loads_mw)
    assert [one.curtailed_frac for one in found[1:]] == pytest.approx(shares[1:], rel=1e-9)
    assert [one.curtailed_hours for one in found] == sorted(one.curtailed_hours for one in found)


def test_a_higher_ceiling_never_leaves_less() -> None:
    demand_mw = np.random.default_rng(3).uniform(50, 100, 500)
    loads_mw = [headroom(demand_mw, share_frac=0.02, ceiling_mw=ceiling).load_mw for ceiling in (95.0, 100.0, 110.0)]
    assert loads_mw == sorted(loads_mw)
    # Ten MW more ceiling is ten MW more room in each hour, so at least that much more load.
    assert loads_mw[2] - loads_mw[1] >= 10.0


def test_half_years_have_ceilings_of_their_own() -> None:
    demand_mw = np.full(8760, 50.0)
    demand_mw[10] = 80.0  # January
    demand_mw[5000] = 100.0  # late July
    ceiling_mw = half_year_ceiling_mw(demand_mw)
    assert (ceiling_mw[0], ceiling_mw[89 * 24], ceiling_mw[90 * 24], ceiling_mw[8759]) == (80.0, 80.0, 100.0, 80.0)
    by_season = headroom(demand_mw, share_frac=0.001, ceiling_mw=ceiling_mw)
    assert by_season.load_mw < headroom(demand_mw, share_frac=0.001).load_mw
    with pytest.raises(InputError, match="need the 8,760 of a year"):
        half_year_ceiling_mw(demand_mw[:100])


@pytest.mark.parametrize("share_frac", [-0.01, 1.0, float("nan")])
def test_a_share_that_is_none_is_refused(share_frac: float) -> None:
    with pytest.raises(InputError, match=r"at least 0 and below 1, e\.g\. 0\.01"):
        headroom(FOUR_HOURS_MW, share_frac=share_frac)


def test_a_negative_load_is_refused() -> None:
    with pytest.raises(InputError, match="0 or more"):
        under(FOUR_HOURS_MW, load_mw=-1.0)


@pytest.fixture
def demand_csv(tmp_path: Path) -> Path:
    demand_mw = 600 + 400 * (np.arange(8760) + 0.5) / 8760
    return write_csv(tmp_path / "area.csv", pd.DataFrame({"demand_mw": demand_mw}))


def answer(*words: str) -> dict:
    result = CliRunner().invoke(app, ["headroom", *words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_command_says_load_for_a_share_and_share_for_a_load(demand_csv: Path) -> None:
    by_share = answer(f"{demand_csv}:demand_mw", "--share", "0.01", "--ceiling", "1000")
    assert by_share["load_mw"] == pytest.approx(8.0, rel=1e-4)
    assert by_share["ceiling_mw"] == 1000
    by_load = answer(str(demand_csv), "--load", "8", "--ceiling", "1000")
    assert by_load["curtailed_frac"] == pytest.approx(0.01, rel=1e-4)
    assert by_load["kept_frac"]["50%"] == pytest.approx(0.5, abs=0.01)


def test_the_command_in_words(demand_csv: Path) -> None:
    result = CliRunner().invoke(app, ["headroom", str(demand_csv), "--ceiling", "1000"])
    assert result.exit_code == 0
    assert "8.000 MW" in result.stdout
    assert "175 h" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--share", "1"], "below 1"),
        (["--ceiling", "900", "--half-years"], "either"),
        (["--share", "0.1", "--load", "5"], "either"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(demand_csv: Path, words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["headroom", str(demand_csv), *words])
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_command_names_a_wrong_column(demand_csv: Path) -> None:
    result = CliRunner().invoke(app, ["headroom", f"{demand_csv}:demand_mv"])
    assert result.exit_code == 2
    assert 'did you mean "demand_mw"' in result.stderr
