"""Three shipped scenarios are broken on purpose: each says why, in figures, and what it says cures it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.derivation import relaxed
from engine.diagnosis_words import sentences
from engine.pipeline import Run, solve
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario, validate_scenario
from engine.store import Store


def solved(name: str, folder: Path) -> Run:
    return solve(load_scenario(SHIPPED_SCENARIOS / f"{name}.yaml"), store=Store(folder))


def remedies(run: Run) -> dict[str, Any]:
    return {remedy["limit"]: remedy for remedy in run.manifest["diagnosis"]["remedies"]}


def cured(run: Run, folder: Path) -> Run:
    """The scenario of the least change, solved through the ordinary pipeline."""
    mapping = relaxed(run.manifest["scenario"], run.manifest["diagnosis"]["overrides"])
    return solve(validate_scenario(json.loads(json.dumps(mapping)), source="relaxed"), store=Store(folder))


def test_impossible_sheds_because_of_nox_and_land(tmp_path: Path) -> None:
    run = solved("impossible", tmp_path)
    found = run.manifest["diagnosis"]
    assert (run.summary["status"], run.summary["adequate"]) == ("done", False)
    assert found["conflicts"] == [["nox", "land"]]
    # Engines alone: 1,314,000 MWh x 7.7 MMBtu x 0.099 lb / 2,000 = 501 t. The sun on 500 acres saves 17 %.
    assert found["overrides"] == {"limits.served_frac": 1.0, "limits.nox_short_tons_per_yr": pytest.approx(415, abs=3)}
    assert remedies(run)["nox"]["alone"]["value"] == found["overrides"]["limits.nox_short_tons_per_yr"]
    assert [name for name, remedy in remedies(run).items() if remedy["alone"]] == ["nox"]
    assert sentences(found)[0].startswith("NOx (99\u202ft/yr) and Land (500\u202facres) cannot both be kept")
    again = cured(run, tmp_path)
    assert again.summary["adequate"]
    assert again.summary["verified"]


@pytest.mark.heavy
def test_no_supply_wants_land_sun_and_storage_together(tmp_path: Path) -> None:
    run = solved("no-supply", tmp_path)
    found = run.manifest["diagnosis"]
    assert run.summary["status"] == "infeasible"
    assert sorted(found["conflicts"]) == [["battery.max_mwh"], ["land"], ["solar.max_mw"]]
    # None would do by itself, but for serving much less.
    assert [name for name, remedy in remedies(run).items() if remedy["alone"]] == ["served"]
    solar_mw = found["overrides"]["technologies.solar.max_mw"]
    battery_mwh = found["overrides"]["technologies.battery.max_mwh"]
    # 4.25 acres a MW and 0.02 acres a MWh; all three figures are rounded up to three digits.
    acres = found["overrides"]["limits.land_acres"]
    assert acres == pytest.approx(4.25 * solar_mw + 0.02 * battery_mwh, rel=0.01)
    again = cured(run, tmp_path)
    assert again.summary["adequate"]
    assert again.summary["land_acres"] <= acres


@pytest.mark.heavy
def test_too_fast_says_how_much_earlier_engines_or_turbines_must_come(tmp_path: Path) -> None:
    run = solved("too-fast", tmp_path)
    found = run.manifest["diagnosis"]
    assert run.summary["status"] == "infeasible"
    # Decided in January 2026: 18 months are rounded up to 2028, 12 months reach 2027, when 300 MW must be served.
    assert found["overrides"] == {"technologies.engine.lead_time_months": 12.0}
    assert found["conflicts"] == [["engine.lead_time_months", "turbine.lead_time_months"]]
    assert remedies(run)["turbine.lead_time_months"]["alone"]["value"] == 12.0
    assert remedies(run)["battery.lead_time_months"]["alone"] is None
    # 12 units of 18.3 MW at 97 % give 213 MW of the 225 MW that 2027 needs on average, less where heat derates.
    assert remedies(run)["served"]["alone"]["value"] == pytest.approx(0.93, abs=0.02)
    again = cured(run, tmp_path)
    assert again.summary["adequate"]
