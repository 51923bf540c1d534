"""The scenario: everything a plan depends on, as frozen models with units, ranges and sources.

The field descriptions here are the reference: the form, the JSON schema and docs/scenario.md are
generated from them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from engine.scenario.demand_response import Cooling, DemandResponse, Workload
from engine.scenario.fields import DOMAIN, Frozen, quantity
from engine.scenario.limits import Limits
from engine.scenario.technologies import Technology
from engine.wording import CO2

BUILT_IN_WEATHER = ("greensboro-tmy3", "miami-tmy2")
SYNTHETIC_PRICE = "synthetic"


class Site(Frozen):
    """Where the plant stands: the weather year sets solar output and ambient derates."""

    weather: str = quantity(
        "greensboro-tmy3",
        unit="-",
        label="Weather year",
        description="Built in: greensboro-tmy3, miami-tmy2 (both measured typical years that pvlib ships); "
        "or a weather file: TMY3, TMY2, EPW, NSRDB PSM3, or CSV with ghi, dni, dhi, temp_air_c.",
        source="NREL TMY3 723170, shipped with pvlib",
    )
    latitude_deg: float | None = quantity(
        None, unit="deg N", label="Latitude", ge=-90, le=90, advanced=True,
        description="Needed only where the weather file does not state it (plain CSV).",
    )  # fmt: skip
    longitude_deg: float | None = quantity(
        None, unit="deg E", label="Longitude", ge=-180, le=180, advanced=True,
        description="Needed only where the weather file does not state it (plain CSV).",
    )  # fmt: skip
    elevation_m: float | None = quantity(
        None, unit="m", label="Elevation", ge=-430, le=6000, advanced=True,
        description="Height above sea level; sea level where neither file nor scenario states it.",
    )  # fmt: skip
    utc_offset_h: float | None = quantity(
        None, unit="h", label="UTC offset", ge=-12, le=14, advanced=True,
        description="Local standard time minus UTC; needed only for plain CSV weather.",
    )  # fmt: skip
    weather_stamp: Literal["auto", "hour_beginning", "half_hour", "hour_ending"] = quantity(
        "auto", unit="-", label="Weather time stamp", advanced=True,
        description="What a stamp in a plain CSV weather file means; auto reads it from the columns "
        "(minute = 30: half hour; hour_ending: hour ending).",
    )  # fmt: skip


class Load(Frozen):
    """The facility's load: IT load by workload, times PUE, with day and season shape and growth."""

    it_peak_mw: float = quantity(
        160.0, unit="MW", label="IT peak", description="Highest IT load of the first year.",
        source=DOMAIN, ge=0, le=20000,
    )  # fmt: skip
    pue: float = quantity(
        1.25, unit="-", label="PUE", description="Facility load over IT load.", source=DOMAIN, ge=1, le=3,
    )  # fmt: skip
    load_factor_frac: float = quantity(
        0.75, unit="-", label="Load factor", description="Mean load over peak load of a year.",
        source=DOMAIN, gt=0, le=1,
    )  # fmt: skip
    growth_frac_per_yr: float = quantity(
        0.10, unit="of first year / yr", label="Growth",
        description="Yearly increase, as a fraction of the first year's load (linear).",
        source=DOMAIN, ge=-0.5, le=5,
    )  # fmt: skip
    growth_cap_multiple: float = quantity(
        2.0, unit="x first year", label="Growth ends at", description="Load never exceeds this multiple.",
        source=DOMAIN, ge=0, le=50,
    )  # fmt: skip
    multiples_by_year: tuple[Annotated[float, Field(ge=0, le=50)], ...] | None = quantity(
        None, unit="x first year", label="Load path",
        description="Multiple of the first year's load for each year of the plan; replaces growth "
        "(phased campuses).",
        advanced=True,
    )  # fmt: skip
    day_first_hour: int = quantity(
        9, unit="h", label="Day begins", description="First hour (beginning) of full load.",
        source=DOMAIN, ge=0, le=23, advanced=True,
    )  # fmt: skip
    day_last_hour: int = quantity(
        22, unit="h", label="Day ends", description="Last hour (beginning) of full load.",
        source=DOMAIN, ge=0, le=23, advanced=True,
    )  # fmt: skip
    night_level_frac: float = quantity(
        0.90, unit="of day", label="Night level", description="Load outside the day hours.",
        source=DOMAIN, ge=0, le=1, advanced=True,
    )  # fmt: skip
    season_amplitude_frac: float = quantity(
        0.05, unit="+-", label="Season", description="Half the swing between winter and summer.",
        source=DOMAIN, ge=0, le=0.5, advanced=True,
    )  # fmt: skip
    season_peak_day: int = quantity(
        200, unit="day of year", label="Season peak", description="Day of the year with the highest load.",
        source="assumption: mid July", ge=1, le=365, advanced=True,
    )  # fmt: skip
    noise_frac: float = quantity(
        0.02, unit="+-", label="Noise", description="Hourly noise, uniform within this band.",
        source=DOMAIN, ge=0, le=0.5, advanced=True,
    )  # fmt: skip
    noise_seed: int = quantity(
        2026, unit="-", label="Noise seed", description="Same seed, same noise.", ge=0, le=2**31, advanced=True,
    )  # fmt: skip
    series: str | None = quantity(
        None, unit="MW", label="Hourly load", series=True,
        description="Facility load of the first year from a CSV column, file.csv:column; replaces peak, "
        "PUE shape and load factor. Growth still applies.",
    )  # fmt: skip
    utilisation_series: str | None = quantity(
        None, unit="of IT capacity", label="Utilisation", series=True,
        description="Measured utilisation of the IT, 0 to 1, from a CSV column, file.csv:column, of a day or longer; "
        "replaces load factor and shape. IT load follows idle share + (1 - idle share) x utilisation, its highest hour "
        "being the IT peak. Outages are filled; a trace shorter than a year repeats and says so.",
        source="linear power model: Fan, Weber and Barroso, ISCA 2007",
    )  # fmt: skip
    idle_frac: float = quantity(
        0.30, unit="of full power", label="Idle share", ge=0, le=1, advanced=True,
        description="Power of IT that does nothing, over its power at full utilisation; used with a utilisation "
        "series only.",
    )  # fmt: skip
    water_gal_per_mwh_it: float = quantity(
        0.0, unit="gal/MWh of IT", label="Cooling water", advanced=True,
        description="US gallons that evaporative cooling takes for each MWh of IT load; 0: dry cooling.", ge=0, le=5000,
    )  # fmt: skip
    workloads: dict[str, Workload] = quantity(
        {}, unit="-", label="Workloads", description="Workload mix of the IT load.", source=DOMAIN,
    )  # fmt: skip
    cooling: Cooling = Cooling()

    @model_validator(mode="after")
    def _one_hourly_series(self) -> Load:
        if self.series is not None and self.utilisation_series is not None:
            raise ValueError("series and utilisation_series are both given; keep the metered load or the utilisation")
        return self

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Load:
        total = sum(workload.share_frac for workload in self.workloads.values())
        if self.workloads and abs(total - 1.0) > 1e-6:
            raise ValueError(
                f"workload shares sum to {total:.4g}; they must sum to 1 (change them by {1 - total:+.4g} in all)"
            )
        return self


