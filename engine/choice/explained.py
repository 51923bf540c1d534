"""A difference between two runs by input: the groups of inputs, and the parts scaled to the full plans; no solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from engine.choice.questions import studies_folder
from engine.choice.rows import records
from engine.choice.variants import mapping_of, scenario_of_run
from engine.comparison import differing_inputs
from engine.comparison_words import OFFERED
from engine.errors import InputError, Problem
from engine.inputs import GROUPS
from engine.request import StudyRequest
from engine.scenario.fingerprint import fingerprint
from engine.scenario.loading import LoadedScenario
from engine.study import Studies
from engine.wording import plural, significant, usd

Manifest = Mapping[str, Any]
MOST_GROUPS = 6
KIND = "attribution"
# Beyond these ratios of the full difference to the small model's the parts are left as they are.
LEAST_RATIO, MOST_RATIO = 0.4, 2.5
UNEXPLAINED = "Not explained by the small model"
_START, _END = "start", "end"


@dataclass(frozen=True)
class Change:
    """A change in words: short beside its label ("96 → 60 months"), and whole in a sentence."""

    words: str
    phrase: str


@dataclass(frozen=True)
class Group:
    """Inputs that change together.

    Attributes
    ----------
    label : str
        "Grid: lead time".
    places : tuple of str
    forth, back : Change
        From the start to the end, and the other way.
    """

    label: str
    places: tuple[str, ...]
    forth: Change
    back: Change

    def to_row(self) -> dict[str, str]:
        """Its columns of the `parts` table."""
        return {
            "label": self.label, "places": "; ".join(self.places), "words": self.forth.words,
            "phrase": self.forth.phrase, "words_back": self.back.words, "phrase_back": self.back.phrase,
        }  # fmt: skip


def groups_of(start: LoadedScenario, end: LoadedScenario) -> tuple[Group, ...]:
    """The inputs that differ, in at most six groups.

    What only makes sense together (shares of workloads, years and the paths over them) is one group. Beyond six,
    inputs are joined by their heading, then by section; what is still too many becomes one last group.

    Raises
    ------
    InputError
        Nothing differs, or a file of the same name holds something else in each.
    """
    rows = _rows(start, end)
    if not rows:
        raise InputError("difference by input", [Problem("", "the two scenarios have the same inputs.")])
    levels = (_by_input, lambda row: str(row["group"]), lambda row: str(row["place"]).partition(".")[0])
    for level in levels:
        found = _grouped(rows, level)
        if len(found) <= MOST_GROUPS:
            return found
    largest = sorted(found, key=lambda group: -len(group.places))
    kept = [group for group in found if group in largest[: MOST_GROUPS - 1]]
    rest = tuple(place for group in found if group not in kept for place in group.places)
    return (*kept, _several("Other inputs", rest))


def _rows(start: LoadedScenario, end: LoadedScenario) -> list[dict[str, Any]]:
    manifests = {
        key: {"scenario": mapping_of(one), "files": {name: file.sha256 for name, file in one.files.items()}}
        for key, one in ((_START, start), (_END, end))
    }
    rows = records(differing_inputs(manifests))
    clashing = [row for row in rows if str(row["place"]).startswith("files.") and row[_START] and row[_END]]
    shared = set(start.files) & set(end.files)
    clashing += [{"label": name} for name in shared if start.files[name].sha256 != end.files[name].sha256]
    if clashing:
        words = "holds something else in each of the two; give the files different names to mix them."
        raise InputError("difference by input", [Problem(str(row["label"]), words) for row in clashing])
    return [row for row in rows if not str(row["place"]).startswith(("solver.", "files."))]


def _by_input(row: Mapping[str, Any]) -> str:
    place = str(row["place"])
    return "Workload mix" if place.startswith("load.workloads.") else place


def _grouped(rows: Sequence[Mapping[str, Any]], level: Callable[[Mapping[str, Any]], str]) -> tuple[Group, ...]:
    # Another number of years needs other paths with it.
    spans = any(str(row["place"]) in ("time.years", "time.first_year") for row in rows)
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        place = str(row["place"])
        with_years = spans and (place.startswith("time.") or place.endswith(("_path", ".multiples_by_year")))
        by_key.setdefault("Years of the plan" if with_years else level(row), []).append(row)
    return tuple(
        _one(members[0])
        if len(members) == 1
        else _several(GROUPS.get(key, key), tuple(str(row["place"]) for row in members))
        for key, members in by_key.items()
    )


def _several(label: str, places: tuple[str, ...]) -> Group:
    change = Change(f"{len(places)} inputs", f"{label.lower()} ({len(places)} inputs)")
    return Group(label, places, change, change)


def _one(row: Mapping[str, Any]) -> Group:
    name = str(row["group"])
    label = name if row["label"] == OFFERED else f"{name}: {_small(row['label'])}"
    start, end = row[_START], row[_END]
    return Group(label, (str(row["place"]),), _change(row, start, end), _change(row, end, start))


def _change(row: Mapping[str, Any], start: Any, end: Any) -> Change:
    name = str(row["group"])
    if row["label"] == OFFERED:
        words = "may be built" if end else "may not be built"
        return Change(words, f"{_small(name)} {words}")
    unit = "" if row["unit"] in ("-", "") else f" {row['unit']}"
    words = f"{_text(start)} → {_text(end)}{unit}"
    if str(row["place"]).endswith(".lead_time_months") and start is not None and end is not None:
        side = "earlier" if end < start else "later"
        return Change(words, f"the {_small(name)} arrives {abs(end - start):g} months {side}")
    return Change(words, f"{_small(name)}: {_small(row['label'])} is {_text(end)} instead of {_text(start)}{unit}")


def attribution_question(
    store: Any, base: str, other: str, *, studies: Path | None = None, force: bool = False
) -> StudyRequest:
    """What causes the difference between two stored runs; the same question in both directions.

    Raises
    ------
    InputError
        Nothing differs, a file has changed, or a run has no plan.
    """
    manifests = [store.manifest(run_id) for run_id in (base, other)]
    without = [Problem(str(one["run_id"]), "has no plan to explain.") for one in manifests if one["status"] != "done"]
    if without:
        raise InputError("difference by input", without)
    pair = sorted((scenario_of_run(manifest) for manifest in manifests), key=fingerprint)
    groups_of(*pair)
    name = " and ".join(str(manifest["name"]) for manifest in manifests)
    return StudyRequest.of(KIND, f"Difference by input: {name}", pair, {}, studies_folder(studies), force=force)


@dataclass(frozen=True)
class Explained:
    """The difference of two runs by input.

    Attributes
    ----------
    parts : DataFrame
        label, words, phrase, places, npv_usd, usd_per_mwh: from the base to the other run, largest first; they sum to
        the full difference (npv_usd to the cent).
    full, small : dict of str to float
        The difference of the full plans and of the small model, by measure.
    scaled : dict of str to bool
        Whether the parts were scaled to the full difference; else what is missing is a part of its own.
    model : str
        What the small model is.
    without_plan : int
        Mixtures without a plan, left out of the mean.
    """

    parts: pd.DataFrame
    full: Mapping[str, float]
    small: Mapping[str, float]
    scaled: Mapping[str, bool]
    model: str
    without_plan: int

    @property
    def residual(self) -> dict[str, float]:
        """What the scaling adds, by measure: the full difference less the small model's."""
        return {measure: self.full[measure] - self.small[measure] for measure in self.full}

    @property
    def note(self) -> str:
        """How far to trust the parts."""
        full, small = self.full["npv_usd"], self.small["npv_usd"]
        words = f"The small model ({self.model}) finds {usd(small)} of the full plans' {usd(full)}"
        words += (
            f"; each part is scaled by {significant(full / small)}."
            if self.scaled["npv_usd"] and small
            else "; the rest stands as a part of its own."
        )
        if self.without_plan:
            words += f" {plural(self.without_plan, 'mixture')} of the inputs had no plan and were walked around."
        return words

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "parts": records(self.parts), "full": dict(self.full), "small_model": dict(self.small),
            "residual": self.residual, "scaled": dict(self.scaled), "note": self.note,
        }  # fmt: skip


