"""What limits are worth and what keeps a technology out, in words, from the stored tables; no solver is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from engine.wording import listed, percent, significant, usd


def binding_limits(prices: pd.DataFrame) -> list[str]:
    """Limits that are worth something in some year, the most often binding first."""
    bound = prices[prices["usd_per_unit"] > 0]
    often = bound.groupby("limit", sort=False)["binding_frac"].sum().sort_values(ascending=False, kind="stable")
    return [str(name) for name in often.index]


def describe_prices(prices: pd.DataFrame) -> str:
    """Which limit binds when and how often, and what one unit more is worth."""
    words = []
    for name in binding_limits(prices):
        rows = prices[(prices["limit"] == name) & (prices["usd_per_unit"] > 0)]
        years = [int(year) for year in rows["year"]]
        best = rows.sort_values("usd_per_unit", kind="stable").iloc[-1]
        how_often = percent(float(rows["binding_frac"].mean()))
        often = "" if float(rows["binding_frac"].min()) == 1 else f", {how_often} of the time ({rows['when'].iloc[0]})"
        unit = str(best["unit"]).removeprefix("USD/").strip("()")
        most = "" if len(rows) == 1 else "up to "
        worth = f"one {unit} more is worth {most}{usd(float(best['usd_per_unit']))} a year"
        words.append(f"{best['label']} binds in {spans(years)}{often}: {worth}")
    return ("; ".join(words) + ".") if words else "No limit that can move a little holds this plan back."


def spans(years: Sequence[int]) -> str:
    """`2026–2029 and 2031`."""
    found: list[list[int]] = []
    for year in sorted(years):
        if found and year == found[-1][1] + 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return listed([str(first) if first == last else f"{first}–{last}" for first, last in found])


def cost(value: float, unit: str) -> str:
    """`$1 650 /kW`."""
    return f"${significant(value)} {unit.removeprefix('USD')}"


def enters_at(row: Mapping[Any, Any]) -> str:
    """Overnight cost at which a technology of the `reduced_costs` table would be built."""
    left = float(row["now_usd"]) - float(row["cheaper_usd"])
    if left <= 0:
        return "not even free of charge"
    return f"{cost(left, str(row['unit']))} (−{percent(float(row['cheaper_usd']) / float(row['now_usd']))})"
