"""How far to trust what is taken away, and where it comes from: the same in every format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.formatting import percent, significant
from dashboard.takeaway.document import Document, Sheet
from dashboard.views.compared import trust_marks
from dashboard.views.provenance import TERMINATIONS
from engine.inputs import inputs
from engine.nomenclature import TABLES
from engine.wording import CO2

Manifest = Mapping[str, Any]
Named = Mapping[str, Manifest]  # manifest by the run's name in the document: `A Grid early`


def warnings(runs: Named) -> tuple[str, ...]:
    """What speaks against each run, worst first; made-up inputs last."""
    found = [f"{name} {words}" for name, manifest in runs.items() for words in _against(manifest)]
    made_up: dict[str, list[str]] = {}
    for name, manifest in runs.items():
        for item in manifest.get("synthetic") or ():
            made_up.setdefault(item, []).append(name)
    everywhere = [item for item, names in made_up.items() if len(names) == len(runs)]
    partly = [f"{', '.join(names)}: {item}" for item, names in made_up.items() if len(names) < len(runs)]
    return (*found, *(f"Made up: {item}" for item in (*everywhere, *partly)))


def _against(manifest: Manifest) -> list[str]:
    if manifest["status"] != "done":
        return ["has no plan: no plan keeps every limit."]
    summary, gap, found = manifest["summary"], manifest.get("mip_gap_frac"), []
    if not summary.get("adequate"):
        unserved = significant(summary.get("unserved_mwh"))
        found.append(f"is inadequate: {unserved} MWh go unserved; its cost includes the penalty.")
    if manifest["termination"] == "time_limit":
        proven = f", proven only within {percent(gap)} of the best" if gap is not None else ""
        found.append(f"stopped at its time limit{proven}: a better plan may exist.")
    failed = [check["name"] for check in manifest["verification"]["checks"] if not check["passed"]]
    if not manifest["verification"]["passed"]:
        found.append(f"is not verified ({', '.join(failed) or 'checks failed'}).")
    return found


def marks(runs: Named) -> str:
    """What speaks against the runs in a few words; empty where nothing does."""
    found = [
        f"{name}: {', '.join(words.lower() for words, tone, _ in trust_marks(manifest) if tone != 'good')}"
        for name, manifest in runs.items()
        if any(tone != "good" for _, tone, _ in trust_marks(manifest))
    ]
    made_up = any(manifest.get("synthetic") for manifest in runs.values())
    return " · ".join([*found, *(["some inputs are made up"] if made_up else [])])


def runs_sheet(runs: Named) -> Sheet:
    """One row a run: how it ended, what was proven, what made it."""
    rows = [{"run": name, **_row(manifest)} for name, manifest in runs.items()]
    note = "Gap: distance to the best possible plan, as proven by the solver. Verified: recomputed from its tables."
    return Sheet("Runs", pd.DataFrame(rows), {"gap": "frac", "objective": "USD", "bound": "USD"}, note)


def _row(manifest: Manifest) -> dict[str, Any]:
    summary, checks, versions = manifest["summary"], manifest["verification"]["checks"], manifest["versions"]
    done = manifest["status"] == "done"
    return {
        "run_id": manifest["run_id"],
        "ended": TERMINATIONS.get(manifest["termination"], manifest["termination"]),
        "gap": manifest.get("mip_gap_frac"),
        "objective": manifest.get("objective_usd"),
        "bound": manifest.get("bound_usd"),
        "adequate": _yes(summary.get("adequate")) if done else "no plan",
        "verified": f"{_yes(manifest['verification']['passed'])} ({len(checks)} checks)" if done else "no plan",
        "time_limited": _yes(manifest["termination"] == "time_limit"),
        "synthetic": " ".join(manifest.get("synthetic") or ()) or "nothing",
        "estimate": str(summary.get("estimate_class") or ""),
        "solved_utc": str(manifest["created_utc"])[:19].replace("T", " "),
        "firmwatt": versions["firmwatt"], "engine": versions["engine"], "highs": versions["highs"],
        "fingerprint": manifest["fingerprint"],
    }  # fmt: skip


def _yes(value: Any) -> str:
    return "yes" if value else "no"


def inputs_sheet(runs: Named) -> Sheet:
    """All inputs of all runs: one row a place in the scenario, one column a run."""
    rows: dict[str, dict[str, Any]] = {}
    for name, manifest in runs.items():
        for one in inputs(manifest):
            row = rows.setdefault(
                one.place, {"place": one.place, "group": one.group, "input": one.label, "unit": one.unit}
            )
            row[name] = plain(one.value)
    frame = pd.DataFrame(list(rows.values()), columns=["place", "group", "input", "unit", *runs], dtype=object)
    return Sheet("All inputs", frame, note="The resolved scenario; place is the path in its YAML. Empty: not there.")


def plain(value: Any) -> Any:
    """An input as a cell holds it: numbers and words; lists as text, what is not there as nothing."""
    if isinstance(value, bool):
        return _yes(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)


def facts(runs: Named, made: str, address: str) -> tuple[tuple[str, str], ...]:
    """Lines of provenance, for the end of a report."""
    found = [("View", address), ("Made", made)]
    for name, manifest in runs.items():
        versions, gap = manifest["versions"], manifest.get("mip_gap_frac")
        ended = TERMINATIONS.get(manifest["termination"], manifest["termination"])
        proven = f", gap {percent(gap)}" if gap is not None else ""
        found.append(
            (
                name,
                f"run {manifest['run_id']}; {ended.lower()}{proven}; Firmwatt {versions['firmwatt']}, "
                f"HiGHS {versions['highs']}; {manifest['summary'].get('estimate_class') or 'no estimate'}",
            )
        )
    return tuple(found)


def summary_sheet(document: Document) -> Sheet:
    """Finding, warnings and provenance, the first sheet of a workbook."""
    words = [("Finding", sentence) for sentence in document.sentences]
    words += [("Mind", warning) for warning in document.warnings]
    return Sheet("Summary", pd.DataFrame([*words, *document.facts], columns=["subject", "words"]), note=document.title)


def units_of(table: str, frame: pd.DataFrame) -> dict[str, str]:
    """Unit of each column of a stored table, hourly flows by their suffix; a share of 1 is `frac`."""
    known = {column: entry.unit for column, entry in TABLES[table].items()}
    found = {}
    for column in map(str, frame.columns):
        unit = "frac" if column.endswith("_frac") else known.get(column) or _SUFFIXES.get(column.rpartition("_")[2], "")
        if unit not in ("", "-", "see unit"):
            found[column] = unit
    return found


_SUFFIXES = {"mw": "MW", "mwh": "MWh"}


def columns_sheet(sheets: Mapping[str, str]) -> Sheet:
    """Unit and meaning of every stored column that a document takes over.

    Parameters
    ----------
    sheets : mapping
        Name of the stored table by sheet.
    """
    rows = [
        {"sheet": sheet, "column": column, "unit_of_column": entry.unit, "meaning": entry.description}
        for sheet, table in sheets.items()
        for column, entry in TABLES[table].items()
    ]
    note = (
        f"Units: MW, MWh, MMBtu (HHV), short tons of NOx, tonnes of {CO2}, real USD. "
        "Hourly flows: {technology}_{flow}."
    )
    return Sheet("Columns", pd.DataFrame(rows), note=note)
