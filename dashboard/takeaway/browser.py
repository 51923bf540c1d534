"""Chromium, without a window: what draws images and prints PDF. One at a time, each in a session that is ended.

A browser is not part of Firmwatt: where there is none, what needs it says so, and all else works.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dashboard.takeaway.document import Chart
from engine.errors import FirmwattError
from engine.lifeline import follower, kill_group

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SETTING = "FIRMWATT_BROWSER"
AT_MOST_S = 150.0
# One that draws and two that wait: more would hold all threads of the server.
_PLACES = threading.BoundedSemaphore(3)
_DRAWING = threading.Lock()


class CannotMake(FirmwattError):
    """A format cannot be made here or now; the message says why and what to do."""


def browser() -> str:
    """Path of the browser.

    Raises
    ------
    CannotMake
        There is none.
    """
    wanted = os.environ.get(SETTING)
    for name in [wanted] if wanted else NAMES:
        found = shutil.which(name)
        if found:
            return found
    where = f"{SETTING} names {wanted}, which is no program" if wanted else "no Chromium or Chrome was found"
    raise CannotMake(
        f"Images, PDF and slides are drawn by Chromium, and {where}. Install it on the server (Debian: apt install "
        f"chromium) or name it in {SETTING}. The HTML report needs none, and prints to PDF from your own browser."
    )


def pdf(page: bytes) -> bytes:
    """An HTML page as PDF."""
    program = browser()
    with _turn(), tempfile.TemporaryDirectory(prefix="firmwatt-pdf-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage",
            f"--user-data-dir={folder}/profile", "--window-size=800,1100", "--no-pdf-header-footer",
            "--virtual-time-budget=20000", f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        said = _run(command, b"")
        if not target.is_file():
            raise CannotMake(f"Chromium printed no PDF. It said: {_last(said)}")
        return target.read_bytes()


def images(charts: Sequence[Chart], kind: str, width_px: int, height_px: int | None = None) -> dict[str, bytes]:
    """Charts as PNG (twice the pixels) or SVG, by name.

    Parameters
    ----------
    kind : {"png", "svg"}
    width_px, height_px : int
        Size; by default each chart has its own height.
    """
    program = browser()
    figures = [chart.figure(width_px, height_px) for chart in charts]
    order = {"kind": kind, "scale": 2 if kind == "png" else 1, "browser": program}
    with _turn(), tempfile.TemporaryDirectory(prefix="firmwatt-images-") as folder:
        task = {**order, "folder": folder, "figures": [json.loads(figure.to_json()) for figure in figures]}
        said = _run([sys.executable, "-m", "dashboard.takeaway.draw"], json.dumps(task).encode())
        drawn = {chart.name: Path(folder) / f"{place}.{kind}" for place, chart in enumerate(charts)}
        if not all(file.is_file() for file in drawn.values()):
            raise CannotMake(f"The charts could not be drawn. Chromium said: {_last(said)}")
        return {name: file.read_bytes() for name, file in drawn.items()}


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for the browser's turn, in a short queue."""
    if not _PLACES.acquire(blocking=False):
        raise CannotMake("Others are drawing images, PDF or slides right now. Try again in a minute.")
    try:
        with _DRAWING:
            yield
    finally:
        _PLACES.release()


def _run(command: list[str], given: bytes) -> str:
    """Run to its end, at most `AT_MOST_S`; whatever it started ends with it."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=follower(9),
    )  # fmt: skip
    try:
        return process.communicate(given, timeout=AT_MOST_S)[1].decode(errors="replace")
    except subprocess.TimeoutExpired:
        raise CannotMake(
            f"Chromium did not finish within {AT_MOST_S:.0f} s and was ended. Try again with fewer runs, or when the "
            "machine has less to do."
        ) from None
    finally:
        kill_group(process)
        process.communicate()


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "nothing"
