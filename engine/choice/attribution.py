"""How much of the difference between two scenarios each changed input causes.

The inputs that differ are put into at most six groups. The small model (`quick`) is solved for every mixture of the two
scenarios: each group as in the one or as in the other. A group's part is its mean effect over all orders in which the
groups can change (its Shapley value): it depends on no order, and the parts sum to the whole difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import Any

import pandas as pd

from engine.choice.explained import Group, groups_of
from engine.choice.quick import QUICK_WORDS, quick_plan
from engine.choice.rows import records
from engine.choice.variants import GONE, mapping_of, placed, validated, value_at
from engine.errors import InputError, SolveFailed
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.study import Workspace

Mixture = frozenset[int]  # numbers of the groups that are as in the other scenario
Costs = Mapping[Mixture, Mapping[str, float]]
MEASURES = ("npv_usd", "usd_per_mwh")
UNITS = {"npv_usd": "USD", "usd_per_mwh": "USD/MWh"}


def shapley(values: Mapping[Mixture, float], count: int) -> list[float] | None:
    """Each group's mean effect over all orders that lead through mixtures with a value; None where no order does.

    Where every mixture has one this is the Shapley value. The parts sum to the difference of all and nothing changed.
    """
    sums, orders = [0.0] * count, 0
    for order in permutations(range(count)):
        path = [frozenset(order[:length]) for length in range(count + 1)]
        if any(step not in values for step in path):
            continue
        orders += 1
        for number, (before, after) in zip(order, pairwise(path), strict=True):
            sums[number] += values[after] - values[before]
    return [total / orders for total in sums] if orders else None


def mixtures(count: int) -> Iterator[Mixture]:
    """Every mixture, nothing changed and everything changed first: without these two there is nothing to explain."""
    whole = frozenset(range(count))
    yield frozenset()
    yield whole
    for bits in range(1, 2**count - 1):
        yield frozenset(number for number in range(count) if bits >> number & 1)


def mixed(start: LoadedScenario, end: LoadedScenario, groups: Sequence[Group], mixture: Mixture) -> LoadedScenario:
    """The start's scenario with some groups as in the end's.

    Raises
    ------
    InputError
        The two do not go together.
    """
    source = mapping_of(end)
    values: dict[str, Any] = {}
    for number in sorted(mixture):
        for place in groups[number].places:
            found = value_at(source, place)
            # An option that the end does not have is switched off, so that the start's own figures stay known.
            gone = found is GONE or (isinstance(found, Mapping) and not found.get("enabled", True))
            option = place.startswith("technologies.") and place.count(".") == 1
            values |= {f"{place}.enabled": False} if gone and option else {place: found}
    files = (*start.files.values(), *end.files.values())
    return validated(placed(mapping_of(start), values), files, source="mixture")


def run(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """Do the study: tables `mixtures` and `parts`; goes on from the mixtures that are there."""
    start, end = request.load()
    groups = groups_of(start, end)
    costs = _solve_mixtures(start, end, groups, workspace, on_progress)
    whole, nothing = frozenset(range(len(groups))), Mixture()
    for mixture, loaded in ((nothing, start), (whole, end)):
        if mixture not in costs:
            raise SolveFailed(f"the small model of {loaded.scenario.name} has no plan: {QUICK_WORDS}.")
    parts = parts_table(costs, groups)
    workspace.write("parts", parts, UNITS)
    return {
        "groups": len(groups),
        "mixtures": 2 ** len(groups),
        "without_plan": 2 ** len(groups) - len(costs),
        "npv_usd": [costs[nothing]["npv_usd"], costs[whole]["npv_usd"]],
        "usd_per_mwh": [_number(costs[nothing]["usd_per_mwh"]), _number(costs[whole]["usd_per_mwh"])],
        "model": QUICK_WORDS,
    }


def parts_table(costs: Costs, groups: Sequence[Group]) -> pd.DataFrame:
    """The `parts` table: group, words, places, and each part in both measures, as the small model finds them.

    Raises
    ------
    SolveFailed
        No order of the changes leads through mixtures that have a plan.
    """
    parts = {}
    for measure in MEASURES:
        found = shapley({mixture: cost[measure] for mixture, cost in costs.items()}, len(groups))
        if found is None:
            raise SolveFailed("every order of the changes passes through a mixture that no plan can serve.")
        parts[measure] = found
    rows = [
        {**group.to_row(), **{measure: parts[measure][number] for measure in MEASURES}}
        for number, group in enumerate(groups)
    ]
    return pd.DataFrame(rows)


def _solve_mixtures(
    start: LoadedScenario, end: LoadedScenario, groups: Sequence[Group], workspace: Workspace, on_progress: OnProgress
) -> Costs:
    rows = records(workspace.table("mixtures"))
    known = {_key(row["changed"]) for row in rows}
    every = list(mixtures(len(groups)))
    for number, mixture in enumerate(every):
        if mixture in known:
            continue
        on_progress(Progress("size", number / len(every), f"Mixture {number + 1} of {len(every)}"))
        changed = " ".join(str(one) for one in sorted(mixture))
        rows.append({"changed": changed, **_cost(start, end, groups, mixture)})
        workspace.write("mixtures", pd.DataFrame(rows), UNITS)
    return {
        _key(row["changed"]): {measure: float(row[measure]) for measure in MEASURES}
        for row in rows
        if not math.isnan(row["npv_usd"])
    }


def _cost(start: LoadedScenario, end: LoadedScenario, groups: Sequence[Group], mixture: Mixture) -> dict[str, Any]:
    """Cost of a mixture in both measures; without one where its inputs do not go together or no plan serves it."""
    nothing = dict.fromkeys(MEASURES, math.nan)
    try:
        loaded = mixed(start, end, groups, mixture)
    except InputError as error:
        return {**nothing, "why": "; ".join(str(problem) for problem in error.problems)}
    plan = quick_plan(loaded)
    if plan is None:
        return {**nothing, "why": "no plan meets every limit"}
    return {"npv_usd": plan.cost_usd, "usd_per_mwh": plan.lcoe_usd_per_mwh, "why": ""}


def _key(changed: str) -> Mixture:
    return frozenset(int(number) for number in str(changed).split())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
