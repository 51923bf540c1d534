"""Draws figures with Kaleido, in a process of its own: `python -m dashboard.takeaway.draw`, the task on standard input.

The task is JSON: kind ("png", "svg"), scale, browser, folder, figures. Figure number n becomes `{folder}/{n}.{kind}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import kaleido

ONE_FIGURE_S = 60


async def draw(task: dict[str, Any]) -> None:
    """Draw every figure in one browser."""
    folder, kind = Path(task["folder"]), task["kind"]
    # Without MathJax: nothing is fetched from outside.
    async with kaleido.Kaleido(n=1, timeout=ONE_FIGURE_S, mathjax=False, path=task["browser"]) as drawing:
        for place, figure in enumerate(task["figures"]):
            size = {"width": figure["layout"]["width"], "height": figure["layout"]["height"]}
            content = await drawing.calc_fig(figure, opts={"format": kind, "scale": task["scale"], **size})
            (folder / f"{place}.{kind}").write_bytes(content)


if __name__ == "__main__":
    asyncio.run(draw(json.load(sys.stdin)))
