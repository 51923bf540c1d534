"""Prices against the plan they belong to: a limit that is not used up is worth nothing, and no price is negative."""

from __future__ import annotations

from collections.abc import Iterator

from engine.verification.check import Check
from engine.verification.evidence import Evidence

# The limits table calls a limit binding within this share of its ceiling.
USED_UP_FRAC = 1e-4


def prices(evidence: Evidence) -> Iterator[Check]:
    """Complementary slackness, as far as the tables show it; runs without prices have nothing to hold."""
    if "shadow_prices" not in evidence.tables:
        return
    table = evidence.tables["shadow_prices"]
    worth = table[table["usd_per_unit"] != 0]
    negative = worth[worth["usd_per_unit"] < 0]
    yield Check("no limit has a negative price", negative.empty, f"{len(negative)} of {len(table)} are negative")
    loose = [
        f"{row['label']} {row['year']}"
        for row in worth.to_dict("records")
        if not _used_up(evidence, str(row["limit"]), int(row["year"]))
    ]
    detail = f"priced but not used up: {', '.join(loose)}" if loose else f"{len(worth)} prices, each of a used-up limit"
    yield Check("a limit has a price only where it is used up", not loose, detail)
    cheaper = evidence.tables["reduced_costs"]["cheaper_usd"]
    built = [key for key in evidence.tables["reduced_costs"]["technology"] if _builds(evidence, str(key))]
    words = f"built all the same: {', '.join(built)}" if built else f"{len(cheaper)} technologies are not built"
    yield Check("what would have to be cheaper is not built", not built and bool((cheaper >= 0).all()), words)


def _used_up(evidence: Evidence, limit: str, year: int) -> bool:
    key, _, field = limit.partition(".")
    if field:
        row = evidence.capacity[key, year]
        value = row["e_nom_mwh"] if field == "max_mwh" else row["units"] if field == "max_units" else row["p_nom_mw"]
        return bool(value >= getattr(evidence.technologies[key], field) * (1 - USED_UP_FRAC) - 1e-6)
    limits = evidence.tables["limits"]
    rows = limits[(limits["stage"] == 1) & (limits["limit"] == limit) & (limits["year"] == year)]
    if rows.empty:
        return False
    # Gas binds on its highest day; a ceiling of zero is used up by nothing.
    value, sense = rows["value"].iloc[0], rows["sense"].iloc[0]
    ceiling = rows["ceiling"].iloc[0] * _sized_for(evidence, limit)
    gap = ceiling - value if sense == "at_most" else value - ceiling
    return bool(gap <= USED_UP_FRAC * max(abs(ceiling), 1e-9))


def _sized_for(evidence: Evidence, limit: str) -> float:
    """Share of a yearly limit that the last sizing was allowed: what the rounds before it made of it."""
    told = [one["tightened"] for one in evidence.manifest.get("adequacy_trail", [])[:-1] if one.get("tightened")]
    shares = {one["limit"]: float(one["of_limit_frac"]) for one in (told[-1] if told else [])}
    return shares.get(limit, 1.0)


def _builds(evidence: Evidence, key: str) -> bool:
    return any(row["built_mw"] > 1e-6 for (name, _), row in evidence.capacity.items() if name == key)


CHECKS = (prices,)
