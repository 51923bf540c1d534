"""How answers reach the browser: packed, and with what it may keep of them.

Styles and scripts carry their date in the address, so a kept one is never out of date.
"""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask_compress import Compress

YEAR_S = 365 * 24 * 3600
# Icons and fonts have no date in their address: one drawn anew is seen a day later.
DAY_S = 24 * 3600
# Scripts, styles and icons, the same for everybody: packed once. Plotly takes a tenth of a second.
SHARED = ("/assets/", "/_dash-component-suites/")
PACKING = {
    "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    "COMPRESS_LEVEL": 4,
    # Downloads are read from their files as they go.
    "COMPRESS_STREAMS": False,
}


class _Packed(dict[str, bytes]):
    """What is packed already, of what is the same for everybody."""

    def set(self, key: str, content: bytes) -> None:
        if not key.endswith(";"):
            self[key] = content


def install(server: Flask) -> None:
    """Pack what is sent, and let browsers keep the assets: asking for each of some fifty again makes every page wait.

    Without packing a first visit takes 8 MB, most of it Plotly, and 2.5 MB with it.
    """
    server.config.update(PACKING, COMPRESS_CACHE_BACKEND=_Packed, COMPRESS_CACHE_KEY=_shared_address)
    # Flask goes through these from the last to the first: what is packed has been read whole.
    Compress(server)

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


def _shared_address(asked: Request) -> str:
    return asked.full_path if asked.method == "GET" and asked.path.startswith(SHARED) else ""


def _read_whole(response: Response) -> None:
    """Read a file that is to be sent: a browser that leaves midway would leave it open."""
    if response.direct_passthrough and request.method == "GET":
        response.direct_passthrough = False
        content = b"".join(response.iter_encoded()) if response.status_code == 200 else b""
        response.close()
        response.set_data(content)
