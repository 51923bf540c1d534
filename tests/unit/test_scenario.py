"""Scenario files: merged, checked as a whole, fingerprinted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from engine.errors import InputError
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario, parse_yaml, to_yaml, validate_scenario
from engine.scenario.reference import reference
from engine.scenario.schema import Scenario
from engine.scenario.technologies import KINDS
from tests.toys import toy, write_series


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return [str(problem) for problem in caught.value.problems]


def test_extends_lays_changes_over_the_base(tmp_path: Path) -> None:
    loaded = load_scenario(write(tmp_path, "extends: base\nname: Mine\nload: {pue: 1.4}\n"))
    assert loaded.scenario.load.pue == 1.4
    assert loaded.scenario.load.it_peak_mw == 160
    assert set(loaded.scenario.technologies) == {"engine", "turbine", "solar", "battery", "grid"}


def test_every_problem_is_named_at_once_with_place_value_and_remedy(tmp_path: Path) -> None:
    found = problems(
        write(
            tmp_path,
            """
extends: base
name: Mine
site: {weather: greensborotmy3}
load: {pui: 1.3, load_factor_frac: 1.7}
technologies:
  battery: {charge_efficiency_frac: 1.08}
  engine: {kind: termal}
  solar: {series: sun.csv}
""",
        )
    )
    assert len(found) == 6
    text = "\n".join(found)
    assert "load.load_factor_frac is 1.7; it must be at most 1" in text
    assert 'load.pui is not a field here (did you mean "pue"?)' in text
    assert "technologies.battery.charge_efficiency_frac is 1.08; it must be at most 1" in text
    assert 'technologies.engine.kind is "termal"' in text
    assert 'did you mean "thermal"?' in text
    assert 'did you mean "greensboro-tmy3"?' in text
    assert 'technologies.solar.series is "sun.csv"; it must be file.csv:column.' in text


def test_shares_that_do_not_sum_to_one_say_by_how_much(tmp_path: Path) -> None:
    text = "extends: base\nname: Mine\nload: {workloads: {pre_training: {share_frac: 0.2}}}\n"
    assert "workload shares sum to 0.9; they must sum to 1 (change them by +0.1 in all)" in problems(
        write(tmp_path, text)
    )[0]  # fmt: skip


def test_an_unknown_base_suggests_one(tmp_path: Path) -> None:
    found = problems(write(tmp_path, "extends: bse\nname: Mine\n"))
    assert found == ['extends is "bse", which is not a scenario beside it (did you mean "base.yaml"?).']


def test_references_never_lead_out_of_the_scenario_folders(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    write_series(tmp_path, "secret", np.ones(8760))
    write(tmp_path, "name: Outside\n", "outside.yaml")
    found = problems(write(inside, "extends: base\nname: Mine\nload: {series: '../secret.csv:value'}\n"))
    assert "which is not beside the scenario" in found[0]
    assert "which is not a scenario beside it" in problems(write(inside, "extends: ../outside\nname: Mine\n"))[0]


def test_extends_in_a_circle_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "extends: b\nname: A\n", "a.yaml")
    write(tmp_path, "extends: a\nname: B\n", "b.yaml")
    assert "goes round in a circle" in problems(tmp_path / "a.yaml")[0]


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "just words"])
def test_a_file_without_a_mapping_says_what_it_needs(text: str) -> None:
    with pytest.raises(InputError, match="at least `name:`"):
        parse_yaml(text, source="upload.yaml")


def test_broken_yaml_names_line_and_column() -> None:
    with pytest.raises(InputError, match="line 3, column 1"):
        parse_yaml("name: x\nload: [1, 2\n", source="upload.yaml")


def test_a_key_written_twice_is_refused() -> None:
    with pytest.raises(InputError, match="key 'pue' is written twice"):
        parse_yaml("load:\n  pue: 1.2\n  pue: 1.3\n", source="upload.yaml")


def test_yaml_export_reads_back_to_the_same_scenario() -> None:
    scenario = load_scenario(SHIPPED_SCENARIOS / "base.yaml").scenario
    again = validate_scenario(parse_yaml(to_yaml(scenario), source="export"), source="export")
    assert again.scenario == scenario


def test_names_labels_sources_and_solver_settings_do_not_change_the_fingerprint() -> None:
    base = {"technologies": {"grid": {"kind": "grid", "label": "Grid"}}}
    renamed = {
        "name": "Another",
        "description": "words",
        "technologies": {"grid": {"label": "Utility", "source": "elsewhere"}},
        "solver": {"mip_gap_frac": 0.05},
    }
    assert fingerprint(toy(base)) == fingerprint(toy(base, renamed))


def test_a_disabled_technology_is_as_good_as_none() -> None:
    off = {"technologies": {"grid": {"kind": "grid", "enabled": False}}}
    assert fingerprint(toy()) == fingerprint(toy(off))


@pytest.mark.parametrize(
    "change", [{"load": {"pue": 1.1}}, {"money": {"discount_rate_frac": 0.01}}, {"time": {"years": 2}}]
)
def test_every_input_changes_the_fingerprint(change: dict[str, Any]) -> None:
    assert fingerprint(toy()) != fingerprint(toy(change))


def test_the_content_of_an_input_file_counts_not_its_name(tmp_path: Path) -> None:
    one = {"load": {"series": write_series(tmp_path, "one", np.full(8760, 5.0))}}
    same = {"load": {"series": write_series(tmp_path, "same", np.full(8760, 5.0))}}
    other = {"load": {"series": write_series(tmp_path, "other", np.full(8760, 6.0))}}
    first = fingerprint(toy(one, folder=tmp_path))
    assert first == fingerprint(toy(same, folder=tmp_path))
    assert first != fingerprint(toy(other, folder=tmp_path))


def documented_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and every model below it."""
    found: list[type[BaseModel]] = [model]
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += documented_models(field.annotation)
    return found


@pytest.mark.parametrize("model", [*documented_models(Scenario), *KINDS.values()])
def test_every_field_states_label_description_unit_and_source(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        is_part = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        if is_part or name in ("kind", "technologies"):
            continue
        extra = field.json_schema_extra
        assert isinstance(extra, dict), f"{model.__name__}.{name} is not declared with quantity()"
        assert field.title, f"{model.__name__}.{name} has no label"
        assert field.description, f"{model.__name__}.{name} has no description"
        assert extra["unit"], f"{model.__name__}.{name} has no unit"
        assert extra["source"], f"{model.__name__}.{name} has no source"


def test_the_reference_in_docs_is_what_the_schema_says() -> None:
    stored = (SHIPPED_SCENARIOS.parent / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert stored == reference(), "run: python -m engine.scenario.reference > docs/scenario.md"


def test_a_scenario_from_before_the_decomposed_search_still_opens() -> None:
    assert toy({"solver": {"search": "tree"}}).scenario.solver.search == "decomposed"


def test_a_text_read_again_does_not_know_what_became_of_its_first_reading() -> None:
    first = parse_yaml("name: Plan\nfuel: {price: 4}\n", source="plan")
    first["fuel"]["price"] = 9
    assert parse_yaml("name: Plan\nfuel: {price: 4}\n", source="plan") == {"name": "Plan", "fuel": {"price": 4}}
