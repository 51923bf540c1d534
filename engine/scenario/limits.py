"""Hard limits of the site."""

from __future__ import annotations

from engine.scenario.fields import DOMAIN, Frozen, quantity
from engine.wording import CO2


class Limits(Frozen):
    """Hard limits of the site, each year; an empty one does not bind."""

    nox_short_tons_per_yr: float | None = quantity(
        99.0, unit="t/yr", label="NOx", description="Short tons of NOx a year (minor source: below 100).",
        source=DOMAIN, ge=0,
    )  # fmt: skip
    gas_mcf_per_day: float | None = quantity(
        65000.0, unit="Mcf/day", label="Gas supply", description="Gas on every day (1.037 MMBtu each Mcf).",
        source=DOMAIN, ge=0,
    )  # fmt: skip
    gas_mmbtu_per_yr: float | None = quantity(
        None, unit="MMBtu/yr", label="Gas a year", ge=0, advanced=True,
        description="Gas of a whole year, higher heating value: a contract's volume; empty: no limit.",
    )  # fmt: skip
    land_acres: float | None = quantity(
        500.0, unit="acres", label="Land", description="Land for all technologies together.",
        source=DOMAIN, ge=0,
    )  # fmt: skip
    co2_tonnes_per_yr: float | None = quantity(
        None, unit="t/yr", label=CO2, ge=0,
        description=f"Tonnes of {CO2} a year: on-site fuel plus imports times grid intensity.",
    )  # fmt: skip
    water_million_gal_per_yr: float | None = quantity(
        None, unit="Mgal/yr", label="Water", ge=0, advanced=True,
        description="Million US gallons a year for cooling the site and for the plant; empty: no limit.",
    )  # fmt: skip
    capital_usd_per_yr: float | None = quantity(
        None, unit="USD/yr", label="Capital a year", ge=0, advanced=True,
        description="Overnight cost of all that is built for any one year; empty: no limit.",
    )  # fmt: skip
    served_frac: float | None = quantity(
        None, unit="of energy", label="Served share", ge=0, le=1,
        description="Share of each year's energy that the plan must serve; empty: load may go unserved at the "
        "value of lost load.",
        source="docs/formulation.md",
    )  # fmt: skip
    n_minus_1: bool = quantity(
        True, unit="-", label="N-1",
        description="Firm capacity without the largest unit of any type covers the year's peak.",
        source=DOMAIN,
    )  # fmt: skip
    n_minus_2: bool = quantity(
        False, unit="-", label="N-2", advanced=True,
        description="Firm capacity without any two of what N-1 may lose covers the year's peak; includes N-1.",
    )  # fmt: skip
    grid_contingency: bool = quantity(
        False, unit="-", label="Grid may fail", advanced=True,
        description="N-1 and N-2 also count the loss of the grid connection; by default the grid is firm.",
        source=DOMAIN,
    )  # fmt: skip
