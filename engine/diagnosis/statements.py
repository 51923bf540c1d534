"""Where no named limit is the reason: the constraints, by their names, that cannot hold together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.diagnosis.elastic import Elastic
from engine.solver_session import INFINITY


def conflicting_statements(elastic: Elastic) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """An irreducible set of statements, and of years, that cannot hold together with every named limit lifted.

    Statements are left out one after the other: what stays impossible without one does not need it.
    """
    rows: dict[tuple[str, int], list[int]] = {}
    for name, statement in elastic.form.statements.items():
        for index, row in statement.items():
            year = int(index[0] if isinstance(index, tuple) else index)
            rows.setdefault((name, year), []).append(row)
    statements, years = sorted({name for name, _ in rows}), sorted({year for _, year in rows})
    needed_years = _needed(
        elastic, {year: [r for (_, y), ids in rows.items() if y == year for r in ids] for year in years}
    )
    needed = _needed(
        elastic, {name: [r for (n, _), ids in rows.items() if n == name for r in ids] for name in statements}
    )
    return tuple(str(name) for name in needed), tuple(int(year) for year in needed_years)


def _needed(elastic: Elastic, groups: Mapping[Any, list[int]]) -> list[Any]:
    """Groups of rows without which it would be possible; the others are lifted for good."""
    needed = []
    for name, rows in groups.items():
        elastic.session.bound_rows(rows, -INFINITY, INFINITY)
        if elastic.least(elastic.movable) is not None:
            elastic.session.bound_rows(rows)
            needed.append(name)
    return needed
