"""Named sets of the live page's controls: some ship, others are saved by whoever uses the server, for all of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import InputError, Problem
from engine.files import slug, write_whole
from engine.scenario.loading import home

LONGEST_NAME = 40
MOST_CONTROLS = 40


@dataclass(frozen=True)
class ControlSet:
    """A set: its name, the places of its controls, and whether people saved it (then they may delete it)."""

    name: str
    controls: tuple[str, ...]
    own: bool = False


_WORK = "load.workloads"
SHIPPED = (
    ControlSet("First", (
        "fuel.price_usd_per_mmbtu", "load.growth_frac_per_yr", "technologies.grid.lead_time_months",
        "technologies.solar.overnight_usd_per_kw", "technologies.battery.overnight_usd_per_kwh",
        "limits.nox_short_tons_per_yr", "limits.land_acres", "limits.n_minus_1",
    )),
    ControlSet("Money", (
        "fuel.price_usd_per_mmbtu", "money.discount_rate_frac", "money.carbon_price_usd_per_tonne",
        "technologies.engine.overnight_usd_per_kw", "technologies.turbine.overnight_usd_per_kw",
        "technologies.solar.overnight_usd_per_kw", "technologies.battery.overnight_usd_per_kwh",
        "technologies.grid.price_adder_usd_per_mwh",
    )),
    ControlSet("Site limits", (
        "limits.nox_short_tons_per_yr", "limits.land_acres", "limits.gas_mcf_per_day", "limits.n_minus_1",
        "limits.n_minus_2", "technologies.engine.nox_lb_per_mmbtu", "technologies.turbine.nox_lb_per_mmbtu",
    )),
    ControlSet("Time to power", (
        "technologies.grid.lead_time_months", "technologies.engine.lead_time_months",
        "technologies.turbine.lead_time_months", "technologies.solar.lead_time_months", "load.it_peak_mw",
        "load.growth_frac_per_yr", "load.growth_cap_multiple",
    )),
    ControlSet("Flexible load", (
        f"{_WORK}.pre_training.flexible_frac", f"{_WORK}.fine_tuning.flexible_frac",
        f"{_WORK}.batch_inference.flexible_frac", "load.cooling.flexible", "demand_response.enabled",
        "demand_response.own_use", "demand_response.budget_energy_frac",
        "demand_response.products.own_contingency.enabled",
    )),
)  # fmt: skip
# What a presenter moves first, where the scenario has it.
FIRST = SHIPPED[0].controls


class ControlSets:
    """The sets that ship, and those of the home folder.

    Parameters
    ----------
    folder : pathlib.Path, optional
        By default `home() / "live-sets"`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or home() / "live-sets"

    def all(self) -> tuple[ControlSet, ...]:
        """Every set, those that ship first.

        Raises
        ------
        InputError
            A file of the folder holds no set.
        """
        return (*SHIPPED, *map(_read, self._files()))

    def sound(self) -> tuple[ControlSet, ...]:
        """Those of `all` that can be read."""
        found = list(SHIPPED)
        for path in self._files():
            with contextlib.suppress(InputError):
                found.append(_read(path))
        return tuple(found)

    def save(self, name: str, controls: Sequence[str]) -> None:
        """Save a set; one of the same name is replaced.

        Raises
        ------
        InputError
            A name that is empty, too long or taken by a set that ships; no controls, or too many.
        """
        name = " ".join(name.split())
        if problem := _wrong(name, controls):
            raise InputError("The set of controls", [Problem("", problem)])
        content = {"name": name, "controls": list(controls)}
        write_whole(self._path(name), json.dumps(content, indent=1).encode())

    def delete(self, name: str) -> None:
        """Delete a set that was saved; one that is gone already is no matter."""
        self._path(name).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))

    def _path(self, name: str) -> Path:
        return self._folder / f"{slug(name, 'set')}.json"


def as_json(sets: Sequence[ControlSet]) -> list[dict[str, object]]:
    """As the page takes them."""
    return [asdict(one) for one in sets]


def _wrong(name: str, controls: Sequence[str]) -> str:
    if not name or len(name) > LONGEST_NAME:
        return f"Its name needs 1 to {LONGEST_NAME} characters, this one has {len(name)}."
    if slug(name, "set") in {slug(one.name, "set") for one in SHIPPED}:
        return f'"{name}" ships with Firmwatt; choose another name.'
    if not 1 <= len(controls) <= MOST_CONTROLS:
        return f"It needs 1 to {MOST_CONTROLS} controls, there are {len(controls)}; add one below, or take some away."
    return ""


def _read(path: Path) -> ControlSet:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return ControlSet(str(content["name"]), tuple(str(place) for place in content["controls"]), own=True)
    except (ValueError, KeyError, TypeError):
        problem = "holds no set of controls; mend it (name, controls) or delete it."
        raise InputError(str(path), [Problem(path.name, problem)]) from None
