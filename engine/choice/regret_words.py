"""The regret matrix from its cells, its ranking, and what it says in words; no solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from engine.choice.rows import highest, records
from engine.wording import listed, percent, plural, significant, usd

OPTIMUM = "optimum"  # stands for a run's id where the plan was made for the future itself


def regrets(cells: pd.DataFrame) -> pd.DataFrame:
    """Add to each cell the least cost known in its future, whose it is, and the regret.

    Only what serves its load within every limit can be the best. Where nothing does, nobody has a regret.
    """
    table = cells.drop(columns=["best_usd", "best", "regret_usd", "regret_frac"], errors="ignore").copy()
    sound = table[table["serves"] & table["cost_usd"].notna()]
    best = sound.sort_values("cost_usd", kind="stable").groupby("future", sort=False).first()
    table["best_usd"] = table["future"].map(best["cost_usd"])
    table["best"] = table["future"].map(best["run_id"])
    # A plan that falls short may look cheap: it never has a negative regret.
    table["regret_usd"] = (table["cost_usd"] - table["best_usd"]).clip(lower=0.0)
    table["regret_frac"] = table["regret_usd"] / table["best_usd"].abs()
    return table


def standing(cells: pd.DataFrame, names: Mapping[str, str], weights: Mapping[str, float]) -> pd.DataFrame:
    """The `plans` table, the plan of least regret first.

    A plan that fails in fewer futures stands before one that fails in more; among equals the smaller worst regret
    counts, over the futures in which it serves.

    Returns
    -------
    DataFrame
        run_id, name, worst_usd, worst_future, mean_usd (weighted), fails, failing (names of futures).
    """
    rows = []
    for run_id, name in names.items():
        own = cells[cells["run_id"] == run_id]
        sound, failing = own[own["serves"]], own[~own["serves"]]
        weight = sound["future"].map(weights)
        mean = float((sound["regret_usd"] * weight).sum() / weight.sum()) if len(sound) else float("nan")
        worst = highest(sound, sound["regret_usd"]) if sound["regret_usd"].notna().any() else None
        rows.append(
            {
                "run_id": run_id,
                "name": name,
                "worst_usd": float("nan") if worst is None else float(worst["regret_usd"]),
                "worst_future": "" if worst is None else str(worst["future"]),
                "mean_usd": mean,
                "fails": len(failing),
                "failing": "; ".join(failing["future"]),
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["fails", "worst_usd", "mean_usd"], kind="stable", ignore_index=True)


def sentences(cells: pd.DataFrame, plans: pd.DataFrame, letters: Mapping[str, str]) -> list[str]:
    """What the matrix says, the least-regret plan first."""
    first = plans.iloc[0]
    count = cells[cells["run_id"] == first["run_id"]]["future"].nunique()
    said = [lead_sentence(plans, letters, count)]
    said += [_failing(row, letters, cells) for row in records(plans) if row["fails"]]
    return said + _hopeless(cells)


def lead_sentence(plans: pd.DataFrame, letters: Mapping[str, str], count: int) -> str:
    """The plan of least regret over so many futures, and what it fails in; plans stand in order of regret."""
    first = plans.iloc[0]
    name = _name(first, letters)
    if first["fails"] == count:
        return "No plan serves its load within every limit in any of these futures."
    worst = f"{usd(first['worst_usd'])} at worst ({first['worst_future']}), {usd(first['mean_usd'])} on average"
    if first["fails"]:
        fails = int(first["fails"])
        served = f"its regret in the {plural(count - fails, 'future')} in which it serves is {worst}"
        if len(plans) == 1:
            return f"{name} falls short in {fails} of {count} futures; {served}."
        none = f"No plan serves its load within every limit in all {count} futures"
        if (plans["fails"] == fails).all():
            return f"{none}: each falls short in {fails}. Least regret has {name}; {served}."
        return f"{none}. {name} fails in the fewest, {fails}; {served}."
    others = [row for row in records(plans.iloc[1:]) if not row["fails"]]
    rival = f"; next is {_name(others[0], letters)} with {usd(others[0]['worst_usd'])} at worst" if others else ""
    alone = ", the only plan that serves all of them" if not others and len(plans) > 1 else ""
    return f"{name} is the plan of least regret over {count} futures{alone}: {worst}{rival}."


def _failing(row: Mapping[str, Any], letters: Mapping[str, str], cells: pd.DataFrame) -> str:
    own = cells[(cells["run_id"] == row["run_id"]) & ~cells["serves"]]
    reasons = [f"{cell['future']} ({reason(cell)})" for cell in records(own)]
    return f"{_name(row, letters)} falls short in {listed(reasons)}."


def reason(cell: Mapping[str, Any]) -> str:
    """Why a plan does not count as serving a future: energy unserved, limits broken."""
    words = []
    if float(cell["unserved_frac"] or 0.0) > 1e-6:
        words.append(
            f"{significant(float(cell['unserved_mwh']))} MWh unserved, "
            f"{percent(float(cell['unserved_frac']))} of the load"
        )
    if cell["broken"]:
        words.append(str(cell["broken"]))
    return "; ".join(words) or str(cell["notes"]) or "no figures"


def _hopeless(cells: pd.DataFrame) -> list[str]:
    served = cells.groupby("future", sort=False)["serves"].any()
    nobody = [str(future) for future, any_serves in served.items() if not any_serves]
    if not nobody:
        return []
    return [f"Nothing known serves {listed(nobody)}; nobody has a regret there."]


def _name(row: Mapping[str, Any] | pd.Series, letters: Mapping[str, str]) -> str:
    return f"{letters.get(str(row['run_id']), '')} ({row['name']})".strip()
