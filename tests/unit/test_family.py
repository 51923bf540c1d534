"""A family of solves: each answer is that of its own model, whatever the solves before it have left behind."""

from typing import Any

import numpy as np
import pytest

import engine.expansion
from engine.decomposition import Decomposition
from engine.errors import SolveFailed
from engine.family import Family, Row
from engine.objectives import OBJECTIVES, prepared
from engine.periods import coarsened, select_periods
from engine.profiles import build_profiles
from engine.scenario.schema import Scenario
from tests.toys import FREE_FUEL_UNIT, toy

GAP_FRAC = 1e-4


def two_kinds(**solver: Any) -> tuple[Scenario, Any]:
    """Three years of growing load, all of it served; clean units cost three times as much to run as dirty ones."""
    unit = {**FREE_FUEL_UNIT, "life_years": 20, "heat_rate_btu_per_kwh": 8000}
    loaded = toy(
        {
            "time": {"years": 3, "method": "calendar", "weeks": [{"start_day": 190, "weight": 52}]},
            "load": {"growth_frac_per_yr": 0.2},
            "limits": {"served_frac": 1.0},
            "technologies": {
                "dirty": {**unit, "variable_usd_per_mwh": 10, "nox_lb_per_mmbtu": 0.1},
                "clean": {**unit, "variable_usd_per_mwh": 30, "nox_lb_per_mmbtu": 0.01, "unit_mw": 17},
            },
            "solver": {"mip_gap_frac": GAP_FRAC, **solver},
        }
    )
    scenario = prepared(loaded.scenario, ("lcoe", "nox"))
    return scenario, coarsened(select_periods(scenario, build_profiles(loaded)), 2)


def nox(family: Family) -> Row:
    return family.row(OBJECTIVES["nox"].terms(family.form))


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[Decomposition]:
    """The searches over decisions and hours apart that are made, also for small models."""
    monkeypatch.setattr(engine.expansion, "DECOMPOSED_FROM_COLUMNS", 0)
    found: list[Decomposition] = []
    made = Decomposition.__init__

    def counted(self: Decomposition, *arguments: Any) -> None:
        found.append(self)
        made(self, *arguments)

    monkeypatch.setattr(Decomposition, "__init__", counted)
    return found


def test_limits_one_after_the_other_give_what_each_gives_by_itself(searches: list[Decomposition]) -> None:
    family, alone = Family(*two_kinds()), Family(*two_kinds(search="plain"))
    row, row_alone = nox(family), nox(alone)
    most = family.optimise().values_of(row)
    least = family.optimise(row).objective
    assert least is not None
    assert least < 0.2 * most
    searches.clear()
    costs = []
    for share in (0.8, 0.3, 0.6, 0.0, 0.3):  # down and up again, to the very end
        limit = least * (1 + 1e-6) + share * (most - least)
        found = family.optimise(limits=[(row, -float("inf"), limit)])
        by_itself = alone.optimise(limits=[(row_alone, -float("inf"), limit)])
        assert found.objective == pytest.approx(by_itself.objective, rel=2 * GAP_FRAC)
        assert found.bound is not None
        assert by_itself.objective is not None
        assert found.bound <= by_itself.objective * (1 + 1e-9)
        assert found.values_of(row) <= limit * (1 + 1e-6)
        costs.append(found.objective)
    assert costs[0] < costs[2] < costs[1] < costs[3]
    assert costs[4] == pytest.approx(costs[1], rel=2 * GAP_FRAC)
    assert len(searches) == 1  # all that was proven under one limit is kept for the next


def test_whole_numbers_are_settled_by_one_program_of_everything(searches: list[Decomposition]) -> None:
    family = Family(*two_kinds())
    row = nox(family)
    least = family.optimise(row).objective
    assert least is not None
    best = family.optimise(limits=[(row, -float("inf"), 1.5 * least)])
    search = searches[-1]
    matrix, x = search.matrix, np.zeros(search.matrix.lp.num_col_)
    for column, name in matrix.names.items():
        x[column] = best.whole_numbers[name] if matrix.integer[column] else 0.0  # its whole numbers alone: no budgets
    assert not search.visit(x).is_plan
    settled = search.settled(x)
    assert settled is not None
    visit = search.visit(settled)
    assert visit.is_plan
    assert visit.cost * matrix.cost_scale == pytest.approx(best.objective, rel=GAP_FRAC)
    assert search.settled(0.0 * x) is None  # without units nothing is served


def test_a_search_that_failed_is_begun_anew(searches: list[Decomposition], monkeypatch: pytest.MonkeyPatch) -> None:
    family = Family(*two_kinds())
    row = nox(family)
    most = family.optimise().values_of(row)
    limits = [[(row, -float("inf"), share * most)] for share in (0.9, 0.8)]
    searches.clear()

    def fails(*_: Any) -> Any:
        raise SolveFailed("out of digits")

    with monkeypatch.context() as broken:
        broken.setattr(Decomposition, "search", fails)
        first = family.optimise(limits=limits[0])
    assert first.objective is not None  # HiGHS was asked instead
    second = family.optimise(limits=limits[1])
    assert second.objective is not None
    assert second.objective > first.objective
    assert [one.is_spoilt for one in searches] == [True, False]
