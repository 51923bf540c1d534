"""Two pages that edit one scenario: neither overwrites the other without being told."""

from __future__ import annotations

from dashboard.editing import bases, moved, view
from dashboard.forms.draft import Draft, complete, type_into
from engine.library import Library

GAS, LAND = "fuel.price_usd_per_mmbtu", "limits.land_acres"


def test_a_field_that_was_saved_elsewhere_meanwhile_is_named_and_others_are_merged() -> None:
    before = complete(Library().mapping("light-gas"))
    shown = bases(view(before, Draft()))
    mine = type_into(type_into(Draft(), GAS, "4.3"), LAND, "777")
    assert moved(shown, view(before, mine)) == []
    after = {**before, "fuel": {**before["fuel"], "price_usd_per_mmbtu": 4.2}}
    seen = view(after, mine)
    assert [(one.place, one.message) for one in moved(shown, seen)] == [
        (GAS, 'was "3.5" when you changed it and is now "4.2" (Gas price).')
    ]
    # Once it has been said, the page shows what is saved now, and saving again is meant.
    assert moved(bases(seen), seen) == []
    assert seen.checked.edited.mapping["fuel"]["price_usd_per_mmbtu"] == 4.3
    # What only others changed is not lost, and nothing to ask about.
    assert moved(shown, view(after, type_into(Draft(), LAND, "777"))) == []
