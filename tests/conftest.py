"""Options of the test suite, and a home folder of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.figures import common


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-objectives",
        action="store_true",
        help="write the solved figures into tests/regression/objectives.json and print what changed",
    )


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's store."""
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True, scope="session")
def _figures_are_checked() -> None:
    """Plotly names every property that it does not know."""
    common.CHECKED = True
