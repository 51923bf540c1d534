"""Limits of the site, each a line here."""

from engine.limits.ceilings import Co2Limit, GasLimit, LandLimit, NoxLimit, ServedShare
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.n_minus_1 import NMinusOne

LIMITS: tuple[Limit, ...] = (NoxLimit(), GasLimit(), LandLimit(), Co2Limit(), NMinusOne(), ServedShare())

__all__ = ["LIMITS", "Limit", "Measured", "YearOfTables"]
