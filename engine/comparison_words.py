"""A comparison in one to three plain sentences.

Only a run that is solved, adequate, verified and not time-limited is ever called better, and only when the
difference is larger than what the two searches leave open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from engine.wording import CO2, listed, percent, significant, usd

# Parts of a bridge are named until they explain this share of all movement, at most two each way.
EXPLAINED = 0.7
NOTABLE_FRAC = 0.02

# More runs than these are left to the table.
MOST_OTHERWISE = 3
# Label of the rows that say whether a technology may be built.
OFFERED = "Available"


class Explanation(Protocol):
    """A difference by input (`engine.choice.explained.Explained`): parts with phrase and usd_per_mwh."""

    @property
    def parts(self) -> pd.DataFrame: ...


Explain = Callable[[str, str], Explanation | None]


@dataclass(frozen=True)
class Subject:
    """A run as the sentences see it.

    Attributes
    ----------
    letter, run_id : str
    manifest : mapping
    bridge : DataFrame
        From the base to this run; empty for the base itself.
    """

    letter: str
    run_id: str
    manifest: Mapping[str, Any]
    bridge: pd.DataFrame

    @property
    def summary(self) -> Mapping[str, Any]:
        """Headline figures; few of them for a run without a plan."""
        summary: Mapping[str, Any] = self.manifest["summary"]
        return summary

    @property
    def lcoe(self) -> float | None:
        """Levelised cost [USD/MWh]."""
        value = self.summary.get("lcoe_usd_per_mwh")
        return None if value is None else float(value)

    @property
    def name(self) -> str:
        """Letter and scenario name."""
        return f"{self.letter} ({self.manifest['name']})"


def sentences(
    subjects: Sequence[Subject], base_id: str, inputs: pd.DataFrame, explain: Explain | None = None
) -> list[str]:
    """Plain sentences about runs against a base.

    Parameters
    ----------
    subjects : sequence of Subject
        In order; one of them is the base.
    base_id : str
    inputs : DataFrame
        What differs between them, as `Comparison.inputs`.
    explain : callable, optional
        Of two runs: their difference by input, where it is worked out.
    """
    base = next(subject for subject in subjects if subject.run_id == base_id)
    if len(subjects) < 2:
        return []
    sound = [subject for subject in subjects if subject.lcoe is not None and not flaw(subject)]
    said = []
    if len(sound) >= 2:
        best, rival = _best_and_rival(base, sound)
        why = _by_input(best, rival, explain) or _why(best, rival) + _cause(best, rival, inputs)
        said.append(_lead(best, rival, base, why, only_two=len(subjects) == 2))
        said += _rest(rival, [subject for subject in sound if subject not in (best, rival)])
    elif len(sound) == 1:
        said.append(
            f"Only {sound[0].name} can be relied on, at {_price(sound[0].lcoe or 0.0)}; no other run counts as better."
        )
    else:
        said.append(f"None of these runs can be called better{_by_figures_alone(subjects)}.")
    said += _flaws(subjects, sound)
    said += _otherwise(base, sound)
    return [*said, *_energy(subjects)]


def _by_figures_alone(subjects: Sequence[Subject]) -> str:
    priced = [(subject.lcoe, subject) for subject in subjects if subject.lcoe is not None]
    if len(priced) < 2:
        return ""
    low, lowest = min(priced, key=lambda pair: pair[0])
    return f"; by its figures alone {lowest.name} is lowest, at {_price(low)}"


def flaw(subject: Subject) -> str:
    """Why a run may not be called better, as what it does; empty if nothing is wrong."""
    if subject.manifest["status"] != "done":
        return "has no plan (infeasible)"
    found = []
    if not subject.summary.get("adequate"):
        found.append(f"leaves {significant(subject.summary.get('unserved_mwh'))} MWh unserved")
    if subject.manifest["termination"] == "time_limit":
        gap = subject.manifest.get("mip_gap_frac")
        found.append("was stopped at its time limit" + (f" with a gap of {percent(gap)}" if gap is not None else ""))
    if not subject.manifest["verification"]["passed"]:
        found.append("failed its verification")
    return listed(found)


def _best_and_rival(base: Subject, sound: list[Subject]) -> tuple[Subject, Subject]:
    """The cheapest, and whom it is held against: the base, or the next cheapest where the base is best or unsound."""
    by_cost = sorted(sound, key=lambda subject: subject.lcoe or 0.0)
    best = by_cost[0]
    return best, base if base in sound and base is not best else by_cost[1]


def _rest(rival: Subject, others: list[Subject]) -> list[str]:
    """Where the remaining sound runs stand against the same rival."""
    words = []
    for subject in others:
        change = (subject.lcoe or 0.0) - (rival.lcoe or 0.0)
        if abs(change) <= _open(subject, rival) * (rival.lcoe or 0.0):
            words.append(f"{subject.letter} costs about as much as {rival.letter}")
        else:
            words.append(
                f"{subject.letter} costs {usd(abs(change))} {'more' if change > 0 else 'less'} than {rival.letter}"
            )
    return [f"{listed(words)}."] if words else []


def _lead(best: Subject, rival: Subject, base: Subject, why: str, *, only_two: bool) -> str:
    """Who is cheapest, by how much, why."""
    low, high = best.lcoe or 0.0, rival.lcoe or 0.0
    change = high - low
    size = f"{usd(change)} ({percent(change / high)})" if high else usd(change)
    if change <= _open(best, rival) * high:
        return (
            f"{best.name} and {rival.name} cost about the same: {_price(low)} and {_price(high)} differ by less than "
            f"the {percent(_open(best, rival))} that the searches leave open."
        )
    rank = "cheaper" if only_two else "cheapest"
    return f"{best.name} is {rank} at {_price(low)}, {size} below {rival.letter if rival is base else rival.name}{why}."


def _open(one: Subject, other: Subject) -> float:
    """Relative cost that the two searches leave open."""
    return max(float(subject.manifest.get("mip_gap_frac") or 0.0) for subject in (one, other))


def _by_input(best: Subject, rival: Subject, explain: Explain | None) -> str:
    """The inputs that cause the difference, with their share of it; empty where that is not worked out."""
    found = explain(rival.run_id, best.run_id) if explain is not None else None
    if found is None:
        return ""
    change = found.parts.set_index("phrase")["usd_per_mwh"].astype(float)
    helping, against = _largest(-change[change < 0]), _largest(change[change > 0])
    if not helping:
        return ""
    whole = usd((rival.lcoe or 0.0) - (best.lcoe or 0.0))
    causes = [f"{phrase} ({usd(value)} of {whole})" for phrase, value in helping]
    words = f", mostly because {listed(causes)}"
    if against and against[0][1] >= 0.25 * helping[0][1]:
        words += f", against {usd(against[0][1])} more because {against[0][0]}"
    return words


def _why(best: Subject, rival: Subject) -> str:
    """The largest parts of the bridge between the two, both taken from the base's."""
    gain = _changes_by_category(rival).sub(_changes_by_category(best), fill_value=0.0)
    helping, against = _largest(gain[gain > 0]), _largest(-gain[gain < 0])
    if not helping:
        return ""
    words = f", mostly for {listed([f'{_lower(label)} ({usd(value)} less)' for label, value in helping])}"
    if against and against[0][1] >= 0.25 * helping[0][1]:
        words += f", against {listed([f'{usd(value)} more for {_lower(label)}' for label, value in against[:1]])}"
    return words


