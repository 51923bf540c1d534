"""A break-even as a question, and what its tables say in words; no solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from engine.choice.questions import studies_folder
from engine.choice.rows import records
from engine.choice.variants import GONE, mapping_of, unknown_places, value_at, variant
from engine.errors import InputError, Problem
from engine.inputs import Input, inputs
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.wording import listed, percent, plural, significant

KIND = "break_even"
NO_MIX = "no plan meets every limit"
POINTS = 9
FEWEST_POINTS, MOST_POINTS = 3, 25


def numeric_inputs(loaded: LoadedScenario) -> list[Input]:
    """Inputs that are numbers and change the plan, with place, label, unit and value."""
    return [
        row
        for row in inputs({"scenario": mapping_of(loaded)})
        if isinstance(row.value, int | float)
        and not isinstance(row.value, bool)
        and not row.place.startswith(("solver.", "time.", "site.", "load.noise"))
    ]


def sensible_range(loaded: LoadedScenario, place: str) -> tuple[float, float]:
    """Half to double the value, as far as the scenario takes it."""
    now = float(value_at(mapping_of(loaded), place))
    low, high = (0.5 * now, 2.0 * now) if now else (0.0, 1.0)
    tried = {bound: _taken(loaded, place, bound) for bound in (low, high)}
    return (low if tried[low] else now, high if tried[high] else now)


def break_even_question(
    loaded: LoadedScenario, place: str, low: float, high: float, *, points: int = POINTS, confirm: bool = True,
    studies: Path | None = None, force: bool = False,
) -> StudyRequest:  # fmt: skip
    """At which value of an input the best plan's mix changes.

    Parameters
    ----------
    place : str
        A number of the scenario, e.g. `fuel.price_usd_per_mmbtu`.
    low, high : float
        Range that is searched.
    points : int
        Solves along the range before the breaks are narrowed down.
    confirm : bool
        Size on the scenario's own steps on both sides of each break.

    Raises
    ------
    InputError
    """
    problems = unknown_places(loaded, [place])
    now = value_at(mapping_of(loaded), place)
    if not problems and (now is GONE or isinstance(now, bool) or not isinstance(now, int | float)):
        problems.append(Problem(place, "is no number; choose an input that is one."))
    if not low < high:
        problems.append(Problem("range", f"runs from {low:g} to {high:g}; the first must be below the second."))
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        problems.append(Problem("points", f"is {points}; choose {FEWEST_POINTS} to {MOST_POINTS}."))
    if not problems:
        for bound in (low, high):
            try:
                variant(loaded, {place: _like(now, bound)}, "break-even")
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError("break-even", problems)
    options = {"place": place, "low": low, "high": high, "points": points, "confirm": confirm}
    label = next(row.label for row in inputs({"scenario": mapping_of(loaded)}) if row.place == place)
    name = f"Break-even: {label}, {loaded.scenario.name}"
    return StudyRequest.of(KIND, name, [loaded], options, studies_folder(studies), force=force)


def _like(now: Any, value: float) -> float:
    return int(value) if isinstance(now, int) else value


def _taken(loaded: LoadedScenario, place: str, value: float) -> bool:
    try:
        variant(loaded, {place: _like(value_at(mapping_of(loaded), place), value)}, "break-even")
    except InputError:
        return False
    return True


def mix_words(mix: Sequence[str], names: Mapping[str, str]) -> str:
    """The technologies of a mix as people call them."""
    return listed([_small(names.get(key, key)) for key in mix]) or "nothing new"


def sentences(points: pd.DataFrame, breaks: pd.DataFrame, label: str, unit: str, now: float) -> list[str]:
    """What the study found, where the scenario stands first."""
    unit_words = "" if unit in ("-", "") else f" {unit}"
    low, high = float(points["value"].min()), float(points["value"].max())
    span = f"{significant(low)} to {significant(high)}{unit_words}"
    if breaks.empty:
        return [f"From {span} the best plan's mix stays the same: {points['mix'].iloc[0]}."]
    said = [f"The best plan's mix changes {plural(len(breaks), 'time')} for {_small(label)} from {span}."]
    for row in records(breaks):
        between = "" if row["high"] - row["low"] < 0.01 * (high - low) else _between(row, unit_words)
        said.append(
            f"At {significant(row['value'], 4)}{unit_words}{between}: below it {row['below']}; above it {row['above']}"
            f"{_confirmed(row)}."
        )
    nearest = min(breaks["value"], key=lambda value: abs(value - now))
    if now and nearest != now:
        away, side = abs(nearest - now), "below" if nearest > now else "above"
        share = percent(away / abs(now))
        said.append(
            f"The scenario's {significant(now, 4)}{unit_words} is {significant(away)}{unit_words} ({share}) {side} "
            "the nearest of them."
        )
    return said


def _between(row: Mapping[str, Any], unit: str) -> str:
    return f" (between {significant(row['low'], 4)} and {significant(row['high'], 4)}{unit})"


def _confirmed(row: Mapping[str, Any]) -> str:
    if row["confirmed"] is None:
        return ""
    if row["confirmed"]:
        return " (confirmed by the full sizing)"
    return f" (not confirmed: the full sizing finds {row['full_plans']})"


def _small(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
