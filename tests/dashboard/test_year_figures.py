"""Figures of single years: each year its own, all on the page, one of them seen."""

from __future__ import annotations

import importlib

import pytest
from dash import html

from app import create_app
from dashboard.formatting import amount
from dashboard.ids import Run
from dashboard.views.year_figures import year_figures
from engine.store import Store
from tests.dashboard.fake_runs import fake_run

pytestmark = pytest.mark.usefixtures("in_an_app")


def blocks(card: html.Section) -> dict[str, html.Div]:
    """Figures by year."""
    found = next(part for part in card._traverse() if getattr(part, "id", None) == Run.FIGURES)
    return {getattr(block, "data-year"): block for block in found.children}


def value_of(block: html.Div, label: str) -> str:
    """Value of a figure with its unit, as it is read."""
    stat = next(one for one in block.children if one.children[0].children == label)
    return words(stat.children[1])


def words(part: object) -> str:
    """Text of a component."""
    if isinstance(part, list | tuple):
        return "".join(words(one) for one in part)
    return part if isinstance(part, str) else words(getattr(part, "children", None) or "")


def test_a_year_says_its_own_cost_energy_and_emissions():
    run_id = fake_run(Store(), "Two years", grid_from=2027)
    by_year = blocks(year_figures(Store().manifest(run_id), 2026))
    costs, load = Store().table(run_id, "costs"), Store().table(run_id, "load").set_index("year")
    limits = Store().table(run_id, "limits")
    for year, block in by_year.items():
        own = costs[(costs["year"] == int(year)) & (costs["stage"] == 2)]["cost_usd"].sum()
        nox = limits.query(f"year == {year} and limit == 'nox' and stage == 2")["value"].item()
        required_mwh = load.loc[int(year), "required_mwh"]
        for label, value, unit in (
            ("Cost", own, "USD"),
            ("Cost per MWh", own / required_mwh, "USD/MWh"),
            ("NOx", nox, "short tons"),
        ):
            assert value_of(block, label) == str(amount(value, unit)), label
    assert value_of(by_year["2026"], "NOx") != value_of(by_year["2027"], "NOx")  # the grid came


def test_one_year_is_seen_and_an_unknown_one_gives_the_last():
    manifest = Store().manifest(fake_run(Store(), "Two years"))
    for asked, seen in ((2026, "2026"), (2027, "2027"), (1999, "2027")):
        hidden = {year: block.hidden for year, block in blocks(year_figures(manifest, asked)).items()}
        assert [year for year, gone in hidden.items() if not gone] == [seen]


def test_the_address_names_the_year_of_the_figures():
    create_app()
    run_id = fake_run(Store(), "Two years")
    page = importlib.import_module("dashboard.pages.run").layout(run_id, figures="2026")
    card = next(part for part in page._traverse() if getattr(part, "id", None) == Run.FIGURES)
    assert [block.hidden for block in card._traverse() if hasattr(block, "data-year")] == [False, True]
