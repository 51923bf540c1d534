"""The small question a utility asks: how much constant load fits under a demand if it may be cut now and then."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.chart import chart_card
from dashboard.components.icons import icon
from dashboard.components.numbers import shown, stat
from dashboard.figures.flexibility import headroom_duration
from dashboard.formatting import percent
from dashboard.ids import Load
from engine.headroom import half_year_ceiling_mw, headroom

Part = Any
DEFAULT_SHARE_FRAC = 0.01
MOST_SHARE_FRAC = 0.05
NO_DEMAND = "The load of this scenario stands in for a demand; upload a utility's hourly demand to ask it of that."


def card() -> html.Section:
    """Demand, share and answer; callbacks fill it."""
    pick = dcc.Upload(
        html.Button([icon("upload"), "Upload demand, MW"], className="btn btn-small btn-quiet", type="button"),
        id=Load.DEMAND_FILE, multiple=False, className="file-picker",
    )  # fmt: skip
    share = dcc.Slider(
        id=Load.SHARE, min=0.0, max=MOST_SHARE_FRAC, step=0.0005, value=DEFAULT_SHARE_FRAC, updatemode="drag",
        allow_direct_input=False, marks={at: f"{100 * at:g} %" for at in (0.0, 0.01, 0.02, 0.03, 0.04, 0.05)},
    )  # fmt: skip
    controls = html.Div(
        [
            html.Div(
                [pick, dbc.Switch(id=Load.HALF_YEARS, value=False, label="Ceilings by half-year")],
                className="row-tools",
            ),
            html.Div(html.Span(NO_DEMAND), id=Load.DEMAND_WORDS, className="card-note", role="status"),
            html.Div(id=Load.SHARE_WORDS, className="small"),
            html.Div(share, className="share-slider", role="group", **{"aria-label": "Share that may be cut"}),
            html.Div(id=Load.HEADROOM, className="stats four"),
            dcc.Store(id=Load.DEMAND),
        ],
        className="headroom-controls",
    )
    return chart_card(
        "Headroom",
        None,
        None,
        graph_id=Load.HEADROOM_CHART,
        subtitle="constant load that fits under a demand if a share of its energy may be cut "
        "(method: Duke University, Rethinking Load Growth, 2025)",
        below_head=controls,
        className="on-tab on-dr",
    )


def answer(
    demand_mw: np.ndarray, share_frac: float, *, half_years: bool, theme: str
) -> tuple[go.Figure, list[Part], Part]:
    """Chart, figures and the share in words.

    Parameters
    ----------
    demand_mw : array (8760,)
        Demand that is there already [MW].
    share_frac : float
        Share of the new load's energy that may be cut [-].
    half_years : bool
        Each half-year has its own ceiling.
    """
    ceiling_mw = half_year_ceiling_mw(demand_mw) if half_years else np.full(len(demand_mw), demand_mw.max())
    found = headroom(demand_mw, share_frac=share_frac, ceiling_mw=ceiling_mw)
    kept = found.kept_frac
    facts = [
        stat("Fits", shown(found.load_mw, "MW"), f"under a peak of {demand_mw.max():,.0f} MW"),
        stat("Cut in", shown(float(found.curtailed_hours), "h/yr"), f"{found.curtailed_mwh:,.0f} MWh a year"),
        stat("Events", shown(float(found.events), "1/yr"), f"{found.mean_event_h:.1f} h on average"),
        stat(
            "Half or more runs on in",
            shown(kept[0.5], "frac"),
            f"of those hours; 75 % in {percent(kept[0.75])}, 90 % in {percent(kept[0.9])}",
        ),
    ]
    words = ["May be cut: ", html.Strong(percent(share_frac)), " of the new load's energy"]
    return headroom_duration(demand_mw, found.load_mw, ceiling_mw, theme), facts, words
