"""Addresses of pages: the state of a page is its address."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from engine.job import SOLVE, Job


def run_href(run_id: str) -> str:
    """Address of a result."""
    return f"/run/{run_id}"


# The page that shows a study of each kind.
STUDY_PAGES: dict[str, str] = {
    "alternatives": "/choice",
    "break_even": "/choice",
    "frontier": "/frontier",
    "regret": "/choice",
}


def study_href(kind: str, study_id: str) -> str:
    """Address of a study."""
    return f"{STUDY_PAGES[kind]}{search(study=study_id)}" if kind in STUDY_PAGES else "/runs"


def study_table_href(study_id: str, name: str, ending: str) -> str:
    """Address of a table of a study, as CSV or as the Parquet file itself."""
    return f"/export/study/{study_id}/{name}.{ending}"


def result_href(job: Job) -> str:
    """Address of what a done job has found."""
    return run_href(str(job.run_id)) if job.kind == SOLVE else study_href(job.kind, str(job.run_id))


def search(**state: str | int | None) -> str:
    """Query of an address; what is empty is left out. Commas stay readable."""
    kept = {key: value for key, value in state.items() if value not in (None, "")}
    return f"?{urlencode(kept, safe=',')}" if kept else ""


def compare_search(
    runs: Sequence[str], base: str | None = None, year: int | None = None, week: int | None = None
) -> str:
    """Query of a comparison."""
    return search(runs=",".join(runs), base=base if base in runs else None, year=year, week=week)


def compare_href(runs: Sequence[str], base: str | None = None, year: int | None = None, week: int | None = None) -> str:
    """Address of a comparison."""
    return f"/compare{compare_search(runs, base, year, week)}"


def whole(text: object, low: int, high: int) -> int | None:
    """A whole number of an address, or None when it is none or out of range."""
    try:
        value = int(str(text))
    except ValueError:
        return None
    return value if low <= value <= high else None
