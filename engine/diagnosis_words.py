"""A diagnosis in the planner's words, from its stored form; no solver is needed to read one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.wording import NOTHING, THIN, grouped, listed, significant

Diagnosis = Mapping[str, Any]
NOT_BY_ITSELF = "not by itself"


@dataclass(frozen=True)
class RemedyRow:
    """One limit as shown: what it is now, what would do alone, what it becomes in the least relaxation."""

    limit: str
    label: str
    now: str
    alone: str
    least: str
    cures_alone: bool


def sentences(diagnosis: Diagnosis) -> list[str]:
    """What is in the way, then the smallest way out."""
    if diagnosis["outcome"] == "by_choice":
        return [
            "No limit is in the way: a plan that serves all load keeps every one of them.",
            "Where a plan sheds load all the same, that costs less than serving it at the value of lost load: "
            "promise a served share of 1, or raise the value of lost load, to have all of it served.",
        ]
    if diagnosis["outcome"] == "no_remedy":
        return _without_remedy(diagnosis)
    remedies = {remedy["limit"]: remedy for remedy in diagnosis["remedies"]}
    conflicts = [[remedies[name] for name in names] for names in diagnosis["conflicts"]]
    alone = [names[0] for names in conflicts if len(names) == 1]
    said = [_never(alone)] if alone else []
    return [*said, *(_conflict(names) for names in conflicts if len(names) > 1), _least(diagnosis)]


def remedy_rows(diagnosis: Diagnosis) -> list[RemedyRow]:
    """Every limit that a planner could move; those that matter first."""
    rows = [_row(remedy) for remedy in diagnosis["remedies"]]
    return sorted(rows, key=lambda row: (not row.cures_alone, row.least == NOTHING))


def short(diagnosis: Diagnosis) -> str:
    """One line a limit that would do by itself, or the least relaxation: for a list of runs."""
    alone = [remedy for remedy in diagnosis.get("remedies", []) if remedy["alone"] and remedy["limit"] != "served"]
    if alone:
        words = [
            f"{one['label']}: {shown(one, one['alone']['value'])} would do; limit {shown(one, one['now'])}"
            for one in alone
        ]
        return "; ".join(words) + "."
    return sentences(diagnosis)[-1]


def shown(remedy: Mapping[str, Any], value: float) -> str:
    """A limit's value with its unit."""
    unit = remedy["unit"]
    if unit == "of energy":
        return f"{significant(100 * value, 4)}{THIN}%"
    if unit == "MW short":
        return "kept" if value == 0 else f"given up ({significant(value)}{THIN}MW short)"
    words = unit[:-1] if unit == "units" and value == 1 else unit
    return f"{_plain(value)}{THIN}{words}"


def _plain(value: float) -> str:
    """All digits of a figure that somebody chose, no more: 99, 415, 0.25, 65 000."""
    decimals = next((places for places in range(5) if abs(value - round(value, places)) < 1e-9), 4)
    return grouped(value, decimals)


def _row(remedy: Mapping[str, Any]) -> RemedyRow:
    alone = shown(remedy, remedy["alone"]["value"]) if remedy["alone"] else NOT_BY_ITSELF
    least = NOTHING if remedy["least_value"] is None else shown(remedy, remedy["least_value"])
    now = shown(remedy, remedy["now"])
    return RemedyRow(remedy["limit"], remedy["label"], now, alone, least, remedy["alone"] is not None)


def _conflict(remedies: list[Mapping[str, Any]]) -> str:
    names = [_named(remedy) for remedy in remedies]
    both = "both" if len(names) == 2 else "all"
    return f"{listed(names)} cannot {both} be kept while all load is served."


def _never(remedies: list[Mapping[str, Any]]) -> str:
    """Limits each of which is in conflict with serving all load by itself."""
    names = [_named(remedy) for remedy in remedies]
    if len(names) == 1:
        return f"{names[0]} cannot be kept while all load is served, whatever else gives way."
    return f"None of these can be kept while all load is served, whatever else gives way: {listed(names)}."


def _named(remedy: Mapping[str, Any]) -> str:
    return remedy["label"] if remedy["now"] == 0 else f"{remedy['label']} ({shown(remedy, remedy['now'])})"


def _least(diagnosis: Diagnosis) -> str:
    moved = [remedy for remedy in diagnosis["remedies"] if remedy["least_value"] is not None]
    changes = [
        f"{remedy['label']} {shown(remedy, remedy['least_value'])}"
        + ("" if remedy["unit"] == "MW short" else f" instead of {shown(remedy, remedy['now'])}")
        for remedy in moved
    ]
    tried = "" if diagnosis["confirmed"] else " (found on blocks of four hours; not confirmed on every hour)"
    return f"The least change that serves all load: {listed(changes)}{tried}."


def _without_remedy(diagnosis: Diagnosis) -> list[str]:
    statements = [name.replace("_", " ") for name in diagnosis["statements"]]
    years = listed([str(year) for year in diagnosis["years"]])
    rules = "; ".join(statements)
    return [
        "No limit listed here is the reason: with all of them lifted, some load still cannot be served.",
        f"These rules cannot hold together{f' in {years}' if years else ''}: {rules}.",
        "Make a technology available that can supply those hours: a storage, a fuel-burning unit or the grid.",
    ]
