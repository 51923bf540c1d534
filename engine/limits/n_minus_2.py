"""N-2: firm capacity covers the year's 8,760 h peak after the loss of any two of what N-1 may lose one of.

For each pair of thermal types k, l: `firm - lost_k z_k - lost_l z_l >= peak`; for one type alone
`firm - lost_k (z_k + z2_k) >= peak`, with z2_k = 1 where at least two units of it are installed; the grid counts beside
a unit with `grid_contingency`. Each of these with a binary at 0 is N-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from engine.formulation import Capacity, Formulation
from engine.limits.firm import after_loss, cover, losses_mw, single_losses, unit_loss
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario
from engine.scenario.technologies import Thermal


class NMinusTwo(Limit):
    """Firm capacity without the two worst losses against the peak."""

    name, label, unit = "n_minus_2", "N-2 firm capacity", "MW"
    sense = "at_least"
    sized_only = True

    def applies(self, scenario: Scenario) -> bool:
        return scenario.limits.n_minus_2

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        cover(form, "firm_capacity_covers_the_peak")
        singles = list(single_losses(form, capacities))
        for loss in singles:
            cover(form, f"firm_capacity_survives_the_loss_of_{loss.words}", loss.lost)
            data = form.scenario.technologies[loss.key]
            if isinstance(data, Thermal):
                second = unit_loss(form, loss.key, data, capacities[loss.key], number=2)
                cover(form, f"firm_capacity_survives_the_loss_of_{second.words}", loss.lost, second.lost)
        for one, other in combinations(singles, 2):
            name = f"firm_capacity_survives_the_loss_of_{one.words}_and_{other.words}"
            cover(form, name, one.lost, other.lost)

    def measure(self, tables: YearOfTables) -> Measured:
        firm_mw = tables.total("firm_mw")
        return after_loss(tables, firm_mw, sum(sorted(losses_mw(tables))[-2:]))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        # As for N-1: a switch, and firm capacity short of the peak gives way.
        return Relaxable(
            self.name, "N-2", "MW short", "limits.n_minus_2", 0.0, ("firm_capacity_*",),
            size=float(form.steps.peak_mw.max()), off={"limits.n_minus_2": False},
        )  # fmt: skip
