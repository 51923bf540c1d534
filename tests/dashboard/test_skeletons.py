"""What is on its way has a quiet shape in its place, and what is shown stays while it is drawn anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dash import dcc

from app import create_app
from dashboard.components.chart import Backing, chart_card, nothing_drawn
from dashboard.ids import Run
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run
from tests.dashboard.screenshots import STILL_NOW
from tests.unit.job_kit import wait_until

AFTER = """
const found = document.querySelector(arguments[0]);
const style = found && getComputedStyle(found, '::after');
return style && style.content !== 'none' ? [style.height, style.animationDelay] : null;
"""


class Held:
    """Answers of callbacks, and pictures of hours, wait until they are let go."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner, self.go, self.drawing = inner, threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("_dash-update-component"):
            assert self.go.wait(60)
        if environ["PATH_INFO"].startswith("/pictures/"):
            assert self.drawing.wait(60)
        return self._inner(environ, start)


def graph_and_place(card: Any) -> tuple[dcc.Graph, Any]:
    place = next(part for part in card.children if part is not None and "chart" in (part.className or "").split())
    return place.children, place


def test_a_chart_that_a_callback_fills_has_no_axes_and_each_place_keeps_its_height() -> None:
    empty, _ = graph_and_place(chart_card("Empty", None, None, graph_id="one"))
    assert (empty.figure, empty.figure.layout.xaxis.visible) == (nothing_drawn(), False)
    figure = go.Figure(layout={"height": 420})
    _, place = graph_and_place(chart_card("Tall", figure, Backing("", pd.DataFrame({"year": [2026]}))))
    assert place.style == {"--chart-height": "420px"}


@pytest.mark.browser
def test_a_page_on_its_way_has_a_shape_and_a_drawn_chart_only_a_line_until_the_answer_is_there(dash_duo: Any) -> None:
    store = Store()
    run_id = fake_run(store, "First", years=2)
    app = create_app(store)
    app.server.wsgi_app = held = Held(app.server.wsgi_app)  # type: ignore[method-assign]
    dash_duo.start_server(app)
    page = Page(dash_duo.driver, dash_duo.server_url)

    def after(selector: str) -> Any:
        return page.driver.execute_script(AFTER, selector)

    page.driver.get(f"{page.url}/run/{run_id}")
    height, late = wait_until(lambda: after("#_pages_content"))
    assert (float(height[:-2]) > 300, late.split(",")[0]) == (True, "0.35s")
    held.go.set()
    chart = f"#{Run.DISPATCH}"
    wait_until(lambda: page.driver.execute_script(STILL_NOW))
    assert (after("#_pages_content"), after(chart)) == (None, None)

    page.click(f"#{Run.YEAR} input:not(:checked)")
    height, late = wait_until(lambda: after(chart))
    assert (height, late.split(",")[0]) == ("2px", "0.7s")
    assert page.find(f"{chart} .xtick")
    held.drawing.set()
    wait_until(lambda: after(chart) is None)
