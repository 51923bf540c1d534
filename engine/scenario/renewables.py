"""Data of plants whose output follows the weather: solar and wind."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from engine.scenario.equipment import Plant
from engine.scenario.fields import DOMAIN, Frozen, quantity


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


class Renewable(Plant):
    """A plant whose output follows the weather; surplus may be spilled."""

    max_mw: float = quantity(
        500.0, unit="MW", label="At most", description="Existing and new together.", ge=0,
    )  # fmt: skip
    existing_mw: float = quantity(
        0.0, unit="MW", label="Existing", description="Stands already; sunk.", ge=0,
    )  # fmt: skip
    overnight_usd_per_kw: float = quantity(unit="USD/kW", label="Overnight cost", description="Capital.", ge=0)
    acres_per_mw: float = quantity(0.0, unit="acres/MW", label="Land", description="Per MW installed.", ge=0)
    variable_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Variable O&M", description="Per MWh used.", ge=0, advanced=True,
    )  # fmt: skip
    fade_frac_per_yr: float = quantity(
        0.0, unit="1/yr", label="Fade", description="Output that a vintage loses each year it stands.",
        ge=0, le=0.5, advanced=True,
    )  # fmt: skip
    series: str | None = quantity(
        None, unit="pu", label="Hourly output", series=True,
        description="Output per MW from a CSV column, file.csv:column; replaces the weather.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _existing_within_most(self) -> Renewable:
        if self.existing_mw > self.max_mw:
            raise ValueError(f"existing_mw is {self.existing_mw}, above max_mw {self.max_mw}")
        return self


class Solar(Renewable):
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
    acres_per_mw: float = quantity(
        4.25, unit="acres/MWac", label="Land", description="Per MWac installed.", source=DOMAIN, ge=0,
    )  # fmt: skip
    array: PhotovoltaicArray = PhotovoltaicArray()
    series: str | None = quantity(
        None, unit="pu of MWac", label="Hourly output", series=True,
        description="Output per MWac from a CSV column, file.csv:column; replaces weather and array.",
    )  # fmt: skip


class WindTurbine(Frozen):
    """What turns the weather year's wind, measured 10 m above ground, into output."""

    hub_height_m: float = quantity(
        100.0, unit="m", label="Hub height", description="Above ground.", ge=10, le=300,
    )  # fmt: skip
    shear_exponent: float = quantity(
        1 / 7, unit="-", label="Wind shear", description="Wind grows with height to this power: (hub / 10 m) ^ shear.",
        source="one-seventh power law for open, flat ground", ge=0, le=0.6,
    )  # fmt: skip
    cut_in_m_s: float = quantity(
        3.0, unit="m/s", label="Cut-in", description="Wind at the hub at which output begins.", gt=0, le=10,
    )  # fmt: skip
    rated_m_s: float = quantity(
        11.5, unit="m/s", label="Rated wind", description="Wind at the hub from which output is full.", gt=5, le=20,
    )  # fmt: skip
    cut_out_m_s: float = quantity(
        25.0, unit="m/s", label="Cut-out", description="Wind at the hub above which it stands still.", gt=15, le=40,
    )  # fmt: skip
    losses_frac: float = quantity(
        0.15, unit="-", label="Losses", description="Wakes, electrical, availability.", ge=0, lt=1,
    )  # fmt: skip

    @model_validator(mode="after")
    def _winds_rise(self) -> WindTurbine:
        if not self.cut_in_m_s < self.rated_m_s < self.cut_out_m_s:
            raise ValueError("cut_in_m_s, rated_m_s and cut_out_m_s must rise in this order")
        return self


class Wind(Renewable):
    """Wind plant: output from the weather year's wind by a generic power curve, or from a CSV column."""

    kind: Literal["wind"] = "wind"
    overnight_usd_per_kw: float = quantity(
        1600.0, unit="USD/kW", label="Overnight cost", description="Capital.", ge=0,
    )  # fmt: skip
    acres_per_mw: float = quantity(
        0.74, unit="acres/MW", label="Land", ge=0,
        description="Taken for good per MW (0.3 ha); the plant as a whole spreads over some 85 acres per MW.",
        source="NREL/TP-6A2-45834 (2009)",
    )  # fmt: skip
    turbine: WindTurbine = WindTurbine()
