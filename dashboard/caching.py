"""What the browser may keep: styles and scripts carry their date in the address, so a kept one is never out of date."""

from __future__ import annotations

from flask import Flask, Response, request

YEAR_S = 365 * 24 * 3600
# Icons and fonts have no date in their address: one drawn anew is seen a day later.
DAY_S = 24 * 3600


def install(server: Flask) -> None:
    """Let browsers keep the assets: asking for each of some fifty again makes every page wait."""

    @server.after_request
    def _keep(response: Response) -> Response:
        if request.path.startswith("/assets/") and response.status_code in (200, 304):
            response.cache_control.no_cache = None
            response.cache_control.public = True
            dated = "m" in request.args
            response.cache_control.max_age = YEAR_S if dated else DAY_S
            response.cache_control.immutable = dated
            _read_whole(response)
        return response


def _read_whole(response: Response) -> None:
    """Read a file that is to be sent: a browser that leaves midway would leave it open."""
    if response.direct_passthrough and request.method == "GET":
        response.direct_passthrough = False
        content = b"".join(response.iter_encoded()) if response.status_code == 200 else b""
        response.close()
        response.set_data(content)