def _changes_by_category(subject: Subject) -> pd.Series:
    """Cost per MWh above the base's, by category; nothing for the base itself."""
    if subject.bridge.empty:
        return pd.Series(dtype=float)
    return subject.bridge.set_index("label")["usd_per_mwh"].astype(float)


def _largest(parts: pd.Series) -> list[tuple[str, float]]:
    ordered = parts.sort_values(ascending=False)
    found: list[tuple[str, float]] = []
    for label, value in ordered.items():
        if len(found) == 2 or sum(part for _, part in found) >= EXPLAINED * float(ordered.sum()):
            break
        found.append((str(label), float(value)))
    return found


def _cause(best: Subject, rival: Subject, inputs: pd.DataFrame) -> str:
    """The inputs that differ between the two, when they are few enough to name."""
    if inputs.empty:
        return ""
    pairs = zip(inputs[best.run_id], inputs[rival.run_id], strict=True)
    differing = inputs[[one != other for one, other in pairs]]
    differing = differing[~differing["place"].str.startswith("solver.")]
    # What only one of them may build is said in one phrase, and its own inputs are no further difference.
    options = differing[differing["label"] == OFFERED]
    inner = tuple(f"{place}." for place in options["place"])
    others = differing[(differing["label"] != OFFERED) & ~differing["place"].str.startswith(inner or ("-",))]
    if len(others) > 2 or (len(others) and len(options)) or differing.empty:
        return ""
    if len(options):
        return _option_words(best, rival, options)
    return f"; what differs is {listed([_input_words(best, rival, row) for row in others.to_dict(orient='records')])}"


