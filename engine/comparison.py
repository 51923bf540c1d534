"""Runs side by side: figures with differences from a base, the inputs that differ, cost bridges, plain sentences.

Everything is read from stored runs (manifest, `costs`, `load`); nothing is solved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from engine.comparison_words import OFFERED, Explain, Subject, sentences
from engine.errors import StoreError
from engine.inputs import Input, available, inputs, technology_name
from engine.nomenclature import COST_CATEGORIES
from engine.wording import CO2

LETTERS = "ABCDEF"
MOST = len(LETTERS)

Manifest = Mapping[str, Any]


class RunSource(Protocol):
    """The part of `engine.store.Store` that a comparison reads."""

    def manifest(self, run_id: str) -> dict[str, Any]: ...

    def table(self, run_id: str, name: str) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Metric:
    """A figure that runs are compared by.

    Attributes
    ----------
    name, label, unit : str
        `frac` is a share, `yr` a calendar year.
    sense : str
        "lower" or "higher" is better; "neutral" is neither.
    value : callable
        Of a manifest; None where it has none.
    ceiling : str
        Field of the scenario's limits that caps it, if any.
    only_with : tuple of str
        Shown only where a run's summary has some of one of these: of what most plans do without.
    """

    name: str
    label: str
    unit: str
    sense: str
    value: Callable[[Manifest], float | None]
    ceiling: str = ""
    only_with: tuple[str, ...] = ()

    def is_shown(self, manifests: Iterable[Manifest]) -> bool:
        """Whether any of the runs has it."""
        if self.only_with:
            return any(manifest["summary"].get(key) for manifest in manifests for key in self.only_with)
        return any(self.value(manifest) is not None for manifest in manifests)


def _summary(key: str) -> Callable[[Manifest], float | None]:
    return lambda manifest: manifest["summary"].get(key)


LCOE_WITHOUT_RESPONSE = "lcoe_without_dr_usd_per_mwh"


def _without_response(manifest: Manifest) -> float | None:
    """Levelised cost without demand response; a run from before it was told has none."""
    summary = manifest["summary"]
    return summary.get(LCOE_WITHOUT_RESPONSE, summary.get("lcoe_usd_per_mwh"))


def _if_any(name: str, label: str, unit: str, sense: str) -> Metric:
    """A figure of the summary that is shown where some run has any of it."""
    return Metric(name, label, unit, sense, _summary(name), only_with=(name,))


_RESPONSE = ("dr_revenue_usd", "dr_cost_usd", "curtailed_mwh")
_NOX, _GAS = "nox_peak_year_short_tons", "gas_peak_mcf_per_day"
METRICS = (
    Metric("lcoe_usd_per_mwh", "Levelised cost", "USD/MWh", "lower", _summary("lcoe_usd_per_mwh")),
    Metric(
        LCOE_WITHOUT_RESPONSE,
        "Levelised cost without DR",
        "USD/MWh",
        "lower",
        _without_response,
        only_with=_RESPONSE,
    ),
    Metric("npv_cost_usd", "Net present cost", "USD", "lower", _summary("npv_cost_usd")),
    Metric("capital_overnight_usd", "Overnight capital", "USD", "lower", _summary("capital_overnight_usd")),
    Metric("required_mwh", "Energy required", "MWh", "neutral", _summary("required_mwh")),
    Metric("peak_mw", "Peak load", "MW", "neutral", _summary("peak_mw")),
    Metric("served_frac", "Load served", "frac", "higher", _summary("served_frac")),
    Metric("unserved_cost_usd", "Cost of unserved energy", "USD", "lower", _summary("unserved_cost_usd")),
    _if_any("dr_revenue_usd", "DR revenue", "USD", "higher"),
    _if_any("dr_cost_usd", "Cost of curtailment", "USD", "lower"),
    Metric(
        "curtailed_mwh", "Energy curtailed", "MWh", "lower", _summary("curtailed_mwh"), only_with=("curtailed_mwh",)
    ),
    _if_any("firm_dr_mw", "Firm DR", "MW", "neutral"),
    Metric(_NOX, "NOx, highest year", "short tons", "lower", _summary(_NOX), "nox_short_tons_per_yr"),
    Metric("co2_tonnes", f"{CO2}, all years", "t", "lower", _summary("co2_tonnes")),
    Metric("land_acres", "Land", "acres", "lower", _summary("land_acres"), "land_acres"),
    Metric(_GAS, "Gas, highest day", "Mcf/day", "lower", _summary(_GAS), "gas_mcf_per_day"),
    Metric(
        "water_million_gal", "Water", "Mgal", "lower", _summary("water_million_gal"), only_with=("water_million_gal",)
    ),
    Metric("first_grid_year", "Grid from", "yr", "neutral", _summary("first_grid_year")),
)


@dataclass(frozen=True)
class Comparison:
    """Two to six runs side by side.

    Attributes
    ----------
    run_ids : tuple of str
        Known runs, in the order asked for; the first is A.
    base : str or None
        The run that differences are taken from.
    names : dict of str to str
        Scenario name by run.
    missing : dict of str to str
        Why a run asked for is not here.
    figures : DataFrame
        One row a metric and run: metric, label, unit, sense, run_id, value, ceiling, difference (to the base),
        difference_frac (of the base's value).
    inputs : DataFrame
        One row an input that differs: place, group, label, unit, then one column a run, named by its id; None
        where the run does not have it.
    costs : DataFrame
        Cost of each run by category: run_id, category, npv_usd, usd_per_mwh (of required energy, both discounted).
    bridges : DataFrame
        From the base to each other run: run_id, category, label, npv_usd, usd_per_mwh (differences). They sum to
        the difference of net present cost and of levelised cost.
    sentences : tuple of str
        Which is better, by how much, why, and what it costs otherwise.
    """

    run_ids: tuple[str, ...]
    base: str | None
    names: dict[str, str]
    missing: dict[str, str]
    figures: pd.DataFrame
    inputs: pd.DataFrame
    costs: pd.DataFrame
    bridges: pd.DataFrame
    sentences: tuple[str, ...]

    @property
    def letters(self) -> dict[str, str]:
        """Letter of each run: A for the first asked for."""
        return dict(zip(self.run_ids, LETTERS, strict=False))

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data, NaN as None."""
        names = ("figures", "inputs", "costs", "bridges")
        tables = {name: [_plain_row(row) for row in getattr(self, name).to_dict(orient="records")] for name in names}
        head = {"runs": list(self.run_ids), "base": self.base, "names": self.names, "missing": self.missing}
        return {**head, **tables, "sentences": list(self.sentences)}


def compare(
    store: RunSource, run_ids: Sequence[str], base: str | None = None, explain: Explain | None = None
) -> Comparison:
    """Compare stored runs.

    Parameters
    ----------
    store : engine.store.Store
    run_ids : sequence of str
        Twice named is once shown; what is unknown, damaged or beyond the sixth is named in `missing`.
    base : str, optional
        Differences are taken from it; the first run by default (and when it is not among the runs).
    explain : callable, optional
        Of two runs: their difference by input where it is worked out (`engine.choice.explained`); the sentences use it.
    """
    manifests, missing = _read(store, run_ids)
    known = tuple(manifests)
    chosen = base if base in manifests else next(iter(known), None)
    costs = cost_parts(store, {key: manifest for key, manifest in manifests.items() if manifest["status"] == "done"})
    bridges = bridge_parts(costs, chosen)
    differing = differing_inputs(manifests)
    subjects = [
        Subject(letter, run_id, manifests[run_id], bridges[bridges["run_id"] == run_id])
        for letter, run_id in zip(LETTERS, known, strict=False)
    ]
    return Comparison(
        run_ids=known,
        base=chosen,
        names={key: str(manifest["name"]) for key, manifest in manifests.items()},
        missing=missing,
        figures=compared_figures(manifests, chosen),
        inputs=differing,
        costs=costs,
        bridges=bridges,
        sentences=tuple(sentences(subjects, chosen, differing, explain)) if chosen is not None else (),
    )


def compared_figures(manifests: Mapping[str, Manifest], base: str | None) -> pd.DataFrame:
    """The `figures` table; a metric that no run has is left out."""
    rows: list[dict[str, Any]] = []
    for metric in METRICS:
        if not metric.is_shown(manifests.values()):
            continue
        values = {run_id: metric.value(manifest) for run_id, manifest in manifests.items()}
        reference = values.get(base) if base is not None else None
        for run_id, value in values.items():
            both = value is not None and reference is not None
            change = value - reference if value is not None and reference is not None else None
            relative = change / abs(reference) if both and change is not None and reference else None
            ceiling = manifests[run_id]["scenario"]["limits"].get(metric.ceiling) if metric.ceiling else None
            rows.append(
                {
                    "metric": metric.name, "label": metric.label, "unit": metric.unit, "sense": metric.sense,
                    "run_id": run_id, "value": value, "ceiling": ceiling, "difference": change,
                    "difference_frac": relative if metric.unit != "yr" else None,
                }
            )  # fmt: skip
    columns = ["metric", "label", "unit", "sense", "run_id", "value", "ceiling", "difference", "difference_frac"]
    frame = pd.DataFrame(rows, columns=columns)
    numbers = ["value", "ceiling", "difference", "difference_frac"]
    return frame.astype(dict.fromkeys(numbers, float))


def differing_inputs(manifests: Mapping[str, Manifest]) -> pd.DataFrame:
    """The `inputs` table: what is not the same in all runs.

    A technology that only some runs may build is one row; its own inputs are compared among those that have it.
    """
    by_run = {run_id: {row.place: row for row in inputs(manifest)} for run_id, manifest in manifests.items()}
    rows = _availability_rows(manifests)
    only_some = tuple(f"{row['place']}." for row in rows)
    places: dict[str, Input] = {}
    for run_rows in by_run.values():
        for place, row in run_rows.items():
            places.setdefault(place, row)
    for place, row in places.items():
        values = {run_id: run_rows[place].value if place in run_rows else None for run_id, run_rows in by_run.items()}
        having = [run_rows[place].value for run_rows in by_run.values() if place in run_rows]
        compared = having if place.startswith(only_some) else list(values.values())
        if any(value != compared[0] for value in compared):
            rows.append({"place": place, "group": row.group, "label": row.label, "unit": row.unit, **values})
    rows += _unnamed_file_rows(manifests, {row["place"] for row in rows})
    return pd.DataFrame(rows, columns=["place", "group", "label", "unit", *manifests], dtype=object)


def _availability_rows(manifests: Mapping[str, Manifest]) -> list[dict[str, Any]]:
    offered = {run_id: available(manifest["scenario"]) for run_id, manifest in manifests.items()}
    rows = []
    for key in dict.fromkeys(key for technologies in offered.values() for key in technologies):
        having = {run_id: key in technologies for run_id, technologies in offered.items()}
        if all(having.values()):
            continue
        data = next(technologies[key] for technologies in offered.values() if key in technologies)
        name = technology_name(key, data)
        rows.append({"place": f"technologies.{key}", "group": name, "label": OFFERED, "unit": "-", **having})
    return rows


def _unnamed_file_rows(manifests: Mapping[str, Manifest], shown: set[str]) -> list[dict[str, Any]]:
    """Files of equal name and other content that no differing field names (the fields carry hashes themselves)."""
    hashes = {run_id: dict(manifest.get("files", {})) for run_id, manifest in manifests.items()}
    named = {
        str(row.value)
        for manifest in manifests.values()
        for row in inputs(manifest)
        if isinstance(row.value, str) and " #" in row.value
    }
    rows = []
    for reference in dict.fromkeys(reference for files in hashes.values() for reference in files):
        values = {run_id: files.get(reference) for run_id, files in hashes.items()}
        if len(set(values.values())) < 2 or any(value.startswith(reference) for value in named):
            continue
        short = {run_id: value[:8] if value else None for run_id, value in values.items()}
        rows.append({"place": f"files.{reference}", "group": "Files", "label": reference, "unit": "-", **short})
    return [row for row in rows if row["place"] not in shown]


def cost_parts(store: RunSource, manifests: Mapping[str, Manifest]) -> pd.DataFrame:
    """The `costs` table: stage 2's cost of each run by category, in present value and per MWh required."""
    rows = []
    for run_id in manifests:
        costs, load = store.table(run_id, "costs"), store.table(run_id, "load")
        energy = float((load["required_mwh"] * load["discount_factor"]).sum())
        final = costs[costs["stage"] == 2].groupby("category")["present_value_usd"].sum()
        for category in COST_CATEGORIES:
            usd = float(final.get(category, 0.0))
            per_mwh = usd / energy if energy > 0 else float("nan")
            rows.append({"run_id": run_id, "category": category, "npv_usd": usd, "usd_per_mwh": per_mwh})
    return pd.DataFrame(rows, columns=["run_id", "category", "npv_usd", "usd_per_mwh"])


def bridge_parts(costs: pd.DataFrame, base: str | None) -> pd.DataFrame:
    """The `bridges` table: cost of each run minus the base's, by category; what is zero in both is left out."""
    columns = ["run_id", "category", "label", "npv_usd", "usd_per_mwh"]
    start = costs[costs["run_id"] == base].set_index("category")
    if start.empty:
        return pd.DataFrame(columns=columns)
    rows = []
    for row in costs[costs["run_id"] != base].to_dict(orient="records"):
        category = str(row["category"])
        if row["npv_usd"] == 0 and start.loc[category, "npv_usd"] == 0:
            continue
        change = {name: row[name] - start.loc[category, name] for name in ("npv_usd", "usd_per_mwh")}
        rows.append({"run_id": row["run_id"], "category": category, "label": COST_CATEGORIES[category], **change})
    return pd.DataFrame(rows, columns=columns)


def _read(store: RunSource, run_ids: Sequence[str]) -> tuple[dict[str, Manifest], dict[str, str]]:
    manifests: dict[str, Manifest] = {}
    missing: dict[str, str] = {}
    for run_id in dict.fromkeys(run_ids):
        if len(manifests) == MOST:
            missing[run_id] = f"a comparison holds at most {MOST} runs."
            continue
        try:
            manifests[run_id] = store.manifest(run_id)
        except StoreError as error:
            missing[run_id] = str(error)
    return manifests, missing


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and pd.isna(value) else value for key, value in row.items()}
