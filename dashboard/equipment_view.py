"""What the equipment pages show of the catalogue: cells with their sources, what is chosen, costs at chosen terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard import theme
from dashboard.forms.spec import KIND_LABELS
from engine.catalogue import Catalogue, Entry, Figure, Terms, figures, screen

MOST = 4
DEFAULT_CHOICE = ("engine-scr", "turbine-scr", "combined-cycle-scr", "fuel-cell")
STEP_FRAC = 0.01
LEAST_FRAC = 0.05
# What the sun and the wind allow in the best class of the national atlas (NREL ATB 2024: 0.32 for sun).
MOST_BY_KIND = {"solar": 0.32, "wind": 0.50}
LONG_KINDS = {"thermal": "Engines, turbines and fuel cells", "battery": "Batteries", "grid": "Grid connections"}
STATUS_WORDS = {
    "verified": "as its source states it",
    "secondary": "from a summary of the source",
    "assumption": "an assumption",
    "own": "your own figure",
}


@dataclass(frozen=True)
class Chosen:
    """What the page shows; its address says the same.

    Attributes
    ----------
    keys : tuple of str
        Entries drawn and compared, four at most.
    kind : str
        Filter; empty shows everything.
    terms : Terms
    factor_frac : float
        Capacity factor.
    """

    keys: tuple[str, ...]
    kind: str
    terms: Terms
    factor_frac: float


@dataclass(frozen=True)
class Column:
    """A column of the list of one kind.

    Attributes
    ----------
    label, unit : str
    path : str
        Figure that it shows and whose source it tells; empty for a value that is computed.
    value : callable or None
        Of an entry; None takes the figure itself.
    """

    label: str
    unit: str
    path: str = ""
    value: Callable[[Entry], float | None] | None = None


def _annuity(entry: Entry) -> float:
    return screen(entry, Terms()).annuity_usd_per_kw_yr


def _capital(entry: Entry) -> float:
    return screen(entry, Terms()).capital_usd_per_kw


def _round_trip(entry: Entry) -> float:
    data: Any = entry.technology
    return float(100 * data.charge_efficiency_frac * data.discharge_efficiency_frac)


def _nox_per_mwh(entry: Entry) -> float:
    return screen(entry, Terms()).nox_lb_per_mwh


_CAPITAL = Column("Overnight", "$/kW", "overnight_usd_per_kw")
_FIXED = Column("Fixed O&M", "$/kW-yr", "fixed_usd_per_kw_yr")
_VARIABLE = Column("Variable", "$/MWh", "variable_usd_per_mwh")
_LEAD = Column("Lead time", "months", "lead_time_months")
_LIFE = Column("Life", "yr", "life_years")
_YEARLY = Column("Annuity", "$/kW-yr at 8 %", "", _annuity)
_RENEWABLE = (_CAPITAL, _FIXED, _YEARLY, _LIFE, _LEAD)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "thermal": (
        Column("Unit", "MW", "unit_mw"),
        _CAPITAL,
        _FIXED,
        _VARIABLE,
        Column("Heat rate", "Btu/kWh", "heat_rate_btu_per_kwh"),
        Column("NOx", "lb/MMBtu", "nox_lb_per_mmbtu"),
        Column("NOx", "lb/MWh", "nox_lb_per_mmbtu", _nox_per_mwh),
        _LEAD,
    ),
    "solar": (*_RENEWABLE, Column("Land", "acres/MWac", "acres_per_mw")),
    "wind": (*_RENEWABLE, Column("Land", "acres/MW", "acres_per_mw")),
    "battery": (
        Column("Duration", "h", "duration_min_h"),
        Column("Energy", "$/kWh", "overnight_usd_per_kwh"),
        Column("Power", "$/kW", "overnight_usd_per_kw"),
        Column("Together", "$/kW", "", _capital),
        _FIXED,
        Column("Round trip", "%", "charge_efficiency_frac", _round_trip),
        Column("Land", "acres/MWh", "acres_per_mwh"),
        _LEAD,
    ),
    "grid": (
        Column("Connection", "$", "connection_usd"),
        Column("By the kW", "$/kW", "overnight_usd_per_kw"),
        Column("At most", "MW", "max_mw"),
        Column("Land", "acres", "acres"),
        _LEAD,
    ),
}


def kind_title(kind: str) -> str:
    """A kind as a heading."""
    return LONG_KINDS.get(kind, KIND_LABELS.get(kind, kind.capitalize()))


def by_kind(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Entries by kind, kinds in the catalogue's order, own entries after the shipped ones."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.kind, []).append(entry)
    order = ["thermal", "wind", "solar", "battery", "grid"]
    return {kind: found[kind] for kind in sorted(found, key=lambda kind: order.index(kind) if kind in order else 9)}


def figure_of(entry: Entry, path: str) -> Figure | None:
    """The figure behind a cell; None where the entry has none."""
    return next((figure for figure in figures(entry) if figure.path == path), None)


def cell_value(entry: Entry, column: Column) -> float | None:
    """What a cell shows."""
    if column.value is not None:
        return column.value(entry)
    value = getattr(entry.technology, column.path, None)
    return None if value is None else float(value)


def source_words(figure: Figure) -> str:
    """Source of a figure in one line, for a tooltip."""
    origin = figure.origin
    parts = [origin.name, *([origin.locator] if origin.locator else [])]
    if figure.is_money and origin.dollar_year:
        parts.append(f"{origin.dollar_year} dollars")
    return f"{', '.join(parts)} ({STATUS_WORDS[origin.status]})"


def looks(entries: Sequence[Entry]) -> dict[str, theme.Look]:
    """Colour and dash of entries shown together: the first of an id has the technology's own."""
    ids: dict[str, str] = {}
    for entry in entries:
        ids[entry.key] = entry.technology_id if entry.technology_id not in ids.values() else f"{entry.key}~"
    kinds = {ids[entry.key]: entry.kind for entry in entries}
    chosen = theme.looks(kinds)
    return {entry.key: chosen[ids[entry.key]] for entry in entries}


