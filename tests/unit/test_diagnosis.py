"""What keeps a toy from serving its load, with the arithmetic beside it.

The load is a flat 99.9 MW (875,124 MWh a year), so that ten 10 MW units carry it and no row is met to the last digit.
`dirty` burns 10 MMBtu/MWh; `clean` burns nothing. Values that would do are rounded to three digits, to the loose side.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.derivation import earlier_grid, relaxed
from engine.diagnosis import Diagnosis, Outcome, Remedy, diagnose
from engine.diagnosis_words import remedy_rows, sentences
from engine.expansion import size
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.scenario.loading import LoadedScenario, validate_scenario
from engine.solver import Termination
from tests.toys import toy
from tests.unit.test_limits import CLEAN, DIRTY

WEEK = {"method": "calendar", "weeks": [{"start_day": 190, "weight": 52}]}
ALL_SERVED = {"limits": {"served_frac": 1.0}}


def asked(*changes: dict[str, Any]) -> LoadedScenario:
    return toy({"time": WEEK, "load": {"it_peak_mw": 99.9}}, ALL_SERVED, *changes)


def diagnosed(loaded: LoadedScenario) -> Diagnosis:
    return diagnose(loaded.scenario, build_profiles(loaded))


def alone(found: Diagnosis) -> dict[str, float]:
    """Value of each limit that would do by itself."""
    return {remedy.limit: remedy.alone.value for remedy in found.remedies if remedy.alone is not None}


def remedy(found: Diagnosis, limit: str) -> Remedy:
    return next(one for one in found.remedies if one.limit == limit)


def cures(loaded: LoadedScenario, overrides: Any) -> bool:
    """Whether the changed scenario has a plan that serves everything."""
    mapping = relaxed(loaded.scenario.model_dump(mode="json"), overrides)
    again = validate_scenario(json.loads(json.dumps(mapping)), source="relaxed")
    plan = size(again.scenario, select_periods(again.scenario, build_profiles(again)))
    return plan.termination != Termination.INFEASIBLE


CEILINGS: list[tuple[str, dict[str, Any], float]] = [
    # 875,124 MWh x 10 MMBtu x 0.01 lb / 2,000 = 43.76 short tons.
    ("nox", {"limits": {"nox_short_tons_per_yr": 21}}, 43.8),
    # 99.9 MW x 24 h x 10 MMBtu / 1.037 = 23,120.5 Mcf a day.
    ("gas", {"limits": {"gas_mcf_per_day": 10_000}}, 23_200.0),
    ("gas_year", {"limits": {"gas_mmbtu_per_yr": 4e6}}, 8_760_000.0),
    # 875,124 MWh x 10 MMBtu x 100 lb x 0.45359237 / 1,000 = 396,950 tonnes.
    ("co2", {"limits": {"co2_tonnes_per_yr": 1e5}}, 397_000.0),
    # 10 units of 10 MW at 1 acre a MW.
    ("land", {"limits": {"land_acres": 40}}, 100.0),
    ("dirty.max_units", {"technologies": {"dirty": {"max_units": 4}}}, 10.0),
    ("dirty_builds", {"technologies": {"dirty": {"max_build_mw_per_yr": 40}}}, 100.0),
    ("dirty_energy", {"technologies": {"dirty": {"max_mwh_per_yr": 1000}}}, 876_000.0),
]


@pytest.mark.parametrize(("limit", "change", "value"), CEILINGS, ids=[limit for limit, _, _ in CEILINGS])
def test_a_single_limit_says_what_would_do_and_that_does(limit: str, change: dict[str, Any], value: float) -> None:
    loaded = asked({"technologies": {"dirty": DIRTY}, "fuel": {"co2_lb_per_mmbtu": 100}}, change)
    found = diagnosed(loaded)
    assert found.outcome is Outcome.CONFLICT
    assert found.conflicts == ((limit,),)
    assert alone(found)[limit] == pytest.approx(value)
    assert remedy(found, limit).least_value == pytest.approx(value)
    assert found.overrides == {remedy(found, limit).path: pytest.approx(value)}
    assert cures(loaded, found.overrides)
    # Tighter by two percent, or by one unit, it does not do.
    short = value - 0.02 * value if not limit.endswith("units") else value - 1
    written = int(short) if limit.endswith("units") else short
    assert not cures(loaded, {remedy(found, limit).path: written})


def test_units_are_rounded_up_to_whole_ones() -> None:
    # 99.9 MW / 30 MW = 3.33: four units, not 3.33.
    found = diagnosed(asked({"technologies": {"plant": {**CLEAN, "unit_mw": 30, "max_units": 2}}}))
    assert alone(found)["plant.max_units"] == 4.0


def test_serving_less_is_a_remedy_of_its_own_and_no_part_of_the_least_change() -> None:
    # Four units of 10 MW serve 40.04 % of a flat 99.9 MW, rounded down.
    found = diagnosed(asked({"technologies": {"plant": {**CLEAN, "max_units": 4}}}))
    assert alone(found)["served"] == pytest.approx(0.4)
    assert "limits.served_frac" not in (found.overrides or {})


def test_n_minus_1_is_given_up_whole_or_kept() -> None:
    # Ten units carry the load; N-1 wants an eleventh, a tenth more than allowed: less than giving up the rule.
    plant = {"technologies": {"plant": {**CLEAN, "max_units": 10}}, "limits": {"n_minus_1": True}}
    found = diagnosed(asked(plant))
    assert found.conflicts == (("n_minus_1", "plant.max_units"),)
    # After the loss of one unit 99.9 - 90 MW are missing.
    assert alone(found) == {"n_minus_1": pytest.approx(9.9), "plant.max_units": 11.0}
    assert remedy(found, "n_minus_1").alone.overrides == {"limits.n_minus_1": False}  # type: ignore[union-attr]
    assert found.overrides == {"technologies.plant.max_units": 11}


LATE = {
    "technologies": {"plant": {**CLEAN, "existing_units": 10, "lead_time_months": 30}},
    "load": {"multiples_by_year": [1.0, 1.0, 1.5, 1.5]},
    "time": {**WEEK, "years": 4, "decision_date": "2026-01-01"},
}


def test_a_lead_time_says_the_longest_that_would_do() -> None:
    # Load rises in 2028; 30 months from January 2026 are rounded up to 2029, 24 months are there in 2028.
    loaded = asked(LATE)
    found = diagnosed(loaded)
    assert found.overrides == {"technologies.plant.lead_time_months": 24.0}
    assert cures(loaded, found.overrides)
    assert not cures(loaded, {"technologies.plant.lead_time_months": 25.0})


def test_a_grid_counts_its_lead_time_from_the_first_year() -> None:
    grid = {"kind": "grid", "max_mw": 200, "price": 10.0, "lead_time_months": 40, "connection_usd": 0}
    plant = {**CLEAN, "existing_units": 10, "max_units": 10}
    found = diagnosed(asked(LATE, {"technologies": {"plant": plant, "grid": grid}}))
    # 2028 is the third year: 24 months from January 2026.
    assert alone(found)["grid.lead_time_months"] == 24.0


def test_two_limits_that_must_give_way_together_are_two_conflicts() -> None:
    # 100 acres and 10 units are needed; 40 acres and 4 units are there.
    loaded = asked({"technologies": {"dirty": {**DIRTY, "max_units": 4}}, "limits": {"land_acres": 40}})
    found = diagnosed(loaded)
    assert set(found.conflicts) == {("land",), ("dirty.max_units",)}
    assert [name for name in alone(found) if name != "served"] == []
    assert found.overrides == {"limits.land_acres": 100.0, "technologies.dirty.max_units": 10}
    # 60 of 40 acres and 6 of 4 units: 1.5 and 1.5.
    assert found.least_total_frac == pytest.approx(3.0)
    assert cures(loaded, found.overrides)


def test_sun_alone_has_no_remedy_and_the_rules_are_named() -> None:
    found = diagnosed(asked({"technologies": {"sun": {"kind": "solar"}}}))
    assert found.outcome is Outcome.NO_REMEDY
    assert set(found.statements) == {"sun_follows_the_sun", "supply_meets_load"}
    assert found.years == (2026,)
    assert "cannot hold together in 2026" in sentences(found.to_json())[1]


def test_nothing_at_all_has_no_remedy() -> None:
    found = diagnosed(asked({"technologies": {}}))
    assert found.outcome is Outcome.NO_REMEDY
    assert found.statements == ("supply_meets_load",)


def test_shedding_by_choice_is_told_from_a_conflict() -> None:
    plant = {**CLEAN, "overnight_usd_per_kw": 1000}
    cheap = {"technologies": {"plant": plant}, "money": {"value_of_lost_load_usd_per_mwh": 1}}
    found = diagnosed(toy({"time": WEEK}, cheap))
    assert found.outcome is Outcome.BY_CHOICE
    assert found.overrides == {"limits.served_frac": 1.0}
    assert "No limit is in the way" in sentences(found.to_json())[0]


def test_words_name_limits_values_and_units() -> None:
    loaded = asked({"technologies": {"dirty": {**DIRTY, "label": "Engine"}}, "limits": {"nox_short_tons_per_yr": 21}})
    stored = json.loads(json.dumps(diagnosed(loaded).to_json()))
    said = [words.replace("\u202f", " ") for words in sentences(stored)]
    assert said == [
        "NOx (21 t/yr) cannot be kept while all load is served, whatever else gives way.",
        "The least change that serves all load: NOx 43.8 t/yr instead of 21 t/yr.",
    ]
    first = remedy_rows(stored)[0]
    assert (first.label, first.now.replace("\u202f", " "), first.alone.replace("\u202f", " ")) == (
        "NOx", "21 t/yr", "43.8 t/yr",
    )  # fmt: skip


def test_an_earlier_grid_is_twelve_months_earlier_and_never_before_now() -> None:
    grids = {"a": {"kind": "grid", "lead_time_months": 96}, "b": {"kind": "grid", "lead_time_months": 6}}
    others = {"c": {"kind": "grid", "lead_time_months": 0}, "d": {"kind": "solar", "lead_time_months": 18}}
    found = earlier_grid({"technologies": {**grids, **others}})
    assert found == {"technologies.a.lead_time_months": 84.0, "technologies.b.lead_time_months": 0.0}
