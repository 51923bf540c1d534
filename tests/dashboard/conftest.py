"""Browser options, and what browser tests share: one Chromium for all tests of a process, cleaned after each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dash.testing.application_runners import ThreadedRunner
from dash.testing.composite import DashComposite
from flask import Flask
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from werkzeug.serving import make_server

from dashboard import data
from tests.dashboard.browsing import know

# The driver is Debian's: selenium needs not ask the internet for one.
os.environ.setdefault("SE_OFFLINE", "true")
os.environ.setdefault("SE_AVOID_STATS", "true")
if Path("/usr/bin/chromedriver").exists():
    os.environ.setdefault("SE_CHROMEDRIVER", "/usr/bin/chromedriver")

WIDTH, HEIGHT = 1400, 1000
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=BackForwardCache",
    f"--window-size={WIDTH},{HEIGHT}",
)


def pytest_setup_options() -> Options:
    """Chromium without network chatter, in a window of known size."""
    options = Options()
    for argument in QUIET:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return options


class OwnServer(ThreadedRunner):
    """Serves an app on a free port, and ends when what it is answering is answered.

    Dash's runner kills its threads instead; one in the middle of an answer then dies with an error of its own.
    """

    def start(self, app: Any, **_options: Any) -> None:
        """Serve an app."""
        self._server = make_server(self.host, 0, app.server, threaded=True)
        self._server.daemon_threads = False  # type: ignore[attr-defined]  # closing waits for threads that are no daemons
        self.port = self._server.port
        self.thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.thread.start()
        self.started = True

    def stop(self) -> None:
        """Take no more questions, and wait for the answers under way."""
        self._server.shutdown()
        self.thread.join()
        self._server.server_close()
        self.started = False


class OneChromium(DashComposite):
    """Dash's test browser on a Chromium that outlives the test."""

    def __init__(self, driver: webdriver.Chrome, server: OwnServer, downloads: Path) -> None:
        self._shared = driver
        super().__init__(server, browser="chrome", download_path=str(downloads), percy_run=False, wait_timeout=60)
        behaviour = {"behavior": "allow", "downloadPath": str(downloads)}
        driver.execute_cdp_cmd("Page.setDownloadBehavior", behaviour)
        self._known = know(driver)

    def get_webdriver(self) -> webdriver.Chrome:
        """The shared one instead of a new one."""
        return self._shared

    def first_visit(self) -> None:
        """From here on, with the server started, as somebody who has never been here: the tour comes."""
        self._shared.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._known})
        self._shared.execute_script("localStorage.clear()")

    def __exit__(self, *_exception: object) -> None:
        forget(self._shared)


def forget(driver: webdriver.Chrome) -> None:
    """Leave a browser as if it had just been started: a new tab of its size, no cookies, storage or messages."""
    origins = {_origin(driver, window) for window in driver.window_handles}
    old = driver.window_handles
    # A new tab, because the old one would keep its page alive for the way back.
    driver.switch_to.new_window("tab")
    fresh = driver.current_window_handle
    for window in old:
        driver.switch_to.window(window)
        driver.close()
    driver.switch_to.window(fresh)
    for origin in origins:
        driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    driver.set_window_size(WIDTH, HEIGHT)
    driver.get_log("browser")


def _origin(driver: webdriver.Chrome, window: str) -> str:
    driver.switch_to.window(window)
    return str(driver.execute_script("return window.location.origin"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """The Chromium of this process."""
    options = pytest_setup_options()
    for argument in ("--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options)
    yield driver
    driver.quit()


@pytest.fixture
def dash_thread_server() -> Iterator[OwnServer]:
    """A server for an app, as Dash's fixture of this name."""
    with OwnServer() as server:
        yield server


@pytest.fixture
def dash_duo(chromium: webdriver.Chrome, dash_thread_server: OwnServer, tmp_path: Path) -> Iterator[OneChromium]:
    """An app and a browser on it, as Dash's fixture of this name."""
    downloads = tmp_path / "download"
    downloads.mkdir()
    with OneChromium(chromium, dash_thread_server, downloads) as duo:
        yield duo


@pytest.fixture
def in_an_app() -> Iterator[None]:
    """What pages read, in an app that serves nobody."""
    server = Flask("test")
    data.install(server)
    with server.app_context():
        yield


@pytest.fixture
def severe_errors() -> Callable[[Any], list[str]]:
    """Ask a browser for the errors in its console."""

    def ask(browser: Any) -> list[str]:
        return [entry["message"] for entry in browser.driver.get_log("browser") if entry["level"] == "SEVERE"]

    return ask
