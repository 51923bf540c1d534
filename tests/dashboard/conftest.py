"""Browser options, and what browser tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from selenium.webdriver.chrome.options import Options

# The driver is Debian's: selenium needs not ask the internet for one.
os.environ.setdefault("SE_OFFLINE", "true")
os.environ.setdefault("SE_AVOID_STATS", "true")
if Path("/usr/bin/chromedriver").exists():
    os.environ.setdefault("SE_CHROMEDRIVER", "/usr/bin/chromedriver")

QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
)


def pytest_setup_options() -> Options:
    """Chromium without network chatter, in a window of known size."""
    options = Options()
    for argument in QUIET:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return options


@pytest.fixture
def severe_errors():
    """Ask a browser for the errors in its console."""

    def ask(browser) -> list[str]:
        return [entry["message"] for entry in browser.driver.get_log("browser") if entry["level"] == "SEVERE"]

    return ask
