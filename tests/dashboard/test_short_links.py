"""Short links: the same view has one link, it outlives the server, and it never leads elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from selenium.webdriver.common.by import By

from app import create_app
from dashboard.short_links import ShortLinks
from engine.errors import InputError
from engine.store import Store
from tests.dashboard.browsing import Page
from tests.dashboard.fake_runs import fake_run

ROOT = Path(__file__).resolve().parents[2]
VIEW = "/compare?runs=a,b&base=b&year=2031&week=7"


def test_a_view_has_one_link_and_another_view_another():
    links = ShortLinks()
    token = links.token(VIEW)
    assert (len(token), links.token(VIEW), links.address(token)) == (7, token, VIEW)
    assert links.token(VIEW.replace("week=7", "week=8")) != token
    assert links.address(token.upper()) == VIEW  # typed from paper
    assert links.address("neverwas") is None


def test_two_views_whose_hashes_begin_alike_keep_apart(monkeypatch):
    monkeypatch.setattr("dashboard.short_links._hashed", lambda address: "aaaaaaa" + ("b" if "1" in address else "c"))
    links = ShortLinks()
    first, second = links.token("/run/1"), links.token("/run/2")
    assert (first, second) == ("aaaaaaa", "aaaaaaac")
    assert [links.address(first), links.address(second)] == ["/run/1", "/run/2"]


def test_a_link_outlives_the_process_that_made_it():
    code = f"from dashboard.short_links import ShortLinks; print(ShortLinks().token({VIEW!r}))"
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    )
    answer = create_app().server.test_client().get(f"/s/{made.stdout.strip()}")
    assert (answer.status_code, answer.headers["Location"]) == (302, VIEW)


ELSEWHERE = ("https://elsewhere.org/", "//elsewhere.org", "/\\elsewhere.org", "/a\nb")


@pytest.mark.parametrize("address", ["", "compare", *ELSEWHERE, "/s/abcdefg", "/" + "x" * 4000])
def test_what_would_lead_elsewhere_gets_no_link(address):
    with pytest.raises(InputError):
        ShortLinks().token(address)
    answer = create_app().server.test_client().post("/s", json={"address": address})
    assert answer.status_code == 400
    assert answer.json["error"]


def test_a_body_that_is_no_address_is_refused():
    client = create_app().server.test_client()
    assert [
        client.post("/s", **body).status_code for body in ({"json": []}, {"json": {"address": 7}}, {"data": "x"})
    ] == [400] * 3


@pytest.mark.browser
def test_share_gives_a_link_that_opens_the_same_view(dash_duo):
    store = Store()
    first, second = fake_run(store, "Grid late", grid_from=2027), fake_run(store, "Solar", solar_mw=100)
    dash_duo.start_server(create_app())
    page = Page(dash_duo.driver, dash_duo.server_url)
    page.open(f"/compare?runs={first},{second}&base={second}&year=2026&week=9")
    page.wait("#compare-maps .js-plotly-plot")
    dash_duo.driver.find_element(
        By.CSS_SELECTOR, "#compare-quantity option[value=unserved_mw], #compare-quantity option[value=load_mw]"
    ).click()
    page.wait("#shell-share").send_keys("\n")  # by the keyboard
    page.wait_text(".tray-notice", "Link")
    link = page.value(".tray-line")
    assert urlparse(link).path.startswith("/s/")
    assert len(link) < len(dash_duo.server_url) + 12
    dash_duo.driver.get(link)
    page.wait_text(".chip.base .chip-name", "Solar")
    query = parse_qs(urlparse(dash_duo.driver.current_url).query)
    assert {"runs": [f"{first},{second}"], "week": ["9"], "map": ["load_mw"]}.items() <= query.items()
    assert page.value("#compare-quantity") == "load_mw"

    page.open("/edit/base")
    page.click("#shell-share")
    page.wait_text(".tray-notice", "not saved stay in this browser")
    dash_duo.driver.get(dash_duo.server_url + "/s/neverwas")
    page.wait_text(".empty h2", "This short link is not known here")
    assert page.severe() == []
