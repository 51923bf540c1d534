"""Rows of a table as plain mappings."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd


def records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Rows in order; none of no table."""
    return [] if frame is None else cast("list[dict[str, Any]]", frame.to_dict(orient="records"))


def highest(frame: pd.DataFrame, column: pd.Series) -> dict[str, Any]:
    """The row in which a column of the frame's index is highest."""
    return records(frame.loc[[column.idxmax()]])[0]
