"""Tags hang on runs and scenarios by their key, outlive the process, and one name is one tag."""

from __future__ import annotations

import pytest

from engine.errors import InputError
from engine.tags import MAX_LENGTH, Tagged, Tags, cleaned, split


def test_tags_are_kept_apart_by_kind_and_read_back_in_order() -> None:
    Tags().change(Tagged.RUN, ["a", "b"], add=["night", "board"])
    Tags().change(Tagged.SCENARIO, ["a"], add=["site"])
    Tags().change(Tagged.RUN, ["a"], remove=["night"], add=["zone"])
    assert Tags().of(Tagged.RUN) == {"a": ("board", "zone"), "b": ("board", "night")}
    assert Tags().of(Tagged.SCENARIO) == {"a": ("site",)}
    Tags().forget(Tagged.RUN, ["b"])
    assert list(Tags().of(Tagged.RUN)) == ["a"]


def test_upper_and_lower_case_are_one_tag_and_spaces_do_not_count() -> None:
    Tags().change(Tagged.RUN, ["a"], add=["Board"])
    Tags().change(Tagged.RUN, ["a"], add=split(" board ;to   show,,"))
    assert Tags().of(Tagged.RUN) == {"a": ("Board", "to show")}
    Tags().change(Tagged.RUN, ["a"], remove=["BOARD"])
    assert Tags().of(Tagged.RUN) == {"a": ("to show",)}


def test_a_tag_that_is_too_long_is_refused_and_nothing_is_changed() -> None:
    with pytest.raises(InputError, match="more than 30 characters"):
        Tags().change(Tagged.RUN, ["a"], add=["short", "x" * (MAX_LENGTH + 1)])
    assert Tags().of(Tagged.RUN) == {}
    assert cleaned(["x" * MAX_LENGTH]) == ("x" * MAX_LENGTH,)