class Fuel(Frozen):
    """Natural gas: price by year and month, and carbon content."""

    price_usd_per_mmbtu: float = quantity(
        3.50, unit="USD/MMBtu", label="Gas price", description="Delivered price, higher heating value.",
        source=DOMAIN, ge=0, le=200,
    )  # fmt: skip
    price_path: tuple[Annotated[float, Field(ge=0, le=200)], ...] | None = quantity(
        None, unit="USD/MMBtu", label="Gas price path", advanced=True,
        description="Gas price of each year of the plan; replaces the gas price.",
    )  # fmt: skip
    month_multiples: tuple[Annotated[float, Field(ge=0, le=20)], ...] | None = quantity(
        None, unit="x year's price", label="Gas price by month", advanced=True, min_length=12, max_length=12,
        description="Multiple of the year's gas price in January to December; empty: 1 in every month.",
    )  # fmt: skip
    co2_lb_per_mmbtu: float = quantity(
        117.03, unit="lb/MMBtu", label="Gas carbon", description=f"{CO2} from burning, higher heating value.",
        source="EPA 40 CFR 98 via REopt.jl", ge=0, le=500, advanced=True,
    )  # fmt: skip


class Money(Frozen):
    """Discounting, penalties and the price of carbon, in real USD of the base year."""

    discount_rate_frac: float = quantity(
        0.08, unit="1/yr", label="Discount rate", description="Real, before tax.", source=DOMAIN, ge=0, le=0.5,
    )  # fmt: skip
    value_of_lost_load_usd_per_mwh: float = quantity(
        10000.0, unit="USD/MWh", label="Value of lost load", description="Price of energy not served.",
        source="docs/formulation.md", gt=0, le=1e6,
    )  # fmt: skip
    carbon_price_usd_per_tonne: float = quantity(
        0.0, unit="USD/t", label="Carbon price", advanced=True,
        description=f"Paid on the {CO2} of fuel burnt on site and of imports.", ge=0, le=5000,
    )  # fmt: skip
    carbon_price_path: tuple[Annotated[float, Field(ge=0, le=5000)], ...] | None = quantity(
        None, unit="USD/t", label="Carbon price path", advanced=True,
        description="Carbon price of each year of the plan; replaces the carbon price.",
    )  # fmt: skip


