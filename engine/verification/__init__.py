"""Proof of a run from its tables and resolved scenario alone.

Nothing of the model builder, the ledgers or the accounts is used here: the arithmetic is done again, so that a
mistake there shows as a difference. One file a subject; each ends with its `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.scenario.schema import Scenario
from engine.store import Store
from engine.verification import balance, demand_response, fleet, limits, linked_storage, money, prices
from engine.verification.check import Check, Verification
from engine.verification.evidence import Evidence
from engine.verification.stage import Tables

CHECKS: tuple[Callable[[Evidence], Iterator[Check]], ...] = (
    *balance.CHECKS, *linked_storage.CHECKS, *fleet.CHECKS, *demand_response.CHECKS, *limits.CHECKS, *money.CHECKS,
    *prices.CHECKS,
)  # fmt: skip

# Of a run: what its search proved and what its limits are worth.
NOT_OF_A_SIZING = (money.gap, *prices.CHECKS)

__all__ = ["Check", "Verification", "verify", "verify_run", "verify_sizing"]


def verify_run(store: Store, run_id: str) -> Verification:
    """Verify a stored run again, its files' hashes included."""
    manifest = store.manifest(run_id)
    changed = store.changed_tables(run_id)
    intact = Check("files are as written", not changed, f"changed: {', '.join(changed)}" if changed else "hashes agree")
    if changed:
        return Verification(False, (intact,))
    tables = {name: store.table(run_id, name) for name in manifest["tables"]}
    verification = verify(tables, manifest)
    return Verification(verification.passed, (intact, *verification.checks))


def verify_sizing(tables: Tables, scenario: Scenario, cost_usd: float) -> Verification:
    """Run the checks of the sizing alone, of a plan that has not been dispatched.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As in the nomenclature; `hourly` holds year, hour and load_mw alone, `costs` the sizing's.
    cost_usd : float
        Present value of the plan's cost, as the solver has it.
    """
    run = Evidence(scenario, tables, {"objective_usd": cost_usd}, sizing_only=True)
    checks = tuple(check for claim in CHECKS if claim not in NOT_OF_A_SIZING for check in claim(run))
    return Verification(all(check.passed for check in checks), checks)


def verify(tables: Tables, manifest: Mapping[str, Any]) -> Verification:
    """Run all checks.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As stored.
    manifest : mapping
        With scenario, termination, objective_usd, bound_usd, mip_gap_frac and dispatch_cost_usd.
    """
    scenario = Scenario.model_validate(manifest["scenario"])
    if manifest["status"] != "done":
        return Verification(True, (Check("ending is recorded", True, str(manifest["termination"])),))
    run = Evidence(scenario, tables, manifest)
    checks = tuple(check for claim in CHECKS for check in claim(run))
    return Verification(all(check.passed for check in checks), checks)
