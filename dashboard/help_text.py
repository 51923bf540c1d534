"""What the help panel says: what the page is for, the keyboard, the words."""

from __future__ import annotations

from dash import html

PURPOSE: dict[str, str] = {
    "/": "The library holds the scenarios: shipped ones and your own. Solve one, edit a copy, or open its latest run.",
    "/load": "How big the load is and how it grows, what it does, what of it can give way. Sliders answer while they "
    "move; the draft is the editor's own, and nothing is saved before you say so.",
    "/edit": "Change the inputs of a scenario. Changed fields show the value they replace; save it and solve.",
    "/equipment": "What can be built, with figures, units and the source of each; what a MWh costs by how much a plant "
    "runs; up to four side by side. Copy an entry to make it your own, or add it to a scenario.",
    "/runs": "Everything that is solved or waits to be. Closing the page stops nothing.",
    "/run": "One solved plan: what is built when, how it runs hour by hour, what it costs, and how close it comes "
    "to its limits. Badges say how far to trust it.",
    "/frontier": "What one objective costs in terms of another: plans between the ends, each proven. Click on a "
    "point to open its plan, draw a box to select, pin plans side by side, solve one fully.",
    "/choice": "What would change the choice: the regret of plans in other futures; plans that cost nearly as little, "
    "so what is a must; the value of an input at which the best mix changes.",
    "/sweeps": "Many cases of one scenario: inputs that move, a design, and what came out of each. A sweep runs in the "
    "queue behind single solves; cancelled or killed, it goes on where it stopped.",
    "/sweep": "One sweep: which inputs matter, which mix wins where, every case in a table. Press a row or a point to "
    "open its case, keep it as a scenario or open its run.",
    "/live": "A preview of one scenario that answers while a slider moves. Pin states to compare them, add any "
    "input as a control, present them in large type, and solve the one you like fully.",
    "/compare": "Two to six plans side by side against a base. The address holds everything you see: share it.",
}

KEYS = (
    ("1 2 3 …", "open the pages of the rail in turn"),
    ("s", "share: copy a short link to this view"),
    ("t", "change the theme"),
    ("?", "this panel"),
    ("Tab", "next field"),
)

GLOSSARY = (
    ("LCOE", "Present value of all cost over that of the energy the site needs. Cutting load never flatters it."),
    ("Net present cost", "All cost of the plan's years, discounted to the first year, in real dollars."),
    ("Overnight capital", "Price of everything built, as if bought in one night, before any annuity."),
    ("Adequate", "The plan serves all but a millionth of the energy that the site needs."),
    ("Time-limited", "The search stopped at its time limit: a better plan may exist. Figures are not final."),
    ("Gap", "How far the plan can be from the best possible one, as proven by the solver."),
    ("Verified", "Balance, limits and costs were recomputed from the stored tables and agree."),
    ("Synthetic", "Some input is made up, for want of data; the badge lists which."),
    ("N-1", "Firm capacity covers the peak with the largest unit out."),
    ("Binding", "A limit that the plan touches: loosening it would lower the cost."),
    ("Capacity factor", "Energy of a year over what the plant would make if it ran at its rating in every hour."),
    ("Annuity", "Capital as equal yearly payments over the life of a plant, at the discount rate."),
    ("Technical potential", "What of the load could stop. Whole facilities usually give 10-25 %; a plan counts less."),
    ("Callable", "The part of it that somebody can ask for in time: it has a response time."),
    ("Committed", "What is promised to a product, held in every hour of its window."),
    ("Headroom", "Constant load that fits under a demand when a share of its energy may be cut."),
    ("Frontier", "The plans of which none is better in all objectives than another."),
    ("Dominated", "Another plan is no worse in all objectives and better in one."),
    ("Knee", "The plan furthest from the straight line between the ends: beyond it, a step more costs more."),
    ("SOC", "State of charge of a battery."),
    ("Class 3, class 5", "How firm the estimate is: class 3 within 15-20 %, class 5 within 50 %."),
)  # fmt: skip


def panel(pathname: str) -> list:
    """Help for the page at a path."""
    root = "/" + pathname.strip("/").split("/")[0]
    return [
        html.P(PURPOSE.get(root, PURPOSE["/"]), className="help-purpose"),
        html.Button("Take the tour", type="button", className="btn btn-quiet btn-small tour-start"),
        html.H3("Keyboard"),
        html.Dl(
            [part for key, text in KEYS for part in (html.Dt(html.Kbd(key)), html.Dd(text))], className="help-keys"
        ),
        html.H3("Words"),
        html.Dl([part for word, text in GLOSSARY for part in (html.Dt(word), html.Dd(text))], className="help-words"),
    ]
