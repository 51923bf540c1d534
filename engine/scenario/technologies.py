"""Data of the technologies a scenario can hold: one model per behaviour, many rows of data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.scenario.equipment import Equipment, Plant
from engine.scenario.fields import DOMAIN, Frozen, quantity
from engine.scenario.renewables import Solar, Wind
from engine.wording import CO2


class Thermal(Plant):
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
        description=f"{CO2} from burning its fuel; empty: as gas.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _existing_within_most(self) -> Thermal:
        if self.existing_units > self.max_units:
            raise ValueError(f"existing_units is {self.existing_units}, above max_units {self.max_units}")
        return self


class Battery(Plant):
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
    wear_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Wear", description="Cost of use per MWh discharged, beside variable O&M.",
        ge=0, le=10000, advanced=True,
    )  # fmt: skip
    fade_frac_per_yr: float = quantity(
        0.0, unit="1/yr", label="Calendar fade", description="Energy that a vintage loses each year it stands.",
        ge=0, le=0.5, advanced=True,
    )  # fmt: skip
    cycle_fade_frac_per_cycle: float = quantity(
        0.0, unit="1/cycle", label="Cycle fade", description="Energy that a vintage loses in a full cycle.",
        ge=0, le=0.01, advanced=True,
    )  # fmt: skip
    expected_cycles_per_yr: float = quantity(
        0.0, unit="cycles/yr", label="Expected cycles", description="Full cycles a year that the cycle fade counts.",
        ge=0, le=2000, advanced=True,
    )  # fmt: skip
    augmentation: bool = quantity(
        False, unit="-", label="Augmentation", advanced=True,
        description="Pay each year for the energy that fades, at the year's overnight cost, and keep it.",
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

    @model_validator(mode="after")
    def _something_is_left_after_a_year(self) -> Battery:
        if self.fade_per_yr >= 1:
            raise ValueError(
                f"calendar and cycle fade take {self.fade_per_yr:.0%} of the energy in a year: lower "
                "cycle_fade_frac_per_cycle or expected_cycles_per_yr"
            )
        return self

    @property
    def fade_per_yr(self) -> float:
        """Energy that a vintage loses in a year, by age and by use [-]."""
        return self.fade_frac_per_yr + self.cycle_fade_frac_per_cycle * self.expected_cycles_per_yr

    @property
    def max_mw(self) -> float:
        """Most power in service, existing and new [MW]."""
        return self.existing_mw + (self.max_mwh - self.existing_mwh) / self.duration_min_h


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


Technology = Annotated[Thermal | Battery | Solar | Wind | Grid, Field(discriminator="kind")]

KINDS: dict[str, type[Equipment]] = {
    "thermal": Thermal,
    "battery": Battery,
    "solar": Solar,
    "wind": Wind,
    "grid": Grid,
}
