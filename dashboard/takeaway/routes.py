"""What the Take away menu asks: files, and the command that makes the same file."""

from __future__ import annotations

from flask import Blueprint, Response, request

from dashboard.takeaway.making import CannotMake, command_line, make
from engine.errors import FirmwattError, InputError, StoreError

takeaway = Blueprint("takeaway", __name__, url_prefix="/takeaway")


@takeaway.get("/command/<format>")
def command(format: str) -> Response:
    """The command for `?of=ADDRESS`."""
    return Response(command_line(request.args.get("of", ""), format), mimetype="text/plain")


@takeaway.get("/<format>")
def file(format: str) -> Response:
    """The file for `?of=ADDRESS`."""
    made = make(request.args.get("of", ""), format)
    return Response(
        made.content, mimetype=made.mimetype,
        headers={"Content-Disposition": f'attachment; filename="{made.filename}"', "Cache-Control": "no-store"},
    )  # fmt: skip


@takeaway.errorhandler(FirmwattError)
def _refused(error: FirmwattError) -> Response:
    kinds = ((InputError, 422), (StoreError, 404), (CannotMake, 503))
    code = next((code for kind, code in kinds if isinstance(error, kind)), 500)
    return Response(str(error), code, mimetype="text/plain")
