"""`python -m dashboard.takeaway ADDRESS FORMAT [OUT]`: what `firmwatt export` starts, since the engine imports no page.

Prints one JSON document: status ("done", "refused", "failed"), and file and bytes, or error.
"""

from __future__ import annotations

import json
import sys

from dashboard.takeaway import take_away
from engine.errors import FirmwattError, InputError


def main(address: str, format: str, out: str | None = None) -> int:
    """Make one file and say where it is."""
    try:
        file = take_away(address, format, out)
    except InputError as error:
        return _say(2, status="refused", error=str(error))
    except FirmwattError as error:
        return _say(1, status="failed", error=str(error))
    except OSError as error:
        return _say(1, status="failed", error=f"Cannot write to {out or 'this folder'}: {error}.")
    return _say(0, status="done", file=str(file.resolve()), bytes=file.stat().st_size, format=format, address=address)


def _say(code: int, **document: object) -> int:
    print(json.dumps(document))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
