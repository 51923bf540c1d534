"""A new sweep: form and text say the same, what is wrong stands beside its field, nothing typed is lost."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard import sweep_draft as drafting
from dashboard.forms.draft import Draft
from dashboard.ids import SweepNew as Ids
from dashboard.sweep_actions import Event, happened
from dashboard.sweep_document import added, changed, dropped
from dashboard.sweep_fields import read
from dashboard.sweep_form import laid_over, look
from dashboard.sweep_text import beginning, fresh_text, inputs_of, moving, options_of
from dashboard.views import sweep_form as view
from engine.errors import InputError
from engine.sweep.plan import SHIPPED, plan_file, plan_text
from engine.sweep.spec import DESIGNS, WHEN
from engine.sweep.sweeps import Sweeps

SOLAR = "technologies.solar.overnight_usd_per_kw"
FIELD = {"type": "sweep-field", "path": "any"}


def held(text: str) -> dict[str, Any]:
    """What the fields of a text's form hold."""
    form = read(text)
    return {place: form.shown(spec) for place, spec in form.fields.items()}


def typed(text: str, **places: str) -> str:
    """The text after typing; `__` stands for the point of a place."""
    return laid_over(text, {**held(text), **{place.replace("__", "."): value for place, value in places.items()}})


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_form_of_a_shipped_sweep_gives_its_text_back_to_the_letter(file: Path) -> None:
    text = file.read_text()
    assert laid_over(text, held(text)) == text
    assert look(text).problems == ()


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_sweep_made_anew_in_the_form_is_the_same_sweep(file: Path) -> None:
    wanted = yaml.safe_load(file.read_text())
    # Nothing but the form's own way: an empty sweep, its inputs added, then every field typed in.
    text = "parameters: []\n"
    for row in wanted["parameters"]:
        text = added(text, moving(inputs_of(wanted["base"])[row["path"]]))
    shown = held(file.read_text())
    text = laid_over(laid_over(text, shown), shown)  # the design brings fields of its own
    assert plan_text(text, "typed").sweep == plan_file(file).sweep


def test_a_change_in_the_form_leaves_comments_and_writing_of_the_text() -> None:
    text = (
        "# Asked by the board.\nname: 'A'\nbase: light-solar  # the light one\n"
        + fresh_text("").partition("base:")[2][12:]
    )
    after = typed(text, samples="48", parameters__1__range__2="1.65k")
    assert after == text.replace("samples: 24", "samples: 48").replace("4.55]", "1650]")


def test_numbers_are_typed_as_planners_do_and_written_as_yaml_reads_them() -> None:
    text = typed(fresh_text("light-solar"), parameters__2__range__1="60 %", budget__total_seconds="7.2k")
    assert "range: [0.6, 0.975]" in text
    assert "total_seconds: 7200" in text
    assert "seconds_per_case" not in typed(text, budget__seconds_per_case="")
    tiny = changed(text, {"parameters.2.range.1": 1e-5})
    assert yaml.safe_load(tiny)["parameters"][1]["range"][0] == 1e-5


