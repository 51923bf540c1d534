"""docs/extending.md, "A demand response product": the entry shown there is all it takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from dashboard.forms.spec import fields_by_path
from engine.demand_response import product_economics
from engine.scenario.loading import SHIPPED_SCENARIOS, merge, read_mapping, validate_scenario
from tests.toys import answer, toy
from tests.unit.response_kit import GRID

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "extending.md"
SHOWN = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0])
# 125 MW of load, 100 MW of IT: 0.5 x 0.4 x 100 = 20 MW and 0.5 x 0.2 x 100 = 10 MW.
WORKLOADS = {
    "fine_tuning": {"share_frac": 0.5, "flexible_frac": 0.4, "response_min": 5, "cut_usd_per_mwh": 40},
    "batch_inference": {"share_frac": 0.5, "flexible_frac": 0.2, "response_min": 1, "cut_usd_per_mwh": 20},
}


def test_the_product_of_the_document_is_committed_and_paid(tmp_path: Path) -> None:
    changes = {"load": {"pue": 1.25, "workloads": WORKLOADS}, "technologies": {"grid": GRID}}
    more = {"demand_response": {"own_use": False}, "time": {"method": "calendar"}}
    loaded = toy(changes, SHOWN, more)
    solved = answer(loaded, tmp_path)
    row = solved.tables["dr_products"].iloc[0]
    # 4 h x 365 x 12 = 17,520 and 30 h x 80 = 2,400 USD per MW; lost 30 h x (20 x 40 + 10 x 20) = 30,000 USD.
    assert (row["product"], row["guaranteed_mw"]) == ("winter_peak", pytest.approx(30.0))
    assert row["net_revenue_usd"] == pytest.approx(30 * (17_520 + 2_400) - 30_000)
    alone = product_economics(loaded.scenario, np.full(8760, 125.0)).iloc[0]
    assert alone["net_revenue_usd"] == pytest.approx(row["net_revenue_usd"])


def test_the_product_of_the_document_shows_in_the_form() -> None:
    base = read_mapping(SHIPPED_SCENARIOS / "base.yaml")
    mapping = merge(base, SHOWN)
    assert validate_scenario(mapping, source="base").scenario.demand_response.active_products.keys() == {
        "economic",
        "winter_peak",
    }
    assert "demand_response.products.winter_peak.capacity_usd_per_mw_h" in fields_by_path(mapping)
