"""Limits of the site, each a line here."""

from engine.limits.ceilings import CO2, LAND, NOX, GasLimit, ServedShare
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.n_minus_1 import NMinusOne

LIMITS: tuple[Limit, ...] = (NOX, GasLimit(), LAND, CO2, NMinusOne(), ServedShare())

__all__ = ["LIMITS", "Limit", "Measured", "YearOfTables"]
