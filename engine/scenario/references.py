"""Names inside a scenario that must point at something, checked on the mapping itself, all at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import Problem
from engine.nomenclature import RESPONSE_PREFIX
from engine.scenario.demand_response import COOLING, ID_PATTERN


def flexibility_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Problems of names: a product's sources, ids of flexible workloads, ids of technologies."""
    workloads = _mapping(_mapping(data.get("load")).get("workloads"))
    products = _mapping(_mapping(data.get("demand_response")).get("products"))
    return [
        *_workload_problems(workloads),
        *_technology_problems(_mapping(data.get("technologies"))),
        *_product_problems(products, [*workloads, COOLING]),
    ]


def _workload_problems(workloads: Mapping[str, Any]) -> Iterator[Problem]:
    for key, workload in workloads.items():
        if key == COOLING:
            yield Problem(f"load.workloads.{key}", "is the name of the cooling; call the workload otherwise.")
        elif _mapping(workload).get("flexible_frac") and not re.match(ID_PATTERN, str(key)):
            remedy = "a flexible workload's id names columns: lower-case letters, digits and _, a letter first"
            yield Problem(f"load.workloads.{key}", f'is "{key}"; {remedy}.')


def _technology_problems(technologies: Mapping[str, Any]) -> Iterator[Problem]:
    for key in technologies:
        if str(key).startswith(RESPONSE_PREFIX):
            yield Problem(
                f"technologies.{key}", f'begins with "{RESPONSE_PREFIX}", kept for demand response; rename it.'
            )


def _product_problems(products: Mapping[str, Any], known: list[str]) -> Iterator[Problem]:
    for key, product in products.items():
        place = f"demand_response.products.{key}.sources"
        named = _mapping(product).get("sources")
        names = [str(name) for name in named] if isinstance(named, list | tuple) else []
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f'did you mean "{near[0]}"' if near else f"it must be one of: {', '.join(known)}"
                yield Problem(place, f'names "{name}", which is no workload here ({hint}).')
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            yield Problem(place, f"names {', '.join(twice)} twice; once is enough.")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