def _option_words(best: Subject, rival: Subject, options: pd.DataFrame) -> str:
    words = []
    for one, other in ((best, rival), (rival, best)):
        names = [_lower(str(row["group"])) for row in options.to_dict(orient="records") if row[one.run_id] is True]
        if names:
            words.append(f"{one.letter} may build {listed(names)}, {other.letter} may not")
    return f"; {listed(words)}"


def _input_words(best: Subject, rival: Subject, row: Mapping[Any, Any]) -> str:
    group, label = str(row["group"]), _lower(str(row["label"]))
    values = row[best.run_id], row[rival.run_id]
    if any(isinstance(value, list | dict) for value in values):
        return f"{group}: {label}"
    unit = "" if row["unit"] in ("-", "") else f" {row['unit']}"
    return f"{group}: {label} {_value(values[0])} instead of {_value(values[1])}{unit}"


def _value(value: Any) -> str:
    """An input in a sentence; whole numbers below 10,000 (years among them) without separators."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if not isinstance(value, int | float):
        return str(value)
    if float(value).is_integer():
        return str(int(value)) if abs(value) < 10_000 else significant(float(value), 9)
    return significant(float(value), 6).rstrip("0")


def _flaws(subjects: Sequence[Subject], sound: list[Subject]) -> list[str]:
    flawed = [subject for subject in subjects if subject not in sound]
    words = [f"{subject.letter} {flaw(subject) or 'has no load to serve'}" for subject in flawed]
    if not words:
        return []
    low = min((subject.lcoe for subject in sound if subject.lcoe is not None), default=None)
    cheaper = [
        subject.letter for subject in flawed if subject.lcoe is not None and low is not None and subject.lcoe < low
    ]
    end = f"; the lower figure of {listed(cheaper)} does not make it better" if cheaper else ""
    return [f"{'; '.join(words)}{end}."]


def _otherwise(base: Subject, sound: list[Subject]) -> list[str]:
    """What the cheapest of the other runs cost otherwise, against the base: NOx, land and CO2."""
    others = sorted((subject for subject in sound if subject is not base), key=lambda subject: subject.lcoe or 0.0)
    if base not in sound:
        return []
    words = [f"{one.letter} {listed(parts)}" for one in others[:MOST_OTHERWISE] if (parts := _trade_offs(base, one))]
    return [f"Against {base.letter}, {'; '.join(words)}."] if words else []


def _trade_offs(base: Subject, subject: Subject) -> list[str]:
    parts = []
    nox = _changes(base, subject, "nox_peak_year_short_tons")
    if nox and abs(nox[1]) >= NOTABLE_FRAC:
        parts.append(f"emits {percent(abs(nox[1]))} {'more' if nox[0] > 0 else 'less'} NOx in its highest year")
    land = _changes(base, subject, "land_acres")
    if land and abs(land[0]) >= 1:
        parts.append(f"needs {significant(abs(land[0]))} acres {'more' if land[0] > 0 else 'less'}")
    co2 = _changes(base, subject, "co2_tonnes")
    if co2 and abs(co2[1]) >= 0.1:
        parts.append(f"emits {percent(abs(co2[1]))} {'more' if co2[0] > 0 else 'less'} {CO2}")
    return parts


def _changes(base: Subject, subject: Subject, key: str) -> tuple[float, float] | None:
    one, other = base.summary.get(key), subject.summary.get(key)
    if one is None or other is None:
        return None
    change = float(other) - float(one)
    return change, change / abs(float(one)) if one else (0.0 if change == 0 else 1.0)


def _energy(subjects: Sequence[Subject]) -> list[str]:
    needs = [float(subject.summary["required_mwh"]) for subject in subjects if subject.summary.get("required_mwh")]
    if len(needs) < 2 or max(needs) - min(needs) <= 1e-3 * max(needs):
        return []
    return [
        f"They need different amounts of energy ({significant(min(needs) / 1e6)} to {significant(max(needs) / 1e6)} "
        "TWh): levelised cost compares them per MWh, net present cost does not."
    ]


def _price(lcoe: float) -> str:
    return f"{usd(lcoe)} /MWh"


def _lower(label: str) -> str:
    """Label inside a sentence: without what stands in brackets, small at the start unless an abbreviation."""
    label = label.split(" (")[0]
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
