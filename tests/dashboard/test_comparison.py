"""Comparisons: differences, inputs, bridges and sentences on runs small enough to redo by hand."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd
import pytest

from engine.comparison import Comparison, compare
from engine.errors import StoreError
from engine.nomenclature import COST_CATEGORIES
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario

ENERGY_MWH = 1_000_000.0


class MemoryStore:
    """Runs in memory, by id."""

    def __init__(self, **runs: tuple[dict[str, Any], dict[str, pd.DataFrame]]) -> None:
        self.held = runs

    def manifest(self, run_id: str) -> dict[str, Any]:
        if run_id not in self.held:
            raise StoreError(f'there is no run "{run_id}".')
        return self.held[run_id][0]

    def table(self, run_id: str, name: str) -> pd.DataFrame:
        return self.held[run_id][1][name]


def run(
    name: str, costs: dict[str, float], *, energy_mwh: float = ENERGY_MWH, scenario: dict | None = None, **changes: Any
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """One year's run: costs in million USD by category. `summary_*` changes the summary, the rest the manifest."""
    resolved = copy.deepcopy(load_scenario(SHIPPED_SCENARIOS / "light-gas.yaml").scenario.model_dump(mode="json"))
    for place, value in (scenario or {}).items():
        part = resolved
        for key in place.split(".")[:-1]:
            part = part[key]
        part[place.split(".")[-1]] = value
    usd = sum(costs.values()) * 1e6
    summary = {
        "lcoe_usd_per_mwh": usd / energy_mwh, "npv_cost_usd": usd, "capital_overnight_usd": 3e8, "adequate": True,
        "required_mwh": energy_mwh, "served_frac": 1.0, "unserved_mwh": 0.0, "nox_peak_year_short_tons": 50.0,
        "land_acres": 20.0, "co2_tonnes": 5e5,
    }  # fmt: skip
    summary |= {key[8:]: value for key, value in changes.items() if key.startswith("summary_")}
    manifest = {
        "name": name, "scenario": resolved, "files": {}, "status": "done", "termination": "within_gap",
        "mip_gap_frac": 0.001, "verification": {"passed": True, "checks": []}, "summary": summary,
        **{key: value for key, value in changes.items() if not key.startswith("summary_")},
    }  # fmt: skip
    frame = pd.DataFrame(
        [
            {"stage": stage, "category": category, "present_value_usd": million * 1e6 * (1 if stage == 2 else 7)}
            for stage in (1, 2)
            for category, million in costs.items()
        ]
    )
    load = pd.DataFrame({"required_mwh": [energy_mwh], "discount_factor": [1.0]})
    return manifest, {"costs": frame, "load": load}


BASE = {"capital": 30.0, "fuel": 40.0, "variable": 5.0}  # 75 USD/MWh
CHEAP = {"capital": 40.0, "fuel": 25.0, "variable": 4.0}  # 69 USD/MWh


def value(comparison: Comparison, metric: str, run_id: str, column: str) -> float:
    rows = comparison.figures
    return rows[(rows["metric"] == metric) & (rows["run_id"] == run_id)][column].iloc[0]


def test_differences_are_taken_from_the_base():
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "b"], base="a")
    assert value(comparison, "lcoe_usd_per_mwh", "b", "difference") == pytest.approx(69 - 75)
    assert value(comparison, "lcoe_usd_per_mwh", "b", "difference_frac") == pytest.approx(-6 / 75)
    assert value(comparison, "npv_cost_usd", "a", "difference") == 0
    assert comparison.letters == {"a": "A", "b": "B"}


def test_the_other_base_turns_the_sign():
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "b"], base="b")
    assert value(comparison, "lcoe_usd_per_mwh", "a", "difference") == pytest.approx(6)


def test_a_bridge_sums_to_the_difference_to_the_cent():
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "b"])
    bridge = comparison.bridges
    assert dict(zip(bridge["category"], bridge["usd_per_mwh"], strict=True)) == pytest.approx(
        {"capital": 10, "fuel": -15, "variable": -1}
    )
    assert bridge["usd_per_mwh"].sum() == pytest.approx(69 - 75, abs=0.005)
    assert bridge["npv_usd"].sum() == pytest.approx(-6e6, abs=0.005)


