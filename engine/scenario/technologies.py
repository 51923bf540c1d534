"""Data of the technologies a scenario can hold: one model per behaviour, many rows of data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

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


class Thermal(Equipment):
    """Fuel-burning units: reciprocating engine, gas turbine, fuel cell."""

    kind: Literal["thermal"] = "thermal"
    unit_mw: float = quantity(
        unit="MW", label="Unit size", description="Rating of one unit.", gt=0, le=2000,
    )  # fmt: skip
    integer: bool = quantity(
        True, unit="-", label="Whole units", description="Off: capacity in any amount.", advanced=True,
    )  # fmt: skip
    max_units: int = quantity(unit="units", label="At most", description="Existing and new together.", ge=0, le=5000)
    existing_units: int = quantity(
        0, unit="units", label="Existing", description="Stand already; sunk, they pay O&M only.", ge=0, le=5000,
    )  # fmt: skip
    overnight_usd_per_kw: float = quantity(
        unit="USD/kW", label="Overnight cost", description="Capital of a new unit.", ge=0,
    )  # fmt: skip
    variable_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Variable O&M", description="Per MWh generated, without fuel.", ge=0,
    )  # fmt: skip
    heat_rate_btu_per_kwh: float = quantity(
        unit="Btu/kWh", label="Heat rate", description="Fuel per energy, higher heating value.", ge=0, le=50000,
    )  # fmt: skip
    availability_frac: float = quantity(
        1.0, unit="-", label="Availability", description="1 - forced-outage rate.", gt=0, le=1,
    )  # fmt: skip
    derate_frac_per_c: float = quantity(
        0.0, unit="1/C", label="Heat derate", advanced=True,
        description="Loss of rating per degree above the reference temperature.", ge=0, le=0.1,
    )  # fmt: skip
    derate_above_c: float = quantity(
        15.0, unit="C", label="Derate above", description="Reference temperature of the derate.",
        ge=-50, le=60, advanced=True,
    )  # fmt: skip
    nox_lb_per_mmbtu: float = quantity(
        0.0, unit="lb/MMBtu", label="NOx", description="After the control that is fitted.", ge=0, le=20,
    )  # fmt: skip
    acres_per_mw: float = quantity(0.0, unit="acres/MW", label="Land", description="Per MW installed.", ge=0)
    water_gal_per_mwh: float = quantity(
        0.0, unit="gal/MWh", label="Water", description="US gallons per MWh generated.", ge=0, le=5000, advanced=True,
    )  # fmt: skip
    fuel_price_usd_per_mmbtu: float | None = quantity(
        None, unit="USD/MMBtu", label="Own fuel price", ge=0, le=500, advanced=True,
        description="Price of a fuel of its own, which draws nothing from the gas supply; empty: it burns gas.",
    )  # fmt: skip
    co2_lb_per_mmbtu: float | None = quantity(
        None, unit="lb/MMBtu", label="Own fuel carbon", ge=0, le=500, advanced=True,
        description="CO2 from burning its fuel; empty: as gas.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _existing_within_most(self) -> Thermal:
        if self.existing_units > self.max_units:
            raise ValueError(f"existing_units is {self.existing_units}, above max_units {self.max_units}")
        return self


class Battery(Equipment):
    """Battery: power and energy continuous, tied by a duration."""

    kind: Literal["battery"] = "battery"
    duration_min_h: float = quantity(
        4.0, unit="h", label="Duration, least", description="Energy over power.", source=DOMAIN, gt=0, le=1000,
    )  # fmt: skip
    duration_max_h: float = quantity(
        4.0, unit="h", label="Duration, most", description="Equal to the least: fixed duration.",
        source=DOMAIN, gt=0, le=1000,
    )  # fmt: skip
    max_mwh: float = quantity(
        2000.0, unit="MWh", label="At most", description="Existing and new together.", source=DOMAIN, ge=0,
    )  # fmt: skip
    existing_mw: float = quantity(
        0.0, unit="MW", label="Existing power", description="Stands already; sunk.", ge=0,
    )  # fmt: skip
    existing_mwh: float = quantity(
        0.0, unit="MWh", label="Existing energy", description="Stands already; sunk.", ge=0,
    )  # fmt: skip
    overnight_usd_per_kwh: float = quantity(
        250.0, unit="USD/kWh", label="Overnight cost, energy", description="Capital per kWh.", source=DOMAIN, ge=0,
    )  # fmt: skip
    overnight_usd_per_kw: float = quantity(
        0.0, unit="USD/kW", label="Overnight cost, power", description="Capital per kW, added.", ge=0,
    )  # fmt: skip
    variable_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Variable O&M", description="Per MWh discharged.", ge=0,
    )  # fmt: skip
    charge_efficiency_frac: float = quantity(
        0.92, unit="-", label="Charge efficiency", description="Stored over drawn.", source=DOMAIN, gt=0, le=1,
    )  # fmt: skip
    discharge_efficiency_frac: float = quantity(
        0.92, unit="-", label="Discharge efficiency", description="Delivered over taken from store.",
        source=DOMAIN, gt=0, le=1,
    )  # fmt: skip
    standing_loss_frac_per_h: float = quantity(
        0.0, unit="1/h", label="Standing loss", description="Of the stored energy.", ge=0, le=0.1, advanced=True,
    )  # fmt: skip
    soc_min_frac: float = quantity(
        0.10, unit="-", label="Lowest charge", description="Of the energy capacity.", source=DOMAIN, ge=0, lt=1,
    )  # fmt: skip
    acres_per_mwh: float = quantity(
        0.02, unit="acres/MWh", label="Land", description="Per MWh installed.", source=DOMAIN, ge=0,
    )  # fmt: skip

    @model_validator(mode="after")
    def _durations_and_existing_agree(self) -> Battery:
        if self.duration_min_h > self.duration_max_h:
            raise ValueError(f"duration_min_h {self.duration_min_h} is above duration_max_h {self.duration_max_h}")
        if self.existing_mwh > self.max_mwh:
            raise ValueError(f"existing_mwh is {self.existing_mwh}, above max_mwh {self.max_mwh}")
        if (self.existing_mw > 0) != (self.existing_mwh > 0):
            raise ValueError("existing_mw and existing_mwh go together: give both or neither")
        return self

    @property
    def max_mw(self) -> float:
        """Most power in service, existing and new [MW]."""
        return self.existing_mw + (self.max_mwh - self.existing_mwh) / self.duration_min_h


class PhotovoltaicArray(Frozen):
    """What pvlib needs to know of the array."""

    tracking: Literal["one_axis", "fixed"] = quantity(
        "one_axis", unit="-", label="Mounting", description="One-axis tracking (north-south axis) or fixed tilt.",
    )  # fmt: skip
    tilt_deg: float | None = quantity(
        None, unit="deg", label="Tilt", description="Fixed tilt only; by default the latitude.", ge=0, le=90,
    )  # fmt: skip
    azimuth_deg: float = quantity(
        180.0, unit="deg", label="Azimuth", description="Fixed tilt only; 180 is south.", ge=0, lt=360,
    )  # fmt: skip
    ground_coverage_frac: float = quantity(
        0.3, unit="-", label="Ground coverage", description="Collector width over row pitch.", gt=0, le=1,
    )  # fmt: skip
    dc_ac_ratio: float = quantity(
        1.3, unit="-", label="DC/AC", description="MWdc of modules per MWac of inverters.", gt=0.3, le=3,
    )  # fmt: skip
    losses_frac: float = quantity(
        0.140757, unit="-", label="Losses", description="Soiling, wiring, mismatch and so on.",
        source="PVWatts v5 default", ge=0, lt=1,
    )  # fmt: skip
    temperature_coefficient_per_c: float = quantity(
        -0.0037, unit="1/C", label="Temperature coefficient", description="Change of power per degree.",
        ge=-0.02, le=0,
    )  # fmt: skip
    inverter_efficiency_frac: float = quantity(
        0.96, unit="-", label="Inverter efficiency", description="Nominal.", source="PVWatts v5 default", gt=0, le=1,
    )  # fmt: skip


class Solar(Equipment):
    """Photovoltaic plant, in MWac."""

    kind: Literal["solar"] = "solar"
    max_mw: float = quantity(
        500.0, unit="MWac", label="At most", description="Existing and new together.", source=DOMAIN, ge=0,
    )  # fmt: skip
    existing_mw: float = quantity(
        0.0, unit="MWac", label="Existing", description="Stands already; sunk.", ge=0,
    )  # fmt: skip
    overnight_usd_per_kw: float = quantity(
        1000.0, unit="USD/kWac", label="Overnight cost", description="Capital.", source=DOMAIN, ge=0,
    )  # fmt: skip
    variable_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Variable O&M", description="Per MWh used.", ge=0, advanced=True,
    )  # fmt: skip
    acres_per_mw: float = quantity(
        4.25, unit="acres/MWac", label="Land", description="Per MWac installed.", source=DOMAIN, ge=0,
    )  # fmt: skip
    array: PhotovoltaicArray = PhotovoltaicArray()
    series: str | None = quantity(
        None, unit="pu of MWac", label="Hourly output", series=True,
        description="Output per MWac from a CSV column, file.csv:column; replaces weather and array.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _existing_within_most(self) -> Solar:
        if self.existing_mw > self.max_mw:
            raise ValueError(f"existing_mw is {self.existing_mw}, above max_mw {self.max_mw}")
        return self


class PricePeriod(Frozen):
    """A tariff's price in some hours of some months; ends are included, and a first after the last goes round."""

    label: str = quantity(
        unit="-", label="Name", description="As the tariff calls it, without a comma.", pattern="^[^,;\\n]{1,40}$",
    )  # fmt: skip
    first_month: int = quantity(unit="-", label="First month", description="1 is January.", ge=1, le=12)
    last_month: int = quantity(unit="-", label="Last month", description="Included.", ge=1, le=12)
    days: Literal["all", "weekdays", "weekend"] = quantity(
        unit="-", label="Days", description="1 January has the weekday of the plan's first year.",
    )  # fmt: skip
    first_hour: int = quantity(unit="h", label="First hour", description="Beginning; 0 is midnight.", ge=0, le=23)
    last_hour: int = quantity(unit="h", label="Last hour", description="Beginning, included.", ge=0, le=23)
    usd_per_mwh: float = quantity(unit="USD/MWh", label="Price", description="In these hours.", ge=-1000, le=100000)


