"""Own files of the home folder: written whole or not at all, under names made from what a user typed."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from engine.wording import CO2

if TYPE_CHECKING:
    import pandas as pd


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV, with a plain CO2: spreadsheets open it without asking for the encoding."""
    return frame.to_csv(index=False).replace(CO2, "CO2").encode()


def write_whole(path: Path, content: bytes, *, replace: bool = True) -> bool:
    """Write a file whole or not at all; without `replace` a file that is there stays and False comes back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(temporary, path)
            return True
        os.link(temporary, path)  # unlike a rename, a link never replaces what stands there
        return True
    except FileExistsError:
        return False
    finally:
        Path(temporary).unlink(missing_ok=True)


def slug(name: str, otherwise: str) -> str:
    """A file name made from a title; `otherwise` where nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or otherwise