def test_a_bridge_between_runs_of_different_energy_sums_per_mwh_too():
    store = MemoryStore(a=run("One", BASE), b=run("Two", CHEAP, energy_mwh=1.5 * ENERGY_MWH))
    comparison = compare(store, ["a", "b"])
    assert comparison.bridges["usd_per_mwh"].sum() == pytest.approx(69 / 1.5 - 75, abs=0.005)
    assert comparison.bridges["npv_usd"].sum() == pytest.approx(-6e6, abs=0.005)
    assert any("different amounts of energy" in sentence for sentence in comparison.sentences)


def test_costs_are_those_of_the_dispatch():
    costs = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "b"]).costs
    assert costs[costs["run_id"] == "a"]["npv_usd"].sum() == pytest.approx(75e6)
    assert set(costs["category"]) == set(COST_CATEGORIES)


def test_only_inputs_that_differ_are_listed():
    changed = {"fuel.price_usd_per_mmbtu": 5.0, "name": "Other", "description": "Words do not count."}
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP, scenario=changed)), ["a", "b"])
    assert list(comparison.inputs["place"]) == ["fuel.price_usd_per_mmbtu"]
    row = comparison.inputs.iloc[0]
    assert (row["label"], row["unit"], row["a"], row["b"]) == ("Gas price", "USD/MMBtu", 3.5, 5.0)


def test_a_technology_that_only_one_may_build_is_one_row():
    store = MemoryStore(a=run("One", BASE), b=run("Two", CHEAP, scenario={"technologies.solar.enabled": True}))
    inputs = compare(store, ["a", "b"]).inputs
    assert list(inputs["place"]) == ["technologies.solar"]
    assert (inputs.iloc[0]["a"], inputs.iloc[0]["b"]) == (False, True)


def test_an_input_of_such_a_technology_is_compared_among_those_that_have_it():
    solar = {"technologies.solar.enabled": True}
    store = MemoryStore(
        a=run("One", BASE),
        b=run("Two", CHEAP, scenario=solar),
        c=run("Three", CHEAP, scenario={**solar, "technologies.solar.overnight_usd_per_kw": 700.0}),
    )
    inputs = compare(store, ["a", "b", "c"]).inputs.set_index("place")
    row = inputs.loc["technologies.solar.overnight_usd_per_kw"]
    assert (row["a"], row["b"], row["c"]) == (None, 1000.0, 700.0)


def test_a_file_differs_by_its_content_not_by_its_name():
    same_name = {"load.series": "load.csv:mw"}
    one = run("One", BASE, scenario=same_name, files={"load.csv": "a" * 64})
    two = run("Two", CHEAP, scenario=same_name, files={"load.csv": "b" * 64})
    inputs = compare(MemoryStore(a=one, b=two), ["a", "b"]).inputs
    assert list(inputs["place"]) == ["load.series"]
    assert inputs.iloc[0]["a"] == "load.csv:mw #aaaaaaaa"
    assert compare(MemoryStore(a=one, b=one), ["a", "b"]).inputs.empty


def test_the_sentence_names_winner_margin_reason_and_cause():
    cheap = run("Two", CHEAP, scenario={"technologies.turbine.heat_rate_btu_per_kwh": 7000.0})
    lead = compare(MemoryStore(a=run("One", BASE), b=cheap), ["a", "b"]).sentences[0]
    assert lead == (
        "B (Two) is cheaper at $69.0 /MWh, $6.00 (8.0\u202f%) below A, mostly for fuel ($15.0 less), against $10.0 "
        "more for capital; what differs is Gas turbine: heat rate 7000 instead of 8500 Btu/kWh."
    )


def test_when_the_base_is_cheapest_the_next_is_named():
    lead = compare(MemoryStore(a=run("One", CHEAP), b=run("Two", BASE)), ["a", "b"]).sentences[0]
    assert lead.startswith("A (One) is cheaper at $69.0 /MWh, $6.00 (8.0\u202f%) below B (Two), mostly for fuel")


