"""What the load can give back, as data: workloads, cooling, demand response products and their budgets."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from engine.scenario.fields import DOMAIN, Frozen, quantity

COOLING = "cooling"
ID_PATTERN = r"^[a-z][a-z0-9_]{0,40}$"


class Workload(Frozen):
    """One kind of computing, its share of the IT load, and what of it may be cut."""

    share_frac: float = quantity(
        unit="of IT load", label="Share", description="Share of the IT load; all shares sum to 1.",
        source=DOMAIN, ge=0, le=1,
    )  # fmt: skip
    flexible_frac: float = quantity(
        0.0, unit="of workload", label="Flexible",
        description="Part of the workload that may be cut (pre-training 0.20-0.40, fine-tuning 0.40-0.60, "
        "batch 0.80-1.00, real time 0-0.10).",
        source=DOMAIN, ge=0, le=1,
    )  # fmt: skip
    response_min: float | None = quantity(
        None, unit="min", label="Response",
        description="From the call to the cut (pre-training 5-30, fine-tuning 1-10, batch 1); empty: not callable.",
        source=DOMAIN, ge=0, le=1440,
    )  # fmt: skip
    min_run_h: float = quantity(
        0.0, unit="h", label="Least run", description="Between two cuts (pre-training 2-4, fine-tuning 0.5-2).",
        source=DOMAIN, ge=0, le=168,
    )  # fmt: skip
    checkpoint_overhead_frac: float = quantity(
        0.0, unit="of energy", label="Checkpoint overhead",
        description="Extra energy when deferred work is made up (pre-training 0.02-0.10, fine-tuning 0.01-0.05).",
        source=DOMAIN, ge=0, le=1,
    )  # fmt: skip
    delay_window_h: float | None = quantity(
        None, unit="h", label="Delay window",
        description="Deferred work is made up within this time; empty: a cut is lost work, nothing is made up.",
        source=f"{DOMAIN} (assumption)", gt=0, le=168,
    )  # fmt: skip
    cut_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Cost of a cut",
        description="Value of the computing that a cut MWh defers, or loses.",
        source=f"{DOMAIN} (assumption)", ge=0, le=1e6,
    )  # fmt: skip


class Cooling(Frozen):
    """Cooling: cut by a higher set-point for as long as the hall stays cool, then recovered."""

    flexible: bool = quantity(False, unit="-", label="Cooling flexes", description="Cooling may be cut.")
    setpoint_rise_c: float = quantity(
        3.0, unit="C", label="Set-point rise", description="Highest rise allowed (2-5).", source=DOMAIN, ge=0, le=20,
    )  # fmt: skip
    reduction_frac_per_c: float = quantity(
        0.04, unit="1/C", label="Reduction per degree", description="Of cooling power (0.03-0.05).",
        source=DOMAIN, ge=0, le=0.5, advanced=True,
    )  # fmt: skip
    max_reduction_frac: float = quantity(
        0.25, unit="of cooling", label="Reduction at most", description="Of cooling power (0.20-0.30).",
        source=DOMAIN, ge=0, le=1, advanced=True,
    )  # fmt: skip
    time_constant_min: float = quantity(
        30.0, unit="min", label="Thermal time constant",
        description="The hall stores a full cut for this long (15-60).", source=DOMAIN, gt=0, le=1440,
    )  # fmt: skip
    response_min: float = quantity(
        15.0, unit="min", label="Cooling response", description="From the call to the cut (chillers off).",
        source=DOMAIN, ge=0, le=1440, advanced=True,
    )  # fmt: skip
    recovery_min: float = quantity(
        30.0, unit="min", label="Recovery",
        description="Cold not made is made up within this time, in whole time steps, at least one.",
        source=DOMAIN, gt=0, le=1440, advanced=True,
    )  # fmt: skip

    @property
    def reduction_frac(self) -> float:
        """Part of the cooling power that can be cut [-]."""
        return min(self.max_reduction_frac, self.setpoint_rise_c * self.reduction_frac_per_c)


class Product(Frozen):
    """A demand response product: who may serve it, when, and what it pays."""

    enabled: bool = quantity(True, unit="-", label="Offered", description="Off: the plan cannot enrol.")
    label: str = quantity("", unit="-", label="Name", description="Shown in charts and tables.", max_length=40)
    market: bool = quantity(
        True, unit="-", label="Market",
        description="On: sold, needs a grid connection. Off: kept for the site's own contingency, counts in N-1.",
    )  # fmt: skip
    response_min: float = quantity(
        unit="min", label="Response", description="Slower sources cannot serve.", source=DOMAIN, ge=0, le=1440,
    )  # fmt: skip
    capacity_usd_per_mw_h: float = quantity(
        0.0, unit="USD/MW-h", label="Capacity payment", description="For each contracted hour: window x 365 days.",
        source=DOMAIN, ge=0, le=10000,
    )  # fmt: skip
    activation_usd_per_mwh: float = quantity(
        0.0, unit="USD/MWh", label="Activation payment", description="For energy when called.",
        source=DOMAIN, ge=0, le=100000,
    )  # fmt: skip
    events_per_yr: float = quantity(
        0.0, unit="events/yr", label="Events", description="Hours called a year are min(100, 2 x events).",
        source=DOMAIN, ge=0, le=8760,
    )  # fmt: skip
    event_h: float = quantity(
        1.0, unit="h", label="Event length", description="A source counts with what it can hold this long.",
        source=DOMAIN, gt=0, le=24,
    )  # fmt: skip
    window_first_hour: int = quantity(
        0, unit="h", label="Window begins", description="First hour of the day (beginning).",
        source=DOMAIN, ge=0, le=23,
    )  # fmt: skip
    window_last_hour: int = quantity(
        23, unit="h", label="Window ends",
        description="Last hour of the day (beginning), included; before the first: over midnight.",
        source=DOMAIN, ge=0, le=23,
    )  # fmt: skip
    sources: tuple[str, ...] = quantity(
        unit="-", label="Who may serve", description='Ids of workloads, and "cooling".', source=DOMAIN, min_length=1,
    )  # fmt: skip
    min_bid_mw: float = quantity(
        0.1, unit="MW", label="Least bid", description="Enrolled with at least this, or not at all.", ge=0, le=1000,
    )  # fmt: skip
    exclusive_group: str | None = quantity(
        None, unit="-", label="Exclusive group", advanced=True, max_length=40,
        description="Products of one group never count the same MW, even in different hours of the day.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _own_contingency_is_unpaid_and_always_ready(self) -> Product:
        if self.market:
            return self
        if self.capacity_usd_per_mw_h or self.activation_usd_per_mwh:
            raise ValueError("is no market product (market: false) and cannot pay; set both payments to 0")
        if (self.window_first_hour, self.window_last_hour) != (0, 23):
            raise ValueError("is the site's own contingency (market: false): its window must be hours 0 to 23")
        return self


class DemandResponse(Frozen):
    """What the site may do with the flexibility of its load, and how much of it a year."""

    enabled: bool = quantity(
        False, unit="-", label="Demand response", description="Off: load is served as it is, nothing is sold.",
    )  # fmt: skip
    own_use: bool = quantity(
        True, unit="-", label="Own use",
        description="The site may also shift work for its own economy, hour by hour (a larger model).",
    )  # fmt: skip
    budget_energy_frac: float = quantity(
        0.01, unit="of energy", label="Budget, energy", description="Curtailed energy at most, of each year's.",
        source=DOMAIN, ge=0, le=1,
    )  # fmt: skip
    budget_hours_per_yr: float | None = quantity(
        None, unit="h/yr", label="Budget, hours", ge=0, le=8760,
        description="Hours a year at the full callable MW (0.25/0.5/1/5 % of energy come as 85/177/366/1,848 "
        "partial hours).",
        source="Duke, Rethinking Load Growth, 2025",
    )  # fmt: skip
    budget_events_per_yr: float | None = quantity(
        None, unit="events/yr", label="Budget, events", ge=0, le=8760,
        description="Events a year, each of the length below at the full callable MW.",
    )  # fmt: skip
    event_h: float = quantity(
        2.5, unit="h", label="Length of an event", gt=0, le=24,
        description="Average cut: 1.7-4.5 h at 0.25-5 % of energy.", source="Duke, Rethinking Load Growth, 2025",
    )  # fmt: skip
    products: dict[Annotated[str, Field(pattern=ID_PATTERN)], Product] = quantity(
        {}, unit="-", label="Products", description="What the site may enrol in, by id.", source=DOMAIN,
    )  # fmt: skip

    @property
    def active_products(self) -> dict[str, Product]:
        """Products that are offered, in file order."""
        return {key: product for key, product in self.products.items() if product.enabled}
