"""Profiles and steps between changes: what a change does not touch is not made again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from engine.live.grid import preview_steps
from engine.periods import Steps
from engine.profiles import build_profiles
from engine.profiles.first_year import first_year_load
from engine.profiles.load import grown_load_mw
from engine.profiles.result import Profiles
from engine.scenario.loading import LoadedScenario

# Parts of a scenario, and fields of a technology, that no profile reads. A test holds each of them to it.
NEUTRAL_PARTS = frozenset({"name", "description", "schema_version", "solver", "limits", "money", "demand_response"})
NEUTRAL_OF_FUEL = frozenset({"price_usd_per_mmbtu", "price_path", "co2_lb_per_mmbtu"})
NEUTRAL_BEGINNINGS = (
    "overnight_", "fixed_", "variable_", "connection_usd", "max_", "existing_", "acres", "lead_time", "life_years",
    "heat_rate", "nox_", "co2_lb", "label", "source", "duration_", "efficiency_", "wear_", "unit_mw",
)  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """Profiles of a scenario, and the steps that its preview sees of them."""

    profiles: Profiles
    steps: Steps


class InputCache:
    """The latest inputs, and what they were made from."""

    def __init__(self) -> None:
        self._weather_key = self._load_key = ""
        self._latest: Inputs | None = None
        self._made_up_of_load = 0

    def of(self, loaded: LoadedScenario) -> Inputs:
        """Inputs of a scenario.

        Raises
        ------
        InputError
            An input file does not hold what it should.
        """
        weather_key, load_key = _keys(loaded)
        latest = self._latest
        if latest is None or weather_key != self._weather_key:
            profiles = build_profiles(loaded)
        elif load_key != self._load_key:
            profiles = self._with_load(latest.profiles, loaded)
        else:
            return latest
        if load_key != self._load_key:
            self._made_up_of_load = len(first_year_load(loaded).made_up)
        self._weather_key, self._load_key = weather_key, load_key
        self._latest = Inputs(profiles, preview_steps(loaded.scenario, profiles))
        return self._latest

    def _with_load(self, profiles: Profiles, loaded: LoadedScenario) -> Profiles:
        first, scenario = first_year_load(loaded), loaded.scenario
        return replace(
            profiles,
            load_mw=grown_load_mw(first.mw, scenario.load, years=scenario.time.years),
            synthetic=(*first.made_up, *profiles.synthetic[self._made_up_of_load :]),
        )


def _keys(loaded: LoadedScenario) -> tuple[str, str]:
    """What weather, prices and availability depend on, and what the load depends on, as text."""
    whole: dict[str, Any] = loaded.scenario.model_dump(mode="json", exclude=set(NEUTRAL_PARTS))
    load = whole.pop("load")
    whole["technologies"] = {
        key: {name: value for name, value in data.items() if not name.startswith(NEUTRAL_BEGINNINGS)}
        for key, data in whole["technologies"].items()
        if data["enabled"]
    }
    whole["fuel"] = {name: value for name, value in whole["fuel"].items() if name not in NEUTRAL_OF_FUEL}
    years = whole.pop("time")["years"], loaded.scenario.time.first_year
    hashes = sorted((reference, file.sha256) for reference, file in loaded.files.items())
    return json.dumps([whole, hashes, years], sort_keys=True), json.dumps([load, hashes, years], sort_keys=True)