class Grid(Equipment):
    """Connection to the utility grid, from its interconnection date on."""

    kind: Literal["grid"] = "grid"
    max_mw: float = quantity(
        500.0, unit="MW", label="At most", description="Import capacity.", source=DOMAIN, ge=0,
    )  # fmt: skip
    existing_mw: float = quantity(
        0.0, unit="MW", label="Existing", description="Import capacity already connected; sunk.", ge=0,
    )  # fmt: skip
    connection_usd: float = quantity(
        5e6, unit="USD", label="Connection", description="Once, with the first MW.", source=DOMAIN, ge=0,
    )  # fmt: skip
    overnight_usd_per_kw: float = quantity(
        0.0, unit="USD/kW", label="Cost per kW", description="On each increment of import capacity.", ge=0,
    )  # fmt: skip
    acres: float = quantity(
        5.0, unit="acres", label="Land", description="Substation, once connected.", source=DOMAIN, ge=0,
    )  # fmt: skip
    price: float | str = quantity(
        "synthetic", unit="USD/MWh", label="Energy price", series=True,
        description="A flat price, a CSV column file.csv:column, or synthetic (a labelled made-up year).",
    )  # fmt: skip
    price_adder_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Delivery adder", description="Added to every import hour.",
        ge=-1000, le=10000, advanced=True,
    )  # fmt: skip
    price_periods: tuple[PricePeriod, ...] | None = quantity(
        None, unit="-", label="Time-of-use periods", advanced=True,
        description="One row a period: name, first and last month, days, first and last hour, price; later rows win, "
        "all other hours keep the energy price.",
    )  # fmt: skip
    demand_charge_usd_per_kw_month: float = quantity(
        0.0, unit="USD/kW-month", label="Demand charge",
        description="On the highest import of each month.", ge=0, le=1000, advanced=True,
    )  # fmt: skip
    export_max_mw: float = quantity(
        0.0, unit="MW", label="Export at most", description="0: no export.", ge=0,
    )  # fmt: skip
    export_price: float | str | None = quantity(
        None, unit="USD/MWh", label="Export price", series=True,
        description="Flat, a CSV column, or empty: the import price without the adder.",
    )  # fmt: skip
    co2_kg_per_mwh: float = quantity(
        367.0, unit="kg/MWh", label="Carbon intensity", description="Of imported energy.",
        source="US average 2023, EIA FAQ 74 (0.81 lb/kWh)", ge=0, le=3000,
    )  # fmt: skip
    co2_series: str | None = quantity(
        None, unit="kg/MWh", label="Hourly carbon intensity", series=True, advanced=True,
        description="Of imported energy, from a CSV column, file.csv:column; replaces the yearly figure.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _existing_within_most(self) -> Grid:
        if self.existing_mw > self.max_mw:
            raise ValueError(f"existing_mw is {self.existing_mw}, above max_mw {self.max_mw}")
        return self


Technology = Annotated[Thermal | Battery | Solar | Grid, Field(discriminator="kind")]

KINDS: dict[str, type[Equipment]] = {"thermal": Thermal, "battery": Battery, "solar": Solar, "grid": Grid}
