"""Costs that move over the years, and what may be built and spent in one: each binding once and slack once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import InputError
from tests.toys import FREE_FUEL_UNIT, Answer, answer, toy

# 10 MW units at 100 USD/kW = 1 M USD each; with a life of 20 years and no interest 50,000 USD a year.
LASTING: dict[str, Any] = {**FREE_FUEL_UNIT, "life_years": 20}


def built(folder: Path, plant: dict[str, Any], load: list[float], **sections: Any) -> Answer:
    changes = {
        "technologies": {"plant": plant},
        "load": {"multiples_by_year": load},
        "time": {"years": len(load), "method": "calendar"},
        **sections,
    }
    return answer(toy(changes), folder)


def builds_mw(solved: Answer) -> Any:
    return pytest.approx(solved.tables["capacity"]["built_mw"].tolist())


def test_each_vintage_pays_what_it_cost_in_its_year(tmp_path: Path) -> None:
    # Life of one year: 100 MW are 10 M USD in the first year, at half the cost 5 M in the second.
    solved = built(tmp_path, {**FREE_FUEL_UNIT, "overnight_path": [1.0, 0.5]}, [1.0, 1.0])
    capital = solved.tables["costs"].query("stage == 2 and category == 'capital'")["cost_usd"]
    assert capital.tolist() == pytest.approx([10e6, 5e6])
    assert solved.summary["capital_overnight_usd"] == pytest.approx(15e6)


@pytest.mark.parametrize(
    ("later", "expected_mw", "npv_usd"),
    [
        # 50 MW early pay a further year: 250,000 USD. Three times the cost later is 750,000 instead of 250,000.
        (3.0, [100, 0], 2 * 500_000),
        # At 1.5 times waiting costs 375,000 against 500,000: build when needed.
        (1.5, [50, 50], 2 * 250_000 + 375_000),
    ],
)
def test_rising_costs_make_it_worth_building_ahead(
    tmp_path: Path, later: float, expected_mw: list[float], npv_usd: float
) -> None:
    solved = built(tmp_path, {**LASTING, "overnight_path": [1.0, later]}, [0.5, 1.0])
    assert builds_mw(solved) == expected_mw
    assert solved.summary["npv_cost_usd"] == pytest.approx(npv_usd)


def test_a_load_that_falls_leaves_its_units_standing(tmp_path: Path) -> None:
    # 100 MW for the first year stand idle by half in the second; a year may not be held to what it can use itself.
    solved = built(tmp_path, LASTING, [1.0, 0.5])
    assert builds_mw(solved) == [100, 0]
    assert solved.summary["adequate"]


@pytest.mark.parametrize(("pace_mw", "expected_mw"), [(60, [60, 60]), (69, [60, 60]), (70, [50, 70])])
def test_a_pace_of_building_makes_the_plan_begin_earlier(
    tmp_path: Path, pace_mw: float, expected_mw: list[float]
) -> None:
    # 50 MW, then 120: at 60 MW a year the first must hold ten that it does not need (69 MW are six whole units).
    solved = built(tmp_path, {**LASTING, "max_build_mw_per_yr": pace_mw}, [0.5, 1.2])
    assert builds_mw(solved) == expected_mw
    rows = solved.tables["limits"].query("limit == 'plant_builds'")
    assert rows["binding"].any() == (pace_mw in (60, 70))


@pytest.mark.parametrize(("usd", "expected_mw"), [(6e6, [60, 60]), (7e6, [50, 70])])
def test_capital_of_a_year_stays_within_its_budget(tmp_path: Path, usd: float, expected_mw: list[float]) -> None:
    # 1 M USD a unit of 10 MW: 6 M are six units a year.
    solved = built(tmp_path, LASTING, [0.5, 1.2], limits={"capital_usd_per_yr": usd})
    assert builds_mw(solved) == expected_mw
    assert solved.tables["limits"].query("limit == 'capital' and stage == 1")["value"].tolist() == pytest.approx(
        [mw * 1e5 for mw in expected_mw]
    )


def test_capital_of_a_year_counts_the_connection_and_batteries_at_their_price_of_the_year(tmp_path: Path) -> None:
    # 2 x (5 M + 100 MW x 20 USD/kW) = 14 M, and 4 MWh x 100 USD/kWh + 1 MW x 50 USD/kW = 0.45 M.
    grid = {"kind": "grid", "price": 1.0, "connection_usd": 5e6, "overnight_usd_per_kw": 20, "max_mw": 100}
    battery = {"kind": "battery", "max_mwh": 4, "overnight_usd_per_kwh": 100, "overnight_usd_per_kw": 50}
    free = {"charge_efficiency_frac": 1, "discharge_efficiency_frac": 1, "soc_min_frac": 0}
    changes = {
        "technologies": {"grid": {**grid, "overnight_path": [2.0]}, "battery": {**battery, **free}},
        "limits": {"capital_usd_per_yr": 14.45e6},
        "load": {"it_peak_mw": 100},
    }
    solved = answer(toy(changes), tmp_path)
    assert solved.capacity_mw("grid") == pytest.approx(100)
    spent = solved.tables["limits"].query("limit == 'capital'")["value"].iloc[0]
    assert spent == pytest.approx(14e6 + solved.tables["capacity"]["built_mwh"].sum() * 112_500)


@pytest.mark.parametrize("path", [[1.0], [1.0, 1.0, 1.0]])
def test_a_path_names_every_year(path: list[float]) -> None:
    with pytest.raises(InputError, match=rf"plant.overnight_path has {len(path)} entries; it needs one for each of"):
        toy({"technologies": {"plant": {**LASTING, "overnight_path": path}}, "time": {"years": 2}})
