"""People read CO₂; files that spreadsheets open without asking have a plain 2."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from engine.files import csv_bytes
from engine.scenario.schema import Limits
from engine.wording import CO2

ROOT = Path(__file__).resolve().parents[2]
# Where the words become the plain ones.
HOME = ROOT / "engine" / "files.py"


def spoken(file: Path) -> Iterator[str]:
    """Texts of a file but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in silent:
            yield one.value


def test_no_text_of_engine_or_dashboard_spells_it_otherwise() -> None:
    files = [file for room in ("engine", "dashboard") for file in (ROOT / room).rglob("*.py") if file != HOME]
    found = {f"{file.relative_to(ROOT)}: {text}" for file in files for text in spoken(file) if "CO2" in text}
    assert (len(files) > 200, found) == (True, set())
    assert Limits.model_fields["co2_tonnes_per_yr"].title == CO2


def test_a_csv_has_the_plain_one_and_else_what_the_table_has() -> None:
    frame = pd.DataFrame({"figure": [f"{CO2}, all years", "Land ≤ 500"], "co2_tonnes": [1.5, 2.0]})
    assert csv_bytes(frame).decode() == 'figure,co2_tonnes\n"CO2, all years",1.5\nLand ≤ 500,2.0\n'
