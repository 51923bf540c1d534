"""How long a hand waits: from the change of a control to the painted picture, measured inside the page in Chromium.

A picture is painted when the chart has said `plotly_afterplot` (cards: when they have changed) and two frames have
gone by. The server is a process of its own with runs made by arithmetic, 8,760 h in each of their years.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import requests
from selenium import webdriver

from benchmarks.machine import Measure, median, table
from engine.store import MANIFEST, Store
from tests.dashboard.browsing import page_request
from tests.dashboard.fake_runs import fake_run
from tests.dashboard.screenshots import chromium
from tests.unit.job_kit import free_port

CHANGES, OPENINGS, MEMORY_OPENINGS, MANY_RUNS = 40, 7, 200, 500
WARM_UP, WARM_OPENINGS = 4, 50
SERVER_WAIT_S = 60.0
# What the last fifty openings may hold more than the first fifty, warm: noise of the allocator.
STEADY_MB = 10.0
SCRIPT_WAIT_S = 120
AGAINST_PLOTLY = 2.5
MEASURE = """
const [act, watched, done] = arguments;
const frames = then => requestAnimationFrame(() => requestAnimationFrame(then));
const target = document.querySelector(watched);
const plot = target.querySelector('.js-plotly-plot');
const began = performance.now();
const end = () => frames(() => done(performance.now() - began));
if (plot) plot.once('plotly_afterplot', end);
else {
  const watch = new MutationObserver(() => { watch.disconnect(); end(); });
  watch.observe(target, {subtree: true, childList: true, characterData: true, attributes: true});
}
document.querySelector(act).click();
"""
# The same figure handed to Plotly alone: what no way to it can be faster than, on this machine at this moment.
ALONE = """
const [address, watched, done] = arguments;
const plot = document.querySelector(watched + ' .js-plotly-plot');
fetch(address).then(answer => answer.json()).then(figure => {
  const began = performance.now();
  window.Plotly.react(plot, figure.data, {...figure.layout, width: undefined})
    .then(() => done(performance.now() - began));
});
"""
PAINTED = """
const [selector, inView, done] = arguments;
const seen = one => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
const shown = () => {
  const found = [...document.querySelectorAll(selector)];
  const asked = inView ? found.filter(seen) : found;
  return found.length && asked.every(one => !one.matches('.dash-graph') || one.querySelector('.main-svg'));
};
const look = () => shown()
  ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
  : requestAnimationFrame(look);
look();
"""

# The charts of a page, as `PAINTED` waits for them: those in view, or every one.
_CHARTS = ".dash-graph"


@dataclass(frozen=True)
class Served:
    """The app in a process of its own."""

    url: str
    process: psutil.Process

    @property
    def memory_mb(self) -> float:
        """What the process holds for itself."""
        return float(self.process.memory_full_info().uss) / 1e6


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """Serve a home folder."""
    port = free_port()
    env = {**os.environ, "FIRMWATT_HOME": str(home)}
    with subprocess.Popen([sys.executable, "-m", "app", "--port", str(port)], env=env) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield Served(url, psutil.Process(server.pid))
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + SERVER_WAIT_S
    while time.monotonic() < deadline:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"The server at {url} did not answer within {SERVER_WAIT_S:g} s.")


def interaction() -> str:
    """The table of interaction."""
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        home = Path(folder)
        runs = _four_runs(home)
        with served(home) as server:
            measures = [*_cards(browser, server, runs[0]), *_comparison(browser, server, runs)]
            measures.append(_memory(server, runs))
        _copies(home, runs[0])
        with served(home) as server:
            result, four = f"/run/{runs[0]}", f"/compare?runs={','.join(runs)}"
            pages = {
                "library": ("/", ".scenario-card", True), "runs": ("/runs", "[data-run]", True),
                "compare, none chosen": ("/compare", ".page-head h1", True),
                "result, what is in view": (result, _CHARTS, True),
                "comparison of four, what is in view": (four, _CHARTS, True),
                "result, every chart": (result, _CHARTS, False),
                "comparison of four, every chart": (four, _CHARTS, False),
            }  # fmt: skip
            measures += [_opened(browser, server, name, *page) for name, page in pages.items()]
    return table(f"interaction, {CHANGES} changes each", measures)


@contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    browser = chromium()
    browser.set_script_timeout(SCRIPT_WAIT_S)
    try:
        yield browser
    finally:
        browser.quit()


def _four_runs(home: Path) -> list[str]:
    store = Store(home / "runs")
    sizes = ((260.0, 0.0), (240.0, 60.0), (220.0, 120.0), (200.0, 180.0))
    return [
        fake_run(store, f"Plan {letter}", years=6, turbine_mw=turbine, solar_mw=solar, battery_mw=solar / 3)
        for letter, (turbine, solar) in zip("ABCD", sizes, strict=True)
    ]


def _copies(home: Path, run_id: str) -> None:
    """One run's folder under other ids, until there are many runs."""
    source = home / "runs" / run_id
    manifest = json.loads((source / MANIFEST).read_text())
    for number in range(MANY_RUNS - 4):
        copy = f"{run_id[:-8]}{number:08x}"
        shutil.copytree(source, home / "runs" / copy, copy_function=os.link, ignore=lambda *_: [MANIFEST])
        told = manifest | {"run_id": copy, "name": f"Plan {number}", "fingerprint": f"{number:064x}"}
        (home / "runs" / copy / MANIFEST).write_text(json.dumps(told))