def explain(
    parts: pd.DataFrame, summary: Mapping[str, Any], base: Manifest, other: Manifest, *, forward: bool = True
) -> Explained:
    """Scale the small model's parts to the difference of two full plans.

    Parameters
    ----------
    parts, summary
        Of the study.
    base, other : manifest
    forward : bool
        The study went from the base to the other; else its parts change their sign.
    """
    sign, table = (1.0 if forward else -1.0), parts.copy()
    full, small, scaled = {}, {}, {}
    for measure, key in (("npv_usd", "npv_cost_usd"), ("usd_per_mwh", "lcoe_usd_per_mwh")):
        full[measure] = float(other["summary"][key] or 0.0) - float(base["summary"][key] or 0.0)
        table[measure] = sign * table[measure].astype(float)
        small[measure] = float(table[measure].sum())
        ratio = full[measure] / small[measure] if small[measure] else float("inf")
        scaled[measure] = LEAST_RATIO <= ratio <= MOST_RATIO
        if scaled[measure]:
            table[measure] *= ratio
    if not forward:
        table[["words", "phrase"]] = table[["words_back", "phrase_back"]]
    if not all(scaled.values()):
        rest = {key: 0.0 if scaled[key] else full[key] - small[key] for key in full}
        row = {"label": UNEXPLAINED, "words": "", "phrase": UNEXPLAINED.lower(), "places": "", **rest}
        table = pd.concat([table, pd.DataFrame([row])], ignore_index=True)
    table = table[["label", "words", "phrase", "places", "npv_usd", "usd_per_mwh"]]
    table = table.sort_values("usd_per_mwh", key=abs, ascending=False, kind="stable", ignore_index=True)
    table["npv_usd"] = to_the_cent(table["npv_usd"], full["npv_usd"])
    return Explained(table, full, small, scaled, str(summary["model"]), int(summary["without_plan"]))


def to_the_cent(parts: Iterable[float], total: float) -> list[float]:
    """Round so that the parts sum to the rounded total: what rounding leaves goes to the largest part."""
    cents = [round(100 * part) for part in parts]
    if not cents:
        return []
    largest = max(range(len(cents)), key=lambda number: abs(cents[number]))
    cents[largest] += round(100 * total) - sum(cents)
    return [cent / 100 for cent in cents]


def stored_explanation(store: Any, base: str, other: str, studies: Studies | None = None) -> Explained | None:
    """The explanation of two runs' difference, if it has been worked out."""
    studies = studies or Studies()
    try:
        request = attribution_question(store, base, other, studies=studies.root)
    except InputError:
        return None
    if not studies.done(request.study_id):
        return None
    parts, manifest = studies.table(request.study_id, "parts"), studies.manifest(request.study_id)
    if parts is None or manifest is None:
        return None
    ends = store.manifest(base), store.manifest(other)
    forward = fingerprint(request.load()[0]) == fingerprint(scenario_of_run(ends[0]))
    return explain(parts, manifest["summary"], *ends, forward=forward)


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | dict):
        return "other values"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() and abs(value) < 10_000 else significant(float(value), 5)
    return str(value)


def _small(label: Any) -> str:
    text = str(label)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