class CalendarWeek(Frozen):
    """One representative week."""

    start_day: int = quantity(
        unit="day of year", label="First day", description="Counted from 1.", ge=1, le=359,
    )  # fmt: skip
    weight: float = quantity(
        unit="weeks", label="Weight", description="Real weeks it stands for, before scaling to 8,760 h.", gt=0,
    )  # fmt: skip


STANDARD_WEEKS = tuple(
    CalendarWeek(start_day=day, weight=weight)
    for day, weight in ((80, 10.0), (160, 8.0), (200, 4.0), (260, 10.0), (340, 12.0), (10, 8.0))
)


class Time(Frozen):
    """Years of the plan and the hours that stage 1 sees of them."""

    first_year: int = quantity(
        2026, unit="yr", label="First year", description="First year of the plan.", source=DOMAIN, ge=2000, le=2100,
    )  # fmt: skip
    years: int = quantity(
        10, unit="yr", label="Years", description="Years in the plan.", source=DOMAIN, ge=1, le=40,
    )  # fmt: skip
    decision_date: date | None = quantity(
        None, unit="date", label="Decision date", advanced=True,
        description="Lead times of equipment count from here; by default 36 months before the first year.",
    )  # fmt: skip
    method: Literal["calendar", "clustered", "full"] = quantity(
        "calendar", unit="-", label="Hours seen by the sizing",
        description="calendar: representative weeks; clustered: typical days or weeks found by clustering, extreme "
        "ones kept; full: all 8,760 hours of every year (slow over many years).",
        source="docs/formulation.md",
    )  # fmt: skip
    weeks: tuple[CalendarWeek, ...] = quantity(
        STANDARD_WEEKS, unit="-", label="Representative weeks", advanced=True, min_length=1,
        description="Weeks of the calendar method and their weights.", source="docs/formulation.md",
    )  # fmt: skip
    clusters: int = quantity(
        8, unit="periods", label="Typical periods", advanced=True, ge=1, le=364,
        description="Clusters of the clustered method; extreme periods come on top.",
    )  # fmt: skip
    cluster_days: int = quantity(
        1, unit="days", label="Length of a typical period", advanced=True, ge=1, le=7,
        description="Clustered method: typical days (1) or typical weeks (7).",
    )  # fmt: skip
    linked_storage: bool = quantity(
        True, unit="-", label="Storage across periods", advanced=True,
        description="Clustered method: storage carries energy from one real day (week) to the next through the whole "
        "year; off: each typical period ends with the charge it began with.",
        source="Kotzur et al. 2018, doi.org/10.1016/j.apenergy.2018.01.023",
    )  # fmt: skip

    @field_validator("cluster_days")
    @classmethod
    def _day_or_week(cls, days: int) -> int:
        if days not in (1, 7):
            raise ValueError(f"is {days}; typical periods are days (1) or weeks (7)")
        return days


