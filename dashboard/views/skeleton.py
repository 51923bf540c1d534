"""Pages with every id and no content: Dash checks callbacks against them when the server starts."""

from __future__ import annotations

from dash import dcc, html

from dashboard import pictures, study_watch
from dashboard.components.chart import chart_card
from dashboard.components.pickers import select, week_picker, year_picker
from dashboard.ids import Attribution, Compare, Run
from dashboard.views import derived


def _charts(*ids: str) -> list[html.Section]:
    return [chart_card("", None, None, graph_id=graph_id) for graph_id in ids]


def run() -> html.Div:
    """Result page."""
    return html.Div(
        [
            dcc.Store(id=Run.RUN_ID),
            dcc.Store(id=Run.ADDRESS),
            year_picker(Run.YEAR, [], 0),
            year_picker(Run.FIGURES_YEAR, [], 0),
            html.Div(id=Run.FIGURES),
            week_picker(Run.WEEK, 1),
            html.Span(id=Run.WEEK_WORDS),
            html.Div(html.Button(id=Run.jump("0-0")), id=Run.JUMPS),
            select(Run.QUANTITY, {}, "", ""),
            select(Run.COST_GROUP, {}, "", ""),
            *_charts(Run.DISPATCH, Run.MAP, Run.DURATION, Run.COSTS, Run.FLEXIBILITY, Run.CUTS),
            *pictures.stores(*pictures.OF_RUN),
            *derived.places(),
            html.Button(id=Run.remedy("least")),
            html.Button(id=Run.EARLIER_GRID),
            html.Div(id=Run.EARLIER_SAID),
        ]
    )


def compare(*, chips: bool = True) -> html.Div:
    """Comparison; `chips` unless the page shows its own."""
    return html.Div(
        [
            dcc.Store(id=Compare.STATE),
            dcc.Store(id=Compare.ADDRESS),
            html.Div(id=Compare.CHIPS) if chips else None,
            year_picker(Compare.YEAR, [], 0),
            week_picker(Compare.WEEK, 1),
            html.Span(id=Compare.WEEK_WORDS),
            select(Compare.QUANTITY, {}, "", ""),
            *_charts(Compare.DISPATCH, Compare.MAPS),
            *pictures.stores(Compare.DISPATCH, Compare.MAPS),
            html.Button(id=Attribution.ASK),
            dcc.RadioItems(id=Attribution.OTHER),
            html.Div(id=Attribution.MESSAGE),
            study_watch.area(Attribution, {}, lambda _: None),
        ]
    )