def _cards(browser: webdriver.Chrome, server: Served, run_id: str) -> list[Measure]:
    """Figures of another year, on a result."""
    _open(browser, f"{server.url}/run/{run_id}", "#run-figures .stat")
    years = _labels(browser, "run-figures-year")
    return _two("cards of another year", _changes(browser, years, "#run-figures"), 50.0, 100.0)


def _comparison(browser: webdriver.Chrome, server: Served, runs: list[str]) -> list[Measure]:
    """Another year of four runs' week of dispatch, and of their whole year as maps, each while it is in view."""
    _open(browser, f"{server.url}/compare?runs={','.join(runs)}", "#compare-maps .js-plotly-plot .main-svg")
    years = _labels(browser, "compare-year")
    found = []
    for chart, words in (("compare-dispatch", "the week in view"), ("compare-maps", "the maps in view")):
        times_ms = _changes(browser, years, f"#{chart}")
        found += _two(f"four runs, another year: {words}", times_ms, 100.0, 150.0)
        found.append(_against_plotly(browser, chart, runs, words, median(times_ms)))
    return found


def _against_plotly(browser: webdriver.Chrome, chart: str, runs: list[str], words: str, taken_ms: float) -> Measure:
    """How much longer a change takes than Plotly's own drawing of the same figures."""
    alone_ms = []
    for turn in range(WARM_UP + CHANGES):
        address = f"/pictures/{chart}?runs={','.join(runs)}&year={2026 + turn % 6}&week=24&quantity=load_mw"
        alone_ms.append(float(browser.execute_async_script(ALONE, address, f"#{chart}")))
        time.sleep(0.1)
    middle = median(alone_ms[WARM_UP:])
    detail = f"Plotly alone {middle:.0f} ms; two frames of the screen are in the change"
    ratio = taken_ms / middle
    return Measure(f"{words}, against Plotly's own drawing", f"{ratio:.1f} x", ratio, AGAINST_PLOTLY, detail)


def _labels(browser: webdriver.Chrome, picker: str) -> list[str]:
    """Selectors of the choices of a picker."""
    found = browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.id)", f"#{picker} input"
    )
    return [f"[id='{one}']" for one in found]


def _changes(browser: webdriver.Chrome, choices: list[str], watched: str) -> list[float]:
    """Milliseconds of each change, warm, with what is watched in the middle of the window."""
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", watched)
    turns = itertools.islice(itertools.cycle(choices), WARM_UP + CHANGES)
    found = []
    for choice in turns:
        found.append(float(browser.execute_async_script(MEASURE, choice, watched)))
        time.sleep(0.3)
    return found[WARM_UP:]


def _two(what: str, times_ms: list[float], most_median: float, most_late: float) -> list[Measure]:
    middle, late = median(times_ms), float(np.percentile(times_ms, 95))
    return [
        Measure(f"{what}, median", f"{middle:.0f} ms", middle, most_median),
        Measure(f"{what}, 95th percentile", f"{late:.0f} ms", late, most_late),
    ]


def _opened(browser: webdriver.Chrome, server: Served, name: str, path: str, last: str, in_view: bool) -> Measure:
    """Seconds from the address until what comes last is painted, with many runs in the store."""
    times_s = []
    for _ in range(OPENINGS):
        browser.get("about:blank")
        browser.get(server.url + path)
        times_s.append(float(browser.execute_async_script(PAINTED, last, in_view)) / 1000)
    middle = median(times_s[1:])
    detail = f"{MANY_RUNS} runs; the very first {times_s[0]:.2f} s"
    return Measure(f"page opened: {name}", f"{middle:.2f} s", middle, 1.0, detail)


def _memory(server: Served, runs: list[str]) -> Measure:
    """Memory of the server over many openings of comparisons, as the browser asks for them."""
    searches = [",".join(order) for order in itertools.permutations(runs)]
    held = []
    for number in range(WARM_OPENINGS + MEMORY_OPENINGS):
        _ask_page(server, f"?runs={searches[number % len(searches)]}")
        held.append(server.memory_mb)
    warm = held[WARM_OPENINGS:]
    first, last = float(np.mean(warm[:50])), float(np.mean(warm[-50:]))
    detail = f"{first:.0f} MB, then {last:.0f} MB; {MEMORY_OPENINGS} openings after {WARM_OPENINGS}"
    return Measure("server memory, last 50 openings over the first 50", f"{last - first:+.1f} MB", last - first,
                   STEADY_MB, detail)  # fmt: skip


def _ask_page(server: Served, search: str) -> None:
    """Ask what Dash asks when the address of a comparison is opened."""
    body = page_request(_dependencies(server.url), "/compare", search)
    requests.post(f"{server.url}/_dash-update-component", json=body, timeout=60).raise_for_status()


@cache
def _dependencies(url: str) -> list[dict[str, Any]]:
    """Dash's callbacks, as it tells them."""
    known: list[dict[str, Any]] = requests.get(f"{url}/_dash-dependencies", timeout=60).json()
    return known


def _open(browser: webdriver.Chrome, address: str, selector: str) -> None:
    """Open a page and let it come to rest."""
    browser.get(address)
    browser.execute_async_script(PAINTED, selector, False)
    time.sleep(2.0)
