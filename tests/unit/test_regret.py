"""Regret: fixed builds in other futures, on a site whose costs a reader can work out (`choice_kit`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from choice_kit import M, engine_musd, turbine_musd, two_ways

from engine.choice.futures import Future, default_futures, read_futures
from engine.choice.questions import regret_question
from engine.choice.regret_words import OPTIMUM, lead_sentence, reason, regrets, sentences, standing
from engine.errors import InputError
from engine.pipeline import solve
from engine.progress import Progress, ignore
from engine.store import Store
from engine.study import Studies, run_study
from tests.toys import toy

CHEAP, DEAR = 2.0, 8.0


class Home:
    """Two stored plans: turbines for cheap gas (A), engines for dear gas (B)."""

    def __init__(self, folder: Path) -> None:
        self.store, self.studies = Store(folder / "runs"), Studies(folder / "studies")
        self.turbines = solve(two_ways(CHEAP), store=self.store).run_id
        self.engines = solve(two_ways(DEAR), store=self.store).run_id

    def ask(self, *futures: Future, **options: Any) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
        """Cells by (future, run), plans, summary."""
        request = regret_question(
            self.store, [self.turbines, self.engines], futures, studies=self.studies.root, **options
        )
        summary = run_study(request, ignore).summary
        cells, plans = (self.studies.table(request.study_id, name) for name in ("cells", "plans"))
        assert cells is not None
        assert plans is not None
        return cells.set_index(["future", "run_id"]), plans.set_index("run_id"), dict(summary)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("regret"))


GAS_5 = Future("Gas at 5", {"fuel.price_usd_per_mmbtu": 5.0})


def test_the_matrix_is_the_one_worked_by_hand(built: Home) -> None:
    cells, plans, summary = built.ask(GAS_5)
    for future, gas in (("As A assumes", CHEAP), ("As B assumes", DEAR), ("Gas at 5", 5.0)):
        best = min(turbine_musd(gas), engine_musd(gas))
        for run_id, cost in ((built.turbines, turbine_musd(gas)), (built.engines, engine_musd(gas))):
            cell = cells.loc[(future, run_id)]
            assert cell["cost_usd"] / M == pytest.approx(cost)
            assert cell["regret_usd"] / M == pytest.approx(cost - best, abs=1e-6)
    # Turbines: 80.08 - 76.064 where gas is dear. Engines: 34.016 - 27.52 where it is cheap.
    assert plans.loc[built.turbines, "worst_usd"] / M == pytest.approx(4.016)
    assert plans.loc[built.engines, "worst_usd"] / M == pytest.approx(6.496)
    assert plans.loc[built.turbines, "mean_usd"] / M == pytest.approx(4.016 / 3)
    assert summary["least_regret"] == built.turbines


def test_a_plan_has_no_regret_in_its_own_future_within_the_gap(built: Home) -> None:
    cells, _, _ = built.ask(GAS_5, optima=True)
    for future, run_id in (("As A assumes", built.turbines), ("As B assumes", built.engines)):
        gap = built.store.manifest(run_id)["mip_gap_frac"]
        assert cells.loc[(future, run_id), "regret_frac"] <= gap + 1e-9
    assert cells.loc[("Gas at 5", OPTIMUM), "cost_usd"] / M == pytest.approx(turbine_musd(5.0))


def test_weeks_and_all_hours_agree_where_every_hour_is_alike(built: Home) -> None:
    exact, _, _ = built.ask(GAS_5)
    weeks, _, _ = built.ask(GAS_5, hours="weeks", optima=True)
    for key in exact.index:
        assert weeks.loc[key, "cost_usd"] == pytest.approx(exact.loc[key, "cost_usd"], rel=1e-6)


def test_a_future_that_a_plan_cannot_serve_is_said_and_counts_before_any_regret(built: Home) -> None:
    more = Future("Load +10 %", {"load.it_peak_mw": 110.0})
    permit = Future("Firm supply", {"limits.n_minus_1": True})
    cells, plans, _ = built.ask(more, permit)
    short = cells.loc[(more.name, built.turbines)]
    # 10 MW of 110 are missing in all 8,760 hours; at 10,000 USD/MWh the penalty alone is 876 M USD.
    assert (bool(short["serves"]), round(short["unserved_mwh"])) == (False, 87_600)
    assert short["cost_usd"] / M == pytest.approx(turbine_musd(CHEAP) + 876.0)
    bare = cells.loc[(permit.name, built.turbines)]
    assert not bare["serves"]
    assert "N-1 firm capacity 90 below 100 MW" in bare["broken"]  # ten units without one
    assert plans.loc[built.turbines, "fails"] == 2
    words = " ".join(sentences(cells.reset_index(), plans.reset_index(), {built.turbines: "A", built.engines: "B"}))
    assert "No plan serves its load within every limit in all 4 futures" in words
    assert "87 600 MWh unserved" in words.replace("\u202f", " ")
    assert "Nothing known serves Load +10 % and Firm supply; nobody has a regret there." in words
    assert pd.isna(short["regret_usd"])


@pytest.mark.parametrize(
    ("fails", "lead"),
    [
        ([1], "A (Cheap) falls short in 1 of 2 futures; its regret"),
        ([1, 1], "No plan serves its load within every limit in all 2 futures: each falls short in 1. Least"),
        ([0, 1], "A (Cheap) is the plan of least regret over 2 futures, the only plan that serves all of them"),
    ],
)  # fmt: skip
def test_the_first_sentence_says_how_many_futures_a_plan_fails_and_whether_others_fail_fewer(
    fails: list[int], lead: str
) -> None:
    runs, names = ["a", "b"][: len(fails)], ["Cheap", "Sound"][: len(fails)]
    plans = pd.DataFrame(
        {"run_id": runs, "name": names, "fails": fails, "worst_usd": 2e6, "worst_future": "f", "mean_usd": 1e6}
    )
    shown = lead_sentence(plans, {"a": "A", "b": "B"}, 2)
    assert shown.startswith(lead)
    assert "$2.00" in shown


def test_what_falls_short_is_never_the_best_known() -> None:
    cells = pd.DataFrame(
        {
            "run_id": ["a", "b"], "future": ["f", "f"], "cost_usd": [5.0, 9.0], "serves": [False, True],
            "unserved_frac": [0.0, 0.0], "unserved_mwh": [0.0, 0.0], "broken": ["Land 9 above 5 acres in 2026", ""],
            "notes": ["", ""],
        }
    )  # fmt: skip
    table = regrets(cells).set_index("run_id")
    assert (table.loc["b", "best"], table.loc["b", "regret_usd"], table.loc["a", "regret_usd"]) == ("b", 0.0, 0.0)
    ranked = standing(table.reset_index(), {"a": "Cheap", "b": "Sound"}, {"f": 1.0})
    assert list(ranked["run_id"]) == ["b", "a"]
    assert reason(cells.iloc[0].to_dict()) == "Land 9 above 5 acres in 2026"


def test_builds_wait_for_what_the_future_delivers_late(tmp_path: Path) -> None:
    # Two years; the grid (10 M USD, energy at 20 USD/MWh) from the second year instead of the first.
    grid = {
        "kind": "grid",
        "max_mw": 100,
        "connection_usd": 10e6,
        "lead_time_months": 0,
        "price": 20.0,
        "life_years": 1,
    }
    plan = two_ways(CHEAP, {"name": "Grid", "time": {"years": 2}, "technologies": {"grid": grid}})
    store, studies = Store(tmp_path / "runs"), Studies(tmp_path / "studies")
    on_grid = solve(plan, store=store).run_id
    other = solve(two_ways(CHEAP, {"time": {"years": 2}}), store=store).run_id
    late = Future("Grid 12 months late", {"technologies.grid.lead_time_months": 12.0})
    request = regret_question(store, [on_grid, other], [late], studies=studies.root)
    run_study(request, ignore)
    cells = studies.table(request.study_id, "cells")
    assert cells is not None
    cell = cells.set_index(["future", "run_id"]).loc[(late.name, on_grid)]
    assert "grid planned for 2026 arrives in 2027" in cell["notes"]
    assert cell["unserved_mwh"] == pytest.approx(876_000)
    # The plan that never looked at the grid does not mind.
    assert cells.set_index(["future", "run_id"]).loc[(late.name, other), "serves"]


def test_a_study_goes_on_from_the_cells_it_has(built: Home) -> None:
    future = Future("Gas at 3", {"fuel.price_usd_per_mmbtu": 3.0})
    request = regret_question(built.store, [built.turbines, built.engines], [future], studies=built.studies.root)
    told: list[str] = []

    def stop_after_two(progress: Progress) -> None:
        told.append(progress.message)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(request, stop_after_two)
    again: list[str] = []
    run_study(request, lambda progress: again.append(progress.message))
    assert len(built.studies.table(request.study_id, "cells")) == 6  # type: ignore[arg-type]
    assert again[0].endswith("(3 of 6)")


def test_every_problem_of_the_futures_is_told_at_once() -> None:
    rows = [
        {"name": "Typo", "values": {"fuel.prize_usd_per_mmbtu": 5}},
        {"name": "Range", "values": {"fuel.price_usd_per_mmbtu": -5}},
        {"values": {}},
        {"name": "Weight", "weight": 0},
    ]
    with pytest.raises(InputError) as caught:
        read_futures(rows, two_ways(CHEAP))
    words = str(caught.value)
    assert "did you mean fuel.price_usd_per_mmbtu" in words
    assert '"Range": fuel.price_usd_per_mmbtu' in words
    assert "future 3 needs a name" in words
    assert "future 4.weight is 0" in words


def test_every_default_future_is_a_valid_scenario() -> None:
    from engine import load_scenario

    for name in ("base", "light-gas", "wide-choice", "brownfield"):
        loaded = load_scenario(f"scenarios/{name}.yaml")
        futures = default_futures(loaded.scenario)
        assert read_futures([one.to_json() for one in futures], loaded) == futures
    assert default_futures(toy().scenario)


def test_plans_of_different_years_are_refused(built: Home) -> None:
    longer = solve(two_ways(CHEAP, {"time": {"years": 2}}), store=built.store).run_id
    with pytest.raises(InputError, match="covers 2026-2026"):
        regret_question(built.store, [built.turbines, longer], [])
    with pytest.raises(InputError, match="choose 2 to 6"):
        regret_question(built.store, [built.turbines], [])
