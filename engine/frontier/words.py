"""A frontier in sentences: its ends, its knee and why, what was left out, what is proven. No solver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.frontier.asked import SCENARIO_LETTERS
from engine.frontier.front import classified, found, knee, normalised
from engine.objectives import OBJECTIVES
from engine.wording import CO2, THIN, dollar, listed, percent, plural, significant, usd


def figure(key: str, value: float, *, change: bool = False) -> str:
    """A value of an objective with its unit; `change` says so of what is added."""
    unit = OBJECTIVES[key].unit
    if unit == "USD":
        return usd(value)
    if unit == "USD/MWh":
        return f"{dollar(significant(value))}{THIN}/MWh"
    if unit == "frac":
        return f"{significant(100 * value)}{THIN}{'points' if change else '%'}"
    return f"{significant(value)}{THIN}{unit}"


def summary_of(points: pd.DataFrame, keys: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """What a study's manifest says of its points; JSON-ready."""
    points = points if "on_front" in points else classified(points, keys)
    scenarios = [_of_scenario(points[points["scenario"] == n], keys, name, n) for n, name in enumerate(names)]
    anything = any(one["on_front"] for one in scenarios)
    sentences = [sentence for one in scenarios for sentence in one["sentences"]]
    return {"status": "done" if anything else "infeasible", "objectives": list(keys), "scenarios": scenarios,
            "sentences": sentences}  # fmt: skip


def _of_scenario(points: pd.DataFrame, keys: Sequence[str], name: str, number: int) -> dict[str, Any]:
    own = found(points)
    front = own[own["on_front"].astype(bool)]
    gaps = own["gap_frac"].dropna()
    knees = front[front["knee"].astype(bool)]["point"]
    return {
        "name": name,
        "letter": SCENARIO_LETTERS[number],
        "points": len(points),
        "found": len(own),
        "on_front": len(front),
        "dominated": {str(p): str(by) for p, by in zip(own["point"], own["dominated_by"], strict=True) if by},
        "repeats": {str(p): str(first) for p, first in zip(own["point"], own["repeats"], strict=True) if first},
        "infeasible": int((points["state"] == "infeasible").sum()),
        "time_limited": int((points["state"] == "time_limit").sum() + (own["termination"] == "time_limit").sum()),
        "verified": int(own["verified"].sum()),
        "inadequate": int((~own["adequate"].astype(bool)).sum()),
        "worst_gap_frac": float(gaps.max()) if len(gaps) else None,
        "knee": str(knees.iloc[0]) if len(knees) else None,
        "sentences": sentences_of(points, keys, name),
    }


def sentences_of(points: pd.DataFrame, keys: Sequence[str], name: str) -> list[str]:
    """What to say of one scenario's points, classified; the finding first, what it rests on last."""
    own = found(points)
    front = own[own["on_front"].astype(bool)].sort_values(keys[1])
    if front.empty:
        why = "the time limit came first" if (points["state"] == "time_limit").any() else "its limits conflict"
        return [f"{name}: no plan was found ({why})."]
    return [*_ends(front, keys, name), *_bend(front, keys), *_left_out(points, own), _proof(own)]


def _ends(front: pd.DataFrame, keys: Sequence[str], name: str) -> list[str]:
    first, *others = keys
    cheapest = front.iloc[int(front[first].argmin())]
    parts = []
    for key in others:
        best = front.iloc[int(front[key].argmin())]
        if best[key] < cheapest[key] * (1 - 1e-6) - 1e-9:
            parts.append(
                f"{_label(key)} can fall from {figure(key, cheapest[key])} to {figure(key, best[key])}, where "
                f"{_label(first)} is {figure(first, best[first])}"
            )
        else:
            parts.append(
                f"the plan of least {_label(first)} has the least {_label(key)} too ({figure(key, best[key])})"
            )
    begin = f"{name}: least {_label(first)} {figure(first, cheapest[first])} ({cheapest['point']})"
    return [f"{begin}; {'; '.join(parts)}."]


def _bend(front: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    bend = knee(front[list(keys)].to_numpy(dtype=float))
    if bend is None:
        return [] if len(front) < 3 or len(keys) > 2 else ["No knee: each step costs about as much as the one before."]
    place, distance = bend
    at, shares = front.iloc[place], normalised(front[list(keys)].to_numpy(dtype=float))[place]
    gains = [
        f"{percent(1 - float(share))} of the way down in {_label(key)}"
        for key, share in zip(keys[1:], shares[1:], strict=True)
    ]
    words = (
        f"Knee at {at['point']}: {listed(gains)} for {percent(float(shares[0]))} of the rise in {_label(keys[0])}, "
        f"furthest from the straight line between the ends ({percent(distance)} of the ranges)."
    )
    return [f"{words}{_slopes(front, keys, place)}"]


def _slopes(front: pd.DataFrame, keys: Sequence[str], place: int) -> str:
    """What a unit costs before and after the knee; two objectives only."""
    if len(keys) != 2 or not 0 < place < len(front) - 1:
        return ""
    first, other = keys
    at, low, high = front.iloc[place], front.iloc[0], front.iloc[-1]
    before = (at[first] - high[first]) / (high[other] - at[other])
    after = (low[first] - at[first]) / (at[other] - low[other])
    if not (before > 0 and np.isfinite(after)):
        return ""
    return f" Beyond it the same step costs {significant(after / before, 2)} times as much."


def _left_out(points: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    words = []
    dominated = own[own["dominated_by"] != ""]
    if len(dominated):
        pairs = [f"{p} (by {by})" for p, by in zip(dominated["point"], dominated["dominated_by"], strict=True)]
        are = "is" if len(pairs) == 1 else "are"
        words.append(f"{listed(pairs)} {are} dominated and left out of the front.")
    repeated = own[own["repeats"] != ""]
    if len(repeated):
        pairs = [f"{p} ({first})" for p, first in zip(repeated["point"], repeated["repeats"], strict=True)]
        words.append(f"{listed(pairs)} found an earlier plan again: nothing lies between.")
    for state, said in (("infeasible", "no plan exists"), ("time_limit", "the time limit came before a plan")):
        names = [str(name) for name in points[points["state"] == state]["point"]]
        if names:
            words.append(f"At {listed(names)} {said}.")
    return words


def _proof(own: pd.DataFrame) -> str:
    late, wrong = int((own["termination"] == "time_limit").sum()), own[~own["verified"].astype(bool)]["point"]
    gaps = own["gap_frac"].dropna()
    worst = float(gaps.max()) if len(gaps) else float("nan")
    said = "proven optimal" if worst <= 1e-6 else f"proven within {percent(worst)} of the least"
    words = [f"{plural(int((own['repeats'] == '').sum()), 'plan')} of the sizing, {said}"]
    if late:
        words.append(f"{late} stopped by the time limit, where a better plan may exist")
    short = own[~own["adequate"].astype(bool)]["point"]
    if len(short):
        words.append(f"{listed([str(p) for p in short])} {'leaves' if len(short) == 1 else 'leave'} load unserved")
    words.append(f"NOT verified: {listed([str(p) for p in wrong])}" if len(wrong) else "each verified from its tables")
    return "; ".join(words) + "."


def _label(key: str) -> str:
    label = OBJECTIVES[key].label
    return label if label.isupper() or label in ("NOx", CO2) else label[0].lower() + label[1:]
