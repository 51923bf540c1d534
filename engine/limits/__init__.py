"""Limits of the site, each a line here, and the limits that technologies carry themselves."""

from engine.limits.ceilings import CAPITAL, CO2, GAS_OF_YEAR, LAND, NOX, GasLimit, ServedShare
from engine.limits.curtailment import CurtailmentBudget
from engine.limits.limit import CapacityOfYear, Limit, Measured, YearOfTables
from engine.limits.n_minus_1 import NMinusOne
from engine.limits.n_minus_2 import NMinusTwo
from engine.limits.of_technology import technology_limits
from engine.limits.water import WaterLimit
from engine.scenario.schema import Scenario

LIMITS: tuple[Limit, ...] = (
    NOX,
    GasLimit(),
    GAS_OF_YEAR,
    LAND,
    CO2,
    CAPITAL,
    NMinusOne(),
    NMinusTwo(),
    WaterLimit(),
    ServedShare(),
    CurtailmentBudget(),
)


def limits_of(scenario: Scenario) -> tuple[Limit, ...]:
    """Limits that a scenario sets: the site's, then those of its technologies."""
    return (*(limit for limit in LIMITS if limit.applies(scenario)), *technology_limits(scenario))


__all__ = ["LIMITS", "CapacityOfYear", "Limit", "Measured", "YearOfTables", "limits_of"]
