"""axe-core on the page in view: what keeps people out who do not see it, or do not use a mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_core_python

GRAVE = ("serious", "critical")
# Drawn by Dash: a hidden field that hands the focus on, and a link that is a button to the keyboard.
OF_DASH = (".dash-dropdown-focus-target", ".dash-dropdown-clear")
SOURCE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# The library is sent once a page: half a megabyte takes the driver longer than axe takes to look.
LOOK = """
const [outside, done] = arguments;
const context = {exclude: outside.map(selector => [selector])};
axe.run(context, {resultTypes: ["violations"]}).then(found => done(found.violations), error => done(String(error)));
"""


def grave(driver: Any) -> list[str]:
    """Grave findings on the page in view: rule, where and why."""
    if not driver.execute_script("return Boolean(window.axe)"):
        driver.execute_script(SOURCE)
    found = driver.execute_async_script(LOOK, OF_DASH)
    assert isinstance(found, list), found
    return [
        f"{finding['id']}: {node['target'][0]} {node['html'][:160]} {' '.join(node['failureSummary'].split())[:200]}"
        for finding in found
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]
