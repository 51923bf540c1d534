"""A browser on the served app, as tests drive it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.unit.job_kit import wait_until

WAIT_S = 60.0
IN_VIEW = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight;
"""


def know(driver: webdriver.Chrome) -> str:
    """Make a browser one that has been here before: the first visit's tour stays away. Returns how to take it back."""
    source = "try { localStorage.setItem('firmwatt-tour', 'seen') } catch (error) {}"
    return str(driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})["identifier"])


def page_request(dependencies: Sequence[dict[str, Any]], pathname: str, search: str = "") -> dict[str, Any]:
    """What a browser asks of Dash when an address is opened, given the app's `_dash-dependencies`."""
    at = {"pathname": pathname, "search": search}
    asked = next(one for one in dependencies if "_pages_content.children" in one["output"])
    places = [one.split(".") for one in asked["output"].strip(".").split("...")]
    return {
        "output": asked["output"], "changedPropIds": ["_pages_location.pathname"],
        "outputs": [{"id": place, "property": prop} for place, prop in places],
        "inputs": [one | {"value": at.get(one["property"])} for one in asked["inputs"]],
        "state": [one | {"value": None} for one in asked["state"]],
    }  # fmt: skip


@dataclass
class Page:
    """One browser on the served app."""

    driver: webdriver.Chrome
    url: str

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)
        self.wait("h1")

    def find(self, selector: str) -> WebElement | None:
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return found[0] if found else None

    def wait(self, selector: str) -> WebElement:
        return wait_until(lambda: self.find(selector), WAIT_S)

    def text(self, selector: str) -> str:
        # Read in one go in the page: an element may be drawn anew between two questions.
        script = "const e = document.querySelector(arguments[0]); return e ? e.innerText : ''"
        return str(self.driver.execute_script(script, selector))

    def wait_text(self, selector: str, words: str) -> str:
        def said() -> str:
            text = self.text(selector)
            return text if words in text else ""

        try:
            return str(wait_until(said, WAIT_S))
        except AssertionError:
            raise AssertionError(f"{selector} does not say {words!r} but {self.text(selector)!r}") from None

    def click(self, selector: str) -> None:
        self.wait(selector)
        self.driver.execute_script(
            "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center'}); e.click()", selector
        )

    def type(self, selector: str, text: str) -> None:
        script = (
            "const e = document.querySelector(arguments[0]);"
            "for (let f = e.closest('details'); f; f = f.parentElement.closest('details')) f.open = true;"
            "e.scrollIntoView({block: 'center'}); return e"
        )
        element = self.driver.execute_script(script, selector)
        element.send_keys(Keys.CONTROL, "a")
        element.send_keys(Keys.DELETE)
        element.send_keys(text, Keys.TAB)

    def value(self, selector: str) -> str:
        return str(self.driver.execute_script("return document.querySelector(arguments[0]).value", selector))

    def severe(self) -> list[str]:
        """Errors of the console."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