def costs(entries: Sequence[Entry], terms: Terms) -> pd.DataFrame:
    """Cost of energy by capacity factor, of the entries that generate.

    Returns
    -------
    DataFrame
        Columns key, name, capacity_factor_frac, usd_per_mwh.
    """
    parts = []
    for entry in entries:
        found = screen(entry, terms)
        if not found.generates:
            continue
        most = MOST_BY_KIND.get(entry.kind, getattr(entry.technology, "availability_frac", 1.0))
        factors = np.arange(LEAST_FRAC, most + STEP_FRAC / 2, STEP_FRAC)
        cost = found.energy_usd_per_mwh(factors)
        parts.append(
            pd.DataFrame({"key": entry.key, "name": entry.name, "capacity_factor_frac": factors, "usd_per_mwh": cost})
        )
    columns = ["key", "name", "capacity_factor_frac", "usd_per_mwh"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def chosen_entries(entries: Sequence[Entry], keys: Sequence[str]) -> list[Entry]:
    """Chosen entries in the catalogue's order, four at most."""
    return [entry for entry in entries if entry.key in keys][:MOST]


def read_address(query: Mapping[str, str]) -> Chosen:
    """What the address asks for; anything unreadable falls back to the default."""
    known = {entry.key for entry in Catalogue().entries()}
    asked = query["pick"].split(",") if "pick" in query else DEFAULT_CHOICE
    keys = tuple(key for key in asked if key in known)[:MOST]
    gas = _within(query.get("gas"), 0.0, 50.0, 3.5)
    factor = _within(query.get("cf"), 5.0, 100.0, 80.0)
    return Chosen(keys, query.get("kind", ""), Terms(gas_usd_per_mmbtu=gas), factor / 100)


def _within(text: str | None, low: float, high: float, otherwise: float) -> float:
    try:
        value = float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
    return value if low <= value <= high else otherwise