def test_every_mistake_stands_beside_its_field_at_once() -> None:
    text = typed(
        fresh_text("light-solar"), name="", design="sobol", samples="24", parameters__1__range__1="2,5",
        parameters__2__range__2="120 %", budget__cases="0",
    )  # fmt: skip
    seen = look(text)
    assert seen.plan is None
    assert seen.notes == {
        "name": "is empty; give it a value.",
        "samples": "is 24; sobol needs a power of 2: 16 or 32.",
        "parameters.1.range.1": "write a decimal point, and commas only between thousands, e.g. 1,650 or 1.65",
        "parameters.2.range.2": "it must be above 0 %, at most 100 %; for percent write 1.2 %",
        "budget.cases": "it must be 1 to 10,000",
    }
    assert {problem.where for problem in seen.problems} >= {"Gas price: From", "Load factor: To", "Budget: Most cases"}


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("{path: load.pue, range: [2, 1.2]}", "parameters.3", "the first must be below the second"),
        ("{path: load.puue, range: [1, 2]}", "parameters.3", "did you mean load.pue?"),
        ("{path: load.load_factor_frac, values: [0.7]}", "parameters.3", "stands twice"),
        ("{path: technologies.grid.max_mw, range: [1, 2]}", "parameters.3", "grid is not available"),
        ("{path: load.pue, range: [1, 2], leves: 3}", "parameters.3", "leves is not a field here"),
        ("{path: load.pue, range: [1]}", "parameters.3.range.2", "it needs a value"),
        ("{path: load.pue, range: [1.1, 1.4], levels: 1}", "parameters.3.levels", "it must be 2 to 101"),
        ("{path: load.pue, values: [1.2, high]}", "parameters.3.values", "must be a number"),
        ("{path: time.method, values: [calendar, daily]}", "parameters.3.values", "must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_input_stands_at_the_input(line: str, place: str, words: str) -> None:
    text = fresh_text("light-solar").replace("latin_hypercube", "grid", 1).replace("budget:", f"  - {line}\nbudget:")
    seen = look(text)
    assert words in seen.notes[place]
    assert [problem.path for problem in seen.problems] == [place]


def test_a_design_beyond_its_budget_says_so_at_the_budget() -> None:
    seen = look(typed(fresh_text("light-solar"), samples="201"))
    assert "the design makes 201" in seen.notes["budget.cases"]


def test_another_base_keeps_the_inputs_and_says_which_it_does_not_have() -> None:
    text = added(fresh_text("light-solar"), moving(inputs_of("light-solar")[SOLAR]))
    assert "range: [490, 910]" in text  # 700 USD/kW, 30 % either way
    seen = look(typed(text, base="light-gas"))
    assert "solar is not available" in seen.notes["parameters.3"]
    assert seen.form.mapping["parameters"][2]["range"] == [490, 910]


def test_a_range_becomes_its_levels_and_the_list_its_range_again() -> None:
    text = typed(fresh_text("light-solar"), parameters__1__kind="values")
    assert "values: [2.45, 2.975, 3.5, 4.025, 4.55]" in text
    assert "range: [2.45, 4.55]" in typed(text, parameters__1__kind="range")


def test_switches_and_choices_are_ticked() -> None:
    text = added(fresh_text("light-solar"), moving(inputs_of("light-solar")["load.cooling.flexible"]))
    spec = read(text).fields["parameters.3.values"]
    assert (spec.choices, read(text).shown(spec)) == (("off", "on"), "off, on")
    assert "values: [true]" in laid_over(text, {**held(text), "parameters.3.values": ["on"]})


def test_a_list_that_cannot_be_read_comes_back_as_it_was_typed() -> None:
    text = typed(typed(fresh_text("light-solar"), parameters__1__kind="values"), parameters__1__values="2; 1,5; dear")
    assert held(text)["parameters.1.values"] == "2; 1,5; dear"
    assert laid_over(text, held(text)) == text


def test_samples_and_levels_are_shown_where_the_design_has_them() -> None:
    fields = {design: set(held(typed(fresh_text("light-solar"), design=design))) for design in DESIGNS}
    assert {design for design, places in fields.items() if "samples" in places} == {
        "latin_hypercube",
        "morris",
        "sobol",
    }
    assert {design for design, places in fields.items() if "parameters.1.levels" in places} == {"grid"}
    assert {design for design, places in fields.items() if "parameters.1.scale" in places} == {*DESIGNS} - {
        "one_at_a_time"
    }
    assert set(WHEN) == set(DESIGNS)


def test_a_grid_says_at_which_values_a_range_is_solved() -> None:
    text = typed(fresh_text("light-solar"), design="grid", parameters__1__range__1="1", parameters__1__range__2="16")
    text = typed(text, parameters__1__scale="log", parameters__2__levels="2")
    assert look(text).steps == {"parameters.1": "1; 2; 4; 8; 16 $/MMBtu", "parameters.2": "52.5 %; 97.5 %"}
    assert look(typed(text, design="latin_hypercube")).steps == {}


def test_problems_come_in_the_order_of_the_form() -> None:
    text = typed(
        fresh_text("light-solar"),
        budget__cases="none",
        name="",
        parameters__2__range__1="2",
        parameters__1__range__2="x",
    )
    places = [problem.path for problem in look(text).problems]
    assert places == ["name", "parameters.1.range.2", "parameters.2.range.1", "parameters.2", "budget.cases"]


def test_inputs_that_move_already_or_have_no_effect_are_not_offered() -> None:
    offered = {option["value"] for option in options_of("light-gas", without=("load.pue",))}
    assert "fuel.price_usd_per_mmbtu" in offered
    assert "load.pue" not in offered
    assert {path for path in offered if path.startswith("technologies.grid.")} == {"technologies.grid.enabled"}


@pytest.mark.parametrize(
    "text", ["name: [", "- a list", "parameters: 3", "parameters: [3]", "budget: 3", "name: A\nname: B"]
)
def test_a_text_that_no_form_can_show_keeps_the_last_form_and_says_so(text: str) -> None:
    origin = fresh_text("light-solar")
    draft = happened(Draft(), origin, Event(Ids.TEXT, {}, text))
    assert drafting.is_broken(draft)
    assert (drafting.text_of(draft, origin), drafting.form_text(draft, origin)) == (text, origin)
    assert "shows the last one that could" in str(view.draw(look(origin), broken=True))
    # The form out of reach cannot write over the text; Undo takes the text back.
    assert happened(draft, origin, Event(FIELD, {"samples": "7"}, text)) == draft
    assert drafting.text_of(happened(draft, origin, Event(Ids.UNDO, {}, text)), origin) == origin


def test_typing_in_the_text_is_one_step_back() -> None:
    origin = fresh_text("light-solar")
    draft = Draft()
    for count in (1, 2, 3):
        draft = happened(draft, origin, Event(Ids.TEXT, {}, origin + "#" * count, going_on=count > 1))
    assert drafting.text_of(draft, origin).endswith("###")
    assert happened(draft, origin, Event(Ids.UNDO, {}, origin + "###")).is_empty


def test_what_was_typed_just_before_a_press_is_taken_along() -> None:
    origin = fresh_text("light-solar")
    press = Event(Ids.INPUT, {**held(origin), "samples": "30"}, origin, path=SOLAR)
    draft = happened(Draft(), origin, press)
    text = drafting.text_of(draft, origin)
    assert "samples: 30" in text
    assert SOLAR in text
    away = happened(draft, origin, Event(Ids.remove("parameters.1"), held(text), text))
    assert [row.path for row in read(drafting.text_of(away, origin)).rows] == ["load.load_factor_frac", SOLAR]
    assert (
        drafting.text_of(happened(away, origin, Event(Ids.DISCARD, {}, drafting.text_of(away, origin))), origin)
        == origin
    )


def test_a_file_that_is_opened_replaces_the_text_and_one_that_is_no_text_is_refused() -> None:
    origin, other = fresh_text("light-solar"), "name: Other\r\n"
    sent = "data:;base64," + base64.b64encode(other.encode()).decode()
    draft = happened(Draft(), origin, Event(Ids.UPLOAD, held(origin), origin, contents=sent))
    assert drafting.text_of(draft, origin) == "name: Other\n"
    with pytest.raises(InputError, match="no text in UTF-8"):
        happened(Draft(), origin, Event(Ids.UPLOAD, {}, origin, contents="data:;base64,/w=="))


def test_an_emptied_list_of_inputs_can_be_filled_again() -> None:
    text = dropped(dropped(fresh_text("light-solar"), 1), 1)
    assert "is empty" in look(text).notes["parameters"]
    assert "Nothing moves yet" in str(view.draw(look(text)))
    assert look(added(text, {"path": "load.pue", "range": [1.1, 1.4]})).plan is not None


def test_a_sweep_that_was_launched_begins_as_it_was_asked() -> None:
    plan = plan_file("gas-against-solar")
    sweep_id = Sweeps().launch(plan)
    assert look(beginning("", sweep_id, "")).plan.sweep_id == sweep_id
    assert "launched before" in str(view.meaning(look(beginning("", sweep_id, "")), None, None))
