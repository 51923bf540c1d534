"""A sweep to take away: its charts for the figure and inputs in view, and every case."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dashboard import links, sweep_view
from dashboard.figures import sensitivity as sensitivity_figures
from dashboard.formatting import plural
from dashboard.ids import Sweep as Ids
from dashboard.sweep_view import Choice
from dashboard.sweep_view import View as Seen
from dashboard.takeaway import provenance, stored
from dashboard.takeaway.document import Chart, Document, Sheet, present
from dashboard.takeaway.subject import Subject
from dashboard.views import sweep as view
from dashboard.views.sweep_progress import counts
from engine.files import slug
from engine.sweep.sensitivity import METHODS, sensitivity
from engine.sweep.sweeps import CASES, Status, Sweeps

ALL_INPUTS = "all-inputs"
MIND = "Every case is a full run of its scenario; figures of cases that do not verify are left out of charts."


def build(tail: str, query: Mapping[str, str]) -> Document:
    """Document of a sweep's address."""
    sweep_id = tail.strip("/")
    status, seen = Sweeps().status(sweep_id), sweep_view.view(sweep_id)
    chosen = sweep_view.choice(seen, query)
    charts = _charts(seen, chosen)
    document = Document(
        title=status.name, subtitle=status.description, stem=f"firmwatt-{slug(status.name, 'sweep')}",
        address=f"/sweep/{sweep_id}{links.search(**vars(chosen))}",
        sentences=(*(chart.view.backing.summary for chart in charts if chart.name != ALL_INPUTS), f"{counts(status)}."),
        warnings=_warnings(status, seen), parts=present(*charts, view.without_plan(seen)),
    )  # fmt: skip
    facts = stored.sweep_facts(document, sweep_id, status.base, counts(status))
    inputs = provenance.inputs_sheet({status.base: {"scenario": seen.plan.base.scenario.model_dump(mode="json")}})
    return stored.with_sheets(document, facts, [_indices(seen, chosen), _cases(sweep_id)], inputs)


def _warnings(status: Status, seen: Seen) -> tuple[str, ...]:
    unproven = len(seen.frame[(seen.frame["state"] == "done")]) - len(seen.trusted)
    return present(
        f"{plural(status.left, 'case')} still to come." if status.left else None,
        f"{plural(unproven, 'case')} with a plan that is not verified." if unproven else None,
        MIND,
    )


def _charts(seen: Seen, chosen: Choice) -> list[Chart]:
    drawn = view.views(seen, chosen)
    figure = seen.figures[chosen.figure]
    title = sensitivity_figures.TITLES[METHODS[seen.plan.sweep.design]]
    mapped = bool(view.mappable(seen))
    x, y = seen.inputs[chosen.x].title, seen.inputs[chosen.y].title
    return [
        Chart("sensitivity", title, drawn[Ids.INDICES], figure.title),
        *([Chart("mixes", "Which mix wins where", drawn[Ids.MIXES], f"{x} by {y}")] if mapped else []),
        *([Chart("map", "Over two inputs", drawn[Ids.HEAT], figure.title)] if mapped else []),
        Chart("scatter", "Any two columns", drawn[Ids.SCATTER],
              f"{seen.axes[chosen.across].title} by {seen.axes[chosen.up].title}"),
        Chart(ALL_INPUTS, "All inputs at once", drawn[Ids.PARALLEL], "One line a case"),
    ]  # fmt: skip


def _indices(seen: Seen, chosen: Choice) -> Sheet:
    found = sensitivity(seen.plan.sweep, seen.plan.places, seen.frame, chosen.figure)
    figure = seen.figures[chosen.figure]
    table = pd.DataFrame(sensitivity_figures.sensitivity_table(found))
    return Sheet("Sensitivity", table, note=f"How much each input moves: {figure.label}, {figure.unit}.")


def _cases(sweep_id: str) -> Sheet:
    sweeps = Sweeps()
    note = "One row a case: inputs by their place in the YAML, then what its run found."
    return Sheet("Cases", sweeps.cases(sweep_id), stored.units_of(sweeps.path(sweep_id) / CASES), note)


def command(tail: str, query: Mapping[str, str]) -> list[str]:
    """Arguments of `firmwatt export`."""
    kept = {key: query[key] for key in ("figure", "x", "y", "across", "up") if query.get(key)}
    return [f"/sweep/{tail.strip('/')}{links.search(**kept)}"]


SUBJECT = Subject("sweep", "sweep", ("html", "pdf", "pptx", "xlsx", "csv", "parquet", "png", "svg"), build, command)
