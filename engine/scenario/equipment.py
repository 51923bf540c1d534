"""What all technologies of a scenario share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.scenario.fields import DOMAIN, Frozen, quantity


class Equipment(Frozen):
    """What every technology has: a switch, a name, a life and a lead time."""

    enabled: bool = quantity(True, unit="-", label="Available", description="Off: never built, existing left out.")
    label: str = quantity("", unit="-", label="Name", description="Shown in charts and tables.", max_length=40)
    life_years: int = quantity(
        20, unit="yr", label="Life", description="Years a vintage stands and pays its annuity.",
        source=DOMAIN, ge=1, le=60,
    )  # fmt: skip
    lead_time_months: float = quantity(
        0.0, unit="months", label="Lead time",
        description="From the decision date (the grid: from the first year) to service, rounded up to whole years.",
        ge=0, le=240,
    )  # fmt: skip
    fixed_usd_per_kw_yr: float = quantity(
        0.0, unit="USD/kW-yr", label="Fixed O&M", description="Yearly, on all capacity in service.", ge=0,
    )  # fmt: skip
    overnight_path: tuple[Annotated[float, Field(ge=0, le=20)], ...] | None = quantity(
        None, unit="x overnight cost", label="Cost path", advanced=True,
        description="Multiple of the overnight cost (and of the grid's connection cost) for each year of the plan; "
        "empty: 1 in every year.",
    )  # fmt: skip
    max_build_mw_per_yr: float | None = quantity(
        None, unit="MW/yr", label="Builds a year", advanced=True,
        description="Most that is built new in any one year; empty: no limit.", ge=0,
    )  # fmt: skip
    max_mwh_per_yr: float | None = quantity(
        None, unit="MWh/yr", label="Energy a year", advanced=True,
        description="Most that is generated, discharged or imported in any one year; empty: no limit.", ge=0,
    )  # fmt: skip
    source: str = quantity("assumption", unit="-", label="Source", description="Where these figures come from.")


class Plant(Equipment):
    """What may stand already and come to its end: everything but the grid connection."""

    existing_life_years: int | None = quantity(
        None, unit="yr", label="Existing stands for", advanced=True, ge=0, le=60,
        description="Years from the first year of the plan that existing capacity stands; empty: all of them.",
    )  # fmt: skip
    may_retire: bool = quantity(
        False, unit="-", label="Existing may retire", advanced=True,
        description="Existing capacity may be given up, which saves its fixed O&M and its land; it never comes back.",
    )  # fmt: skip
