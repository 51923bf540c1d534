"""What a draft means for the load while somebody works on it: numpy alone, fast enough for a moving slider."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from dashboard.editing import Origin, base_mapping
from dashboard.forms.draft import Draft, put, read
from engine.errors import InputError
from engine.library import Library
from engine.profiles import FirstYearLoad, LoadSplit, first_year_load, split_load
from engine.profiles.load import growth_multiples
from engine.profiles.result import Series
from engine.scenario.loading import SHIPPED_SCENARIOS, LoadedScenario, validate_scenario
from engine.scenario.schema import Scenario

MIX_TOLERANCE = 1e-6  # as the schema's


@dataclass(frozen=True)
class Preview:
    """The load of one year of a draft.

    Attributes
    ----------
    scenario : Scenario
        As the draft has it; a mix that does not sum to 1 is scaled to it.
    first_mw : array (8760,)
        Facility load of the first year [MW].
    made_up : tuple of str
        What of it is not measured.
    multiples : array (years,)
        Load of each year over the first year's [-].
    year, week : int
        What the charts show.
    shares_frac : dict of str to float
        Share of each workload as it was typed [-].
    """

    scenario: Scenario
    first_mw: Series
    made_up: tuple[str, ...]
    multiples: Series
    year: int
    week: int
    shares_frac: Mapping[str, float]

    @property
    def load_mw(self) -> Series:
        """Facility load of the chosen year, array (8760,) [MW]."""
        return self.first_mw * self.multiples[self.year - self.scenario.time.first_year]

    @property
    def split(self) -> LoadSplit:
        """That load by use."""
        return split_load(self.load_mw, self.scenario.load)


def preview(
    page: Mapping[str, Any], draft: Draft, moving: Mapping[str, float], *, year: int, week: int
) -> Preview | InputError:
    """Look at a draft and at the sliders that are being moved; every problem where no load can be made.

    Parameters
    ----------
    page : mapping
        The page's store: which scenario is edited.
    draft : Draft
    moving : mapping of str to float
        Values of sliders that are not let go yet, by path.
    """
    mapping = moved(read(base_of(page), draft).mapping, moving)
    shares_frac = shares_of(mapping)
    try:
        loaded = validate_scenario(_with_whole_mix(mapping, shares_frac), source="This scenario")
        first = _first_year(_Inputs(_load_key(loaded), loaded))
    except InputError as error:
        return error
    scenario = loaded.scenario
    return Preview(
        scenario=scenario,
        first_mw=first.mw,
        made_up=first.made_up,
        multiples=growth_multiples(scenario.load, years=scenario.time.years),
        year=min(max(year, scenario.calendar_years[0]), scenario.calendar_years[-1]),
        week=week,
        shares_frac=shares_frac,
    )


def base_of(page: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario before any change, read again only when a scenario file changed.

    Raises
    ------
    InputError
        It is not in the library any more.
    """
    return copy.deepcopy(_base(Origin.from_page(page), _changed()))


def moved(mapping: dict[str, Any], moving: Mapping[str, float]) -> dict[str, Any]:
    """A scenario mapping with the values of moving sliders."""
    for path, value in moving.items():
        put(mapping, path, value)
    return mapping


def shares_of(mapping: Mapping[str, Any]) -> dict[str, float]:
    """Share of the IT load of each workload, as far as it is a number [-]."""
    workloads = (mapping.get("load") or {}).get("workloads") or {}
    shares = {key: (data or {}).get("share_frac") for key, data in workloads.items()}
    return {key: float(share) for key, share in shares.items() if isinstance(share, int | float)}


def mix_is_whole(shares_frac: Mapping[str, float]) -> bool:
    """The shares sum to 1, or there are none."""
    return not shares_frac or abs(sum(shares_frac.values()) - 1.0) <= MIX_TOLERANCE


def _with_whole_mix(mapping: dict[str, Any], shares_frac: Mapping[str, float]) -> dict[str, Any]:
    """Charts go on while a mix is being changed: they show it scaled to the whole."""
    total = sum(shares_frac.values())
    if not mix_is_whole(shares_frac) and total > 0:
        for key, share in shares_frac.items():
            put(mapping, f"load.workloads.{key}.share_frac", share / total)
    return mapping


@dataclass(frozen=True)
class _Inputs:
    """A scenario that counts as known by what its first year's load depends on."""

    key: str
    loaded: LoadedScenario = field(compare=False)


@lru_cache(maxsize=32)
def _first_year(inputs: _Inputs) -> FirstYearLoad:
    first = first_year_load(inputs.loaded)
    np.asarray(first.mw).setflags(write=False)  # shared by everybody who asks
    return first


def _load_key(loaded: LoadedScenario) -> str:
    """Everything that the first year's load depends on, as text."""
    load = loaded.scenario.load.model_dump(mode="json", exclude={"workloads", "cooling"})
    files = sorted(file.sha256 for file in loaded.files.values())
    return json.dumps([load, loaded.scenario.time.first_year, files], sort_keys=True)


@lru_cache(maxsize=16)
def _base(start: Origin, _stamp: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    return base_mapping(start)


def _changed() -> tuple[tuple[str, int], ...]:
    """Name and time of change of every scenario file."""
    folders = (SHIPPED_SCENARIOS, Library().folder)
    files = [file for folder in folders if folder.is_dir() for file in folder.glob("*.y*ml")]
    return tuple(sorted((str(file), file.stat().st_mtime_ns) for file in files))