class Solver(Frozen):
    """How long and how hard to search; kept apart from the inputs in the fingerprint."""

    mip_gap_frac: float = quantity(
        0.01, unit="-", label="Gap", description="Stop when the plan is proven within this of the optimum.",
        ge=0, le=0.5,
    )  # fmt: skip
    time_limit_s: float = quantity(
        900.0, unit="s", label="Time limit",
        description="Sizing stops here; a plan found by then is kept and marked as time-limited.", gt=0, le=86400,
    )  # fmt: skip
    search: Literal["decomposed", "plain"] = quantity(
        "decomposed", unit="-", label="Search", advanced=True,
        description="decomposed: decisions by the year and their hours apart (large models); "
        "plain: HiGHS's own search from nothing.",
    )  # fmt: skip
    threads: int = quantity(
        2, unit="-", label="Threads", description="Solver threads.", ge=1, le=64, advanced=True,
    )  # fmt: skip
    deterministic: bool = quantity(
        False, unit="-", label="Deterministic", advanced=True,
        description="Same scenario, same tables: one thread and no time limit inside the search.",
    )  # fmt: skip

    @field_validator("search", mode="before")
    @classmethod
    def _known_before_as_tree(cls, value: object) -> object:
        """Scenarios and runs from before say "tree" for what is not left to HiGHS alone."""
        return "decomposed" if value == "tree" else value


class Scenario(Frozen):
    """A complete scenario."""

    schema_version: Literal[1] = quantity(
        1, unit="-", label="Schema", description="Version of this file format.", advanced=True,
    )  # fmt: skip
    name: str = quantity(unit="-", label="Name", description="Shown everywhere.", min_length=1, max_length=80)
    description: str = quantity(
        "", unit="-", label="One line", description="What this scenario asks.", max_length=400,
    )  # fmt: skip
    site: Site = Site()
    load: Load = Load()
    technologies: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")], Technology] = Field(
        default={}, title="Technologies", description="What may be built, by id; disabled ones are left out."
    )
    demand_response: DemandResponse = DemandResponse()
    fuel: Fuel = Fuel()
    limits: Limits = Limits()
    money: Money = Money()
    time: Time = Time()
    solver: Solver = Solver()

    @model_validator(mode="after")
    def _paths_cover_every_year(self) -> Scenario:
        paths = {
            "load.multiples_by_year": self.load.multiples_by_year,
            "fuel.price_path": self.fuel.price_path,
            "money.carbon_price_path": self.money.carbon_price_path,
        }
        paths |= {f"technologies.{key}.overnight_path": data.overnight_path for key, data in self.technologies.items()}
        years = self.time.years
        wrong = [
            f"{place} has {len(path)} entries; it needs one for each of the {years} years"
            for place, path in paths.items()
            if path is not None and len(path) != years
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def gas_usd_per_mmbtu(self, year: int) -> float:
        """Gas price of a calendar year, before the month's multiple [USD/MMBtu]."""
        return self.path_value(self.fuel.price_path, year, self.fuel.price_usd_per_mmbtu)

    def carbon_usd_per_tonne(self, year: int) -> float:
        """Carbon price of a calendar year [USD/t]."""
        return self.path_value(self.money.carbon_price_path, year, self.money.carbon_price_usd_per_tonne)

    @property
    def prices_carbon(self) -> bool:
        """Whether carbon costs anything in any year."""
        return any(self.carbon_usd_per_tonne(year) > 0 for year in self.calendar_years)

    def path_value(self, path: tuple[float, ...] | None, year: int, otherwise: float) -> float:
        """Entry of a path for a calendar year; `otherwise` without a path."""
        return otherwise if path is None else path[year - self.time.first_year]

    @property
    def calendar_years(self) -> tuple[int, ...]:
        """Years of the plan, e.g. (2026, ..., 2035)."""
        return tuple(range(self.time.first_year, self.time.first_year + self.time.years))

    @property
    def active_technologies(self) -> dict[str, Technology]:
        """Technologies that are not disabled, in file order."""
        return {key: tech for key, tech in self.technologies.items() if tech.enabled}
