"""What a run's hours say of demand response: its sources, and their totals. A run without it has none."""

from __future__ import annotations

import re

import pandas as pd

RESPONSE = "Demand response"
_SUFFIXES = ("cut_mw", "makeup_mw", "owed_mwh")
_CUT_COLUMN = re.compile(r"^dr_(.+)_cut_mw$")


def response_sources(hourly: pd.DataFrame) -> list[str]:
    """Sources of demand response that a run's hours know; none in a run without it."""
    found = (_CUT_COLUMN.match(str(column)) for column in hourly.columns)
    return [match[1] for match in found if match]


def response_total(hourly: pd.DataFrame, suffix: str) -> pd.Series:
    """Sum over all sources of `dr_{source}_{suffix}`: cut_mw, makeup_mw or owed_mwh; zero without demand response."""
    if f"dr_{suffix}" in hourly:  # totalled already
        return hourly[f"dr_{suffix}"]
    columns = [f"dr_{source}_{suffix}" for source in response_sources(hourly)]
    return hourly[columns].sum(axis=1) if columns else pd.Series(0.0, index=hourly.index)


def with_response(hourly: pd.DataFrame) -> pd.DataFrame:
    """The hours with the totals of demand response as columns `dr_cut_mw`, `dr_makeup_mw` and `dr_owed_mwh`."""
    if not response_sources(hourly):
        return hourly
    return hourly.assign(**{f"dr_{suffix}": response_total(hourly, suffix) for suffix in _SUFFIXES})


def source_words(source: str) -> str:
    """A workload or the cooling as a label."""
    words = source.replace("_", " ")
    return words[:1].upper() + words[1:]
