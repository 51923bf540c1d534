"""Alternatives: plans that cost nearly as little as the best and are made of other things.

least, most of each technology:   min, max MW built      such that  cost <= (1 + slack) x least cost
mixes that differ most:           min sum of MW built over the most there can be, of what earlier plans used
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from engine.choice.alternatives_words import CHOICE, MUST, OPEN, OUT, QUICK
from engine.choice.near_best import Found, NearBest
from engine.choice.quick import quick_scenario, quick_steps
from engine.errors import SolveFailed
from engine.periods import select_periods
from engine.profiles import build_profiles
from engine.progress import OnProgress, Progress
from engine.request import StudyRequest
from engine.scenario.loading import LoadedScenario
from engine.study import Workspace

DIFFERENT = 4
SHOWN = 6
PART_OF_PLAN_FRAC = 0.01  # of the peak: less counts as nothing
UNITS = {
    "built_mw": "MW",
    "cost_usd": "USD",
    "above_best_frac": "-",
    "least_mw": "MW",
    "most_mw": "MW",
    "best_mw": "MW",
}
BEST = "Best"


class Search:
    """Plans found so far for one scenario, and the tables they make."""

    def __init__(self, near: NearBest, names: Mapping[str, str], peak_mw: float, within_frac: float) -> None:
        self.near, self.names, self.peak_mw, self.within_frac = near, names, peak_mw, within_frac
        self.plans: dict[str, Found] = {}
        self.extremes: dict[tuple[str, str], Found] = {}

    def run(self, tell: Any, wrote: Any) -> None:
        """Find the best plan, the extremes, the different ones.

        Raises
        ------
        SolveFailed
            No plan meets every limit, or none was found in time.
        """
        tell("the best plan")
        best = self.near.cheapest()
        if best is None:
            raise SolveFailed(
                "no plan meets every limit of this scenario (or none was found in time); see its diagnosis."
            )
        self.plans[BEST] = best
        wrote()
        ceiling = best.cost_usd * (1 + self.within_frac)
        for key in self.near.technologies:
            for side, weight in (("least", 1.0), ("most", -1.0)):
                name = f"{side.capitalize()} {_small(self.names[key])}"
                tell(name)
                found = self.near.extreme({key: weight}, ceiling)
                if found is not None:
                    self.extremes[key, side] = self.plans[name] = found
                    wrote()
        for number in range(1, DIFFERENT + 1):
            tell(f"Different {number}")
            found = self.near.extreme(self._used(), ceiling)
            if found is not None:
                self.plans[f"Different {number}"] = found
                wrote()

    def _used(self) -> dict[str, float]:
        """Weight of each technology: how often earlier different plans used it, per MW of the most there can be."""
        earlier = [found for name, found in self.plans.items() if name == BEST or name.startswith("Different")]
        weights = {}
        for key in self.near.technologies:
            most = max(found.built_mw[key] for found in self.plans.values())
            often = sum(found.built_mw[key] / most for found in earlier) if most > self._least_mw else 0.0
            weights[key] = self.peak_mw * often / max(most, 1.0)
        return weights

    @property
    def _least_mw(self) -> float:
        return PART_OF_PLAN_FRAC * self.peak_mw

    def plans_table(self) -> pd.DataFrame:
        """plan, technology, built_mw, cost_usd, above_best_frac, in_time, shown (0: not among the most different)."""
        best = self.plans[BEST].cost_usd
        shown = {name: rank for rank, name in enumerate(self._most_different(), start=1)}
        rows = [
            {
                "plan": name, "technology": key, "built_mw": mw, "cost_usd": found.cost_usd,
                "above_best_frac": found.cost_usd / best - 1.0, "in_time": found.in_time, "shown": shown.get(name, 0),
            }
            for name, found in self.plans.items()
            for key, mw in found.built_mw.items()
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def _most_different(self) -> list[str]:
        """Names of the plans that lie farthest from each other, the best first."""
        most = {key: max(found.built_mw[key] for found in self.plans.values()) for key in self.near.technologies}
        points = {
            name: [found.built_mw[key] / most[key] if most[key] > self._least_mw else 0.0 for key in most]
            for name, found in self.plans.items()
        }
        chosen = [BEST]
        while len(chosen) < min(SHOWN, len(points)):
            apart = {
                name: min(_distance(point, points[other]) for other in chosen)
                for name, point in points.items()
                if name not in chosen
            }
            farthest = max(apart, key=lambda name: apart[name])
            if apart[farthest] < 0.02:
                break
            chosen.append(farthest)
        return chosen

    def ranges_table(self) -> pd.DataFrame:
        """technology, label, least_mw, most_mw, best_mw, verdict, proven: those with both ends found."""
        rows = []
        for key in self.near.technologies:
            ends = self.extremes.get((key, "least")), self.extremes.get((key, "most"))
            if ends[0] is None or ends[1] is None:
                continue
            # Any plan within the slack bounds the range from inside; the extremes are the ends as proven.
            least = min(found.built_mw[key] for found in self.plans.values())
            most = max(found.built_mw[key] for found in self.plans.values())
            rows.append(
                {
                    "technology": key, "label": self.names[key], "least_mw": least, "most_mw": most,
                    "best_mw": self.plans[BEST].built_mw[key],
                    "verdict": self._verdict(least, most, ends[0].bound), "proven": ends[0].in_time and ends[1].in_time,
                }
            )  # fmt: skip
        columns = ["technology", "label", "least_mw", "most_mw", "best_mw", "verdict", "proven"]
        return pd.DataFrame(rows, columns=columns)

    def _verdict(self, least: float, most: float, least_bound: float) -> str:
        if most < self._least_mw:
            return OUT
        if least < self._least_mw:
            return CHOICE
        return MUST if least_bound >= self._least_mw else OPEN


def run(request: StudyRequest, workspace: Workspace, on_progress: OnProgress) -> Mapping[str, Any]:
    """Do the study: tables `plans` and `ranges`."""
    (loaded,) = request.load()
    within = float(request.options["within_frac"])
    names = {key: data.label or key for key, data in loaded.scenario.active_technologies.items()}
    on_progress(Progress("build", 0.0, "Building the model"))
    near, peak_mw = model_of(loaded, str(request.options["steps"]))
    search = Search(near, names, peak_mw, within)
    count = 1 + 2 * len(near.technologies) + DIFFERENT

    def tell(words: str) -> None:
        on_progress(Progress("size", len(search.plans) / count, f"Looking for: {words[:1].lower()}{words[1:]}"))

    def wrote() -> None:
        workspace.write("plans", search.plans_table(), UNITS)
        workspace.write("ranges", search.ranges_table(), UNITS)

    search.run(tell, wrote)
    return {
        "plans": len(search.plans),
        "best_usd": search.plans[BEST].cost_usd,
        "highest_frac": float(search.plans_table()["above_best_frac"].max()),
        "peak_mw": peak_mw,
    }


def model_of(loaded: LoadedScenario, steps: str) -> tuple[NearBest, float]:
    """The model that the question is asked of, and the highest load [MW]."""
    if steps == QUICK:
        chosen = quick_steps(loaded)
        return NearBest(quick_scenario(loaded.scenario), chosen), float(chosen.peak_mw.max())
    profiles = build_profiles(loaded)
    chosen = select_periods(loaded.scenario, profiles)
    return NearBest(loaded.scenario, chosen), float(chosen.peak_mw.max())


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(abs(a - b) for a, b in zip(one, other, strict=True)))


def _small(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
