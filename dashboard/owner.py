"""Who is asking: a random cookie names the browser until there are accounts."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, has_request_context, request

COOKIE = "firmwatt_id"
MAX_AGE_S = 400 * 24 * 3600  # browsers keep no cookie longer
_SHAPE = re.compile(r"^[A-Za-z0-9_-]{22}$")


def owner_id() -> str:
    """Id of the browser that sent the current request.

    A browser without a (well-formed) cookie gets a fresh id, which the answer to this request sets.
    Outside a request (command line, tests) the owner is `local`.
    """
    if not has_request_context():
        return "local"
    known = request.cookies.get(COOKIE, "")
    if _SHAPE.match(known):
        return known
    if "firmwatt_new_owner" not in g:
        g.firmwatt_new_owner = secrets.token_urlsafe(16)
    return str(g.firmwatt_new_owner)


def _is_page(response: Response) -> bool:
    return response.mimetype == "text/html"


def install(server: Flask) -> None:
    """Give each browser its id with the first page it opens (or with the first answer that needed one)."""

    @server.after_request
    def _set_cookie(response: Response) -> Response:
        if _is_page(response):
            owner_id()
        fresh = g.get("firmwatt_new_owner")
        if fresh:
            response.set_cookie(
                COOKIE, fresh, max_age=MAX_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure
            )
        return response
