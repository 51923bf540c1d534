"""Pictures of every page, theme and width, to be looked at.

    python -m tests.dashboard.screenshots OUTDIR [--home FIRMWATT_HOME] [--only compare] [--parts]
    python -m tests.dashboard.screenshots --docs [docs] [--home FIRMWATT_HOME] [--only compare]

Without `--home` the runs are made by arithmetic, with it they are those of that folder (newest first). `--docs` makes
the gallery instead: it solves light examples into the home folder, which is used again when it is named.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import waitress
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from engine.store import Store
from tests.dashboard import album, axe, gallery
from tests.dashboard.browsing import know
from tests.unit.job_kit import wait_until

WIDTHS = (1400, 1000, 420)
THEMES = ("light", "dark")
PART_HEIGHT = 1000
STILL_S, WAIT_S = 3.0, 90.0
# The page has its head, nothing is being asked for, and every chart and table is drawn.
STILL_NOW = """
const busy = document.querySelector('[data-dash-is-loading=true], ._dash-loading, ._dash-loading-callback');
const graphs = [...document.querySelectorAll('.dash-graph')].filter(one => one.offsetParent);
const tables = [...document.querySelectorAll('.sweep-grid')].filter(one => one.offsetParent);
return Boolean(document.querySelector('h1')) && !busy && graphs.every(one => one.querySelector('.main-svg'))
  && tables.every(one => one.querySelector('.ag-row, .ag-overlay-no-rows-center'));
"""
# The same in two looks a second apart.
STILL = f"""
const ready = (() => {{{STILL_NOW}}})();
const height = document.documentElement.scrollHeight, now = performance.now(), before = window.firmwattLook;
const same = before && ready && before.height === height;
window.firmwattLook = same ? before : {{height, since: now}};
return Boolean(same && now - before.since > 1000);
"""
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1400,1000",
)


def main() -> None:
    """Take the pictures, and say what axe-core found and what the browser's console said."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["FIRMWATT_HOME"] = str((options.home or Path(scratch)).absolute())
        store = Store()
        photographs = _gallery(store, options) if options.docs else _album(store, options)
        server = _serve(store)
        browser = chromium()
        try:
            for one in photographs:
                if options.only in one.name:
                    _shoot(browser, f"http://127.0.0.1:{server.effective_port}", one)
        finally:
            browser.quit()
            server.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs"))
    parser.add_argument("--docs", action="store_true", help="make the gallery of the documentation")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--parts", action="store_true", help="cut tall pages into pieces of 1,000 pixels")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--themes", nargs="+", default=THEMES)
    return parser.parse_args()


@dataclass(frozen=True)
class Photograph:
    """One page in one width and theme, and who keeps its pictures: (number of the piece, PNG)."""

    name: str
    path: str
    width: int
    theme: str
    seconds: float
    parts: bool
    keep: Callable[[int, bytes], object]


def _album(store: Store, options: argparse.Namespace) -> Iterator[Photograph]:
    """Every page in all themes and widths, as PNG."""
    if options.home is None:
        album.fill(store)
    for name, path in album.pages(store).items():
        for width, theme in itertools.product(options.widths, options.themes):
            stem = f"{options.folder}/{name}-{width}-{theme}"

            def keep(place: int, picture: bytes, stem: str = stem) -> None:
                Path(f"{stem}-{place}.png" if options.parts else f"{stem}.png").write_bytes(picture)

            yield Photograph(name, path, width, theme, STILL_S, options.parts, keep)


def _gallery(store: Store, options: argparse.Namespace) -> Iterator[Photograph]:
    """The gallery of the documentation, and its document."""
    shots = gallery.shots(gallery.fill(store))
    (options.folder / gallery.DOCUMENT).write_text(gallery.document(shots), encoding="utf-8")
    folder = options.folder / gallery.FOLDER
    folder.mkdir(exist_ok=True)
    for shot in shots:
        for width, theme in gallery.looks(shot):
            file = folder / gallery.picture_name(shot, width, theme)

            def keep(_place: int, picture: bytes, file: Path = file) -> None:
                file.write_bytes(gallery.webp(picture))

            yield Photograph(shot.name, shot.path, width, theme, shot.seconds, False, keep)


def _serve(store: Store) -> waitress.server.BaseWSGIServer:
    from app import create_app

    server = waitress.create_server(create_app(store).server, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    return server


def chromium() -> webdriver.Chrome:
    """A Chromium of a known size, without network chatter."""
    options = Options()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    know(browser)
    return browser


def _shoot(browser: webdriver.Chrome, address: str, one: Photograph) -> None:
    _resize(browser, one.width, PART_HEIGHT)
    browser.get(f"{address}/favicon.ico")
    browser.execute_script(f"localStorage.setItem('firmwatt-theme', '{one.theme}')")
    browser.get(address + one.path)
    time.sleep(one.seconds)
    wait_until(lambda: browser.execute_script(STILL), WAIT_S)
    for finding in axe.grave(browser):
        print(one.name, one.width, one.theme, "axe", finding)
    height = browser.execute_script("return document.documentElement.scrollHeight")
    _resize(browser, one.width, max(height, PART_HEIGHT))
    time.sleep(1)
    wait_until(lambda: browser.execute_script(STILL), WAIT_S)
    for place, (top, part) in enumerate(_parts(height, one.parts)):
        one.keep(place, _capture(browser, one.width, top, part))
    for entry in browser.get_log("browser"):
        if "favicon" not in entry["message"]:
            print(one.name, one.width, one.theme, entry["level"], entry["message"][:300])


def _resize(browser: webdriver.Chrome, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _parts(height: int, cut: bool) -> Iterator[tuple[int, int]]:
    step = PART_HEIGHT if cut else height
    for top in range(0, height, step):
        yield top, min(step, height - top)


def _capture(browser: webdriver.Chrome, width: int, top: int, height: int) -> bytes:
    clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
    found = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    return base64.b64decode(found["data"])


if __name__ == "__main__":
    main()
