"""The short tour of the first visit: what it points at and what it says. assets/tour.js shows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from dash import html

from dashboard.ids import Shell


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    targets : tuple of str
        CSS selectors of what it points at: the first that is in view.
    title, words : str
    """

    targets: tuple[str, ...]
    title: str
    words: str


def _rail(path: str) -> str:
    return f'#{Shell.RAIL} .rail-entry a[href="{path}"]'


STEPS = (
    Step(
        (_rail("/"),),
        "Scenarios to begin with",
        "The library holds scenarios: shipped ones and your own. A card says what its latest run found; "
        "Open result shows the plan.",
    ),
    Step(
        (".scenario-card h3 a", _rail("/")),
        "Change an assumption",
        "Press a scenario's name: every input has its unit, its range and the value it replaces. Shipped scenarios "
        "stay as they are; what you change is saved as new.",
    ),
    Step(
        (f"#{Shell.QUEUE}",),
        "Queue a solve",
        "Solve puts a scenario into the queue, which is shown here. Close the page if you like: nothing stops, and the "
        "result waits under Runs.",
    ),
    Step(
        (_rail("/compare"),),
        "Compare",
        "Tick two to six scenarios or runs and press Compare: which is cheaper, by how much, and because of which "
        "input.",
    ),
    Step(
        (_rail("/live"),),
        "Move it live",
        "Sliders on the live page move a preview of the plan while your hand moves. Pin states, present them in large "
        "type, solve the one you like fully.",
    ),
    Step(
        (f"#{Shell.SHARE}",),
        "Share",
        "Every view has a short link. Help, the question mark beside it, says what each page is for, and has this tour "
        "again.",
    ),
)


def tour() -> html.Div:
    """What the browser needs to show the tour."""
    return html.Div(id=Shell.TOUR, hidden=True, **{"data-steps": json.dumps([asdict(step) for step in STEPS])})
