"""The form: every field of the schema once, numbers as planners type them, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.forms import draft as drafts
from dashboard.forms.check import check
from dashboard.forms.draft import Draft, read, type_into
from dashboard.forms.spec import SECTIONS, FieldSpec, fields_by_path, sections
from dashboard.forms.values import Unreadable, parse, parse_number, range_text, show
from engine.scenario.loading import SHIPPED_SCENARIOS, read_mapping, validate_scenario
from engine.scenario.schema import Scenario


@pytest.fixture(scope="module")
def base() -> dict[str, Any]:
    return read_mapping(SHIPPED_SCENARIOS / "base.yaml")


@pytest.fixture(scope="module")
def specs(base: dict[str, Any]) -> dict[str, FieldSpec]:
    return fields_by_path(base)


def leaves(value: Any, path: str = "") -> set[str]:
    """Paths of everything that is no mapping."""
    if not isinstance(value, dict) or not value:
        return {path}
    return set().union(*(leaves(item, f"{path}.{key}".lstrip(".")) for key, item in value.items()))


def test_every_field_of_the_schema_stands_in_the_form_once(base: dict[str, Any]) -> None:
    dumped = validate_scenario(base, source="base").scenario.model_dump(mode="json")
    fixed = {"schema_version"} | {f"technologies.{key}.kind" for key in base["technologies"]}
    shown = [field.path for section in sections(base) for field in section.fields]
    assert sorted(shown) == sorted(leaves(dumped) - fixed)


def test_sections_come_in_the_planners_order_and_none_is_left_over(base: dict[str, Any]) -> None:
    assert tuple(section.title for section in sections(base)) == SECTIONS


def test_every_field_says_what_it_is(specs: dict[str, FieldSpec]) -> None:
    assert [path for path, spec in specs.items() if not (spec.label and spec.help and spec.source)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,650", 1650.0),
        ("1.65k", 1650.0),
        ("5M", 5e6),
        ("$5 M", 5e6),
        ("1.2 B", 1.2e9),
        ("\u22123.5", -3.5),
        ("8 %", 0.08),
        ("7%", 0.07),
        ("65\u2009000", 65000.0),
        ("5.0e+6", 5e6),
        (".5", 0.5),
        ("1,234,567.5", 1234567.5),
    ],
)
def test_numbers_are_read_as_planners_type_them(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["1,65", "1.650,5", "5m", "abc", "1..2", "", "nan", "inf", "12,34,567", "--4"])
def test_numbers_that_could_mean_two_things_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_number(text)


def test_every_value_survives_being_shown_and_read_again(base: dict[str, Any], specs: dict[str, FieldSpec]) -> None:
    for spec in specs.values():
        value = drafts.value_at(base, spec)
        assert parse(spec, show(spec, value)) == value, spec.path


def test_fractions_are_shown_and_taken_in_percent(base: dict[str, Any], specs: dict[str, FieldSpec]) -> None:
    rate = specs["money.discount_rate_frac"]
    assert show(rate, 0.08) == "8 %"
    assert parse(rate, "7 %") == parse(rate, "0.07") == 0.07
    problems = check(base, type_into(Draft(), rate.path, "7")).problems
    assert [problem.message for problem in problems] == ["is 700 %; it must be 0 % to 50 %; for percent write 7 %."]


def test_a_unit_typed_behind_the_number_is_taken(specs: dict[str, FieldSpec]) -> None:
    assert parse(specs["load.it_peak_mw"], "180 MW") == 180.0


def test_ranges_are_said_in_words(specs: dict[str, FieldSpec]) -> None:
    assert range_text(specs["technologies.engine.unit_mw"]) == "above 0, at most 2,000"
    assert range_text(specs["load.pue"]) == "1 to 3"
    assert range_text(specs["load.series"]) == ""


def test_an_empty_limit_means_no_limit(base: dict[str, Any]) -> None:
    draft = type_into(Draft(), "limits.land_acres", "")
    assert read(base, draft).changes == {"limits.land_acres": None}
    loaded = check(base, draft).loaded
    assert loaded is not None
    assert loaded.scenario.limits.land_acres is None


def test_an_empty_required_field_is_a_problem_that_names_it(base: dict[str, Any]) -> None:
    (problem,) = check(base, type_into(Draft(), "load.pue", "")).problems
    assert (problem.path, problem.where) == ("load.pue", "Site and load: PUE")
    assert problem.message == "is empty; it needs a value."


def test_lists_are_edited_as_text(base: dict[str, Any]) -> None:
    draft = type_into(Draft(), "time.weeks", "1, 26\n180: 26")
    draft = type_into(draft, "time.years", "3")
    draft = type_into(draft, "load.multiples_by_year", "1, 1.5, 2")
    loaded = check(base, draft).loaded
    assert loaded is not None
    assert [(week.start_day, week.weight) for week in loaded.scenario.time.weeks] == [(1, 26.0), (180, 26.0)]
    assert loaded.scenario.load.multiples_by_year == (1.0, 1.5, 2.0)


def test_a_tariff_is_edited_as_rows_that_come_back_as_they_were(
    base: dict[str, Any], specs: dict[str, FieldSpec]
) -> None:
    path = "technologies.grid.price_periods"
    text = "Summer peak, 6, 9, weekdays, 16, 20, 1500\nNight, 1, 12, all, 22, 5, -5"
    loaded = check(base, type_into(Draft(), path, text)).loaded
    assert loaded is not None
    periods = loaded.scenario.model_dump(mode="json")["technologies"]["grid"]["price_periods"]
    assert [(row["label"], row["last_month"], row["usd_per_mwh"]) for row in periods] == [
        ("Summer peak", 9, 1500), ("Night", 12, -5),
    ]  # fmt: skip
    assert parse(specs[path], show(specs[path], periods)) == periods
    assert parse(specs[path], "") is None


def test_paths_and_months_are_edited_as_lists_and_say_what_is_missing(base: dict[str, Any]) -> None:
    draft = type_into(Draft(), "fuel.month_multiples", "1.3, 1.2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.3")
    draft = type_into(draft, "technologies.solar.overnight_path", ", ".join(["1"] * 10))
    draft = type_into(draft, "fuel.price_path", "")
    loaded = check(base, draft).loaded
    assert loaded is not None
    assert loaded.scenario.fuel.month_multiples is not None
    assert (loaded.scenario.fuel.month_multiples[0], loaded.scenario.fuel.price_path) == (1.3, None)
    (problem,) = check(base, type_into(Draft(), "technologies.solar.overnight_path", "1, 0.9")).problems
    assert "technologies.solar.overnight_path has 2 entries; it needs one for each of the 10 years" in problem.message


def test_a_row_with_too_few_entries_is_named(base: dict[str, Any]) -> None:
    (problem,) = check(base, type_into(Draft(), "time.weeks", "1, 26\n180")).problems
    assert "row 2 has 1 entries; it needs 2: first day, weight" in problem.message


def test_text_that_cannot_be_read_is_kept_as_typed(base: dict[str, Any], specs: dict[str, FieldSpec]) -> None:
    draft = type_into(Draft(), "load.pue", "one and a quarter")
    assert drafts.shown(specs["load.pue"], draft, base) == "one and a quarter"
    assert read(base, draft).mapping["load"]["pue"] == 1.25
    assert Draft.from_json(draft.to_json()) == draft


def test_typing_the_base_value_again_is_no_change(base: dict[str, Any]) -> None:
    draft = type_into(type_into(Draft(), "load.it_peak_mw", "200"), "load.it_peak_mw", "160.0")
    assert read(base, draft).changes == {}


def test_reset_and_undo_give_back_what_was_there(base: dict[str, Any]) -> None:
    one = type_into(Draft(), "load.it_peak_mw", "200")
    two = type_into(one, "load.pue", "abc")
    assert drafts.reset(two, "load.pue").texts == one.texts
    assert drafts.undo(two) == one
    assert drafts.undo(one).is_empty
    assert drafts.undo(drafts.discard(two)) == two


def test_redo_makes_what_was_undone_again_until_something_else_is_changed(base: dict[str, Any]) -> None:
    one = drafts.type_into(drafts.Draft(), "load.pue", "1.3")
    two = drafts.type_into(one, "load.it_peak_mw", "200")
    back = drafts.undo(drafts.undo(two))
    assert back.is_empty
    # The browser keeps both ways.
    kept = drafts.Draft.from_json(back.to_json())
    assert drafts.redo(kept) == one
    assert drafts.redo(drafts.redo(kept)) == two
    assert drafts.undo(drafts.redo(kept)) == back
    assert drafts.redo(two) == two  # nothing was undone
    other = drafts.type_into(drafts.redo(kept), "load.pue", "1.4")
    assert drafts.redo(other) == other
    assert drafts.reset(two, "load").is_empty


def test_a_copied_technology_is_new_equipment_and_can_be_edited(base: dict[str, Any]) -> None:
    draft = drafts.copy_technology(base, Draft(), "engine")
    draft = type_into(draft, "technologies.engine_2.unit_mw", "9.15")
    loaded = check(base, draft).loaded
    assert loaded is not None
    copied = loaded.scenario.technologies["engine_2"]
    assert (copied.label, copied.unit_mw) == ("Reciprocating engine 2", 9.15)
    assert drafts.remove_technology(base, draft, "engine_2").is_empty


def test_a_removed_technology_is_gone_and_comes_back_by_reset(base: dict[str, Any]) -> None:
    draft = drafts.remove_technology(base, Draft(), "turbine")
    assert "turbine" not in read(base, draft).mapping["technologies"]
    assert "turbine" in read(base, drafts.reset(draft, "technologies.turbine")).mapping["technologies"]


def test_all_problems_are_listed_at_once_each_with_its_field(base: dict[str, Any]) -> None:
    draft = Draft()
    for path, text in {
        "load.pue": "abc",
        "load.workloads.fine_tuning.share_frac": "30 %",
        "technologies.engine.existing_units": "60",
        "site.weather": "grensboro-tmy3",
    }.items():
        draft = type_into(draft, path, text)
    found = {problem.path: problem for problem in check(base, draft).problems}
    assert set(found) == {"load.pue", "load", "technologies.engine.existing_units", "site.weather"}
    assert found["technologies.engine.existing_units"].where == "Equipment: Reciprocating engine, existing"
    assert 'did you mean "greensboro-tmy3"' in found["site.weather"].message


def test_a_new_scenario_starts_from_the_schemas_defaults() -> None:
    assert drafts.complete({"name": "X"})["load"] == Scenario(name="X").model_dump(mode="json")["load"]
