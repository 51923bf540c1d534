"""Proof of a run from its tables and resolved scenario alone.

Nothing of the model builder, the ledgers or the accounts is used here: the arithmetic is done again, so that a
mistake there shows as a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from engine.scenario.schema import Scenario
from engine.scenario.technologies import Battery, Grid, Solar, Thermal
from engine.store import Store
from engine.verification_stage import Stage, Tables

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Check:
    """One claim about a run: does it hold, and by how much."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Verification:
    """All checks of a run."""

    passed: bool
    checks: tuple[Check, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form, as in the manifest."""
        return {"passed": self.passed, "checks": [vars(check) for check in self.checks]}


def verify_run(store: Store, run_id: str) -> Verification:
    """Verify a stored run again, its files' hashes included."""
    manifest = store.manifest(run_id)
    changed = store.changed_tables(run_id)
    intact = Check("files are as written", not changed, f"changed: {', '.join(changed)}" if changed else "hashes agree")
    if changed:
        return Verification(False, (intact,))
    tables = {name: store.table(run_id, name) for name in manifest["tables"]}
    verification = verify(tables, manifest)
    return Verification(verification.passed, (intact, *verification.checks))


def verify(tables: Tables, manifest: Mapping[str, Any]) -> Verification:
    """Run all checks.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As stored.
    manifest : mapping
        With scenario, termination, objective_usd, bound_usd, mip_gap_frac and dispatch_cost_usd.
    """
    scenario = Scenario.model_validate(manifest["scenario"])
    if manifest["status"] != "done":
        return Verification(True, (Check("ending is recorded", True, str(manifest["termination"])),))
    proof = _Proof(scenario, tables, manifest)
    checks = tuple(check for run in proof.all() for check in run())
    return Verification(all(check.passed for check in checks), checks)


class _Proof:
    """The checks of one run; each yields one or more `Check`."""

    def __init__(self, scenario: Scenario, tables: Tables, manifest: Mapping[str, Any]) -> None:
        self.scenario, self.tables, self.manifest = scenario, tables, manifest
        self.technologies = scenario.active_technologies
        self.capacity = {
            (str(row["technology"]), int(row["year"])): {str(name): value for name, value in row.items()}
            for row in tables["capacity"].to_dict("records")
        }
        self.stages = [Stage(1, scenario, tables), Stage(2, scenario, tables)]

    def all(self) -> list[Callable[[], Iterator[Check]]]:
        return [
            self.weights, self.load, self.balance, self.storage, self.flows, self.one_direction, self.fleet,
            self.ceilings, self.served, self.n_minus_1, self.costs, self.gap,
        ]  # fmt: skip

    def weights(self) -> Iterator[Check]:
        periods = self.tables["periods"]
        total = float((periods["hours"] * periods["weight"]).sum())
        yield _close("weights sum to 8,760 h", total, 8760.0, "h")

    def load(self) -> Iterator[Check]:
        path, base = self._multiples(), self.tables["profiles"]["load_mw"].to_numpy()
        for stage in self.stages:
            worst = 0.0
            for year, frame in stage.years():
                expected = base.sum() * path[year]
                worst = max(worst, abs(float(frame["load_mw"] @ stage.weight_h) - expected) / max(expected, 1.0))
            yield _small(f"stage {stage.number} carries each year's energy", worst, TOLERANCE, "relative")

    def _multiples(self) -> dict[int, float]:
        load, years = self.scenario.load, self.scenario.calendar_years
        if load.multiples_by_year is not None:
            return dict(zip(years, load.multiples_by_year, strict=True))
        return {y: min(1 + load.growth_frac_per_yr * k, load.growth_cap_multiple) for k, y in enumerate(years)}

    def balance(self) -> Iterator[Check]:
        for stage in self.stages:
            worst = 0.0
            for _, frame in stage.years():
                supply = frame["unserved_mw"].to_numpy().copy()
                for key, data in self.technologies.items():
                    for suffix, sign in _injections(data):
                        supply += sign * frame[f"{key}_{suffix}"].to_numpy()
                error = np.abs(supply - frame["load_mw"].to_numpy()).max()
                worst = max(worst, float(error) / max(float(frame["load_mw"].max()), 1.0))
            yield _small(f"balance closes in every hour of stage {stage.number}", worst, TOLERANCE, "of peak")

    def storage(self) -> Iterator[Check]:
        for key, data in self._of(Battery):
            for stage in self.stages:
                worst = 0.0
                for year, frame in stage.years():
                    soc = frame[f"{key}_soc_mwh"].to_numpy()
                    kept = (1 - data.standing_loss_frac_per_h) * soc[stage.previous]
                    stored = data.charge_efficiency_frac * frame[f"{key}_charge_mw"].to_numpy()
                    taken = frame[f"{key}_discharge_mw"].to_numpy() / data.discharge_efficiency_frac
                    energy = self.capacity[key, year]["e_nom_mwh"]
                    low, high = data.soc_min_frac * energy, energy
                    miss = np.abs(soc - kept - stored + taken).max()
                    outside = max(float((low - soc).max()), float((soc - high).max()), 0.0)
                    worst = max(worst, float(max(miss, outside)) / max(energy, 1.0))
                yield _small(
                    f"{key}: charge is conserved and in range, stage {stage.number}", worst, TOLERANCE, "of energy"
                )

    def flows(self) -> Iterator[Check]:
        for stage in self.stages:
            worst, where = 0.0, "none"
            for year, frame in stage.years():
                for key, data in self.technologies.items():
                    row = self.capacity[key, year]
                    for column, most in stage.bounds(key, data, row):
                        values = frame[column].to_numpy()
                        excess = max(float((values - most).max()), float(-values.min()))
                        relative = excess / max(row["p_nom_mw"], 1.0)
                        if relative > worst:
                            worst, where = relative, f"{column} in {year}"
            yield _small(
                f"flows stay within capacity, stage {stage.number}", worst, TOLERANCE, f"of capacity ({where})"
            )

    def one_direction(self) -> Iterator[Check]:
        pairs = [(k, "charge_mw", "discharge_mw") for k, _ in self._of(Battery)]
        pairs += [(k, "import_mw", "export_mw") for k, d in self._of(Grid) if d.export_max_mw > 0]
        for key, first, second in pairs:
            worst = 0.0
            for stage in self.stages:
                risky = stage.hours_where_both_could_pay()
                for _, frame in stage.years():
                    both = np.minimum(frame[f"{key}_{first}"].to_numpy(), frame[f"{key}_{second}"].to_numpy())
                    worst = max(worst, float(both[risky].max(initial=0.0)))
            yield _small(f"{key}: never both directions at once where that could pay", worst, 1e-4, "MW")

    def fleet(self) -> Iterator[Check]:
        first = self.scenario.time.first_year
        worst, whole, early = 0.0, 0.0, 0.0
        for (key, year), row in self.capacity.items():
            data = self.technologies[key]
            standing = [v for v in self.scenario.calendar_years if v <= year < v + data.life_years]
            built = sum(self.capacity[key, v]["built_mw"] for v in standing)
            worst = max(worst, abs(row["p_nom_mw"] - row["existing_mw"] - built))
            if isinstance(data, Thermal) and data.integer:
                whole = max(whole, abs(row["units"] - round(row["units"])))
                worst = max(worst, abs(row["units"] * data.unit_mw - row["p_nom_mw"]))
            if year < self._first_service_year(data, first):
                early = max(early, row["built_mw"])
        yield _small("capacity is existing plus standing builds", worst, 1e-5, "MW")
        yield _small("units are whole", whole, TOLERANCE, "units")
        yield _small("nothing serves before its lead time", early, TOLERANCE, "MW")

    def _first_service_year(self, data: Any, first: int) -> int:
        if isinstance(data, Grid):
            return first + ceil(data.lead_time_months / 12)
        decided = self.scenario.time.decision_date or date(first - 3, 1, 1)
        gone = (first - decided.year) * 12 - (decided.month - 1)
        return first + max(0, ceil((data.lead_time_months - gone) / 12))

    def ceilings(self) -> Iterator[Check]:
        limits = self.scenario.limits
        for name, ceiling, measure in (
            ("NOx", limits.nox_short_tons_per_yr, Stage.nox_short_tons),
            ("CO2", limits.co2_tonnes_per_yr, Stage.co2_tonnes),
            ("gas supply", limits.gas_mcf_per_day, Stage.gas_mcf_on_highest_day),
        ):
            if ceiling is None:
                continue
            for stage in self.stages:
                worst = max(measure(stage, frame) for _, frame in stage.years())
                yield _at_most(f"{name} stays within its limit, stage {stage.number}", worst, ceiling)
        if limits.land_acres is not None:
            used = max(self._land_acres(year) for year in self.scenario.calendar_years)
            yield _at_most("land stays within its limit", used, limits.land_acres)

    def served(self) -> Iterator[Check]:
        share = self.scenario.limits.served_frac
        if share is None:
            return
        stage = self.stages[0]
        lowest = 1.0
        for _, frame in stage.years():
            required = float(frame["load_mw"] @ stage.weight_h)
            lowest = min(lowest, 1 - float(frame["unserved_mw"] @ stage.weight_h) / max(required, 1e-9))
        detail = f"{lowest:.7f} of each year's energy, {share:g} promised"
        yield Check("the sizing serves the promised share", lowest >= share - TOLERANCE, detail)

    def _land_acres(self, year: int) -> float:
        total = 0.0
        for key, data in self.technologies.items():
            row = self.capacity[key, year]
            if isinstance(data, Thermal | Solar):
                total += data.acres_per_mw * row["p_nom_mw"]
            elif isinstance(data, Battery):
                total += data.acres_per_mwh * row["e_nom_mwh"]
            elif row["p_nom_mw"] > 0:
                total += data.acres
        return total

    def n_minus_1(self) -> Iterator[Check]:
        if not self.scenario.limits.n_minus_1:
            return
        short = -np.inf
        for year, frame in self.stages[1].years():
            load = frame["load_mw"].to_numpy()
            temperature = float(self.tables["profiles"]["temp_air_c"].to_numpy()[int(load.argmax())])
            firm, losses = 0.0, [0.0]
            for key, data in self.technologies.items():
                row = self.capacity[key, year]
                if isinstance(data, Thermal):
                    hot = max(0.0, temperature - data.derate_above_c)
                    rating = 1 - min(0.9, data.derate_frac_per_c * hot)
                    firm += row["p_nom_mw"] * rating
                    losses.append(data.unit_mw * rating if row["p_nom_mw"] > 0 else 0.0)
                elif isinstance(data, Battery):
                    held = (1 - data.soc_min_frac) * row["e_nom_mwh"] * data.discharge_efficiency_frac / 4
                    firm += min(row["p_nom_mw"], held)
                elif isinstance(data, Grid):
                    firm += row["p_nom_mw"]
                    losses.append(row["p_nom_mw"] if self.scenario.limits.grid_contingency else 0.0)
            short = max(short, float(load.max()) - (firm - max(losses)))
        detail = f"firm capacity exceeds the peak by at least {-short:.3f} MW after the worst loss"
        yield Check("N-1 holds in every year", short <= 1e-4, detail)

    def costs(self) -> Iterator[Check]:
        capital = self._fixed_costs_npv()
        for stage, total in zip(self.stages, (self.manifest["objective_usd"], self._dispatch_total()), strict=True):
            recomputed = capital * (stage.number == 1) + stage.operating_npv()
            stored = self.tables["costs"].query(f"stage == {stage.number}")["present_value_usd"].sum()
            yield _close(f"stage {stage.number}: cost of the tables equals the solver's", recomputed, total, "USD")
            booked = recomputed + capital * (stage.number == 2)
            yield _close(f"stage {stage.number}: stored costs equal the cost of the tables", stored, booked, "USD")

    def _dispatch_total(self) -> float:
        return float(sum(self.manifest["dispatch_cost_usd"].values()))

    def _fixed_costs_npv(self) -> float:
        """Annuities and fixed O&M, discounted [USD]."""
        rate, total = self.scenario.money.discount_rate_frac, 0.0
        first = self.scenario.time.first_year
        for (key, year), row in self.capacity.items():
            data = self.technologies[key]
            n = data.life_years
            crf = rate / (1 - (1 + rate) ** -n) if rate > 0 else 1 / n
            standing = [v for v in self.scenario.calendar_years if v <= year < v + n]
            usd = crf * sum(self._overnight_usd(key, v) for v in standing)
            total += (usd + data.fixed_usd_per_kw_yr * 1000 * row["p_nom_mw"]) * (1 + rate) ** -(year - first)
        return float(total)

    def _overnight_usd(self, key: str, year: int) -> float:
        data, row = self.technologies[key], self.capacity[key, year]
        usd = float(data.overnight_usd_per_kw * 1000 * row["built_mw"])
        if isinstance(data, Battery):
            usd += data.overnight_usd_per_kwh * 1000 * row["built_mwh"]
        if isinstance(data, Grid) and data.existing_mw == 0 and row["p_nom_mw"] > 0:
            before = self.capacity.get((key, year - 1))
            usd += data.connection_usd if before is None or before["p_nom_mw"] == 0 else 0.0
        return usd

    def gap(self) -> Iterator[Check]:
        manifest, wanted = self.manifest, self.scenario.solver.mip_gap_frac
        objective, bound = manifest["objective_usd"], manifest["bound_usd"]
        if bound is None:
            yield Check("gap is proven", manifest["termination"] == "time_limit", "stopped by time, no bound yet")
            return
        gap = max(0.0, objective - bound) / max(abs(objective), 1e-3)
        passed = manifest["termination"] == "time_limit" or gap <= wanted + TOLERANCE
        yield Check("gap is proven", passed, f"{gap:.3%} of {wanted:.3%} asked, {manifest['termination']}")

    def _of(self, kind: type) -> list[tuple[str, Any]]:
        return [(key, data) for key, data in self.technologies.items() if isinstance(data, kind)]


def _injections(data: Any) -> tuple[tuple[str, int], ...]:
    if isinstance(data, Battery):
        return (("discharge_mw", 1), ("charge_mw", -1))
    if isinstance(data, Grid):
        return (("import_mw", 1), ("export_mw", -1))
    return (("mw", 1),)


def _small(name: str, value: float, tolerance: float, unit: str) -> Check:
    return Check(name, bool(value <= tolerance), f"largest error {value:.2e} {unit}, allowed {tolerance:.0e}")


def _close(name: str, value: float, expected: float, unit: str) -> Check:
    error = abs(value - expected) / max(abs(expected), 1.0)
    return Check(name, bool(error <= TOLERANCE), f"{value:,.2f} against {expected:,.2f} {unit}")


def _at_most(name: str, value: float, ceiling: float) -> Check:
    return Check(name, bool(value <= ceiling * (1 + TOLERANCE) + 1e-9), f"{value:,.3f} of {ceiling:,.3f}")
