"""N-1: firm capacity covers the year's 8,760 h peak, whole and after the loss of the largest unit of any type.

For each thermal type k: `firm - rating_k (1 - derate) z_k >= peak`, with z_k = 1 where a unit of it is installed.
With `grid_contingency` also `firm - G >= peak`. After a loss the load that is kept for the site's own contingency is
dropped: `peak` is less that much there. With nothing that can fail, `firm >= peak` remains.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.formulation import Capacity, Formulation
from engine.limits.firm import after_loss, cover, losses_mw, single_losses
from engine.limits.limit import Limit, Measured, YearOfTables
from engine.limits.relaxable import Relaxable
from engine.scenario.schema import Scenario


class NMinusOne(Limit):
    """Firm capacity without the worst single loss against the peak."""

    name, label, unit = "n_minus_1", "N-1 firm capacity", "MW"
    sense = "at_least"
    sized_only = True

    def applies(self, scenario: Scenario) -> bool:
        # N-2 holds it too, with the same variables.
        return scenario.limits.n_minus_1 and not scenario.limits.n_minus_2

    def add_constraint(self, form: Formulation, capacities: Mapping[str, Capacity]) -> None:
        cover(form, "firm_capacity_covers_the_peak")
        for loss in single_losses(form, capacities):
            cover(form, f"firm_capacity_survives_the_loss_of_{loss.words}", loss.lost)

    def measure(self, tables: YearOfTables) -> Measured:
        firm_mw = tables.total("firm_mw")
        return after_loss(tables, firm_mw, max(losses_mw(tables), default=0.0))

    def relaxable(self, form: Formulation) -> Relaxable | None:
        # The switch takes no figure: what gives way is firm capacity short of the peak, 0 MW now.
        return Relaxable(
            self.name, "N-1", "MW short", "limits.n_minus_1", 0.0, ("firm_capacity_*",),
            size=float(form.steps.peak_mw.max()), off={"limits.n_minus_1": False},
        )  # fmt: skip
