"""The application without a browser: what it serves, to whom, and that it can be made again."""

from __future__ import annotations

import gzip
import json
from typing import Any

from flask.testing import FlaskClient

from app import create_app
from engine.store import Store
from tests.dashboard.browsing import page_request
from tests.dashboard.fake_runs import fake_run


def test_pages_and_exports_come_from_this_server_alone():
    run_id = fake_run(Store(), "Plain")
    client = create_app().server.test_client()
    page = client.get("/").get_data(as_text=True)
    assert not [part for part in page.split('"') if part.startswith(("http://", "https://", "//"))]
    table = client.get(f"/export/{run_id}/hourly.csv?year=2026&first=168&hours=168")
    assert table.headers["Content-Disposition"].endswith('-hourly-2026-168.csv"')
    assert len(table.get_data(as_text=True).splitlines()) == 169
    assert client.get(f"/export/{run_id}/hourly.parquet").data[:4] == b"PAR1"
    assert b"name: Plain" in client.get(f"/export/{run_id}/scenario.yaml").data
    assert client.get("/export/none/hourly.csv").status_code == 404
    assert client.get(f"/export/{run_id}/manifest.json").status_code == 404


def test_a_browser_gets_one_id_that_scripts_cannot_read():
    client = create_app().server.test_client()
    cookie = client.get("/").headers["Set-Cookie"]
    assert cookie.startswith("firmwatt_id=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Set-Cookie" not in client.get("/").headers


def test_apps_can_be_made_several_times_with_all_their_callbacks():
    first, second = (create_app().server.test_client().get("/_dash-dependencies").get_data(as_text=True) for _ in "ab")
    assert sorted(map(json.dumps, json.loads(first))) == sorted(map(json.dumps, json.loads(second)))


def test_a_page_brings_the_ids_of_all_pages_and_not_the_pages():
    client = create_app().server.test_client()
    page = client.get("/").get_data(as_text=True)
    assert len(page) < 200_000
    told = json.loads(page.split('<script id="_dash-config" type="application/json">')[1].split("</script>")[0])
    known = {part["props"]["id"] for part in told["validation_layout"]["props"]["children"] if named(part)}
    callbacks = json.loads(client.get("/_dash-dependencies").get_data(as_text=True))
    asked = {one["id"] for callback in callbacks for one in callback["inputs"] + callback["state"]}
    assert {one for one in asked if not one.startswith("{")} <= known
    assert len(known) > 100


def named(part: dict[str, Any]) -> bool:
    """A plain id, no pattern."""
    return isinstance(part["props"]["id"], str)


def test_browsers_keep_dated_assets_for_long_and_ask_anew_for_pages():
    client = create_app().server.test_client()
    page = client.get("/")
    assert page.cache_control.max_age is None
    sheet = next(part for part in page.get_data(as_text=True).split('"') if part.startswith("/assets/firmwatt-1-base"))
    kept = client.get(sheet)
    assert (kept.status_code, kept.cache_control.max_age, kept.cache_control.immutable) == (200, 365 * 86400, True)
    undated = client.get("/assets/icons/library.svg")
    assert (undated.cache_control.max_age, undated.cache_control.immutable) == (86400, False)
    assert client.get("/assets/none.css?m=1").cache_control.max_age is None


def test_what_is_sent_is_packed_and_holds_the_same():
    first, second = fake_run(Store(), "First"), fake_run(Store(), "Second", turbine_mw=120.0)
    client = create_app().server.test_client()
    packed = {"Accept-Encoding": "gzip"}
    plotly = "/_dash-component-suites/plotly/package_data/plotly.min.js"
    for _ in range(2):
        answer = client.get(plotly, headers=packed)
        assert len(answer.data) < 2_000_000
        assert gzip.decompress(answer.data) == client.get(plotly).data
    # One address, two questions: an answer to one is never kept for the other.
    for run_id in (first, second):
        asked = f"/pictures/run-dispatch?runs={run_id}&year=2026"
        assert gzip.decompress(client.get(asked, headers=packed).data) == client.get(asked).data
    calls = [call(client, run_id, packed) for run_id in (first, second)]
    assert b"First" in calls[0]
    assert b"Second" in calls[1]


def call(client: FlaskClient, run_id: str, headers: dict[str, str]) -> bytes:
    """Dash's answer to the address of a run, unpacked."""
    body = page_request(client.get("/_dash-dependencies").json, f"/run/{run_id}")
    answer = client.post("/_dash-update-component", json=body, headers=headers)
    assert answer.headers["Content-Encoding"] == "gzip"
    return gzip.decompress(answer.data)
