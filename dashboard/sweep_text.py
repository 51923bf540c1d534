"""A sweep's YAML as the page writes it: a beginning, another base, one more input."""

from __future__ import annotations

import re
from typing import Any

from engine.errors import InputError, Problem
from engine.library import Library
from engine.sweep.places import Place, places, problem_of

FRESH = """name: My sweep
description: ""
base: {base}
design: latin_hypercube   # one_at_a_time, grid, latin_hypercube, morris, sobol
samples: 24
seed: 1
parameters:
{parameters}
budget: {{cases: 200, seconds_per_case: 120}}
"""
FIRST = ("fuel.price_usd_per_mmbtu", "load.load_factor_frac")
SPREAD_FRAC = 0.3
_BASE = re.compile(r"^base:.*$", re.MULTILINE)
_BLOCK = re.compile(r"^parameters:[ \t]*\n((?:[ \t]*-.*\n?|[ \t]+.*\n?|[ \t]*\n|#.*\n)*)", re.MULTILINE)


def fresh_text(scenario: str) -> str:
    """A sweep to begin with, on a scenario of the library."""
    known = _known(scenario) or _known(scenario := "light-solar")
    lines = [line(known[path]) for path in FIRST if path in known]
    return FRESH.format(base=scenario, parameters="\n".join(lines))


def options_of(scenario: str) -> list[dict[str, str]]:
    """Inputs of a scenario that can move, for a list to choose from."""
    loaded, known = _loaded(scenario), _known(scenario)
    if loaded is None:
        return []
    free = [place for path, place in known.items() if problem_of(path, known, loaded.scenario) is None]
    return [
        {"label": f"{place.group}: {place.label}{'' if place.unit == '-' else f' ({place.unit})'}", "value": place.path,
         "search": f"{place.group} {place.label} {place.path}"}
        for place in free if place.kind != "text"
    ]  # fmt: skip


def line(place: Place) -> str:
    """One input as a line of the file: around its base value, within what the schema allows."""
    if not place.numeric:
        values = "[false, true]" if place.kind == "flag" else f"[{', '.join(place.choices)}]"
        return f"  - {{path: {place.path}, values: {values}}}"
    base = float(place.base) if place.base is not None else 1.0
    low, high = sorted((base * (1 - SPREAD_FRAC), base * (1 + SPREAD_FRAC))) if base else (0.0, 1.0)
    low, high = (
        max(low, place.low if place.low is not None else low),
        min(high, place.high if place.high is not None else high),
    )
    if place.kind == "integer":
        low, high = float(int(low)), float(max(int(high), int(low) + 1))
    return f"  - {{path: {place.path}, range: [{low:.4g}, {high:.4g}]}}"


def added(text: str, path: str) -> str:
    """The text with one more input.

    Raises
    ------
    InputError
        The input stands there already, or the text has no place for it.
    """
    if re.search(rf"path:\s*{re.escape(path)}\b", text):
        raise InputError("The sweep", [Problem(path, "moves already; change its line instead.")])
    base = _BASE.search(text)
    known = _known(base.group(0).partition(":")[2].strip() if base else "")
    block = _BLOCK.search(text)
    if path not in known or block is None:
        raise InputError(
            "The sweep", [Problem("parameters", "has no place for it; write parameters: on a line of its own.")]
        )
    end = block.start(1) + len(block.group(1).rstrip())
    return (
        f"{text[:end]}\n{line(known[path])}{text[end:]}"
        if block.group(1).strip()
        else f"{text[:end]}{line(known[path])}\n{text[end:]}"
    )


def rebased(text: str, scenario: str) -> str:
    """The text on another base scenario."""
    return _BASE.sub(f"base: {scenario}", text, count=1) if _BASE.search(text) else f"base: {scenario}\n{text}"


def _loaded(scenario: str) -> Any:
    try:
        return Library().load(scenario) if scenario else None
    except InputError:
        return None


def _known(scenario: str) -> dict[str, Place]:
    loaded = _loaded(scenario)
    return places(loaded.scenario) if loaded is not None else {}