def test_a_third_run_is_placed_against_the_same_rival():
    store = MemoryStore(a=run("One", BASE), b=run("Two", CHEAP), c=run("Three", {**BASE, "fuel": 50.0}))
    said = compare(store, ["a", "b", "c"]).sentences
    assert said[0].startswith("B (Two) is cheapest at")
    assert said[1] == "C costs $10.0 more than A."


def test_what_only_one_may_build_is_named_as_the_cause():
    solar = {"technologies.solar.enabled": True}
    lead = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP, scenario=solar)), ["a", "b"]).sentences[0]
    assert lead.endswith("; B may build solar, A may not.")


def test_reasons_hold_between_two_sound_runs_when_the_base_is_not():
    flawed = run("One", {"capital": 90.0, "fuel": 1.0}, summary_adequate=False)
    said = compare(MemoryStore(a=flawed, b=run("Two", CHEAP), c=run("Three", BASE)), ["a", "b", "c"]).sentences
    assert said[0].startswith(
        "B (Two) is cheapest at $69.0 /MWh, $6.00 (8.0\u202f%) below C (Three), mostly for fuel ($15.0"
    )


def test_a_difference_within_the_gap_is_no_difference():
    close = {**BASE, "fuel": 39.95}
    lead = compare(MemoryStore(a=run("One", BASE), b=run("Two", close)), ["a", "b"]).sentences[0]
    assert "about the same" in lead
    assert "cheaper" not in lead


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ({"summary_adequate": False, "summary_unserved_mwh": 223.0}, "B leaves 223 MWh unserved"),
        ({"termination": "time_limit", "mip_gap_frac": 0.2}, "B was stopped at its time limit with a gap of 20"),
        ({"verification": {"passed": False, "checks": []}}, "B failed its verification"),
    ],
)
def test_a_flawed_run_is_never_called_better(flaw, words):
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP, **flaw)), ["a", "b"])
    said = " ".join(comparison.sentences)
    assert "Only A (One) can be relied on" in said
    assert words in said
    assert "the lower figure of B does not make it better" in said
    assert "cheaper" not in said


def test_an_infeasible_run_stands_beside_the_others():
    none = dict.fromkeys(("lcoe_usd_per_mwh", "npv_cost_usd", "required_mwh", "nox_peak_year_short_tons"))
    flawed = run("Two", CHEAP, status="infeasible", termination="infeasible")
    flawed[0]["summary"] = {**none, "adequate": False}
    comparison = compare(MemoryStore(a=run("One", BASE), b=flawed), ["a", "b"])
    assert pd.isna(value(comparison, "lcoe_usd_per_mwh", "b", "value"))
    assert comparison.bridges.empty
    assert "B has no plan (infeasible)" in " ".join(comparison.sentences)


def test_what_it_costs_otherwise_is_said():
    other = run("Two", CHEAP, summary_nox_peak_year_short_tons=29.5, summary_land_acres=400.0)
    said = compare(MemoryStore(a=run("One", BASE), b=other), ["a", "b"]).sentences
    assert "Against A, B emits 41\u202f% less NOx in its highest year and needs 380 acres more." in said


def test_unknown_runs_are_named_and_the_others_compared():
    comparison = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "gone", "b", "a"], base="gone")
    assert comparison.run_ids == ("a", "b")
    assert comparison.base == "a"
    assert comparison.missing == {"gone": 'there is no run "gone".'}


def test_the_seventh_run_is_left_out_and_named():
    runs = {f"r{number}": run(f"Run {number}", BASE) for number in range(7)}
    comparison = compare(MemoryStore(**runs), list(runs))
    assert comparison.run_ids == tuple(f"r{number}" for number in range(6))
    assert "at most 6" in comparison.missing["r6"]


def test_nothing_to_compare_says_nothing():
    comparison = compare(MemoryStore(), ["gone"])
    assert (comparison.base, comparison.sentences) == (None, ())
    assert comparison.figures.empty
    assert compare(MemoryStore(a=run("One", BASE)), ["a"]).sentences == ()


def test_the_json_form_holds_no_nan():
    found = compare(MemoryStore(a=run("One", BASE), b=run("Two", CHEAP)), ["a", "b"]).to_json()
    assert all(number == number for row in found["figures"] for number in row.values())
    assert {"runs", "base", "figures", "inputs", "costs", "bridges", "sentences"} <= set(found)
